"""Results of a run: one quantity, its statistics with their errors, one estimator chosen for each.

A statistic comes from a closed form where the quantity has one, else from its conditional CDF where
that is far better than counting, else from the draws, which are not made before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import methodcaller
from typing import TYPE_CHECKING, Any, final

import numpy as np

from guessmodel.engine.steps import DROPPED
from guessmodel.errors import DimensionError, UsageError, WrongKind, public
from guessmodel.estimators import stratified
from guessmodel.estimators.closed_form import Closed, Forms
from guessmodel.estimators.coincidence import Coincidences
from guessmodel.estimators.conditional.estimator import Conditional
from guessmodel.estimators.estimate import Estimate, Interval
from guessmodel.estimators.estimator import Answer, Estimator
from guessmodel.estimators.exact import exact_of
from guessmodel.estimators.sampled import FromDraws, Sampled
from guessmodel.estimators.stratified import Stratum
from guessmodel.graph import dims as dimensions
from guessmodel.graph.categories import place_of
from guessmodel.graph.dims import Dims, Label, titled
from guessmodel.graph.elementwise import FloatArray
from guessmodel.graph.ends import Order
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.values import in_short, instead_of_percent, is_number
from guessmodel.simulation.deferred import Deferred
from guessmodel.simulation.rare_events import Strata
from guessmodel.simulation.refusals import NotAnArray
from guessmodel.simulation.run import Run
from guessmodel.simulation.shape import ShapeStatistics, checked_share
from guessmodel.units.formats import percent

if TYPE_CHECKING:
    from guessmodel.estimators.by_parts.composed import Composed

__all__ = ["Result", "Tallies"]

_FAR = 2.0  # times the error of counting, from which on the draws are counted
_PREVIEWED = 8  # replicates of a preview

Tallies = np.ndarray[Any, np.dtype[np.object_]]  # of Sampled


@public
@final
@dataclass(frozen=True, eq=False)
class Result(ShapeStatistics, NotAnArray):
    """One quantity of a simulation. Statistics of a labelled one are had label by label:
    `result.sel(year=2023).mean()`, or `result.by_label`."""

    name: str
    quantity: Quantity
    run: Run
    deferred: Deferred
    key: str  # the name without labels
    dims: Dims
    forms: Forms | None  # none under a condition
    smoother: Callable[[Quantity, tuple[int, ...], Quantity], Conditional | None]
    composer: Callable[[Quantity, tuple[int, ...], int, bool], Composed | None]  # see `composed`
    strata: Callable[[], Strata]
    tail_index: Callable[[Quantity, tuple[int, ...]], Order]
    coincidences: Callable[[str, tuple[int, ...]], Coincidences]
    position: tuple[int, ...] = ()
    tallies: Tallies | None = None  # (*labels,) of all coordinates; then `draws` are a few only

    # --- statistics -----------------------------------------------------------------------------

    def mean(self) -> Estimate:
        """Mean over draws; refused where it does not exist."""
        self._check()
        if is_indicator(self.quantity):
            return replace(self.probability(), unit=self.unit)
        return self._answer(lambda cheap: cheap.mean(self.unit), self._sampled_mean)

    def _sampled_mean(self) -> Estimate:
        index = self.tail_index(self.quantity, self.position)
        found = self._sampled().mean(self.unit, index)
        if index.least > 2.0:  # else it is refused or marked for good
            found = self._whole(found, stratified.mean)
        return self._coincidences.mean(found)

    def quantile(self, p: float) -> Estimate:
        """Quantile at p, 0 < p < 1."""
        return self.quantiles(p)[0]

    def quantiles(self, *ps: float) -> list[Estimate]:
        """Several quantiles in one pass."""
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

    def median(self) -> Estimate:
        """Quantile at 0.5."""
        return self.quantile(0.5)

    def interval(self, mass: float = 0.9) -> Interval:
        """Central interval that holds `mass`: for 0.9 the 5th and the 95th percentile."""
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
            index = self.tail_index(self.quantity, self.position)
            interval = self._sampled().guesstimate_interval(self.unit, index)
            if self.strata().concern(self.key) and self.mean().estimator == stratified.ESTIMATOR:
                note = "unreliable: rare events move the mean that it is split at"
                interval = Interval(*(replace(end, note=note) for end in interval))
            interval = Interval(*map(self._noted, interval))
        return Interval(*map(self._formatted, interval))

    def probability(self) -> Estimate:
        """Share of draws in which an indicator (a comparison) holds."""
        self._check()
        if not is_indicator(self.quantity) and not self._sampled().is_indicator:
            raise UsageError(
                f"'{self.name}' is not an indicator; compare it first, e.g. (q > 5), "
                "and ask for the probability of that"
            )
        return self._answer(
            lambda cheap: cheap.probability(),
            self._sampled_probability,
        )

    def _sampled_probability(self) -> Estimate:
        told = None
        if self.applicable and not self.run.given:
            told = self.strata().expected(self.key, self.position, "")
        return told or self._coincidences.mean(self._sampled().probability())

    def category_probability(self, label: Label) -> Estimate:
        """Share of draws in which a category is this label; UsageError for what is none of its
        labels."""
        self._check_labels()
        code = place_of(label, self.name, self.quantity.categories)
        if self.closed is not None:
            return Estimate.exact(self.closed.probability_of(code))
        found = self._sampled().share_of(float(code))
        return self._noted(self._coincidences.mean(found, lambda draws: draws == code))

    # --- draws and labels -----------------------------------------------------------------------

    @property
    def closed(self) -> Closed | None:
        """The exact distribution, if it is known; None for a labelled quantity as a whole."""
        return None if self.dims or not self.forms else self.forms.at(self.quantity, self.position)

    @cached_property
    def unit(self) -> str:
        """Unit of all values, as text."""
        return str(self.quantity.unit)

    @property
    def values(self) -> FloatArray:
        """All draws, shape (*labels, draws), replicate after replicate; read-only.

        UsageError where they were not kept.
        """
        if self.tallies is not None:
            raise UsageError(
                f"the draws of '{self.name}' were not kept; sample fewer, or with keep=True or "
                "store=PATH, or take some of them: .preview"
            )
        return self.preview

    @property
    def draws(self) -> FloatArray:
        """All draws that are held, shape (*labels, draws)."""
        array: FloatArray = self.deferred.draws.arrays[self.key][self.position]
        return array

    @property
    def faults(self) -> tuple[str, ...]:
        """Where draws that are not finite arose, and why."""
        return self.deferred.draws.faults.get(self.key, ())

    @property
    def preview(self) -> FloatArray:
        """Some draws to look at, shape (*labels, few), read-only: all, where they were kept."""
        view = self.draws.view()
        view.flags.writeable = False
        return view

    @property
    def by_replicate(self) -> FloatArray:
        """The draws of `preview`, shape (*labels, replicates, few): a preview of draws that were
        not kept is a run of its own, in 8 replicates."""
        few = self.preview
        count = self.run.replicates if self.tallies is None else _PREVIEWED
        return few.reshape(*few.shape[:-1], count, -1)

    @property
    def applicable(self) -> bool:
        """False at a label where the quantity is not applicable."""
        mask = self.quantity.axes.mask
        return self.dims != () or mask is None or bool(mask[self.position])

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
        """The result at one label of each dimension; without any label itself."""
        if not labels:
            return self
        position = dimensions.position(self.dims, labels, self.name)
        return self._at(position, tuple(labels[dim.name] for dim in self.dims))

    def _at(self, position: tuple[int, ...], labels: tuple[Label, ...]) -> Result:
        return replace(self, name=titled(self.name, labels), dims=(), position=position)

    @property
    def only_dropped(self) -> bool:
        """Whether filters alone lost draws: the statistics are then those that were asked for."""
        return all(fault.startswith(DROPPED) for fault in self.faults)

    @property
    def non_finite(self) -> float:
        """Share of draws, of those under a condition, that are not finite numbers or that
        `gm.filtered` drops; the causes are in `faults`."""
        mask = self.quantity.axes.mask
        if not self.applicable:
            return 0.0
        if self.tallies is not None:
            tallies = self.tallies[mask if self.dims and mask is not None else self.position]
            return 1.0 - float(np.mean([tally.finite for tally in np.ravel(tallies)]))
        draws = self.draws[mask] if self.dims and mask is not None else self.draws
        run = self.run
        kept = draws.size if run.kept is None else draws.size // run.samples * run.kept
        return 1.0 - float(np.count_nonzero(np.isfinite(draws))) / kept

    def _check_labels(self) -> None:
        if self.dims:
            first = self.dims[0]
            raise DimensionError(
                f"'{self.name}' has dimensions ({dimensions.describe(self.dims)}); choose a label, "
                f"e.g. .sel({first.name}={first.labels[0]!r}), or loop over .by_label"
            )

    # --- estimators -------------------------------------------------------------------------------

    @cached_property
    def _exact(self) -> Estimator | None:
        forms = self.forms if not self.dims else None
        return exact_of(forms, self.quantity, self.position) if forms else None

    @cached_property
    def _conditional(self) -> Conditional | None:
        if not self.applicable:
            return None
        return self.smoother(self.quantity, self.position, self.quantity)

    @property
    def counted(self) -> list[FromDraws]:
        """Its draws (one, or none), where no estimator can do without them."""
        if not self.applicable or self.quantity.categories or self._exact or self._conditional:
            return []
        drawn = self._sampled()
        return [drawn] if isinstance(drawn, FromDraws) else []

    @property
    def _coincidences(self) -> Coincidences:
        return self.coincidences(self.key, self.position)

    def _sampled(self) -> Sampled:
        self._check_labels()
        return self._counted

    @cached_property
    def _counted(self) -> Sampled:
        if self.tallies is not None:
            found: Sampled = self.tallies[self.position]
            return found
        return FromDraws(self.draws.reshape(self.run.replicates, self.run.size))

    def _cheap(
        self, questions: Sequence[Callable[[Estimator], Answer | None]]
    ) -> list[Answer | None]:
        """What estimators say to each question that do without the draws of the run: the first
        settled answer, else the last."""
        found: list[Answer | None] = [None] * len(questions)
        left = list(range(len(questions)))
        for estimator in self._estimators():
            for i in left:
                found[i] = questions[i](estimator) or found[i]
            left = [i for i in left if (answer := found[i]) is None or not answer.settled]
            if not left:
                break
        return found

    def _estimators(self) -> Iterator[Estimator]:
        if self._exact is not None:
            yield self._exact
        if self._conditional is not None:
            yield self._conditional

    def _answer(
        self, ask: Callable[[Estimator], Answer | None], count: Callable[[], Estimate]
    ) -> Estimate:
        """The answer of the first estimator that settles the question; `count` has the draws."""
        (answer,) = self._cheap([ask])
        if answer is not None and answer.settled:
            return self._formatted(answer.estimate)
        return self._formatted(self._preferred(answer, count()))

    def _whole(
        self, found: Estimate, estimator: Callable[[Sequence[Stratum], str], Estimate]
    ) -> Estimate:
        """The estimate from the draws, or that over strata, see `Strata.whole`."""
        if not self.applicable or self.run.given:
            return found
        asked = None if self.tallies is not None else self.run.asked or self.run.samples
        place = self.key, self.position
        return self.strata().whole(found, estimator, *place, lambda: self.by_replicate, asked)

    def _better(self, p: float, counted: Estimate, answer: Answer | None) -> Estimate:
        if self.faults or counted.error == 0.0:
            return self._noted(counted)
        if answer is None and self._conditional is not None and not np.isnan(counted.value):
            answer = self._conditional.quantile(p, self.unit, counted)
        return self._preferred(answer, counted)

    def _preferred(self, answer: Answer | None, counted: Estimate) -> Estimate:
        """The conditional estimate, unless counting has an error far below. Of two errors that are
        nearly the same the smaller one is too small: taking it covers 88% where this covers 95%."""
        if answer is None or self.faults or answer.estimate.error >= _FAR * counted.error:
            return self._noted(counted)
        return answer.estimate

    def _noted(self, estimate: Estimate) -> Estimate:
        if not self.applicable:
            return Estimate.refused("not applicable", estimate.estimator, estimate.unit)
        share = self.non_finite if self.faults and not self.only_dropped else 0.0
        if share in (0.0, 1.0):
            return estimate
        note = f"{percent(share)} draws are not finite and left out"
        both = note if estimate.note is None else f"{estimate.note}; {note}"
        return replace(estimate, note=both)

    def __repr__(self) -> str:
        from guessmodel.simulation.summary import result_text

        return result_text(self)

    def _repr_html_(self) -> str:
        from guessmodel.simulation.summary import result_table

        return result_table(self)
