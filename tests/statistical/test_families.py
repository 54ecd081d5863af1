"""Draws of each continuous family against SciPy's CDF, at constant and at uncertain parameters.

The largest distance between the CDF of n independent draws and the true one exceeds
sqrt(log(2 / q) / 2n) with probability q at most (Dvoretzky, Kiefer, Wolfowitz, Massart). Here
q = 1e-6 for each test. Nets keep a much smaller distance.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm

N = 2**15
FARTHEST = math.sqrt(math.log(2.0 / 1e-6) / (2.0 * N))

Made = tuple[gm.Quantity, Any]
Case = Callable[[Any], Made]

# Each gets 1, as a number or as a quantity that is 1 in every draw, so that its parameters are
# constants or have to be drawn first.
CASES: dict[str, Case] = {
    "normal": lambda one: (gm.normal(mean=3 * one, sd=2), stats.norm(3, 2)),
    "lognormal": lambda one: (
        gm.lognormal(mu=1, sigma=0.5 * one),
        stats.lognorm(0.5, scale=math.e),
    ),
    "uniform": lambda one: (gm.uniform(2 * one, 5), stats.uniform(2, 3)),
    "loguniform": lambda one: (gm.loguniform(2 * one, 50), stats.loguniform(2, 50)),
    "arcsine": lambda one: (gm.arcsine(2 * one, 5), stats.arcsine(2, 3)),
    "triangular": lambda one: (gm.triangular(1, 9, mode=3 * one), stats.triang(0.25, 1, 8)),
    "double_triangular": lambda one: (
        gm.double_triangular(0, 1, mode=0.5 * one, below=0.5),
        stats.beta(2, 1, 0, 0.5),  # its lower half, see `folded`
    ),
    "pert": lambda one: (gm.pert(0, 1, mode=0.25 * one), stats.beta(2, 4)),
    "beta": lambda one: (gm.beta(alpha=2 * one, beta=0.5), stats.beta(2, 0.5)),
    "gamma": lambda one: (gm.gamma(shape=0.7 * one, scale=3), stats.gamma(0.7, scale=3)),
    "inverse_gamma": lambda one: (
        gm.inverse_gamma(shape=2 * one, scale=3),
        stats.invgamma(2, scale=3),
    ),
    "exponential": lambda one: (gm.exponential(rate=4 * one), stats.expon(scale=0.25)),
    "weibull": lambda one: (gm.weibull(shape=2 * one, scale=3), stats.weibull_min(2, scale=3)),
    "student_t": lambda one: (gm.student_t(df=3 * one, location=1, scale=2), stats.t(3, 1, 2)),
    "cauchy": lambda one: (gm.cauchy(location=1 * one, scale=2), stats.cauchy(1, 2)),
    "logistic": lambda one: (gm.logistic(location=1 * one, scale=2), stats.logistic(1, 2)),
    "pareto": lambda one: (gm.pareto(scale=2 * one, shape=1.5), stats.pareto(1.5, scale=2)),
    "chi2": lambda one: (gm.chi2(df=3 * one), stats.chi2(3)),
    "f": lambda one: (gm.f(df1=3 * one, df2=5), stats.f(3, 5)),
}


def distance(draws: Any, truth: Any) -> float:
    """Largest distance between the draws' CDF and the true one."""
    p = truth.cdf(np.sort(draws))
    steps = np.arange(draws.size + 1) / draws.size
    return float(max(np.max(p - steps[:-1]), np.max(steps[1:] - p)))


def sampled(name: str, one: Any, method: str) -> tuple[Any, Any]:
    quantity, truth = CASES[name](one)
    draws = np.ravel(quantity.sample(N, seed=1, method=method).values)
    if name == "double_triangular":
        # Symmetric about 0.5: folded, it is one triangle.
        draws = 0.5 - np.abs(draws - 0.5)
    return draws, truth


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
@pytest.mark.parametrize("uncertain", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_draws_follow_the_distribution(name: str, uncertain: bool, method: str) -> None:
    u = gm.uniform(1, 2)
    draws, truth = sampled(name, u / u if uncertain else 1, method)
    assert distance(draws, truth) < FARTHEST


@pytest.mark.parametrize("name", CASES)
def test_another_distribution_is_told_apart(name: str) -> None:
    draws, truth = sampled(name, 1.0, "random")
    spread = float(np.subtract(*np.quantile(draws, [0.75, 0.25])))
    assert distance(draws + 0.05 * spread, truth) > FARTHEST


def test_mixtures_by_an_uncertain_parameter_are_the_known_ones() -> None:
    """Marginals in closed form: Lomax, Student's t, exponential, and normal."""
    df = 5.0
    made: list[Made] = [
        (gm.exponential(rate=gm.gamma(shape=3, rate=2)), stats.lomax(3, scale=2)),
        (gm.normal(mean=0, sd=gm.sqrt(gm.inverse_gamma(shape=df / 2, scale=df / 2))), stats.t(df)),
        (gm.uniform(0, gm.gamma(shape=2, scale=1)), stats.expon()),
        (gm.normal(mean=gm.normal(mean=0, sd=1), sd=1), stats.norm(0, math.sqrt(2))),
    ]
    for quantity, truth in made:
        draws = np.ravel(quantity.sample(N, seed=2, method="random").values)
        assert distance(draws, truth) < FARTHEST
