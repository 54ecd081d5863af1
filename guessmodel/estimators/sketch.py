"""Quantiles without the draws, from counts of draws at fixed thresholds.

What is not known is only where between two thresholds a draw lies; the share of draws there is the
rank error.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, final

from guessmodel.estimators.estimate import Estimate, Interval, too_few
from guessmodel.estimators.half_widths import student
from guessmodel.estimators.replicates import Least, share_floor
from guessmodel.numerics.counts import CountSums
from guessmodel.numerics.rounding_noise import only_rounding

__all__ = ["ESTIMATOR", "Sketch"]

ESTIMATOR: Final = "sketch"
_BEYOND = 8  # draws beyond a quantile without which it is refused


@final
@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """Quantiles of the draws that were counted."""

    sums: CountSums

    def quantile(
        self, p: float, lowest: float, highest: float, unit: str = "", least: Least | None = None
    ) -> Estimate:
        """The draw of the rank nearest to p (n + 1), interpolated between thresholds; `lowest`
        and `highest` are the extremes of all draws, `least` the least half-width of the CDF at a
        value.

        The half-width on the scale of shares is Student's t over the replicates' CDFs at the
        thresholds beside it. The interval runs from the threshold below the rank that much
        smaller to the threshold above the rank that much larger, so that it holds the rank error.
        """
        if not self.sums.draws:
            return Estimate.refused("no finite draws", ESTIMATOR, unit)
        beyond = min(p, 1.0 - p)
        if self.sums.draws * beyond < _BEYOND * (1.0 - 1e-9):
            enough = math.ceil(_BEYOND / beyond * (1.0 - 1e-9))
            return Estimate.refused(too_few(enough), ESTIMATOR, unit)
        rank = min(max(round(p * (self.sums.draws + 1)), 1), self.sums.draws)
        return self._at_rank(rank, 0.0, lowest, highest, unit, least)

    def cdf(self, x: float, lowest: float, highest: float) -> Estimate:
        """Share of draws that are at most x: interpolated between the thresholds beside it, which
        bound it, each with its own error."""
        n = self.sums.draws
        if not n:
            return Estimate.refused("no finite draws", ESTIMATOR)
        i = int(self.sums.thresholds.searchsorted(x, "left"))
        last = self.sums.thresholds.size
        if i < last and self.sums.thresholds[i] == x:
            below = above = value = int(self.sums.up_to[0, i]) / n
            half = self._half(i)
        else:
            below = (int(self.sums.up_to[0, i - 1]) if i else 0) / n
            above = (int(self.sums.less[0, i]) if i < last else n) / n
            value = self._rank_of(x, lowest, highest) / n
            half = max(self._half(i - 1), self._half(i))
        half = max(half, share_floor(self.sums.replicates, n / self.sums.replicates))
        return Estimate(value, max(below - half, 0.0), min(above + half, 1.0), ESTIMATOR)

    def guesstimate_interval(
        self, mean: Estimate, lowest: float, highest: float, unit: str = ""
    ) -> Interval:
        """The interval from the 10th percentile of the draws below the mean to the 90th of those
        above it.

        The share below the mean is uncertain by the CDF's own error and by that of the mean;
        a tenth of both is added to the error of the ends.
        """
        if math.isnan(mean.value):
            refused = Estimate.refused(mean.note or "", ESTIMATOR, unit)
            return Interval(refused, refused)
        low, middle, high = (
            self._rank_of(x, lowest, highest) for x in (mean.low, mean.value, mean.high)
        )
        n = self.sums.draws
        doubt = max(high - middle, middle - low) / n + self._half_at(mean.value)
        ranks = (int(0.1 * middle) + 1, int(middle + 0.9 * (n - middle)) + 1)
        return Interval(
            *(self._at_rank(min(r, n), 0.1 * doubt, lowest, highest, unit) for r in ranks)
        )

    def _at_rank(
        self,
        rank: int,
        doubt: float,
        lowest: float,
        highest: float,
        unit: str,
        least: Least | None = None,
    ) -> Estimate:
        value, below, above = self._locate(rank, lowest, highest)
        half = max(self._half(below), self._half(above)) + doubt
        n = self.sums.draws
        floor = share_floor(self.sums.replicates, n / self.sums.replicates)
        reach = max(half, floor, least(value) if least else 0.0) * n
        first, last = max(math.floor(rank - reach), 1), min(math.ceil(rank + reach), n)
        low = self._edge(self._locate(first, lowest, highest)[1], lowest, highest)
        high = self._edge(self._locate(last, lowest, highest)[2], lowest, highest)
        if only_rounding(lowest, highest):
            low = high = value
        return Estimate(value, low, high, ESTIMATOR, unit)

    def _locate(self, rank: int, lowest: float, highest: float) -> tuple[float, int, int]:
        """The draw of a rank, and the thresholds at or below and at or above it (-1 and K stand
        for the extremes of the draws)."""
        i = int(self.sums.up_to[0].searchsorted(rank, "left"))
        last = self.sums.thresholds.size
        if i < last and self.sums.less[0, i] < rank:
            return float(self.sums.thresholds[i]), i, i
        before = int(self.sums.up_to[0, i - 1]) if i else 0
        after = int(self.sums.less[0, i]) if i < last else self.sums.draws
        below, above = self._edge(i - 1, lowest, highest), self._edge(i, lowest, highest)
        if self.sums.discrete:
            return above, i - 1, i
        share = (rank - 0.5 - before) / (after - before)
        return below + share * (above - below), i - 1, i

    def _edge(self, i: int, lowest: float, highest: float) -> float:
        if i < 0:
            return lowest
        return float(self.sums.thresholds[i]) if i < self.sums.thresholds.size else highest

    def _rank_of(self, x: float, lowest: float, highest: float) -> float:
        """How many draws lie below x, interpolated between thresholds."""
        i = int(self.sums.thresholds.searchsorted(x, "left"))
        if i < self.sums.thresholds.size and self.sums.thresholds[i] == x:
            return float(self.sums.less[0, i])
        before = int(self.sums.up_to[0, i - 1]) if i else 0
        after = int(self.sums.less[0, i]) if i < self.sums.thresholds.size else self.sums.draws
        below, above = self._edge(i - 1, lowest, highest), self._edge(i, lowest, highest)
        if self.sums.discrete or not above > below:
            return float(after if x > below else before)
        return before + min(max((x - below) / (above - below), 0.0), 1.0) * (after - before)

    def _half_at(self, x: float) -> float:
        i = int(self.sums.thresholds.searchsorted(x, "left"))
        return max(self._half(i - 1), self._half(i))

    def _half(self, i: int) -> float:
        """Half-width of the CDF at a threshold, on either side of its draws."""
        if not 0 <= i < self.sums.thresholds.size or self.sums.replicates < 2:
            return 0.0
        return max(
            self._half_of(*map(int, sums[:, i])) for sums in (self.sums.less, self.sums.up_to)
        )

    def _half_of(self, total: int, squares: int, products: int) -> float:
        # The squared residuals c - n (sum of c) / (sum of n), in whole numbers: none are lost.
        n = self.sums.draws
        residuals = squares * n * n - 2 * total * n * products + total * total * self.sums.squares
        return student(math.sqrt(max(residuals, 0)), self.sums.replicates) / n / n
