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
from guessmodel.numerics.squarable import power_of

__all__ = ["ESTIMATOR", "Stratum", "average", "mean", "sd", "squarable"]

ESTIMATOR = "stratified"
_TOO_SELDOM = "rare events were met too seldom"
_MOST = 0.5  # of the squares


@final
@dataclass(frozen=True, slots=True, eq=False)
class Stratum:
    """Draws (R, N) of a quantity in a part of all cases, and the probability of this part. Draws
    that are not finite are left out: those of other parts, and those that are `lost` in this one,
    as those that a condition leaves out; it has the probability of the others.

    With `weights`, shape (R, N), it is of what hardly ever happens, with a probability that nobody
    knows: the mean of weight times f(Y) - f(`usual`) is what that adds to the mean of f over all
    other strata, which have f(`usual`) where it happens. Of draws that are lost f is 0."""

    probability: float
    rows: FloatArray
    lost: BoolArray | None = None
    weights: FloatArray | None = None
    usual: FloatArray | None = None

    def of(self, function: Callable[[FloatArray], FloatArray]) -> Stratum:
        """The same of a function of the draws."""
        usual = None if self.usual is None else function(self.usual)
        return replace(self, rows=function(self.rows), usual=usual)

    def scaled(self, factor: float) -> Stratum:
        """Weighted draws, as of so many times their probability."""
        assert self.weights is not None
        return replace(self, probability=self.probability * factor, weights=self.weights * factor)

    def added(self, centre: float) -> FloatArray:
        """What each weighted draw adds to a mean of differences from a centre."""
        assert self.usual is not None
        return self._weighted(_finite(self.rows - centre) - _finite(self.usual - centre))

    @property
    def more(self) -> float:
        """What weighted draws add to the probability of draws that are not lost."""
        assert self.usual is not None
        kept = np.isfinite(self.rows).astype(np.float64) - np.isfinite(self.usual)
        return float(np.mean(self._weighted(kept)))

    def _weighted(self, values: FloatArray) -> FloatArray:
        assert self.weights is not None
        return np.where(self.weights > 0.0, self.weights * values, 0.0)


def _finite(values: FloatArray) -> FloatArray:
    return np.where(np.isfinite(values), values, 0.0)


def average(strata: Sequence[Stratum]) -> float:
    """The mean over strata, without its error; nan where all draws are lost."""
    known = [x for x in strata if x.weights is None and x.probability > 0.0]
    means = [each.rows[np.isfinite(each.rows)] for each in known]
    total = math.fsum(each.probability for each in known)
    if not known or not all(each.size for each in means):
        return math.nan
    centre = math.fsum(
        each.probability / total * float(rows.mean())
        for each, rows in zip(known, means, strict=True)
    )
    return _moved(centre, strata)


def _moved(centre: float, strata: Sequence[Stratum]) -> float:
    """The mean, by that over the strata of known probabilities."""
    added = math.fsum(float(np.mean(x.added(centre))) for x in strata if x.weights is not None)
    return centre + added / _kept(strata)


def _kept(strata: Sequence[Stratum]) -> float:
    """The probability of draws that are not lost, in parts of that in strata of known ones."""
    return max(1.0 + math.fsum(x.more for x in strata if x.weights is not None), 0.0) or math.nan


def mean(strata: Sequence[Stratum], unit: str = "") -> Estimate:
    """The mean over strata. They are drawn independently, so that the squares of their errors add
    up. Where draws are lost, how many these are is uncertain too: the error is that of the mean of
    the residuals, which are 0 where draws are lost (Cochran 1977, section 6.3). The mean is marked
    where most of the square of its error comes from a stratum whose mean is marked."""
    strata = [x for x in strata if x.probability > 0.0 or x.weights is not None] or strata
    known = [stratum for stratum in strata if stratum.weights is None]
    parts = [estimators.mean(stratum.rows) for stratum in known]
    for part in parts:
        if math.isnan(part.value):
            return Estimate.refused(part.note or "", ESTIMATOR, unit)
    total = math.fsum(stratum.probability for stratum in known)
    shares = [stratum.probability / total for stratum in known]
    centre = math.fsum(w * part.value for w, part in zip(shares, parts, strict=True))
    value, kept = _moved(centre, strata), _kept(strata)
    sides = [
        _sides(stratum, w / kept, part, value)
        for stratum, w, part in zip(known, shares, parts, strict=True)
    ]
    rare = [estimators.mean(each.added(value)) for each in strata if each.weights is not None]
    sides += [((part.value - part.low) / kept, (part.high - part.value) / kept) for part in rare]
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


def squarable(strata: Sequence[Stratum]) -> tuple[Sequence[Stratum], int]:
    """The strata, and the power of two by which they were divided."""
    power = power_of(*(each.rows for each in strata))
    if not power:
        return strata, 0
    return [each.of(lambda x: np.ldexp(x, -power)) for each in strata], power


def sd(strata: Sequence[Stratum], unit: str = "") -> Estimate:
    """The standard deviation: the root of the mean squared deviation from `mean`. It has the mark
    of the mean; and that of the squares where draws with weights take most of these away, as of a
    cap without which a quantity has hardly a variance. Refused where they take more than there is.
    """
    strata, power = squarable(strata)
    centre = mean(strata)
    squares = [stratum.of(lambda x: (x - centre.value) ** 2) for stratum in strata]
    variance = mean(squares)
    if math.isnan(variance.value):
        return Estimate.refused(variance.note or "", ESTIMATOR, unit)
    if variance.value < 0.0:
        return Estimate.refused(_TOO_SELDOM, ESTIMATOR, unit)
    value, low, high = (
        math.sqrt(max(x, 0.0)) for x in (variance.value, variance.low, variance.high)
    )
    known = average([each for each in squares if each.weights is None])
    taken_away = variance.note if variance.value < _MOST * known else None
    note = centre.note or taken_away
    return Estimate(value, low, high, ESTIMATOR, unit, note).scaled(2.0**power, unit)
