"""Quantiles of Student's t and limits for a binomial share, without the cost of importing SciPy."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np

from guessmodel.numerics.arrays import FloatArray

__all__ = [
    "NORMAL_95",
    "binomial_half_width",
    "clopper_pearson",
    "student_t_cdf",
    "student_t_half_width",
    "student_t_quantile",
    "widening",
]

NORMAL_95: Final = 1.6448536269514722
"""Quantile of the standard normal distribution at 0.95: half of a 90% interval, in standard
errors."""
_STEPS = 200


def student_t_cdf(t: float, df: int) -> float:
    """P(T ≤ t) for Student's t with an integer number of degrees of freedom.

    Finite series in θ = atan(t/√df): Abramowitz and Stegun (1964), 26.7.3 and 26.7.4.

    >>> round(student_t_cdf(6.314, 1), 4)
    0.95
    """
    theta = math.atan(t / math.sqrt(df))
    cosine_squared = df / (df + t * t)
    term, series = 1.0, 0.0
    if df % 2:
        for k in range(1, df - 1, 2):
            series += term
            term *= cosine_squared * (k + 1) / (k + 2)
        inside = 2 / math.pi * (theta + math.sin(theta) * math.cos(theta) * series)
    else:
        for k in range(0, df - 1, 2):
            series += term
            term *= cosine_squared * (k + 1) / (k + 2)
        inside = math.sin(theta) * series
    return 0.5 + 0.5 * inside


@lru_cache(maxsize=256)
def student_t_quantile(p: float, df: int) -> float:
    """The p-quantile, 0.5 ≤ p < 1, of Student's t with `df` degrees of freedom.

    Newton's method from 0: the CDF is concave there, so that the steps never overshoot.

    >>> round(student_t_quantile(0.95, 7), 3)
    1.895
    """
    if not 0.5 <= p < 1 or df < 1:
        raise ValueError(f"needs 0.5 <= p < 1 and df >= 1, got p={p} and df={df}")
    scale = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
    t = 0.0
    for _ in range(_STEPS):
        density = scale * (1 + t * t / df) ** (-(df + 1) / 2)
        step = (p - student_t_cdf(t, df)) / density
        t += step
        if abs(step) <= 1e-13 * t:
            break
    return t


def clopper_pearson(hits: int, n: int, mass: float = 0.9) -> tuple[float, float]:
    """Exact limits for a share of which `hits` among `n` independent draws were seen.

    Each end is where a tail of the binomial distribution has mass (1 − mass)/2 (Clopper and
    Pearson, 1934). The sum over the tail has min(hits, n − hits) terms: meant for rare events.

    >>> low, high = clopper_pearson(0, 1000)      # high is 1 − 0.05 ** (1 / 1000)
    >>> low, round(high, 6)
    (0.0, 0.002991)
    """
    if 2 * hits > n:
        low, high = clopper_pearson(n - hits, n, mass)
        return 1 - high, 1 - low
    tail = (1 - mass) / 2
    low = 0.0 if hits == 0 else _share_where(hits - 1, n, 1 - tail)
    return low, _share_where(hits, n, tail)


def binomial_half_width(shares: FloatArray, n: int, mass: float = 0.9) -> float:
    """The least h for which B / n is within h of p with at least that probability, where B is how
    often in n draws something of probability p happens; the largest h of several p.

    >>> binomial_half_width(np.array([0.5]), 8)  # 2 to 6 of 8: with 3 to 5 it is 71%
    0.25
    """
    found = 0.0
    k = np.arange(n + 1)
    ways = np.array([math.lgamma(n + 1) - math.lgamma(j + 1) - math.lgamma(n - j + 1) for j in k])
    for p in shares.tolist():
        with np.errstate(divide="ignore"):
            weights = np.exp(ways + k * math.log(p) + (n - k) * math.log1p(-p))
        distance = np.abs(k / n - p)
        order = np.argsort(distance)
        reached = int(np.searchsorted(np.cumsum(weights[order]), mass - 1e-12))
        found = max(found, float(distance[order][min(reached, n)]))
    return found


def _share_where(k: int, n: int, level: float) -> float:
    """The share at which P(X ≤ k) of n draws falls to `level`, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if _binomial_cdf(k, n, middle) > level:
            low = middle
        else:
            high = middle
    return high


def _binomial_cdf(k: int, n: int, p: float) -> float:
    term = math.exp(n * math.log1p(-p))
    total = term
    for j in range(k):
        term *= (n - j) / (j + 1) * p / (1 - p)
        total += term
    return total


def student_t_half_width(coverage: float, df: int) -> float:
    """Half-width of the interval that covers so much, in standard errors with df degrees of
    freedom.

    >>> round(student_t_half_width(0.9, 7), 3)
    1.895
    """
    return student_t_quantile((1.0 + coverage) / 2.0, df)


def widening(coverage: float, false_alarm: float, df: int) -> float:
    """By how much an interval of some coverage is widened, so that it misses as rarely as that."""
    return student_t_half_width(1.0 - false_alarm, df) / student_t_half_width(coverage, df)
