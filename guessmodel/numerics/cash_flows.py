"""Cash flows as arrays, one a period: when they have paid back, and the rate that they return."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from guessmodel.numerics.arrays import FloatArray

__all__ = ["internal_rate", "periods_to_nought"]


_MOST = 1e6  # a rate of return beyond which there is none to speak of
_ROUNDS = 60  # halvings, more than a float has digits


def internal_rate(*flows: FloatArray) -> FloatArray:
    """The rate r at which C0 + C1 / (1 + r) + … is 0, draw by draw, for arrays of cash flows that
    are broadcast; nan where there is none between -1 and 1,000,000.

    The value changes its sign somewhere between neighbours of a grid; in the pair nearest to 0 it
    is found by bisection.

    >>> internal_rate(np.array([-100.0, -100.0]), np.array([110.0, -1.0]), np.array([0.0])).round(9)
    array([0.1, nan])
    """
    arrays = np.broadcast_arrays(*flows)
    table = np.stack([np.ravel(array) for array in arrays])

    def value(rate: FloatArray) -> FloatArray:
        total, factor = np.zeros(rate.shape), 1.0 / (1.0 + rate)
        for flow in table[::-1]:
            total = total * factor + flow
        return total

    low, high = np.full((2, table.shape[1]), np.nan)
    with np.errstate(all="ignore"):
        for a, b in _brackets():
            ends = value(np.full(low.shape, a)), value(np.full(low.shape, b))
            new = np.isnan(low) & (np.sign(ends[0]) * np.sign(ends[1]) <= 0.0)
            low[new], high[new] = a, b
        rising = np.sign(value(high)) > np.sign(value(low))
        for _ in range(_ROUNDS):
            middle = 0.5 * (low + high)
            beyond = (value(middle) > 0.0) == rising
            low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    rate: FloatArray = (0.5 * (low + high)).reshape(arrays[0].shape)
    return rate


def _brackets() -> list[tuple[float, float]]:
    """Neighbours on a grid of rates, those nearest to 0 first: 1 + r is spread evenly by its
    logarithm."""
    ends = np.expm1(np.linspace(0.0, math.log1p(_MOST), 140)).tolist()
    above = list(pairwise(ends))
    below = [(1.0 / (1.0 + b) - 1.0, 1.0 / (1.0 + a) - 1.0) for a, b in above]
    return sorted([*above, *below], key=lambda pair: min(map(abs, pair)))


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
