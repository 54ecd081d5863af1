"""How likely a turn may be that few draws take, or none: told by how near they come to it."""

from __future__ import annotations

from typing import Final

import numpy as np

from guessmodel.engine.rare import LEAST
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.pareto_tail import ParetoTail

__all__ = ["OUT_OF_REACH", "STRETCHED", "likely_share"]

_TAIL: Final = 1 << 7  # draws that a tail is fitted to
STRETCHED: Final = 3.0  # times as far out as normal scores go
OUT_OF_REACH: Final = 1e-10  # of what is never reached there, the probability is below


def likely_share(near: FloatArray, reached: bool, *, limit: bool = True) -> float:
    """How large the share of draws above 0 may well be. A tail without an end is fitted to the
    nearest draws, and its shape is taken at the upper end of its interval; without a `limit`, as
    fitted. What draws that go farther out have not `reached` is out of reach."""
    share = _in_tail(near, limit)
    return share if reached else min(share, OUT_OF_REACH)


def _in_tail(near: FloatArray, limit: bool) -> float:
    below = near[(near <= 0.0) & np.isfinite(near)]
    met = 1.0 - below.size / near.size
    few = min(_TAIL, below.size // 2)
    if few < 2:
        return max(met, LEAST)
    distances = -np.sort(np.partition(below, below.size - few)[-few:])
    excesses = np.sort(distances[0] - distances)
    excesses = excesses[excesses > 0.0]
    if excesses.size < 2:  # all are the same
        return met + 1.0 / near.size
    tail = ParetoTail.fitted(excesses)
    tail = tail.upper_limit(excesses.size) if limit else tail
    if tail.shape < 0.0:
        tail = ParetoTail(0.0, float(excesses.mean()))
    return max(met + few / near.size * tail.beyond(float(distances[0])), LEAST)
