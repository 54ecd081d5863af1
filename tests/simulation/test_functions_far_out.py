"""Functions of one direction that hardly any draw makes large, beside a cost of known moments:
told, or marked, as quadrature has them."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import integrate, special, stats

import guessmodel as gm

C, W = 4.6, 0.2
FORMS: dict[str, tuple[Callable[[Any], Any], Callable[[float], float]]] = {
    "bump": (
        lambda u: gm.exp(-(((u - C) / W) ** 2)),
        lambda u: math.exp(-(((u - C) / W) ** 2)),
    ),
    "bump of one's own": (
        lambda u: gm.apply(lambda x: np.exp(-(((x - C) / W) ** 2)), u),
        lambda u: math.exp(-(((u - C) / W) ** 2)),
    ),
    "logistic": (
        lambda u: 1 / (1 + gm.exp(-(u - C) / W)),
        lambda u: float(special.expit((u - C) / W)),
    ),
    "tanh": (lambda u: 1 + gm.tanh((u - C) / W), lambda u: 1 + math.tanh((u - C) / W)),
    "growth": (lambda u: gm.exp(5 * (u - C)), lambda u: math.exp(5 * (u - C))),
    "power": (
        lambda u: (gm.maximum(u + 10, 0) / (C + 10)) ** 60,
        lambda u: (max(u + 10, 0) / (C + 10)) ** 60,
    ),
    "step of one's own": (
        lambda u: gm.apply(lambda x: np.where(x > C, 1.0, 0.0), u),
        lambda u: float(u > C),
    ),
    "hinge": (lambda u: gm.maximum(u - C, 0) ** 2, lambda u: max(u - C, 0) ** 2),
    "window": (lambda u: gm.where((u > C) & (u < C + W), 1, 0), lambda u: float(C < u < C + W)),
    "many steps": (
        lambda u: gm.maximum(gm.ceil((u - C) / W), 0),
        lambda u: max(math.ceil((u - C) / W), 0),
    ),
}
ENDS = sorted({-12.0, 0.0, *(C + W * k for k in range(-8, 24)), 12.0, 14.0, 22.0})


def moment(f: Callable[[float], float], order: int) -> float:
    """E[f(Z)^order] of a standard normal Z."""
    return sum(
        integrate.quad(lambda u: f(u) ** order * stats.norm.pdf(u), a, b, limit=200)[0]
        for a, b in pairwise(ENDS)
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("height", [1e3, 1e6])
@pytest.mark.parametrize("n", [4096, 65536])
def test_mean_and_deviation(form: str, height: float, n: int) -> None:
    """Beside a lognormal cost of a deviation of 0.6 the mean moves by 1e-3 or by 1, and the
    deviation by 1 or by 1000."""
    function, f = FORMS[form]
    mean, square = height * moment(f, 1), height**2 * moment(f, 2)
    cost = gm.lognormal(mu=0.4, sigma=0.35)
    own = math.exp(0.4 + 0.35**2 / 2)
    variance = own**2 * math.expm1(0.35**2)
    true = {"mean": own + mean, "sd": math.sqrt(variance + square - mean**2)}
    told = 0
    for seed in range(3):
        u = 0.6 * gm.normal(mean=0, sd=1) - 0.8 * gm.normal(mean=0, sd=1)
        y = gm.Model(y=cost + height * function(u)).sample(n, seed=seed)["y"]
        for name, value in true.items():
            found = getattr(y, name)()
            told += found.reliable
            near = max(4.0 * found.error, 1e-9 * value)
            assert not found.reliable or abs(found.value - value) < near
    assert told > 3
