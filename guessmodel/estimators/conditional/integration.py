"""Draws that are integrated out of a quantity, and how the others are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, final

import numpy as np

from guessmodel.engine.plan import Plan
from guessmodel.engine.run import MemorySink, Record, run_replicates
from guessmodel.estimators.coincidence import OnEdges
from guessmodel.estimators.conditional.bounds import Bound, DrawnBound, bounds_of
from guessmodel.estimators.conditional.cdf import ConditionalCdf, conditional_cdf
from guessmodel.estimators.conditional.paths import Path, decisions_of, stepped
from guessmodel.estimators.conditional.shares import Values
from guessmodel.graph.coordinates import Element
from guessmodel.graph.elementwise import Elementwise
from guessmodel.graph.quantity import Constant, Quantity
from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling import design

if TYPE_CHECKING:
    from guessmodel.estimators.program import Program

__all__ = ["Conditioning", "Integration"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Conditioning:
    """The quantities that a conditional CDF is given, and how they are drawn together."""

    names: Mapping[Quantity, str]  # in the plan; constants are read as they are
    plan: Plan | None
    keys: Mapping[Quantity, str]

    @classmethod
    def of(cls, program: Program, elements: Iterable[Element]) -> Conditioning:
        nodes = dict.fromkeys(element.node for element in elements)
        drawn = [node for node in nodes if not isinstance(node.operation, Constant)]
        names = {node: f"{number}" for number, node in enumerate(drawn)}
        outputs = {name: node for node, name in names.items()}
        return cls(names, program.compiled(outputs) if names else None, program.keys)

    def draw(
        self, method: str, n: int, seed: int, *, first: bool = False
    ) -> tuple[Values, int, int]:
        """Their draws by element, the number of replicates, and that of draws in each: of a run of
        n draws, or of its `first` replicate alone."""
        streams = () if self.plan is None else self.plan.streams
        points = design(method, n, seed, streams, ordered=True)
        replicates = 1 if first else points.replicates
        draws: Mapping[str, FloatArray] = {}
        if self.plan is not None:
            kept = MemorySink(self.plan, points, replicates)
            run_replicates(self.plan, points, range(replicates), kept, Record())
            draws = kept.draws
        return partial(self._values, draws), replicates, points.size

    def on_edges(self, replicates: int, size: int) -> tuple[OnEdges, Values, Values] | None:
        """Their draws on both edges of the strata in which events of several inputs begin, for a
        net of so many draws; None where there are no such events."""
        if self.plan is None:
            return None
        edges = OnEdges.create(self.plan, list(self.names), self.keys, replicates, size)
        if edges is None:
            return None
        return edges, partial(self._values, edges.lower), partial(self._values, edges.upper)

    def _values(self, draws: Mapping[str, FloatArray], element: Element) -> FloatArray:
        operation = element.node.operation
        if isinstance(operation, Constant):
            return np.atleast_1d(operation.value[element.position])
        array: FloatArray = draws[self.names[element.node]][element.position]
        return array


@final
@dataclass(frozen=True, slots=True, eq=False)
class Integration:
    """A draw to integrate out of a quantity at a coordinate, or several of which the most extreme
    one is, and the quantities given then."""

    paths: tuple[Path, ...]
    conditioning: Conditioning
    bounds: tuple[Bound | None, ...]  # of the operations on the paths, where they are known
    many: bool  # whether the net is to have as many draws as the run
    upper: bool = False  # the tail that is split among several draws

    @classmethod
    def of(
        cls, program: Program, paths: Sequence[Path], *, many: bool, upper: bool = False
    ) -> Integration:
        deciding = [element for element, _ in decisions_of(paths) or ()]
        under = (each for element in deciding for each in stepped(element))
        given = (element for path in paths for element in path.given)
        draws = (path.draw for path in paths if len(paths) > 1)
        bounds = tuple(bound for path in paths for bound in bounds_of(path, program.forms))
        behind = (element for bound in bounds if bound for element in bound.given)
        conditioning = Conditioning.of(program, (*given, *deciding, *under, *draws, *behind))
        return cls(tuple(paths), conditioning, bounds, many, upper)

    @property
    def compares(self) -> bool:
        """Whether the output is a comparison."""
        first = self.paths[0].operations[0].operation
        return isinstance(first, Elementwise) and first.compares

    def cdf(self, method: str, n: int, seed: int) -> ConditionalCdf | None:
        """The CDF, from draws of the given quantities; None where they do not allow it."""
        values, replicates, size = self.conditioning.draw(method, n, seed)
        found = self._built(values, replicates, size)
        if found is None or not any(path.jumps for path in self.paths):
            return found
        bounds = (b and DrawnBound(b, values, replicates, size) for b in self.bounds)
        found = replace(found, bounds=tuple(bounds))
        if method == "random":  # independent draws are counted each for itself
            return found
        on_edges = self.conditioning.on_edges(replicates, size)
        if on_edges is None:
            return found
        edges, *sides = on_edges
        ends = [self._built(side, 1, edges.stratum.size) for side in sides]
        return found.with_coincidences(edges, *ends)

    def _built(self, values: Values, replicates: int, size: int) -> ConditionalCdf | None:
        return conditional_cdf(self.paths, values, replicates, size, upper=self.upper)
