"""Skewness, kurtosis and shortfall of draws, with errors that hold on nets.

Each of them is the mean of a function of one draw, once mean, deviation and threshold are known:
its influence function (Hampel 1974). The errors of these enter in second order alone, and the
mean is told with all that is known of means: skewed tails, gaps, and strata of rare events.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from guessmodel.estimators import replicates, stratified
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.stratified import Stratum, squarable
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.pareto_tail import DrawnTail

__all__ = ["Shortfall", "kurtosis", "skewness"]

_CONSTANT = "a constant has no shape"
_ROUNDING = 1e-9  # of a kurtosis: two values have the least that there is
_NOT_TOLD = "rare events were met too seldom"


def skewness(strata: Sequence[Stratum], unit: str = "") -> Estimate:
    """E[z³] of z = (x - mean) / sd; the mean of z³ - 3z - 3γ(z² - 1)/2, where γ is the result.

    Parameters
    ----------
    strata : draws of shape (R, N), with probabilities that add up to 1; one stratum for all draws

    >>> x = np.random.default_rng(0).exponential(size=(8, 4096))
    >>> found = skewness([Stratum(1.0, x)])  # of the exponential distribution it is 2
    >>> found.low < 2.0 < found.high
    True
    """

    def influence(x: FloatArray, third: float, fourth: float) -> FloatArray:
        return x**3 - 3.0 * x - 1.5 * third * (x * x - 1.0)

    return _of_standardised(strata, influence, unit, 3)


def kurtosis(strata: Sequence[Stratum], unit: str = "") -> Estimate:
    """E[z⁴] of z = (x - mean) / sd, 3 for a normal variable; the mean of z⁴ - 4γz - 2κ(z² - 1),
    where γ is the skewness and κ the result.

    >>> x = np.random.default_rng(0).uniform(size=(8, 4096))
    >>> found = kurtosis([Stratum(1.0, x)])  # of the uniform distribution it is 9/5
    >>> found.low < 1.8 < found.high
    True
    """

    def influence(x: FloatArray, third: float, fourth: float) -> FloatArray:
        return x**4 - 4.0 * third * x - 2.0 * fourth * (x * x - 1.0)

    return _of_standardised(strata, influence, unit, 4)


@final
@dataclass(frozen=True, slots=True)
class Shortfall:
    """The mean of the `share` of all draws that is largest (or smallest), of which the quantile
    `threshold` is the border: q + E[(x - q)⁺] / share (Rockafellar and Uryasev 2000), which has its
    least value at q, so that the error of q enters in second order.

    Two of the same numbers are equal: what is kept of one statistic is found again by the next.

    >>> x = np.random.default_rng(0).exponential(size=(8, 4096))
    >>> found = Shortfall(float(np.quantile(x, 0.9)), 0.1)([Stratum(1.0, x)])
    >>> found.low < math.log(10.0) + 1.0 < found.high
    True
    """

    threshold: float
    share: float
    upper: bool = True

    def __call__(self, strata: Sequence[Stratum], unit: str = "") -> Estimate:
        strata, power = squarable(strata)
        scaled = replace(self, threshold=math.ldexp(self.threshold, -power))
        return _estimate(strata, scaled.of_draws, unit).scaled(2.0**power, unit)

    def of_draws(self, x: FloatArray) -> FloatArray:
        """The variable whose mean the shortfall is."""
        sign = 1.0 if self.upper else -1.0
        beyond = np.maximum(sign * (x - self.threshold), 0.0)
        out: FloatArray = self.threshold + sign * beyond / self.share
        return out


def _of_standardised(
    strata: Sequence[Stratum],
    influence: Callable[[FloatArray, float, float], FloatArray],
    unit: str,
    order: int,
) -> Estimate:
    """The mean of a function of z, of the skewness and of the kurtosis."""
    z = _standardised(strata)
    if z is None:
        return Estimate.refused(_CONSTANT, "replicates", unit)
    third, fourth = _mean(z, lambda x: x**3), _mean(z, lambda x: x**4)
    if not _possible(third, fourth):
        return Estimate.refused(_NOT_TOLD, "stratified", unit)
    return _estimate(z, lambda x: influence(x, third, fourth), unit, order)


def _standardised(strata: Sequence[Stratum]) -> list[Stratum] | None:
    """The draws less their mean, in standard deviations; None where they do not vary."""
    strata, _ = squarable(strata)
    centre = _mean(strata, lambda x: x)
    variance = _mean(strata, lambda x: (x - centre) ** 2)
    floor = 8.0 * np.finfo(float).eps * abs(centre)
    if not variance > floor * floor:  # below 0 where differences of strata tell it badly
        return None
    sd = math.sqrt(variance)
    return [each.of(lambda x: (x - centre) / sd) for each in strata]


def _possible(third: float, fourth: float) -> bool:
    """Whether a variable may have this skewness and kurtosis, which is at least 1 more than the
    square of the skewness (Pearson 1916): what differences of strata say may be of none."""
    return not 1.0 + third * third > fourth + _ROUNDING * abs(fourth)


@np.errstate(over="ignore", invalid="ignore")
def _mean(strata: Sequence[Stratum], f: Callable[[FloatArray], FloatArray]) -> float:
    """Mean of a function of the finite draws."""
    return stratified.average([each.of(f) for each in strata])


@np.errstate(over="ignore", invalid="ignore")
def _estimate(
    strata: Sequence[Stratum], f: Callable[[FloatArray], FloatArray], unit: str, order: int = 1
) -> Estimate:
    """The mean of a function that grows like the draws to the power `order`."""
    if len(strata) == 1:
        rows = strata[0].rows
        tail = DrawnTail(rows, _mean(strata, lambda x: x))
        return replicates.mean(f(rows), unit=unit, tail=tail, order=order)
    return stratified.mean([each.of(f) for each in strata], unit)
