"""Where a function of one draw turns, jumps and has kinks: cells of the draw, on normal scores,
between which all of it is monotone.

A window such as `(x > 0.5) & (x < 0.51)` is met by no point of any rule of integration, unless the
graph tells where it is. So the function is followed step by step: each step is monotone between
the points where those before it turn or jump, so that what is compared crosses over once in a cell
at most, and is seen at its ends. There the point is searched for, to the last digit, and becomes
the end of two cells. What a grid of 1/64 of a standard deviation does not resolve is noticed at
the points between, and not told.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from guessmodel.estimators.one_draw.function import OneDraw
from guessmodel.graph.along_dims import Accumulate, Reduce, Shift, Stack, Take
from guessmodel.graph.elementwise import Convert, Elementwise, Placed, Round, Where
from guessmodel.graph.quantity import Quantile
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.normal import tail

__all__ = ["ROUNDING", "ROUNDS", "Turns", "Unresolved", "edges_of", "inner_points"]


ROUNDING: Final = 4.0 * np.finfo(np.float64).eps
ROUNDS: Final = 30  # of dividing cells, at most: 4^-30 is 1e-18
_FAR: Final = 37.0  # the probability beyond is 6e-300
_NEEDED: Final = 8.3  # if the function is not finite farther out; the probability beyond is 5e-17
_OFF: Final = 0.0037  # 0 is a pole of many a function
_FINE, _COARSE, _MIDDLE = 1 / 64, 1 / 4, 6.0
_LOOKED_AT: Final = 1 << 10  # parts of all cells in which a jump, or a turn, is looked for again,
_FEWEST, _MOST_PARTS = 4, 1 << 8  # and of one
_MOST: Final = 512  # jumps, or turns, of a step
_NODES: Final = 8192
_COMPARED: Final = frozenset((np.minimum, np.maximum, np.fmin, np.fmax))
_JUMPING: Final = frozenset((np.floor, np.ceil, np.trunc, np.rint, np.floor_divide, np.sign))
_REMAINDERS: Final = frozenset((np.remainder, np.fmod))
_MONOTONE: Final = frozenset(
    [
        *(np.add, np.subtract, np.multiply, np.divide, np.negative, np.positive, np.sqrt, np.cbrt),
        *(np.exp, np.exp2, np.expm1, np.log, np.log2, np.log10, np.log1p, np.arctan, np.tanh),
    ]
)  # with one number that varies
_FEW: Final = 64  # turns, beside which there are further ends of what is integrated
_BESIDE: Final = np.append(np.outer((-1.0, 1.0), 4.0 ** -np.arange(1.0, 21.0)), 0.0)
_KINKED: Final = frozenset((np.absolute, np.fabs))

Signal = Callable[[list[FloatArray]], NDArray[Any]]


class Unresolved(Exception):
    """Too many turns or jumps, such as the grid does not show, or such as cost too much to find."""


class Turns:
    """Scores at which a function of one draw turns, jumps or has kinks, among those of a grid,
    and all its steps there; raises Unresolved."""

    def __init__(self, one: OneDraw) -> None:
        self.one = one
        self.behind: dict[int, list[int]] = {}
        self.left = one.affordable - len(one.varying)
        self.edges = np.empty(0)
        self.peaks = np.empty(0)  # and valleys
        z, low, high = _grid()
        made = one.all(low, high)
        self.z = z[::2]
        self.values = [values[::2] if values.ndim else values for values in made]
        begin, end = self._cut()
        self.between = z[1::2][begin : end - 1]
        self.seen = [v[1::2][begin : end - 1] if v.ndim else v for v in made]
        for place in one.varying:
            if not self._keeps_order(place):
                self._follow(place)

    def _cut(self) -> tuple[int, int]:
        """Leave out what is so far out that something is not finite; from where to where the rest
        is."""
        good = np.ones(self.z.size, dtype=np.bool_)
        for values in self.values:
            good &= np.isfinite(values)
        bad = self.z[~good]
        low, high = bad[bad < 0.0], bad[bad > 0.0]
        first = -np.inf if not low.size else float(low.max())
        last = np.inf if not high.size else float(high.min())
        if first > -_NEEDED or last < _NEEDED:
            raise Unresolved
        begin, end = np.searchsorted(self.z, first, "right"), np.searchsorted(self.z, last)
        self.z = self.z[begin:end]
        self.values = [v[begin:end] if v.ndim else v for v in self.values]
        return int(begin), int(end)

    def _keeps_order(self, place: int) -> bool:
        """Whether the step rises or falls wherever the one number does that varies in it: then it
        turns where that does, and has no jumps or kinks of its own."""
        element, inputs = self.one.steps[place]
        varying = [k for k, each in enumerate(inputs) if self.values[each].ndim]
        if len(varying) != 1:
            return isinstance(element.node.operation, Quantile)
        return _is_monotone(element.node.operation, varying[0], [self.values[i] for i in inputs])

    def _follow(self, place: int) -> None:
        for signal in self._switches(place):
            self._locate(place, signal)
        operation = self.one.steps[place].element.node.operation
        if isinstance(operation, Elementwise) and operation.compares:
            return
        self._turn(place, lambda known: known[place])
        for _ in range(4):
            hidden = self._hidden(place)
            if not hidden.size:
                return
            self._add(hidden)
            self._turn(place, lambda known: known[place])
        if np.any(_met(self._hidden(place))):
            raise Unresolved

    def _switches(self, place: int) -> list[Signal]:
        """What changes where the step jumps or has a kink."""
        element, inputs = self.one.steps[place]
        operation = element.node.operation
        if isinstance(operation, Reduce | Accumulate) and operation.kind in ("min", "max"):
            return [
                lambda known: np.argmin(np.broadcast_arrays(*(known[i] for i in inputs)), axis=0),
                lambda known: np.argmax(np.broadcast_arrays(*(known[i] for i in inputs)), axis=0),
            ]
        if isinstance(operation, Placed | Round):
            return [lambda known: known[place]]
        if not isinstance(operation, Elementwise):
            return []
        if operation.ufunc in _KINKED:
            return [lambda known: known[inputs[0]] > 0.0]
        if operation.compares or operation.ufunc in _COMPARED:
            if all(self.values[i].ndim for i in inputs[:2]) and len(inputs) == 2:
                self._turn(place, lambda known: known[inputs[0]] - known[inputs[1]])
            if operation.compares:
                return [lambda known: known[place]]
            return [lambda known: known[inputs[0]] > known[inputs[1]]]
        if operation.ufunc in _JUMPING:
            return [lambda known: known[place]]
        if operation.ufunc in _REMAINDERS:
            return [lambda known: np.floor_divide(known[inputs[0]], known[inputs[1]])]
        return []

    def _at(self, place: int, z: FloatArray) -> list[FloatArray]:
        if place not in self.behind:
            self.behind[place] = _behind(self.one, place)
        return self._evaluated(z, self.behind[place])

    def _evaluated(self, z: FloatArray, places: list[int]) -> list[FloatArray]:
        self.left -= len(places)
        if self.left < 0:
            raise Unresolved
        return self.one.at_scores(z, places)

    def _locate(self, place: int, signal: Signal) -> None:
        """Find all places where the signal changes, to the last digit."""
        with np.errstate(all="ignore"):
            at: NDArray[Any] = np.broadcast_to(signal(self.values), self.z.shape)
            (cells,) = np.nonzero(at[1:] != at[:-1])
            low, high = self.z[cells], self.z[cells + 1]
            first, last = at[cells], at[cells + 1]
            for _ in range(ROUNDS):
                if not low.size:
                    return
                if low.size > _MOST:
                    near = _met(low)
                    low, high, first, last = (each[near] for each in (low, high, first, last))
                if low.size > _MOST:
                    raise Unresolved
                if np.all(high - low <= ROUNDING * np.abs(low)):
                    break
                inner = inner_points(low, high)
                found = signal(self._at(place, inner.ravel())).reshape(inner.shape)
                points = np.concatenate([low[:, np.newaxis], inner, high[:, np.newaxis]], axis=1)
                signals = np.concatenate([first[:, np.newaxis], found, last[:, np.newaxis]], axis=1)
                rows, parts = np.nonzero(signals[:, 1:] != signals[:, :-1])
                low, high = points[rows, parts], points[rows, parts + 1]
                first, last = signals[rows, parts], signals[rows, parts + 1]
        self._add(np.concatenate([low, high]))
        self.edges = np.union1d(self.edges, high)

    def _turn(self, place: int, of: Callable[[list[FloatArray]], FloatArray]) -> None:
        """Find all places where a number turns."""
        with np.errstate(all="ignore"):
            values = np.broadcast_to(of(self.values), self.z.shape)
            first, last, sides = _turns(values)
            low, high = self.z[first], self.z[last]
            if low.size > _MOST:
                near = _met(low)
                low, high, sides = low[near], high[near], sides[near]
            if low.size > _MOST:
                raise Unresolved
            for _ in range(ROUNDS):
                if not low.size:
                    return
                if np.all(high - low <= ROUNDING * np.abs(low)):
                    break
                inner = inner_points(low, high)
                found = np.asarray(of(self._at(place, inner.ravel()))).reshape(inner.shape)
                best = np.argmax(found * sides[:, np.newaxis], axis=1)
                points = np.concatenate([low[:, np.newaxis], inner, high[:, np.newaxis]], axis=1)
                rows = np.arange(low.size)
                low, high = points[rows, best], points[rows, best + 2]
        self._add((low + high) / 2.0)
        self.peaks = np.union1d(self.peaks, (low + high) / 2.0)

    def _hidden(self, place: int) -> FloatArray:
        """The points between, at which a step is not between its values at the ends of the cell."""
        values = self.values[place]
        after = np.clip(np.searchsorted(self.z, self.between), 1, self.z.size - 1)
        before, behind = values[after - 1], values[after]
        slack = 1e-12 * (np.abs(before) + np.abs(behind))
        seen = self.seen[place]
        out = (seen < np.minimum(before, behind) - slack) | (
            seen > np.maximum(before, behind) + slack
        )
        return self.between[out | np.isnan(seen)]

    def _add(self, z: FloatArray) -> None:
        z = np.setdiff1d(z, self.z)
        if not z.size:
            return
        joined = np.concatenate([self.z, z])
        if joined.size > _NODES:
            raise Unresolved
        order = np.argsort(joined)
        made = self._evaluated(z, self.one.varying)
        if not all(np.isfinite(values).all() for values in made):
            raise Unresolved
        self.z = joined[order]
        self.values = [
            np.concatenate([old, new])[order] if old.ndim else old
            for old, new in zip(self.values, made, strict=True)
        ]


def _met(z: FloatArray) -> NDArray[np.bool_]:
    """Which scores are not so far out that nobody meets them: of what turns too often, those
    count."""
    return np.asarray(np.abs(z) < _NEEDED)


def edges_of(one: OneDraw) -> FloatArray | None:
    """Scores between which the function is integrated: those at which it jumps, has kinks or turns,
    and nearer and nearer ones beside its turns, for a peak may be narrow. None of one that neither
    breaks nor turns by what it is made of; None where that is not resolved."""
    if not any(_is_broken(step.element.node.operation) for step in one.steps) and not _may_turn(
        one
    ):
        return np.empty(0)
    try:
        found = Turns(one)
    except Unresolved:
        return None
    beside = _BESIDE if found.peaks.size <= _FEW else np.zeros(1)
    return np.union1d(found.edges, np.add.outer(found.peaks, beside))


def _may_turn(one: OneDraw) -> bool:
    varies: list[bool] = []
    for element, inputs in one.steps:
        operation = element.node.operation
        count = sum(varies[place] for place in inputs)
        varies.append(count > 0 or isinstance(operation, Quantile))
        turning = isinstance(operation, Elementwise) and operation.ufunc not in _MONOTONE
        if count > 1 or (count == 1 and turning):
            return True
    return False


def _is_monotone(operation: object, varying: int, inputs: list[FloatArray]) -> bool:
    """Whether an operation is so in the one input that varies, for all that this is."""
    if isinstance(operation, Convert | Take | Stack | Shift):
        return True
    if isinstance(operation, Reduce | Accumulate):
        return operation.kind in ("sum", "cumsum", "mean", "prod", "cumprod")
    if not isinstance(operation, Elementwise):
        return False
    values = inputs[varying]
    if operation.ufunc is np.divide and varying == 1:  # it has a pole
        return _one_sign(values)
    if operation.ufunc is np.power:
        return _one_sign(values) if varying == 0 else bool(inputs[0] > 0.0)
    return operation.ufunc in _MONOTONE


def _one_sign(values: FloatArray) -> bool:
    return bool(np.all(values > 0.0) or np.all(values < 0.0))


def _is_broken(operation: object) -> bool:
    if isinstance(operation, Elementwise):
        broken = _COMPARED | _JUMPING | _REMAINDERS | _KINKED
        return operation.compares or operation.ufunc in broken
    if isinstance(operation, Reduce | Accumulate):
        return operation.kind in ("min", "max")
    return isinstance(operation, Placed | Round | Where)


def inner_points(low: FloatArray, high: FloatArray) -> FloatArray:
    """Points that divide cells into parts: few cells into more, for each look has its price."""
    into = int(np.clip(_LOOKED_AT // low.size, _FEWEST, _MOST_PARTS))
    found: FloatArray = low[:, np.newaxis] + (high - low)[:, np.newaxis] * (
        np.arange(1, into) / into
    )
    return found


def _behind(one: OneDraw, place: int) -> list[int]:
    """The steps that vary of what a step is made of, and itself."""
    found, left = set(), [place]
    varying = set(one.varying)
    while left:
        here = left.pop()
        if here in varying and here not in found:
            found.add(here)
            left += one.steps[here].inputs
    return sorted(found)


@lru_cache(maxsize=1)
def _grid() -> tuple[FloatArray, FloatArray, FloatArray]:
    """The scores at which every function is looked at first, and between each two of them another;
    with the probabilities below and above."""
    outer = np.arange(_MIDDLE, _FAR, _COARSE)
    inner = np.arange(-_MIDDLE, _MIDDLE, _FINE)
    nodes = np.concatenate([-outer[:0:-1], inner, outer]) + _OFF
    z = np.empty(2 * nodes.size - 1)
    z[::2], z[1::2] = nodes, (nodes[1:] + nodes[:-1]) / 2.0
    return z, tail(-z), tail(z)


def _turns(values: FloatArray) -> tuple[NDArray[np.intp], NDArray[np.intp], FloatArray]:
    """Nodes before and after each turn, and 1 for a peak, -1 for a valley."""
    steps = np.diff(values)
    size = np.maximum(np.abs(values[1:]), np.abs(values[:-1]))
    signs = np.where(np.abs(steps) > ROUNDING * size, np.sign(steps), 0.0)
    (moves,) = np.nonzero(signs)
    turned = signs[moves[1:]] != signs[moves[:-1]]
    first, last = moves[:-1][turned], moves[1:][turned] + 1
    return first, last, signs[first]
