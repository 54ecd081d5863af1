"""Rare events whose probability is itself uncertain, and those that may happen together.

An event of probability p, a quantity too, is met in about N E[p] of N draws. Where these are few or
none, its draw is taken out of a mean: E[Y] = E[(1 - p) Y₀ + p Y₁], where Y₁ is the quantity with
the event and Y₀ without, both made of the same other draws (conditional Monte Carlo, Asmussen and
Glynn 2007, "Stochastic Simulation", section V.4). Several events are taken out one by one, so that
what two of them do together, as in a fault tree, counts for what it weighs. A Poisson number of
rate λ is an event of probability 1 - exp(-λ), and then a number of at least 1; a mixture is one,
which then takes the value of another component than the usual one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import add
from typing import Final, final

import numpy as np

from guessmodel.distributions.truncated import Truncated
from guessmodel.engine.rare import EXPECTED, LEAST, seldom
from guessmodel.engine.run import run_plan
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.folding import folded
from guessmodel.estimators.sampled import FromDraws
from guessmodel.estimators.stratified import ESTIMATOR
from guessmodel.graph.coordinates import Element
from guessmodel.graph.dims import broadcast
from guessmodel.graph.draw import Quantile
from guessmodel.graph.ends import NONE
from guessmodel.graph.functions import expm1
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.number_in import number_node
from guessmodel.graph.quantity import Quantity, Variate
from guessmodel.graph.traversal import ancestors, rewired, variates
from guessmodel.numerics.arrays import FloatArray
from guessmodel.simulation.model_run import ModelRun
from guessmodel.simulation.rare_comparisons import rare_comparisons
from guessmodel.units import DIMENSIONLESS

__all__ = ["UncertainEvents"]

_FEW: Final = 1 << 10  # draws of the parameters, which tell how likely an event is
_MOST: Final = 6  # events that are taken out: each doubles what is worked out
_MOST_CASES: Final = 4  # events whose cases are looked at one by one
_DRAWS: Final = 1 << 17  # at most, however large the run


@final
@dataclass(frozen=True, eq=False)
class UncertainEvents:
    """Those of a run of `samples` draws of a model."""

    run: ModelRun

    def draws_behind(self, name: str) -> list[Quantity]:
        """The discrete draws of uncertain parameters an output depends on that a run of so many
        draws is not expected to meet often at another than their usual value."""
        rare = self._rare(name, EXPECTED / self.run.samples) if self._uncertain else ()
        return [x for x in rare if x not in self._crossings and not self._fixed(x)]

    def comparisons_behind(self, name: str) -> list[Quantity]:
        """The comparisons of several draws behind an output that a run turns over as seldom."""
        rare = self._rare(name, seldom(self.run.samples)) if self._crossings else ()
        return [event for event in rare if event in self._crossings]

    def take_out(self, name: str, others: int, deciding: Set[Quantity]) -> bool:
        """Whether what decides about turns, and all such comparisons, are taken out of an output,
        or hang on nothing else than draws that are; of `others` see `mean`."""
        taken = set(self._taken(name, others))
        numbers = {event.operands[0] for event in taken if event not in self._crossings}
        left = {*deciding, *self.comparisons_behind(name)} - taken
        return all(variates([each]) <= numbers for each in left)

    def mean(self, name: str, position: tuple[int, ...], unit: str, others: int) -> Estimate | None:
        """The mean of an output at a coordinate; None where no such event is behind it, nor two of
        known probabilities, which may happen together, or where not all rare ones can be taken out:
        `others` is the number of draws that decide about those of known probabilities."""
        draws = self._taken(name, others)
        quantity = self.run.model.quantities[name]
        return self._without(quantity, draws, position, unit) if draws else None

    def sd(self, name: str, position: tuple[int, ...], unit: str, others: int) -> Estimate | None:
        """Likewise the standard deviation, the root of the mean squared deviation from the mean."""
        draws = self._taken(name, others)
        if not draws:
            return None
        quantity = self.run.model.quantities[name]
        centre = self._without(quantity, draws, position, unit)
        if math.isnan(centre.value):
            return centre
        middle = number_node(centre.value, quantity.unit, quantity.location)
        square = self._without((quantity - middle) ** 2, draws, position, unit)
        if math.isnan(square.value):
            return square
        value, low, high = (math.sqrt(max(x, 0.0)) for x in (square.value, square.low, square.high))
        return Estimate(value, low, high, ESTIMATOR, unit, square.note or centre.note)

    def _taken(self, name: str, others: int) -> Sequence[Quantity]:
        if len(self._draws) < 2 and not self._uncertain:
            return ()
        rare = self._rare(name, seldom(self.run.samples))
        quantity = self.run.model.quantities[name]
        known = sum(map(self._fixed, rare))
        by_strata = known == len(rare) and known < 2
        if by_strata or len(rare) > _MOST or others > known:
            return ()
        alone = [event for event in rare if self._is_alone(event, quantity)]
        if not all(event in self._crossings for event in rare if event not in set(alone)):
            return ()
        # Without the likelier ones parts may be known exactly.
        others_behind = (x for x in self._rare(name, 1.0) if x not in set(alone))
        more = [x for x in others_behind if self._is_alone(x, quantity)]
        taken = {*alone, *more[: _MOST - len(alone)]}
        # What depends on another event comes first: taking that out makes it anew.
        return [node for node in ancestors([quantity]) if node in taken][::-1]

    def _without(
        self,
        quantity: Quantity,
        events: Sequence[Quantity],
        position: tuple[int, ...],
        unit: str,
    ) -> Estimate:
        crossings = [self._crossings[event] for event in events if event in self._crossings]
        found = self._mean(quantity, events, position, unit, lambda known: known.value)
        if all(known.error == 0.0 for known in crossings):
            return found
        ends = [
            self._mean(quantity, events, position, unit, end)
            for end in (lambda known: known.low, lambda known: known.high)
        ]
        low, high = (f(f(e.low, e.high) for e in (found, *ends)) for f in (min, max))
        return replace(found, low=low, high=high, estimator=ESTIMATOR)

    def _mean(
        self,
        quantity: Quantity,
        events: Sequence[Quantity],
        position: tuple[int, ...],
        unit: str,
        chance_of: Callable[[Estimate], float],
    ) -> Estimate:
        index = NONE
        if not is_indicator(quantity):
            index = self.run.program.tails.of(quantity, position)
        if index.least > 2.0:
            exact = self._by_cases(quantity, events, position, chance_of)
            if exact is not None:
                return Estimate.exact(exact, unit)
        for event in events:
            chance, there, without = self._cases(quantity, event, chance_of)
            quantity = without + chance * (there - without)
        rows = self._drawn(quantity, position, min(self.run.samples, _DRAWS))
        return replace(FromDraws(rows).mean(unit, index), estimator=ESTIMATOR)

    def _drawn(self, quantity: Quantity, position: tuple[int, ...], n: int) -> FloatArray:
        """Draws of a quantity at a coordinate, shape (R, N)."""
        plan = self.run.program.compiled({"": quantity})
        points = plan.points(self.run.method, n, self.run.seed)
        values, _ = run_plan(plan, points)
        rows: FloatArray = values[""][position].reshape(points.replicates, -1)
        return rows

    def _by_cases(
        self,
        quantity: Quantity,
        events: Sequence[Quantity],
        position: tuple[int, ...],
        chance_of: Callable[[Estimate], float],
    ) -> float | None:
        """The sum over all cases of what each has times its probability, where the expectations
        of these products are known by independent parts."""
        program = self.run.program
        if len(events) > _MOST_CASES or quantity.unit.is_absolute:
            return None
        cases = [(number_node(1.0, DIMENSIONLESS, quantity.location), quantity)]
        for event in events:
            split = []
            for weight, case in cases:
                chance, there, without = self._cases(case, event, chance_of)
                _, *weights = self._cases(weight, event, chance_of)  # one event may hang on another
                split.append((weights[0] * chance, there))
                split.append((weights[1] * (1.0 - chance), without))
            cases = split
        total = 0.0
        for weight, case in cases:
            case = folded(case, program.forms)
            product = folded(weight * case, program.forms)
            known = program.parts.of(Element(product, position), 2)
            if known is None:
                return None
            total += math.ldexp(float(known.moments.mean), known.moments.power)
        return total

    def _cases(
        self,
        quantity: Quantity,
        event: Quantity,
        chance_of: Callable[[Estimate], float] = lambda known: known.value,
    ) -> tuple[Quantity, Quantity, Quantity]:
        """The probability that an event's number is not 0, given all others; the quantity then, and
        else."""
        if _is_mixture(event):
            return _mixture_cases(quantity, event, int(np.argmax(self._chances[event])))
        if event not in self._crossings:
            return _cases(quantity, event)
        chance = number_node(chance_of(self._crossings[event]), DIMENSIONLESS, event.location)
        cases = (number_node(value, event.unit, event.location) for value in (1.0, 0.0))
        there, without = (rewired([quantity], {event: case})[quantity] for case in cases)
        return chance, there, without

    def _is_alone(self, event: Quantity, quantity: Quantity) -> bool:
        """Whether an event can be taken out of a quantity: a draw, see below, or a comparison that
        shares no variate with the rest."""
        if event not in self._crossings:
            return _is_alone(event, quantity)
        rest = rewired([quantity], {event: number_node(0.0, event.unit, event.location)})[quantity]
        return variates([event]).isdisjoint(variates([rest]))

    # --- which events -----------------------------------------------------------------------------

    @cached_property
    def _crossings(self) -> Mapping[Quantity, Estimate]:
        return rare_comparisons(self.run.model, self.run.names, self.run.method, self.run.seed)

    def _fixed(self, event: Quantity) -> bool:
        """Whether it is a draw, with parameters that no other draw is behind."""
        known = self._random.isdisjoint(_deciding(event))
        return known and isinstance(event.operation, Quantile)

    @cached_property
    def _random(self) -> set[Quantity]:
        """What draws are behind."""
        found: set[Quantity] = set()
        for node in ancestors(self.run.model.quantities[name] for name in self.run.names):
            if isinstance(node.operation, Variate) or not found.isdisjoint(node.operands):
                found.add(node)
        return found

    @cached_property
    def _draws(self) -> list[Quantity]:
        """The discrete draws of the run; of known parameters yes or no alone."""
        return [
            node
            for node in ancestors(self.run.model.quantities[name] for name in self.run.names)
            if isinstance(node.operation, Quantile)
            and not node.operation.family.has_density
            and (not self._fixed(node) or node.operation.family.name == "bernoulli")
        ]

    @cached_property
    def _events(self) -> list[Quantity]:
        return [*self._draws, *self._crossings]

    @cached_property
    def _uncertain(self) -> bool:
        return bool(self._crossings) or not all(map(self._fixed, self._draws))

    @cached_property
    def _causes(self) -> Mapping[Quantity, int]:
        """Which of the draws each quantity depends on. Sets of draws are bits of whole numbers."""
        own = {event: 1 << k for k, event in enumerate(self._events)}
        found: dict[Quantity, int] = {}
        for node in ancestors(self.run.model.quantities[name] for name in self.run.names):
            bits = own.get(node, 0)
            for operand in node.operands:
                bits |= found[operand]
            found[node] = bits
        return found

    def _rare(self, name: str, share: float) -> list[Quantity]:
        """Those behind an output that have another value than the usual one with a probability
        below a share, but not never."""
        bits = self._causes[self.run.model.quantities[name]]
        return [
            event
            for k, event in enumerate(self._events)
            if bits >> k & 1
            and np.any((self._chances[event] > LEAST) & (self._chances[event] < share))
        ]

    @cached_property
    def _chances(self) -> Mapping[Quantity, FloatArray]:
        """Of each event the mean probabilities, by its labels, that it has not its usual value; of
        a mixture those of its components."""
        draws = self._draws
        found = {
            event: np.asarray(min(known.value, 1.0 - known.value))
            for event, known in self._crossings.items()
        }
        plan = self.run.program.compiled(
            {
                f"{k} {j}": parameter
                for k, draw in enumerate(draws)
                for j, parameter in enumerate(_deciding(draw))
            }
        )
        values, _ = run_plan(plan, plan.points(self.run.method, _FEW, self.run.seed))
        for k, draw in enumerate(draws):
            assert isinstance(draw.operation, Quantile)
            family = draw.operation.family
            parameters = [
                broadcast(values[f"{k} {j}"], parameter.dims, draw.dims)
                for j, parameter in enumerate(_deciding(draw))
            ]
            if _is_mixture(draw):
                weights = np.array(np.broadcast_arrays(*parameters))
                with np.errstate(all="ignore"):
                    found[draw] = np.nan_to_num(np.mean(weights / weights.sum(axis=0), axis=-1))
                continue
            with np.errstate(all="ignore"):
                usual = np.median(family.ppf(0.5, *parameters), axis=-1, keepdims=True)
                before = np.nextafter(usual, -np.inf)
                chances = family.cdf(before, *parameters) + family.sf(usual, *parameters)
            found[draw] = np.nan_to_num(np.mean(chances, axis=-1))
        return found


def _is_mixture(event: Quantity) -> bool:
    """Whether it chooses among other quantities."""
    return isinstance(event.operation, Quantile) and event.operation.family.name == "mixture"


def _deciding(event: Quantity) -> tuple[Quantity, ...]:
    """The parameters that its probabilities are made of: of a mixture the weights."""
    parameters = event.parameters
    return parameters[: len(parameters) // 2] if _is_mixture(event) else parameters


def _is_alone(draw: Quantity, quantity: Quantity) -> bool:
    """Whether a draw without labels can be taken out: a yes or no, a Poisson number, or a mixture,
    of a variate that nothing else is made of."""
    assert isinstance(draw.operation, Quantile)
    number = draw.operands[0]
    if draw.operation.family.name not in ("bernoulli", "poisson", "mixture") or draw.dims:
        return False
    users = [x for x in ancestors([quantity]) if any(number is each for each in x.operands)]
    return isinstance(number.operation, Variate) and len(users) == 1


def _cases(quantity: Quantity, draw: Quantity) -> tuple[Quantity, Quantity, Quantity]:
    """The probability that a draw is not 0, given all others; the quantity then, and else."""
    assert isinstance(draw.operation, Quantile)
    number, (parameter,) = draw.operands[0], draw.parameters
    nothing, one = (number_node(value, draw.unit, draw.location) for value in (0.0, 1.0))
    if draw.operation.family.name == "bernoulli":
        chance, happens = parameter, one
    else:
        chance = -expm1(-parameter)
        operation = Quantile(Truncated(draw.operation.family, ("lower",)), {})
        happens = replace(draw, operation=operation, operands=(number, parameter, one))
    there, without = (rewired([quantity], {draw: x})[quantity] for x in (happens, nothing))
    return chance, there, without


def _mixture_cases(
    quantity: Quantity, draw: Quantity, usual: int
) -> tuple[Quantity, Quantity, Quantity]:
    """The same of a mixture: another component than the usual one, and this."""
    number, weights = draw.operands[0], _deciding(draw)
    values = draw.parameters[len(weights) :]
    others = [k for k in range(len(weights)) if k != usual]
    rest = reduce(add, [weights[k] for k in others])
    happens = values[others[0]]
    if len(others) > 1:
        chosen = (*(weights[k] for k in others), *(values[k] for k in others))
        happens = replace(draw, operands=(number, *chosen))
    there, without = (rewired([quantity], {draw: x})[quantity] for x in (happens, values[usual]))
    return rest / (rest + weights[usual]), there, without
