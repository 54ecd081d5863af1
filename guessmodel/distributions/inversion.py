"""The inverse of an increasing function with jumps, to the last digit, for many levels at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from guessmodel.distributions.family import FloatArray

__all__ = ["smallest_reaching"]

_LOWEST = np.iinfo(np.int64).min
_PATIENCE = 24


def smallest_reaching(
    excess: Callable[[FloatArray, FloatArray], FloatArray],
    level: FloatArray,
    low: FloatArray,
    high: FloatArray,
) -> FloatArray:
    """The smallest floating-point number x in [low, high] with excess(x, level) >= 0.

    By the secant method (Illinois variant). A step after three that do not halve the bracket, and
    every other one from the 24th on, halves the number of floating-point numbers in it: at jumps
    and over many orders of magnitude that ends within 160 rounds. Where even `high` falls short by
    rounding, it is the answer.

    Parameters
    ----------
    excess : callable
        Increasing in its first argument; arguments are one-dimensional.
    level, low, high : ndarray
        One-dimensional.
    """
    below, above = low.copy(), high.copy()
    with np.errstate(all="ignore"):
        short, over = excess(below, level), excess(above, level)
        above = np.where(short >= 0.0, below, above)
        active = np.flatnonzero((short < 0.0) & (np.nextafter(below, np.inf) < above))
        over = np.maximum(over, 0.0)
        moved = np.zeros(level.shape, dtype=np.bool_)
        width = above - below
        turn = 0
        while active.size:
            lo, hi = below[active], above[active]
            probe = lo - short[active] * (hi - lo) / (over[active] - short[active])
            # A little beyond the estimate, so that the far end comes near as well.
            probe += np.where(probe - lo < hi - probe, 2.0, -2.0) * np.spacing(np.abs(probe))
            unusable = ~((probe > lo) & (probe < hi))
            turn += 1
            if turn > _PATIENCE:
                unusable |= turn % 2 == 0
            elif turn % 3 == 0:
                unusable |= hi - lo > 0.5 * width[active]
                width[active] = hi - lo
            probe[unusable] = _halfway(lo[unusable], hi[unusable])
            value = excess(probe, level[active])
            hit = value >= 0.0
            above[active], below[active] = np.where(hit, probe, hi), np.where(hit, lo, probe)
            # An end that stays twice counts half, or the secant would never move it.
            again = hit == moved[active]
            moved[active] = hit
            short[active] = np.where(hit, np.where(again, 0.5, 1.0) * short[active], value)
            over[active] = np.where(hit, value, np.where(again, 0.5, 1.0) * over[active])
            active = active[np.nextafter(below[active], np.inf) < above[active]]
    return above


def _halfway(low: FloatArray, high: FloatArray) -> FloatArray:
    """The number with as many floating-point numbers on either side of it."""
    a, b = _ordinal(low), _ordinal(high)
    middle = (a >> 1) + (b >> 1) + (a & b & 1)
    value: FloatArray = np.where(middle < 0, _LOWEST - middle, middle).view(np.float64)
    return value


def _ordinal(x: FloatArray) -> NDArray[np.int64]:
    """Integers in the order of the numbers; 0 and -0 are one."""
    bits = x.view(np.int64)
    return np.where(bits < 0, _LOWEST - bits, bits)
