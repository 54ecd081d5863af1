"""How far turns are from being taken, in draws that hardly ever take them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.engine.conditions import Count, decides, holding, is_counted, leaves
from guessmodel.engine.turns import (
    CHOICES,
    LEFT,
    SIGNED,
    Turn,
    does,
    is_whole,
    rounding,
    step,
)
from guessmodel.graph.dims import Dims, broadcast
from guessmodel.graph.elementwise import Elementwise, Where
from guessmodel.graph.quantity import Quantile, Quantity, constant_node, wire
from guessmodel.numerics import normal
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.units import DIMENSIONLESS, Unit

__all__ = ["Draws", "Margin"]

Draws = Callable[[Quantity], FloatArray]
"""Draws of a quantity, shape (*labels, draws); of what a draw is made of, its normal score."""

_ABOVE: Final = (np.greater, np.greater_equal)
_BELOW: Final = (np.less, np.less_equal)
_EQUAL: Final = (np.equal, np.not_equal)
_WITH_TIES: Final = (np.greater_equal, np.less_equal, np.equal)
_TINY: Final = 1e-300  # a distance of which any other is very many
_TIE: Final = 1e-12  # of the typical distance: below, two numbers are the same
_FARTHEST: Final = 40.0  # of two normal scores; beyond, probabilities are 0


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
        for leaf in leaves(turn.node):
            if function := rounding(leaf):
                wholes[leaf] = _Whole.of(function, _middle(_rounded(leaf, draws)[1]))
            elif is_whole(leaf):
                usual = _middle(draws(leaf))
                wholes[leaf] = _Whole(usual, usual, usual)
            sizes[leaf] = _size(leaf, draws, wholes)
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

    @property
    def labels(self) -> BoolArray:
        """At which labels it hardly ever is: shape (labels,)."""
        return ~np.isnan(self.side).reshape(-1)

    def at(self, labels: BoolArray) -> Margin:
        """That at some labels alone."""
        return replace(self, side=np.where(labels.reshape(self.side.shape), self.side, np.nan))

    def otherwise(self, labels: BoolArray) -> Quantity:
        """The quantity that turns, if it did at some labels."""
        node = self.turn.node
        return _by_label(labels.reshape(self.side.shape), self.turn.otherwise(), node, node)

    def at_each_label(self, numbers: FloatArray) -> Quantity:
        """Some numbers, shape (labels,), at the labels of the quantity that turns."""
        return _held(numbers.reshape(self.side.shape), self.turn.node, DIMENSIONLESS)

    def usual(self, node: Quantity) -> Quantity:
        """The quantity that turns, or what it has become by rewiring, if it never did."""
        first = self.side > 0.0
        if does(node, CHOICES) and Count.of(node) is None:
            one, other = node.operands
            smaller = does(node, (np.minimum, np.fmin))
            found = _by_label(~first if smaller else first, one, other, node)
        elif does(node, SIGNED):
            (operand,) = node.operands
            found = _by_label(first, operand, -operand, node)
        elif does(node, LEFT):
            one, other = node.operands
            found = one - _held(self.wholes[self.turn.node].usual, node, DIMENSIONLESS) * other
        else:
            whole = self.wholes.get(self.turn.node)
            found = _held(first if whole is None else whole.usual * step(node), node, node.unit)
        return _by_label(~np.isnan(self.side), found, node, node)

    def passed(self, draws: Draws) -> Margin:
        """Without what none of some draws far out gets beyond, where some take the turn: positive
        numbers come near 0, but there is no way to what is below. That is an end of a whole number,
        or a comparison of several."""
        if not np.any(self.of_draws(draws) > 0.0):
            return self
        wholes = {
            x: each.passed(_rounded(x, draws)[0]) if rounding(x) else each
            for x, each in self.wholes.items()
        }
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
        near: FloatArray = self.at_labels(draws).max(axis=0)
        return near

    def at_labels(self, draws: Draws) -> FloatArray:
        """The same at each label: shape (labels, draws)."""
        near = -self.side * _sides(self.turn.node, draws, self.sizes, self.wholes)
        near = np.where(np.isnan(near), -np.inf, near)
        return near.reshape(-1, near.shape[-1])


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


def _size(
    leaf: Quantity,
    draws: Draws,
    wholes: Mapping[Quantity, _Whole],
) -> FloatArray:
    """How far a leaf is from its turn typically: shape (*labels, 1). Of two numbers that are nearly
    always the same, how large they are."""
    size = _middle(np.abs(_distance(leaf, draws, wholes)))
    whole = np.zeros_like(size)
    if does(leaf, (*_ABOVE, *_BELOW, *_EQUAL)):
        for operand in leaf.operands:
            whole += _middle(np.abs(broadcast(draws(operand), operand.dims, leaf.dims)))
    found = np.where(np.isfinite(size) & (size > _TIE * whole), size, whole)
    return np.where((found > 0.0) & np.isfinite(found), found, 1.0)


def _sides(
    node: Quantity,
    draws: Draws,
    sizes: Mapping[Quantity, FloatArray],
    wholes: Mapping[Quantity, _Whole],
) -> FloatArray:
    """Above 0 where a condition holds, the first operand is the larger one, a sign is positive or
    a whole number the usual one; in typical distances, which conditions are compared by."""

    def distance(leaf: Quantity) -> FloatArray:
        with np.errstate(all="ignore"):
            away = _distance(leaf, draws, wholes) / sizes[leaf]
            if not decides(leaf):
                return away
            tie = _TIE if does(leaf, _WITH_TIES) else -_TIE
            return np.where(np.abs(away) < _TIE, 0.0, away) + tie

    return holding(node, distance)


def _distance(
    leaf: Quantity,
    draws: Draws,
    wholes: Mapping[Quantity, _Whole],
) -> FloatArray:
    """The same of one leaf, in its own unit."""
    operands: list[FloatArray] = [broadcast(draws(x), x.dims, leaf.dims) for x in leaf.operands]
    ufunc = leaf.operation.ufunc if isinstance(leaf.operation, Elementwise) else None
    with np.errstate(all="ignore"):
        if decides(leaf) and (away := _compared(leaf, draws)) is not None:
            return away
        if ufunc in _ABOVE or ufunc in CHOICES:
            return operands[0] - operands[1]
        if ufunc in _BELOW:
            return operands[1] - operands[0]
        if ufunc in _EQUAL:
            away = np.abs(operands[0] - operands[1])
            return away if ufunc is np.not_equal else -away
        if ufunc in SIGNED:
            return operands[0]
        if rounding(leaf):
            number, whole = _rounded(leaf, draws)
            within = wholes[leaf].within(number)
            # An end itself is on either side.
            same = whole == wholes[leaf].usual
            return np.where(same, np.maximum(within, _TIE), np.minimum(within, -_TIE))
        if is_counted(leaf):
            return _to_other(leaf, draws, wholes)
        return draws(leaf) - 0.5  # yes or no in some other way


def _rounded(node: Quantity, draws: Draws) -> tuple[FloatArray, FloatArray]:
    """What is made a whole number, and which it becomes."""
    operands = [broadcast(draws(x), x.dims, node.dims) for x in node.operands]
    with np.errstate(all="ignore"):
        if does(node, LEFT):
            return operands[0] / operands[1], np.rint((operands[0] - draws(node)) / operands[1])
        number = operands[0] / (operands[1] if len(operands) > 1 else step(node))
        return number, np.rint(draws(node) / step(node))


def _to_other(leaf: Quantity, draws: Draws, wholes: Mapping[Quantity, _Whole]) -> FloatArray:
    """How far the normal score of a draw of whole numbers is from where it is another one than the
    usual; of one of yes or no, from no."""
    usual = wholes[leaf].usual if leaf in wholes else np.array(1.0)
    score, low, high = _scores(leaf, usual, draws, leaf.dims)
    away = score - low
    if leaf in wholes:
        away = np.minimum(np.abs(away), np.abs(high - score))
    return _signed(draws(leaf) == usual, away)


def _compared(leaf: Quantity, draws: Draws) -> FloatArray | None:
    """How far the normal score of a draw of whole numbers is from where its comparison turns over;
    None where another number is compared."""
    assert isinstance(leaf.operation, Elementwise)
    one, other = leaf.operands
    if is_counted(one) == is_counted(other):
        return None
    draw, limit = (one, other) if is_counted(one) else (other, one)
    value = broadcast(draws(limit), limit.dims, leaf.dims)
    score, low, high = _scores(draw, value, draws, leaf.dims)
    # Beyond the value d > k and k >= d turn over, others before it.
    beyond = (leaf.operation.ufunc in (np.greater, np.less_equal)) == (draw is one)
    away = score - (high if beyond else low)
    if does(leaf, _EQUAL):
        away = np.minimum(np.abs(score - low), np.abs(high - score))
    return _signed(draws(leaf) == 1.0, away)


def _scores(
    draw: Quantity, value: FloatArray, draws: Draws, dims: Dims
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The normal score of a draw, and those between which it is a value."""
    assert isinstance(draw.operation, Quantile)
    family = draw.operation.family
    score, *parameters = (broadcast(draws(x), x.dims, dims) for x in draw.operands)

    def end(value: FloatArray) -> FloatArray:
        """The score up to which a draw is at most a value."""
        below, above = family.cdf(value, *parameters), family.sf(value, *parameters)
        return np.where(below < above, normal.ppf(below), normal.isf(above))

    return score, end(np.nextafter(value, -np.inf)), end(value)


def _signed(holds: NDArray[np.bool_], away: FloatArray) -> FloatArray:
    """A distance, above 0 where something holds: a draw is rounded, and its score is not."""
    size = np.clip(np.abs(away), _TIE, _FARTHEST)
    return np.where(holds, size, -size)
