"""What a word costs, by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import guessmodel as gm


@pytest.fixture
def model(model_of: Callable[[str], gm.Model]) -> gm.Model:
    return model_of("inference_cost")


@pytest.fixture
def simulation(sampled: Callable[[str], gm.Simulation]) -> gm.Simulation:
    return sampled("inference_cost")


@pytest.fixture
def as_published(published: Callable[[str], gm.Simulation]) -> gm.Simulation:
    return published("inference_cost")


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("node_cost_per_day", 10 * 24, "USD/day"),
        ("node_cost_per_year", 10 * 24 * 365, "USD/year"),
        ("smallest_bill", 10 * 24 * 365 / 4, "USD"),
        ("words_per_node_day", 200e6 * 0.75, "word/day"),
        ("cost_per_million_words", 240 / 150, "USD"),
        ("api_cost_per_day", 200e6 * 0.02 / 1000, "USD/day"),
        ("api_over_bloom", 200e6 * 0.02 / 1000 / 240, ""),
        ("page_price_of_larger_model", 0.06 * 1000, "USD"),
        ("api_cost_of_reading", 250 * 60 * 0.06 / 750, "USD/hour"),
        ("gpt3_flop_per_word", 2 * 175e9 / 0.75, "FLOP/word"),
        ("words_per_second_of_hardware", 1e14 / (2 * 175e9 / 0.75), "word/s"),
        ("api_over_hardware_at_ceiling", 1.2 / (250 / 60 * 2 * 175e9 / 0.75 / 1e14), ""),
        ("node_memory", 8 * 80, "GB"),
    ],
)
def test_arithmetic_on_what_the_source_states(
    as_published: gm.Simulation, name: str, value: float, unit: str
) -> None:
    mean = as_published[name].mean()
    assert mean.value == pytest.approx(value, rel=1e-12)
    assert mean.unit == unit


def test_tokens_of_a_node_from_the_hardware_up(simulation: gm.Simulation, lognormal: Any) -> None:
    tokens = lognormal(0.08, 0.4) * (8 * 312e12 * 86400 / (2 * 176e9))
    result = simulation["tokens_per_node_day"]
    assert result.mean().value == pytest.approx(tokens.mean(), rel=1e-9)
    assert result.quantile(0.95).value == pytest.approx(tokens.quantile(0.95), rel=1e-9)
    cost = tokens.inverse() * lognormal(1, 2.2) * (8 * 24 / 0.75 * 1e6)
    achieved = simulation["achieved_cost_per_million_words"]
    assert achieved.mean().value == pytest.approx(cost.mean(), rel=1e-9)


def test_api_against_uncertain_hardware(simulation: gm.Simulation, lognormal: Any) -> None:
    reserved = lognormal(1, 2.2) * (1e14 / 312e12)
    hour = 1.2 / (250 / 60 * 2 * 175e9 / 0.75 / 1e14)
    at_full_price = reserved.inverse() * lognormal(0.08, 0.4) * hour
    ratio = at_full_price * lognormal(0.3, 1.5).inverse()
    result = simulation["api_over_hardware"]
    assert result.mean().value == pytest.approx(ratio.mean(), rel=1e-9)
    on_demand = at_full_price * lognormal(1.2, 3).inverse()
    result = simulation["api_over_on_demand"]
    assert result.quantile(0.05).value == pytest.approx(on_demand.quantile(0.05), rel=1e-9)


def test_one_price_of_a_gpu_feeds_every_hardware(model: gm.Model) -> None:
    names = ["node_price", "hardware_price", "on_demand_hardware_price", "on_demand_factor"]
    before = model.sample(256, quantities=names)
    after = model.with_(gpu_price="1.3 to 2.86 USD/GPU/hour").sample(256, quantities=names)
    ratios = [after[name].mean().value / before[name].mean().value for name in names]
    assert ratios == pytest.approx([1.3, 1.3, 1.3, 1])


def test_bloom_fits_when_the_overhead_is_below_the_rest_of_the_memory(
    simulation: gm.Simulation, lognormal: Any
) -> None:
    fits = simulation["fits_in_node"].probability()
    assert fits.value == pytest.approx(lognormal(20, 200).cdf(640 - 329), abs=1e-4)


def test_a_writers_fee_scales_with_the_length(simulation: gm.Simulation, lognormal: Any) -> None:
    fee = lognormal(0.05, 0.5) * 750
    assert simulation["writer_fee"].mean().value == pytest.approx(fee.mean(), rel=1e-9)
    ratio = simulation["larger_model_over_writer"].mean().value
    assert ratio == pytest.approx(60 * fee.inverse().mean(), rel=1e-9)


def test_a_dearer_node_moves_every_price_on_it_and_no_other(model: gm.Model) -> None:
    names = ["node_cost_per_year", "api_over_bloom", "tokens_per_node_day"]
    model = model.in_scenario("as published")
    before = model.sample(256, quantities=names)
    after = model.with_(node_price=13).sample(256, quantities=names)
    ratios = [after[name].mean().value / before[name].mean().value for name in names]
    assert ratios == pytest.approx([1.3, 1 / 1.3, 1])
