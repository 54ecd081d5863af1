"""Statistics of sums of events whose distribution is enclosed on a grid, and of what is left of
them above deductibles and up to limits.

Each statistic has the bounds that the two distributions of the grid give it. Means are integrals of
P(Y <= t) over t. The mean of the share p of all values that is largest is the least
t + E[(Y - t)+] / p over all t (Rockafellar and Uryasev 2000), and that of the smallest the largest
t - E[(t - Y)+] / p: so bounds of these integrals are bounds of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np

from guessmodel.estimators.clipped import Clipped, followed
from guessmodel.estimators.closed_form import Closed, ClosedForms
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.estimator import Candidate, Estimator
from guessmodel.estimators.grids import MOST, OFF, Grid, grid_of, has_generating
from guessmodel.estimators.sums_of_events import (
    Size,
    count_of,
    independent,
    size_of,
    sum_moments,
)
from guessmodel.graph import dims as dimensions
from guessmodel.graph.coordinates import Element
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.random_sum import RandomSum
from guessmodel.numerics.arrays import FloatArray

__all__ = ["ESTIMATOR", "Compounded", "compounded_of"]

ESTIMATOR: Final = "fft"

_NEAR: Final = 1e-9  # of a step
_FINE: Final = 0.005
"""Of the range from the 5th to the 95th percentile, and of a probability: bounds that are closer
are settled, for draws would hardly do better."""

_NEGATIVE: Final = Clipped(-1.0)

Bounds = tuple[float, float]


@final
@dataclass(frozen=True, slots=True)
class Compounded(Estimator):
    """A sum of events that are never below 0, and lines of it that are kept between two bounds."""

    count: Closed
    size: Size
    beyond: Clipped  # of the sum
    center: float  # mean of the sum, and its standard deviation; NaN where they are not known
    spread: float
    moments: Estimator | None = None
    """Of mean and standard deviation, where they are known exactly."""

    def mean(self, unit: str) -> Candidate | None:
        if self.moments is not None:
            return self.moments.mean(unit)
        return self._told(lambda on: on.mean(), unit)

    def sd(self, unit: str) -> Candidate | None:
        if self.moments is not None:
            return self.moments.sd(unit)
        return self._told(lambda on: on.sd(), unit, signed=False)

    def quantile(self, p: float, unit: str) -> Candidate | None:
        if self.beyond.factor > 0.0:
            return self._told(lambda on: on.quantile(p), unit)
        return self._told(lambda on: on.quantile(1.0 - p), unit)

    def share(self, x: float, *, above: bool, including: bool) -> Candidate | None:
        on = self._line()
        if on is None:
            return None
        if self.beyond.factor < 0.0:
            x, above = -x, not above
        bounds = on.below(x, including=including != above)
        if bounds is None:
            return None
        low, high = bounds if not above else (1.0 - bounds[1], 1.0 - bounds[0])
        return Candidate(_enclosed(low, high, ""), high - low <= _FINE)

    def shortfall(self, share: float, unit: str, *, upper: bool) -> Candidate | None:
        if upper == (self.beyond.factor > 0.0):
            return self._told(lambda on: on.largest(share), unit)
        return self._told(lambda on: on.smallest(share), unit)

    def _line(self) -> _Line | None:
        """The sum as a line that rises: the negative of one that falls."""
        grid = grid_of(self.count, self.size)
        if grid is None:
            return None
        rising = self.beyond if self.beyond.factor > 0.0 else self.beyond.times(-1.0)
        center = rising.factor * self.center + rising.shift
        return _Line(grid, rising, center, rising.factor * self.spread)

    def _told(
        self, ask: Callable[[_Line], Bounds | None], unit: str, *, signed: bool = True
    ) -> Candidate | None:
        on = self._line()
        found = None if on is None else [ask(each) for each in on.enclosing()]
        if on is None or found is None or found[0] is None or found[-1] is None:
            return None
        low, high = found[0][0], found[-1][1]
        if not math.isfinite(low) or not math.isfinite(high):
            return None
        if signed and self.beyond.factor < 0.0:
            low, high = -high, -low
        return Candidate(_enclosed(low, high, unit), high - low <= _FINE * on.range())


def _enclosed(low: float, high: float, unit: str) -> Estimate:
    return Estimate(0.5 * (low + high), low, high, ESTIMATOR, unit)


@final
@dataclass(frozen=True, slots=True)
class _Line:
    """Y = factor S + shift of a sum S on a grid, with a factor above 0, kept between two bounds."""

    grid: Grid
    line: Clipped
    center: float  # mean of Y without the bounds, and its standard deviation
    spread: float

    @property
    def low(self) -> float:
        """The least value."""
        return min(max(self.line.low, self.line.shift), self.line.high)

    @property
    def high(self) -> float:
        """The largest value, which may be infinite."""
        return self.line.high

    def enclosing(self) -> list[_Line]:
        """The line itself; of a limit beyond the grid those with that of the grid, and with none,
        between which its mean, deviation and shortfalls are."""
        line, end = self.line, float(self.grid.step * (self.grid.up.size - 1))
        end = line.factor * end + line.shift
        if not end < line.high < math.inf:
            return [self]
        limits = line.at_most(end), replace(line, high=math.inf)
        return [replace(self, line=each) for each in limits]

    def below(self, y: float, *, including: bool) -> Bounds | None:
        """Probability of less than y, or of at most y; None beyond the grid."""
        if y < self.low or (y == self.low and not including):
            return 0.0, 0.0
        if y > self.high or (y == self.high and including):
            return 1.0, 1.0
        steps = (y - self.line.shift) / self.line.factor / self.grid.step
        k = math.floor(steps + _NEAR) if including else math.ceil(steps - _NEAR) - 1
        if k >= self.grid.up.size:
            return None
        if k < 0:
            return 0.0, OFF
        return max(float(self.grid.up[k]) - OFF, 0.0), min(float(self.grid.down[k]) + OFF, 1.0)

    def quantile(self, p: float) -> Bounds | None:
        """The least value up to which there is a probability of p."""
        up, down = self.grid.up, self.grid.down
        if not p + OFF < min(down[-1], up[-1]):
            whole = self.line(self.grid.step * (up.size - 1)) == self.high
            return (self.high, self.high) if whole else None
        places = np.searchsorted(down, max(p - OFF, 0.0)), np.searchsorted(up, p + OFF)
        low, high = (float(self.line(self.grid.step * place)) for place in places)
        return low, high

    def range(self) -> float:
        """The distance from the 5th to the 95th percentile, roughly."""
        found = self.quantile(0.05), self.quantile(0.95)
        return math.inf if found[0] is None or found[1] is None else found[1][1] - found[0][0]

    def mean(self) -> Bounds:
        """The mean of the values between the bounds: `high` less the integral of P(Y <= t) between
        them."""
        if self.high < math.inf:
            less, more = self._integral(self.low, self.high, lambda t: t)
            return self.high - more, self.high - less
        less, more = self._integral(self.line.shift, self.low, lambda t: t)
        return self.center + less, self.center + more

    def sd(self) -> Bounds:
        """The standard deviation, from the second moment about the least value."""
        a = self.low
        if self.high < math.inf:
            less, more = self._integral(a, self.high, lambda t: (t - a) ** 2)
            second = (self.high - a) ** 2 - more, (self.high - a) ** 2 - less
        else:
            whole = self.spread**2 + (self.center - a) ** 2
            less, more = self._integral(self.line.shift, a, lambda t: -((a - t) ** 2))
            second = whole - more, whole - less
        least, most = (bound - a for bound in self.mean())
        low, high = second[0] - max(most, 0.0) ** 2, second[1] - max(least, 0.0) ** 2
        return math.sqrt(max(low, 0.0)), math.sqrt(max(high, 0.0))

    def largest(self, share: float) -> Bounds | None:
        """Mean of the share of all values that is largest."""
        t, less, more = self._integrals()
        if self.high < math.inf:
            above = (self.high - t - (each[-1] - each) for each in (more, less))
        else:
            before = self._integral(self.line.shift, self.low, lambda t: t)
            above = (
                self.center + x - t + each for x, each in zip(before, (less, more), strict=True)
            )
        low, high = (float(np.min(t + each / share)) for each in above)
        return low, high

    def smallest(self, share: float) -> Bounds | None:
        """Mean of the share of all values that is smallest."""
        if self.high == math.inf and not share + OFF < self.grid.up[-1]:
            return None
        t, less, more = self._integrals()
        return float(np.max(t - more / share)), float(np.max(t - less / share))

    def _cells(self, start: float, stop: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Points from `start` to `stop`, with all points of the grid in between, and bounds of
        P(Y <= t) from each to the next."""
        width = self.line.factor * self.grid.step
        most = self.grid.up.size - 1
        end = max(self.line.shift + width * most, start) if stop == math.inf else stop
        first = min(max(math.floor((start - self.line.shift) / width + _NEAR), 0), most)
        last = min(max(math.ceil((end - self.line.shift) / width - _NEAR) - 1, first), most)
        places = np.arange(first, last + 1)
        points = np.append(np.clip(self.line.shift + width * places, start, end), end)
        less = np.maximum(self.grid.up[places] - OFF, 0.0)
        more = np.minimum(self.grid.down[places] + OFF, 1.0)
        return points, less, more

    def _integral(
        self, start: float, stop: float, primitive: Callable[[FloatArray], FloatArray]
    ) -> Bounds:
        """The integral of P(Y <= t) times the derivative of an increasing primitive, from start to
        stop."""
        if stop <= start:
            return 0.0, 0.0
        points, less, more = self._cells(start, stop)
        widths = np.diff(primitive(points))
        return float(widths @ less), float(widths @ more)

    def _integrals(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Points t from the least value on, and bounds of the integral of P(Y <= x) from it to t,
        which is E[(t - Y)+] of what is kept between the bounds."""
        points, less, more = self._cells(self.low, self.high)
        widths = np.diff(points)
        sums = [np.append(0.0, np.cumsum(widths * each)) for each in (less, more)]
        return points, sums[0], sums[1]


def compounded_of(
    forms: ClosedForms, node: Quantity, position: tuple[int, ...], moments: Estimator | None
) -> Compounded | None:
    """The statistics of a quantity at a coordinate, if it is a line of a sum of events, kept
    between bounds, and their number and size are known; its `moments` may be known exactly."""
    if not forms.sums or dimensions.size(node.dims) > MOST:
        return None
    base, beyond = followed(forms, Element(node, position))
    if not isinstance(base.node.operation, RandomSum) or not independent(forms, base):
        return None
    count, size = count_of(forms, base), size_of(forms, base)
    if count is None or size is None or size.closed.family is None or not has_generating(count):
        return None
    if _may_be_negative(size):
        size = Size(_NEGATIVE.after(size.closed), -size.high, -size.low)
        beyond = Clipped(-beyond.factor, beyond.shift, beyond.low, beyond.high)
        if _may_be_negative(size):
            return None
    center, spread = sum_moments(forms, base) or (math.nan, math.nan)
    return Compounded(count, size, beyond, abs(center), spread, moments)


def _may_be_negative(size: Size) -> bool:
    return size.low < 0.0 and size.closed.share(0.0, above=False, including=False) > 0.0
