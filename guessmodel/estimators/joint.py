"""How two quantities go together: correlations and covariance of their draws, with their errors.

All take draws of shape (R, N), those of two quantities in the same order; draws of which one is not
finite are left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

import numpy as np

from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.over_replicates import correlation, over_replicates
from guessmodel.estimators.replicates import mean
from guessmodel.numerics.arrays import BoolArray, FloatArray, IndexArray
from guessmodel.numerics.rounding_noise import only_rounding

__all__ = ["Ranks", "covariance", "of_ranks", "pearson", "spearman"]


_CONSTANT = "does not exist: one is constant"


def covariance(a: FloatArray, b: FloatArray, unit: str = "") -> Estimate:
    """E[(a - E a)(b - E b)]; the error of the means is of second order.

    >>> a, b = np.random.default_rng(0).normal(size=(2, 8, 500))
    >>> found = covariance(a, a + b)
    >>> found.low < 1.0 < found.high
    True
    """
    a, b = _centred(a, b)
    return over_replicates(lambda ab: ab, a * b, unit=unit)


def pearson(a: FloatArray, b: FloatArray) -> Estimate:
    """Pearson's correlation: the covariance over both standard deviations; refused where one does
    not vary."""
    a, b = _centred(a, b)
    if not (np.nanmax(np.abs(a), initial=0.0) > 0.0 and np.nanmax(np.abs(b), initial=0.0) > 0.0):
        return Estimate.refused(_CONSTANT, "replicates")
    return correlation(a, b)


def spearman(a: FloatArray, b: FloatArray) -> Estimate:
    """Spearman's rank correlation by mid-ranks: cov(F(a), G(b)) over both standard deviations, as
    `scipy.stats.spearmanr` has it; refused where one does not vary.

    With F and G the mid-ranks as shares, the error is that of the mean of the influence function
    F(x) G(y) + E[G; a > x] + E[F; b > y], over both deviations: a draw counts in the ranks of the
    others too (Hoeffding 1948; Croux and Dehon 2010). Ties shrink the deviations by the sum of
    the cubes of their shares.

    >>> a, b = np.random.default_rng(0).normal(size=(2, 8, 500))
    >>> found = spearman(a, a + b)  # (6/π) asin(1/√8) = 0.6902 (Kruskal 1958)
    >>> found.low < 0.6902 < found.high
    True
    """
    finite = np.isfinite(a) & np.isfinite(b)
    if not finite.any():
        return Estimate.refused("no finite draws", "replicates")
    if any(only_rounding(float(x[finite].min()), float(x[finite].max())) for x in (a, b)):
        return Estimate.refused(_CONSTANT, "replicates")
    if finite.all():
        return of_ranks(Ranks.of(a), Ranks.of(b))
    return of_ranks(Ranks.of(a[finite]), Ranks.of(b[finite]), finite)


@final
@dataclass(frozen=True, eq=False)
class Ranks:
    """The mid-ranks of draws, all finite, as shares."""

    shares: FloatArray
    """The middle of the step of the distribution function at each draw, less a half."""
    steps: FloatArray
    """The step's height."""
    places: IndexArray
    """Of each draw among the values that there are."""
    shape: tuple[int, ...]

    @staticmethod
    def of(x: FloatArray) -> Ranks:
        """The ranks of draws of any shape."""
        _, places, counts = np.unique(x, return_inverse=True, return_counts=True)
        places = places.ravel()
        shares = counts / x.size
        middle = np.cumsum(shares) - shares / 2.0 - 0.5
        return Ranks(middle[places], shares[places], places, x.shape)

    @cached_property
    def variance(self) -> float:
        """(1 - Σ p³)/12 over the shares p of the values."""
        return (1.0 - float(np.mean(self.steps**2))) / 12.0

    @property
    def vary(self) -> bool:
        """Whether there are two values or more."""
        return self.variance > 0.0

    @cached_property
    def ties(self) -> FloatArray:
        """What the influence function of a correlation of 1 has for each draw's own step."""
        return np.asarray(self.steps**2 / (8.0 * self.variance))

    def beyond(self, weight: FloatArray) -> FloatArray:
        """E[weight; a draw above this one], equal draws counted half."""
        sums = np.bincount(self.places, weight) / weight.size
        above = np.cumsum(sums[::-1])[::-1] - sums / 2.0
        return np.asarray(above[self.places])


def of_ranks(a: Ranks, b: Ranks, finite: BoolArray | None = None) -> Estimate:
    """Spearman's correlation of ranks that are known; `finite` says whose they are, of draws of
    which some were left out."""
    if not (a.vary and b.vary):
        return Estimate.refused(_CONSTANT, "replicates")
    scale = float(np.sqrt(a.variance * b.variance))
    products = a.shares * b.shares
    value = float(np.mean(products)) / scale
    linear = (products + a.beyond(b.shares) + b.beyond(a.shares)) / scale
    for each in (a, b):
        linear += value * each.ties
    linear -= linear.mean()
    if finite is None:
        found = mean(linear.reshape(a.shape))
    else:
        spread = np.full(finite.shape, np.nan)
        spread[finite] = linear
        found = mean(spread)
    low, high = value + found.low - found.value, value + found.high - found.value
    missing = _missing(value, products.size)
    low, high = low + min(missing, 0.0), high + max(missing, 0.0)
    return replace(found, value=value, low=max(low, -1.0), high=min(high, 1.0))


def _missing(value: float, count: int) -> float:
    """How far the ranks of so many draws lie nearer to 0 on the average than those of all: each
    counts in its own rank. E r = 3 (τ + (n - 2) ρ/3)/(n + 1) with Kendall's τ (Hoeffding 1948),
    which is taken to go with ρ as in a normal distribution. Near ±1 that is more than the error."""
    normal = 2.0 * math.sin(math.pi / 6.0 * min(max(value, -1.0), 1.0))
    kendall = 2.0 / math.pi * math.asin(min(max(normal, -1.0), 1.0))
    return 3.0 * (value - kendall) / (count + 1.0)


def _centred(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Both without their means, and NaN where one of them is not finite."""
    finite = np.isfinite(a) & np.isfinite(b)
    if not finite.any():
        return np.full(a.shape, np.nan), np.full(a.shape, np.nan)

    def less_mean(x: FloatArray) -> FloatArray:
        with np.errstate(invalid="ignore"):
            return np.where(finite, x - x[finite].mean(), np.nan)

    return less_mean(a), less_mean(b)
