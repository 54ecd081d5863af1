"""Draws of counts, metalogs, data, mixtures and truncations against their CDFs.

The largest distance between the CDF of n independent draws and the true one exceeds
sqrt(log(2 / q) / 2n) with probability q at most (Dvoretzky, Kiefer, Wolfowitz, Massart; atoms only
make it smaller). Here q = 1e-6 for each test. Nets keep a much smaller distance.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm

N = 2**14
FARTHEST = math.sqrt(math.log(2.0 / 1e-6) / (2.0 * N))


class Truth(Protocol):
    def cdf(self, x: Any) -> Any: ...


class Mixed:
    """Weighted sum of CDFs; numbers are atoms."""

    def __init__(self, *parts: tuple[float, Any]) -> None:
        self.parts = parts

    def cdf(self, x: Any) -> Any:
        total = 0.0
        for weight, part in self.parts:
            here = x >= part if isinstance(part, float) else part.cdf(x)
            total = total + weight * here
        return total


def table(values: list[float], weights: Any) -> Mixed:
    shares = np.asarray(weights) / np.sum(weights)
    return Mixed(*zip(shares.tolist(), values, strict=True))


# Each gets 1, as a number or as a quantity that is 1 in every draw, so that its parameters are
# constants or have to be drawn first. The last column is a near miss, which must be told apart.
Case = Callable[[Any], tuple[gm.Quantity, Truth, Truth]]
COUNT = np.arange(1.0, 6.0)
CASES: dict[str, Case] = {
    "bernoulli": lambda one: (gm.bernoulli(0.3 * one), stats.bernoulli(0.3), stats.bernoulli(0.33)),
    "categorical": lambda one: (  # the places of its labels
        gm.categorical({"a": 0.3 * one, "b": 0.2, "c": 0.5 * one}),
        table([0.0, 1.0, 2.0], [3, 2, 5]),
        table([0.0, 1.0, 2.0], [3.3, 2, 4.7]),
    ),
    "poisson": lambda one: (gm.poisson(7 * one), stats.poisson(7), stats.poisson(7.3)),
    "binomial": lambda one: (
        gm.binomial(20 * one, 0.3 * one),
        stats.binom(20, 0.3),
        stats.binom(20, 0.315),
    ),
    "geometric": lambda one: (gm.geometric(0.2 * one), stats.geom(0.2), stats.geom(0.2, loc=-1)),
    "negative_binomial": lambda one: (
        gm.negative_binomial(2.5 * one, 0.2),
        stats.nbinom(2.5, 0.2),
        stats.nbinom(2.5, 0.21),
    ),
    # Two points and a lower bound: log-logistic of scale 3 and shape 2 log 19 / log 9.
    "metalog": lambda one: (
        gm.metalog(p5=1 * one, p95=9, lower=0),
        stats.fisk(2 * math.log(19) / math.log(9), scale=3),
        stats.lognorm(math.log(9) / 2 / stats.norm.ppf(0.95), scale=3),
    ),
    "empirical": lambda _: (
        gm.empirical([1, 2, 2, 5], weights=[1, 1, 2, 3]),
        table([1.0, 2.0, 5.0], [1, 3, 3]),
        table([1.0, 2.0, 5.0], [1, 2, 1]),
    ),
    "truncated": lambda one: (
        gm.truncated(gm.normal(mean=1 * one, sd=2), lower=0, upper=3),
        stats.truncnorm(-0.5, 1, loc=1, scale=2),
        Mixed((1.0, stats.uniform(0, 3))),
    ),
    "truncated count": lambda one: (
        gm.truncated(gm.poisson(3 * one), lower=1, upper=5),
        table(COUNT.tolist(), stats.poisson.pmf(COUNT, 3)),
        table(COUNT.tolist(), stats.poisson.pmf(COUNT, 3.2)),
    ),
    "mixture": lambda one: (
        gm.mixture([0, gm.lognormal(mu=0, sigma=1 * one), gm.normal(3, 5)], [0.3, 0.5 * one, 0.2]),
        Mixed((0.3, 0.0), (0.5, stats.lognorm(1)), (0.2, stats.norm(4, 1 / stats.norm.ppf(0.95)))),
        Mixed(
            (0.33, 0.0), (0.47, stats.lognorm(1)), (0.2, stats.norm(4, 1 / stats.norm.ppf(0.95)))
        ),
    ),
    "zero_inflated": lambda one: (
        gm.zero_inflated(gm.poisson(2), 0.4 * one),
        Mixed((0.4, 0.0), (0.6, stats.poisson(2))),
        Mixed((0.43, 0.0), (0.57, stats.poisson(2))),
    ),
    "from_scipy": lambda _: (
        gm.from_scipy(stats.skellam(4, 2)),
        stats.skellam(4, 2),
        stats.skellam(4.2, 2),
    ),
}


def distance(draws: Any, truth: Truth) -> float:
    """Largest distance between the draws' CDF and the true one, at and just before each value."""
    values, counts = np.unique(draws, return_counts=True)
    up_to = np.cumsum(counts) / draws.size
    before = up_to - counts / draws.size
    at = np.abs(truth.cdf(values) - up_to)
    under = np.abs(truth.cdf(np.nextafter(values, -np.inf)) - before)
    return float(max(np.max(at), np.max(under)))


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
@pytest.mark.parametrize("uncertain", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_draws_follow_the_distribution(name: str, uncertain: bool, method: str) -> None:
    u = gm.uniform(1, 2)
    quantity, truth, _ = CASES[name](u / u if uncertain else 1)
    draws = np.ravel(quantity.sample(N, seed=1, method=method).values)
    assert distance(draws, truth) < FARTHEST


@pytest.mark.parametrize("name", CASES)
def test_a_near_miss_is_told_apart(name: str) -> None:
    quantity, _, other = CASES[name](1)
    draws = np.ravel(quantity.sample(N, seed=1, method="random").values)
    assert distance(draws, other) > FARTHEST


def test_compound_counts_are_the_known_ones() -> None:
    """Marginals in closed form: negative binomial, geometric, and a thinned Poisson count."""
    made: list[tuple[gm.Quantity, Truth]] = [
        (gm.poisson(gm.gamma(shape=3, scale=4)), stats.nbinom(3, 0.2)),
        (gm.poisson(gm.exponential(mean=4)) + 1, stats.geom(0.2)),
        (gm.binomial(gm.poisson(10), 0.3), stats.poisson(3)),
        (gm.bernoulli(gm.beta(alpha=2, beta=6)), stats.bernoulli(0.25)),
    ]
    for quantity, truth in made:
        draws = np.ravel(quantity.sample(N, seed=2, method="random").values)
        assert distance(draws, truth) < FARTHEST


def test_rows_of_data_keep_their_correlation() -> None:
    generator = np.random.default_rng(1)
    x = generator.normal(size=200)
    pair = gm.empirical({"x": x, "y": x**2})
    drawn = gm.Model(**pair).sample(N, method="random")
    assert np.array_equal(drawn["y"].values, drawn["x"].values ** 2)
