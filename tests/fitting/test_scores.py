"""Scores against `scoringrules`, and of draws against those of the known distribution."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scoringrules
from scipy import stats

import guessmodel as gm
from guessmodel.fitting.scores import (
    crps_of_draws,
    exact_crps,
    exact_log_score,
    interval_score,
    log_score_of_draws,
)
from guessmodel.graph.quantity import Quantity

Known = tuple[Callable[[], Quantity], Callable[[float], float], Callable[[float], float]]
# A quantity, its CRPS by scoringrules, its log score by SciPy.
KNOWN: dict[str, Known] = {
    "normal": (
        lambda: 3 - 2 * gm.normal(mean=1, sd=2),
        lambda y: scoringrules.crps_normal(y, 1, 4),
        lambda y: -stats.norm.logpdf(y, 1, 4),
    ),
    "lognormal": (
        lambda: gm.lognormal(mu=1, sigma=0.7),
        lambda y: scoringrules.crps_lognormal(y, 1, 0.7),
        lambda y: -stats.lognorm.logpdf(y, 0.7, scale=math.e),
    ),
    "exponential": (
        lambda: gm.exponential(mean=2),
        lambda y: scoringrules.crps_exponential(y, 0.5),
        lambda y: -stats.expon.logpdf(y, scale=2),
    ),
    "gamma": (
        lambda: gm.gamma(shape=2, scale=3),
        lambda y: scoringrules.crps_gamma(y, 2, 1 / 3),
        lambda y: -stats.gamma.logpdf(y, 2, scale=3),
    ),
    "student_t": (
        lambda: gm.student_t(df=1.5),
        lambda y: scoringrules.crps_t(y, 1.5),
        lambda y: -stats.t.logpdf(y, 1.5),
    ),
    "uniform": (
        lambda: gm.uniform(1, 6),
        lambda y: scoringrules.crps_uniform(y, 1, 6),
        lambda y: math.log(5) if 1 <= y <= 6 else math.inf,
    ),
    "beta": (
        lambda: gm.beta(alpha=2, beta=5, lower=1, upper=5),
        # Beyond its end E|X − y| grows as y.
        lambda y: 4 * scoringrules.crps_beta(min((y - 1) / 4, 1), 2, 5) + max(y - 5, 0),
        lambda y: -stats.beta.logpdf(y, 2, 5, 1, 4),
    ),
    "poisson": (
        lambda: gm.poisson(4),
        lambda y: scoringrules.crps_poisson(y, 4),
        lambda y: -stats.poisson.logpmf(y, 4),
    ),
    "binomial": (
        lambda: gm.binomial(20, 0.3),
        lambda y: scoringrules.crps_binomial(y, 20, 0.3),
        lambda y: -stats.binom.logpmf(y, 20, 0.3),
    ),
}


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("y", [1.0, 2.0, 5.0, 30.0])
def test_scores_of_known_distributions(name: str, y: float) -> None:
    make, crps, log_score = KNOWN[name]
    closed = make().sample(64).closed
    assert closed is not None
    assert exact_crps(closed, y) == pytest.approx(float(crps(y)), rel=1e-9)
    with np.errstate(all="ignore"):
        assert exact_log_score(closed, y) == pytest.approx(float(log_score(y)), rel=1e-10)


@pytest.mark.parametrize("y", [0.0, 2.0, 7.0])
def test_what_has_kinks_is_the_integral_too_or_not_known(y: float) -> None:
    for make in (
        lambda: gm.hurdle(gm.lognormal(1, 4), 0.3),
        lambda: gm.mixture([gm.normal(1, 2), gm.normal(5, 9)], [0.3, 0.7]),
        lambda: gm.hurdle(gm.poisson(3), 0.2),
    ):
        closed = make().sample(64).closed
        assert closed is not None and closed.family is not None
        grid = np.linspace(-40.0, 80.0, 240_001) + 1e-9
        off = closed.family.cdf(grid, *closed.parameters) - (grid >= y)
        found = exact_crps(closed, y)
        if found is not None:
            assert found == pytest.approx(float(np.sum(off**2)) * 120.0 / 240_000, abs=2e-3)
    assert found is not None  # of counts it is a sum


def test_what_has_a_probability_is_scored_by_it() -> None:
    closed = gm.hurdle(gm.lognormal(1, 4), 0.3).sample(64).closed
    assert closed is not None
    assert exact_log_score(closed, 0.0) == pytest.approx(-math.log(0.3))
    constant = gm.constant(3).sample(64).closed
    assert constant is not None
    assert (exact_log_score(constant, 3.0), exact_log_score(constant, 4.0)) == (0.0, math.inf)
    assert exact_crps(constant, 5.0) == 2.0


def rows(make: Callable[[], Quantity], seed: int = 0, n: int = 2**14) -> np.ndarray:
    return make().sample(n, seed=seed).by_replicate


def test_crps_of_draws_is_that_of_scoringrules() -> None:
    """Of the same draws, as an ensemble: E|X − y| − E|X − X'|/2 over all pairs."""
    draws = rows(lambda: gm.lognormal(1, 5), n=1024)
    found = crps_of_draws(draws, 3.0, math.inf, "USD")
    theirs = scoringrules.crps_ensemble(3.0, draws.reshape(-1), estimator="nrg")
    assert found.value == pytest.approx(float(theirs), rel=1e-10)
    assert found.unit == "USD"


Derived = tuple[Callable[[], Quantity], Any, Callable[[float], float]]
# Draws that no closed form knows, of a distribution that is known; its CRPS by scoringrules.
DERIVED: dict[str, Derived] = {
    "sum": (
        lambda: gm.normal(mean=0, sd=1) + gm.log(gm.lognormal(mu=0, sigma=1)) * 1.0,
        stats.norm(0, 2**0.5),
        lambda y: scoringrules.crps_normal(y, 0, 2**0.5),
    ),
    "logistic": (
        lambda: gm.log(gm.exponential(mean=1) / gm.exponential(mean=1)),
        stats.logistic(),
        lambda y: scoringrules.crps_logistic(y, 0, 1),
    ),
    "largest": (
        lambda: gm.maximum(gm.uniform(0, 1), gm.uniform(0, 1)),
        stats.beta(2, 1),
        lambda y: scoringrules.crps_beta(y, 2, 1),
    ),
    "smallest": (
        lambda: gm.minimum(gm.exponential(mean=2), gm.exponential(mean=2)),
        stats.expon(),
        lambda y: scoringrules.crps_exponential(y, 1),
    ),
}


@pytest.mark.parametrize("name", DERIVED)
def test_scores_of_draws_cover_those_of_the_distribution(name: str) -> None:
    make, known, crps_of = DERIVED[name]
    crps, density, wrong = [], [], []
    for seed in range(8):
        draws = rows(make, seed)
        for y in known.ppf([0.03, 0.2, 0.5, 0.9, 0.97]).tolist():
            found = crps_of_draws(draws, y, math.inf, "")
            crps.append(found.low <= float(crps_of(y)) <= found.high)
            told = log_score_of_draws(draws, y)
            density.append(told.low <= -known.logpdf(y) <= told.high)
            wrong.append(told.low <= 0.15 - known.logpdf(y) <= told.high)
    # Of 40 that cover 90% fewer than 24 are met with a probability of 2e-7.
    assert sum(crps) >= 24 and sum(density) >= 24
    assert sum(wrong) < 24  # and a density that is 15% off is told


def test_counts_are_scored_by_their_share() -> None:
    draws = rows(lambda: gm.poisson(gm.gamma(shape=3, rate=1.5)))
    found = log_score_of_draws(draws, 2.0)
    exact = -stats.nbinom.logpmf(2, 3, 1.5 / 2.5)  # a gamma mixture of Poisson counts
    assert found.low <= exact <= found.high and found.error < 0.05
    assert log_score_of_draws(draws, 2.5).note == "no draw is the outcome"


def test_beyond_all_draws_no_density_is_known() -> None:
    draws = rows(lambda: gm.normal(0, 1) * gm.normal(0, 1))
    assert log_score_of_draws(draws, 1e3).note is not None
    assert math.isnan(log_score_of_draws(draws, 1e3).value)
    edge = float(np.sort(draws.reshape(-1))[20])
    assert log_score_of_draws(draws, edge).note == "few draws lie beyond the outcome"
    few = log_score_of_draws(draws[:2, :6], 0.5)
    assert few.note == "too few draws to tell the density"


@pytest.mark.parametrize("y", [-3.0, 0.5, 9.0])
def test_interval_score_is_that_of_scoringrules(y: float) -> None:
    interval = gm.normal(0, 1).sample(64).interval(0.8)
    low, high = (float(end) for end in interval)
    theirs = scoringrules.interval_score(y, low, high, 0.2)
    assert interval_score(interval, 0.8, y).value == pytest.approx(float(theirs))
