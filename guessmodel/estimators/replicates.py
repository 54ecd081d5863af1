"""Statistics of draws, each with an interval for its sampling error.

All take draws of shape (R, N): R independent replicates (randomised nets, Latin hypercubes or
independent draws) of N draws each. Within a replicate draws may depend on each other, as those of
a net do, so that no formula for independent draws holds; replicates are independent, and
Student's t over them does. Non-finite draws are left out; their share is for the caller to tell.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.errors import UsageError
from guessmodel.estimators.estimate import NO_VARIANCE, Estimate, Interval, too_few
from guessmodel.estimators.gaps import widest_gap
from guessmodel.estimators.half_widths import COVERAGE, half_width
from guessmodel.estimators.order_statistics import AtRanks, Ordered, windows
from guessmodel.estimators.skewed_tails import Extremes
from guessmodel.graph.values import instead_of_percent
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.confidence import clopper_pearson
from guessmodel.numerics.moments import Moments
from guessmodel.numerics.pareto_tail import DrawnTail
from guessmodel.numerics.rounding_noise import only_rounding

__all__ = [
    "BINOMIAL",
    "Least",
    "guesstimate_interval",
    "interval",
    "mean",
    "probability",
    "quantile",
    "quantiles",
    "reach",
    "sd",
    "share_floor",
]

Least = Callable[[float], float]

# Fitted constants are listed in docs/constants.md.
_FLOOR = 0.88  # least half-width of a share, in units of 1/(N √R)
_SEVERAL = 1.07  # likewise of a sum of shares that are rounded independently
_FEW = 30  # hits or misses, below which the limits of Clopper and Pearson are taken

_REPLICATES = "replicates"
_ORDER = "order statistics"
BINOMIAL = "binomial"
_NO_MEAN = "the mean does not exist"
_NO_DRAWS = "no finite draws"
_TOO_LARGE = "too large for a number"
_NO_ERROR = "unreliable: infinite fourth moment"
_EQUAL = 1e-12  # of a variance: rounding


@np.errstate(over="ignore", invalid="ignore")
def mean(
    values: ArrayLike | Moments,
    *,
    tail_index: float = math.inf,
    unit: str = "",
    gap: tuple[float, float] | None = None,
    tail: DrawnTail | None = None,
    order: int = 1,
) -> Estimate:
    """The mean of all draws; Student's t over the means of the replicates.

    Towards a heavier tail the interval is up to 1.6 times longer, and up to 1.38 times more where
    the largest draw of a replicate makes most of its error. What is left of the error on
    a net comes from the few draws in the outermost strata, however many there are in all: the
    replicates' means are then skewed, and most of them lie on the side of the lighter tail.
    Measured coverage with skewed outputs: 80 to 91% without this, 85 to 95% with it.

    Where the draws leave a gap, the interval is never below the error of the share of draws beyond
    it, times its width: 28 to 83% were covered without. Moments alone do not tell of gaps. The
    error of a share is here 1.07/(N √R), see `_floor_of_means`.

    Parameters
    ----------
    values : draws of shape (R, N), or their moments
    tail_index : moments of orders below it are finite, where the tail is known: 1 for Cauchy,
        the shape for Pareto, the degrees of freedom for Student's t
    unit : for display
    gap, tail : of the draws (see `widest_gap` and `DrawnTail`), where only their moments are
        given
    order : they grow like a quantity to that power, of which `tail` is then; from 3 on the
        interval is longer by as much as that for a variance

    Returns
    -------
    Estimate : refused where the mean does not exist (tail index ≤ 1); marked unreliable where
        the variance is infinite (≤ 2), and where one draw, or typically the largest of a
        replicate, holds so much of the variance that larger ones may be missing, see
        `Extremes.reservation`.
    """
    if tail_index <= 1:
        return Estimate.refused(_NO_MEAN, _REPLICATES, unit)
    moments = _moments(values)
    if not moments.draws:
        return Estimate.refused(_NO_DRAWS, _REPLICATES, unit)
    lowest, highest = min(moments.lowest.tolist()), max(moments.highest.tolist())
    centre = moments.pooled_mean
    if only_rounding(lowest, highest):
        centre = min(max(centre, lowest), highest)
        return Estimate(centre, centre, centre, _REPLICATES, unit)
    if not math.isfinite(centre):
        return Estimate.refused(_TOO_LARGE, _REPLICATES, unit)
    half = half_width(moments.mean * moments.count, moments.count)
    tails = Extremes.of(moments, centre)
    heavy = tails.reservation(tail or _tail(values, centre), order)
    note = NO_VARIANCE if tail_index <= 2 else heavy
    below, above = _reach(tails, half, moments, _gap(values) if gap is None else gap, order)
    return Estimate(centre, centre - below, centre + above, _REPLICATES, unit, note)


def reach(values: FloatArray, half: float) -> tuple[float, float]:
    """How far the interval of the mean of draws (R, N) goes down and up from it, where the
    half-width by Student's t is known otherwise than by the means of the replicates; see `mean`."""
    moments = Moments.of(values)
    return _reach(Extremes.of(moments, moments.pooled_mean), half, moments, widest_gap(values))


def _reach(
    tails: Extremes, half: float, moments: Moments, gap: tuple[float, float], order: int = 1
) -> tuple[float, float]:
    least = _floor_of_means(moments.count) * (gap[1] - gap[0])
    return max(half * tails.stretch_low(order), least), max(half * tails.stretch_high(order), least)


@np.errstate(over="ignore", invalid="ignore")
def sd(
    values: ArrayLike | Moments,
    *,
    tail_index: float = math.inf,
    unit: str = "",
    gap: tuple[float, float] | None = None,
    tail: DrawnTail | None = None,
    centre: float | None = None,
) -> Estimate:
    """The standard deviation; Student's t over the replicates' mean squared deviations.

    Deviations are from the mean of all draws, whose own error is of second order, or from a
    `centre` that is known; the ends of the interval for the variance are then square-rooted.
    Upwards it is up to 2.5 times longer where the tails are heavy, for the reason given in `mean`,
    which also has the parameters. Refused where the variance is infinite (tail index ≤ 2);
    unreliable where its error is (≤ 4), or where the largest draws hold as much of the variance as
    is said there.
    """
    if tail_index <= 2:
        why = _NO_MEAN if tail_index <= 1 else "the variance is infinite"
        return Estimate.refused(why, _REPLICATES, unit)
    moments = _moments(values)
    if not moments.draws:
        return Estimate.refused(_NO_DRAWS, _REPLICATES, unit)
    lowest, highest = min(moments.lowest.tolist()), max(moments.highest.tolist())
    if only_rounding(lowest, highest):
        away = 0.0 if centre is None else abs(moments.pooled_mean - centre)
        return Estimate(away, away, away + (highest - lowest) / 2.0, _REPLICATES, unit)
    centre = moments.pooled_mean if centre is None else centre
    squares = moments.squares_about(centre)
    variance = float(squares.sum()) / moments.draws
    if not math.isfinite(variance):
        return Estimate.refused(_TOO_LARGE, _REPLICATES, unit)
    half = half_width(squares, moments.count)
    tails = Extremes.of(moments, centre)
    note = _NO_ERROR if tail_index <= 4 else tails.reservation(tail or _tail(values, centre), 2)
    below, above = _gap(values) if gap is None else gap
    least = _floor_of_means(moments.count) * (above - below) * abs(above + below - 2.0 * centre)
    if variance >= (1.0 - _EQUAL) * (highest - centre) * (centre - lowest):
        # Of two values alone (Bhatia and Davis 2000). Each in half of all draws, they have the
        # largest deviation that two can have: all replicates agree, also on not having met a third.
        # One draw may be as far from the second.
        least = max(least, 2.0 * (highest - lowest) ** 2 / moments.draws)
    low = max(variance - max(half, least), 0.0)
    high = variance + max(half * tails.stretch_square(), least)
    return Estimate(math.sqrt(variance), math.sqrt(low), math.sqrt(high), _REPLICATES, unit, note)


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
        return Estimate(share, *clopper_pearson(found, round(n), COVERAGE), BINOMIAL)
    half = max(half_width(counts, moments.count), _floor(moments.count))
    return Estimate(share, max(share - half, 0.0), min(share + half, 1.0), _REPLICATES)


def quantile(values: ArrayLike, p: float, *, unit: str = "") -> Estimate:
    """The p-quantile; see `quantiles`."""
    return quantiles(values, [p], unit=unit)[0]


def quantiles(
    values: ArrayLike | AtRanks, ps: Sequence[float], *, unit: str = "", least: Least | None = None
) -> list[Estimate]:
    """The quantiles of all draws at each p, with errors from the replicates' CDFs.

    The value is the pooled draw whose rank is nearest to p (n + 1). Each replicate's CDF at that
    draw is one number; Student's t over these R numbers gives a half-width h on the scale of
    probabilities, and the interval runs between the pooled quantiles at p − h and p + h. Where
    draws are tied, h is the larger of those of P(X ≤ x) and P(X < x); an interval that stays
    inside an atom has width 0.

    Parameters
    ----------
    values : draws of shape (R, N), or what is at the ranks of these ps
    ps : probabilities in (0, 1)
    least : the least half-width of the CDF at a value, where more than a single rounding is known

    Returns
    -------
    Estimates in the order of `ps`; refused where N min(p, 1 − p) < 1 draws lie beyond.
    """
    for p in ps:
        _share(p, "p")
    at = values if isinstance(values, AtRanks) else AtRanks.of(Ordered.of(_replicates(values)), ps)
    n, replicates = at.draws, at.replicates
    if not n:
        return [Estimate.refused(_NO_DRAWS, _ORDER, unit) for _ in ps]
    found = _at_ranks(at, unit, least)
    for i, p in enumerate(ps):
        beyond = min(p, 1 - p)
        if n / replicates * beyond < 1 - 1e-9:
            enough = replicates * 2 ** math.ceil(math.log2(1 / beyond) - 1e-9)
            found[i] = Estimate.refused(too_few(enough), _ORDER, unit)
    return found


def interval(values: ArrayLike, mass: float = 0.9, *, unit: str = "") -> Interval:
    """The central interval that holds `mass` of the draws: quantiles at (1 ∓ mass)/2."""
    _share(mass, "mass")
    tail = (1 - mass) / 2
    return Interval(*quantiles(values, [tail, 1 - tail], unit=unit))


def guesstimate_interval(
    values: ArrayLike,
    *,
    tail_index: float = math.inf,
    unit: str = "",
    moments: Moments | None = None,
) -> Interval:
    """The interval that Guesstimate displays: draws are split at their mean, and it runs from
    the 10th percentile of the lower part to the 90th of the upper part.

    With m of n sorted draws below the mean its ends have index ⌊0.1 m⌋ and m + ⌊0.9 (n − m)⌋.
    The split is itself random: Student's t is over F(x) − 0.1 F(mean) of every replicate, with
    its own CDF and its own mean. Where values are tied, as of a Poisson number whose rate is one of
    them, a whole atom is on either side of the mean by chance, in all replicates at once; so the
    intervals of the ends hold those of splits at both ends of the mean's own interval. Refused
    where the mean does not exist (tail index ≤ 1).
    """
    if tail_index <= 1:
        return Interval(*[Estimate.refused(_NO_MEAN, _ORDER, unit)] * 2)
    array = _replicates(values)
    ordered = Ordered.of(array)
    sizes = np.array([row.size for row in ordered.rows], dtype=np.float64)
    n = int(sizes.sum())
    if not n:
        return Interval(*[Estimate.refused(_NO_DRAWS, _ORDER, unit)] * 2)
    moments = moments or Moments.of(array)
    centre = mean(moments)
    split = np.array(
        [np.count_nonzero(row < own) for row, own in zip(ordered.rows, moments.mean, strict=True)]
    )
    below = [
        sum(int(np.count_nonzero(held(row, at))) for row in ordered.rows)
        for held, at in (
            (np.less, moments.pooled_mean),
            (np.less, centre.low),
            (np.less_equal, centre.high),
        )
    ]
    ranks = [
        min(rank, n) for lower in below
        for rank in (int(0.1 * lower) + 1, lower + int(0.9 * (n - lower)) + 1)
    ]  # fmt: skip
    found = windows(ordered, [rank / (n + 1) for rank in ranks])
    ends = _at_ranks(AtRanks.at(sizes, found[:2], ranks[:2], less=0.1 * split), unit)
    others = [window.at(rank) for window, rank in zip(found[2:], ranks[2:], strict=True)]
    return Interval(
        *(
            replace(end, low=min(end.low, *others[k::2]), high=max(end.high, *others[k::2]))
            for k, end in enumerate(ends)
        )
    )


def _at_ranks(at: AtRanks, unit: str, least: Least | None = None) -> list[Estimate]:
    """The pooled draws of some ranks, with their errors."""
    n, replicates = at.draws, at.replicates
    floor = share_floor(replicates, n / replicates)
    found = []
    for window, rank, value, half, less, up_to in zip(
        at.windows, at.ranks, at.values, at.halves, at.less, at.up_to, strict=True
    ):
        reach = max(half, floor, least(value) if least else 0.0) * n
        first, last = max(math.floor(rank - reach), 1), min(math.ceil(rank + reach), n)
        low = value if first > less else window.at(first)
        high = value if last <= up_to else window.at(last)
        if low != high and only_rounding(low, high) and only_rounding(window.at(1), window.at(n)):
            low = high = value
        found.append(Estimate(value, low, high, _ORDER, unit))
    return found


def _tail(values: ArrayLike | Moments, centre: float) -> DrawnTail | None:
    """The draws' tail; moments alone do not tell of it."""
    return None if isinstance(values, Moments) else DrawnTail(_replicates(values), centre)


def _gap(values: ArrayLike | Moments) -> tuple[float, float]:
    return (0.0, 0.0) if isinstance(values, Moments) else widest_gap(_replicates(values))


def _floor(counts: FloatArray) -> float:
    """The least half-width of a share.

    On a net the count of an event of one input is wrong by less than one draw in each replicate.
    This is a Bernoulli variable over N; its variance is 1/4 at most, and the half-width of the mean
    over R replicates 1.645/(2 N √R).
    """
    return share_floor(counts.size, float(counts.sum()) / counts.size)


def _floor_of_means(counts: FloatArray) -> float:
    """The same for draws that may be sums of several events, each rounded independently.

    It is 3 draws of 8 N. Computed for sums of 1 to 40 roundings at least 88% are covered, and 85%
    with the half-width of a single share.
    """
    size = float(counts.sum()) / counts.size
    return share_floor(counts.size, size, several=True)


def share_floor(replicates: int, size: float, *, several: bool = False) -> float:
    """The least half-width of the share of a net's draws that lie beyond a threshold; or of the sum
    of several such shares, each rounded for itself."""
    return (_SEVERAL if several else _FLOOR) / (size * math.sqrt(replicates))


def _moments(values: ArrayLike | Moments) -> Moments:
    return values if isinstance(values, Moments) else Moments.of(_replicates(values))


def _replicates(values: ArrayLike) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2 or len(array) < 2:
        raise ValueError(f"needs draws of shape (R, N) with R >= 2, got {array.shape}")
    return array


def _share(value: float, name: str) -> None:
    if not 0 < value < 1:
        raise UsageError(f"{name}={value:g} is not between 0 and 1{instead_of_percent(value)}")
