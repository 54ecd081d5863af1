"""Streaming weights: the arithmetic by hand, and pipelining by simulating every layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import guessmodel as gm


@pytest.fixture
def simulation(sampled: Callable[[str], gm.Simulation]) -> gm.Simulation:
    return sampled("streaming_latency")


def played(fetch: float, compute: float, layers: int = 100, room: int = 5) -> float:
    """Latency layer by layer: a layer's weights are asked for when the layer `room` places before
    it is done, and it is computed when they have come and the layer before it is done."""
    done: list[float] = []
    for layer in range(layers):
        asked = done[layer - room] if layer >= room else 0.0
        done.append(max(asked + fetch, done[-1] if done else 0.0) + compute)
    return done[-1]


@pytest.mark.parametrize(
    ("name", "milliseconds"),
    [
        ("latency_in_memory", 40 + 100 * 10),
        ("latency_grouped", 20 * (40 + 5 * 10)),
        ("latency_pipelined", 40 + 100 * 10),
    ],
)
def test_the_worked_example(simulation: gm.Simulation, name: str, milliseconds: float) -> None:
    mean = simulation[name].mean()
    assert mean.value == pytest.approx(milliseconds / 1000, rel=1e-12)
    assert mean.unit == "s"


def test_pipelining_of_every_draw_is_as_played_out(simulation: gm.Simulation) -> None:
    fetch, compute, latency = (
        simulation[name].values[:500]
        for name in ("fetch_time_uncertain", "layer_time_uncertain", "latency_pipelined_uncertain")
    )
    expected = [played(f, c) / 1000 for f, c in zip(fetch, compute, strict=True)]
    assert latency == pytest.approx(np.array(expected), rel=1e-12)


def test_overlap_never_beats_having_all_in_memory(simulation: gm.Simulation) -> None:
    in_memory, pipelined, grouped = (
        simulation[f"latency_{name}_uncertain"].values
        for name in ("in_memory", "pipelined", "grouped")
    )
    assert np.all(in_memory <= pipelined * (1 + 1e-12))
    assert np.all(pipelined < grouped)
    hidden = simulation["loading_is_hidden"].values == 1
    assert pipelined[hidden] == pytest.approx(in_memory[hidden])


def test_loading_is_hidden(simulation: gm.Simulation, lognormal: Any) -> None:
    quotient = lognormal(20, 100) * lognormal(5, 20).inverse()
    probability = simulation["loading_is_hidden"].probability()
    assert probability.value == pytest.approx(quotient.cdf(4), abs=2e-3)


@pytest.mark.parametrize(
    ("cards", "generation", "bandwidth", "seconds"),
    [
        (8, "gen4", 8 * 31.5, (300 - 48) / 252),
        (4, "gen4", 4 * 31.5, (300 - 48) / 126),
        (8, "gen3", 8 * 16, (300 - 48) / 128),
        (4, "gen6", 4 * 126, (300 - 48) / 504),
    ],
)
def test_bandwidth(
    simulation: gm.Simulation, cards: int, generation: str, bandwidth: float, seconds: float
) -> None:
    at: dict[str, str | int] = {"cards": cards, "pcie_generation": generation}
    peak = simulation["peak_bandwidth"].sel(**at).mean()
    assert (peak.value, peak.unit) == (bandwidth, "GB/s")
    time = simulation["streaming_time"].sel(**at).mean()
    assert time.value == pytest.approx(seconds)
    assert time.unit == "s"


def test_a_token_on_the_desktop(simulation: gm.Simulation, draws: Any) -> None:
    weights = 175e9 * 2 / 1e9 * draws.normal(0.8, 0.95)
    resident = 48 * draws.uniform(0.6, 0.9)
    delivered = np.minimum(252 * draws.uniform(0.6, 0.9), draws.lognormal(100, 200))
    load = (weights - resident) / delivered / 100
    compute = weights / 100 / (8 * draws.lognormal(300, 900)) + draws.lognormal(0.02e-3, 0.2e-3)
    token = load + compute + 99 * np.maximum(load, compute)
    at: dict[str, str | int] = {"cards": 8, "pcie_generation": "gen4"}
    result = simulation["token_latency"].sel(**at)
    assert result.mean().value == pytest.approx(token.mean(), rel=2e-3)
    assert result.quantile(0.95).value == pytest.approx(np.quantile(token, 0.95), rel=0.01)
    machines = np.ceil(weights / (resident + delivered))
    mean = simulation["machines"].sel(**at).mean()
    assert mean.value == pytest.approx(machines.mean(), rel=5e-3)


def test_each_draw_keeps_within_the_links_and_the_host(simulation: gm.Simulation) -> None:
    at: dict[str, str | int] = {"cards": 4, "pcie_generation": "gen5"}
    delivered = simulation["delivered"].sel(**at).values
    host = simulation["host_bandwidth"].sel(pcie_generation="gen5").values
    assert np.all(delivered <= 4 * 63 * 0.9)
    assert np.all(delivered <= host)


def test_slower_layers_move_what_is_computed(model_of: Callable[[str], gm.Model]) -> None:
    names = ["latency_in_memory", "latency_grouped", "latency_pipelined", "peak_bandwidth"]
    after = model_of("streaming_latency").with_(layer_time=13).sample(256, quantities=names)
    seconds = [after[name].mean().value for name in names[:3]]
    assert seconds == pytest.approx([1.34, 20 * (0.04 + 0.065), 1.34])
    at: dict[str, str | int] = {"cards": 4, "pcie_generation": "gen4"}
    assert after["peak_bandwidth"].sel(**at).mean().value == 126
