"""Which correlation of normal scores gives which rank correlation: closed forms, enumeration."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.stats import multivariate_normal

from guessmodel.numerics.rank_correlation import (
    CONTINUOUS,
    Steps,
    attainable,
    rank_at,
    rank_of_scores,
    score_correlation,
    solved,
)

COUNTS = [
    (stats.bernoulli(0.3), stats.bernoulli(0.6)),
    (stats.bernoulli(0.02), stats.poisson(2.0)),
    (stats.poisson(2.0), stats.binom(5, 0.3)),
    (stats.poisson(3.0), stats.poisson(0.4)),
]


def steps(family: object) -> Steps:
    return Steps.of(family.ppf, family.cdf)  # type: ignore[attr-defined]


def enumerated(a: object, b: object, correlation: float, values: int = 20) -> float:
    """Spearman's correlation by mid-ranks from the probabilities of all pairs of values, of which
    SciPy's bivariate normal distribution function tells each."""
    scores = []
    for family in (a, b):
        below = np.clip(family.cdf(np.arange(values)), 0.0, 1.0)  # type: ignore[attr-defined]
        scores.append(np.minimum(stats.norm.ppf(below), 30.0))
    joint = np.zeros((values + 1, values + 1))
    law = multivariate_normal(cov=[[1.0, correlation], [correlation, 1.0]])
    for i, h in enumerate(scores[0]):
        for j, k in enumerate(scores[1]):
            joint[i + 1, j + 1] = law.cdf([h, k])
    cells = np.diff(np.diff(joint, axis=0), axis=1)
    first, second = cells.sum(axis=1), cells.sum(axis=0)
    u, v = np.cumsum(first) - first / 2.0, np.cumsum(second) - second / 2.0
    u, v = u - u @ first, v - v @ second
    return float(u @ cells @ v / math.sqrt((first @ u**2) * (second @ v**2)))


@pytest.mark.parametrize("rank", [-1.0, -0.9, -0.3, 0.0, 0.5, 0.99, 1.0])
def test_continuous_variables_have_the_closed_form(rank: float) -> None:
    """2 sin(πρ/6) (K. Pearson 1907; Kruskal 1958), and exactly 1 at 1."""
    found = solved(rank, CONTINUOUS, CONTINUOUS)
    assert found == pytest.approx(2.0 * math.sin(math.pi * rank / 6.0), abs=1e-15)
    assert float(score_correlation(rank)) == found
    assert float(rank_of_scores(found)) == pytest.approx(rank, abs=1e-14)
    if abs(rank) == 1.0:
        assert found == rank
    assert math.isnan(float(score_correlation(1.01)))


@pytest.mark.parametrize(("a", "b"), COUNTS)
@pytest.mark.parametrize("part", [0.2, 0.9, -0.5, -0.99])
def test_counts_have_the_rank_correlation_wished_for(a: object, b: object, part: float) -> None:
    own, other = steps(a), steps(b)
    low, high = attainable(own, other)
    wish = part * (high if part > 0.0 else -low)
    found = solved(wish, own, other)
    assert found is not None
    assert enumerated(a, b, found) == pytest.approx(wish, abs=1e-6)
    assert rank_at(found, own, other) == pytest.approx(wish, abs=1e-10)


def test_two_indicators_have_pearsons_correlation_of_the_quadrant() -> None:
    """P(X > 0, Y > 0) = 1/4 + asin(r)/2π (Sheppard 1899), so that ρ = (2/π) asin r at p = 1/2."""
    fair = steps(stats.bernoulli(0.5))
    found = solved(0.4, fair, fair)
    assert found == pytest.approx(math.sin(0.4 * math.pi / 2.0), abs=1e-12)


def test_an_indicator_and_a_continuous_variable() -> None:
    """Comonotone, the ranks have covariance p (1-p) / 2: ρ = √(3 p (1-p)); at p = 1/2 the score
    correlation r gives (√12/2π) asin(r/√2), by the quadrant again."""
    assert attainable(steps(stats.bernoulli(0.3)), CONTINUOUS) == pytest.approx(
        (-math.sqrt(0.63), math.sqrt(0.63)), abs=1e-9
    )
    half = steps(stats.bernoulli(0.5))
    wish = 2.0 * math.sqrt(12.0) / (2.0 * math.pi) * math.asin(0.6 / math.sqrt(2.0))
    assert solved(wish, half, CONTINUOUS) == pytest.approx(0.6, abs=1e-10)


def test_the_range_of_two_indicators() -> None:
    """Comonotone indicators of p < q have Pearson's correlation √(p (1-q) / (q (1-p)))."""
    low, high = attainable(steps(stats.bernoulli(0.3)), steps(stats.bernoulli(0.6)))
    assert high == pytest.approx(math.sqrt(0.3 * 0.4 / (0.6 * 0.7)), abs=1e-12)
    assert low == pytest.approx(-math.sqrt(0.3 * 0.6 / (0.7 * 0.4)), abs=1e-12)
    assert solved(high + 1e-3, steps(stats.bernoulli(0.3)), steps(stats.bernoulli(0.6))) is None


def test_fine_counts_come_near_to_continuous_variables() -> None:
    family = stats.poisson(400.0)
    fine = steps(family)
    found = solved(0.7, fine, fine)
    assert found is not None
    assert 0.0 < found - float(score_correlation(0.7)) < 1e-3
    x, y = np.random.default_rng(1).normal(size=(2, 400_000))
    y = found * x + math.sqrt(1.0 - found**2) * y
    values = np.arange(1000)
    mid = family.cdf(values) - family.pmf(values) / 2.0
    ranks = [mid[np.searchsorted(family.cdf(values), stats.norm.cdf(z))] for z in (x, y)]
    seen = np.corrcoef(*ranks)[0, 1]
    assert seen == pytest.approx(0.7, abs=5 * 0.6 / math.sqrt(400_000))


def test_a_constant_has_no_rank_correlation() -> None:
    sure = steps(stats.bernoulli(1.0))
    assert attainable(sure, CONTINUOUS) == (0.0, 0.0)
    assert solved(0.5, sure, CONTINUOUS) is None
