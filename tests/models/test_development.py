"""The cost of developing a GPT-3 replica: a product of lognormals, in closed form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import guessmodel as gm


@pytest.fixture
def simulation(sampled: Callable[[str], gm.Simulation]) -> gm.Simulation:
    return sampled("development")


@pytest.fixture
def cost(lognormal: Any) -> Any:
    gpu_hours = lognormal(0.20, 0.45).inverse() * (3e23 / 312e12 / 3600)
    return gpu_hours * lognormal(1, 2.2) * lognormal(1.5, 6)


def test_mean_and_quantiles(simulation: gm.Simulation, cost: Any) -> None:
    result = simulation["development_cost"]
    assert result.mean().value == pytest.approx(cost.mean(), rel=1e-9)
    for p in (0.05, 0.5, 0.95):
        assert result.quantile(p).value == pytest.approx(cost.quantile(p), rel=1e-9)
    assert result.mean().unit == "USD"


def test_the_scenario_as_published(
    published: Callable[[str], gm.Simulation], lognormal: Any
) -> None:
    cost = lognormal(0.20, 0.45).inverse() * (3e23 / 312e12 / 3600) * 1.25 * lognormal(3.5, 26)
    result = published("development")["development_cost"]
    assert result.mean().value == pytest.approx(cost.mean(), rel=1e-9)
    interval = result.guesstimate_interval()
    assert (interval.low.value, interval.high.value) == pytest.approx(cost.guesstimate(), rel=0.01)


def test_guesstimates_interval(simulation: gm.Simulation, cost: Any) -> None:
    interval = simulation["development_cost"].guesstimate_interval()
    assert (interval.low.value, interval.high.value) == pytest.approx(cost.guesstimate(), rel=0.01)


def test_gpu_hours_of_one_run(simulation: gm.Simulation, lognormal: Any) -> None:
    hours = lognormal(0.20, 0.45).inverse() * (3e23 / 312e12 / 3600)
    result = simulation["gpu_hours_per_run"]
    assert result.median().value == pytest.approx(hours.median, rel=1e-9)
    assert result.median().unit == "GPU*hour"


@pytest.mark.parametrize(
    ("change", "factor"),
    [
        ({"training_compute": 3.9e23}, 1.3),
        ({"peak_throughput": 312 * 1.3}, 1 / 1.3),
        ({"runs": "1.95 to 7.8"}, 1.3),
        ({"gpu_price": "1.3 to 2.86 USD/GPU/hour"}, 1.3),
    ],
)
def test_each_factor_moves_the_cost_in_proportion(
    model_of: Callable[[str], gm.Model], change: dict[str, object], factor: float
) -> None:
    model = model_of("development")
    before = model.sample(256)["development_cost"].mean().value
    after = model.with_(change).sample(256)["development_cost"].mean().value
    assert after / before == pytest.approx(factor, rel=1e-9)
