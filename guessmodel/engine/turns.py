"""Where a quantity may take another turn: a comparison turns over, a `max` takes its other operand,
an absolute value changes its sign, a whole number becomes the next one.

Each is decided by numbers that do not jump there: by a difference, or by what is rounded. How far
these are from it tells the way there; whether it happens does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.graph.dims import broadcast
from guessmodel.graph.elementwise import Apply, Elementwise, Round, Where
from guessmodel.graph.number_in import number_node
from guessmodel.graph.quantity import Constant, Quantity, Variate, constant_node, wire
from guessmodel.graph.traversal import ancestors, depth_first
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import DIMENSIONLESS, Unit

__all__ = ["Margin", "Turn", "is_combined", "is_condition", "turns_of", "two_sided"]

Draws = Callable[[Quantity], FloatArray]
"""Draws of a quantity, shape (*labels, draws)."""

_ABOVE: Final = (np.greater, np.greater_equal)
_BELOW: Final = (np.less, np.less_equal)
_EQUAL: Final = (np.equal, np.not_equal)
_WITH_TIES: Final = (np.greater_equal, np.less_equal, np.equal)
_LOGIC: Final = (np.logical_and, np.logical_or, np.logical_not)
_CHOICES: Final = (np.maximum, np.minimum, np.fmax, np.fmin)
_SIGNED: Final = (np.absolute, np.fabs)
_LEFT: Final[Mapping[np.ufunc, np.ufunc]] = {np.remainder: np.floor, np.fmod: np.trunc}
_WHOLE: Final[Mapping[np.ufunc, np.ufunc]] = {
    **{ufunc: ufunc for ufunc in (np.floor, np.ceil, np.rint, np.trunc, np.sign)},
    np.floor_divide: np.floor,
    **_LEFT,
}
"""How a number, or the quotient of two, becomes a whole one, which jumps."""
_WAVES: Final = (np.sin, np.cos, np.tan)
_FOLDING: Final = frozenset(
    [*_SIGNED, *_EQUAL, *_LEFT, *_WAVES, np.logical_and, np.logical_xor, np.square, np.hypot]
)
"""What takes numbers from both sides to one."""
_TINY: Final = 1e-300  # a distance of which any other is very many
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
            if _is_random(one) and _is_random(other):  # the one that is not taken goes there
                return node + (node - one) + (node - other)
            fixed, moved = (other, one) if _is_random(one) else (one, other)
            assert isinstance(node.operation, Elementwise)
            return wire(node.operation, fixed, fixed + (fixed - moved))
        if _does(node, (*_SIGNED, np.sign)):
            return -node
        if _does(node, _LEFT):
            return node - node.operands[1]
        step = number_node(_step(node), node.unit, node.location)
        return node + step if _rounding(node) else step - node


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
        if node not in random or node.categories:
            continue
        if any(operand.categories for operand in node.operands):
            continue  # of a category's labels some are rare values, which are events of their own
        if _does(node, _LOGIC):
            combined.update(node.operands)
            if any(_decides(leaf) for leaf in _leaves(node)):
                found[node] = Turn(node)
        elif _decides(node) or _rounding(node) or _does(node, (*_CHOICES, *_SIGNED)):
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
class _Whole:
    """The usual whole number of what is rounded, and the ends between which it is that: shape
    (*labels, 1)."""

    usual: FloatArray
    low: FloatArray
    high: FloatArray

    @staticmethod
    def of(rounding: np.ufunc, usual: FloatArray) -> _Whole:
        if rounding is np.sign:
            low, high = (np.where(usual == k, k * np.inf, 0.0) for k in (-1.0, 1.0))
            return _Whole(usual, low, high)
        if rounding is np.trunc:
            return _Whole(usual, usual - (usual <= 0.0), usual + (usual >= 0.0))
        down = 0.0 if rounding is np.floor else 1.0 if rounding is np.ceil else 0.5
        return _Whole(usual, usual - down, usual + (1.0 - down))

    def within(self, number: FloatArray) -> FloatArray:
        """How far a number is from the nearer end, above 0 between them."""
        nearer: FloatArray = np.minimum(number - self.low, self.high - number)
        return nearer

    def passed(self, number: FloatArray) -> _Whole:
        """Without the end that no draw gets beyond, where some get beyond the other."""
        below, above = (
            np.any(x, axis=-1, keepdims=True) for x in (number < self.low, number > self.high)
        )
        low = np.where(above & ~below, -np.inf, self.low)
        return _Whole(self.usual, low, np.where(below & ~above, np.inf, self.high))


@final
@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """How far a turn is from being taken that hardly any of some draws take."""

    turn: Turn
    sizes: Mapping[Quantity, FloatArray]
    """Of each leaf how far it is from its turn typically, shape (*labels, 1)."""
    wholes: Mapping[Quantity, _Whole]
    """Of what is rounded the usual number."""
    side: FloatArray
    """1 or -1, by which side is the usual one, and nan at labels where both are; likewise."""
    met: float
    """The share of the draws that take the turn, at any label."""

    @staticmethod
    def of(turn: Turn, draws: Draws, share: float) -> Margin | None:
        """None where at no label fewer than a share of the draws are on one of its sides, or all
        are just between."""
        sizes: dict[Quantity, FloatArray] = {}
        wholes: dict[Quantity, _Whole] = {}
        for leaf in _leaves(turn.node):
            if rounding := _rounding(leaf):
                wholes[leaf] = _Whole.of(rounding, _middle(_rounded(leaf, draws)[1]))
            size = _middle(np.abs(_distance(leaf, draws, wholes)))
            sizes[leaf] = np.where((size > 0.0) & np.isfinite(size), size, 1.0)
        sides = _sides(turn.node, draws, sizes, wholes)
        above, below = (np.mean(x, axis=-1, keepdims=True) for x in (sides > 0.0, sides < 0.0))
        side = np.where(above >= below, 1.0, -1.0)
        side[(np.minimum(above, below) >= share) | (np.maximum(above, below) == 0.0)] = np.nan
        if turn.node in wholes:  # that one of many whole numbers is rare is no turn
            side[side < 0.0] = np.nan
        if np.all(np.isnan(side)):
            return None
        found = Margin(turn, sizes, wholes, side, 0.0)
        near = found.of_draws(draws)
        return Margin(turn, sizes, wholes, side, float(np.mean(near > 0.0)))

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
        elif _does(node, _LEFT):
            one, other = node.operands
            found = one - _held(self.wholes[self.turn.node].usual, node, DIMENSIONLESS) * other
        else:
            whole = self.wholes.get(self.turn.node)
            found = _held(first if whole is None else whole.usual * _step(node), node, node.unit)
        return _by_label(~np.isnan(self.side), found, node, node)

    def passed(self, draws: Draws) -> Margin:
        """Without what none of some draws far out gets beyond, where some take the turn: positive
        numbers come near 0, but there is no way to what is below. That is an end of a whole number,
        or a comparison of several."""
        if not np.any(self.of_draws(draws) > 0.0):
            return self
        wholes = {x: each.passed(_rounded(x, draws)[0]) for x, each in self.wholes.items()}
        sizes = dict(self.sizes)
        for leaf in sizes if len(sizes) > 1 else ():
            away = _distance(leaf, draws, wholes)
            never = np.all(away <= 0.0, axis=-1, keepdims=True)
            never |= np.all(away >= 0.0, axis=-1, keepdims=True)
            sizes[leaf] = np.where(never, _TINY, sizes[leaf])
        return replace(self, sizes=sizes, wholes=wholes)

    def of_draws(self, draws: Draws) -> FloatArray:
        """Above 0 where the turn is taken at any label, below by how many times its typical
        distance it is not: shape (draws,)."""
        near = -self.side * _sides(self.turn.node, draws, self.sizes, self.wholes)
        near = np.where(np.isnan(near), -np.inf, near)
        flat: FloatArray = near.reshape(-1, near.shape[-1]).max(axis=0)
        return flat


def _held(values: NDArray[Any], like: Quantity, unit: Unit) -> Quantity:
    """A constant of shape (*labels, 1) at the labels of a quantity."""
    known = np.asarray(values[..., 0], dtype=np.float64)
    return constant_node(known, like.dims, unit, like.location)


def _by_label(first: NDArray[np.bool_], one: Quantity, other: Quantity, like: Quantity) -> Quantity:
    """One quantity at labels where that is true, shape (*labels, 1), and another elsewhere."""
    for chosen, everywhere in ((one, first.all()), (other, not first.any())):
        if everywhere and chosen.dims == like.dims:
            return chosen
    return wire(Where(), _held(first, like, DIMENSIONLESS), one, other)


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
    wholes: Mapping[Quantity, _Whole],
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
            found[part] = _distance(part, draws, wholes) / sizes[part] + tie
    return found[node]


def _distance(leaf: Quantity, draws: Draws, wholes: Mapping[Quantity, _Whole]) -> FloatArray:
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
        if _rounding(leaf):
            number, whole = _rounded(leaf, draws)
            within = wholes[leaf].within(number)
            # An end itself is on either side.
            same = whole == wholes[leaf].usual
            return np.where(same, np.maximum(within, _TIE), np.minimum(within, -_TIE))
        return draws(leaf) - 0.5  # yes or no in some other way


def _rounded(node: Quantity, draws: Draws) -> tuple[FloatArray, FloatArray]:
    """What is made a whole number, and which it becomes."""
    operands = [broadcast(draws(x), x.dims, node.dims) for x in node.operands]
    with np.errstate(all="ignore"):
        if _does(node, _LEFT):
            return operands[0] / operands[1], np.rint((operands[0] - draws(node)) / operands[1])
        number = operands[0] / (operands[1] if len(operands) > 1 else _step(node))
        return number, np.rint(draws(node) / _step(node))


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


def _rounding(node: Quantity) -> np.ufunc | None:
    """How it is made whole; None where it is not."""
    operation = node.operation
    if isinstance(operation, Round):
        return operation.function
    return _WHOLE.get(operation.ufunc) if isinstance(operation, Elementwise) else None


def _step(node: Quantity) -> float:
    """From one of its whole numbers to the next, in its unit."""
    return 10.0**-node.operation.digits if isinstance(node.operation, Round) else 1.0


def _is_random(node: Quantity) -> bool:
    return any(isinstance(x.operation, Variate) for x in ancestors([node]))


def is_condition(node: Quantity) -> bool:
    """Whether it is a comparison, or some that logic combines."""
    return _decides(node) or (_does(node, _LOGIC) and any(_decides(x) for x in _leaves(node)))


def is_combined(node: Quantity) -> bool:
    """Whether logic combines it."""
    return _does(node, _LOGIC)


def _decides(node: Quantity) -> bool:
    return _does(node, (*_ABOVE, *_BELOW, *_EQUAL))


def _does(node: Quantity, ufuncs: Iterable[np.ufunc]) -> bool:
    return isinstance(node.operation, Elementwise) and node.operation.ufunc in ufuncs
