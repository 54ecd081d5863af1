"""A statistic by its name, as it is told from draws, and what shares of it are shares of.

Of a mean, a standard deviation and a probability they are shares of the output's variance. Of a
percentile they are those of whether the output is above it: the variance of the class-conditional
probability P(Y > q | X) over p (1 − p), as of a failure probability (Li, Lu, Feng and Wang 2012;
target sensitivity in Marrel and Chabridon 2021). An input that leaves the percentile where it is
whatever its value has none of it, and one that alone decides has all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import final

import numpy as np

from guessmodel.errors import UsageError
from guessmodel.estimators import replicates as estimators
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.number_in import number_in
from guessmodel.graph.operators import COMPARISONS
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.squarable import power_of
from guessmodel.simulation.statistics import CHANCE, probability_of, unit_of
from guessmodel.simulation.statistics import statistic as named

__all__ = ["StatisticOfDraws", "View", "statistic_of"]

View = Callable[[FloatArray], FloatArray]
"""What is made of an output's draws: themselves, or whether something holds (1 or 0)."""


@final
@dataclass(frozen=True, slots=True)
class StatisticOfDraws:
    """A statistic of draws (replicates, draws), and of each replicate alone.

    Attributes
    ----------
    unit : of its values
    view : what it is told from
    linear : that of a difference is the difference of both
    chance : of draws that are 0 or 1
    percentile : the probability at which it is, of a percentile
    """

    name: str
    unit: str
    estimate: Callable[[FloatArray], Estimate]
    of_each: Callable[[FloatArray], FloatArray]
    view: View
    linear: bool = False
    chance: bool = False
    percentile: float | None = None

    @property
    def shared(self) -> str:
        """What shares are shares of, for tables."""
        if self.percentile is not None:
            return f"of whether it is above its {self.name}"
        return "of its variance" if self.view is _as_drawn else "of whether it is"

    @property
    def of_variance(self) -> bool:
        """Whether shares are those of the variance of the output itself."""
        return self.percentile is None and self.view is _as_drawn

    def of(self, y: FloatArray) -> Estimate:
        """The statistic of an output's draws, however large or small these are."""
        seen = self.view(y)
        power = power_of(seen)
        if not power:
            return self.estimate(seen)
        return self.estimate(np.ldexp(seen, -power)).scaled(2.0**power, self.unit)

    def parted(self, y: FloatArray) -> View:
        """What shares are shares of, of an output with these draws. Its draws are counted in a
        power of two where their squares would be out of range."""
        if self.of_variance:
            power = power_of(y)
            return partial(_counted, power=power) if power else self.view
        if self.percentile is None:
            return self.view
        at = float(np.quantile(y, self.percentile))
        # Many draws may be just there: of 'above' and 'not below' the one that is nearer.
        above, from_there = (abs(float(np.mean(each)) - 1.0 + self.percentile)
                             for each in (y > at, y >= at))  # fmt: skip
        return partial(_is_above, at=at) if above <= from_there else partial(_is_from, at=at)


def statistic_of(name: str, quantity: Quantity, title: str) -> StatisticOfDraws:
    """A statistic of a quantity by its name: `mean`, `median`, `sd`, `p95` and the like,
    `P(> 5 USD)`, of a comparison `probability`; UsageError for another."""
    named(name)
    if name == "probability" and not is_indicator(quantity):
        raise UsageError(f"'{title}' is no comparison; ask for 'P(> 5)' of it, say")
    unit = str(unit_of(name, quantity.unit))
    if chance := CHANCE.fullmatch(name):
        holds, limit = COMPARISONS[chance[1]], number_in(quantity.unit, chance[2])
        return _mean(name, "", lambda y: np.asarray(holds(y, limit), dtype=np.float64), chance=True)
    p = probability_of(name)
    if p is not None:
        return StatisticOfDraws(
            name,
            unit,
            lambda y: estimators.quantile(y, p, unit=unit),
            lambda y: np.asarray(np.quantile(y, p, axis=-1)),
            _as_drawn,
            percentile=p,
        )
    if name == "sd":
        return StatisticOfDraws(
            name,
            unit,
            lambda y: estimators.sd(y, unit=unit),
            lambda y: np.asarray(y.std(axis=-1)),
            _as_drawn,
        )
    if name in ("mean", "probability"):
        return _mean(name, unit, _as_drawn, chance=is_indicator(quantity))
    raise UsageError(f"no sensitivity of '{name}'; ask for mean, sd, p95 or 'P(> 5)'")


def _mean(name: str, unit: str, view: View, *, chance: bool) -> StatisticOfDraws:
    """The mean, as a statistic of draws. Of draws that are 0 or 1 it is a `chance`, whose error
    knows that: few that are 1 are no heavy tail."""

    def estimate(y: FloatArray) -> Estimate:
        if chance and np.isfinite(y).all():
            return estimators.probability(y)
        return estimators.mean(y, unit=unit)

    return StatisticOfDraws(
        name,
        unit,
        estimate,
        lambda y: np.asarray(y.mean(axis=-1)),
        view,
        linear=True,
        chance=chance,
    )


def _as_drawn(y: FloatArray) -> FloatArray:
    return y


def _counted(y: FloatArray, power: int) -> FloatArray:
    return np.asarray(np.ldexp(y, -power))


def _is_above(y: FloatArray, at: float) -> FloatArray:
    return np.asarray(y > at, dtype=np.float64)


def _is_from(y: FloatArray, at: float) -> FloatArray:
    return np.asarray(y >= at, dtype=np.float64)
