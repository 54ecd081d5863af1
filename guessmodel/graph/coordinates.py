"""The graph coordinate by coordinate: what a quantity at some labels depends on, at which labels.

Operations that mix coordinates (sums over a dimension, say) are opaque: a walk from one coordinate
to the draws behind it ends there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import final

from guessmodel.graph.along_dims import Accumulate, Lookup, Reduce, Shift, Stack, Take
from guessmodel.graph.dims import Dims
from guessmodel.graph.elementwise import Operation, Pointwise
from guessmodel.graph.quantity import Quantity, Variate

__all__ = ["Place", "expand", "opaque", "operands_of"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A quantity at one of its coordinates. Quantities are told apart by identity, for `==` of
    two quantities is a third."""

    node: Quantity
    position: tuple[int, ...]

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Place) and self.node is other.node and self.position == other.position
        )

    def __hash__(self) -> int:
        return hash((id(self.node), self.position))


def expand(roots: Iterable[Place], *, most: int) -> list[Place] | None:
    """The roots and all they depend on, each after its operands; None if more than `most`, variates
    not counted."""
    done: set[Place] = set()
    left = most
    order: list[Place] = []
    for root in roots:
        stack = [(root, False)]
        while stack:
            place, ready = stack.pop()
            if ready:
                order.append(place)
            elif place not in done:
                if not isinstance(place.node.operation, Variate):
                    if left <= 0:
                        return None
                    left -= 1
                done.add(place)
                stack.append((place, True))
                if not opaque(place.node):
                    stack.extend((child, False) for child in operands_of(place))
    return order


def opaque(node: Quantity) -> bool:
    """Whether the quantity mixes coordinates of its operands."""
    operation = node.operation
    return isinstance(operation, Operation) and not isinstance(
        operation, Pointwise | Take | Stack | Shift | Lookup
    )


def operands_of(place: Place) -> Iterator[Place]:
    """The operands of a quantity at the coordinates that its own coordinate takes; of a running sum
    or product the one before it, and what is added."""
    node, position = place.node, place.position
    operation = node.operation
    if isinstance(operation, Stack):
        child = node.operands[position[0]]
        yield Place(child, _project(position, node.dims, child.dims))
    elif isinstance(operation, Take):
        child = node.operands[0]
        axis = [dim.name for dim in child.dims].index(operation.dim)
        if isinstance(operation.positions, int):
            yield Place(child, (*position[:axis], operation.positions, *position[axis:]))
        else:
            chosen = operation.positions[position[axis]]
            yield Place(child, (*position[:axis], chosen, *position[axis + 1 :]))
    elif isinstance(operation, Shift):
        child = node.operands[0]
        axis = [dim.name for dim in child.dims].index(operation.dim)
        source = position[axis] - operation.by
        if 0 <= source < len(child.dims[axis]):
            yield Place(child, (*position[:axis], source, *position[axis + 1 :]))
    elif isinstance(operation, Reduce):
        child = node.operands[0]
        axis = [dim.name for dim in child.dims].index(operation.dim)
        for i in range(len(child.dims[axis])):
            term = Place(child, (*position[:axis], i, *position[axis:]))
            if _applicable(term):
                yield term
    elif isinstance(operation, Accumulate):
        if _applicable(place):
            axis = [dim.name for dim in node.dims].index(operation.dim)
            for i in range(position[axis] - 1, -1, -1):
                before = Place(node, (*position[:axis], i, *position[axis + 1 :]))
                if _applicable(before):
                    yield before
                    break
            yield Place(node.operands[0], position)
    else:
        for child in node.operands:
            yield Place(child, _project(position, node.dims, child.dims))


def _applicable(place: Place) -> bool:
    mask = place.node.axes.mask
    return mask is None or bool(mask[place.position])


def _project(position: tuple[int, ...], dims: Dims, target: Dims) -> tuple[int, ...]:
    if not target:
        return ()
    at = {dim.name: i for dim, i in zip(dims, position, strict=True)}
    return tuple(at[dim.name] for dim in target)
