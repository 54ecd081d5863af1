"""Cash flows as arrays, one a period: when they have paid back, and the rate that they return."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from guessmodel.numerics.arrays import FloatArray

__all__ = ["internal_rate", "periods_to_nought"]


_MOST = 1e6  # a rate of return beyond which there is none to speak of
_ROUNDS = 60  # halvings, more than a float has digits


def internal_rate(*flows: FloatArray) -> FloatArray:
    """The rate r at which C0 + C1 / (1 + r) + … is 0, draw by draw, for arrays of cash flows that
    are broadcast; nan where there is none between -1 and 1,000,000.

    The value changes its sign somewhere between neighbours of a grid; in the pair nearest to 0,
    above it and below, it is found by bisection, and of both rates the one nearer to 0 is told.

    >>> internal_rate(np.array([-100.0, -100.0]), np.array([110.0, -1.0]), np.array([0.0])).round(9)
    array([0.1, nan])
    """
    arrays = np.broadcast_arrays(*flows)
    table = np.stack([np.ravel(array) for array in arrays])
    above, below = (_rate(table, ends) for ends in _GRIDS)
    nearer = np.isnan(above) | (np.abs(below) < np.abs(above))
    return np.where(nearer, below, above).reshape(arrays[0].shape)


_ENDS = np.linspace(0.0, math.log1p(_MOST), 140)  # 1 + r is spread evenly by its logarithm
_GRIDS = np.expm1(_ENDS).tolist(), np.expm1(-_ENDS).tolist()


def _rate(table: FloatArray, grid: Sequence[float]) -> FloatArray:
    """The rate in the first pair of neighbours of a grid between which the value of the columns
    changes its sign; nan where there is none."""

    def value(rate: FloatArray) -> FloatArray:
        total, factor = np.zeros(rate.shape), 1.0 / (1.0 + rate)
        for flow in table[::-1]:
            total = total * factor + flow
        return total

    low, high = np.full((2, table.shape[1]), np.nan)
    with np.errstate(all="ignore"):
        before = value(np.full(low.shape, grid[0]))
        for a, b in pairwise(grid):
            after = value(np.full(low.shape, b))
            new = np.isnan(low) & (np.sign(before) * np.sign(after) <= 0.0)
            low[new], high[new] = a, b
            before = after
        rising = np.sign(value(high)) > np.sign(value(low))
        for _ in range(_ROUNDS):
            middle = 0.5 * (low + high)
            beyond = (value(middle) > 0.0) == rising
            low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    return np.asarray(0.5 * (low + high))


def periods_to_nought(*flows: FloatArray) -> FloatArray:
    """After how many periods arrays of cash flows together are no longer below 0, draw by draw;
    nan where they stay below. Within a period money comes in evenly.

    >>> periods_to_nought(np.array([-50.0, -50.0, 1.0]), np.array([40.0]), np.array([20.0]))[:2]
    array([1.5, 1.5])
    """
    balance, *later = np.broadcast_arrays(*flows)
    periods = np.where(balance >= 0.0, 0.0, np.nan)
    for period, flow in enumerate(later):
        after = balance + flow
        now = np.isnan(periods) & (balance < 0.0) & (after >= 0.0)
        share = np.divide(-balance, flow, out=np.zeros(now.shape), where=now)
        periods = np.where(now, period + share, periods)
        balance = after
    return periods
