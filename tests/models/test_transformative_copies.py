"""Billions of copies: products of lognormals in closed form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm

MULTIPLIERS = (1, 1000, 1_000_000)
WORD = 2 * 175e9 / 0.75


@pytest.fixture
def simulation(sampled: Callable[[str], gm.Simulation]) -> gm.Simulation:
    return sampled("transformative_copies")


def reserved(lognormal: Any) -> Any:
    """Price of reserved A100s with a peak of 1e14 operations per second."""
    return lognormal(1, 2.2) * (1e14 / 312e12)


def interruptible(lognormal: Any) -> Any:
    return reserved(lognormal) * lognormal(0.3, 1.5)


@pytest.fixture
def flop_rate(lognormal: Any) -> Any:
    """FLOP/s of a copy of GPT-3's size."""
    change = lognormal(1, 4) * lognormal(1.5, 8) * lognormal(2, 20).inverse()
    return change * lognormal(100, 400) * (WORD / 60)


@pytest.mark.parametrize("times", MULTIPLIERS)
def test_three_prices_for_the_same_text(
    simulation: gm.Simulation, lognormal: Any, times: int
) -> None:
    at = {"parameter_multiplier": times}
    page = simulation["api_page_price"].sel(**at).mean()
    assert page.value == pytest.approx(0.06 * times)
    api = simulation["api_hourly_price"].sel(**at).mean()
    assert api.value == pytest.approx(0.06 * times / 750 * 250 * 60)
    hours = WORD * times * 250 / 60 / 1e14
    ceiling = simulation["ceiling_hourly_price"].sel(**at).mean()
    assert ceiling.value == pytest.approx(hours)
    cheap = simulation["cheap_hourly_price"].sel(**at).median()
    price = interruptible(lognormal) * lognormal(0.08, 0.4).inverse()
    assert cheap.value == pytest.approx(hours * price.median, rel=1e-3)
    assert {page.unit, api.unit, ceiling.unit, cheap.unit} == {"USD", "USD/hour"}


def test_the_comments_model(simulation: gm.Simulation, lognormal: Any) -> None:
    price = interruptible(lognormal) * lognormal(0.08, 0.4).inverse()
    result = simulation["comment_price"]
    assert result.mean().value == pytest.approx(price.mean(), rel=1e-9)
    assert result.quantile(0.95).value == pytest.approx(price.quantile(0.95), rel=1e-9)
    on_demand = simulation["comment_price_on_demand"]
    price = reserved(lognormal) * lognormal(1.2, 3) * lognormal(0.08, 0.4).inverse()
    assert on_demand.quantile(0.95).value == pytest.approx(price.quantile(0.95), rel=1e-9)


@pytest.mark.parametrize("times", MULTIPLIERS)
def test_a_copy_at_work(
    simulation: gm.Simulation, flop_rate: Any, lognormal: Any, times: int
) -> None:
    at = {"parameter_multiplier": times}
    rate = simulation["flop_rate"].sel(**at)
    assert rate.median().value == pytest.approx(flop_rate.median * times / 1e12, rel=5e-3)
    pieces = flop_rate * lognormal(0.08, 0.4).inverse() * (times / 1e14)
    price = pieces * interruptible(lognormal)
    hourly = simulation["hourly_price"].sel(**at)
    assert hourly.quantile(0.95).value == pytest.approx(price.quantile(0.95), rel=0.01)
    against = price * lognormal(20, 60).inverse()
    assert simulation["price_over_wage"].sel(**at).median().value == pytest.approx(
        against.median, rel=5e-3
    )
    cheaper = simulation["is_cheaper"].sel(**at).probability()
    assert cheaper.value == pytest.approx(against.cdf(1), abs=3e-3)
    on_demand = pieces * reserved(lognormal) * lognormal(1.2, 3) * lognormal(20, 60).inverse()
    cheaper = simulation["is_cheaper_on_demand"].sel(**at).probability()
    assert cheaper.value == pytest.approx(on_demand.cdf(1), abs=3e-3)


def test_accelerators_for_everyone(simulation: gm.Simulation, flop_rate: Any, draws: Any) -> None:
    rate = flop_rate.median * np.exp(
        flop_rate.sigma * draws.normal(-stats.norm.ppf(0.95), stats.norm.ppf(0.95))
    )
    gpus = 8e9 * rate * draws.uniform(8, 24) / 24 / (312e12 * draws.lognormal(0.08, 0.4))
    at = {"parameter_multiplier": 1}
    result = simulation["accelerators"].sel(**at)
    assert result.median().unit == "GPU"
    for p in (0.05, 0.5, 0.95):
        assert result.quantile(p).value == pytest.approx(np.quantile(gpus, p), rel=0.02)
    share = gpus / draws.lognormal(1e6, 6e6)
    world = simulation["share_of_world"].sel(**at)
    assert world.median().value == pytest.approx(np.median(share), rel=0.02)
    possible = simulation["copies_possible"].sel(**at)
    assert possible.median().value == pytest.approx(np.median(8e9 / share), rel=0.02)


def test_a_larger_model_costs_in_proportion_draw_by_draw(simulation: gm.Simulation) -> None:
    for name in ("flop_rate", "hourly_price", "accelerators", "share_of_world"):
        one, thousand, million = (
            simulation[name].sel(parameter_multiplier=times).values for times in MULTIPLIERS
        )
        assert thousand == pytest.approx(1000 * one)
        assert million == pytest.approx(1e6 * one)


def test_weights_in_accelerators(simulation: gm.Simulation, lognormal: Any) -> None:
    held = [
        simulation["accelerators_to_hold"].sel(parameter_multiplier=times).mean().value
        for times in MULTIPLIERS
    ]
    assert held == [np.ceil(350 / 80), 350e3 / 80, 350e6 / 80]
    fits = simulation["fits_in_cluster"].sel(parameter_multiplier=1000).probability()
    assert fits.value == pytest.approx(1 - lognormal(10e3, 90e3).cdf(4375), abs=1e-3)


@pytest.mark.parametrize("times", MULTIPLIERS)
def test_serial_speed(simulation: gm.Simulation, draws: Any, times: int) -> None:
    """All weights are read at the speed of the GPUs that share a layer; every layer exchanges."""
    power = draws.uniform(0.2, 0.35)
    width = draws.lognormal(8, 64) * times ** ((1 - power) / 2)
    seconds = times * 350e9 / (width * draws.lognormal(1, 1.8) * 1e12)
    seconds += 96 * times**power * draws.lognormal(20e-6, 100e-6)
    over_human = 0.75 / seconds / (250 / 60)
    result = simulation["serial_speed_over_human"].sel(parameter_multiplier=times)
    for p in (0.05, 0.5, 0.95):
        assert result.quantile(p).value == pytest.approx(np.quantile(over_human, p), rel=0.02)


def test_serial_speed_of_bloom_is_near_what_was_measured() -> None:
    """On the eight GPUs of a node BLOOM took 44 ms a token in a batch of one: what eight of them
    read and exchange in the middle of the ranges."""
    reading = 352e9 / (8 * np.sqrt(1 * 1.8) * 1e12)
    exchanging = 70 * np.sqrt(20e-6 * 100e-6)
    assert reading + exchanging == pytest.approx(0.044, rel=0.25)


def test_ten_stones(simulation: gm.Simulation, draws: Any) -> None:
    assert simulation["human_range"].mean().value == 2**10
    doublings = draws.normal(7, 13) / draws.lognormal(0.7, 1.4)
    result = simulation["doublings_uncertain"]
    assert result.mean().value == pytest.approx(doublings.mean(), rel=2e-3)
    assert result.quantile(0.95).value == pytest.approx(np.quantile(doublings, 0.95), rel=5e-3)


def test_a_dearer_page_moves_the_api_alone(model_of: Callable[[str], gm.Model]) -> None:
    model = model_of("transformative_copies").with_(page_price=0.078)
    names = ["api_page_price", "ceiling_hourly_price"]
    after = model.sample(256, quantities=names)
    at = {"parameter_multiplier": 1000}
    page, hour = (after[name].sel(**at).mean().value for name in names)
    assert page == pytest.approx(78)
    assert hour == pytest.approx(1000 * WORD * 250 / 60 / 1e14)
