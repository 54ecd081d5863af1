"""Gaps in accuracy: metalogs by Keelin's equations, and their sum by plain Monte Carlo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import guessmodel as gm


@pytest.fixture
def simulation(sampled: Callable[[str], gm.Simulation]) -> gm.Simulation:
    return sampled("accuracy")


def metalog(p: NDArray[np.float64], low: float, middle: float, high: float) -> NDArray[np.float64]:
    """Three terms between 0 and 49, through 5%, 50% and 95%."""

    def basis(y: NDArray[np.float64]) -> NDArray[np.float64]:
        logit = np.log(y / (1 - y))
        return np.stack([np.ones_like(y), logit, (y - 0.5) * logit], axis=-1)

    known = np.array([low, middle, high])
    a = np.linalg.solve(basis(np.array([0.05, 0.5, 0.95])), np.log(known / (49 - known)))
    return 49 / (1 + np.exp(-basis(p) @ a))


@pytest.mark.parametrize(("name", "ends"), [("opt_gap", (1, 2, 5)), ("bloom_gap", (1, 2, 10))])
def test_judged_gaps(simulation: gm.Simulation, name: str, ends: tuple[float, ...]) -> None:
    result = simulation[name]
    p = np.array([0.01, 0.05, 0.3, 0.5, 0.8, 0.95, 0.99])
    assert [result.quantile(x).value for x in p] == pytest.approx(metalog(p, *ends), rel=1e-6)
    assert str(result.quantity.unit) == "percentage_point"


def test_no_gap_is_larger_than_what_gpt3_scores(simulation: gm.Simulation) -> None:
    assert np.all(simulation["bloom_gap"].values < 49)


def test_gap_from_the_evidence(simulation: gm.Simulation, draws: Any) -> None:
    opt = metalog(draws.uniform(0, 1), 1, 2, 5)
    gap = opt + draws.uniform(46.5, 47.5) - draws.uniform(46.5, 47.5) - draws.normal(-3, 3)
    result = simulation["bloom_gap_from_evidence"]
    assert result.mean().value == pytest.approx(gap.mean(), abs=0.01)
    for p in (0.05, 0.5, 0.95):
        assert result.quantile(p).value == pytest.approx(np.quantile(gap, p), abs=0.02)


def test_loss_is_relative_to_gpt3(simulation: gm.Simulation, draws: Any) -> None:
    opt = metalog(draws.uniform(0, 1), 1, 2, 5)
    loss = 100 * opt / (draws.uniform(46.5, 47.5) + opt)
    result = simulation["relative_loss"].sel(model="OPT-175B")
    assert result.mean().value == pytest.approx(loss.mean(), rel=3e-3)
    assert result.mean().unit == "percent"


def test_a_wider_gap_of_opt_widens_blooms(model_of: Callable[[str], gm.Model]) -> None:
    model = model_of("accuracy")
    name = "bloom_gap_from_evidence"
    before = model.sample(2**12, quantities=[name])[name].mean().value
    opt = model.sample(2**12, quantities=["opt_gap"])["opt_gap"].mean().value
    wider = gm.metalog(p5=1.3, p50=2.6, p95=6.5, lower=0, unit="percentage_point")
    after = model.with_(opt_gap=wider).sample(2**12, quantities=[name])[name].mean().value
    assert after - before == pytest.approx(0.3 * opt, rel=0.05)
