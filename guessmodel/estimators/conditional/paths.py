"""The one way a draw reaches an output: the path along which it can be integrated out.

A chain leads from an output down to a draw that reaches it along exactly one path, its use as a
parameter of other draws counted. Everything else that the path meets is an operand that does not
depend on the draw. Labelled quantities are followed coordinate by coordinate; operations that mix
coordinates (sums over a dimension, say) end all paths through them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from guessmodel.graph.along_dims import Accumulate, Reduce, Shift, Stack, Take
from guessmodel.graph.coordinates import Element, expand, opaque, operands_of
from guessmodel.graph.elementwise import Convert, Elementwise, Operation, Where
from guessmodel.graph.quantity import Constant, Quantile, Quantity, Variate
from guessmodel.graph.scores import ScoreCorrelation, ScoresAlong, WeightedScores
from guessmodel.graph.statistics_along import StatisticAlong
from guessmodel.graph.traversal import ancestors

__all__ = ["Chain", "Link", "find_chains"]

_MOST = 20_000  # coordinates followed for one output

INVERTIBLE: frozenset[np.ufunc] = frozenset(
    {
        np.add,
        np.subtract,
        np.multiply,
        np.divide,
        np.negative,
        np.positive,
        np.power,
        np.sqrt,
        np.cbrt,
        np.square,
        np.reciprocal,
        np.exp,
        np.expm1,
        np.log,
        np.log10,
        np.log2,
        np.log1p,
        np.minimum,
        np.maximum,
    }
)


@final
@dataclass(frozen=True, slots=True)
class Link:
    """An operation on the path: which operand leads on to the draw, and the others."""

    operation: Operation
    path: int
    operands: tuple[Element, ...]


@final
@dataclass(frozen=True)
class Chain:
    """A draw and the links from the output (first) down to it."""

    draw: Element
    links: tuple[Link, ...]

    @cached_property
    def parameters(self) -> tuple[Element, ...]:
        """The draw's canonical parameters."""
        return tuple(operands_of(self.draw))[1:]

    @cached_property
    def others(self) -> tuple[Element, ...]:
        """All that is needed to follow the chain: the links' other operands, the parameters."""
        sides = (
            place for link in self.links for k, place in enumerate(link.operands) if k != link.path
        )
        return (*sides, *self.parameters)

    @cached_property
    def jumps(self) -> bool:
        """Whether the output's conditional share may jump as the other draws vary: a branch on
        the path, or atoms and steps in what the path needs."""
        branches = any(_branches(link.operation) for link in self.links)
        return branches or self.decisions is None or any(not sign for _, sign in self.decisions)

    @cached_property
    def decisions(self) -> tuple[tuple[Element, bool], ...] | None:
        """What the others depend on by steps: discrete draws, comparisons, whole numbers; or by
        the sign alone, as on a denominator. None where they are too many to look through."""
        order = expand(self.others, most=_MOST)
        if order is None:
            return None
        return tuple(dict.fromkeys(found for place in order if (found := _decides(place))))


def _branches(operation: Operation) -> bool:
    if isinstance(operation, Elementwise):
        return operation.ufunc in (np.minimum, np.maximum)
    return isinstance(operation, Where)


_GRADUAL = (
    Convert,
    Take,
    Stack,
    Shift,
    Reduce,
    Accumulate,
    WeightedScores,
    ScoresAlong,
    ScoreCorrelation,
    StatisticAlong,
)
_CONTINUOUS: frozenset[np.ufunc] = INVERTIBLE | {
    np.absolute,
    np.fabs,
    np.fmin,
    np.fmax,
    np.hypot,
    np.sin,
    np.cos,
    np.tanh,
}


def _decides(place: Element) -> tuple[Element, bool] | None:
    """What a quantity depends on by a step, and whether by the sign of it alone."""
    node = place.node
    operation = node.operation
    if isinstance(operation, Where):
        return next(operands_of(place)), False
    denominator = _denominator(place)
    if denominator is not None:
        return denominator, True
    if opaque(node):
        stepping = any(_steps(ancestor) for ancestor in ancestors([node]))
        return (place, False) if stepping else None
    return (place, False) if _steps(node) else None


def _denominator(place: Element) -> Element | None:
    operation = place.node.operation
    if not isinstance(operation, Elementwise):
        return None
    operands = list(operands_of(place))
    if operation.ufunc is np.divide:
        return operands[1]
    if operation.ufunc is np.power:
        exponent = operands[1].node.operation
        rises = isinstance(exponent, Constant) and np.all(exponent.value >= 0.0)
        return None if rises else operands[0]
    return operands[0] if operation.ufunc is np.reciprocal else None


def _steps(node: Quantity) -> bool:
    operation = node.operation
    if isinstance(operation, Quantile):
        return operation.family.discrete
    if isinstance(operation, Elementwise):
        return operation.ufunc not in _CONTINUOUS
    return isinstance(operation, Operation) and not isinstance(operation, _GRADUAL)


def find_chains(
    output: Quantity, position: tuple[int, ...] = (), *, most: int | None = None
) -> list[Chain]:
    """Chains to all draws that may be integrated out of the output at a coordinate, or to the
    `most` nearest ones."""
    root = Element(output, position)
    order = expand([root], most=_MOST)
    if order is None:
        return []
    order.reverse()  # each before its operands
    paths: dict[Element, int] = {root: 1}
    blocked: set[Quantity] = set()
    via: dict[Element, Element] = {}
    for place in order:
        count = paths.get(place, 0)
        if opaque(place.node):
            blocked.update(ancestors([place.node]))
            continue
        for child in operands_of(place):
            paths[child] = min(2, paths.get(child, 0) + count)
            via[child] = place
    found: list[Chain] = []
    for place in order:
        if len(found) == most:
            break
        draw = place.node.operation
        if not isinstance(draw, Quantile) or place == root or draw.family.discrete:
            continue
        variate = next(operands_of(place))
        # A correlated draw goes with others, which cannot be given.
        alone = isinstance(variate.node.operation, Variate)
        if not alone or paths[variate] != 1 or variate.node in blocked:
            continue
        links = _links(place, root, via)
        if links is not None:
            found.append(Chain(place, links))
    return found


def _links(draw: Element, root: Element, via: dict[Element, Element]) -> tuple[Link, ...] | None:
    links: list[Link] = []
    place = draw
    while place != root:
        user = via[place]
        operation = user.node.operation
        if isinstance(operation, Quantile) or not isinstance(operation, Operation):
            return None
        operands = tuple(operands_of(user))
        path = operands.index(place)
        if isinstance(operation, Elementwise):
            comparison = operation.compares and user == root
            if operation.ufunc not in INVERTIBLE and not comparison:
                return None
            if operation.ufunc is np.power and path == 1:
                return None
        elif isinstance(operation, Where):
            if path == 0:
                return None
        elif not isinstance(operation, Convert | Take | Stack | Shift):
            return None
        links.append(Link(operation, path, operands))
        place = user
    return tuple(reversed(links))
