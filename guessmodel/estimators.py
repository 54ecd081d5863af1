"""Statistics of draws, each with an interval for its sampling error.

All take draws of shape (R, N): R independent replicates (randomised nets, Latin hypercubes or
independent draws) of N draws each. Within a replicate draws may depend on each other, as those of
a net do, so that no formula for independent draws holds; replicates are independent, and
Student's t over them does. Non-finite draws are left out; their share is for the caller to tell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guessmodel.confidence import clopper_pearson, student_t_quantile
from guessmodel.errors import UsageError
from guessmodel.estimate import Estimate, Interval
from guessmodel.moments import Moments
from guessmodel.order_statistics import Rows, Window, finite_rows, windows

__all__ = [
    "COVERAGE",
    "guesstimate_interval",
    "interval",
    "mean",
    "probability",
    "quantile",
    "quantiles",
    "sd",
]

COVERAGE = 0.9
"""Nominal coverage of the interval [low, high] of every estimate."""

_FLOOR = 0.88  # of a half-width on the scale of shares, in units of 1/(N √R); see `_floor`
_FEW = 30  # hits or misses below which a share is taken for a rare event
_HEAVY = 0.05  # share of the squared deviations in one draw that makes a mean unreliable

_REPLICATES = "replicates"
_ORDER = "order statistics"
_BINOMIAL = "binomial"
_NO_MEAN = "the mean does not exist"
_NO_DRAWS = "no finite draws"
_NO_VARIANCE = "unreliable: infinite variance"


def mean(values: ArrayLike | Moments, *, tail_index: float = math.inf, unit: str = "") -> Estimate:
    """The mean of all draws; Student's t over the means of the replicates.

    Parameters
    ----------
    values : draws of shape (R, N), or their moments
    tail_index : moments of orders below it are finite, where the tail is known: 1 for Cauchy,
        the shape for Pareto, the degrees of freedom for Student's t
    unit : for display

    Returns
    -------
    Estimate : refused where the mean does not exist (tail index ≤ 1); marked unreliable where
        the variance is infinite (≤ 2) or where one draw holds more than 5% of all squared
        deviations, so that the next draw like it would move the mean beyond the interval.
    """
    if tail_index <= 1:
        return Estimate.refused(_NO_MEAN, _REPLICATES, unit)
    moments = _moments(values)
    if not moments.draws:
        return Estimate.refused(_NO_DRAWS, _REPLICATES, unit)
    lowest, highest = float(moments.lowest.min()), float(moments.highest.max())
    if lowest == highest:
        return Estimate(lowest, lowest, lowest, _REPLICATES, unit)
    centre = moments.pooled_mean
    half = _half_width(moments.mean * moments.count, moments.count)
    note = _NO_VARIANCE if tail_index <= 2 else _heavy(moments, centre)
    return Estimate(centre, centre - half, centre + half, _REPLICATES, unit, note)


def sd(values: ArrayLike | Moments, *, tail_index: float = math.inf, unit: str = "") -> Estimate:
    """The standard deviation; Student's t over the replicates' mean squared deviations.

    Deviations are from the mean of all draws, whose own error is of second order; the ends of
    the interval for the variance are then square-rooted. Parameters as in `mean`. Refused where
    the variance is infinite (tail index ≤ 2), unreliable where its error is (≤ 4).
    """
    if tail_index <= 2:
        why = _NO_MEAN if tail_index <= 1 else "the variance is infinite"
        return Estimate.refused(why, _REPLICATES, unit)
    moments = _moments(values)
    if not moments.draws:
        return Estimate.refused(_NO_DRAWS, _REPLICATES, unit)
    if moments.lowest.min() == moments.highest.max():
        return Estimate(0.0, 0.0, 0.0, _REPLICATES, unit)
    centre = moments.pooled_mean
    squares = moments.squares_about(centre)
    variance = float(squares.sum()) / moments.draws
    half = _half_width(squares, moments.count)
    note = "unreliable: infinite fourth moment" if tail_index <= 4 else _heavy(moments, centre)
    low, high = math.sqrt(max(variance - half, 0.0)), math.sqrt(variance + half)
    return Estimate(math.sqrt(variance), low, high, _REPLICATES, unit, note)


def probability(hits: ArrayLike | Moments) -> Estimate:
    """The share of draws in which something holds, from indicators (R, N) or their moments.

    Student's t over the replicates' shares, but at least 0.88/(N √R) to either side (0.31/N for
    8 replicates), for on a net the shares of an event in one dimension often agree by chance.
    With fewer than 30 hits or misses the limits of Clopper and Pearson for independent draws.
    """
    moments = _moments(hits)
    n = moments.draws
    if not n:
        return Estimate.refused(_NO_DRAWS, _REPLICATES)
    counts = moments.mean * moments.count
    share = float(counts.sum()) / n
    found = round(share * n)
    if min(found, n - found) < _FEW:
        return Estimate(share, *clopper_pearson(found, round(n), COVERAGE), _BINOMIAL)
    half = max(_half_width(counts, moments.count), _floor(moments.count))
    return Estimate(share, max(share - half, 0.0), min(share + half, 1.0), _REPLICATES)


def quantile(values: ArrayLike, p: float, *, unit: str = "") -> Estimate:
    """The p-quantile; see `quantiles`."""
    return quantiles(values, [p], unit=unit)[0]


def quantiles(values: ArrayLike, ps: Sequence[float], *, unit: str = "") -> list[Estimate]:
    """The quantiles of all draws at each p, with errors from the replicates' CDFs.

    The value is the pooled draw whose rank is nearest to p (n + 1). Each replicate's CDF at that
    draw is one number; Student's t over these R numbers gives a half-width h on the scale of
    probabilities, and the interval runs between the pooled quantiles at p − h and p + h. Where
    draws are tied, h is the larger of those of P(X ≤ x) and P(X < x); an interval that stays
    inside an atom has width 0.

    Parameters
    ----------
    values : draws of shape (R, N)
    ps : probabilities in (0, 1)

    Returns
    -------
    Estimates in the order of `ps`; refused where N min(p, 1 − p) < 1 draws lie beyond.
    """
    for p in ps:
        _share(p, "p")
    rows = finite_rows(_replicates(values))
    found = windows(rows, ps)
    return [_quantile(rows, window, p, unit) for window, p in zip(found, ps, strict=True)]


def interval(values: ArrayLike, mass: float = 0.9, *, unit: str = "") -> Interval:
    """The central interval that holds `mass` of the draws: quantiles at (1 ∓ mass)/2."""
    _share(mass, "mass")
    tail = (1 - mass) / 2
    return Interval(*quantiles(values, [tail, 1 - tail], unit=unit))


def guesstimate_interval(
    values: ArrayLike, *, tail_index: float = math.inf, unit: str = ""
) -> Interval:
    """The interval that Guesstimate displays: draws are split at their mean, and it runs from
    the 10th percentile of the lower part to the 90th of the upper part.

    With m of n sorted draws below the mean its ends have index ⌊0.1 m⌋ and m + ⌊0.9 (n − m)⌋.
    The split is itself random: Student's t is over F(x) − 0.1 F(mean) of every replicate, with
    its own CDF and its own mean. Refused where the mean does not exist (tail index ≤ 1).
    """
    if tail_index <= 1:
        return Interval(*[Estimate.refused(_NO_MEAN, _ORDER, unit)] * 2)
    array = _replicates(values)
    rows = finite_rows(array)
    sizes = np.array([row.size for row in rows], dtype=np.float64)
    n = int(sizes.sum())
    if not n:
        return Interval(*[Estimate.refused(_NO_DRAWS, _ORDER, unit)] * 2)
    moments = Moments.of(array)
    centre = moments.pooled_mean
    lower = sum(int(np.count_nonzero(row < centre)) for row in rows)
    split = np.array(
        [np.count_nonzero(row < own) for row, own in zip(rows, moments.mean, strict=True)]
    )
    ranks = (int(0.1 * lower) + 1, lower + int(0.9 * (n - lower)) + 1)
    found = windows(rows, [rank / (n + 1) for rank in ranks])
    return Interval(
        *[
            _at_rank(window, min(rank, n), sizes, 0.1 * split, unit)
            for window, rank in zip(found, ranks, strict=True)
        ]
    )


def _quantile(rows: Rows, window: Window, p: float, unit: str) -> Estimate:
    sizes = np.array([row.size for row in rows], dtype=np.float64)
    n = float(sizes.sum())
    if not n:
        return Estimate.refused(_NO_DRAWS, _ORDER, unit)
    beyond = min(p, 1 - p)
    if n / len(rows) * beyond < 1 - 1e-9:
        enough = len(rows) * 2 ** math.ceil(math.log2(1 / beyond) - 1e-9)
        return Estimate.refused(f"needs n >= {enough}", _ORDER, unit)
    rank = min(max(round(p * (n + 1)), 1), int(n))
    return _at_rank(window, rank, sizes, np.zeros(len(rows)), unit)


def _at_rank(
    window: Window,
    rank: int,
    sizes: NDArray[np.float64],
    target: NDArray[np.float64],
    unit: str,
) -> Estimate:
    """The pooled draw of a rank, with its error; each replicate aims at a count of `target`."""
    n = int(sizes.sum())
    value = window.at(rank)
    half = max(_half_width(counts - target, sizes) for counts in window.counts(value))
    reach = max(half, _floor(sizes)) * n
    first, last = max(math.floor(rank - reach), 1), min(math.ceil(rank + reach), n)
    return Estimate(value, window.at(first), window.at(last), _ORDER, unit)


def _half_width(totals: NDArray[np.float64], counts: NDArray[np.float64]) -> float:
    """Of the interval for Σ totals / Σ counts, with R − 1 degrees of freedom.

    Replicates that lost non-finite draws differ in size, hence the residuals of a ratio.
    """
    replicates = counts.size
    residuals = totals - counts * (totals.sum() / counts.sum())
    error = math.sqrt(float(residuals @ residuals) * replicates / (replicates - 1)) / counts.sum()
    return student_t_quantile((1 + COVERAGE) / 2, replicates - 1) * float(error)


def _floor(counts: NDArray[np.float64]) -> float:
    """The least half-width of a share.

    On a net the count of an event in one dimension is off by less than one draw per replicate:
    a Bernoulli variable over N, of variance 1/4 at most, has the error 1.645/(2 N √R).
    """
    return _FLOOR * math.sqrt(counts.size) / float(counts.sum())


def _heavy(moments: Moments, centre: float) -> str | None:
    """The reservation about a mean that hangs on its largest draw."""
    farthest = max(moments.highest.max() - centre, centre - moments.lowest.min())
    share = float(farthest**2 / moments.squares_about(centre).sum())
    return f"unreliable: one draw holds {share:.0%} of the variance" if share > _HEAVY else None


def _moments(values: ArrayLike | Moments) -> Moments:
    return values if isinstance(values, Moments) else Moments.of(_replicates(values))


def _replicates(values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2 or len(array) < 2:
        raise ValueError(f"needs draws of shape (R, N) with R >= 2, got {array.shape}")
    return array


def _share(value: float, name: str) -> None:
    if not 0 < value < 1:
        hint = f"; {value / 100:g} is meant?" if 1 < value < 100 else ""
        raise UsageError(f"{name}={value:g} is not between 0 and 1{hint}")
