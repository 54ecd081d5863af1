"""Statistics of a quantity whose distribution is known: no draws, and no error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

from guessmodel.estimators.closed_form import Closed
from guessmodel.estimators.estimate import Estimate, Interval
from guessmodel.estimators.estimator import Answer, Estimator

__all__ = ["ESTIMATOR", "Exact"]

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
