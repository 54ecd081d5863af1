"""What is drawn for moments that are told given some draws.

The leaves are the quantities that are made of these draws alone, and what they jump at. Mostly all
labels of a quantity have the same leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

import numpy as np

from guessmodel.engine.plan import Plan
from guessmodel.engine.run import run_plan
from guessmodel.estimators.by_parts.walk import Walk
from guessmodel.estimators.conditional.jumps import Discontinuities, discontinuities
from guessmodel.estimators.conditional.paths import Decisions, stepped
from guessmodel.graph.coordinates import Element
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.sampling.design import Design

if TYPE_CHECKING:
    from guessmodel.estimators.program import Program

__all__ = ["GivenDraws", "Leaves", "Sampling"]


@final
@dataclass(frozen=True, slots=True)
class Sampling:
    """How the draws of a run are made, and what is given in it."""

    answers: int  # that may be asked for: one for each result, or for each pair
    method: str
    seed: int
    samples: int
    conditions: tuple[Quantity, ...] = ()


@final
@dataclass(frozen=True, slots=True, eq=False)
class Leaves:
    """Quantities that are made of sampled draws alone, and conditions."""

    plan: Plan
    names: Mapping[Quantity, str]
    conditions: Sequence[str]
    sampled: int
    """The variates behind them, as bits."""

    @staticmethod
    def of(
        program: Program, nodes: Sequence[Quantity], conditions: Sequence[Quantity], sampled: int
    ) -> Leaves:
        names = {node: f"{number}" for number, node in enumerate(nodes)}
        plan = program.compiled({name: node for node, name in names.items()})
        return Leaves(plan, names, [names[node] for node in conditions], sampled)

    @staticmethod
    def nodes(
        elements: Sequence[Element], deciding: Decisions, conditions: Sequence[Quantity]
    ) -> tuple[Quantity, ...]:
        """What must be drawn to know elements, and what they jump at."""
        steps = [near for each, _ in deciding or () for near in (each, *stepped(each))]
        return tuple(dict.fromkeys([*(each.node for each in (*elements, *steps)), *conditions]))

    def drawn(self, points: Design) -> Drawn:
        draws, _ = run_plan(self.plan, points)
        holds = np.ones((points.replicates, points.size), dtype=np.bool_)
        for name in self.conditions:
            holds &= draws[name].reshape(holds.shape) == 1.0
        return Drawn(self.names, draws, holds)


@final
@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Draws of leaves, and where the conditions hold: shape (replicates, size)."""

    names: Mapping[Quantity, str]
    draws: Mapping[str, FloatArray]
    holds: BoolArray
    known: dict[Decisions, Discontinuities] = field(default_factory=dict)

    def of(self, element: Element) -> FloatArray:
        """The values of an element, shape (draws,)."""
        return np.asarray(self.draws[self.names[element.node]][element.position])

    def by_replicate(self, element: Element) -> FloatArray:
        """The same in the shape (replicates, size)."""
        return self.of(element).reshape(self.holds.shape)

    def between(self, deciding: Decisions) -> Discontinuities:
        """What decides between these draws."""
        if deciding not in self.known:
            self.known[deciding] = discontinuities(deciding, self.of)
        return self.known[deciding]


@final
@dataclass(frozen=True, slots=True, eq=False)
class GivenDraws:
    """Draws of what is sampled, and the moments given these draws."""

    points: Design
    drawn: Drawn
    walk: Walk
