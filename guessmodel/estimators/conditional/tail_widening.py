"""Factors by which the interval for a mean over nets is longer towards a heavy tail.

The error on a net comes mostly from the few draws with the most extreme values. Where the tail is
heavy a run may lack the extremes that matter; all of its replicates then err to the same side, by
more than they differ. Hill's estimator tells how heavy the tail is (1975, "A simple general
approach to inference about the tail of a distribution"): it is the mean of ln(d_i / d_k) over the k
largest deviations d, and 0 for values that are bounded by 0 and 1 and reach these bounds.
"""

from __future__ import annotations

import math

import numpy as np

from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.confidence import NORMAL_95

__all__ = ["count_factors", "tail_factors"]

_BLOCKS = 64  # of draws; the extremes of all blocks are found without sorting the draws
_FARTHEST = 16  # extremes that Hill's estimate is made of; fewer where there are few draws
_LIGHT = 0.08  # Hill's estimate up to which the factor is 1
_STEEP = 6.0  # growth of the factor from there on; see docs/constants.md for both
_MOST = 4.0  # the largest factor
_FITTED = 8  # replicates these hold for; over more of them skewness averages out


def tail_factors(values: FloatArray, mean: float) -> tuple[float, float]:
    """Factors, 1 to 4, for the half-width of the interval for a mean, downwards and upwards.

    Parameters
    ----------
    values : draws of shape (R, N)
    mean : their mean
    """
    few = min(_FARTHEST, values.size // _BLOCKS)
    if few < 2:
        return 1.0, 1.0
    blocks = values.ravel()[: values.size // _BLOCKS * _BLOCKS].reshape(_BLOCKS, -1)
    lowest, highest = np.sort(blocks.min(axis=1)), np.sort(blocks.max(axis=1))
    share = math.sqrt(_FITTED / max(len(values), _FITTED))
    below = _factor(mean - lowest[: few + 1])
    above = _factor(highest[-1 : -2 - few : -1] - mean)
    return 1.0 + (below - 1.0) * share, 1.0 + (above - 1.0) * share


def _factor(deviations: FloatArray) -> float:
    """The factor, from the largest deviations in descending order."""
    largest, least = float(deviations[0]), float(deviations[-1])
    if largest <= 0.0:
        return 1.0
    if least <= 0.0:  # nearly all of the draws are on the other side of the mean
        return _MOST
    hill = float(np.log(deviations / least).sum()) / (deviations.size - 1)
    return min(1.0 + _STEEP * max(hill - _LIGHT, 0.0), _MOST)


def count_factors(shares: FloatArray, mean: float, half: float) -> tuple[float, float]:
    """Factors for the half-width of the interval for a small mean of shares that are not below 0:
    a count of a few draws, each with a weight of its own.

    Such a sum is nearly a gamma variable with its mean and variance, and further draws may come
    that weigh as much as the heaviest one (M. P. Fay and E. J. Feuer, Statistics in Medicine 16,
    1997; Clopper and Pearson's limits, where all weights are the same). Quantiles of gamma are
    Wilson and Hilferty's (1931).
    """
    variance = (half / NORMAL_95) ** 2
    if not mean > 0.0 or not variance > 0.0:
        return 1.0, 1.0
    # Where a net leaves less error than independent draws would, it leaves out less, too.
    left = min(math.sqrt(variance * shares.size / max(float(shares.var()), 1e-300)), 1.0)
    heaviest = left * float(shares.max()) / shares.size
    low = _gamma_quantile(mean, variance, -NORMAL_95)
    high = _gamma_quantile(mean + heaviest, variance + heaviest * heaviest, NORMAL_95)
    return (mean - low) / half, (high - mean) / half


def _gamma_quantile(mean: float, variance: float, z: float) -> float:
    """Quantile of a gamma variate at the probability that a normal score z has."""
    ninth = variance / (9.0 * mean * mean)  # of 1 / shape
    return mean * max(1.0 - ninth + z * math.sqrt(ninth), 0.0) ** 3
