"""Training against inference: the optimum against a grid, and the point of switching by its
definition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import guessmodel as gm

TECHNIQUES = (
    "varying scaling policy",
    "MCTS",
    "pruning",
    "resampling (cheap check)",
    "resampling (costly check)",
)
TRAINING, INFERENCE = 3e23, 3e11
COUNT = 200


@pytest.fixture
def simulation(sampled: Callable[[str], gm.Simulation]) -> gm.Simulation:
    return sampled("training_inference_tradeoff")


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("inferences_in_training", 3e23 / 3e11, "inference"),
        ("root_of_training", 3e23**0.5, "FLOP/inference"),
        ("service_inferences", 300e6 * 365 * 1000, "inference"),
        ("backward_passes", 175e9 * 20, "inference"),
        ("training_over_service", 3 * 175e9 * 20 / (300e6 * 365 * 1000), ""),
    ],
)
def test_arithmetic_on_what_the_source_states(
    simulation: gm.Simulation, name: str, value: float, unit: str
) -> None:
    mean = simulation[name].mean()
    assert mean.value == pytest.approx(value, rel=1e-12)
    assert mean.unit == unit


def test_published_rates(simulation: gm.Simulation) -> None:
    rates = [simulation["published_rate"].sel(technique=t).mean().value for t in TECHNIQUES]
    assert rates == pytest.approx([0.7 / 1.2, 1, 1, 2, 1.45])


def test_chain_of_thought_is_not_applicable(model_of: Callable[[str], gm.Model]) -> None:
    rate = model_of("training_inference_tradeoff").quantities["published_rate"]
    assert rate.axes.mask is not None
    assert dict(zip(rate.dims[0].labels, rate.axes.mask, strict=True)) == {
        **dict.fromkeys(TECHNIQUES, True),
        "chain of thought": False,
    }


def curve(
    simulation: gm.Simulation, technique: str, growth: int
) -> tuple[NDArray[np.float64], ...]:
    """Rate and ends of a technique's curve, from draws of its inputs alone."""

    def at(name: str) -> NDArray[np.float64]:
        return simulation[name].sel(technique=technique).values[:COUNT]

    widen = {"resampling (cheap check)": 0.75}.get(technique, 0.0) * growth
    pruned = technique == "pruning"
    rate = (at("inference_span") + widen) / (at("training_span") + widen)
    rate = rate + (0.5 * growth if pruned else 0.0)
    span = (at("inference_span") + widen + (0.08 * growth if pruned else 0.0)) / rate
    position = np.full(COUNT, float(technique.startswith("resampling")))
    if technique == "MCTS":
        position = simulation["search_position"].values[:COUNT]
    return rate, -position * span, (1 - position) * span


@pytest.mark.parametrize("technique", TECHNIQUES)
@pytest.mark.parametrize("magnitude", [8, 10, 12, 14, 16])
def test_the_optimum_against_a_grid(
    simulation: gm.Simulation, technique: str, magnitude: int
) -> None:
    rate, least, most = curve(simulation, technique, growth=0)
    x = least + (most - least) * np.linspace(0, 1, 2001)[:, None]
    number = 10.0**magnitude
    total = TRAINING * 10**x + number * INFERENCE * 10 ** (-rate * x)
    today = TRAINING + number * INFERENCE
    at: dict[str, str | int] = {"technique": technique, "inferences_oom": magnitude}
    found = simulation["least_total"].sel(**at).values[:COUNT]
    best = total.min(axis=0) / today
    assert np.all(found <= best * (1 + 1e-12))
    assert found == pytest.approx(best, rel=1e-5)
    added = simulation["training_to_add"].sel(**at).values[:COUNT]
    step = (most - least) / 2000
    nearest = np.take_along_axis(x, total.argmin(axis=0)[None], axis=0)[0]
    assert np.all(np.abs(added - nearest) <= step * (1 + 1e-9))
    share = simulation["training_share"].sel(**at).values[:COUNT]
    assert share == pytest.approx(100 * TRAINING * 10**added / (found * today), rel=1e-9)


@pytest.mark.parametrize("technique", TECHNIQUES)
@pytest.mark.parametrize("growth", [0, 2])
def test_both_ends_take_the_same_where_it_pays_to_switch(
    simulation: gm.Simulation, technique: str, growth: int
) -> None:
    rate, least, most = curve(simulation, technique, growth)
    training, inference = TRAINING * 10.0**growth, INFERENCE * 10.0 ** (growth / 2)
    number = simulation["switch_at"].sel(technique=technique, growth=growth).values[:COUNT]
    low, high = (training * 10**x + number * inference * 10 ** (-rate * x) for x in (least, most))
    assert low == pytest.approx(high, rel=1e-9)
    more = 1.01 * number
    low, high = (training * 10**x + more * inference * 10 ** (-rate * x) for x in (least, most))
    assert np.all(high < low)


def test_the_best_technique_is_the_one_with_the_least_total(simulation: gm.Simulation) -> None:
    for magnitude in (8, 12, 16):
        totals = [
            simulation["least_total"].sel(technique=t, inferences_oom=magnitude).values
            for t in TECHNIQUES
        ]
        best = simulation["best_technique"].sel(inferences_oom=magnitude).values
        assert np.array_equal(best, np.argmin(totals, axis=0))


def test_two_techniques_together(simulation: gm.Simulation, draws: Any) -> None:
    kept = 1 - draws.uniform(0, 0.5)
    search, scaling = 1.6 * draws.lognormal(0.8, 1.25), 1.2 * draws.lognormal(0.83, 1.2)
    combined = np.maximum(search, scaling) + kept * np.minimum(search, scaling)
    result = simulation["combined_span"]
    for p in (0.05, 0.5, 0.95):
        assert result.quantile(p).value == pytest.approx(np.quantile(combined, p), rel=5e-3)
    search, cheap = 1.6 * draws.lognormal(0.8, 1.25), 6 * draws.lognormal(0.67, 1.5)
    combined = np.maximum(search, cheap) + kept * np.minimum(search, cheap)
    median = simulation["combined_cheap_span"].median()
    assert median.value == pytest.approx(np.median(combined), rel=5e-3)


def test_near_perfection_search_has_nothing_left(model_of: Callable[[str], gm.Model]) -> None:
    model = model_of("training_inference_tradeoff")
    left = gm.constant({t: float(t != "MCTS") for t in TECHNIQUES}, dim="technique")
    after = model.with_(span_left=left).sample(256, quantities=["tradable_training"])
    spans = {t: after["tradable_training"].sel(technique=t, growth=0).values for t in TECHNIQUES}
    assert np.all(spans.pop("MCTS") == 0)
    assert all(np.all(span > 0.3) for span in spans.values())


def test_more_users_move_the_service_alone(model_of: Callable[[str], gm.Model]) -> None:
    model = model_of("training_inference_tradeoff").with_(users=390e6)
    names = ["service_inferences", "training_over_service", "inferences_in_training"]
    after = model.sample(256, quantities=names)
    expected = [1.3 * 109.5e12, 10.5e12 / (1.3 * 109.5e12), 1e12]
    assert [after[name].mean().value for name in names] == pytest.approx(expected)
