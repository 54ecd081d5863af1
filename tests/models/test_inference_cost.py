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
    ratio = lognormal(0.15, 0.8).inverse() * lognormal(0.08, 0.4)
    ratio *= 1.2 / (250 / 60 * 2 * 175e9 / 0.75 / 1e14)
    result = simulation["api_over_hardware"]
    assert result.median().value == pytest.approx(ratio.median, rel=1e-9)
    on_demand = simulation["api_over_on_demand"]
    assert on_demand.quantile(0.05).value == pytest.approx(ratio.quantile(0.05) / 10, rel=1e-9)


def test_bloom_fits_when_the_overhead_is_below_the_rest_of_the_memory(
    simulation: gm.Simulation, lognormal: Any
) -> None:
    fits = simulation["fits_in_node"].probability()
    assert fits.value == pytest.approx(lognormal(20, 200).cdf(640 - 329), abs=1e-4)


def test_a_writers_fee_scales_with_the_length(simulation: gm.Simulation, lognormal: Any) -> None:
    fee = lognormal(0.05, 0.5) * 750
    assert simulation["writer_fee"].mean().value == pytest.approx(fee.mean(), rel=1e-9)
    assert simulation["larger_model_over_writer"].median().value == pytest.approx(60 / fee.median)


def test_a_dearer_node_moves_every_price_on_it_and_no_other(model: gm.Model) -> None:
    names = ["node_cost_per_year", "api_over_bloom", "tokens_per_node_day"]
    model = model.in_scenario("as published")
    before = model.sample(256, quantities=names)
    after = model.with_(node_price=13).sample(256, quantities=names)
    ratios = [after[name].mean().value / before[name].mean().value for name in names]
    assert ratios == pytest.approx([1.3, 1 / 1.3, 1])
