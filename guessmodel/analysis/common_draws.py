"""Differences of statistics between two runs on common draws, each with its error.

Replicate by replicate both runs have the same points, so that most of their errors is the same
too, and cancels: what is left is told from the differences of the replicates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from guessmodel.estimators import replicates as estimators
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.elementwise import FloatArray

__all__ = ["STATISTICS", "Statistic", "differences", "probability_of", "statistics"]

STATISTICS = ("mean", "p5", "p50", "p95")
_FEW = 30  # draws that differ, below which independent draws are counted


def probability_of(statistic: str) -> float | None:
    """The probability at which a percentile is, such as .05 of p5; None of the mean."""
    return None if statistic == "mean" else float(statistic[1:]) / 100.0


@final
@dataclass(frozen=True, slots=True, eq=False)
class Statistic:
    """One statistic of a run: of all draws together, and of each replicate, shape (R,).

    Sums of such pairs with weights are pairs again, of a statistic whose error `estimate` tells.
    """

    value: float
    parts: FloatArray

    def estimate(self, unit: str = "") -> Estimate:
        """With the error that the replicates tell, by Student's t."""
        if not math.isfinite(self.value):
            return Estimate.refused("not finite", "common draws", unit)
        half = estimators.half_width(self.parts, np.ones(self.parts.size))
        return Estimate(self.value, self.value - half, self.value + half, "common draws", unit)


def statistics(rows: FloatArray, names: Sequence[str]) -> dict[str, Statistic]:
    """The mean and percentiles of the finite draws of rows (R, N).

    A percentile is the draw whose rank among n is nearest to p (n + 1), as of any run.
    """
    each = rows if np.isfinite(rows).all() else [row[np.isfinite(row)] for row in rows]
    pooled = np.concatenate(each)
    found: dict[str, Statistic] = {}
    levels = {name: p for name in names if (p := probability_of(name)) is not None}
    ordered = [_ordered(part, list(levels.values())) for part in (pooled, *each)] if levels else []
    for k, name in enumerate(levels):
        found[name] = Statistic(ordered[0][k], np.array([part[k] for part in ordered[1:]]))
    if "mean" in names:
        means = np.array([part.mean() if part.size else math.nan for part in each])
        sizes = np.array([part.size for part in each], dtype=np.float64)
        # From the parts, so that sums of parts and of values agree to the last digits.
        value = float(np.nansum(means * sizes) / sizes.sum()) if pooled.size else math.nan
        found["mean"] = Statistic(value, means)
    return {name: found[name] for name in names}


def differences(
    old: FloatArray, new: FloatArray, *, indicator: bool = False, unit: str = ""
) -> dict[str, Estimate]:
    """new - old of the mean and percentiles of draws (R, N), which are common: the same points in
    the same places.

    That of means is the mean of the differences, with what `estimators.mean` knows of tails and
    gaps. Percentiles differ by those of all draws; the error is Student's t over the differences
    of the replicates' percentiles. Of an `indicator` few of whose draws differ, the shares that
    come and that go have the limits of Clopper and Pearson.
    """
    before, after = (statistics(rows, STATISTICS[1:]) for rows in (old, new))
    found = {
        key: Statistic(
            after[key].value - before[key].value, after[key].parts - before[key].parts
        ).estimate(unit)
        for key in before
    }
    moved = new - old
    if not indicator or np.count_nonzero(moved) >= _FEW:
        return {"mean": estimators.mean(moved, unit=unit), **found}
    come, go = (estimators.probability((moved == sign) * 1.0) for sign in (1.0, -1.0))
    value, low, high = come.value - go.value, come.low - go.high, come.high - go.low
    return {"mean": Estimate(value, low, high, "common draws", unit), **found}


def _ordered(draws: FloatArray, ps: Sequence[float]) -> list[float]:
    n = draws.size
    if not n:
        return [math.nan] * len(ps)
    ranks = [min(max(round(p * (n + 1)), 1), n) - 1 for p in ps]
    placed = np.partition(draws, sorted(set(ranks)))
    return [float(placed[rank]) for rank in ranks]
