"""The template of families of whole numbers: exact quantiles by search on the CDF."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.errors import ModelError
from guessmodel.graph.family import Family
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics import normal as standard
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.units import Unit

__all__ = ["IntegerValued", "refuse_multiples"]

_TABLE = 1024
_DOUBT = 1e-9  # of a probability: far more than rounding, and far less than one number has
_EXACT = 1e5  # beyond, functions as computed lose digits
_WIDE = 1024.0  # standard deviation from which on the first guess may be far off in numbers
_NEARER = 6  # looks at where the density leads from a guess
_BESIDE = 4.0  # numbers from the answer, from where the search is as fast


class IntegerValued(Family):
    """Abstract: whole numbers from the support's lower end; the three formulas get such numbers.

    Quantiles are exact: the smallest whole number k with cdf(k) >= p, respectively sf(k) <= q,
    for the CDF and survival function as computed. The search starts from the Cornish–Fisher
    approximation mean + sd (z + skewness (z² - 1) / 6).
    """

    discrete = True

    @abstractmethod
    def _pmf(self, k: FloatArray, *parameters: Any) -> FloatArray:
        """Probability of k."""

    @abstractmethod
    def _cdf(self, k: FloatArray, *parameters: Any) -> FloatArray:
        """Probability of at most k, which lies below the support's upper end."""

    @abstractmethod
    def _sf(self, k: FloatArray, *parameters: Any) -> FloatArray:
        """Probability of more than k, which lies below the support's upper end."""

    @abstractmethod
    def _skewness(self, *parameters: Any) -> FloatArray:
        """Third central moment by the cube of the standard deviation."""

    @final
    def pdf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        x = np.asarray(x, dtype=np.float64)
        low, high = self.support(*parameters)
        possible = np.where((x == np.floor(x)) & (x <= high) | np.isnan(x), x, -1.0)
        value = self._within(self._pmf, possible, high, 0.0, 0.0, parameters)
        return np.where((low == high) & (x == low), 1.0, value)

    @final
    def cdf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        k = np.floor(np.asarray(x, dtype=np.float64))
        last = self.support(*parameters)[1] - 1.0
        return self._within(self._cdf, k, last, 0.0, 1.0, parameters)

    @final
    def sf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        k = np.floor(np.asarray(x, dtype=np.float64))
        last = self.support(*parameters)[1] - 1.0
        return self._within(self._sf, k, last, 1.0, 0.0, parameters)

    def ppf(self, p: ArrayLike, *parameters: Any) -> FloatArray:
        return self._quantile(np.asarray(p, dtype=np.float64), parameters, upper=False)

    def isf(self, q: ArrayLike, *parameters: Any) -> FloatArray:
        return self._quantile(np.asarray(q, dtype=np.float64), parameters, upper=True)

    def is_finite_at(self, p: float, *parameters: Any) -> bool:
        """By Chebyshev's inequality where that tells: no quantile is farther than sd / √p from the
        mean, and a search for them takes 50 times as long."""
        with np.errstate(all="ignore"):
            farthest = self.mean(*parameters) + np.sqrt(self.variance(*parameters) / p)
        return bool(np.isfinite(farthest)) or super().is_finite_at(p, *parameters)

    def _within(
        self,
        formula: Callable[..., FloatArray],
        k: FloatArray,
        last: FloatArray,
        below: float,
        above: float,
        parameters: tuple[Any, ...],
    ) -> FloatArray:
        low = self.support(*parameters)[0]
        inside = (k >= low) & (k <= last) & np.isfinite(k)
        with np.errstate(all="ignore"):
            value = formula(np.where(inside, k, low), *parameters)
        value = np.where(inside, value, np.where(k < low, below, above))
        return np.where(np.isnan(k) | ~self.valid(*parameters), np.nan, value)

    def _quantile(
        self, level: FloatArray, parameters: tuple[Any, ...], *, upper: bool
    ) -> FloatArray:
        """Smallest k whose CDF is at least `level` (survival function at most, if `upper`)."""
        if level.size > 64 and all(np.size(parameter) == 1 for parameter in parameters):
            table = self._from_table(level, parameters, upper=upper)
            if table is not None:
                return table
        low, high = self.support(*parameters)
        level, low, high, *rest = np.broadcast_arrays(level, low, high, *parameters)
        first, last = (1.0, 0.0) if upper else (0.0, 1.0)
        out = np.where(level == last, high, low)
        out[~((level >= 0.0) & (level <= 1.0) & self.valid(*rest))] = np.nan
        sought = (level != first) & (level != last) & ~np.isnan(out)
        own = tuple(np.asarray(parameter, dtype=np.float64)[sought] for parameter in rest)
        search = _Search(self, level[sought], low[sought], high[sought], own, upper)
        out[sought] = search.found()
        return out

    def _from_table(
        self, level: FloatArray, parameters: tuple[Any, ...], *, upper: bool
    ) -> FloatArray | None:
        """One evaluation for each whole number in reach, where these are fewer than the levels."""
        inner = level[(level > 0.0) & (level < 1.0)]
        if inner.size < level.size:
            return None
        ends = np.array([inner.min(), inner.max()])
        first, last = np.sort(self._quantile(ends, parameters, upper=upper))
        if last + 1.0 == last or not last - first <= level.size + _TABLE:
            return None
        k = np.arange(first, last + 1.0)
        reached = np.negative(self.sf(k, *parameters)) if upper else self.cdf(k, *parameters)
        # The survival function and the CDF may waver in the last digit.
        reached = np.maximum.accumulate(reached)
        index = np.searchsorted(reached, -level if upper else level)
        return np.asarray(k[np.minimum(index, k.size - 1)])


@final
@dataclass(frozen=True, slots=True)
class _Search:
    """The smallest whole numbers that reach their levels: one-dimensional arrays, where each level
    has a support and parameters of its own."""

    family: IntegerValued
    level: FloatArray
    low: FloatArray
    high: FloatArray
    parameters: tuple[FloatArray, ...]
    upper: bool

    def found(self) -> FloatArray:
        guess, value = self._guess()
        start = self._reached(value)
        below = np.where(start, self.low - 1.0, guess)  # does not reach the level
        above = np.where(start, guess, self.high)  # reaches it
        self._look_beside(guess, value, start, below, above)
        self._close_in(guess, start, below, above)
        return above

    def _value(self, k: FloatArray, at: Any = slice(None)) -> FloatArray:
        function = self.family.sf if self.upper else self.family.cdf
        return function(k, *(each[at] for each in self.parameters))

    def _reached(self, value: FloatArray, at: Any = slice(None)) -> BoolArray:
        level = self.level[at]
        return np.asarray(value <= level if self.upper else value >= level)

    def _guess(self) -> tuple[FloatArray, FloatArray]:
        """Whole numbers near the answers, by Cornish and Fisher and then by Newton's method, and
        the function there."""
        family, level, parameters = self.family, self.level, self.parameters
        with np.errstate(all="ignore"):
            z = standard.isf(level) if self.upper else standard.ppf(level)
            bend = family._skewness(*parameters) * (z * z - 1.0) / 6.0
            sd = np.sqrt(family.variance(*parameters))
            guess = family.mean(*parameters) + sd * (z + bend)
        guess = np.nan_to_num(guess, nan=0.0, posinf=1e300)
        guess = np.clip(np.floor(guess), self.low, self.high)
        value = self._value(guess)
        left = np.flatnonzero(sd > _WIDE)
        for _ in range(_NEARER):
            if not left.size:
                break
            with np.errstate(all="ignore"):
                slope = family._pmf(guess[left], *(each[left] for each in parameters))
                step = (level[left] - value[left]) / slope
            far = np.abs(step) > np.maximum(_BESIDE, np.spacing(guess[left]))
            left, step = left[far], step[far] * (-1.0 if self.upper else 1.0)
            least, most = guess[left] / 4.0, guess[left] * 4.0 + _WIDE  # by one step
            least, most = np.maximum(least, self.low[left]), np.minimum(most, self.high[left])
            guess[left] = np.floor(np.clip(guess[left] + step, least, most))
            value[left] = self._value(guess[left], left)
        return guess, value

    def _look_beside(
        self,
        guess: FloatArray,
        value: FloatArray,
        start: BoolArray,
        below: FloatArray,
        above: FloatArray,
    ) -> None:
        """Narrow brackets by the next number, which is one probability away, and mostly their other
        end. A probability costs a fraction of the CDF, which is asked where rounding might
        decide."""
        between = np.where(start, guess, guess + 1.0)
        with np.errstate(all="ignore"):
            chance = self.family._pmf(between, *self.parameters)
        beside = value + np.where(start == self.upper, chance, -chance)
        clear = np.abs(beside - self.level) > _DOUBT * (value + chance)
        clear &= (between <= np.minimum(self.high, _EXACT)) & (above - below > 1.0)
        beyond = self._reached(beside)
        np.copyto(above, between - start, where=clear & beyond)
        np.copyto(below, between - start, where=clear & ~beyond)

    def _close_in(
        self, guess: FloatArray, start: BoolArray, below: FloatArray, above: FloatArray
    ) -> None:
        """Narrow brackets until the next number is their other end. A stride doubles until the
        answer lies between two probes; then it is set to 0, and the bracket is halved."""
        stride = np.where(start, -1.0, 1.0) * np.maximum(1.0, np.spacing(guess))
        active = np.flatnonzero(above - below > 1.0)
        while active.size:
            lo, hi, step = below[active], above[active], stride[active]
            with np.errstate(invalid="ignore", over="ignore"):
                probe = np.where(
                    step == 0.0,
                    lo + np.floor((hi - lo) / 2.0),
                    np.where(step < 0.0, np.maximum(hi + step, lo + 1.0), lo + step),
                )
            probe = np.minimum(probe, np.where(step > 0.0, hi, np.inf))
            hit = self._reached(self._value(probe, active), active)
            above[active] = np.where(hit, probe, hi)
            below[active] = np.where(hit, lo, probe)
            with np.errstate(over="ignore"):
                stride[active] = np.where(hit == (step < 0.0), 2.0 * step, 0.0)
            # Halving stands still beyond 2**53, where whole numbers are sparse.
            moved = (step != 0.0) | ((probe != lo) & (probe != hi))
            active = active[moved & (above[active] - below[active] > 1.0)]


def refuse_multiples(node: Quantity) -> Quantity:
    """The quantity, unless its unit counts multiples: a Poisson count of millions is none."""
    for name, exponent in node.unit.powers:
        if Unit(((name, exponent),)).is_dimensionless:
            raise ModelError(
                f"{node.describe().split(',')[0]} counts one by one, not in {node.unit}; "
                f"give its argument and unit without '{name}'",
                node.location,
            )
    return node
