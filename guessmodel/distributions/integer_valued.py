"""The template of families of whole numbers: exact quantiles by search on the CDF."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
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
        out[sought] = self._search(
            level[sought],
            low[sought],
            high[sought],
            tuple(np.asarray(parameter, dtype=np.float64)[sought] for parameter in rest),
            upper=upper,
        )
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

    def _search(
        self,
        level: FloatArray,
        low: FloatArray,
        high: FloatArray,
        parameters: tuple[FloatArray, ...],
        *,
        upper: bool,
    ) -> FloatArray:
        def reached(value: FloatArray, at: Any) -> BoolArray:
            return np.asarray(value <= level[at] if upper else value >= level[at])

        function = self.sf if upper else self.cdf

        with np.errstate(all="ignore"):
            z = standard.isf(level) if upper else standard.ppf(level)
            bend = self._skewness(*parameters) * (z * z - 1.0) / 6.0
            sd = np.sqrt(self.variance(*parameters))
            guess = self.mean(*parameters) + sd * (z + bend)
        guess = np.clip(np.floor(np.nan_to_num(guess, nan=0.0, posinf=1e300)), low, high)
        value = function(guess, *parameters)
        left = np.flatnonzero(sd > _WIDE)
        for _ in range(_NEARER):  # Newton's method
            if not left.size:
                break
            own = tuple(each[left] for each in parameters)
            with np.errstate(all="ignore"):
                step = (level[left] - value[left]) / self._pmf(guess[left], *own)
            far = np.abs(step) > np.maximum(_BESIDE, np.spacing(guess[left]))
            left, step = left[far], step[far] * (-1.0 if upper else 1.0)
            least, most = guess[left] / 4.0, guess[left] * 4.0 + _WIDE  # by one step
            least, most = np.maximum(least, low[left]), np.minimum(most, high[left])
            guess[left] = np.floor(np.clip(guess[left] + step, least, most))
            value[left] = function(guess[left], *(each[far] for each in own))
        start = reached(value, slice(None))
        below = np.where(start, low - 1.0, guess)  # does not reach the level
        above = np.where(start, guess, high)  # reaches it
        # The next number is one probability away, and mostly the other end of the bracket. A
        # probability costs a fraction of the CDF, which is asked where rounding might decide.
        between = np.where(start, guess, guess + 1.0)
        with np.errstate(all="ignore"):
            chance = self._pmf(between, *parameters)
        beside = value + np.where(start == upper, chance, -chance)
        clear = np.abs(beside - level) > _DOUBT * (value + chance)
        clear &= (between <= np.minimum(high, _EXACT)) & (above - below > 1.0)
        beyond = reached(beside, slice(None))
        np.copyto(above, between - start, where=clear & beyond)
        np.copyto(below, between - start, where=clear & ~beyond)
        # The stride doubles until the answer lies between two probes; then it is set to 0, and
        # the bracket is halved.
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
            hit = reached(function(probe, *(each[active] for each in parameters)), active)
            above[active] = np.where(hit, probe, hi)
            below[active] = np.where(hit, lo, probe)
            with np.errstate(over="ignore"):
                stride[active] = np.where(hit == (step < 0.0), 2.0 * step, 0.0)
            # Halving stands still beyond 2**53, where whole numbers are sparse.
            moved = (step != 0.0) | ((probe != lo) & (probe != hi))
            active = active[moved & (above[active] - below[active] > 1.0)]
        return above


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
