"""1% of Twitter for a year: whole nodes, so the cost is discrete and known in closed form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import guessmodel as gm

YEAR = 10 * 24 * 365


@pytest.fixture
def simulation(published: Callable[[str], gm.Simulation]) -> gm.Simulation:
    """As published: a node costs 10 USD an hour, and tweets are counted."""
    return published("twitter")


@pytest.fixture
def tokens(lognormal: Any) -> Any:
    return lognormal(25, 50) * 6.7e6


@pytest.fixture
def shares(lognormal: Any, tokens: Any) -> Any:
    """Probability of 1, 2, 3 … nodes."""
    per_node = lognormal(0.2, 0.5) * (8 * 312e12 * 86400 / (2 * 176e9))
    exact = tokens * per_node.inverse()
    return np.diff([0.0, *(exact.cdf(k) for k in range(1, 40))])


def test_nodes_are_whole(simulation: gm.Simulation) -> None:
    nodes = simulation["nodes"].values
    assert np.array_equal(nodes, np.ceil(nodes))
    assert nodes.min() == 1


def test_mean_rent(simulation: gm.Simulation, shares: Any) -> None:
    nodes = np.arange(1, 40)
    assert simulation["nodes"].mean().value == pytest.approx(shares @ nodes, rel=2e-3)
    day, year = simulation["cost_per_day"].mean(), simulation["cost_per_year"].mean()
    assert day.value == pytest.approx(shares @ nodes * 240, rel=2e-3)
    assert year.value == pytest.approx(shares @ nodes * YEAR, rel=2e-3)
    assert (day.unit, year.unit) == ("USD/day", "USD/year")


def test_the_published_triple_is_one_two_and_three_nodes(
    simulation: gm.Simulation, shares: Any
) -> None:
    cumulative = np.cumsum(shares)
    assert cumulative[0] > 0.05
    assert cumulative[1] < 0.95 < cumulative[2]
    interval = simulation["cost_per_day"].interval()
    assert (interval.low.value, interval.high.value) == (240, 720)


def test_guesstimates_interval_of_the_rent(simulation: gm.Simulation, shares: Any) -> None:
    below = shares[0]  # one node costs less than the mean, two cost more
    assert 240 < shares @ np.arange(1, 40) * 240 < 480
    above = below + 0.9 * (1 - below)
    nodes = 1 + int(np.searchsorted(np.cumsum(shares), above))
    interval = simulation["cost_per_day"].guesstimate_interval()
    assert (interval.low.value, interval.high.value) == (240, 240 * nodes)


def test_api(simulation: gm.Simulation, tokens: Any) -> None:
    cost = tokens * 20e-6
    result = simulation["api_cost_per_day"]
    assert result.mean().value == pytest.approx(cost.mean(), rel=1e-9)
    assert result.interval().high.value == pytest.approx(cost.quantile(0.95), rel=1e-9)
    yearly = simulation["api_cost_per_year"]
    assert yearly.mean().value == pytest.approx(365 * cost.mean(), rel=1e-9)
    interval = result.guesstimate_interval()
    assert (interval.low.value, interval.high.value) == pytest.approx(cost.guesstimate(), rel=0.005)


def test_development_against_deployment(
    simulation: gm.Simulation, lognormal: Any, shares: Any
) -> None:
    development = (
        lognormal(0.20, 0.45).inverse() * lognormal(3.5, 26) * (1.25 * 3e23 / 312e12 / 3600)
    )
    # The two are independent: the mean of the ratio is the product of two means.
    mean = development.mean() * (shares @ (1 / np.arange(1, 40))) / YEAR
    result = simulation["development_over_deployment"].mean()
    assert result.value == pytest.approx(mean, rel=5e-3)
    assert result.unit == ""


def test_orders_of_magnitude_against_the_earlier_study(
    simulation: gm.Simulation, shares: Any
) -> None:
    magnitudes = np.log10(10e6 / (np.arange(1, 40) * YEAR))
    assert simulation["orders_of_magnitude"].mean().value == pytest.approx(
        shares @ magnitudes, rel=1e-3
    )
    assert simulation["explained"].mean().value == pytest.approx(2 * 312 / 125 * 80 / 32)
    share = np.log10(12.48) / magnitudes
    assert simulation["explained_share"].mean().value == pytest.approx(
        100 * shares @ share, rel=1e-3
    )


def test_independent_inputs(sampled: Callable[[str], gm.Simulation], draws: Any) -> None:
    simulation = sampled("twitter")
    per_node = draws.lognormal(0.08, 0.4) * 8 * 312e12 * 86400 / (2 * 176e9)
    tokens = 0.01 * draws.lognormal(450e6, 850e6) * draws.lognormal(12, 45)
    price = draws.lognormal(1, 2.2)
    cost = np.ceil(tokens / per_node) * 8 * price * 24 * 365
    result = simulation["cost_per_year"]
    assert result.mean().value == pytest.approx(cost.mean(), rel=0.01)
    for p in (0.05, 0.5, 0.95):
        assert result.quantile(p).value == pytest.approx(np.quantile(cost, p), rel=0.02)
    # One price of a GPU-hour stands above and below the ratio.
    development = 3e23 / (312e12 * draws.lognormal(0.2, 0.45)) / 3600 * price
    development *= draws.lognormal(1.5, 6)
    ratio = simulation["development_over_deployment"].median().value
    assert ratio == pytest.approx(np.median(development / cost), rel=0.02)


def test_more_tweets_cost_more(model_of: Callable[[str], gm.Model]) -> None:
    model = model_of("twitter").in_scenario("as published")
    names = ["api_cost_per_day", "cost_per_day", "development_cost"]
    before = model.sample(2**12, quantities=names)
    after = model.with_(tweets_per_day=1.3 * 670e6).sample(2**12, quantities=names)
    api, rent, development = (after[n].mean().value / before[n].mean().value for n in names)
    assert api == pytest.approx(1.3)
    assert 1.1 < rent < 1.3
    assert development == 1
