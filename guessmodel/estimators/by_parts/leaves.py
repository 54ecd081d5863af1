"""What is sampled where moments are told given some draws: quantities that are made of these draws
alone, and what these quantities jump at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

import numpy as np

from guessmodel.engine.plan import Plan
from guessmodel.engine.run import run_plan
from guessmodel.estimators.by_parts.walk import Walk
from guessmodel.estimators.conditional.jumps import Discontinuities, discontinuities
from guessmodel.estimators.conditional.paths import Decisions, decisions, stepped
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
    """Quantities that are made of sampled draws alone, at their coordinates, and conditions."""

    plan: Plan
    elements: Sequence[Element]
    names: Mapping[Quantity, str]
    conditions: Sequence[str]
    sampled: int
    """The variates behind them, as bits."""
    deciding: Decisions
    """What they are discontinuous functions of, see `conditional.paths`; None: too many to tell."""

    @staticmethod
    def of(
        program: Program,
        elements: Sequence[Element],
        conditions: Sequence[Quantity],
        sampled: int,
    ) -> Leaves:
        deciding = decisions(elements)
        steps = [near for each, _ in deciding or () for near in (each, *stepped(each))]
        nodes = dict.fromkeys([*(each.node for each in (*elements, *steps)), *conditions])
        names = {node: f"{number}" for number, node in enumerate(nodes)}
        plan = program.compiled({name: node for node, name in names.items()})
        holding = [names[node] for node in conditions]
        return Leaves(plan, elements, names, holding, sampled, deciding)

    def drawn(
        self, points: Design
    ) -> tuple[Mapping[Element, FloatArray], BoolArray, Discontinuities]:
        """Values of each element, and where the conditions hold, both (replicates, size); and what
        decides between these draws."""
        draws, _ = run_plan(self.plan, points)
        shape = points.replicates, points.size

        def values(each: Element) -> FloatArray:
            return np.asarray(draws[self.names[each.node]][each.position])

        found = {each: values(each).reshape(shape) for each in self.elements}
        holds = np.ones(shape, dtype=np.bool_)
        for name in self.conditions:
            holds &= draws[name].reshape(shape) == 1.0
        return found, holds, discontinuities(self.deciding, values)


@final
@dataclass(frozen=True, slots=True, eq=False)
class GivenDraws:
    """Draws of what is sampled, where the conditions hold, the moments given these draws, and what
    decides between the draws."""

    points: Design
    holds: BoolArray
    walk: Walk
    steps: Discontinuities
