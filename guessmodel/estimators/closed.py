"""Multiples and shifts of a family at constant parameters, and constants."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np

from guessmodel.distributions.lognormal import LOGNORMAL
from guessmodel.graph.family import Family
from guessmodel.numerics.squarable import exponent

__all__ = ["MIRRORED", "Closed", "grid_of"]

MIRRORED: Final[Mapping[np.ufunc, np.ufunc]] = {
    np.less: np.greater,
    np.less_equal: np.greater_equal,
    np.greater: np.less,
    np.greater_equal: np.less_equal,
    np.equal: np.equal,
    np.not_equal: np.not_equal,
}
"""Comparisons, and the same with both sides exchanged."""

_ROUNDING = 8 * np.finfo(np.float64).eps
_LEAST = 1e-16  # probability of the draws farthest out
_ATOM = 1e-9  # probability, within rounding of a number, of a value that is isolated
_DIGITS = 2.0**52  # of a float: multiples of g up to g times this are sums without rounding


@final
@dataclass(frozen=True, slots=True)
class Closed:
    """`shift + scale * X`, X of a family at constant parameters (family None: the constant)."""

    family: Family | None
    parameters: tuple[float, ...] = ()
    scale: float = 1.0
    shift: float = 0.0
    grid: float = 1.0
    """Where the values of the family are whole numbers (or, of a sum of events, multiples of this),
    all that the draws go through on their way from there are multiples of it; 0 where that is not
    known."""

    def times(self, factor: float) -> Closed:
        """The same, multiplied by a number."""
        grid = self.grid * grid_of(factor)
        return replace(self, scale=self.scale * factor, shift=self.shift * factor, grid=grid)

    def plus(self, number: float) -> Closed:
        """The same, moved by a number."""
        grid, shift = min(self.grid, grid_of(number)), self.shift + number
        if max(abs(number), abs(shift)) > grid * _DIGITS:
            grid = 0.0
        return replace(self, shift=shift, grid=grid)

    def mean(self) -> float:
        """Mean; NaN where it does not exist."""
        if self.family is None:
            return self.shift
        with np.errstate(over="ignore", invalid="ignore"):
            mean = float(self.family.mean(*self.parameters))
        return self._unless_rounding(self.shift + self.scale * mean)

    def sd(self) -> float:
        """Standard deviation; NaN where it does not exist."""
        if self.family is None:
            return 0.0
        with np.errstate(over="ignore"):
            variance = float(self.family.variance(*self.parameters))
        return abs(self.scale) * math.sqrt(variance)

    def squarable(self) -> bool:
        """Whether the squares of its usual deviations are within the range of the floats."""
        return self.family is None or not exponent(0.0, self._at(0.75) - self._at(0.25))

    def quantile(self, p: float) -> float:
        """Quantile at p."""
        return self.shift if self.family is None else self._unless_rounding(self._at(p))

    def _unless_rounding(self, value: float) -> float:
        """A mean or quantile, but 0 where all that is left of it is the rounding of larger terms,
        as of the 5th percentile of a normal variable that is given by 0 and 2."""
        assert self.family is not None
        size = max(map(abs, (self.shift, *self.parameters)), default=0.0)
        if value == 0.0 or abs(value) > 1e-9 * size:  # the rule; what follows is costly
            return value
        low, high = self.family.support(*self.parameters)
        if self.shift == 0.0 and not np.all((low < 0.0) & (high > 0.0)):
            return value
        return 0.0 if abs(value) < _ROUNDING * abs(self._at(0.95) - self._at(0.05)) else value

    def _at(self, p: float) -> float:
        assert self.family is not None
        upper = (p > 0.5) == (self.scale > 0)
        tail = 1.0 - p if p > 0.5 else p
        with np.errstate(over="ignore", invalid="ignore"):
            x = (self.family.isf if upper else self.family.ppf)(tail, *self.parameters)
        return self.shift + self.scale * float(x)

    def cdf(self, x: float) -> float:
        """Probability of at most x."""
        return self.share(x, above=False, including=True)

    def share(self, x: float, *, above: bool, including: bool) -> float:
        """Probability of more than x, or of less, and of x itself too where it is `including`."""
        if self.family is None:
            return float(including if x == self.shift else above == (self.shift > x))
        z = (x - self.shift) / self.scale
        upper = above == (self.scale > 0)
        if upper == including:
            z = float(np.nextafter(z, -np.inf))
        return float((self.family.sf if upper else self.family.cdf)(z, *self.parameters))

    def rounding_decides(self, x: float) -> bool:
        """Whether one of its values is so near to x that rounding tells on which side of it the
        draws are: 3 times 0.1 is above 0.3."""
        as_drawn = self.scale == self.grid == 1.0 and self.shift == 0.0
        if self.family is None or as_drawn or math.isinf(x) or self._without_rounding(x):
            return False
        off = _ROUNDING * max(abs(x), abs(self.shift), abs(x - self.shift))
        low, high = sorted((x + side - self.shift) / self.scale for side in (-off, off))
        sides = (self.family.cdf, low, high), (self.family.sf, high, low)
        least = 0.0 if self.discrete else _ATOM
        return any(
            far(to, *self.parameters) - far(np.nextafter(near, -np.inf), *self.parameters) > least
            for far, near, to in sides
        )

    def _without_rounding(self, x: float) -> bool:
        """Whether draws that are to be at x are there to the last digit: twice eight is sixteen."""
        fine = min(self.grid, 1.0)
        if self.grid == 0.0 or max(abs(x), abs(self.shift)) > self.grid * fine * _DIGITS:
            return False
        z = (x - self.shift) / self.scale
        return x % self.grid == 0.0 and z % fine == 0.0 and self.shift + self.scale * z == x

    def probability_of(self, x: float) -> float:
        """Probability of exactly x, of a discrete one that is neither moved nor scaled."""
        if self.family is None:
            return float(self.shift == x)
        return float(self.family.pdf(x, *self.parameters))

    def event(self, compared: np.ufunc, x: float) -> Closed | None:
        """A comparison of it with a number: that there is at least one, that it is a label. None
        of one that is continuous, moved or scaled, where rounding decides."""
        family, at = self.family, self.parameters
        if family is None or not family.discrete or self.scale != 1.0 or self.shift != 0.0:
            return None
        from guessmodel.distributions.bernoulli import BERNOULLI

        there = float(family.pdf(x, *at))
        if compared is np.equal or compared is np.not_equal:
            p = there if compared is np.equal else 1.0 - there
        elif compared is np.less or compared is np.less_equal:
            p = float(family.cdf(x, *at)) - (there if compared is np.less else 0.0)
        else:
            p = float(family.sf(x, *at)) + (there if compared is np.greater_equal else 0.0)
        return Closed(BERNOULLI, (min(max(p, 0.0), 1.0),))

    @property
    def discrete(self) -> bool:
        """Whether it has atoms."""
        return self.family is None or self.family.discrete

    def unless_constant(self) -> Closed | float:
        """The form, but its shift where each draw rounds to that: the scale has become 0, or what
        is left of the spread is lost in the shift, as after m -> m / 2 + 1 many times over."""
        if self.family is None or self.scale == 0.0:
            return self.shift
        factor = math.exp(min(self.parameters[0], 0.0)) if self.family is LOGNORMAL else 1.0
        if abs(self.scale) * factor > _ROUNDING * abs(self.shift):  # the rule; the rest is costly
            return self
        ends = (self._at(_LEAST), self._at(1.0 - _LEAST), self.shift + self.sd())
        return self.shift if all(end == self.shift for end in ends) else self


def grid_of(number: float) -> float:
    """The largest power of two of which a number is a multiple; infinite of 0."""
    if number == 0.0 or not math.isfinite(number):
        return math.inf if number == 0.0 else 0.0
    above, below = number.as_integer_ratio()
    return (above & -above) / below if below < 2**1000 else 0.0
