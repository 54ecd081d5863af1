"""The logarithmic pool: of exponential families it is known, being one of the same family."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.distributions.log_pool import LogPool
from guessmodel.graph.quantity import Quantile
from guessmodel.testing.families import check_family


def pooled(*experts: Any, weights: Any = None) -> LogPool:
    made = gm.pool(list(experts), weights, method="log").operation
    assert isinstance(made, Quantile) and isinstance(made.family, LogPool)
    return made.family


# With weights that sum to 1, natural parameters are averaged.
KNOWN: dict[str, tuple[LogPool, Any]] = {
    "normal": (
        pooled(gm.normal(mean=1, sd=1), gm.normal(mean=4, sd=2), weights=[2, 1]),
        stats.norm((2 / 3 + 1 / 3) / (2 / 3 + 1 / 12), (2 / 3 + 1 / 12) ** -0.5),
    ),
    "gamma": (
        pooled(gm.gamma(shape=2, scale=3), gm.gamma(shape=5, scale=1)),
        stats.gamma(3.5, scale=1.5),
    ),
    "lognormal": (
        pooled(gm.lognormal(mu=1, sigma=0.5), gm.lognormal(mu=2, sigma=1)),
        stats.lognorm(2.5**-0.5, scale=np.exp(3 / 2.5)),
    ),
    "beta": (
        pooled(gm.beta(alpha=2, beta=5), gm.beta(alpha=4, beta=4)),
        stats.beta(3, 4.5),
    ),
    "exponential": (
        pooled(gm.exponential(mean=2), gm.exponential(mean=5)),
        stats.expon(scale=1 / 0.35),
    ),
    "far apart": (
        pooled(gm.normal(mean=0, sd=1), gm.normal(mean=12, sd=1)),
        stats.norm(6, 1),
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_it_is_the_family_with_the_mean_of_natural_parameters(name: str) -> None:
    family, reference = KNOWN[name]
    check_family(family, (), reference=reference)


@pytest.mark.parametrize(
    ("parts", "known"),
    [
        ([gm.normal(mean=0, sd=1), gm.normal(mean=5, sd=2)], [stats.norm(0, 1), stats.norm(5, 2)]),
        ([gm.uniform(0, 1), gm.uniform(2, 3)], [stats.uniform(0, 1), stats.uniform(2, 1)]),
    ],
)
def test_of_mixtures_that_agree_it_is_what_they_are(parts: list[Any], known: list[Any]) -> None:
    """√f √f = f."""
    mixed = gm.mixture(parts, [0.2, 0.8])
    x = np.linspace(-2, 8, 37)
    first, second = (each.cdf(x) for each in known)
    family = pooled(mixed, mixed)
    assert family.cdf(x) == pytest.approx(0.2 * first + 0.8 * second, abs=1e-13)
    level = np.array([1e-9, 0.1, 0.3, 0.9])
    assert family.cdf(family.ppf(level)) == pytest.approx(level, rel=1e-9)


def test_of_a_mixture_of_uniforms_and_a_flat_expert() -> None:
    """Shares of parts that do not overlap, of one width, count by their roots: 1 and 2."""
    family = pooled(gm.mixture([gm.uniform(0, 1), gm.uniform(2, 3)], [0.2, 0.8]), gm.uniform(-5, 5))
    x = np.linspace(-2, 4, 37)
    expected = (stats.uniform(0, 1).cdf(x) + 2 * stats.uniform(2, 1).cdf(x)) / 3
    assert family.cdf(x) == pytest.approx(expected, abs=1e-13)


def test_it_holds_what_all_hold_possible() -> None:
    family = pooled(gm.uniform(0, 2), gm.uniform(1, 5))
    check_family(family, (), reference=stats.uniform(1, 1), tail=1e-6)
    assert [float(end) for end in family.support()] == [1.0, 2.0]
