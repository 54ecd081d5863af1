"""Rare events whose probability is itself uncertain, and those that may happen together.

An event of probability p, a quantity too, is met in about N E[p] of N draws. Where these are few or
none, its draw is taken out of a mean: E[Y] = E[(1 - p) Y₀ + p Y₁], where Y₁ is the quantity with
the event and Y₀ without, both made of the same other draws (conditional Monte Carlo, Asmussen and
Glynn 2007, "Stochastic Simulation", section V.4). Several events are taken out one by one, so that
what two of them do together, as in a fault tree, counts for what it weighs. A Poisson number of
rate λ is an event of probability 1 - exp(-λ), and then a number of at least 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, final

import numpy as np

from guessmodel.distributions.truncated import Truncated
from guessmodel.engine.rare import EXPECTED, seldom
from guessmodel.engine.run import run_plan
from guessmodel.estimators.closed_form import Forms
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.program import program_of
from guessmodel.estimators.sampled import FromDraws
from guessmodel.estimators.stratified import ESTIMATOR
from guessmodel.graph.coordinates import Element
from guessmodel.graph.dims import broadcast
from guessmodel.graph.draw import Quantile
from guessmodel.graph.elementwise import Elementwise, FloatArray, Where
from guessmodel.graph.ends import NONE
from guessmodel.graph.functions import expm1
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.number_in import number_node
from guessmodel.graph.quantity import Constant, Quantity, Variate
from guessmodel.graph.traversal import ancestors, rewired
from guessmodel.units import DIMENSIONLESS

if TYPE_CHECKING:
    from guessmodel.model.model import Model

__all__ = ["UncertainEvents"]

_LEAST: Final = 1e-13  # a probability below which floating point does not tell of an event
_FEW: Final = 1 << 10  # draws of the parameters, which tell how likely an event is
_MOST: Final = 6  # events that are taken out: each doubles what is worked out
_MOST_CASES: Final = 4  # events whose cases are looked at one by one
_LARGEST: Final = 400  # quantities, beyond which they are taken as they are
_DECIDING: Final = {np.logical_and: False, np.logical_or: True}
"""The operand that decides alone."""
_DRAWS: Final = 1 << 17  # at most, however large the run


@final
@dataclass(frozen=True, eq=False)
class UncertainEvents:
    """Those of a run of `samples` draws of a model."""

    model: Model
    names: tuple[str, ...]
    method: str
    seed: int
    samples: int

    def behind(self, name: str) -> int:
        """How many discrete draws of uncertain parameters an output depends on that a run of so
        many draws is not expected to meet often at another than their usual value."""
        if not self._uncertain:
            return 0
        return sum(not fixed(draw) for draw in self._rare(name, EXPECTED / self.samples))

    def mean(
        self,
        name: str,
        position: tuple[int, ...],
        unit: str,
        others: int,
    ) -> Estimate | None:
        """The mean of an output at a coordinate; None where no such event is behind it, nor two of
        known probabilities, which may happen together, or where not all rare ones can be taken out:
        `others` is the number of draws that decide about those of known probabilities."""
        draws = self._taken(name, others)
        quantity = self.model.quantities[name]
        return self._without(quantity, draws, position, unit) if draws else None

    def sd(
        self,
        name: str,
        position: tuple[int, ...],
        unit: str,
        others: int,
    ) -> Estimate | None:
        """Likewise the standard deviation, the root of the mean squared deviation from the mean."""
        draws = self._taken(name, others)
        if not draws:
            return None
        quantity = self.model.quantities[name]
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
        rare = self._rare(name, seldom(self.samples))
        quantity = self.model.quantities[name]
        certain = sum(map(fixed, rare))
        alone = certain == len(rare) < 2
        if alone or len(rare) > _MOST or others > certain:
            return ()
        if not all(_is_alone(draw, quantity) for draw in rare):
            return ()
        # Without the likelier ones parts may be known exactly.
        more = (x for x in self._rare(name, 1.0) if x not in set(rare) and _is_alone(x, quantity))
        return [*rare, *list(more)[: _MOST - len(rare)]]

    def _without(
        self,
        quantity: Quantity,
        draws: Sequence[Quantity],
        position: tuple[int, ...],
        unit: str,
    ) -> Estimate:
        index = NONE
        if not is_indicator(quantity):
            index = program_of(self.model).tails.of(quantity, position)
        if index.least > 2.0:
            exact = self._by_cases(quantity, draws, position)
            if exact is not None:
                return Estimate.exact(exact, unit)
        for draw in draws:
            chance, there, without = _cases(quantity, draw)
            quantity = without + chance * (there - without)
        plan = program_of(self.model).compiled({"": quantity})
        points = plan.points(self.method, min(self.samples, _DRAWS), self.seed)
        values, _ = run_plan(plan, points)
        rows = values[""][position].reshape(points.replicates, -1)
        return replace(FromDraws(rows).mean(unit, index), estimator=ESTIMATOR)

    def _by_cases(
        self, quantity: Quantity, draws: Sequence[Quantity], position: tuple[int, ...]
    ) -> float | None:
        """The sum over all cases of what each has times its probability, where the expectations
        of these products are known by independent parts."""
        program = program_of(self.model)
        if len(draws) > _MOST_CASES or quantity.unit.is_absolute:
            return None
        cases = [(number_node(1.0, DIMENSIONLESS, quantity.location), quantity)]
        for draw in draws:
            split = []
            for weight, case in cases:
                chance, there, without = _cases(case, draw)
                split += [(weight * chance, there), (weight * (1.0 - chance), without)]
            cases = split
        total = 0.0
        for weight, case in cases:
            product = _simplified(weight * _simplified(case, program.forms), program.forms)
            known = program.parts.of(Element(product, position), 2)
            if known is None:
                return None
            total += math.ldexp(float(known.moments.mean), known.moments.power)
        return total

    # --- which draws ------------------------------------------------------------------------------

    @cached_property
    def _draws(self) -> list[Quantity]:
        """The discrete draws of the run; of known parameters yes or no alone."""
        return [
            node
            for node in ancestors(self.model.quantities[name] for name in self.names)
            if isinstance(node.operation, Quantile)
            and node.operation.family.discrete
            and node.operation.family.name != "mixture"  # its weights are known, or it is drawn
            and (not fixed(node) or node.operation.family.name == "bernoulli")
        ]

    @cached_property
    def _uncertain(self) -> bool:
        return not all(map(fixed, self._draws))

    @cached_property
    def _causes(self) -> Mapping[Quantity, int]:
        """Which of the draws each quantity depends on. Sets of draws are bits of whole numbers."""
        own = {draw: 1 << k for k, draw in enumerate(self._draws)}
        found: dict[Quantity, int] = {}
        for node in ancestors(self.model.quantities[name] for name in self.names):
            bits = own.get(node, 0)
            for operand in node.operands:
                bits |= found[operand]
            found[node] = bits
        return found

    def _rare(self, name: str, share: float) -> list[Quantity]:
        """Those behind an output that have another value than the usual one with a probability
        below a share, but not never."""
        bits = self._causes[self.model.quantities[name]]
        return [
            draw
            for k, draw in enumerate(self._draws)
            if bits >> k & 1
            and np.any((self._chances[draw] > _LEAST) & (self._chances[draw] < share))
        ]

    @cached_property
    def _chances(self) -> Mapping[Quantity, FloatArray]:
        """Of each draw the mean probabilities, by its labels, that it has not its usual value."""
        draws, found = self._draws, {}
        plan = program_of(self.model).compiled(
            {
                f"{k} {j}": parameter
                for k, draw in enumerate(draws)
                for j, parameter in enumerate(draw.parameters)
            }
        )
        values, _ = run_plan(plan, plan.points(self.method, _FEW, self.seed))
        for k, draw in enumerate(draws):
            assert isinstance(draw.operation, Quantile)
            family = draw.operation.family
            parameters = [
                broadcast(values[f"{k} {j}"], parameter.dims, draw.dims)
                for j, parameter in enumerate(draw.parameters)
            ]
            with np.errstate(all="ignore"):
                usual = np.median(family.ppf(0.5, *parameters), axis=-1, keepdims=True)
                before = np.nextafter(usual, -np.inf)
                chances = family.cdf(before, *parameters) + family.sf(usual, *parameters)
            found[draw] = np.nan_to_num(np.mean(chances, axis=-1))
        return found


def fixed(draw: Quantity) -> bool:
    """Whether the parameters of a draw are numbers."""
    return all(isinstance(each.operation, Constant) for each in draw.parameters)


def _is_alone(draw: Quantity, quantity: Quantity) -> bool:
    """Whether a draw without labels can be taken out: a yes or no, or a Poisson number, of a
    variate that nothing else is made of."""
    assert isinstance(draw.operation, Quantile)
    number = draw.operands[0]
    if draw.operation.family.name not in ("bernoulli", "poisson") or draw.dims:
        return False
    users = [
        node for node in ancestors([quantity]) if any(number is each for each in node.operands)
    ]
    return isinstance(number.operation, Variate) and users == [draw]


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


def _simplified(quantity: Quantity, forms: Forms) -> Quantity:
    """The same quantity without what is decided: choices by a constant, and yes and no beside one.
    What is left may be known exactly."""
    order = list(ancestors([quantity]))
    if len(order) > _LARGEST:
        return quantity
    new: dict[Quantity, Quantity] = {}
    for node in order:
        operands = {child: new[child] for child in node.operands if new[child] is not child}
        new[node] = _decided(rewired([node], operands)[node] if operands else node, forms)
    return new[quantity]


def _decided(node: Quantity, forms: Forms) -> Quantity:
    operation = node.operation
    found: Quantity | None = None
    if node.dims:
        return node
    if isinstance(operation, Where):
        condition, one, other = node.operands
        if (value := _constant(condition, forms)) is not None:
            found = one if value else other
    elif isinstance(operation, Elementwise) and operation.ufunc in _DECIDING:
        for this, other in (node.operands, node.operands[::-1]):
            if (value := _constant(this, forms)) is not None:
                deciding = bool(value) == _DECIDING[operation.ufunc]
                found = this if deciding else other
                break
    elif (value := _constant(node, forms)) is not None:
        found = number_node(value, node.unit, node.location)
    fits = found is not None and found.dims == () and found.unit == node.unit
    return found if found is not None and fits else node


def _constant(node: Quantity, forms: Forms) -> float | None:
    if node.dims or isinstance(node.operation, Variate | Quantile):
        return None
    if isinstance(node.operation, Constant):
        return float(node.operation.value)
    if not all(isinstance(child.operation, Constant) for child in node.operands):
        return None
    closed = forms.at(node, ())
    return closed.shift if closed is not None and closed.family is None else None
