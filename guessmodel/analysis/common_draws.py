"""Differences of statistics between two runs on common draws, each with its error.

Replicate by replicate both runs have the same points, so that most of their errors is the same
too, and cancels: what is left is told from the differences of the replicates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from guessmodel.estimators import replicates as estimators
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.half_widths import half_width
from guessmodel.numerics.arrays import FloatArray
from guessmodel.simulation.statistics import probability_of
from guessmodel.simulation.summary import STATISTICS

__all__ = ["ReplicatedStatistic", "differences", "of_means", "statistics"]

_ESTIMATOR = "common draws"
_FEW = 30  # draws that differ, below which independent draws are counted


@final
@dataclass(frozen=True, slots=True, eq=False)
class ReplicatedStatistic:
    """One statistic of a run, and what its error is told from. Sums of such, with weights, are the
    same of a sum of statistics.

    Attributes
    ----------
    value : of all draws together
    parts : shape (R,), of each replicate
    around : of a percentile, those a little lower and higher: by the least error of a share
    rows : the draws (R, N) of a mean, if all are finite
    chance : of draws that are 0 or 1, so that none in their sum is beyond ±1
    """

    value: float
    parts: FloatArray
    around: tuple[float, float]
    rows: FloatArray | None = None
    chance: bool = False

    def __add__(self, other: ReplicatedStatistic) -> ReplicatedStatistic:
        rows = None if self.rows is None or other.rows is None else self.rows + other.rows
        around = (self.around[0] + other.around[0], self.around[1] + other.around[1])
        chance = self.chance and other.chance
        return ReplicatedStatistic(
            self.value + other.value, self.parts + other.parts, around, rows, chance
        )

    def __mul__(self, weight: float) -> ReplicatedStatistic:
        rows = None if self.rows is None else weight * self.rows
        around = (weight * self.around[0], weight * self.around[1])
        return ReplicatedStatistic(
            weight * self.value, weight * self.parts, around, rows, self.chance
        )

    def __sub__(self, other: ReplicatedStatistic) -> ReplicatedStatistic:
        return self + other * -1.0

    def estimate(self, unit: str = "") -> Estimate:
        """The statistic with its error: of a mean as `estimators.mean` tells it, which knows of
        tails and gaps; else by Student's t over the replicates, and no less than what a small shift
        of ranks does, for on a net the replicates often agree by chance."""
        if not math.isfinite(self.value):
            return Estimate.refused("not finite", _ESTIMATOR, unit)
        if self.rows is not None:
            found = of_means(self.rows, indicator=self.chance, unit=unit)
            low, high = (self.value + (end - found.value) for end in (found.low, found.high))
            return replace(found, value=self.value, low=low, high=high)
        half = half_width(self.parts, np.ones(self.parts.size))
        half = max(half, *(abs(each - self.value) for each in self.around))
        return Estimate(self.value, self.value - half, self.value + half, _ESTIMATOR, unit)


def statistics(
    rows: FloatArray, names: Sequence[str], *, indicator: bool = False
) -> dict[str, ReplicatedStatistic]:
    """The mean and percentiles of the finite draws of rows (R, N), those of an `indicator` 0 or 1.

    A percentile is the draw whose rank among n is nearest to p (n + 1), as of any run.
    """
    whole = bool(np.isfinite(rows).all())
    each = rows if whole else [row[np.isfinite(row)] for row in rows]
    pooled = rows.ravel() if whole else np.concatenate(each)
    found: dict[str, ReplicatedStatistic] = {}
    levels = {name: p for name in names if (p := probability_of(name)) is not None}
    if levels:
        ps = list(levels.values())
        h = estimators.share_floor(len(rows), max(pooled.size / len(rows), 1.0))
        at = [*ps, *(p - h for p in ps), *(p + h for p in ps)]
        values, *around = np.array(_order_statistics(pooled, at)).reshape(3, -1)
        parts = np.array([_order_statistics(part, ps) for part in each])
        for k, name in enumerate(levels):
            ends = float(around[0][k]), float(around[1][k])
            found[name] = ReplicatedStatistic(float(values[k]), parts[:, k], ends)
    if "mean" in names:
        means = np.array([part.mean() if part.size else math.nan for part in each])
        mean = float(pooled.mean()) if pooled.size else math.nan
        finite = rows if whole else None
        found["mean"] = ReplicatedStatistic(mean, means, (mean, mean), finite, chance=indicator)
    return {name: found[name] for name in names}


def differences(
    old: FloatArray, new: FloatArray, *, indicator: bool = False, unit: str = ""
) -> dict[str, Estimate]:
    """new - old of the mean and percentiles of draws (R, N), which are common: the same points in
    the same places.

    That of means is the mean of the differences, with what `estimators.mean` knows of tails and
    gaps. Percentiles differ by those of all draws; see `ReplicatedStatistic`. Of an `indicator` few
    of whose draws differ, the shares that come and that go have the limits of Clopper and Pearson.
    """
    before, after = (statistics(rows, STATISTICS[1:]) for rows in (old, new))
    found = {key: (after[key] - before[key]).estimate(unit) for key in before}
    return {"mean": of_means(new - old, indicator=indicator, unit=unit), **found}


def of_means(moved: FloatArray, *, indicator: bool = False, unit: str = "") -> Estimate:
    """The mean of the differences of draws (R, N), of an `indicator` as in `differences`; these
    may be means of several, from -1 to 1."""
    if not indicator or np.count_nonzero(moved) >= _FEW:
        return estimators.mean(moved, unit=unit)
    come, go = (estimators.probability((sign * moved > 0.0) * 1.0) for sign in (1.0, -1.0))
    value = float(moved.mean())
    low = value - (come.value - come.low) - (go.high - go.value)
    high = value + (come.high - come.value) + (go.value - go.low)
    return Estimate(value, low, high, _ESTIMATOR, unit)


def _order_statistics(draws: FloatArray, ps: Sequence[float]) -> list[float]:
    n = draws.size
    if not n:
        return [math.nan] * len(ps)
    ranks = [min(max(round(p * (n + 1)), 1), n) - 1 for p in ps]
    placed = np.partition(draws, sorted(set(ranks)))
    return [float(placed[rank]) for rank in ranks]
