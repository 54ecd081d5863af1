"""The graph coordinate by coordinate: what a quantity at some labels depends on, at which labels.

Operations that mix coordinates (sums over a dimension, say) are opaque: a walk from one coordinate
to the draws behind it ends there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import final

import numpy as np

from guessmodel.graph import dims as dimensions
from guessmodel.graph.along_dims import Accumulate, Lookup, Reduce, Shift, Stack, Take
from guessmodel.graph.dims import Dims
from guessmodel.graph.operation import Operation, Pointwise
from guessmodel.graph.quantity import Quantity, Variate
from guessmodel.graph.scores import ScoresAlong, WeightedScores
from guessmodel.graph.traversal import ancestors, depth_first

__all__ = ["Element", "expand", "opaque", "operands_of", "scores_of", "variates_of"]

_ELSEWHERE = (Stack, Take, Shift, Reduce, Accumulate)  # they take other coordinates than their own


@final
@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """A quantity at one of its coordinates. Quantities are told apart by identity, for `==` of
    two quantities is a third."""

    node: Quantity
    position: tuple[int, ...]

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Element)
            and self.node is other.node
            and self.position == other.position
        )

    def __hash__(self) -> int:
        return hash((id(self.node), self.position))


def expand(roots: Iterable[Element], *, most: int) -> list[Element] | None:
    """The roots and all they depend on, each after its operands; None if more than `most`, variates
    not counted."""
    met = 0

    def operands(element: Element) -> list[Element]:
        nonlocal met
        met += not isinstance(element.node.operation, Variate)
        if met > most or opaque(element.node):
            return []
        return [*operands_of(element)][::-1]

    order = list(depth_first(roots, operands))
    return None if met > most else order


def opaque(node: Quantity) -> bool:
    """Whether the quantity mixes coordinates of its operands."""
    operation = node.operation
    return isinstance(operation, Operation) and not isinstance(
        operation, Pointwise | Take | Stack | Shift | Lookup
    )


def operands_of(element: Element) -> Iterator[Element]:
    """The operands of a quantity at the coordinates that its own coordinate takes; of a running sum
    or product the one before it, and what is added."""
    node, position = element.node, element.position
    operation = node.operation
    if not isinstance(operation, _ELSEWHERE):
        for child in node.operands:
            yield Element(child, _project(position, node.dims, child.dims))
    elif isinstance(operation, Stack):
        child = node.operands[position[0]]
        yield Element(child, _project(position, node.dims, child.dims))
    elif isinstance(operation, Take):
        child = node.operands[0]
        axis = [dim.name for dim in child.dims].index(operation.dim)
        if isinstance(operation.positions, int):
            yield Element(child, (*position[:axis], operation.positions, *position[axis:]))
        else:
            chosen = operation.positions[position[axis]]
            yield Element(child, (*position[:axis], chosen, *position[axis + 1 :]))
    elif isinstance(operation, Shift):
        child = node.operands[0]
        axis = [dim.name for dim in child.dims].index(operation.dim)
        source = position[axis] - operation.by
        if 0 <= source < len(child.dims[axis]):
            yield Element(child, (*position[:axis], source, *position[axis + 1 :]))
    elif isinstance(operation, Reduce):
        child = node.operands[0]
        axis = [dim.name for dim in child.dims].index(operation.dim)
        for i in range(len(child.dims[axis])):
            term = Element(child, (*position[:axis], i, *position[axis:]))
            if _applicable(term):
                yield term
    elif isinstance(operation, Accumulate) and _applicable(element):
        axis = [dim.name for dim in node.dims].index(operation.dim)
        for i in range(position[axis] - 1, -1, -1):
            before = Element(node, (*position[:axis], i, *position[axis + 1 :]))
            if _applicable(before):
                yield before
                break
        yield Element(node.operands[0], position)


def scores_of(number: Element) -> list[tuple[Element, Element | float]]:
    """The normal scores that a correlated number is made of at a coordinate, and their weights."""
    node, position, operation = number.node, number.position, number.node.operation
    if isinstance(operation, WeightedScores):
        operands = list(operands_of(number))
        half = len(operands) // 2
        return list(zip(operands[:half], operands[half:], strict=True))
    assert isinstance(operation, ScoresAlong)
    axis = [dim.name for dim in node.dims].index(operation.dim)
    return [
        (Element(node.operands[0], (*position[:axis], i, *position[axis + 1 :])), weight)
        for i, weight in enumerate(operation.weights(position[axis]))
        if weight
    ]


def variates_of(number: Element) -> list[Element]:
    """The variates that a draw is made of at a coordinate: its own, and of a correlated draw those
    of the others, and of their correlation, too."""
    found: dict[Element, None] = {}
    stack = [number]
    while stack:
        element = stack.pop()
        if isinstance(element.node.operation, Variate):
            found[element] = None
            continue
        for score, weight in scores_of(element):
            stack.append(score)
            if isinstance(weight, Element):
                behind = ancestors([weight.node])
                variates = (node for node in behind if isinstance(node.operation, Variate))
                found |= {Element(v, at): None for v in variates for at in _positions(v)}
    return list(found)


def _positions(node: Quantity) -> Iterator[tuple[int, ...]]:
    return iter(np.ndindex(*dimensions.shape(node.dims)))


def _applicable(element: Element) -> bool:
    mask = element.node.axes.mask
    return mask is None or bool(mask[element.position])


def _project(position: tuple[int, ...], dims: Dims, target: Dims) -> tuple[int, ...]:
    if not target:
        return ()
    at = {dim.name: i for dim, i in zip(dims, position, strict=True)}
    return tuple(at[dim.name] for dim in target)
