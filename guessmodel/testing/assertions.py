"""Statistical assertions with a stated false-alarm probability, for tests that must not flake.

Each asserts something true of right code and false of wrong code, and says in its message how far
off it was. On stratified points (`nets`, `lhs`) counts vary less than those of independent draws,
so that the bounds used here are never too narrow.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.errors import UsageError, WrongKind, article, caller, public
from guessmodel.estimators.estimate import Estimate
from guessmodel.model.model import Model

__all__ = ["assert_coverage", "assert_follows", "assert_same_draws", "assert_true_value"]


@public
def assert_follows(
    draws: ArrayLike,
    cdf: Callable[[Any], Any],
    *,
    bins: int = 64,
    false_alarm: float = 1e-6,
    atoms: bool = False,
) -> None:
    """Draws follow a distribution: the counts between its quantiles are binomial.

    Parameters
    ----------
    draws : finite draws, any shape
    cdf : the CDF, vectorised
    bins : the probability scale is cut into so many; each count is tested at `false_alarm / bins`
    atoms : the distribution has atoms; counts are of whole values then

    The draws' places on the probability scale, cdf(x), are uniform if and only if x follows a
    continuous cdf. Source: the binomial tests of Distributions.jl's sampler checks.

    Raises AssertionError where they do not; UsageError for fewer than 8 draws a bin.

    >>> from scipy import stats
    >>> import guessmodel as gm
    >>> assert_follows(gm.normal(mean=3, sd=2).sample().values, stats.norm(3, 2).cdf)
    """
    from scipy import stats

    x = np.asarray(draws, dtype=np.float64).ravel()
    if x.size < 8 * bins:
        raise UsageError(f"{x.size} draws are too few for {bins} bins; take {8 * bins} or more")
    if atoms:
        values, counts = np.unique(x, return_counts=True)
        shares = np.diff(np.asarray(cdf(values), dtype=np.float64), prepend=0.0)
        where = [f"at {value:g}" for value in values]
    else:
        edges = np.linspace(0.0, 1.0, bins + 1)
        counts, _ = np.histogram(np.asarray(cdf(x), dtype=np.float64), edges)
        shares = np.diff(edges)
        where = [f"between its {a:.3f} and {b:.3f} quantile" for a, b in pairwise(edges)]
        if counts.sum() < x.size:
            raise AssertionError("some draws have no place: the CDF is not finite there")
    level = false_alarm / counts.size / 2.0
    for count, share, place in zip(counts, shares, where, strict=True):
        share = min(max(float(share), 0.0), 1.0)
        low = float(stats.binom.ppf(level, x.size, share))
        high = float(stats.binom.isf(level, x.size, share))
        if not low <= count <= high:
            raise AssertionError(
                f"{count} of {x.size} draws lie {place}, where {share * x.size:.1f} are expected "
                f"(between {low:.0f} and {high:.0f} but for a false alarm of {false_alarm:g})"
            )


@public
def assert_true_value(estimate: Estimate, truth: float, *, false_alarm: float = 1e-6) -> None:
    """A true value lies within an estimate's error, widened from 90% to `1 - false_alarm`.

    The widening takes the error of Student's t with 7 degrees of freedom, that of 8 replicates.

    Raises AssertionError where it does not; WrongKind for what is no estimate.

    >>> import guessmodel as gm
    >>> area = gm.uniform(0, 1) * gm.uniform(0, 1)
    >>> assert_true_value(area.sample().median(), 0.186682309)  # q (1 - log q) = 1/2
    """
    from scipy import stats

    _check_estimate(estimate)
    wide = float(stats.t.isf(false_alarm / 2.0, 7) / stats.t.isf(0.05, 7))
    reach = wide * estimate.error + 8.0 * np.finfo(float).eps * abs(truth)
    if not abs(estimate.value - truth) <= reach:
        raise AssertionError(
            f"{estimate!s} is {abs(estimate.value - truth):.3g} from the true {truth:g}; "
            f"its error allows {reach:.3g}"
        )


def _check_estimate(given: object) -> None:
    if not isinstance(given, Estimate):
        kind = article(type(given).__name__)
        raise WrongKind(f"this takes an estimate, such as result.mean(), not {kind}", caller())


@public
def assert_coverage(
    estimate: Callable[[int], Estimate],
    truth: float,
    *,
    runs: int = 200,
    at_least: float = 0.85,
    at_most: float = 1.0,
    false_alarm: float = 1e-6,
) -> float:
    """The 90% intervals of `estimate(seed)` hold the true value about as often as they should.

    Parameters
    ----------
    estimate : gives an estimate for a seed
    truth : the true value, in the unit of the estimates
    runs : the seeds are 0 to runs - 1
    at_least, at_most : shares; the hits must not be fewer, or more, than such a coverage gives by
        chance, with probability `false_alarm` (binomial)

    Returns the share of the intervals that hold the true value. Raises AssertionError where that is
    too low or too high; WrongKind where `estimate` is no function, or gives no estimates.

    >>> import guessmodel as gm
    >>> total = gm.gamma(shape=2, scale=1) + gm.gamma(shape=3, scale=1)  # of shape 5
    >>> median = lambda seed: total.sample(512, seed=seed).median()
    >>> assert_coverage(median, 4.67090888, runs=50) > 0.8
    True
    """
    from scipy import stats

    if not callable(estimate):
        raise WrongKind(
            "assert_coverage takes a function of the seed, such as "
            "lambda seed: model.sample(seed=seed)['cost'].mean()",
            caller(),
        )
    hits = 0
    for seed in range(runs):
        one = estimate(seed)
        _check_estimate(one)
        slack = 8.0 * np.finfo(float).eps * abs(truth)
        hits += int(one.low - slack <= truth <= one.high + slack)
    fewest = stats.binom.ppf(false_alarm, runs, at_least)
    most = stats.binom.isf(false_alarm, runs, at_most) if at_most < 1.0 else math.inf
    if not fewest <= hits <= most:
        raise AssertionError(
            f"{hits} of {runs} intervals hold {truth:g}; a coverage between {at_least:.0%} and "
            f"{at_most:.0%} gives {fewest:.0f} to {min(most, runs):.0f}"
        )
    return hits / runs


@public
def assert_same_draws(
    first: Model,
    second: Model,
    names: Iterable[str],
    *,
    method: str = "random",
    n: int = 1024,
    seed: int = 0,
) -> None:
    """The draws of the named quantities are bit for bit the same in both models.

    Raises AssertionError where a draw differs.

    >>> import guessmodel as gm
    >>> price, load = gm.normal(1, 2), gm.normal(3, 4)
    >>> assert_same_draws(gm.Model(price=price), gm.Model(price=price, load=load), ["price"])
    """
    one = first.sample(n, seed=seed, method=method)
    other = second.sample(n, seed=seed, method=method)
    for name in names:
        if not np.array_equal(one[name].values, other[name].values, equal_nan=True):
            differ = int(np.count_nonzero(one[name].values != other[name].values))
            raise AssertionError(f"{differ} draws of '{name}' differ under {method}")
