"""Statistics of a quantity whose distribution is known: no draws, and no error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

from guessmodel.estimators.closed_form import Closed, Forms
from guessmodel.estimators.compounded import compounded_of
from guessmodel.estimators.estimate import Estimate, Interval
from guessmodel.estimators.estimator import Answer, Estimator
from guessmodel.estimators.sums_of_events import moments_of
from guessmodel.graph.quantity import Quantity

__all__ = ["ESTIMATOR", "Exact", "exact_of"]

ESTIMATOR = "exact"


@final
@dataclass(frozen=True, slots=True)
class Exact(Estimator):
    """Statistics by a closed form."""

    closed: Closed

    def mean(self, unit: str) -> Answer:
        value = self.closed.mean()
        if not math.isfinite(value):
            why = "the mean does not exist" if math.isnan(value) else "the mean is infinite"
            return Answer(Estimate.refused(why, ESTIMATOR, unit))
        return Answer(Estimate.exact(value, unit))

    def sd(self, unit: str) -> Answer:
        value = self.closed.sd()
        if not math.isfinite(value):
            return Answer(Estimate.refused("the variance is infinite", ESTIMATOR, unit))
        return Answer(Estimate.exact(value, unit))

    def quantile(self, p: float, unit: str) -> Answer:
        return Answer(Estimate.exact(self.closed.quantile(p), unit))

    def probability(self) -> Answer:
        return Answer(Estimate.exact(self.closed.mean()))

    def guesstimate_interval(self, unit: str) -> Interval | None:
        closed = self.closed
        if closed.discrete or not math.isfinite(closed.mean()):
            return None
        below = closed.cdf(closed.mean())
        low, high = (closed.quantile(p) for p in (0.1 * below, below + 0.9 * (1.0 - below)))
        return Interval(Estimate.exact(low, unit), Estimate.exact(high, unit))


@final
@dataclass(frozen=True, slots=True)
class Moments(Estimator):
    """Mean and standard deviation that are known of a distribution that is not."""

    center: float
    spread: float

    def mean(self, unit: str) -> Answer:
        return Answer(Estimate.exact(self.center, unit))

    def sd(self, unit: str) -> Answer:
        if not math.isfinite(self.spread):
            return Answer(Estimate.refused("the variance is infinite", ESTIMATOR, unit))
        return Answer(Estimate.exact(self.spread, unit))

    def quantile(self, p: float, unit: str) -> Answer | None:
        return None


def exact_of(forms: Forms, node: Quantity, position: tuple[int, ...]) -> Estimator | None:
    """What is known of a quantity at a coordinate: its distribution, or its moments."""
    closed = forms.at(node, position)
    if closed is not None:
        return Exact(closed)
    known = moments_of(forms, node, position)
    moments = None if known is None else Moments(*known)
    return compounded_of(forms, node, position, moments) or moments
