"""The one way a draw reaches an output: the path along which it can be integrated out.

A chain leads from an output down to a draw that reaches it along exactly one path, its use as a
parameter of other draws counted. Everything else that the path meets is an operand that does not
depend on the draw. Labelled quantities are followed coordinate by coordinate; operations that mix
coordinates (sums over a dimension, say) end all paths through them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

import numpy as np

from guessmodel.dims import Dims
from guessmodel.graph import ancestors
from guessmodel.operations import Convert, Elementwise, Operation, Pointwise, Where
from guessmodel.quantity import Draw, Quantity
from guessmodel.structure import Accumulate, Reduce, Shift, Stack, Take

__all__ = ["Chain", "Link", "Place", "find_chains"]

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


@final
@dataclass(frozen=True, slots=True)
class Link:
    """An operation on the path: which operand leads on to the draw, and the others."""

    operation: Operation
    path: int
    operands: tuple[Place, ...]


@final
@dataclass(frozen=True, slots=True)
class Chain:
    """A draw and the links from the output (first) down to it."""

    draw: Place
    links: tuple[Link, ...]

    @property
    def jumps(self) -> bool:
        """Whether the output's conditional share may jump as the other draws vary: a branch on
        the path, or atoms and steps in what the path needs."""
        if any(_branches(link.operation) for link in self.links):
            return True
        return any(_steps(node) for node in ancestors(place.node for place in self.others))

    @property
    def parameters(self) -> tuple[Place, ...]:
        """The draw's canonical parameters."""
        return tuple(_operands(self.draw))

    @property
    def others(self) -> tuple[Place, ...]:
        """All that is needed to follow the chain: the links' other operands, the parameters."""
        sides = (
            place for link in self.links for k, place in enumerate(link.operands) if k != link.path
        )
        return (*sides, *self.parameters)


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


def _branches(operation: Operation) -> bool:
    if isinstance(operation, Elementwise):
        return operation.ufunc in (np.minimum, np.maximum)
    return isinstance(operation, Where)


def _steps(node: Quantity) -> bool:
    operation = node.operation
    if isinstance(operation, Draw):
        return operation.family.discrete or operation.family.name == "mixture"
    if isinstance(operation, Elementwise):
        return operation.ufunc not in _CONTINUOUS
    if isinstance(operation, Operation):
        return not isinstance(operation, Convert | Take | Stack | Shift | Reduce | Accumulate)
    return False


def find_chains(output: Quantity, position: tuple[int, ...] = ()) -> list[Chain]:
    """Chains to all draws that may be integrated out of the output at a coordinate."""
    root = Place(output, position)
    order = _expand(root)
    if order is None:
        return []
    paths: dict[Place, int] = {root: 1}
    blocked: set[Quantity] = set()
    via: dict[Place, Place] = {}
    for place in order:
        count = paths.get(place, 0)
        if _opaque(place.node):
            blocked.update(ancestors([place.node]))
            continue
        for child in _operands(place):
            paths[child] = min(2, paths.get(child, 0) + count)
            via[child] = place
    found = []
    for place in order:
        draw = place.node.operation
        if not isinstance(draw, Draw) or place == root or paths[place] != 1:
            continue
        if place.node in blocked or draw.family.discrete or draw.shared:
            continue
        links = _links(place, root, via)
        if links is not None:
            found.append(Chain(place, links))
    return found


def _expand(root: Place) -> list[Place] | None:
    """Places that the root depends on, each before its operands."""
    done: set[Place] = set()
    order: list[Place] = []
    stack = [(root, False)]
    while stack:
        place, ready = stack.pop()
        if ready:
            order.append(place)
        elif place not in done:
            if len(done) > _MOST:
                return None
            done.add(place)
            stack.append((place, True))
            if not _opaque(place.node):
                stack.extend((child, False) for child in _operands(place))
    return order[::-1]


def _opaque(node: Quantity) -> bool:
    operation = node.operation
    return isinstance(operation, Operation) and not isinstance(
        operation, Pointwise | Take | Stack | Shift
    )


def _operands(place: Place) -> Iterator[Place]:
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
    else:
        for child in node.operands:
            yield Place(child, _project(position, node.dims, child.dims))


def _project(position: tuple[int, ...], dims: Dims, target: Dims) -> tuple[int, ...]:
    at = {dim.name: i for dim, i in zip(dims, position, strict=True)}
    return tuple(at[dim.name] for dim in target)


def _links(draw: Place, root: Place, via: dict[Place, Place]) -> tuple[Link, ...] | None:
    links: list[Link] = []
    place = draw
    while place != root:
        user = via[place]
        operation = user.node.operation
        if isinstance(operation, Draw) or not isinstance(operation, Operation):
            return None
        operands = tuple(_operands(user))
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
