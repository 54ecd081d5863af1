"""Measured coverage of means of what hardly any draw meets, of probabilities that nobody knows.

Nominal 90%, see conftest.py. The twin is a true value that is a tenth too large.
"""

import math
from collections.abc import Callable
from typing import Any

import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.quantity import Quantity

SPREAD = math.sqrt(1.5**2 + 0.7**2)


def excess() -> tuple[Quantity, float]:
    """Of two normals of mean 0: s f(k) - k s (1 - F(k)) beyond k = 4.8 deviations s."""
    total = gm.normal(mean=0, sd=1.5) + gm.normal(mean=0, sd=0.7)
    k = 4.8
    return gm.maximum(total - k * SPREAD, 0), SPREAD * (stats.norm.pdf(k) - k * stats.norm.sf(k))


def shared() -> tuple[Quantity, float]:
    """E[W 1(W + V > t)] of exponentials: the sum is a gamma variable, of which W has a half."""
    w, v = gm.exponential(mean=1), gm.exponential(mean=1)
    return gm.where(w + v > 20, w, 0.0), stats.gamma(3).sf(20)


def rare_label() -> tuple[Quantity, float]:
    """A sum of losses of which the likely ones are small: sum of p x, of comparisons of normals."""
    chances, losses = [3e-3, 3e-3, 1e-5], [1.0, 1.0, 1e6]
    labels = ["a", "b", "c"]
    far = gm.constant(dict(zip(labels, stats.norm.isf(chances) * SPREAD, strict=True)), dim="i")
    own = {"i": labels}
    total = gm.normal(mean=0, sd=1.5, dim=own) + gm.normal(mean=0, sd=0.7, dim=own)
    loss = gm.constant(dict(zip(labels, losses, strict=True)), dim="i")
    true = math.fsum(p * x for p, x in zip(chances, losses, strict=True))
    return gm.where(total > far, loss, 0.0).sum("i"), true


def verdict(case: Callable[[], tuple[Quantity, float]], watch: Any, factor: float = 1.0) -> str:
    quantity, true = case()
    model = gm.Model(y=quantity)

    def mean(run: int) -> list[tuple[Estimate, float]]:
        return [(model.sample(1 << 10, seed=run)["y"].mean(), factor * true)]

    return str(watch(bounded=False).over(mean))


@pytest.mark.parametrize("case", [excess, shared, rare_label])
def test_means_of_rare_turns(
    case: Callable[[], tuple[Quantity, float]], watch: Callable[..., Any]
) -> None:
    assert verdict(case, watch) == ""


def test_a_wrong_value_is_caught(watch: Callable[..., Any]) -> None:
    assert verdict(excess, watch, 1.1).startswith("too narrow")
