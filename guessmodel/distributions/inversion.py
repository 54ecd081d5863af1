"""The inverse of an increasing function with jumps, to the last digit, for many levels at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from guessmodel.numerics.arrays import BoolArray, FloatArray, IntArray

__all__ = ["smallest_reaching"]

_LOWEST = np.iinfo(np.int64).min
_PATIENCE = 24
_FLAT = 1 << 12  # floating-point numbers
_FAR = 16.0  # times: beyond, a straight line is drawn over the logarithm


def smallest_reaching(
    excess: Callable[[FloatArray, FloatArray], FloatArray],
    level: FloatArray,
    low: FloatArray,
    high: FloatArray,
) -> FloatArray:
    """The smallest floating-point number x in [low, high] with excess(x, level) >= 0.

    By the secant method (Illinois variant), over the logarithm while the ends of the bracket are
    orders of magnitude apart. A step after three that do not halve the bracket, and
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
        streak = np.zeros(level.shape, dtype=np.int64)
        width = above - below
        turn = 0
        while active.size:
            lo, hi = below[active], above[active]
            share = short[active] / (short[active] - over[active])
            probe = lo + share * (hi - lo)
            far = _far_apart(lo, hi)
            if far.any():
                probe[far] = _float_at_share(lo[far], hi[far], share[far])
            # The probe lies a little beyond the estimate, so that the far end of the bracket moves
            # too. Where it does not (rounding makes a slowly rising function flat), the next
            # probe lies further beyond.
            beyond = 2.0 * 8.0 ** np.minimum(streak[active], 12)
            step = np.where(probe - lo < hi - probe, beyond, -beyond)
            probe += step * np.spacing(np.abs(probe))
            unusable = ~((probe > lo) & (probe < hi))
            # Where the function is flat, interpolation by a straight line is of no use.
            flat = over[active] == 0.0
            if flat.any():
                unusable |= flat & (_ordinal(hi) - _ordinal(lo) < _FLAT)
            turn += 1
            if turn > _PATIENCE:
                unusable |= turn % 2 == 0
            elif turn % 3 == 0:
                unusable |= hi - lo > 0.5 * width[active]
                width[active] = hi - lo
            if unusable.any():
                probe[unusable] = _halfway(lo[unusable], hi[unusable])
            value = excess(probe, level[active])
            hit = value >= 0.0
            above[active], below[active] = np.where(hit, probe, hi), np.where(hit, lo, probe)
            # An end that stays twice counts half, or the secant would never move it.
            again = hit == moved[active]
            streak[active] = np.where(again, streak[active] + 1, 0)
            moved[active] = hit
            short[active] = np.where(hit, np.where(again, 0.5, 1.0) * short[active], value)
            over[active] = np.where(hit, value, np.where(again, 0.5, 1.0) * over[active])
            active = active[np.nextafter(below[active], np.inf) < above[active]]
    return above


def _halfway(low: FloatArray, high: FloatArray) -> FloatArray:
    """The number with as many floating-point numbers on either side of it."""
    a, b = _ordinal(low), _ordinal(high)
    return _number((a >> 1) + (b >> 1) + (a & b & 1))


def _far_apart(low: FloatArray, high: FloatArray) -> BoolArray:
    """Numbers of one sign that differ by more than their order of magnitude."""
    near, far = np.minimum(np.abs(low), np.abs(high)), np.maximum(np.abs(low), np.abs(high))
    same = (low > 0.0) == (high > 0.0)
    return np.asarray(same & (far > _FAR * near) & (near > 0.0))


def _float_at_share(low: FloatArray, high: FloatArray, share: FloatArray) -> FloatArray:
    """The number with this share of the floating-point numbers between two below it: their
    logarithms lie like that, nearly."""
    a, b = _ordinal(low), _ordinal(high)
    return _number(a + (share * (b - a)).astype(np.int64))


def _number(ordinal: IntArray) -> FloatArray:
    value: FloatArray = np.where(ordinal < 0, _LOWEST - ordinal, ordinal).view(np.float64)
    return value


def _ordinal(x: FloatArray) -> IntArray:
    """Integers in the order of the numbers; 0 and -0 are one."""
    bits = x.view(np.int64)
    return np.where(bits < 0, _LOWEST - bits, bits)
