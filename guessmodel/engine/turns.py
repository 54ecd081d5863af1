"""Where a quantity may take another turn: a comparison turns over, a `max` takes its other operand,
an absolute value changes its sign, a whole number becomes the next one.

Each is decided by numbers that do not jump there: by a difference, or by what is rounded. How far
these are from it tells the way there; whether it happens does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.graph.dims import broadcast
from guessmodel.graph.elementwise import Apply, Elementwise, Where
from guessmodel.graph.number_in import number_node
from guessmodel.graph.quantity import Constant, Quantity, Variate, constant_node, wire
from guessmodel.graph.traversal import ancestors, depth_first
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import DIMENSIONLESS

__all__ = ["Margin", "Turn", "turns_of", "two_sided"]

Draws = Callable[[Quantity], FloatArray]
"""Draws of a quantity, shape (*labels, draws)."""

_ABOVE: Final = (np.greater, np.greater_equal)
_BELOW: Final = (np.less, np.less_equal)
_EQUAL: Final = (np.equal, np.not_equal)
_WITH_TIES: Final = (np.greater_equal, np.less_equal, np.equal)
_LOGIC: Final = (np.logical_and, np.logical_or, np.logical_not)
_CHOICES: Final = (np.maximum, np.minimum, np.fmax, np.fmin)
_SIGNED: Final = (np.absolute, np.fabs)
_WHOLE: Final[Mapping[np.ufunc, float]] = {np.floor: 0.5, np.ceil: -0.5, np.rint: 0.0}
"""What is rounded is at most 1/2 from the whole number plus this."""
_FOLDING: Final = frozenset(
    [*_SIGNED, *_EQUAL, np.logical_and, np.square, np.hypot, np.sin, np.cos, np.tan, np.fmod]
)
"""What takes numbers from both sides to one."""
_TIE: Final = 1e-12  # of the typical distance: below, two numbers are the same


@final
@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """A quantity that may take another turn."""

    node: Quantity

    @property
    def needed(self) -> list[Quantity]:
        """Whose draws tell of it."""
        return list(dict.fromkeys(x for leaf in _leaves(self.node) for x in (leaf, *leaf.operands)))

    def otherwise(self) -> Quantity:
        """The quantity if it took its other turn, as far beyond as it is away from it now."""
        node = self.node
        if _does(node, _CHOICES):
            one, other = node.operands
            return node + (node - one) + (node - other)
        if _does(node, _SIGNED):
            return -node
        step = number_node(1.0, node.unit, node.location)
        return node + step if _does(node, _WHOLE) else step - node


def turns_of(roots: Iterable[Quantity]) -> list[Turn]:
    """All upstream that draws are behind (what is made of constants never turns); of comparisons
    that are combined, the combination."""
    found: dict[Quantity, Turn] = {}
    random: set[Quantity] = set()
    combined: set[Quantity] = set()
    roots = list(roots)
    for node in ancestors(roots):
        if isinstance(node.operation, Variate) or not random.isdisjoint(node.operands):
            random.add(node)
        if not isinstance(node.operation, Elementwise) or node.categories:
            continue
        if node not in random:
            continue
        if any(operand.categories for operand in node.operands):
            continue  # of a category's labels some are rare values, which are events of their own
        if _does(node, _LOGIC):
            combined.update(node.operands)
            if any(_decides(leaf) for leaf in _leaves(node)):
                found[node] = Turn(node)
        elif _decides(node) or _does(node, (*_CHOICES, *_SIGNED, *_WHOLE)):
            found[node] = Turn(node)
    chosen = set(roots)
    for node in ancestors(roots):
        if not _does(node, _LOGIC):
            chosen.update(node.operands)
    return [turn for node, turn in found.items() if node not in combined or node in chosen]


def two_sided(turns: Iterable[Turn]) -> set[Quantity]:
    """What may be in a window of its draws, and not beyond an end alone."""
    found: set[Quantity] = set()
    for node in ancestors(turn.node for turn in turns):
        if _folds(node) or not found.isdisjoint(node.operands):
            found.add(node)
    return found


@final
@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """How far a turn is from being taken that hardly any of some draws take."""

    turn: Turn
    sizes: Mapping[Quantity, FloatArray]
    """Of each leaf how far it is from its turn typically, shape (*labels, 1)."""
    centres: Mapping[Quantity, FloatArray]
    """Of what is rounded the usual number, likewise."""
    side: FloatArray
    """1 or -1, by which side is the usual one, and nan at labels where both are; likewise."""
    met: float
    """The share of the draws that take the turn, at any label."""

    @staticmethod
    def of(turn: Turn, draws: Draws, share: float) -> Margin | None:
        """None where at no label fewer than a share of the draws are on one of its sides, or all
        are just between."""
        sizes: dict[Quantity, FloatArray] = {}
        centres: dict[Quantity, FloatArray] = {}
        for leaf in _leaves(turn.node):
            if _does(leaf, _WHOLE):
                centres[leaf] = _middle(draws(leaf))
            size = _middle(np.abs(_distance(leaf, draws, centres)))
            sizes[leaf] = np.where((size > 0.0) & np.isfinite(size), size, 1.0)
        sides = _sides(turn.node, draws, sizes, centres)
        above, below = (np.mean(x, axis=-1, keepdims=True) for x in (sides > 0.0, sides < 0.0))
        side = np.where(above >= below, 1.0, -1.0)
        side[(np.minimum(above, below) >= share) | (np.maximum(above, below) == 0.0)] = np.nan
        if np.all(np.isnan(side)):
            return None
        found = Margin(turn, sizes, centres, side, 0.0)
        near = found.of_draws(draws)
        return Margin(turn, sizes, centres, side, float(np.mean(near > 0.0)))

    def at(self, position: tuple[int, ...]) -> Margin:
        """That at one label alone."""
        side = np.full(self.side.shape, np.nan)
        side[position] = self.side[position]
        return replace(self, side=side)

    def usual(self, node: Quantity) -> Quantity:
        """The quantity that turns, or what it has become by rewiring, if it never did."""
        first = self.side > 0.0
        if _does(node, _CHOICES):
            one, other = node.operands
            smaller = _does(node, (np.minimum, np.fmin))
            found = _by_label(~first if smaller else first, one, other, node)
        elif _does(node, _SIGNED):
            (operand,) = node.operands
            found = _by_label(first, operand, -operand, node)
        else:
            held = self.centres[self.turn.node] if _does(node, _WHOLE) else first
            found = constant_node(
                np.asarray(held[..., 0], dtype=np.float64), node.dims, node.unit, node.location
            )
        return _by_label(~np.isnan(self.side), found, node, node)

    def of_draws(self, draws: Draws) -> FloatArray:
        """Above 0 where the turn is taken at any label, below by how many times its typical
        distance it is not: shape (draws,)."""
        near = -self.side * _sides(self.turn.node, draws, self.sizes, self.centres)
        near = np.where(np.isnan(near), -np.inf, near)
        flat: FloatArray = near.reshape(-1, near.shape[-1]).max(axis=0)
        return flat


def _by_label(first: NDArray[np.bool_], one: Quantity, other: Quantity, like: Quantity) -> Quantity:
    """One quantity at labels where that is true, shape (*labels, 1), and another elsewhere."""
    for chosen, everywhere in ((one, first.all()), (other, not first.any())):
        if everywhere and chosen.dims == like.dims:
            return chosen
    known = np.asarray(first[..., 0], dtype=np.float64)
    return wire(Where(), constant_node(known, like.dims, DIMENSIONLESS, like.location), one, other)


def _middle(array: FloatArray) -> FloatArray:
    """The median of the finite draws, or the one below; 0 where none is finite."""
    finite = np.isfinite(array)
    ascending = np.sort(np.where(finite, array, np.inf), axis=-1)
    middle = np.maximum(np.count_nonzero(finite, axis=-1, keepdims=True) - 1, 0) // 2
    found = np.take_along_axis(ascending, middle, axis=-1)
    return np.where(np.isfinite(found), found, 0.0)


def _sides(
    node: Quantity,
    draws: Draws,
    sizes: Mapping[Quantity, FloatArray],
    centres: Mapping[Quantity, FloatArray],
) -> FloatArray:
    """Above 0 where a comparison holds, the first operand is the larger one, a sign is positive or
    a whole number the usual one; in typical distances, which logic compares."""
    found: dict[Quantity, FloatArray] = {}
    for part in _combined(node):
        if _does(part, _LOGIC):
            parts = [broadcast(found[x], x.dims, part.dims) for x in part.operands]
            alone = _does(part, (np.logical_not,))
            smallest = _does(part, (np.logical_and,))
            found[part] = -parts[0] if alone else (np.minimum if smallest else np.maximum)(*parts)
            continue
        tie = 0.0
        if _decides(part):
            tie = _TIE if _does(part, _WITH_TIES) else -_TIE
        with np.errstate(all="ignore"):
            found[part] = _distance(part, draws, centres) / sizes[part] + tie
    return found[node]


def _distance(leaf: Quantity, draws: Draws, centres: Mapping[Quantity, FloatArray]) -> FloatArray:
    """The same of one leaf, in its own unit."""
    operands: list[FloatArray] = [broadcast(draws(x), x.dims, leaf.dims) for x in leaf.operands]
    ufunc = leaf.operation.ufunc if isinstance(leaf.operation, Elementwise) else None
    with np.errstate(all="ignore"):
        if ufunc in _ABOVE or ufunc in _CHOICES:
            return operands[0] - operands[1]
        if ufunc in _BELOW:
            return operands[1] - operands[0]
        if ufunc in _EQUAL:
            away: FloatArray = np.abs(operands[0] - operands[1])
            return away if ufunc is np.not_equal else -away
        if ufunc in _SIGNED:
            return operands[0]
        if ufunc is not None and ufunc in _WHOLE:
            return 0.5 - np.abs(operands[0] - centres[leaf] - _WHOLE[ufunc])
        return draws(leaf) - 0.5  # yes or no in some other way


def _combined(node: Quantity) -> Iterator[Quantity]:
    """Itself, and what logic combines to it, each after its parts."""
    return depth_first([node], lambda x: x.operands if _does(x, _LOGIC) else ())


def _leaves(node: Quantity) -> list[Quantity]:
    """What decides: itself, or what logic combines."""
    return [part for part in _combined(node) if not _does(part, _LOGIC)]


def _folds(node: Quantity) -> bool:
    operation = node.operation
    if isinstance(operation, Apply):
        return True
    if not isinstance(operation, Elementwise):
        return False
    if operation.ufunc in (np.power, np.float_power):
        exponent = node.operands[1].operation
        return not isinstance(exponent, Constant) or bool(np.any(exponent.value % 2.0 == 0.0))
    return operation.ufunc in _FOLDING


def _decides(node: Quantity) -> bool:
    return _does(node, (*_ABOVE, *_BELOW, *_EQUAL))


def _does(node: Quantity, ufuncs: Iterable[np.ufunc]) -> bool:
    return isinstance(node.operation, Elementwise) and node.operation.ufunc in ufuncs
