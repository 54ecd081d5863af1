"""Statistics of a quantity whose distribution is known: no draws, and no error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from guessmodel.estimators import exact_shape
from guessmodel.estimators.closed_form import Closed, ClosedForms
from guessmodel.estimators.estimate import Estimate, Interval
from guessmodel.estimators.estimator import Candidate, Estimator
from guessmodel.graph.coordinates import Element, operands_of
from guessmodel.graph.elementwise import Elementwise
from guessmodel.graph.quantity import Quantity

__all__ = ["ESTIMATOR", "Exact", "exact_of"]

ESTIMATOR = "exact"


@final
@dataclass(frozen=True, slots=True)
class Exact(Estimator):
    """Statistics by a closed form."""

    closed: Closed
    bounds: Estimator | None = None
    """For what the closed form takes too long to tell."""

    def mean(self, unit: str) -> Candidate:
        value = self.closed.mean()
        if not math.isfinite(value):
            why = "the mean does not exist" if math.isnan(value) else "the mean is infinite"
            return Candidate(Estimate.refused(why, ESTIMATOR, unit))
        return Candidate(Estimate.exact(value, unit))

    def sd(self, unit: str) -> Candidate | None:
        value = self.closed.sd()
        if value in (0.0, math.inf) and not self.closed.squarable():
            return None
        if not math.isfinite(value):
            return Candidate(Estimate.refused("the variance is infinite", ESTIMATOR, unit))
        return Candidate(Estimate.exact(value, unit))

    def quantile(self, p: float, unit: str) -> Candidate:
        return Candidate(Estimate.exact(self.closed.quantile(p), unit))

    def share(self, x: float, *, above: bool, including: bool) -> Candidate | None:
        if self.closed.rounding_decides(x):
            return None
        return Candidate(Estimate.exact(self.closed.share(x, above=above, including=including)))

    def shortfall(self, share: float, unit: str, *, upper: bool) -> Candidate | None:
        found = exact_shape.shortfall(self.closed, share, upper=upper)
        if found is not None:
            return Candidate(Estimate.exact(found, unit))
        return None if self.bounds is None else self.bounds.shortfall(share, unit, upper=upper)

    def shortest(self, mass: float) -> tuple[float, float] | None:
        return exact_shape.shortest(self.closed, mass)

    def probability(self) -> Candidate:
        return Candidate(Estimate.exact(self.closed.mean()))

    def guesstimate_interval(self, unit: str) -> Interval | None:
        closed = self.closed
        if closed.discrete or not math.isfinite(closed.mean()):
            return None
        below = closed.cdf(closed.mean())
        low, high = (closed.quantile(p) for p in (0.1 * below, below + 0.9 * (1.0 - below)))
        return Interval(Estimate.exact(low, unit), Estimate.exact(high, unit))


@final
@dataclass(frozen=True, slots=True)
class KnownMoments(Estimator):
    """Mean and standard deviation that are known of a distribution that is not."""

    center: float
    spread: float

    def mean(self, unit: str) -> Candidate:
        return Candidate(Estimate.exact(self.center, unit))

    def sd(self, unit: str) -> Candidate:
        if not math.isfinite(self.spread):
            return Candidate(Estimate.refused("the variance is infinite", ESTIMATOR, unit))
        return Candidate(Estimate.exact(self.spread, unit))

    def quantile(self, p: float, unit: str) -> Candidate | None:
        return None


@final
@dataclass(frozen=True, slots=True)
class ThresholdEvent(Estimator):
    """Whether a quantity is above or below a number."""

    quantity: Estimator
    number: float
    above: bool
    including: bool

    def quantile(self, p: float, unit: str) -> Candidate | None:
        return None

    def probability(self) -> Candidate | None:
        return self.quantity.share(self.number, above=self.above, including=self.including)


_COMPARISONS: Final = {  # above, and including the number itself
    np.greater: (True, False),
    np.greater_equal: (True, True),
    np.less: (False, False),
    np.less_equal: (False, True),
}


def exact_of(forms: ClosedForms, node: Quantity, position: tuple[int, ...]) -> Estimator | None:
    """What is known of a quantity at a coordinate: its distribution, its moments, or bounds."""
    closed = forms.at(node, position)
    if closed is not None:
        return Exact(
            closed, _of_random_sum(forms, node, position) if closed.family is not None else None
        )
    if isinstance(node.operation, Elementwise) and node.operation.ufunc in _COMPARISONS:
        return _event(forms, Element(node, position), *_COMPARISONS[node.operation.ufunc])
    return _of_random_sum(forms, node, position)


def _of_random_sum(
    forms: ClosedForms, node: Quantity, position: tuple[int, ...]
) -> Estimator | None:
    if not forms.sums:
        return None  # and do not import what that takes
    from guessmodel.estimators.compounded import compounded_of
    from guessmodel.estimators.sums_of_events import moments_of

    known = moments_of(forms, node, position)
    moments = None if known is None else KnownMoments(*known)
    return compounded_of(forms, node, position, moments) or moments


def _event(
    forms: ClosedForms, element: Element, above: bool, including: bool
) -> ThresholdEvent | None:
    first, second = operands_of(element)
    number = forms.at(second.node, second.position)
    if number is None or number.family is not None:
        number = forms.at(first.node, first.position)
        first, above = second, not above
    if number is None or number.family is not None:
        return None
    quantity = exact_of(forms, first.node, first.position)
    if quantity is None or isinstance(quantity, KnownMoments):
        return None
    if isinstance(quantity, Exact) and quantity.closed.rounding_decides(number.shift):
        return None
    return ThresholdEvent(quantity, number.shift, above, including)
