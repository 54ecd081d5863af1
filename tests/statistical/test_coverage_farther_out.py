"""Measured coverage of means that no formula tells of, and that no draw of the run shows.

Nominal 90%, see conftest.py. The twin is a true value that is a third too large.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.quantity import Quantity


def own() -> tuple[Quantity, float]:
    """E[W 1(W + V > t)] of exponentials: the sum is a gamma variable, of which W has a half."""
    w, v = gm.exponential(mean=1), gm.exponential(mean=1)
    far = gm.apply(lambda w, v: np.where(w + v > 20, w * 1e6, 0.0), w, v)
    return far, 1e6 * float(stats.gamma(3).sf(20))


def logistic() -> tuple[Quantity, float]:
    """Of a normal number with mean 0 and sd s times k, a logistic one: E 1 / (1 + exp(k (c - X)))
    is P(X + L > c) with a logistic L of scale 1 / k, by its quantiles."""
    s, k, c = math.sqrt(4.0), 40.0, 9.6
    total = gm.normal(mean=0, sd=1) + gm.normal(mean=0, sd=math.sqrt(3.0))
    at = (np.arange(1 << 16) + 0.5) / (1 << 16)
    true = float(np.mean(stats.norm.sf((c - stats.logistic.ppf(at) / k) / s)))
    return 1e6 / (1 + gm.exp(-k * (total - c))) + gm.normal(mean=5, sd=1), 5.0 + 1e6 * true


def verdict(case: Callable[[], tuple[Quantity, float]], watch: Any, factor: float = 1.0) -> str:
    quantity, true = case()
    model = gm.Model(y=quantity)

    def mean(run: int) -> list[tuple[Estimate, float]]:
        return [(model.sample(1 << 11, seed=run)["y"].mean(), factor * true)]

    return str(watch(bounded=False).over(mean))


@pytest.mark.parametrize("case", [own, logistic])
def test_means_of_what_no_draw_shows(
    case: Callable[[], tuple[Quantity, float]], watch: Callable[..., Any]
) -> None:
    assert verdict(case, watch) == ""


def test_a_wrong_value_is_caught(watch: Callable[..., Any]) -> None:
    assert verdict(own, watch, 4 / 3).startswith("too narrow")
