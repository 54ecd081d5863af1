"""Means and standard deviations over strata, each drawn by itself.

E[Y] = Σ P(stratum) E[Y | stratum]: what happens once in a million draws is drawn as often as the
rest, and counts for what it weighs. (Cochran 1977, "Sampling Techniques", chapter 5.) Of some
strata the probabilities are not known: there each draw has a weight.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from guessmodel.estimators import replicates as estimators
from guessmodel.estimators.estimate import Estimate
from guessmodel.numerics.arrays import BoolArray, FloatArray

__all__ = ["ESTIMATOR", "Stratum", "mean", "sd"]

ESTIMATOR = "stratified"


@final
@dataclass(frozen=True, slots=True, eq=False)
class Stratum:
    """Draws (R, N) of a quantity in a part of all cases, and the probability of this part. Draws
    that are not finite are left out: those of other parts, and those that are `lost` in this one,
    as those that a condition leaves out; it has the probability of the others.

    With `weights`, shape (R, N), it is of what hardly ever happens, with a probability that nobody
    knows: the mean of weight times f(Y) - f(`usual`) is what that adds to the mean of f over all
    other strata, which have f(`usual`) where it happens."""

    probability: float
    rows: FloatArray
    lost: BoolArray | None = None
    weights: FloatArray | None = None
    usual: FloatArray | None = None

    def of(self, function: Callable[[FloatArray], FloatArray]) -> Stratum:
        """The same of a function of the draws."""
        usual = None if self.usual is None else function(self.usual)
        return replace(self, rows=function(self.rows), usual=usual)

    @property
    def added(self) -> FloatArray:
        """What each weighted draw adds to a mean."""
        assert self.weights is not None
        assert self.usual is not None
        with np.errstate(invalid="ignore"):  # infinity less infinity
            more = self.rows - self.usual
        return np.where((self.weights > 0.0) & np.isfinite(more), self.weights * more, 0.0)

    def share(self) -> float:
        """What it adds to the mean: probability times the mean of its finite draws."""
        if self.weights is not None:
            return float(np.mean(self.added))
        finite = self.rows[np.isfinite(self.rows)]
        return self.probability * float(finite.mean()) if finite.size else 0.0


def mean(strata: Sequence[Stratum], unit: str = "") -> Estimate:
    """The mean over strata. They are drawn independently, so that the squares of their errors add
    up. Where draws are lost, how many these are is uncertain too: the error is that of the mean of
    the residuals, which are 0 where draws are lost (Cochran 1977, section 6.3). The mean is marked
    where most of the square of its error comes from a stratum whose mean is marked."""
    strata = [stratum for stratum in strata if stratum.probability > 0.0] or strata
    known = [stratum for stratum in strata if stratum.weights is None]
    parts = [estimators.mean(stratum.rows) for stratum in known]
    for part in parts:
        if math.isnan(part.value):
            return Estimate.refused(part.note or "", ESTIMATOR, unit)
    total = math.fsum(stratum.probability for stratum in known)
    shares = [stratum.probability / total for stratum in known]
    centre = math.fsum(w * part.value for w, part in zip(shares, parts, strict=True))
    sides = [
        _sides(stratum, w, part, centre)
        for stratum, w, part in zip(known, shares, parts, strict=True)
    ]
    rare = [estimators.mean(each.added) for each in strata if each.weights is not None]
    value = centre + math.fsum(part.value for part in rare)
    sides += [(part.value - part.low, part.high - part.value) for part in rare]
    low, high = (
        value - math.hypot(*(a for a, _ in sides)),
        value + math.hypot(*(b for _, b in sides)),
    )
    error = max(value - low, high - value)
    most = error * math.sqrt(0.5)
    noted = (
        part.note
        for part, side in zip([*parts, *rare], sides, strict=True)
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
