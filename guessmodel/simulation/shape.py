"""Statistics of a result beyond mean and percentiles: its spread, its shape, and its tails."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from guessmodel import units
from guessmodel.errors import UsageError, WrongKind, public
from guessmodel.estimators import exact_shape, shape, stratified
from guessmodel.estimators.estimate import UNRELIABLE, Estimate, Interval
from guessmodel.estimators.estimator import Candidate, Estimator
from guessmodel.estimators.stratified import Stratum
from guessmodel.graph.coordinates import Element
from guessmodel.graph.elementwise import elementwise
from guessmodel.graph.ends import NONE, Order
from guessmodel.graph.number_in import Amount, number_in, number_node
from guessmodel.graph.operators import COMPARISONS
from guessmodel.graph.quantity import wire
from guessmodel.graph.values import in_short, instead_of_percent, is_number
from guessmodel.numerics.confidence import clopper_pearson
from guessmodel.simulation.estimated import Estimated, OverStrata

if TYPE_CHECKING:
    from guessmodel.estimators.by_parts.composed import Composed

__all__ = ["ShapeStatistics", "checked_share"]

_TELLING = 256  # draws, 32 of each replicate: of 64, skewnesses covered 60 to 84%, of 8 a quarter
_NOT_KEPT = "needs the draws, which were not kept"
_FLAT = "there is no mode: the density is the same all along an interval"


@public
class ShapeStatistics(Estimated, ABC):
    """Abstract: what a result can tell of its spread and shape, by its draws or its closed form."""

    # --- spread and shape -------------------------------------------------------------------------

    def sd(self) -> Estimate:
        """Standard deviation, of temperatures in degC in delta_degC; refused where it does not
        exist."""
        self._check()
        unit = str(units.difference(self.quantity.unit))
        exact = None if self._exact is None else self._exact.sd(unit)
        known = self._exact_by_parts(2) if exact is None else None
        if known is not None:
            return self._formatted(known.sd(unit))
        return self._answer(lambda cheap: cheap.sd(unit), partial(self._sampled_sd, unit))

    @property
    def far_out(self) -> bool:
        """Whether its farthest draws, of which a run meets few, decide about its deviation."""
        return self._sampled().reach > 1.0

    @property
    def goes_farther(self) -> bool:
        """Whether others are asked that go farther out, as they are under any condition."""
        return self._is_given or self.far_out

    def _sampled_sd(self, unit: str) -> Estimate:
        index = self.tail_index
        found = self._sampled().sd(unit, index)
        found = self._whole(found, stratified.sd) if index.least > 4.0 else found
        found = self._coincidences.sd(found, self._sampled().mean(unit, index).value)
        farther = self.applicable and self.goes_farther
        parts = self._given_parts(2, stratified.sd) if farther else None
        if parts is None:
            return found
        told = self._with_farther(parts.sd(unit), stratified.sd)
        if not told.reliable and _is_over_strata(found):
            return found
        return parts.better(told, found)

    def skewness(self) -> Estimate:
        """E[((x - mean) / sd)³]: 0 for what is symmetric. Refused where the third moment does not
        exist or the quantity is constant; marked where the sixth is infinite."""
        return self._shaped(3, "skewness", shape.skewness)

    def kurtosis(self) -> Estimate:
        """E[((x - mean) / sd)⁴]: 3 for a normal variable. (`scipy.stats.kurtosis` and pandas take
        3 away.) Refused where the fourth moment does not exist; marked where the eighth is
        infinite."""
        return self._shaped(4, "kurtosis", shape.kurtosis)

    def mode(self) -> Estimate:
        """The most likely value: of atoms the most frequent one, else the peak of the density, from
        a closed form or by a normal kernel (see `estimators.mode`). Refused where the density is
        flat."""
        closed = self._closed_now()
        known = None if closed is None else exact_shape.mode(closed)
        if known is not None:
            if math.isnan(known):
                return Estimate.refused(_FLAT, "exact", self.unit)
            return self._formatted(Estimate.exact(known, self.unit))
        rows = self._rows()
        if rows is None:
            return Estimate.refused(_NOT_KEPT, "kernel", self.unit)
        from guessmodel.estimators.mode import mode

        return self._formatted(self._noted(mode(rows, self.unit)))

    def hdi(self, mass: float = 0.9) -> Interval:
        """The shortest interval that holds `mass`; of a density with one peak the highest-density
        interval (Hyndman 1996)."""
        checked_share(mass, "mass", 0.9)
        exact = self._exact_now() or self._followed()
        ends = None if exact is None else exact.shortest(mass)
        if ends is not None:
            return Interval(*(self._formatted(Estimate.exact(end, self.unit)) for end in ends))
        rows = self._rows()
        if rows is None:
            return Interval(*[Estimate.refused(_NOT_KEPT, "shortest interval", self.unit)] * 2)
        from guessmodel.estimators.shortest import shortest

        return Interval(
            *(self._formatted(self._noted(end)) for end in shortest(rows, mass, self.unit))
        )

    # --- tails ----------------------------------------------------------------------------------

    def cdf(self, x: Amount) -> Estimate:
        """Probability of at most x, a number in the quantity's unit or text such as `"5 USD"`."""
        return self.share(x, above=False, including=True)

    def exceedance(self, x: Amount) -> Estimate:
        """Probability of more than x, a number in the quantity's unit or text such as `"5 USD"`."""
        return self.share(x, above=True, including=False)

    def share(self, x: Amount, *, above: bool, including: bool) -> Estimate:
        """Probability of more than x, or of less, and of x itself too where it is `including`; x is
        a number in the quantity's unit or text such as `"5 USD"`.

        >>> import guessmodel as gm
        >>> faults = gm.poisson(1).sample(1024)
        >>> print(faults.share(1, above=True, including=True))  # 1 - exp(-1)
        0.6321
        """
        exact = self._exact_now()
        threshold = number_in(self.quantity.unit, x)
        known = None
        if exact is not None:
            known = exact.share(threshold, above=above, including=including)
            if known is None and (followed := self._followed()) is not None:
                known = followed.share(threshold, above=above, including=including)
        if known is None:
            known = self._integrated(threshold, above=above, including=including)
        if known is not None and known.settled:
            return known.estimate
        # Of draws, those above x and those at most x are counted: what is not below x is above the
        # number before it.
        last = math.nextafter(threshold, -math.inf) if including == above else threshold
        found = self._sampled().cdf(last, above=above)
        return self._preferred(known, self._coincidences.mean(found, lambda draws: draws <= last))

    def _integrated(self, threshold: float, *, above: bool, including: bool) -> Candidate | None:
        """The probability that the comparison with a threshold has as a quantity of its own."""
        if not self.applicable or self.quantity.categories:
            return None
        limit = number_node(threshold, self.quantity.unit, self.quantity.location)
        sign = (">" if above else "<") + ("=" if including else "")
        smooth = self._integrated_out(COMPARISONS[sign](self.quantity, limit))
        return None if smooth is None else smooth.probability()

    def shortfall(self, p: float = 0.95, tail: Literal["upper", "lower"] = "upper") -> Estimate:
        """The mean beyond a percentile, also called CVaR or expected shortfall: of the share 1 - p
        of all values that is largest, or with `tail="lower"` of the share p that is smallest.
        Where the percentile has a probability of its own only the missing part of it counts.
        Refused where that mean does not exist.

        >>> import guessmodel as gm
        >>> loss = gm.exponential(mean=10, unit="USD")  # its mean beyond x is x + 10
        >>> print(loss.sample(1024).shortfall(0.9))
        33.03 USD
        """
        checked_share(p, "p", 0.95)
        if tail not in ("upper", "lower"):
            raise UsageError(f"tail={tail!r}: write 'upper' or 'lower'")
        upper = tail == "upper"
        share = 1.0 - p if upper else p
        index = self._one_sided(upper=upper)
        if index.most <= 1.0:
            note = "the mean beyond it does not exist"
            return Estimate.refused(note, "replicates", self.unit)
        exact = self._exact_now()
        known = None if exact is None else exact.shortfall(share, self.unit, upper=upper)
        if known is not None and known.settled:
            return self._formatted(known.estimate)
        threshold = self.quantile(p)
        if math.isnan(threshold.value):
            return threshold
        rows = self._rows()
        if rows is None:
            return Estimate.refused(_NOT_KEPT, "replicates", self.unit)

        def told(q: float) -> Estimate:
            beyond = shape.Shortfall(q, share, upper)
            found = self._whole(beyond([Stratum(1.0, rows)], self.unit), beyond)
            return self._coincidences.mean(found, beyond.of_draws)

        # The error of the percentile enters in second order, but not where the values beside it
        # are far apart: there its ends tell how small (or, of the smallest, large) it may be.
        found = told(threshold.value)
        for end in {threshold.low, threshold.high} - {threshold.value}:
            other = told(end)
            found = (
                replace(found, low=min(found.low, other.low))
                if upper
                else replace(found, high=max(found.high, other.high))
            )
        if found.error == 0.0:
            found = self._not_met(found, share, upper=upper)
        return self._formatted(
            self._preferred(known, _doubted(found, index, 1, "the mean beyond it"))
        )

    # --- what they need -------------------------------------------------------------------------

    @abstractmethod
    def quantile(self, p: float) -> Estimate:
        """Quantile at p."""

    def _not_met(self, found: Estimate, share: float, *, upper: bool) -> Estimate:
        """All draws beyond the percentile are the same: the error is that of not having met values
        farther out, where there are some, and none beyond a bound."""
        tails = self.knowledge.program.tails.tails(Element(self.quantity, self.position))
        end = math.nan if tails is None else tails.high if upper else tails.low
        if not math.isfinite(end):
            return found
        _, chance = clopper_pearson(0, int(np.count_nonzero(np.isfinite(self.draws))))
        farthest = found.value + chance * (end - found.value) / share
        if upper:
            return replace(found, high=max(found.high, farthest))
        return replace(found, low=min(found.low, farthest))

    def _followed(self) -> Estimator | None:
        """What is made of one draw, in a model of any size: on a net the ends of its shortest
        interval are off by what no replicate shows."""
        if not self.applicable:
            return None
        return self.knowledge.of_one_draw(self.quantity, self.position, in_any=True)

    def _shaped(self, order: int, name: str, of: OverStrata) -> Estimate:
        found, n = self._shape_of(order, name, of), self.run.samples
        if n >= _TELLING or found.estimator == "exact" or found.note is not None:
            return found
        return replace(found, note=f"{UNRELIABLE}: {n} draws are too few to tell a shape")

    def _shape_of(self, order: int, name: str, of: OverStrata) -> Estimate:
        closed = self._closed_now()
        if closed is not None and closed.family is None:
            return Estimate.refused("a constant has no shape", "exact")
        index = self.tail_index
        if index.most <= order:
            return Estimate.refused(f"the {name} does not exist", "replicates")
        known = None if closed is None else exact_shape.standardised_moment(closed, order)
        if known is not None:
            return Estimate.exact(known)
        told = None
        if (parts := self._exact_by_parts(order) or self._given_parts(order, of)) is not None:
            told = self._with_farther(parts.skewness() if order == 3 else parts.kurtosis(), of)
            if told.reliable:
                return told
        rows = self._rows()
        if rows is None:
            return Estimate.refused(_NOT_KEPT, "replicates")
        found = of([Stratum(1.0, rows)], "")
        if index.least > 2 * order:  # else it is marked for good
            found = self._whole(found, of)
        if told is not None and not _is_over_strata(found):
            return told
        return self._noted(_doubted(found, index, order, f"the {name}"))

    def _exact_by_parts(self, order: int) -> Composed | None:
        """Moments up to the order from those of independent parts, if they exist."""
        if not self.applicable or self.tail_index.least <= order:
            return None
        return self.knowledge.composed(self.quantity, self.position, order, sampled=False)

    def _given_parts(self, order: int, of: OverStrata) -> Composed | None:
        """The same given some draws, where their error can be told; None where what hardly ever
        happens decides about a statistic."""
        if not self.applicable or self.tail_index.least <= 2 * order or self._rare_decide(of):
            return None
        return self.knowledge.composed(self.quantity, self.position, order, sampled=True)

    def _one_sided(self, *, upper: bool) -> Order:
        """The tail index of the upper or of the lower tail alone: of max(x, 0), or min(x, 0)."""
        self._check()
        if self.tail_index == NONE:
            return NONE
        nothing = number_node(0.0, self.quantity.unit, self.quantity.location)
        cut = wire(elementwise(np.maximum if upper else np.minimum), self.quantity, nothing)
        return self.knowledge.tail_index(cut, self.position)


def _is_over_strata(estimate: Estimate) -> bool:
    """Whether strata of events, which are drawn by themselves, tell it without a mark."""
    return estimate.reliable and estimate.estimator == stratified.ESTIMATOR


def checked_share(share: float, name: str, example: float) -> None:
    """Raise WrongKind for what is no number, UsageError for one that is not between 0 and 1."""
    if not is_number(share):
        raise WrongKind(f"{name} is a share such as {example:g}, not {share!r}")
    if not 0.0 < share < 1.0:
        hint = instead_of_percent(share)
        raise UsageError(f"{name} is {in_short(share)}, not between 0 and 1{hint}")


def _doubted(estimate: Estimate, index: Order, order: int, name: str) -> Estimate:
    """Marked where the moment of this order may not exist, or that of its error does not."""
    if estimate.error == 0.0 or math.isnan(estimate.value):
        return estimate
    if index.most <= 2 * order:
        return replace(estimate, note=f"unreliable: {name} has an infinite error")
    if index.least <= order:
        doubt = f"{name} may not exist"
    elif index.least <= 2 * order:
        doubt = f"the error of {name} may be infinite"
    else:
        return estimate
    return replace(estimate, note=doubt if estimate.note is None else f"{estimate.note}; {doubt}")
