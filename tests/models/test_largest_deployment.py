"""The largest viable deployment, against plain Monte Carlo by NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import guessmodel as gm

NODE_YEAR = 10 * 24 * 365
LABELS = ("twitter", "coding assistant", "combined", "adjusted", "chatgpt-scale")


@pytest.fixture
def simulation(sampled: Callable[[str], gm.Simulation]) -> gm.Simulation:
    return sampled("largest_deployment")


@pytest.fixture
def expected(draws: Any) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.float64]]:
    """Cost of each deployment, and of development: the model written out in NumPy."""
    per_node = draws.lognormal(0.2, 0.5) * 8 * 312e12 * 86400 / (2 * 176e9)
    load = draws.uniform(0.3, 0.8)
    development = 3e23 / (312e12 * draws.lognormal(0.2, 0.45)) / 3600
    development *= draws.lognormal(1, 4) * draws.lognormal(3, 12)
    twitter = np.ceil(6.7e6 * draws.lognormal(25, 50) / per_node) * NODE_YEAR
    tokens = 1e6 * 250 / 365 * draws.lognormal(20, 300) * draws.lognormal(10, 50)
    coding = np.ceil(tokens / (per_node * load)) * NODE_YEAR
    combined = 0.6 * coding + 0.4 * twitter
    share = combined / (combined + development)
    updated = (10 * share + draws.uniform(0.8, 0.9)) / 11
    adjusted = updated / (1 - updated) * development
    chatgpt = np.ceil(300e6 * 1000 / (per_node * load)) * NODE_YEAR
    return dict(zip(LABELS, (twitter, coding, combined, adjusted, chatgpt), strict=True)), (
        development
    )


def test_costs(simulation: gm.Simulation, expected: Any) -> None:
    costs, _ = expected
    for label, cost in costs.items():
        result = simulation["cost"].sel(deployment=label)
        assert result.mean().unit == "USD"
        assert result.mean().value == pytest.approx(cost.mean(), rel=0.01), label
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
    cost = users * 1000 / (per_node * load) * NODE_YEAR
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
