"""Results of a run: the statistics of one quantity with their errors, and its labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import methodcaller
from typing import TYPE_CHECKING, final

import numpy as np

from guessmodel.errors import UsageError, WrongKind, public
from guessmodel.estimators import stratified
from guessmodel.estimators.estimate import Estimate, Interval
from guessmodel.estimators.estimator import Candidate
from guessmodel.graph import dims as dimensions
from guessmodel.graph.categories import place_of
from guessmodel.graph.dims import Label, titled
from guessmodel.graph.values import in_short, instead_of_percent, is_number
from guessmodel.simulation.refusals import NotAnArray
from guessmodel.simulation.shape import ShapeStatistics, checked_share

if TYPE_CHECKING:
    from guessmodel.estimators.by_parts.composed import Composed

__all__ = ["Result"]


@public
@final
@dataclass(frozen=True, eq=False)
class Result(ShapeStatistics, NotAnArray):
    """One quantity of a simulation. Its statistics are estimates, in the unit of the quantity.

    Those of a labelled one are had label by label: `result.sel(year=2023).mean()`, or
    `result.by_label`; else they raise DimensionError. Those of a category raise UsageError, as its
    labels are no numbers: ask for `category_probability`. A number that does not exist, or that the
    run cannot tell, is refused: its value is NaN, and its `note` says why.

    >>> import guessmodel as gm
    >>> cost = gm.Model(cost=gm.lognormal(5, 10, "USD")).sample()["cost"]
    >>> print(cost.mean(), cost.median(), cost.interval(), sep="; ")
    7.23 USD; 7.071 USD; 5 to 10 USD
    """

    # --- statistics -----------------------------------------------------------------------------

    def mean(self) -> Estimate:
        """The mean, in the unit of the quantity; refused where it does not exist."""
        self._check()
        if self._is_indicator:
            return replace(self.probability(), unit=self.unit)
        return self._answer(lambda cheap: cheap.mean(self.unit), self._sampled_mean)

    def _sampled_mean(self) -> Estimate:
        index = self.tail_index
        found = self._sampled().mean(self.unit, index)
        if index.least > 2.0:  # else it is refused or marked for good
            known = self._mean_of_parts()
            if known is not None:
                return known.mean(self.unit)
            found = self._whole(found, stratified.mean)
        return self._coincidences.mean(found)

    def _mean_of_parts(self) -> Composed | None:
        """The mean behind which there are rare events, or several that may hardly ever happen
        together, where moments of parts tell it without draws."""
        if not self.applicable or self._is_given:
            return None
        strata = self.knowledge.strata
        asked = strata.concern(self.key) or strata.events.may_coincide(self.key)
        return self._exact_by_parts(2) if asked else None

    def _met_by_draws(self) -> bool:
        """Whether the draws tell the same mean as is known."""
        found, drawn = self.mean(), self._sampled().mean(self.unit)
        there = drawn.reliable and drawn.low <= found.value <= drawn.high
        return there and found.estimator != stratified.ESTIMATOR

    def quantile(self, p: float) -> Estimate:
        """The value below which the quantity is with probability p.

        Raises UsageError unless 0 < p < 1; refused with too few draws beyond.

        >>> import guessmodel as gm
        >>> print(gm.uniform(0, 10, "USD").sample().quantile(0.95))
        9.5 USD
        """
        return self.quantiles(p)[0]

    def quantiles(self, *ps: float) -> list[Estimate]:
        """Several quantiles in one pass: `result.quantiles(0.1, 0.9)`. See `quantile`."""
        self._check()
        for p in ps:
            if not is_number(p):
                several = "; write quantiles(0.1, 0.9)" if isinstance(p, Iterable) else ""
                what = f"a quantile is at a probability such as 0.9, not at {p!r}"
                raise WrongKind(what + ("" if isinstance(p, str) else several))
            if not 0.0 < p < 1.0:
                hint = instead_of_percent(p)
                raise UsageError(
                    f"a quantile is at a probability between 0 and 1, not {in_short(p)}{hint}"
                )
        return [self._formatted(estimate) for estimate in self._quantiles(ps)]

    def _quantiles(self, ps: Sequence[float]) -> list[Estimate]:
        if self._exact is None and self._conditional is None:
            counted = self._sampled().quantiles(ps, self.unit, self._coincidences.share)
            return list(map(self._noted, counted))
        answers = self._cheap([methodcaller("quantile", p, self.unit) for p in ps])
        pairs = list(zip(ps, answers, strict=True))
        left = [p for p, answer in pairs if answer is None or not answer.settled]
        found = self._sampled().quantiles(left, self.unit, self._coincidences.share) if left else ()
        at = dict(zip(left, found, strict=True))
        return [
            answer.estimate
            if answer is not None and answer.settled
            else self._better(p, at[p], answer)
            for p, answer in pairs
        ]

    def _better(self, p: float, counted: Estimate, answer: Candidate | None) -> Estimate:
        if self.faults or counted.error == 0.0:
            return self._noted(counted)
        if answer is None and self._conditional is not None and not np.isnan(counted.value):
            answer = self._conditional.quantile(p, self.unit, counted)
        return self._preferred(answer, counted)

    def median(self) -> Estimate:
        """The quantile at 0.5."""
        return self.quantile(0.5)

    def interval(self, mass: float = 0.9) -> Interval:
        """The central interval that holds `mass`: for 0.9 the 5th and the 95th percentile. Its
        ends are estimates, `low` and `high`. Raises UsageError unless 0 < mass < 1."""
        checked_share(mass, "mass", 0.9)
        low, high = self.quantiles((1.0 - mass) / 2.0, (1.0 + mass) / 2.0)
        return Interval(low, high)

    def guesstimate_interval(self) -> Interval:
        """The interval that Guesstimate displays: from the 10th percentile of the draws below
        the mean to the 90th of those above it. For skewed quantities it is not 5/95."""
        self._check()
        exact = self._exact
        interval = None if exact is None else exact.guesstimate_interval(self.unit)
        if interval is None:
            interval = self._sampled().guesstimate_interval(self.unit, self.tail_index)
            if self.decided_by_rare and not self._met_by_draws():
                note = "unreliable: rare events move the mean that it is split at"
                interval = Interval(*(replace(end, note=note) for end in interval))
            interval = Interval(*map(self._noted, interval))
        return Interval(*map(self._formatted, interval))

    def probability(self) -> Estimate:
        """The probability that a comparison holds. Raises UsageError for what is not one.

        >>> import guessmodel as gm
        >>> cost = gm.uniform(0, 10, "USD")
        >>> print((cost > gm.constant(8, "USD")).sample().probability())
        0.2
        """
        self._check()
        if not self._is_indicator and not self._sampled().is_indicator:
            raise UsageError(
                f"'{self.name}' is not an indicator; compare it first, e.g. (q > 5), "
                "and ask for the probability of that"
            )
        found = self._answer(lambda cheap: cheap.probability(), self._sampled_probability)
        return found if found.is_exact else self._whole_probability(found)

    def _sampled_probability(self) -> Estimate:
        told = None
        if self.applicable and not self._is_given:
            told = self.knowledge.strata.expected(self.key, self.position, "")
        if told is not None:
            return told
        return self._coincidences.mean(self._sampled().probability())

    def category_probability(self, label: Label) -> Estimate:
        """The probability that a category has this label. Raises UsageError for what is none
        of its labels.

        >>> import guessmodel as gm
        >>> way = gm.categorical({"train": 0.7, "car": 0.3})
        >>> print(way.sample().category_probability("car"))
        0.3
        """
        self._check_labels()
        code = place_of(label, self.name, self.quantity.categories)
        if self.closed is not None:
            return Estimate.exact(self.closed.probability_of(code))
        found = self._sampled().share_of(float(code))
        return self._noted(self._coincidences.mean(found, lambda draws: draws == code))

    # --- labels ---------------------------------------------------------------------------------

    @property
    def by_label(self) -> dict[Label | tuple[Label, ...], Result]:
        """Each coordinate's result: by label, or by tuple of labels for several dimensions."""
        found: dict[Label | tuple[Label, ...], Result] = {}
        for position in np.ndindex(*dimensions.shape(self.dims)):
            pairs = zip(self.dims, position, strict=True)
            labels = tuple(dim.labels[i] for dim, i in pairs)
            found[labels[0] if len(labels) == 1 else labels] = self._at(position, labels)
        return found

    def sel(self, **labels: Label) -> Result:
        """The result at one label of each dimension: `cost.sel(year=2025)`; without any label
        itself. Raises DimensionError for an unknown label, or where a dimension is missing."""
        if not labels:
            return self
        position = dimensions.position(self.dims, labels, self.name)
        return self._at(position, tuple(labels[dim.name] for dim in self.dims))

    def _at(self, position: tuple[int, ...], labels: tuple[Label, ...]) -> Result:
        found = replace(self, name=titled(self.name, labels), dims=(), position=position)
        alike = ("unit", "_format", "_is_indicator")  # at all labels, of which there may be many
        vars(found).update({name: getattr(self, name) for name in alike})
        return found.settled()

    def settled(self) -> Result:
        """Itself; under a condition that tells nothing of it, the same as without one, and a number
        where the condition tells that it is one. Of a labelled one, each label tells."""
        condition = self.knowledge.condition
        if condition is None or self.dims or not self.applicable:
            return self
        from guessmodel.simulation.given import settled

        return settled(self, condition)

    def __repr__(self) -> str:
        from guessmodel.simulation.summary import result_text

        return result_text(self)

    def _repr_html_(self) -> str:
        from guessmodel.simulation.summary import result_table

        return result_table(self)
