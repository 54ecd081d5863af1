"""Quantiles without the draws: counts of draws at fixed thresholds, exact and mergeable.

The thresholds are quantiles of a small run of the same model, densest around the percentiles that
are shown. Counts are whole numbers: they do not depend on the order in which replicates come, nor
on who counts them, and nothing is random as it is in a KLL or REQ sketch. What is not known is only
where between two thresholds a draw lies; the share of draws there is the rank error.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.operations import FloatArray
from guessmodel.statistics.confidence import student_t_quantile
from guessmodel.statistics.estimate import Estimate, Interval
from guessmodel.statistics.estimators import COVERAGE, share_floor
from guessmodel.statistics.rounding import only_rounding

__all__ = ["BYTES", "ESTIMATOR", "Counts", "Sketch", "place"]

IntArray = NDArray[np.int64]

ESTIMATOR: Final = "sketch"
BYTES: Final = 7 * 8  # a threshold and six sums
_SHOWN = (0.05, 0.5, 0.95)
_NEAREST = 1e-7  # distance, as a share, of the threshold nearest to a percentile shown
_TAIL = 0.05  # share below which thresholds lie closer, in proportion
_TIES = 0.9  # share of distinct draws below which a quantity is taken for discrete
_BEYOND = 8  # draws beyond a quantile without which it is refused


def place(draws: FloatArray, most: int) -> tuple[FloatArray, bool]:
    """Thresholds, about `most`, that suit a quantity with such draws, and whether it is discrete.

    All values of a quantity that has few; else half of them at equal shares, an eighth in the
    tails at shares in proportion, and the others around 5%, 50% and 95%, ever closer to them.
    """
    ordered = np.sort(draws[np.isfinite(draws)], axis=None)
    if not ordered.size:
        return np.zeros(1), False
    values = ordered[np.append(True, ordered[1:] != ordered[:-1])]
    if values[0] >= 0.0 and values[-1] <= 1.0 and np.all((values == 0.0) | (values == 1.0)):
        return np.array([0.0, 1.0]), True
    discrete = values.size < _TIES * ordered.size
    if values.size <= most // 2:
        return values, discrete
    ranks = _shares(most, 0.5 / ordered.size) * ordered.size - 0.5
    if discrete:
        thresholds = ordered[np.clip(ranks.round().astype(np.intp), 0, ordered.size - 1)]
    else:
        thresholds = np.interp(ranks, np.arange(ordered.size), ordered)
    return np.unique(thresholds), discrete


def _shares(most: int, least: float) -> FloatArray:
    step = 2.0 / most
    even = np.arange(0.5 * step, 1.0, step)
    tail = np.geomspace(least, _TAIL, most // 16)
    near = np.geomspace(_NEAREST, 8.0 * step, most // 14)
    around = [p + sign * near for p in _SHOWN for sign in (-1.0, 1.0)]
    shares = np.concatenate((even, tail, 1.0 - tail, *around, np.array(_SHOWN)))
    return np.sort(shares[(shares > 0.0) & (shares < 1.0)])


@final
@dataclass(slots=True)
class Counts:
    """Draws of one replicate below thresholds, chunk after chunk."""

    thresholds: FloatArray
    less: IntArray = field(init=False)
    up_to: IntArray = field(init=False)
    size: int = 0
    # Work memory: with the settings of malloc in Dask's workers fresh memory doubles the time.
    whole: IntArray = field(init=False, repr=False)
    value: FloatArray = field(init=False, repr=False)
    equal: NDArray[np.bool_] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        size = self.thresholds.size
        self.less, self.up_to = np.zeros((2, size), dtype=np.int64)
        self.whole, self.value = np.empty(size, dtype=np.int64), np.empty(size)
        self.equal = np.empty(size, dtype=np.bool_)

    def add(self, draws: FloatArray) -> None:
        """Count finite draws (any shape of one axis); sorts them in place."""
        draws.sort()
        up_to = draws.searchsorted(self.thresholds, "right")
        self.up_to += up_to
        self.less += up_to
        if draws.size:
            last = np.subtract(up_to, 1, out=self.whole)  # below the first draw: the first draw
            np.take(draws, last, out=self.value, mode="clip")
            at = np.flatnonzero(np.equal(self.value, self.thresholds, out=self.equal))
            self.less[at] += draws.searchsorted(self.thresholds[at], "left") - up_to[at]
        self.size += draws.size

    def reset(self) -> None:
        """Begin another replicate."""
        self.less[:] = 0
        self.up_to[:] = 0
        self.size = 0


@final
@dataclass(slots=True, eq=False)
class Sketch:
    """Over replicates, sums of their counts c at each threshold, of c^2, and of c times the
    number of their finite draws: what Student's t over the replicates needs to know.

    A count is at most 2^17 and there are at most 2^23 replicates, so that sums fit 64 bits.
    """

    thresholds: FloatArray
    discrete: bool  # between draws there may be no other values
    replicates: int
    draws: int  # finite ones
    squares: int  # sum of the squared number of finite draws
    less: IntArray  # (3, K): sums of c, c^2 and c n for c = #{draws < threshold}
    up_to: IntArray  # the same for #{draws <= threshold}

    @classmethod
    def empty(cls, thresholds: FloatArray, *, discrete: bool) -> Sketch:
        """A sketch that has seen nothing; thresholds ascend."""
        zeros = np.zeros((3, thresholds.size), dtype=np.int64)
        return cls(thresholds, discrete, 0, 0, 0, zeros, zeros.copy())

    def add(self, counts: Counts) -> None:
        """Add a replicate."""
        self.replicates += 1
        self.draws += counts.size
        self.squares += counts.size**2
        for sums, count in ((self.less, counts.less), (self.up_to, counts.up_to)):
            sums[0] += count
            sums[1] += np.multiply(count, count, out=counts.whole)
            sums[2] += np.multiply(count, counts.size, out=counts.whole)

    def merge(self, other: Sketch) -> None:
        """Add the replicates that another sketch with these thresholds has seen."""
        self.replicates += other.replicates
        self.draws += other.draws
        self.squares += other.squares
        self.less += other.less
        self.up_to += other.up_to

    @property
    def is_indicator(self) -> bool:
        """Whether all draws are 0 or 1."""
        return (
            self.thresholds.tolist() == [0.0, 1.0]
            and int(self.less[0, 0]) == 0
            and int(self.up_to[0, 0]) == int(self.less[0, 1])
            and int(self.up_to[0, 1]) == self.draws
        )

    @property
    def rank_error(self) -> float:
        """Largest share of the draws strictly between two neighbouring thresholds, or beyond
        them all: no rank is known worse than that."""
        ends = np.concatenate(([0], self.up_to[0]))
        between = np.append(self.less[0], self.draws) - ends
        return float(between.max()) / max(self.draws, 1)

    def quantile(self, p: float, lowest: float, highest: float, unit: str = "") -> Estimate:
        """The draw of the rank nearest to p (n + 1), interpolated between thresholds; `lowest`
        and `highest` are the extremes of all draws.

        The half-width on the scale of shares is Student's t over the replicates' CDFs at the
        thresholds beside it. The interval runs from the threshold below the rank that much
        smaller to the threshold above the rank that much larger, so that it holds the rank error.
        """
        if not self.draws:
            return Estimate.refused("no finite draws", ESTIMATOR, unit)
        beyond = min(p, 1.0 - p)
        if self.draws * beyond < _BEYOND * (1.0 - 1e-9):
            enough = math.ceil(_BEYOND / beyond * (1.0 - 1e-9))
            return Estimate.refused(f"needs n >= {enough}", ESTIMATOR, unit)
        rank = min(max(round(p * (self.draws + 1)), 1), self.draws)
        return self._at_rank(rank, 0.0, lowest, highest, unit)

    def guesstimate_interval(
        self, mean: Estimate, lowest: float, highest: float, unit: str = ""
    ) -> Interval:
        """From the 10th percentile of the draws below the mean to the 90th of those above it.

        The share below the mean is uncertain by the CDF's own error and by that of the mean;
        a tenth of both is added to the error of the ends.
        """
        if math.isnan(mean.value):
            refused = Estimate.refused(mean.note or "", ESTIMATOR, unit)
            return Interval(refused, refused)
        low, middle, high = (
            self._rank_of(x, lowest, highest) for x in (mean.low, mean.value, mean.high)
        )
        n = self.draws
        doubt = (high - low) / (2 * n) + self._half_at(mean.value)
        ranks = (int(0.1 * middle) + 1, int(middle + 0.9 * (n - middle)) + 1)
        return Interval(
            *(self._at_rank(min(r, n), 0.1 * doubt, lowest, highest, unit) for r in ranks)
        )

    def _at_rank(
        self, rank: int, doubt: float, lowest: float, highest: float, unit: str
    ) -> Estimate:
        value, below, above = self._locate(rank, lowest, highest)
        half = max(self._half(below), self._half(above)) + doubt
        n = self.draws
        reach = max(half, share_floor(self.replicates, n / self.replicates)) * n
        first, last = max(math.floor(rank - reach), 1), min(math.ceil(rank + reach), n)
        low = self._edge(self._locate(first, lowest, highest)[1], lowest, highest)
        high = self._edge(self._locate(last, lowest, highest)[2], lowest, highest)
        if only_rounding(lowest, highest):
            low = high = value
        return Estimate(value, low, high, ESTIMATOR, unit)

    def _locate(self, rank: int, lowest: float, highest: float) -> tuple[float, int, int]:
        """The draw of a rank, and the thresholds at or below and at or above it (-1 and K stand
        for the extremes of the draws)."""
        i = int(self.up_to[0].searchsorted(rank, "left"))
        last = self.thresholds.size
        if i < last and self.less[0, i] < rank:
            return float(self.thresholds[i]), i, i
        before = int(self.up_to[0, i - 1]) if i else 0
        after = int(self.less[0, i]) if i < last else self.draws
        below, above = self._edge(i - 1, lowest, highest), self._edge(i, lowest, highest)
        if self.discrete:
            return above, i - 1, i
        share = (rank - 0.5 - before) / (after - before)
        return below + share * (above - below), i - 1, i

    def _edge(self, i: int, lowest: float, highest: float) -> float:
        if i < 0:
            return lowest
        return float(self.thresholds[i]) if i < self.thresholds.size else highest

    def _rank_of(self, x: float, lowest: float, highest: float) -> float:
        """How many draws lie below x, interpolated between thresholds."""
        i = int(self.thresholds.searchsorted(x, "left"))
        if i < self.thresholds.size and self.thresholds[i] == x:
            return float(self.less[0, i])
        before = int(self.up_to[0, i - 1]) if i else 0
        after = int(self.less[0, i]) if i < self.thresholds.size else self.draws
        below, above = self._edge(i - 1, lowest, highest), self._edge(i, lowest, highest)
        if self.discrete or not above > below:
            return float(after if x > below else before)
        return before + min(max((x - below) / (above - below), 0.0), 1.0) * (after - before)

    def _half_at(self, x: float) -> float:
        i = int(self.thresholds.searchsorted(x, "left"))
        return max(self._half(i - 1), self._half(i))

    def _half(self, i: int) -> float:
        """Half-width of the CDF at a threshold, on either side of its draws."""
        if not 0 <= i < self.thresholds.size or self.replicates < 2:
            return 0.0
        return max(self._half_of(*map(int, sums[:, i])) for sums in (self.less, self.up_to))

    def _half_of(self, total: int, squares: int, products: int) -> float:
        # The squared residuals c - n (sum of c) / (sum of n), in whole numbers: none are lost.
        n = self.draws
        residuals = squares * n * n - 2 * total * n * products + total * total * self.squares
        t = student_t_quantile((1.0 + COVERAGE) / 2.0, self.replicates - 1)
        spread = math.sqrt(max(residuals, 0) * self.replicates / (self.replicates - 1))
        return t * spread / n / n
