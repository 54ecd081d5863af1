"""How often intervals hold what is true, and how wide they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from guessmodel.estimators.estimate import Estimate

__all__ = ["EXPLANATION", "covered"]

_Z: Final = 1.6448536269514722
_MARKED: Final = 0.5  # of the runs, from which on a cell says so and no more
_FEW: Final = 0.05  # of the runs, from which on a cell tells how many are marked
_UNTOLD: Final = 0.3  # of the errors that were made: what is true must be known better
_ROUNDING: Final = 1e-9  # of what is true

EXPLANATION: Final = (
    "In brackets how many times wider the typical interval is than the errors made (RMS) ask for, "
    "and the percent of runs that are marked as unreliable, which count in neither figure; "
    "?: what is true is not known well enough."
)


def covered(estimates: Sequence[Estimate], true: float, error: float = 0.0) -> str:
    """A cell: the percent of those that are not marked whose interval holds what is true, known
    with an error of its own, and in brackets their width."""
    kept = [each for each in estimates if each.reliable]
    marked = 1.0 - len(kept) / len(estimates)
    if marked > _MARKED:
        return "marked"
    low, value, high = np.array([(e.low, e.value, e.high) for e in kept]).T
    made = math.sqrt(float(np.mean((value - true) ** 2)))
    told = float(np.median(np.maximum(value - low, high - value)))
    rounding = _ROUNDING * abs(true)
    slack = error + rounding
    if made <= slack and told <= rounding:
        return "exact"
    if error > _UNTOLD * made:
        return "?"
    if made <= rounding:  # an atom that is always met
        return f"100 ({told:.1g} for 0)"
    held = np.mean((low - slack <= true) & (true <= high + slack))
    aside = f"; {100 * marked:.0f} marked" if marked >= _FEW else ""
    wider = told / _Z / made
    width = f"{wider:.1f}" if wider < 10.0 else f"{wider:.0f}" if wider < 100.0 else "over 99"
    return f"{100 * held:.0f} ({width}{aside})"
