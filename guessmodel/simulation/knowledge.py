"""What a run knows of its quantities beside their draws, worked out when a statistic first asks.

The graph tells it: closed forms, conditional Monte Carlo, moments by parts, which moments exist,
how far events that are counted alike move a statistic, and rare events. Most of it is said of all
draws, so that under a condition it is not known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, final

from guessmodel.estimators.closed_form import ClosedForms
from guessmodel.estimators.coincidence import Coincidences, coincidences
from guessmodel.estimators.conditional.budget import afforded
from guessmodel.estimators.conditional.estimator import Conditional, conditional
from guessmodel.estimators.estimator import Estimator
from guessmodel.estimators.one_draw.function import OneDraw
from guessmodel.estimators.program import Program, program_of
from guessmodel.estimators.tails.light import facts_of
from guessmodel.graph.bounded import filtered
from guessmodel.graph.coordinates import Element
from guessmodel.graph.ends import NONE, Order
from guessmodel.graph.functions import where
from guessmodel.graph.quantity import Quantity
from guessmodel.model.elements import extended_by
from guessmodel.simulation.model_run import ModelRun
from guessmodel.simulation.run import Run
from guessmodel.simulation.strata import Strata

if TYPE_CHECKING:
    from guessmodel.estimators.by_parts.composed import Composed
    from guessmodel.model.model import Model
    from guessmodel.simulation.given import Condition

__all__ = ["Knowledge"]


@final
@dataclass(frozen=True, eq=False)
class Knowledge:
    """What a run knows beside its draws.

    Attributes
    ----------
    names : of all its results
    condition : what is given
    kept : whether its draws were kept
    """

    model: Model
    names: tuple[str, ...]
    run: Run
    condition: Condition | None
    kept: bool
    _conditional: dict[Element, Conditional | None] = field(default_factory=dict)
    _given: dict[Element, Strata] = field(default_factory=dict)

    @cached_property
    def program(self) -> Program:
        """What is worked out once of the model."""
        return program_of(self.model)

    @property
    def forms(self) -> ClosedForms | None:
        """Closed forms of all coordinates; None under a condition."""
        return None if self.condition is not None else self.program.forms

    def of_one_draw(
        self, quantity: Quantity, position: tuple[int, ...], *, in_any: bool = False
    ) -> Estimator | None:
        """Statistics of a quantity at a coordinate that is made of one draw; None of another, under
        a condition, and, unless `in_any` is asked for, in a large model, of which to follow all
        quantities takes long."""
        if self.condition is not None:
            return None
        known, place = self.program.of_one_draw, Element(quantity, position)
        coordinates = 1 if in_any else self.program.forms.coordinates
        if (place, coordinates) not in known:
            known[place, coordinates] = None
            one = OneDraw.of(place, OneDraw.longest(coordinates), coordinates)
            if one is not None:
                from guessmodel.estimators.one_draw.estimator import estimator_of

                known[place, coordinates] = estimator_of(
                    one, lambda: self.tail_index(quantity, position).least > 2.0
                )
        return known[place, coordinates]

    def conditional(
        self, quantity: Quantity, position: tuple[int, ...], of: Quantity
    ) -> Conditional | None:
        """The CDF of a quantity at a coordinate with one draw integrated out (see
        `estimators.conditional`); None where no draw qualifies, or where it costs more than is
        afforded for the quantity of the run that it tells `of`: itself, or what it compares."""
        if self.condition is not None:
            return None
        most = self._afforded.get(of)
        if most is None:
            return None
        place = Element(quantity, position)
        if place not in self._conditional:
            run = self.run
            made = run.method, run.seed, run.replicates, run.size
            self._conditional[place] = conditional(self.program, place, *made, most)
        return self._conditional[place]

    @cached_property
    def _afforded(self) -> Mapping[Quantity, int]:
        """The same as `afforded`, looked up once, for to hash many names takes time."""
        return afforded(self.program, self.names, self.run.replicates, self.run.size)

    def composed(
        self, quantity: Quantity, position: tuple[int, ...], order: int, *, sampled: bool
    ) -> Composed | None:
        """Moments up to an order of a quantity at a coordinate, from those of its parts (see
        `estimators.by_parts`), which may be given draws where `sampled`; None where they are not
        known so."""
        element, order = Element(quantity, position), 2 if order == 2 else 4
        if not sampled:
            return self.program.parts.of(element, order) if self.condition is None else None
        found = self._given_draws((element,), order, 1)
        return None if found is None else found[0]

    def composed_together(
        self, both: tuple[Quantity, Quantity], answers: int
    ) -> tuple[Composed, Composed] | None:
        """Moments to the second order of two quantities without labels, given the same draws, where
        so many such answers are asked for."""
        found = self._given_draws(tuple(Element(each, ()) for each in both), 2, answers)
        return None if found is None else (found[0], found[1])

    def _given_draws(
        self, elements: tuple[Element, ...], order: int, answers: int
    ) -> Sequence[Composed] | None:
        run, condition = self.run, self.condition
        if not self.kept:
            return None
        from guessmodel.estimators.by_parts.leaves import Sampling

        conditions = () if condition is None else condition.nodes
        answers = max(answers, len(self.names))
        made = Sampling(answers, run.method, run.seed, run.samples, conditions)
        return self.program.parts.given_draws(elements, order, made)

    def tail_index(self, quantity: Quantity, position: tuple[int, ...]) -> Order:
        """Bounds of the tail index of a quantity at a coordinate: which of its moments exist."""
        if facts_of(quantity, self.program.facts).light:
            return NONE
        found = self.program.tails.of(quantity, position)
        # A condition may cut the tail off, or not.
        return found if self.condition is None else Order(found.least, math.inf)

    def coincidences(self, name: str, position: tuple[int, ...]) -> Coincidences:
        """How far rounding errors that coincide move a result at a coordinate."""
        return Coincidences() if self.condition is not None else self._alike(name, position)

    @cached_property
    def _alike(self) -> Callable[[str, tuple[int, ...]], Coincidences]:
        run = self.run
        return coincidences(self.program, self.names, run.method, run.replicates, run.size)

    @cached_property
    def strata(self) -> Strata:
        """The rare events of the run, and draws given each."""
        run = self.run
        return Strata(ModelRun(self.model, self.names, run.method, run.seed, run.samples))

    def strata_given(self, quantity: Quantity, position: tuple[int, ...]) -> Strata:
        """The rare events of a quantity at a coordinate in the cases in which the condition holds;
        in all others it is no number."""
        place = Element(quantity, position)
        if place not in self._given:
            assert self.condition is not None
            labels = zip(quantity.dims, position, strict=True)
            one = quantity.isel(**{dim.name: at for dim, at in labels})
            for node in self.condition.nodes:
                one = where(filtered(node, low=1.0), one, one)
            model, name = extended_by(self.model, "given", one)
            run = ModelRun(model, (name,), self.run.method, self.run.seed, self.run.samples)
            self._given[place] = Strata(run, met=frozenset(self.condition.nodes))
        return self._given[place]
