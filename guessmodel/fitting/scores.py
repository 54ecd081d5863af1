"""Scores of one forecast by what came: of a known distribution, or of the draws of a run.

Of all of them the lower is the better. See T. Gneiting and A. E. Raftery 2007, "Strictly proper
scoring rules, prediction, and estimation", Journal of the American Statistical Association 102.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from guessmodel.distributions.integer_valued import IntegerValued
from guessmodel.estimators.closed_form import Closed
from guessmodel.estimators.estimate import Estimate, Interval
from guessmodel.estimators.half_widths import student
from guessmodel.estimators.replicates import mean, probability
from guessmodel.graph.family import Family
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.quadrature import integral

__all__ = ["crps_of_draws", "exact_crps", "exact_log_score", "interval_score", "log_score_of_draws"]


_ATOM: Final = 1e-9  # a jump of the CDF that is none of rounding
_LEAST: Final = 1e-18  # probability at which whole numbers end
_SUMMED: Final = 1_000_000
_AGREE: Final = 1e-8  # of two integrals that should be the same
_NEAREST: Final = 0.8  # power of the number of draws, of which the density is told
_HALVES: Final = 6
_FEW: Final = 10
_TIED: Final = 0.02  # of the nearest draws: more than those of a net that meet by chance
_PER_REPLICATE: Final = 40
_BEYOND: Final = 100  # draws, below which the least window is too wide for the end of a density
_LOCAL: Final = "local likelihood"
_ROUNDS: Final = 60
_DEGREE: Final = 2  # of the logarithm of a density
_LONGEST: Final = 20.0
_SETTLED: Final = 1e-9
_NODES, _MASSES = np.polynomial.legendre.leggauss(64)
_PLACES, _WEIGHTS = (_NODES + 1.0) / 2.0, _MASSES / 2.0
_NONE: Final = "no draw is near the outcome, so that its density is not known"


# --- a known distribution -------------------------------------------------------------------------


def exact_crps(closed: Closed, y: float) -> float | None:
    """∫ (F(x) − 1{x ≥ y})² dx, which is ∫ 2p (y − q(p)) dp below F(y) and ∫ 2(1 − p) (q(p) − y) dp
    above, q the quantile function.

    None where the distribution has kinks, or values that are no whole numbers or too many.
    """
    family, at = closed.family, closed.parameters
    if family is None:
        return abs(y - closed.shift)
    z, scale = (y - closed.shift) / closed.scale, abs(closed.scale)
    with np.errstate(all="ignore"):
        if family.discrete:
            found = _summed(family, at, z) if _counts(family) else None
            return None if found is None else scale * found
        below, above = float(family.cdf(z, *at)), float(family.sf(z, *at))
        # Each quantile by the function that is precise there; y lies in one of both halves.
        in_low, in_high = min(below, 0.5), min(above, 0.5)
        sides = [
            _both_ways(lambda p: p * (z - family.ppf(p, *at)), 0.0, in_low),
            _both_ways(lambda p: (1.0 - p) * (family.ppf(p, *at) - z), in_low, 0.5 - in_low),
            _both_ways(lambda q: (1.0 - q) * (z - family.isf(q, *at)), in_high, 0.5 - in_high),
            _both_ways(lambda q: q * (family.isf(q, *at) - z), 0.0, in_high),
        ]
    whole, halves = (sum(each) for each in zip(*sides, strict=True))
    return 2.0 * scale * whole if abs(whole - halves) <= _AGREE * abs(whole) else None


def _counts(family: Family) -> bool:
    """Whether values are whole numbers: of counts, also cut or with a hurdle."""
    while isinstance(inner := getattr(family, "inner", None), Family):
        family = inner
    return isinstance(family, IntegerValued)


def _summed(family: Family, at: tuple[float, ...], z: float) -> float | None:
    low, high = float(family.ppf(_LEAST, *at)), float(family.isf(_LEAST, *at))
    low, high = min(low, math.floor(z)), max(high, math.ceil(z))
    if not high - low <= _SUMMED:
        return None
    ends = np.unique(np.concatenate([np.arange(low, high + 1.0), [z]]))
    error = np.where(ends[:-1] < z, family.cdf(ends[:-1], *at), family.sf(ends[:-1], *at))
    return float(np.sum(np.square(error) * np.diff(ends)))


def _both_ways(
    f: Callable[[FloatArray], FloatArray], start: float, width: float
) -> tuple[float, float]:
    """An integral, whole and by halves: a kink would tell them apart."""
    if not width > 0.0:
        return 0.0, 0.0

    def known(p: FloatArray) -> FloatArray:
        """Without the few probabilities near 1e-280 at which a quantile overflows, or SciPy has
        none: their share of the integral is nothing."""
        return np.nan_to_num(f(p), nan=0.0, posinf=0.0, neginf=0.0)

    half = width / 2.0
    whole = integral(known, start, width)
    return whole, integral(known, start, half) + integral(known, start + half, half)


def exact_log_score(closed: Closed, y: float) -> float:
    """−log of the density at y, or of the probability where y has one; inf where it has neither."""
    family, at = closed.family, closed.parameters
    if family is None:
        return 0.0 if y == closed.shift else math.inf
    z = (y - closed.shift) / closed.scale
    with np.errstate(all="ignore"):
        if family.discrete:
            likely = float(family.pdf(z, *at))
        else:
            likely = float(family.cdf(z, *at) - family.cdf(np.nextafter(z, -np.inf), *at))
            if likely < _ATOM:
                likely = float(family.pdf(z, *at)) / abs(closed.scale)
    return -math.log(likely) if likely > 0.0 else math.inf


# --- draws ----------------------------------------------------------------------------------------


def crps_of_draws(rows: FloatArray, y: float, tail_index: float, unit: str) -> Estimate:
    """E|X − y| − E|X − X'|/2 of draws (R, N); X' is another draw.

    E|X − X'| is a mean over pairs; its error is that of the mean of 2 E|x − X'| over all draws x
    (W. Hoeffding 1948).
    """
    finite = np.sort(rows[np.isfinite(rows)])
    n = finite.size
    if not n:
        return Estimate.refused("no finite draws", "replicates", unit)
    sums = np.concatenate([[0.0], np.cumsum(finite)])
    k = np.searchsorted(finite, rows, side="right")
    k[~np.isfinite(rows)] = 0
    with np.errstate(invalid="ignore"):
        apart = (rows * (2 * k - n) - 2.0 * sums[k] + sums[-1]) / n  # E|x − X'|
        linear = np.where(np.isfinite(rows), np.abs(rows - y) - apart, np.nan)
        pairs = float(np.nanmean(np.where(np.isfinite(rows), apart, np.nan)))
    found = mean(linear, tail_index=tail_index, unit=unit)
    shift = 0.5 * pairs
    value, low, high = (max(each + shift, 0.0) for each in (found.value, found.low, found.high))
    return replace(found, value=value, low=low, high=high)


def log_score_of_draws(rows: FloatArray, y: float) -> Estimate:
    """−log of the density at y of draws (R, N), or of the share of draws that are y.

    The density is that of the nearest draws by a curve whose logarithm is a parabola, fitted by
    likelihood: it follows tails, and ends where the draws do (C. R. Loader 1996, "Local likelihood
    density estimation", Annals of Statistics 24). Of n draws they are n^0.8 or a half, a quarter, …
    of these: as many as agree with all that are nearer (O. V. Lepski 1991). How far the next nearer
    ones differ is added to the error. Marked where fewer than 100 draws lie beyond y.
    """
    finite = np.sort(rows[np.isfinite(rows)])
    n = finite.size
    k = math.ceil(n**_NEAREST) if n else 0
    if k < _FEW:
        return Estimate.refused("too few draws to tell the density", _LOCAL)
    low, high = _window(finite, y, k)
    near = finite[(finite >= low) & (finite <= high)]
    if np.count_nonzero(near == y) > _TIED * near.size or np.unique(near).size < near.size / 2:
        share = probability(np.where(np.isfinite(rows), rows == y, np.nan))
        if share.value == 0.0:
            return Estimate.refused("no draw is the outcome", share.estimator)
        ends = (-math.log(share.high), -math.log(share.low) if share.low > 0.0 else math.inf)
        return Estimate(-math.log(share.value), *ends, share.estimator)
    if not finite[0] <= y <= finite[-1]:
        return Estimate.refused(_NONE, _LOCAL)
    told: list[tuple[float, float]] = []
    counts = [k >> j for j in range(_HALVES) if k >> j >= _PER_REPLICATE * len(rows)]
    for count in reversed(counts or [k]):
        value, half = _density(rows, finite, y, count)
        if not all(abs(value - other) <= half + error for other, error in told):
            break
        told.append((value, half))
    if not told or not math.isfinite(told[-1][1]):
        return Estimate.refused(_NONE, _LOCAL)
    value, half = told[-1]
    half += abs(value - told[-2][0]) if len(told) > 1 else 0.0
    beyond = int(min(np.count_nonzero(finite < y), np.count_nonzero(finite > y)))
    note = "few draws lie beyond the outcome" if beyond < _BEYOND else None
    return Estimate(-value, -value - half, -value + half, _LOCAL, note=note)


def _density(rows: FloatArray, ordered: FloatArray, y: float, k: int) -> tuple[float, float]:
    """Logarithm of the density by so many of the nearest draws, and the half-width of its error by
    the replicates'."""
    low, high = _window(ordered, y, k)
    near = ordered[np.searchsorted(ordered, low) : np.searchsorted(ordered, high, side="right")]
    own = []
    for row in rows:
        inside = row[(row >= low) & (row <= high)]
        own.append(_log_density(inside, int(np.isfinite(row).sum()), y, low, high))
    residuals = np.array(own) - np.mean(own)
    half = student(float(np.linalg.norm(residuals)), len(own)) / len(own)
    return _log_density(near, ordered.size, y, low, high), half


def _window(ordered: FloatArray, y: float, k: int) -> tuple[float, float]:
    """The interval from the nearest draws' farthest to as far on the other side, within all
    draws."""
    at = int(np.searchsorted(ordered, y))
    near = np.abs(ordered[max(at - k, 0) : at + k] - y)
    far = float(np.partition(near, min(k, near.size) - 1)[min(k, near.size) - 1])
    return max(y - far, float(ordered[0])), min(y + far, float(ordered[-1]))


def _log_density(near: FloatArray, n: int, y: float, low: float, high: float) -> float:
    """Logarithm of the density at y, of n draws of which `near` are within [low, high]: m/n
    exp(c·x) / ∫ exp(c·x), of the terms x = (t, t², …) of the place t in the interval, where it has
    their means (Newton's method)."""
    width = high - low
    if near.size < _FEW or not width > 0.0:
        return math.nan
    terms = np.vander(_PLACES, _DEGREE + 1, increasing=True)[:, 1:]
    wanted = np.vander((near - low) / width, _DEGREE + 1, increasing=True)[:, 1:].mean(axis=0)
    c = np.zeros(_DEGREE)
    for _ in range(_ROUNDS):
        share, total = _shares(terms @ c)
        centre = share @ terms
        bend = (terms - centre).T @ (share[:, None] * (terms - centre))
        step = np.linalg.lstsq(bend, wanted - centre)[0]
        c = c + step * min(1.0, _LONGEST / max(float(np.abs(step).max()), 1e-300))
        if float(np.abs(step).max()) < _SETTLED:
            break
    _, total = _shares(terms @ c)
    at = ((y - low) / width) ** np.arange(1, _DEGREE + 1)
    return math.log(near.size / n / width) + float(at @ c) - total


def _shares(exponent: FloatArray) -> tuple[FloatArray, float]:
    """Weights of the places by the density exp(exponent), and the logarithm of its integral."""
    top = float(exponent.max())
    mass = _WEIGHTS * np.exp(exponent - top)
    return mass / mass.sum(), top + math.log(float(mass.sum()))


# --- intervals ------------------------------------------------------------------------------------


def interval_score(interval: Interval, mass: float, y: float) -> Estimate:
    """(u − l) + (2/α) (l − y)₊ + (2/α) (y − u)₊ of the ends l and u, α = 1 − mass."""
    low, high = interval
    penalty = 2.0 / (1.0 - mass)
    below, above = max(low.value - y, 0.0), max(y - high.value, 0.0)
    value = high.value - low.value + penalty * (below + above)
    half = abs(penalty * (below > 0.0) - 1.0) * low.error
    half += abs(penalty * (above > 0.0) - 1.0) * high.error
    note = low.note or high.note
    if math.isnan(value):
        return Estimate.refused(note or "unknown", low.estimator, low.unit)
    estimator = low.estimator if low.estimator == high.estimator else "replicates"
    return Estimate(value, value - half, value + half, estimator, low.unit, note)
