"""One quantity of a run: its draws, and which estimator answers what is asked of it.

A statistic comes from a closed form where the quantity has one, else from its conditional CDF where
that is far better than counting, else from the draws, which are not made before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from guessmodel.engine.steps import DROPPED
from guessmodel.errors import DimensionError, UsageError, public
from guessmodel.estimators import stratified
from guessmodel.estimators.closed_form import Closed
from guessmodel.estimators.coincidence import Coincidences
from guessmodel.estimators.conditional.estimator import Conditional
from guessmodel.estimators.estimate import UNRELIABLE, Estimate
from guessmodel.estimators.estimator import Candidate, Estimator
from guessmodel.estimators.exact import exact_of
from guessmodel.estimators.sampled import FromDraws, Sampled
from guessmodel.estimators.stratified import Stratum
from guessmodel.graph import dims as dimensions
from guessmodel.graph.categories import refuse_numbers
from guessmodel.graph.dims import Dims
from guessmodel.graph.ends import Order
from guessmodel.graph.kinds import format_of, is_indicator
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import variates
from guessmodel.numerics.arrays import FloatArray
from guessmodel.simulation.deferred import Deferred
from guessmodel.simulation.from_run import FromRun
from guessmodel.simulation.knowledge import Knowledge
from guessmodel.simulation.run import Run
from guessmodel.simulation.strata import Strata
from guessmodel.units.formats import share_in_words

__all__ = ["Estimated", "OverStrata", "Tallies"]

_FAR: Final = 2.0  # times the error of counting, from which on the draws are counted
_PREVIEWED: Final = 8  # replicates of a preview
_MEANS: Final = "replicates"  # the estimator of means and deviations of the draws
_TELLING: Final = 64  # draws: what is one in twenty, 96% of such runs have met

OverStrata = Callable[[Sequence[Stratum], str], Estimate]
"""A statistic of strata, in a unit."""
Tallies = np.ndarray[Any, np.dtype[np.object_]]  # of Sampled


@public
@dataclass(frozen=True, eq=False)
class Estimated:
    """Abstract: one quantity of a run, its draws, and its estimators in their order."""

    name: str
    quantity: Quantity
    deferred: Deferred
    key: str  # the name without labels
    dims: Dims
    knowledge: Knowledge
    position: tuple[int, ...] = ()
    tallies: Tallies | None = None  # (*labels,) of all coordinates; then `draws` are a few only
    integrates: bool = True  # see `Simulation`
    within: Knowledge | None = None  # of the run under a condition that tells nothing of it

    # --- draws ----------------------------------------------------------------------------------

    @property
    def run(self) -> Run:
        """How the draws were made."""
        return (self.within or self.knowledge).run

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
    def preview(self) -> FloatArray:
        """Some draws to look at, shape (*labels, few), read-only: all, where they were kept."""
        draws = self.draws
        if self.within is not None and self.within.condition is not None:
            return np.where(self.within.condition.holds, draws, np.nan)
        view = draws.view()
        view.flags.writeable = False
        return view

    @property
    def by_replicate(self) -> FloatArray:
        """The draws that tell the statistics, shape (*labels, replicates, few): those of `preview`,
        and all of what a condition tells nothing of. A preview of draws that were not kept is a run
        of its own, in 8 replicates."""
        few = self.draws.view()
        few.flags.writeable = False
        count = self.run.replicates if self.tallies is None else _PREVIEWED
        return few.reshape(*few.shape[:-1], count, -1)

    @property
    def applicable(self) -> bool:
        """False at a label where the quantity is not applicable."""
        mask = self.quantity.axes.mask
        return self.dims != () or mask is None or bool(mask[self.position])

    @property
    def faults(self) -> tuple[str, ...]:
        """Where draws that are not finite arose, and why."""
        return self.deferred.draws.faults.get(self.key, ())

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
        condition, kept = self.knowledge.condition, draws.size
        if condition is not None:
            kept = draws.size // self.run.samples * condition.effective_samples
        return 1.0 - float(np.count_nonzero(np.isfinite(draws))) / kept

    # --- what is known beside them ----------------------------------------------------------------

    @property
    def _is_given(self) -> bool:
        """Whether a condition decides about it."""
        return self.knowledge.condition is not None

    @property
    def closed(self) -> Closed | None:
        """The exact distribution, if it is known; None for a labelled quantity as a whole."""
        forms = None if self.dims else self.knowledge.forms
        return forms.at(self.quantity, self.position) if forms else None

    @property
    def tail_index(self) -> Order:
        """Bounds of the tail index, which tells the moments that exist: those of a lower order."""
        return self.knowledge.tail_index(self.quantity, self.position)

    @cached_property
    def _exact(self) -> Estimator | None:
        forms = None if self.dims else self.knowledge.forms
        if not forms:
            return None
        found = exact_of(forms, self.quantity, self.position)
        return found or self.knowledge.of_one_draw(self.quantity, self.position)

    @cached_property
    def _conditional(self) -> Conditional | None:
        return self._integrated_out(self.quantity) if self.applicable else None

    def _integrated_out(self, quantity: Quantity) -> Conditional | None:
        """The conditional CDF of a quantity, itself or what compares it; see `Knowledge`."""
        if not self.integrates:
            return None
        return self.knowledge.conditional(quantity, self.position, self.quantity)

    @property
    def _coincidences(self) -> Coincidences:
        return self.knowledge.coincidences(self.key, self.position)

    def _closed_now(self) -> Closed | None:
        self._check()
        return self.closed if self.applicable else None

    def _exact_now(self) -> Estimator | None:
        self._check()
        return self._exact if self.applicable else None

    def _check(self) -> None:
        """Raise unless there is a statistic of numbers: of one label, and not of a category."""
        self._check_labels()
        refuse_numbers(self.name, self.quantity)

    def _check_labels(self) -> None:
        if self.dims:
            first = self.dims[0]
            raise DimensionError(
                f"'{self.name}' has dimensions ({dimensions.describe(self.dims)}); choose a label, "
                f"e.g. .sel({first.name}={first.labels[0]!r}), or loop over .by_label"
            )

    # --- statistics of the draws ------------------------------------------------------------------

    @property
    def counted(self) -> list[FromDraws]:
        """The quantity's draws (one estimator, or none), where no estimator can do without them."""
        if not self.applicable or self.quantity.categories or self._exact or self._conditional:
            return []
        drawn = self._sampled()
        return [drawn] if isinstance(drawn, FromDraws) else []

    def _sampled(self) -> Sampled:
        self._check_labels()
        return self._counted

    @cached_property
    def _counted(self) -> Sampled:
        if self.tallies is not None:
            found: Sampled = self.tallies[self.position]
            return found
        return FromDraws(self.draws.reshape(self.run.replicates, self.run.size))

    def _rows(self) -> FloatArray | None:
        """The draws, shape (replicates, size); None where they were not kept."""
        sampled = self._sampled()
        return sampled.rows if isinstance(sampled, FromDraws) else None

    def _whole(self, found: Estimate, estimator: OverStrata) -> Estimate:
        """The estimate from the draws, or that over strata, see `Strata.whole`."""
        if not self.applicable:
            return found
        strata, name, position = self._strata()
        if self._is_given and strata is self.knowledge.strata:
            return found
        asked = self._asked(found, estimator, name, position)
        return strata.with_farther(strata.whole(asked), asked)

    def _with_farther(self, told: Estimate, estimator: OverStrata) -> Estimate:
        """What parts tell, with what is farther out than all draws, see `FartherOut`."""
        if not self.applicable:
            return told
        strata, name, position = self._strata()
        return strata.with_farther(told, self._asked(told, estimator, name, position))

    def _strata(self) -> tuple[Strata, str, tuple[int, ...]]:
        """The rare events of the run, and what the quantity is called there; under a condition, if
        there are any, those of the quantity in the cases in which it holds."""
        strata, name, position = self.knowledge.strata, self.key, self.position
        if not self._is_given:
            return strata, name, position
        rare = strata.concern(name) or strata.turns.rare.are_within_reach(name)
        if not (rare or strata.farther_out.is_behind(name)):
            return strata, name, position
        strata = self.knowledge.strata_given(self.quantity, position)
        return strata, strata.run.names[0], ()

    @property
    def decided_by_rare(self) -> bool:
        """Whether rare events are behind the quantity, or what hardly any draw meets decides about
        its mean or deviation."""
        return self._rare_decide()

    def _rare_decide(self, *estimators: OverStrata) -> bool:
        """The same of its mean, its deviation and other statistics."""
        strata, name, position = self._strata()
        if strata.concern(name):
            return True
        turns = strata.turns.rare.are_within_reach(name)
        if not (self.applicable and (turns or strata.farther_out.is_behind(name))):
            return False
        draws = [Stratum(1.0, self.by_replicate)]
        asked = (
            self._asked(estimator(draws, ""), estimator, name, position)
            for estimator in (stratified.mean, stratified.sd, *estimators)
        )
        return any(strata.turns.of(each) or strata.farther_decides(each) for each in asked)

    def _whole_probability(self, found: Estimate) -> Estimate:
        """A probability, or the one that draws tell in which the event happens, see
        `Strata.probability`."""
        if not self.applicable or self._is_given:
            return found
        asked = self._asked(found, stratified.mean, self.key, self.position)
        return self.knowledge.strata.probability(asked)

    def _asked(
        self,
        found: Estimate,
        estimator: OverStrata,
        name: str,
        position: tuple[int, ...],
    ) -> FromRun:
        n = None if self.tallies is not None else self.run.planned
        return FromRun(found, estimator, name, position, lambda: self.by_replicate, n)

    # --- the answer -------------------------------------------------------------------------------

    def _answer(
        self, ask: Callable[[Estimator], Candidate | None], count: Callable[[], Estimate]
    ) -> Estimate:
        """The answer of the first estimator that settles the question; `count` has the draws."""
        (answer,) = self._cheap([ask])
        if answer is not None and answer.settled:
            return self._formatted(answer.estimate)
        return self._formatted(self._preferred(answer, count()))

    def _cheap(
        self, questions: Sequence[Callable[[Estimator], Candidate | None]]
    ) -> list[Candidate | None]:
        """What estimators say to each question that do without the draws of the run: the first
        settled answer, else the last."""
        found: list[Candidate | None] = [None] * len(questions)
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

    def _preferred(self, answer: Candidate | None, counted: Estimate) -> Estimate:
        """The conditional estimate, unless counting has an error far below. Of two errors that are
        nearly the same the smaller one is too small: taking it covers 88% where this covers 95%."""
        if answer is None or self.faults or answer.estimate.error >= _FAR * counted.error:
            return self._noted(counted)
        return answer.estimate

    def _noted(self, estimate: Estimate) -> Estimate:
        """An estimate with a note of draws that were lost."""
        if not self.applicable:
            return Estimate.refused("not applicable", estimate.estimator, estimate.unit)
        if estimate.note is None and self._may_have_missed(estimate):
            told = f"{UNRELIABLE}: all of {self.run.samples} draws are the same"
            estimate = replace(estimate, note=told)
        share = self.non_finite if self.faults and not self.only_dropped else 0.0
        if share in (0.0, 1.0):
            return estimate
        note = f"{share_in_words(share)} draws are not finite and left out"
        both = note if estimate.note is None else f"{estimate.note}; {note}"
        return replace(estimate, note=both)

    def _may_have_missed(self, estimate: Estimate) -> bool:
        """Whether a few draws without a difference are all that a mean or deviation is told by."""
        few = estimate.estimator == _MEANS and self.run.samples < _TELLING
        return few and estimate.error == 0.0 and bool(variates([self.quantity]))

    @cached_property
    def _is_indicator(self) -> bool:
        return is_indicator(self.quantity)

    @cached_property
    def _format(self) -> str | None:
        return format_of(self.quantity)

    def _formatted(self, estimate: Estimate) -> Estimate:
        return estimate if self._format is None else replace(estimate, format=self._format)
