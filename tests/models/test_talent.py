"""Talent pools: products of lognormals and their minima, in closed form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm

WORLD = 2e6 / 335e6 * 8e9


@pytest.fixture
def simulation(sampled: Callable[[str], gm.Simulation]) -> gm.Simulation:
    return sampled("talent")


@pytest.fixture
def capable(lognormal: Any) -> Any:
    shares = lognormal(0.003, 0.03) * lognormal(0.04, 0.2) * lognormal(0.03, 0.3)
    return shares * lognormal(1.5e6, 3e6) * (8e9 / 335e6)


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("graduates_world", WORLD, "person"),
        ("knowing_share_guess", 1, "percent"),
        ("capable_guess", WORLD * 0.01 * 0.01, "person"),
        ("capable_guess_high", WORLD * 0.01 * 0.1, "person"),
        ("downloads", 15e3 * 3, "download"),
        ("upper_bound", 15e3 * 3, "person"),
        ("year_of_node", 87_600, "USD"),
    ],
)
def test_arithmetic_on_what_the_source_states(
    published: Callable[[str], gm.Simulation], name: str, value: float, unit: str
) -> None:
    mean = published("talent")[name].mean()
    assert mean.value == pytest.approx(value, rel=1e-12)
    assert mean.unit == unit


def test_product_of_uncertain_shares(simulation: gm.Simulation, capable: Any) -> None:
    result = simulation["capable"]
    assert result.mean().value == pytest.approx(capable.mean(), rel=1e-9)
    assert result.median().value == pytest.approx(capable.median, rel=1e-9)
    interval = result.guesstimate_interval()
    assert (interval.low.value, interval.high.value) == pytest.approx(
        capable.guesstimate(), rel=0.03
    )


def test_share_above_the_count_of_engineers(simulation: gm.Simulation, capable: Any) -> None:
    above = simulation["reaches_count"].probability()
    assert above.value == pytest.approx(1 - capable.cdf(73), abs=2e-3)


def test_the_judged_pool_has_the_three_quantiles(simulation: gm.Simulation) -> None:
    judged = simulation["capable_judged"]
    quantiles = [judged.quantile(p).value for p in (0.05, 0.5, 0.95)]
    assert quantiles == pytest.approx([100, WORLD * 1e-4, 45_000], rel=1e-6)
    assert judged.values.min() > 0


def test_nobody_is_active_who_cannot(simulation: gm.Simulation) -> None:
    active = simulation["active"].values
    assert np.all(active <= simulation["capable"].values)
    assert np.all(active <= simulation["willing"].values)


def test_those_who_can_pay(simulation: gm.Simulation, capable: Any, draws: Any) -> None:
    year = 8 * draws.lognormal(1, 2.2) * 24 * 365
    needed = year / draws.lognormal(0.05, 0.3)
    share = 0.012 * draws.lognormal(1, 10) * (1e6 / needed) ** draws.uniform(1.3, 1.7)
    z = draws.normal(-stats.norm.ppf(0.95), stats.norm.ppf(0.95))
    payers = capable.median * np.exp(capable.sigma * z) * np.minimum(share, 1)
    result = simulation["can_pay"]
    for p in (0.05, 0.5, 0.95):
        assert result.quantile(p).value == pytest.approx(np.quantile(payers, p), rel=0.03)


def test_access_is_the_smaller_of_two_lognormals(simulation: gm.Simulation, lognormal: Any) -> None:
    """E min(X, Y) = E X P(X' < Y) + E Y P(Y' < X), X' and Y' with log-means raised by sigma²."""
    eligible = lognormal(50, 200) * lognormal(3, 30)
    processed = lognormal(10, 50) * 250
    spread = np.hypot(eligible.sigma, processed.sigma)
    gap = np.log(processed.median / eligible.median)
    mean = eligible.mean() * stats.norm.cdf((gap - eligible.sigma**2) / spread)
    mean += processed.mean() * stats.norm.cdf((-gap - processed.sigma**2) / spread)
    assert simulation["opt_access"].mean().value == pytest.approx(mean, rel=5e-3)
    binds = stats.norm.cdf(-gap / spread)
    assert simulation["processing_binds"].probability().value == pytest.approx(binds, abs=2e-3)


def test_more_graduates_are_more_people(model_of: Callable[[str], gm.Model]) -> None:
    model = model_of("talent")
    names = ["capable_guess", "capable", "opt_access", "upper_bound"]
    before = model.sample(256, quantities=names)
    after = model.with_(graduates_us=2.6e6).sample(256, quantities=names)
    ratios = [after[name].mean().value / before[name].mean().value for name in names]
    assert ratios == pytest.approx([1.3, 1, 1, 1])  # what is uncertain has its own count
