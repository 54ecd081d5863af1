"""Mean and central moments of sums, products and mixtures of independent variables.

Each moment is a number, or an array with one for each case of something else. Moments about the
mean are kept, as those about 0 lose their digits where the mean is many deviations away. They are
counted in a power of two, as the squares of very large and small numbers are no floats.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, final

import numpy as np

from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.numerics.squarable import exponent

__all__ = ["CentralMoments"]

Number = float | FloatArray

_MOST_OF_FACTORS = 60  # the fourth power of a product of two is 2^480


@final
class CentralMoments(NamedTuple):
    """E[X], and E[(X - E[X])^k] for k = 2, and for 3 and 4 where these are asked for (else None);
    X is counted in 2^power.

    >>> exponential = CentralMoments(1.0, 1.0, 2.0, 9.0)
    >>> gamma = exponential.plus(exponential)  # of shape 2, whose skewness is 2/√2
    >>> gamma.second, gamma.third, gamma.fourth
    (2.0, 4.0, 24.0)
    >>> exponential.times(exponential).second  # E[X²]² - E[X]⁴
    3.0
    """

    mean: Number
    second: Number
    third: Number | None = None
    fourth: Number | None = None
    power: int = 0

    @classmethod
    def of(cls, mean: Number, higher: Sequence[Number], power: int = 0) -> CentralMoments:
        """From the mean, and the moments about it from the second on."""
        second, third, fourth = (*higher, None, None)[:3]
        assert second is not None
        return cls(mean, second, third, fourth, power)

    @classmethod
    def certain(cls, value: Number, order: int) -> CentralMoments:
        """The moments of what does not vary."""
        found = cls(value, 0.0) if order == 2 else cls(value, 0.0, 0.0, 0.0)
        return found._in_range()

    @staticmethod
    def chosen(holds: BoolArray, first: CentralMoments, second: CentralMoments) -> CentralMoments:
        """The moments of the first in cases in which this holds, else of the second."""
        first, second = first._beside(second), second._beside(first)
        return first._with(
            [np.where(holds, a, b) for a, b in zip(first._all, second._all, strict=True)]
        )

    @property
    def value(self) -> Number:
        """The mean as it is, whatever it is counted in."""
        return np.ldexp(self.mean, self.power) if self.power else self.mean

    @property
    def about_mean(self) -> list[Number]:
        """E[(X - E[X])^k] from k = 0 on."""
        if self.third is None or self.fourth is None:
            return [1.0, 0.0, self.second]
        return [1.0, 0.0, self.second, self.third, self.fourth]

    def about(self, centre: float) -> list[Number]:
        """E[(X - centre)^k] from k = 0 on."""
        away, own = self.mean - centre, self.about_mean
        return [
            sum((math.comb(k, j) * own[j] * away ** (k - j) for j in range(2, k + 1)), away**k)
            for k in range(len(own))
        ]

    def plus(self, other: CentralMoments) -> CentralMoments:
        """The moments of a sum of independent variables."""
        first, second = self._beside(other), other._beside(self)
        a, b = first.about_mean, second.about_mean
        moments: list[Number] = [
            sum(math.comb(k, j) * a[j] * b[k - j] for j in range(k + 1) if 1 not in (j, k - j))
            for k in range(2, len(a))
        ]  # but those of order 1, which are 0
        return first._with([first.mean + second.mean, *moments])

    def line(self, factor: Number, shift: float = 0.0) -> CentralMoments:
        """The moments of factor * X + shift."""
        power = exponent(0.0, _highest(np.abs(factor)))
        factor = np.ldexp(factor, -power) if power else factor
        moments = [m * factor**k for k, m in enumerate(self.about_mean)]
        found = self._with([self.mean * factor, *moments[2:]], power)
        return found.plus(self.certain(shift, len(moments) - 1)) if shift else found

    def times(self, other: CentralMoments) -> CentralMoments:
        """The moments of a product of independent variables: with a and b for what they differ from
        their means A and B, those of A b + a B + a b, expanded."""
        first, second = self._in_range(_MOST_OF_FACTORS), other._in_range(_MOST_OF_FACTORS)
        a, b = first.about_mean, second.about_mean
        means = first.mean, second.mean
        of_a, of_b = ([1.0, mean, *(mean**k for k in range(2, len(a)))] for mean in means)
        moments: list[Number] = []
        for k in range(2, len(a)):
            total: Number = 0.0
            for i in range(k + 1):
                for j in range(k + 1 - i):
                    both = k - i - j  # times a b, i times A b, j times a B
                    if 1 in (j + both, i + both):
                        continue  # a and b are 0 in the mean
                    ways = math.comb(k, i) * math.comb(k - i, j)
                    parts = a[j + both] * b[i + both]
                    total = total + ways * of_a[i] * of_b[j] * parts
            moments.append(total)
        return first._with([first.mean * second.mean, *moments], second.power)

    def mixed(self, share: Number, other: CentralMoments) -> CentralMoments:
        """The moments of what is this with probability `share`, else the other."""
        first, second = self._beside(other), other._beside(self)
        mean = share * first.mean + (1.0 - share) * second.mean
        pairs = zip(
            first._replace(mean=first.mean - mean).about(0.0)[2:],
            second._replace(mean=second.mean - mean).about(0.0)[2:],
            strict=True,
        )
        return first._with([mean, *(share * x + (1.0 - share) * y for x, y in pairs)])

    def weighed(self, share: CentralMoments, other: CentralMoments) -> CentralMoments:
        """Mean and variance of S X + (1 - S) Y, all three independent, with this as X."""
        first, second = self._beside(other), other._beside(self)
        s, spread = share.value, np.ldexp(share.second, 2 * share.power)
        apart = first.mean - second.mean
        between = spread * apart * apart
        within = (s * s + spread) * first.second + ((1.0 - s) ** 2 + spread) * second.second
        return first._with([second.mean + s * apart, between + within])

    @property
    def is_finite(self) -> bool:
        """Whether all of them are numbers, in all cases."""
        return all(bool(np.isfinite(each).all()) for each in self._all)

    @property
    def _all(self) -> list[Number]:
        return [self.mean, *self.about_mean[2:]]

    def _with(self, moments: Sequence[Number], power: int = 0) -> CentralMoments:
        """Others, counted in its own power of two and another."""
        return self.of(moments[0], moments[1:], self.power + power)._in_range()

    @property
    def _size(self) -> float:
        return _highest(np.abs(self.mean)) + float(np.sqrt(_highest(self.second)))

    def _in_range(self, most: int = 0) -> CentralMoments:
        """Counted in another power of two, where numbers are too large or small to be squared, or
        beyond 2^most."""
        size = self._size
        far = exponent(0.0, size)
        if most and 0.0 < size < math.inf and abs(math.frexp(size)[1]) > most:
            far = math.frexp(size)[1]
        return self._counted(self.power + far) if far else self

    def _beside(self, other: CentralMoments) -> CentralMoments:
        """Counted in the larger of two powers; what is 0 may be counted in any."""
        if self.power == other.power:
            return self
        if not self._size:
            return self._counted(other.power)
        return self._counted(max(self.power, other.power)) if other._size else self

    def _counted(self, power: int) -> CentralMoments:
        step = self.power - power
        if not step:
            return self
        mean, *rest = self._all
        counted = [np.ldexp(each, k * step) for k, each in enumerate(rest, 2)]
        return self.of(np.ldexp(mean, step), counted, power)


def _highest(numbers: Number) -> float:
    return numbers if isinstance(numbers, float) else float(np.max(numbers))
