"""Means and standard deviations over strata of known probability, each drawn by itself.

E[Y] = Σ P(stratum) E[Y | stratum]: what happens once in a million draws is drawn as often as the
rest, and counts for what it weighs. (Cochran 1977, "Sampling Techniques", chapter 5.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from guessmodel.estimators import replicates as estimators
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.elementwise import FloatArray

__all__ = ["ESTIMATOR", "Stratum", "mean", "sd"]

ESTIMATOR = "stratified"


@final
@dataclass(frozen=True, slots=True, eq=False)
class Stratum:
    """Draws (R, N) of a quantity in a part of all cases, and the probability of this part. Draws
    that are not finite are left out. The probabilities of all strata may sum to less than 1, where
    the draws of a stratum were left out."""

    probability: float
    rows: FloatArray


def mean(strata: Sequence[Stratum], unit: str = "") -> Estimate:
    """The mean over strata. They are drawn independently, so that the squares of their errors add
    up. The mean is marked where most of the square of its error comes from a stratum whose mean is
    marked."""
    strata = [stratum for stratum in strata if stratum.probability > 0.0] or strata
    parts = [estimators.mean(stratum.rows) for stratum in strata]
    for part in parts:
        if math.isnan(part.value):
            return Estimate.refused(part.note or "", ESTIMATOR, unit)
    total = math.fsum(stratum.probability for stratum in strata)
    weights = [stratum.probability / total for stratum in strata]
    pairs = list(zip(weights, parts, strict=True))
    value = math.fsum(w * part.value for w, part in pairs)
    low = value - math.hypot(*(w * (part.value - part.low) for w, part in pairs))
    high = value + math.hypot(*(w * (part.high - part.value) for w, part in pairs))
    error = max(value - low, high - value)
    most = error * math.sqrt(0.5)
    noted = (part.note for w, part in pairs if part.note and w * part.error > most)
    return Estimate(value, low, high, ESTIMATOR, unit, next(noted, None))


def sd(strata: Sequence[Stratum], unit: str = "") -> Estimate:
    """The standard deviation: the root of the mean squared deviation from `mean`. It has the mark
    of the mean."""
    centre = mean(strata)
    squares = [Stratum(s.probability, (s.rows - centre.value) ** 2) for s in strata]
    variance = mean(squares)
    if math.isnan(variance.value):
        return Estimate.refused(variance.note or "", ESTIMATOR, unit)
    value, low, high = (
        math.sqrt(max(x, 0.0)) for x in (variance.value, variance.low, variance.high)
    )
    return Estimate(value, low, high, ESTIMATOR, unit, centre.note)
