"""Measured coverage of means to which a branch belongs that most runs never meet.

Nominal 90%, see conftest.py. The twin is the mean over the draws alone.
"""

import math
from collections.abc import Callable
from typing import Any

import pytest

import guessmodel as gm
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.quantity import Quantity
from guessmodel.simulation import Result

P = 3e-5
LOSS = math.exp(12.0 + 0.5**2 / 2)


def outage() -> Quantity:
    return gm.where(gm.bernoulli(P), gm.lognormal(mu=12.0, sigma=0.5), 0.0) + gm.normal(14, 16)


def several() -> Quantity:
    risks = gm.bernoulli({"a": P, "b": P / 2, "c": P / 4}, dim="risk")
    severity = gm.lognormal({"a": (1e5, 2e5), "b": (1e5, 3e5), "c": (1e5, 4e5)}, dim="risk")
    return (risks * severity).sum("risk")


def of_one_size() -> Quantity:
    """Twelve events that have one loss between them."""
    return gm.bernoulli(P, dim={"risk": range(12)}).max("risk") * gm.lognormal(mu=12.0, sigma=0.5)


def lognormal_mean(low: float, high: float) -> float:
    mu, sigma = math.log(low * high) / 2, math.log(high / low) / 2 / 1.6448536269514722
    return math.exp(mu + sigma**2 / 2)


SEVERAL = P * (
    lognormal_mean(1e5, 2e5) + lognormal_mean(1e5, 3e5) / 2 + lognormal_mean(1e5, 4e5) / 4
)


def verdict(
    build: Callable[[], Quantity],
    true: float,
    method: str,
    watch: Callable[..., Any],
    of: Callable[[Result], Estimate],
    *,
    bounded: bool = True,
) -> str:
    hidden = gm.maximum(build(), -1e9)  # else its parts tell exactly
    model = gm.Model(y=hidden)

    def told(run: int) -> list[tuple[Estimate, float]]:
        return [(of(model.sample(1 << 10, seed=run, method=method)["y"]), true)]

    return str(watch(bounded=bounded).over(told))


@pytest.mark.parametrize(
    ("build", "true", "bounded"),
    [
        (outage, 15.0 + P * LOSS, True),
        (several, SEVERAL, True),
        (of_one_size, (1.0 - (1.0 - P) ** 12) * LOSS, False),  # losses of one size are a count
    ],
)
def test_means_with_a_rare_branch(
    build: Callable[[], Quantity], true: float, bounded: bool, watch: Callable[..., Any]
) -> None:
    assert verdict(build, true, "nets", watch, Result.mean, bounded=bounded) == ""


def test_the_mean_of_the_draws_alone_is_caught(watch: Callable[..., Any]) -> None:
    def alone(result: Result) -> Estimate:
        return result._sampled().mean("")

    assert verdict(outage, 15.0 + P * LOSS, "nets", watch, alone).startswith("too narrow")


@pytest.mark.parametrize("p", [2e-4, 1e-3])
def test_more_draws_make_no_error_larger(p: float) -> None:
    """An event that the larger run meets 13 or 66 times has draws of its own there too. Mean
    and variance are those of a normal number plus that of an indicator times a lognormal one.
    (Never below 0, but so that parts do not tell exactly.)"""
    y = gm.normal(14, 16) + gm.bernoulli(p) * gm.lognormal(mu=12.0, sigma=0.5)
    model = gm.Model(y=gm.maximum(y, 0))
    mean, square = 15.0 + p * LOSS, p * math.exp(2 * 12.0 + 2 * 0.5**2)
    sd = math.sqrt(square - (p * LOSS) ** 2 + (1.0 / 1.6448536269514722) ** 2)
    small, large = model.sample(1 << 12)["y"], model.sample(1 << 16)["y"]
    for found, before, true in (
        (large.mean(), small.mean(), mean),
        (large.sd(), small.sd(), sd),
    ):
        assert found.reliable
        assert found.error < 1.1 * before.error
        assert abs(found.value - true) < 3.0 * found.error < 0.01 * true


@pytest.mark.parametrize("p", [0.005, 0.02])
def test_an_event_that_few_draws_meet_leaves_no_mark(p: float) -> None:
    """Of 4,096 draws 20 or 82 meet it, and would hold most of the variance. (Never below 0, but so
    that parts do not tell exactly.)"""
    mean = 15.0 + p * LOSS
    square = p * math.exp(2 * 12.0 + 2 * 0.5**2)
    sd = math.sqrt(square - (p * LOSS) ** 2 + (1.0 / 1.6448536269514722) ** 2)
    y = gm.normal(14, 16) + gm.bernoulli(p) * gm.lognormal(mu=12.0, sigma=0.5)
    model = gm.Model(y=gm.maximum(y, 0))
    held = []
    for seed in range(30):
        y = model.sample(1 << 12, seed=seed)["y"]
        assert y._sampled().mean("").note
        assert y.mean().error < 0.02 * mean
        for found, true in ((y.mean(), mean), (y.sd(), sd)):
            assert found.reliable
            held.append(found.low <= true <= found.high)
    # 30 seeds each; of 60 with a coverage of 85% fewer than 36 hold with a probability of 1e-6.
    assert sum(held) >= 36
