"""Means and standard deviations over strata of known probability, each drawn by itself.

E[Y] = Σ P(stratum) E[Y | stratum]: what happens once in a million draws is drawn as often as the
rest, and counts for what it weighs. (Cochran 1977, "Sampling Techniques", chapter 5.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np
from numpy.typing import NDArray

from guessmodel.estimators import replicates as estimators
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.elementwise import FloatArray

__all__ = ["ESTIMATOR", "Stratum", "mean", "sd"]

ESTIMATOR = "stratified"


@final
@dataclass(frozen=True, slots=True, eq=False)
class Stratum:
    """Draws (R, N) of a quantity in a part of all cases, and the probability of this part. Draws
    that are not finite are left out: those of other parts, and those that are `lost` in this one,
    as those that a condition leaves out; it has the probability of the others."""

    probability: float
    rows: FloatArray
    lost: NDArray[np.bool_] | None = None

    def of(self, function: Callable[[FloatArray], FloatArray]) -> Stratum:
        """The same of a function of the draws."""
        return replace(self, rows=function(self.rows))


def mean(strata: Sequence[Stratum], unit: str = "") -> Estimate:
    """The mean over strata. They are drawn independently, so that the squares of their errors add
    up. Where draws are lost, how many these are is uncertain too: the error is that of the mean of
    the residuals, which are 0 where draws are lost (Cochran 1977, section 6.3). The mean is marked
    where most of the square of its error comes from a stratum whose mean is marked."""
    strata = [stratum for stratum in strata if stratum.probability > 0.0] or strata
    parts = [estimators.mean(stratum.rows) for stratum in strata]
    for part in parts:
        if math.isnan(part.value):
            return Estimate.refused(part.note or "", ESTIMATOR, unit)
    total = math.fsum(stratum.probability for stratum in strata)
    weights = [stratum.probability / total for stratum in strata]
    pairs = list(zip(weights, parts, strict=True))
    value = math.fsum(w * part.value for w, part in pairs)
    sides = [
        _sides(stratum, w, part, value) for stratum, (w, part) in zip(strata, pairs, strict=True)
    ]
    low, high = (
        value - math.hypot(*(a for a, _ in sides)),
        value + math.hypot(*(b for _, b in sides)),
    )
    error = max(value - low, high - value)
    most = error * math.sqrt(0.5)
    noted = (
        part.note
        for (_, part), side in zip(pairs, sides, strict=True)
        if part.note and max(side) > most
    )
    return Estimate(value, low, high, ESTIMATOR, unit, next(noted, None))


def _sides(stratum: Stratum, weight: float, part: Estimate, centre: float) -> tuple[float, float]:
    """How far the part of a stratum in the mean may lie lower and higher."""
    if stratum.lost is not None and (count := np.count_nonzero(stratum.lost)):
        there = np.count_nonzero(np.isfinite(stratum.rows))
        residuals = np.where(stratum.lost, 0.0, stratum.rows - centre)
        part, weight = estimators.mean(residuals), weight * (there + count) / there
    return weight * (part.value - part.low), weight * (part.high - part.value)


def sd(strata: Sequence[Stratum], unit: str = "") -> Estimate:
    """The standard deviation: the root of the mean squared deviation from `mean`. It has the mark
    of the mean."""
    centre = mean(strata)
    squares = [stratum.of(lambda x: (x - centre.value) ** 2) for stratum in strata]
    variance = mean(squares)
    if math.isnan(variance.value):
        return Estimate.refused(variance.note or "", ESTIMATOR, unit)
    value, low, high = (
        math.sqrt(max(x, 0.0)) for x in (variance.value, variance.low, variance.high)
    )
    return Estimate(value, low, high, ESTIMATOR, unit, centre.note)
