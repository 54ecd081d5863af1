"""Paths from an output to a draw that can be integrated out of it.

A draw qualifies if the output depends on it along one path alone, and if it is no parameter of
another draw. All other operands of the operations on the path are then independent of the draw.
Labelled quantities are followed coordinate by coordinate; no path leads through an operation that
mixes coordinates, such as a sum over a dimension.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from guessmodel.graph.along_dims import Accumulate, Reduce, Shift, Stack, Take
from guessmodel.graph.coordinates import Element, expand, opaque, operands_of
from guessmodel.graph.elementwise import Convert, Elementwise, Where
from guessmodel.graph.family import Family
from guessmodel.graph.operation import Operation
from guessmodel.graph.quantity import Constant, Quantile, Quantity, Variate
from guessmodel.graph.scores import ScoreCorrelation, ScoresAlong, WeightedScores
from guessmodel.graph.statistics_along import StatisticAlong
from guessmodel.graph.traversal import ancestors

__all__ = [
    "Decisions",
    "Path",
    "PathOperation",
    "decisions",
    "decisions_of",
    "find_paths",
    "stepped",
]

_MOST = 20_000  # coordinates followed for one output

Decisions = tuple[tuple[Element, bool], ...] | None
"""See `decisions`."""

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
class PathOperation:
    """An operation on a path. The operand number `inner` is the one that depends on the draw."""

    operation: Operation
    inner: int
    operands: tuple[Element, ...]


@final
@dataclass(frozen=True)
class Path:
    """A draw, and the operations between the output (first) and the draw (last)."""

    draw: Element
    operations: tuple[PathOperation, ...]

    @property
    def family(self) -> Family:
        """The family of the draw."""
        operation = self.draw.node.operation
        assert isinstance(operation, Quantile)
        return operation.family

    @cached_property
    def parameters(self) -> tuple[Element, ...]:
        """The draw's canonical parameters."""
        return tuple(operands_of(self.draw))[1:]

    @cached_property
    def given(self) -> tuple[Element, ...]:
        """The quantities that the conditional distribution of the output is given: the other
        operands of the operations, and the draw's parameters."""
        others = (
            element
            for applied in self.operations
            for k, element in enumerate(applied.operands)
            if k != applied.inner
        )
        return (*others, *self.parameters)

    @cached_property
    def jumps(self) -> bool:
        """Whether the conditional CDF at a threshold may be a discontinuous function of the other
        draws: because of a branch on the path, or of steps or atoms in what is given."""
        branches = any(_branches(applied.operation) for applied in self.operations)
        return branches or self.decisions is None or any(not sign for _, sign in self.decisions)

    @cached_property
    def decisions(self) -> Decisions:
        """What the given quantities are discontinuous functions of."""
        return decisions(self.given)


def decisions(elements: Sequence[Element]) -> Decisions:
    """What some quantities are discontinuous functions of: discrete draws, comparisons and whole
    numbers; and quantities (True) at whose change of sign they are discontinuous, such as
    denominators. None where there are too many quantities to look at."""
    order = expand(elements, most=_MOST)
    if order is None:
        return None
    return tuple(dict.fromkeys(found for element in order if (found := _decides(element))))


def decisions_of(paths: Sequence[Path]) -> Decisions:
    """The decisions of several paths; None where there are too many quantities to look at."""
    found: dict[tuple[Element, bool], None] = {}
    for path in paths:
        if path.decisions is None:
            return None
        found.update(dict.fromkeys(path.decisions))
    return tuple(found)


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

_STEPPING: frozenset[np.ufunc] = frozenset(
    (np.less, np.less_equal, np.greater, np.greater_equal, np.ceil, np.floor, np.rint, np.trunc)
)


def _decides(element: Element) -> tuple[Element, bool] | None:
    """What a quantity is a discontinuous function of, and whether at its change of sign alone."""
    node = element.node
    operation = node.operation
    if isinstance(operation, Where):
        return next(operands_of(element)), False
    denominator = _denominator(element)
    if denominator is not None:
        return denominator, True
    if opaque(node):
        stepping = any(_steps(ancestor) for ancestor in ancestors([node]))
        return (element, False) if stepping else None
    return (element, False) if _steps(node) else None


def stepped(element: Element) -> tuple[Element, ...]:
    """What a step function is a function of: a number that is rounded, or two that are compared,
    whose difference decides; empty for others."""
    operation = element.node.operation
    if not isinstance(operation, Elementwise) or operation.ufunc not in _STEPPING:
        return ()
    return tuple(operands_of(element))


def _denominator(element: Element) -> Element | None:
    operation = element.node.operation
    if not isinstance(operation, Elementwise):
        return None
    operands = list(operands_of(element))
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


def find_paths(
    output: Quantity,
    position: tuple[int, ...] = (),
    *,
    most: int | None = None,
    itself: bool = False,
) -> list[Path]:
    """Chains to all draws that may be integrated out of the output at a coordinate, or to the
    `most` nearest ones. A draw may be its own output where `itself` is asked for."""
    root = Element(output, position)
    order = expand([root], most=_MOST)
    if order is None:
        return []
    order.reverse()  # each before its operands
    ways: dict[Element, int] = {root: 1}
    blocked: set[Quantity] = set()
    via: dict[Element, Element] = {}
    for element in order:
        count = ways.get(element, 0)
        if opaque(element.node):
            blocked.update(ancestors([element.node]))
            continue
        for child in operands_of(element):
            ways[child] = min(2, ways.get(child, 0) + count)
            via[child] = element
    found: list[Path] = []
    for element in order:
        if len(found) == most:
            break
        draw = element.node.operation
        if not isinstance(draw, Quantile) or draw.family.discrete:
            continue
        if element == root and not itself:
            continue
        variate = next(operands_of(element))
        # A correlated draw goes with others, which cannot be given.
        alone = isinstance(variate.node.operation, Variate)
        if not alone or ways[variate] != 1 or variate.node in blocked:
            continue
        operations = _operations(element, root, via)
        if operations is not None:
            found.append(Path(element, operations))
    return found


def _operations(
    draw: Element, root: Element, via: dict[Element, Element]
) -> tuple[PathOperation, ...] | None:
    operations: list[PathOperation] = []
    element = draw
    while element != root:
        user = via[element]
        operation = user.node.operation
        if isinstance(operation, Quantile) or not isinstance(operation, Operation):
            return None
        operands = tuple(operands_of(user))
        inner = operands.index(element)
        if isinstance(operation, Elementwise):
            comparison = operation.compares and user == root
            if operation.ufunc not in INVERTIBLE and not comparison:
                return None
            if operation.ufunc is np.power and inner == 1:
                return None
        elif isinstance(operation, Where):
            if inner == 0:
                return None
        elif not isinstance(operation, Convert | Take | Stack | Shift):
            return None
        operations.append(PathOperation(operation, inner, operands))
        element = user
    return tuple(reversed(operations))
