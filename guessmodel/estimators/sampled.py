"""Statistics of a quantity at one coordinate from the draws of a run, or from counts of them.

These estimators are asked last, and always have an answer.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, final

import numpy as np

from guessmodel.estimators import replicates as estimators
from guessmodel.estimators.estimate import Estimate, Interval
from guessmodel.estimators.gaps import widest_gap, widest_gaps
from guessmodel.estimators.order_statistics import FEW, AtRanks, Ordered
from guessmodel.estimators.skewed_tails import Extremes
from guessmodel.graph.ends import NONE, Order
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.moments import Moments
from guessmodel.numerics.pareto_tail import DrawnTail
from guessmodel.numerics.squarable import exponent

if TYPE_CHECKING:
    from guessmodel.estimators.replicates import Least
    from guessmodel.estimators.sketch import Sketch

__all__ = ["FromCounts", "FromDraws", "Sampled"]

_CACHED = 1 << 17  # draws that stay in the cache while several statistics look at them
_SORTED = 1 << 16  # draws of which one sort for gaps and quantiles costs less than two searches
_MAY_LACK_MEAN = (1.0, "the mean may not exist")
_MAY_LACK_VARIANCE = (2.0, "the variance may be infinite")
_MAY_LACK_FOURTH = (4.0, "the fourth moment may be infinite")


class Sampled(ABC):
    """Abstract: statistics from draws, or from what was kept of them."""

    @abstractmethod
    def mean(self, unit: str, index: Order = NONE) -> Estimate:
        """Mean over draws; `index` bounds the tail index."""

    @abstractmethod
    def sd(self, unit: str, index: Order = NONE) -> Estimate:
        """Standard deviation."""

    @abstractmethod
    def quantiles(
        self, ps: Sequence[float], unit: str, least: Least | None = None
    ) -> list[Estimate]:
        """Quantiles at each p; `least` is the least half-width of the CDF at a value."""

    @abstractmethod
    def guesstimate_interval(self, unit: str, index: Order = NONE) -> Interval:
        """The interval that Guesstimate displays."""

    @property
    @abstractmethod
    def reach(self) -> float:
        """How far out the farthest draws are, see `Extremes.reach`."""

    @property
    @abstractmethod
    def is_indicator(self) -> bool:
        """Whether all draws are 0, 1 or nan."""

    @abstractmethod
    def probability(self) -> Estimate:
        """Share of draws that are 1, of an indicator."""

    @abstractmethod
    def share_of(self, value: float) -> Estimate:
        """Share of draws that are equal to a category's code."""

    @abstractmethod
    def cdf(self, x: float, *, above: bool = False) -> Estimate:
        """Share of draws that are at most x, or `above` it."""

    @property
    @abstractmethod
    def finite(self) -> float:
        """Share of draws that are finite."""


@final
@dataclass(frozen=True, eq=False)
class FromDraws(Sampled):
    """All draws, shape (replicates, size)."""

    rows: FloatArray
    _at: dict[tuple[float, ...], AtRanks] = field(default_factory=dict, init=False)
    """What was looked up ahead of the question; it holds much memory, and goes with the answer."""

    @staticmethod
    def together(draws: int) -> int:
        """The number of coordinates, with so many draws each, that are looked at at once: 1 where
        it does not pay."""
        return max(_CACHED // draws, 1) if draws <= FEW else 1

    @staticmethod
    def look_ahead(several: Sequence[FromDraws], ps: Sequence[float]) -> None:
        """Work out what the means and the quantiles at these ps of several coordinates need, with
        one call of NumPy where each would have its own: of a few thousand draws the calls cost more
        than the arithmetic. No statistic is another for it. Of more than 65,536 draws nothing is
        looked up: a sort of them costs more than it saves."""
        few = (each for each in several if each.rows.size <= _SORTED)
        finite = [each for each in few if np.isfinite(each.rows).all()]
        if not finite:
            return
        stack = np.stack([each.rows for each in finite])
        ordered = Ordered.of_each(stack)
        moments = Moments.of_each(stack)
        gaps = widest_gaps(stack, [each.everything for each in ordered])
        at = AtRanks.of_each(stack, ordered, ps)
        for i, each in enumerate(finite):
            vars(each).update(_moments=moments[i], _gap=gaps[i])
            each._at[tuple(ps)] = at[i]

    @property
    def ascending(self) -> FloatArray | None:
        """All draws in ascending order, where they have been looked up ahead of quantiles."""
        ahead = next(iter(self._at.values()), None)
        return None if ahead is None else ahead.windows[0].ordered

    @cached_property
    def _moments(self) -> Moments:
        return Moments.of(self.rows)

    @cached_property
    def _gap(self) -> tuple[float, float]:
        return widest_gap(self.rows)

    @cached_property
    def _power(self) -> int:
        """The power of two by which the draws are divided before they are squared."""
        return exponent(float(self._moments.lowest.min()), float(self._moments.highest.max()))

    def _smaller(self) -> FromDraws:
        return FromDraws(np.ldexp(self.rows, -self._power))

    def _known(self) -> dict[str, Any]:
        return {"gap": self._gap, "tail": DrawnTail(self.rows, self._moments.pooled_mean)}

    def mean(self, unit: str, index: Order = NONE) -> Estimate:
        if self._power:
            return self._smaller().mean(unit, index).scaled(2.0**self._power, unit)
        found = estimators.mean(self._moments, tail_index=index.most, unit=unit, **self._known())
        return _doubted(found, index, _MAY_LACK_MEAN, _MAY_LACK_VARIANCE)

    def sd(self, unit: str, index: Order = NONE) -> Estimate:
        if self._power:
            return self._smaller().sd(unit, index).scaled(2.0**self._power, unit)
        found = estimators.sd(self._moments, tail_index=index.most, unit=unit, **self._known())
        return _doubted(found, index, _MAY_LACK_VARIANCE, _MAY_LACK_FOURTH)

    def quantiles(
        self, ps: Sequence[float], unit: str, least: Least | None = None
    ) -> list[Estimate]:
        known = self._at.pop(tuple(ps), self.rows)
        return estimators.quantiles(known, ps, unit=unit, least=least)

    def guesstimate_interval(self, unit: str, index: Order = NONE) -> Interval:
        found = estimators.guesstimate_interval(
            self.rows, tail_index=index.most, unit=unit, moments=self._moments
        )
        return Interval(*(_doubted(end, index, _MAY_LACK_MEAN) for end in found))

    @property
    def reach(self) -> float:
        if self._power:
            return self._smaller().reach
        return Extremes.of(self._moments, self._moments.pooled_mean).reach

    @property
    def is_indicator(self) -> bool:
        rows = self.rows
        return bool(np.all((rows == 0.0) | (rows == 1.0) | np.isnan(rows)))

    def probability(self) -> Estimate:
        return estimators.probability(self.rows)

    def share_of(self, value: float) -> Estimate:
        hits = (self.rows == value).astype(np.float64)
        return estimators.probability(np.where(np.isfinite(self.rows), hits, np.nan))

    def cdf(self, x: float, *, above: bool = False) -> Estimate:
        hits = (self.rows > x if above else self.rows <= x).astype(np.float64)
        return estimators.probability(np.where(np.isfinite(self.rows), hits, np.nan))

    @property
    def finite(self) -> float:
        return float(np.count_nonzero(np.isfinite(self.rows))) / self.rows.size


@final
@dataclass(frozen=True, slots=True, eq=False)
class FromCounts(Sampled):
    """What is kept of draws that are not: moments (of groups of replicates), counts at
    thresholds."""

    moments: Moments
    power: int  # of two, in which the moments are counted
    sketch: Sketch
    shares: Mapping[float, Moments]  # of the indicators of each category
    samples: int  # draws, finite or not

    def mean(self, unit: str, index: Order = NONE) -> Estimate:
        found = estimators.mean(self.moments, tail_index=index.most, unit=unit)
        found = found.scaled(2.0**self.power, unit) if self.power else found
        return _doubted(found, index, _MAY_LACK_MEAN, _MAY_LACK_VARIANCE)

    def sd(self, unit: str, index: Order = NONE) -> Estimate:
        found = estimators.sd(self.moments, tail_index=index.most, unit=unit)
        found = found.scaled(2.0**self.power, unit) if self.power else found
        return _doubted(found, index, _MAY_LACK_VARIANCE, _MAY_LACK_FOURTH)

    def quantiles(
        self, ps: Sequence[float], unit: str, least: Least | None = None
    ) -> list[Estimate]:
        lowest, highest = self._ends()
        return [self.sketch.quantile(p, lowest, highest, unit, least) for p in ps]

    def guesstimate_interval(self, unit: str, index: Order = NONE) -> Interval:
        lowest, highest = self._ends()
        found = self.sketch.guesstimate_interval(self.mean(unit, index), lowest, highest, unit)
        return Interval(*(_doubted(end, index, _MAY_LACK_MEAN) for end in found))

    @property
    def reach(self) -> float:
        return Extremes.of(self.moments, self.moments.pooled_mean).reach

    @property
    def is_indicator(self) -> bool:
        return self.sketch.sums.is_indicator

    def probability(self) -> Estimate:
        return estimators.probability(self.moments)

    def share_of(self, value: float) -> Estimate:
        return estimators.probability(self.shares[value])

    def cdf(self, x: float, *, above: bool = False) -> Estimate:
        found = self.sketch.cdf(x, *self._ends())
        if not above:
            return found
        value, low, high = 1.0 - found.value, 1.0 - found.high, 1.0 - found.low
        return replace(found, value=value, low=low, high=high)

    @property
    def finite(self) -> float:
        return self.moments.draws / self.samples

    def _ends(self) -> tuple[float, float]:
        ends = float(self.moments.lowest.min()), float(self.moments.highest.max())
        low, high = (math.ldexp(end, self.power) for end in ends)
        return low, high


def _doubted(estimate: Estimate, index: Order, *doubts: tuple[float, str]) -> Estimate:
    """The estimate, marked with the first doubt that applies: whether moments up to that order
    exist. A constant is never marked."""
    if estimate.error == 0.0:
        return estimate
    for order, doubt in doubts:
        if index.least <= order < index.most:
            both = doubt if estimate.note is None else f"{estimate.note}; {doubt}"
            return replace(estimate, note=both)
    return estimate
