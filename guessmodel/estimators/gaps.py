"""Gaps among draws, as between two regimes.

A mean owes to a gap its width times the share of draws beyond it. On a net all replicates may count
these alike, by chance: their means then agree, and say nothing of the error of that share.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["widest_gap"]

_LOOKED_AT = 1 << 11  # draws, the first of each replicate
_BEYOND = 20  # of these on either side; rarer draws hold much of the variance, and are marked
_WIDE = 0.3  # standard deviations; without a gap neighbours are far nearer


@np.errstate(over="ignore", invalid="ignore")
def widest_gap(values: NDArray[np.float64]) -> tuple[float, float]:
    """The draws on both sides of the widest gap; twice the same where no gap is worth mention.

    Parameters
    ----------
    values : draws of shape (R, N)

    >>> draws = np.arange(800.0).reshape(100, 8).T
    >>> widest_gap(draws), widest_gap(np.where(draws < 60, draws, draws + 200))
    ((0.0, 0.0), (59.0, 260.0))
    """
    some = values[:, : math.ceil(_LOOKED_AT / len(values))].ravel()
    ordered = np.sort(some[np.isfinite(some)])
    middle = ordered[_BEYOND - 1 : ordered.size - _BEYOND + 1]
    if middle.size < 2:
        return 0.0, 0.0
    steps = np.diff(middle)
    widest = int(np.argmax(steps))
    if not steps[widest] > _WIDE * float(ordered.std()):
        return 0.0, 0.0
    return float(middle[widest]), float(middle[widest + 1])
