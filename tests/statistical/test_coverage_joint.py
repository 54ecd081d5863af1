"""Measured coverage of ratios of means and of correlations, against closed forms.

Nominal 90%; see conftest.py for what is told from that, and with which false alarm. Ratios hold
what makes the means of a net's replicates agree too well: far regimes, and skewed tails.
"""

import math
import operator
from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special
from scipy.stats import qmc, rankdata

import guessmodel as gm
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.half_widths import half_width
from guessmodel.estimators.joint import covariance, pearson, spearman
from guessmodel.estimators.over_replicates import correlation, over_replicates
from guessmodel.testing import assert_coverage

Array = NDArray[np.float64]
REPLICATES, DRAWS, INPUTS = 8, 256, 4
NET = (qmc.Sobol(INPUTS, scramble=False).random(DRAWS) * DRAWS).astype(np.int64)


def points(run: int) -> Array:
    """Nets with a digital shift, uniform within their strata: shape (4, 8, 256)."""
    rng = np.random.default_rng([2026, run])
    shift = rng.integers(0, DRAWS, (REPLICATES, 1, INPUTS))
    u = ((NET ^ shift) + rng.random((REPLICATES, DRAWS, INPUTS))) / DRAWS
    return np.ascontiguousarray(np.moveaxis(u, -1, 0))


RARE = 30.06 / DRAWS  # nearly all nets have 30 draws beyond


def regimes(u: Array) -> tuple[Array, Array]:
    """Of far regimes, one draw in 8.5 beyond the gap, and what varies a little."""
    return np.where(u[0] < RARE, 100.0, 1.0), 9.0 + 2.0 * u[1]


def skewed(u: Array) -> tuple[Array, Array]:
    """A product of lognormals over one of its factors."""
    z = special.ndtri(u)
    return np.exp(z[0] + z[1] + 0.5 * z[2]), np.exp(z[0])


RATIOS: list[tuple[Callable[[Array], tuple[Array, Array]], float, bool]] = [
    (regimes, (1.0 + 99.0 * RARE) / 10.0, False),
    (skewed, math.exp(0.5 + 0.125), True),
]


def by_replicates_alone(a: Array, b: Array) -> Estimate:
    """Student's t over the residuals' means, and nothing else: the twin that must fail."""
    ratio = float(a.mean() / b.mean())
    half = half_width((a - ratio * b).mean(axis=1), np.full(len(a), float(b.mean())))
    return Estimate(ratio, ratio - half, ratio + half, "replicates")


def verdict(
    interval: Callable[[Array], Estimate], true: float, watch: Callable[..., Any], bounded: bool
) -> str:
    return str(watch(bounded=bounded).over(lambda run: [(interval(points(run)), true)]))


@pytest.mark.parametrize(("build", "true", "bounded"), RATIOS)
def test_ratios_of_means(
    build: Callable[..., Any], true: float, bounded: bool, watch: Callable[..., Any]
) -> None:
    def ratio(u: Array) -> Estimate:
        return over_replicates(operator.truediv, *build(u))

    def twin(u: Array) -> Estimate:
        return by_replicates_alone(*build(u))

    assert verdict(ratio, true, watch, bounded) == ""
    assert verdict(twin, true, watch, False).startswith("too narrow")


def test_rank_correlations(watch: Callable[..., Any]) -> None:
    """Of x and x + 2 y, normal and of Pearson's correlation 1/√5 (Kruskal 1958)."""

    def ranks(x: Array) -> Array:
        return np.asarray(rankdata(x).reshape(x.shape) - (x.size + 1) / 2.0)

    def found(u: Array) -> Estimate:
        x, y = special.ndtri(u[0]), special.ndtri(u[1])
        return correlation(ranks(x), ranks(x + 2.0 * y))

    true = 6.0 / math.pi * math.asin(0.5 / math.sqrt(5.0))
    assert verdict(found, true, watch, True) == ""
    assert verdict(lambda u: half_as_wide(found(u)), true, watch, True).startswith("too narrow")


def half_as_wide(found: Estimate) -> Estimate:
    ends = (found.value + 0.5 * (end - found.value) for end in (found.low, found.high))
    return Estimate(found.value, *ends, found.estimator)


def on_nets(run: int) -> tuple[Array, Array]:
    z = special.ndtri(points(run))
    return z[0], 0.6 * z[0] + 0.8 * z[1]


def independently(run: int) -> tuple[Array, Array]:
    z = np.random.default_rng([11, run]).normal(size=(2, REPLICATES, DRAWS))
    return z[0], 0.6 * z[0] + 0.8 * z[1]


def counts(run: int) -> tuple[Array, Array]:
    """Whether x is above 0, and how many of 0 and 1 y is above."""
    x, y = independently(run)
    return np.where(x > 0.0, 1.0, 0.0), np.where(y > 0.0, 1.0, 0.0)


# The quadrant (Sheppard 1899): two indicators of a half have correlation (2/π) asin r.
JOINT: list[tuple[Callable[..., Estimate], Callable[..., Any], float]] = [
    (spearman, on_nets, 6.0 / math.pi * math.asin(0.3)),
    (spearman, independently, 6.0 / math.pi * math.asin(0.3)),
    (spearman, counts, 2.0 / math.pi * math.asin(0.6)),
    (pearson, on_nets, 0.6),
    (pearson, independently, 0.6),
    (pearson, counts, 2.0 / math.pi * math.asin(0.6)),
    (covariance, on_nets, 0.6),
    (covariance, independently, 0.6),
]


@pytest.mark.parametrize(("statistic", "made", "true"), JOINT)
def test_correlations_and_covariance(
    statistic: Callable[..., Estimate],
    made: Callable[..., Any],
    true: float,
    watch: Callable[..., Any],
) -> None:
    seen, twin = watch(), watch(bounded=False)
    for run in count():
        found = statistic(*made(run))
        for each, interval in ((seen, found), (twin, half_as_wide(found))):
            if each.verdict is None:
                each.see(interval.low <= true <= interval.high)
        if None not in (seen.verdict, twin.verdict):
            break
    assert seen.verdict == ""
    assert str(twin.verdict).startswith("too narrow")


def test_correlations_that_far_draws_decide() -> None:
    """Of a lognormal number and the larger of its square and another, by the trapezoidal rule over
    both normal scores. The twin is that of the run's own draws, of which the farthest decide."""
    z = np.linspace(-9.0, 9.0, 721)
    density = np.exp(-z * z / 2.0)
    weights = np.outer(density, density) / density.sum() ** 2
    a, b = np.exp(0.8 * z)[:, None], np.exp(0.8 * z)[None, :]

    def mean(of: Array) -> float:
        return float((weights * of).sum())

    x, y = a + 0.0 * b, np.maximum(a**2, b)
    deviations = x - mean(x), y - mean(y)
    x_y, x_x, y_y = (mean(deviations[i] * deviations[j]) for i, j in ((0, 1), (0, 0), (1, 1)))
    true = x_y / math.sqrt(x_x * y_y)
    one, other = gm.lognormal(mu=0, sigma=0.8), gm.lognormal(mu=0, sigma=0.8)
    model = gm.Model(x=one, y=gm.maximum(one**2, other))
    runs = [model.sample(4096, seed=seed) for seed in range(60)]
    found = [run.correlation("x", "y") for run in runs]
    assert_coverage(lambda seed: found[seed], true, runs=60)
    # A look that finds something farther out leaves the correlation to the draws, which are marked.
    assert sum(not each.reliable for each in found) <= 20
    alone = [pearson(run["x"].by_replicate, run["y"].by_replicate) for run in runs]
    with pytest.raises(AssertionError, match="coverage"):
        assert_coverage(lambda seed: alone[seed], true, runs=60)
