"""Covariance and correlation of two quantities from the moments of parts.

With X and Y counted in their deviations from their means, each in its own standard deviation,
Cov(X, Y) = (V(X + Y) - V(X - Y))/4. The sum and the difference are quantities of which parts tell
the variance: exactly, or given the same draws, so that what both owe to these draws cancels. The
correlation is (V(X + Y) - V(X - Y))/(V(X + Y) + V(X - Y)), a ratio in which the errors of both
deviations cancel in first order. Where one of them is c times what it is taken for beside the
other, this is 2/(c + 1/c) of the correlation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np

from guessmodel.estimators.by_parts.composed import Composed
from guessmodel.estimators.estimate import Estimate
from guessmodel.numerics.central_moments import CentralMoments, Number

__all__ = ["Pair"]

_ROUNDING: Final = 1e-12  # of both standard deviations: a covariance that is 0


@final
@dataclass(frozen=True, slots=True)
class Pair:
    """Moments of the sum and of the difference, the product of both standard deviations, and the
    relative error of their ratio."""

    plus: Composed
    minus: Composed
    scale: float
    error: float = 0.0

    @staticmethod
    def exact(plus: Composed | None, minus: Composed | None, scale: float) -> Pair | None:
        """The pair, where the sum or the difference is known exactly, and both standard deviations
        are: both variances add up to 4. (Of what is nearly the same, parts do not tell the
        difference.)"""
        if plus is None and minus is None:
            return None
        return Pair(plus or _rest(minus), minus or _rest(plus), scale)

    def covariance(self, unit: str = "") -> Estimate:
        """The covariance, in the product of both units."""
        plus, minus = _squares(self.plus), _squares(self.minus)
        return self._mean((plus - minus) / 4.0).scaled(self.scale, unit)

    def correlation(self) -> Estimate:
        """Pearson's correlation."""
        plus, minus = _squares(self.plus), _squares(self.minus)
        whole = self.plus.average(plus + minus)
        value = self.plus.average(plus - minus) / whole
        found = self._mean(value + (plus - minus - value * (plus + minus)) / whole)
        farthest = value * math.cosh(self.error)
        ends = (min(found.low, farthest), found.value, max(found.high, farthest))
        low, value, high = (min(max(end, -1.0), 1.0) for end in ends)
        return replace(found, low=low, value=value, high=high)

    def _mean(self, values: Number) -> Estimate:
        """The mean of what is a square of deviations, given each draw."""
        if self.plus.counts is None:
            value = float(values)
            return Estimate.exact(0.0 if abs(value) < _ROUNDING else value)
        return self.plus.mean_of(values, 2)


def _rest(known: Composed | None) -> Composed:
    assert known is not None
    return Composed(CentralMoments.of(0.0, [max(4.0 - float(_squares(known)), 0.0)]))


def _squares(known: Composed) -> Number:
    """Squared deviations from the mean."""
    squares = known.about_mean[2]
    return np.ldexp(squares, 2 * known.moments.power) if known.moments.power else squares
