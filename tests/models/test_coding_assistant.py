"""A coding assistant for a million developers, against plain Monte Carlo by NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import guessmodel as gm


@pytest.fixture
def simulation(sampled: Callable[[str], gm.Simulation]) -> gm.Simulation:
    return sampled("coding_assistant")


def test_tokens_a_day_are_an_average_over_the_year(
    simulation: gm.Simulation, lognormal: Any
) -> None:
    tokens = lognormal(20, 300) * lognormal(10, 50) * (1e6 * 250 / 365)
    result = simulation["answers_per_day"]
    assert result.mean().value == pytest.approx(tokens.mean(), rel=1e-9)
    assert result.mean().unit == "token/day"


def test_cost(simulation: gm.Simulation, draws: Any) -> None:
    requests = draws.lognormal(20, 300) * 1e6 * 250 / 365
    peak = 8 * 312e12 * 86400 / (2 * 176e9)
    written = requests * draws.lognormal(10, 50) / (draws.lognormal(0.08, 0.4) * peak)
    written *= (46 + 42 / draws.uniform(0.12, 1)) / 88
    read = requests * draws.lognormal(200, 1500) * (1 - draws.uniform(0, 0.8))
    read /= draws.lognormal(0.3, 0.6) * peak
    nodes = np.ceil((written + read) / draws.uniform(0.25, 0.7))
    cost = nodes * 8 * draws.lognormal(1, 2.2) * 24 * 365
    result = simulation["cost_per_year"]
    assert result.mean().value == pytest.approx(cost.mean(), rel=0.012)  # 6 standard errors
    share = simulation["reading_share"].median().value
    assert share == pytest.approx(100 * np.median(read / (read + written)), rel=5e-3)


def test_cost_as_published(published: Callable[[str], gm.Simulation], draws: Any) -> None:
    tokens = draws.lognormal(20, 300) * draws.lognormal(10, 50) * 1e6 * 250 / 365
    per_node = draws.lognormal(0.2, 0.5) * 8 * 312e12 * 86400 / (2 * 176e9)
    cost = np.ceil(tokens / (per_node * draws.uniform(0.3, 0.8))) * 10 * 24 * 365
    result = published("coding_assistant")["cost_per_year"]
    assert result.mean().value == pytest.approx(cost.mean(), rel=0.01)  # 6 standard errors
    assert result.mean().unit == "USD/year"
    for p in (0.25, 0.5, 0.9):
        node = 87_600
        assert (
            abs(result.quantile(p).value - np.quantile(cost, p))
            <= 0.01 * np.quantile(cost, p) + node
        )
    interval = result.guesstimate_interval()
    above = cost[cost >= cost.mean()]
    assert interval.high.value == pytest.approx(np.quantile(above, 0.9), rel=0.03)


BENCHMARK = {1: 44.02, 8: 5.70, 16: 3.01, 32: 1.68, 64: 1.00, 128: 0.69}
"""Milliseconds a token by the batch: "Incredibly Fast BLOOM Inference with DeepSpeed and
Accelerate", Hugging Face, September 2022, DeepSpeed-Inference in 16 bits on 8 x 80 GB A100."""


@pytest.mark.parametrize("batch", BENCHMARK)
def test_batches_are_as_fast_as_in_the_benchmark(
    model_of: Callable[[str], gm.Model], batch: int
) -> None:
    """The line goes through batches of 32 and 128; those of 1, 8, 16 and 64 it has not seen."""
    filled = model_of("coding_assistant").with_(batch_filled=batch / 1.28)
    share = filled.sample(8, quantities=["batching"])["batching"].mean().value
    assert share == pytest.approx(100 * BENCHMARK[128] / BENCHMARK[batch], rel=0.04)


def test_value_is_the_gain_of_a_million_salaries(simulation: gm.Simulation) -> None:
    result = simulation["value_per_year"]
    assert result.mean().value == pytest.approx(1e6 * 1e5 * 0.055)
    assert result.quantile(0.05).value == pytest.approx(1e6 * 1e5 * (0.01 + 0.05 * 0.09))


def test_longer_answers_cost_more(model_of: Callable[[str], gm.Model]) -> None:
    model = model_of("coding_assistant")
    names = ["answers_per_day", "nodes_to_write", "value_per_year"]
    before = model.sample(2**12, quantities=names)
    longer = model.with_(answer_tokens="13 to 65 token/request")
    after = longer.sample(2**12, quantities=names)
    tokens, cost, value = (after[n].mean().value / before[n].mean().value for n in names)
    assert tokens == pytest.approx(1.3)
    assert cost == pytest.approx(1.3, rel=1e-3)
    assert value == 1
