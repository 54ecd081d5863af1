"""Measured coverage of ratios of means and of rank correlations, against closed forms.

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

from guessmodel.estimators import replicates as estimators
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.over_replicates import correlation, over_replicates

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
    half = estimators.half_width((a - ratio * b).mean(axis=1), np.full(len(a), float(b.mean())))
    return Estimate(ratio, ratio - half, ratio + half, "replicates")


def verdict(
    interval: Callable[[Array], Estimate], true: float, watch: Callable[..., Any], bounded: bool
) -> str:
    seen = watch(bounded=bounded)
    for run in count():
        found = interval(points(run))
        seen.see(found.low <= true <= found.high)
        if seen.verdict is not None:
            break
    return str(seen.verdict)


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

    def half_as_wide(u: Array) -> Estimate:
        one = found(u)
        ends = (one.value + 0.5 * (end - one.value) for end in (one.low, one.high))
        return Estimate(one.value, *ends, one.estimator)

    assert verdict(half_as_wide, true, watch, True).startswith("too narrow")
