"""The largest viable deployment, against plain Monte Carlo by NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import guessmodel as gm

LABELS = ("twitter", "coding assistant", "combined", "adjusted", "chatgpt-scale")


@pytest.fixture
def simulation(sampled: Callable[[str], gm.Simulation]) -> gm.Simulation:
    return sampled("largest_deployment")


@pytest.fixture
def expected(draws: Any) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.float64]]:
    """Cost of each deployment, and of development: the model written out in NumPy."""
    peak = 8 * 312e12 * 86400 / (2 * 176e9)
    per_node, load = draws.lognormal(0.08, 0.4) * peak, draws.uniform(0.25, 0.7)
    price = draws.lognormal(1, 2.2)
    node_year = 8 * price * 24 * 365
    development = 3e23 / (312e12 * draws.lognormal(0.2, 0.45)) / 3600
    development *= price * draws.lognormal(1.5, 6)
    tweets = 0.01 * draws.lognormal(450e6, 850e6) * draws.lognormal(12, 45)
    twitter = np.ceil(tweets / per_node) * node_year
    requests = 1e6 * 250 / 365 * draws.lognormal(20, 300)
    read = requests * draws.lognormal(200, 1500) * (1 - draws.uniform(0, 0.8))
    work = requests * draws.lognormal(10, 50) / per_node
    work *= (46 + 42 / draws.uniform(0.12, 1)) / 88
    work += read / (draws.lognormal(0.3, 0.6) * peak)
    coding = np.ceil(work / load) * node_year
    weight = draws.uniform(0.2, 0.8)
    combined = weight * coding + (1 - weight) * twitter
    share, update = combined / (combined + development), draws.uniform(0.02, 0.25)
    views = draws.uniform(0.8, 0.9) + draws.uniform(0.5, 0.9) + draws.uniform(0.5, 0.7)
    updated = (1 - update) * share + update * views / 3
    adjusted = updated / (1 - updated) * development
    chatgpt = np.ceil(300e6 * 1000 / (per_node * load)) * node_year
    return dict(zip(LABELS, (twitter, coding, combined, adjusted, chatgpt), strict=True)), (
        development
    )


def test_costs(simulation: gm.Simulation, expected: Any) -> None:
    costs, _ = expected
    for label, cost in costs.items():
        result = simulation["cost"].sel(deployment=label)
        assert result.mean().unit == "USD"
        assert result.mean().value == pytest.approx(cost.mean(), rel=0.015), label
        assert result.median().value == pytest.approx(np.median(cost), rel=0.02), label


def test_ratios_to_development(simulation: gm.Simulation, expected: Any) -> None:
    costs, development = expected
    for label, cost in costs.items():
        result = simulation["ratio"].sel(deployment=label)
        for p in (0.05, 0.5, 0.95):
            quantile = np.quantile(cost / development, p)
            assert result.quantile(p).value == pytest.approx(quantile, rel=0.03), label
        share = simulation["inference_share"].sel(deployment=label).mean()
        assert share.value == pytest.approx(100 * np.mean(cost / (cost + development)), rel=0.02), (
            label
        )


def test_guesstimates_interval_of_the_adjusted_ratio(
    simulation: gm.Simulation, expected: Any
) -> None:
    costs, development = expected
    ratio = costs["adjusted"] / development
    below, above = ratio[ratio < ratio.mean()], ratio[ratio >= ratio.mean()]
    interval = simulation["ratio"].sel(deployment="adjusted").guesstimate_interval()
    assert interval.low.value == pytest.approx(np.quantile(below, 0.1), rel=0.02)
    assert interval.high.value == pytest.approx(np.quantile(above, 0.9), rel=0.03)


def test_probabilities(simulation: gm.Simulation, expected: Any) -> None:
    costs, development = expected
    for label, cost in costs.items():
        prohibitive = simulation["is_prohibitive"].sel(deployment=label).probability()
        assert prohibitive.value == pytest.approx(np.mean(cost >= 0.68 * development), abs=0.003), (
            label
        )
        exceeds = simulation["exceeds_development"].sel(deployment=label).probability()
        assert exceeds.value == pytest.approx(np.mean(cost > development), abs=0.003), label


def test_where_the_ratio_crosses_one(simulation: gm.Simulation) -> None:
    """With as many users, nodes for a year cost what development costs."""
    users = simulation["crossing_users"].values
    per_node = simulation["tokens_per_node_day"].values
    load = simulation["load"].values / 100
    price = simulation["node_price"].values * 24 * 365
    cost = users * 1000 / (per_node * load) * price
    assert cost == pytest.approx(simulation["development_cost"].values, rel=1e-9)


def test_the_labels_are_the_scenarios(model_of: Callable[[str], gm.Model]) -> None:
    dims = model_of("largest_deployment").quantities["ratio"].dims
    assert [(dim.name, dim.labels) for dim in dims] == [("deployment", LABELS)]


def test_dearer_development_lowers_every_ratio(model_of: Callable[[str], gm.Model]) -> None:
    model = model_of("largest_deployment")
    before = model.sample(2**12, quantities=["ratio", "cost"])
    after = model.with_(training_compute=3.9e23).sample(2**12, quantities=["ratio", "cost"])
    for label in LABELS:
        moved, kept = (
            [s[name].sel(deployment=label).median().value for s in (before, after)]
            for name in ("ratio", "cost")
        )
        if label == "adjusted":  # vendors speak of shares, so their part of the cost rises
            assert moved[1] < moved[0]
            assert kept[1] > kept[0]
        else:
            assert moved[1] / moved[0] == pytest.approx(1 / 1.3, rel=1e-3)
            assert kept[1] == kept[0]
