"""The distribution of a function of one draw, by cells of the draw in each of which it is monotone:
the probability that it is beyond a number is that of the parts of the draw in which it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.estimators.one_draw.function import OneDraw
from guessmodel.estimators.one_draw.turns import ROUNDING, ROUNDS, Turns, Unresolved, inner_points
from guessmodel.numerics.arrays import FloatArray, IndexArray
from guessmodel.numerics.normal import tail

__all__ = ["Cells", "cells_of"]


_NOTHING: Final = 1e-14  # of what it is usually
_LOOKS: Final = 60  # for a quantile; ten are the rule


@final
@dataclass(frozen=True, eq=False)
class Cells:
    """Scores that ascend, from -37 or less far to 37, and the function at each: between two of
    them it is monotone."""

    at: Callable[[FloatArray, FloatArray], FloatArray]
    """The function where the variate is U, of U and 1 - U."""
    z: FloatArray
    values: FloatArray
    masses: FloatArray
    """Probability of each cell; that beyond the first and the last score is in theirs."""

    @cached_property
    def rising(self) -> bool:
        """Whether the function never falls."""
        return bool(np.all(np.diff(self.values) >= 0.0))

    @cached_property
    def falling(self) -> bool:
        """Whether it never rises."""
        return bool(np.all(np.diff(self.values) <= 0.0))

    def lower(self, p: FloatArray) -> FloatArray:
        """Quantiles at p, of what never turns."""
        return self.at(p, 1.0 - p) if self.rising else self.at(1.0 - p, p)

    def upper(self, q: FloatArray) -> FloatArray:
        """Quantiles at 1 - q, of what never turns."""
        return self.at(1.0 - q, q) if self.rising else self.at(q, 1.0 - q)

    def quantile(self, p: float) -> float:
        """The least value of which there is a probability of p or more up to it."""
        return self.without_rounding(self._quantile(p))

    def without_rounding(self, value: float) -> float:
        """A value, 0 where all that is left of it is the rounding of what it is usually."""
        usual = float(np.median(np.abs(self.values[np.abs(self.z) < 2.0])))
        return 0.0 if abs(value) < _NOTHING * usual else value

    def _quantile(self, p: float) -> float:
        if self.rising or self.falling:
            tail = np.array([min(p, 1.0 - p)])
            return float((self.lower(tail) if p <= 0.5 else self.upper(tail))[0])
        values = np.unique(self.values)
        low, high = 0, values.size - 1  # between two values it neither turns nor stays
        while high - low > 1:
            middle = (low + high) // 2
            if self._roughly(float(values[middle])) < p:
                low = middle
            else:
                high = middle

        def below(x: float) -> float:
            return self.share(x, above=False, including=True)

        while below(float(values[low])) >= p:
            if low == 0:
                return float(values[0])
            low -= 1
        while high < values.size - 1 and below(float(values[high])) < p:
            high += 1
        for k in range(low + 1, high):
            if below(float(values[k])) >= p:
                high = k
                break
            low = k
        left, right = float(values[low]), float(values[high])
        if self.share(right, above=False, including=False) < p:
            return right
        return _crossing(lambda x: below(x) - p, left, right)

    def _roughly(self, x: float) -> float:
        """Probability of at most x, as if it were straight in each cell."""
        low, high = self.values[:-1], self.values[1:]
        with np.errstate(all="ignore"):
            part = np.clip((x - low) / (high - low), 0.0, 1.0)
        part = np.where(low == high, low <= x, np.where(high > low, part, 1.0 - part))
        return float(part @ self.masses)

    def share(self, x: float, *, above: bool, including: bool) -> float:
        """Probability of more than x, or of less, and of x itself too where it is `including`."""
        before, after, begins, low, high, cells = self._crossed(x, above, including)
        whole = self.masses[before & after]
        left, right = self.z[cells], self.z[cells + 1]
        left = np.where(cells == 0, -np.inf, left)
        right = np.where(cells == self.z.size - 2, np.inf, right)
        parts = np.where(begins, _mass(left, low), _mass(high, right))
        return min(float(np.sort(np.concatenate([whole, parts])).sum()), 1.0)

    def crossings(self, x: float) -> FloatArray:
        """Scores at which it becomes more than x, or no longer is."""
        high: FloatArray = self._crossed(x, True, False)[4]
        return high

    def _crossed(self, x: float, above: bool, including: bool) -> tuple[Any, ...]:
        """Whether it is beyond x at both ends of each cell; and of the cells in which that changes,
        which are the last, whether it begins so, and the scores between which it changes."""

        def holds(values: FloatArray) -> NDArray[np.bool_]:
            if above:
                return values >= x if including else values > x
            return values <= x if including else values < x

        there = holds(self.values)
        before, after = there[:-1], there[1:]
        (cells,) = np.nonzero(before != after)
        low, high = self.z[cells], self.z[cells + 1]
        begins: NDArray[np.bool_] = before[cells]
        for _ in range(ROUNDS):
            if not cells.size or np.all(high - low <= ROUNDING * np.abs(low)):
                break
            inner = inner_points(low, high)
            found = holds(self.at_scores(inner.ravel())).reshape(inner.shape)
            same = found == begins[:, np.newaxis]
            last = np.where(same.all(axis=1), inner.shape[1], same.argmin(axis=1))
            points = np.concatenate([low[:, np.newaxis], inner, high[:, np.newaxis]], axis=1)
            rows = np.arange(cells.size)
            low, high = points[rows, last], points[rows, last + 1]
        return before, after, begins, low, high, cells

    def at_scores(self, z: FloatArray) -> FloatArray:
        """The function at scores of the variate."""
        return self.at(tail(-z), tail(z))

    def parts_below(self, cells: IndexArray, z: FloatArray) -> FloatArray:
        """The probabilities of the parts of some cells, each divided at a score, in which the
        function is less than there."""
        left = np.where(cells == 0, -np.inf, self.z[cells])
        right = np.where(cells == self.z.size - 2, np.inf, self.z[cells + 1])
        rises = self.values[cells + 1] > self.values[cells]
        return np.where(rises, _mass(left, z), _mass(z, right))


def cells_of(one: OneDraw) -> Cells | None:
    """The cells of a function of one draw; None where it is not resolved, or not finite."""
    try:
        nodes = Turns(one)
    except Unresolved:
        return None
    z, values = nodes.z, np.broadcast_to(nodes.values[-1], nodes.z.shape)
    ends = z.copy()
    ends[0], ends[-1] = -np.inf, np.inf
    return Cells(one.at, z, values, _mass(ends[:-1], ends[1:]))


def _crossing(f: Callable[[float], float], low: float, high: float) -> float:
    """Where an increasing function is 0, between two numbers: regula falsi, of which the end that
    stays counts half (the Illinois rule, Dowell and Jarratt 1971)."""
    at_low, at_high, side = f(low), f(high), 0
    least = ROUNDING * max(abs(low), abs(high))
    for _ in range(_LOOKS):
        if not at_low < 0.0 < at_high or high - low <= least:
            break
        x = high - at_high * (high - low) / (at_high - at_low)
        x = x if low < x < high else (low + high) / 2.0
        here = f(x)
        if here >= 0.0:
            high, at_high = x, here
            at_low = at_low / 2.0 if side > 0 else at_low
            side = 1
        else:
            low, at_low = x, here
            at_high = at_high / 2.0 if side < 0 else at_high
            side = -1
    return high


def _mass(low: FloatArray, high: FloatArray) -> FloatArray:
    """Probability between two scores, to all digits where it is small."""
    turned = low > 0.0
    below, above = np.where(turned, -high, low), np.where(turned, -low, high)
    found: FloatArray = tail(-above) - tail(-below)
    return found
