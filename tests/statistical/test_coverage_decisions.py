"""Measured coverage of the value of information, against closed forms; see conftest.py.

Where what is known tells nothing, or all of it, intervals may cover more often than they say.
"""

import math
from collections.abc import Callable
from typing import Any

import pytest
from scipy.stats import norm

import guessmodel as gm
from guessmodel.estimators.estimate import Estimate

P1, P2 = gm.normal(mean=1, sd=1), gm.normal(mean=0, sd=2)
NORMALS = gm.Model(p1=P1, p2=P2)
A, B, C = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1), gm.bernoulli(0.3)
OTHERS = gm.Model(a=A, b=B, c=C)


def gain(sd: float) -> float:
    """E[max(X, 0)] − 1 of a normal X with mean 1."""
    return float(norm.cdf(1 / sd) + sd * norm.pdf(1 / sd)) - 1.0


def normals(run: int, method: str) -> list[tuple[Estimate, float]]:
    simulation = NORMALS.sample(2048, seed=run, method=method)
    found = gm.decision({"do": P1 - P2, "leave": 0}).evaluate(simulation)
    return [
        (found.evppi["p1"], gain(1.0)),
        (found.evppi["p2"], gain(2.0)),
        (found.evpi, gain(math.sqrt(5.0))),
        (found.evsi("p2", sd=2, n=4), gain(2.0 / math.sqrt(1.25))),
    ]


def products(run: int, method: str) -> list[tuple[Estimate, float]]:
    """A product of normals, nothing, and a discrete gain: knowing one factor is worth nothing
    besides the discrete one's 0.3 × 0.7; knowing both factors E|ab|/2 = 1/π."""
    simulation = OTHERS.sample(1024, seed=run, method=method)
    options = {"x": A * B, "y": 0.0, "z": C - 0.3}
    groups = {"factors": ["a", "b"], "one": ["a", "c"]} if method == "nets" else None
    found = gm.decision(options).evaluate(simulation, groups=groups)
    known = [(found.evppi["c"], 0.21), (found.evppi["a"], 0.0)]
    truths = {"factors": 1.0 / math.pi, "one": 0.21}
    return [*known, *((found.groups[name], truths[name]) for name in found.groups)]


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
@pytest.mark.parametrize("case", [normals, products])
def test_values_are_covered(
    case: Callable[[int, str], list[tuple[Estimate, float]]],
    method: str,
    watch: Callable[..., Any],
) -> None:
    assert watch(bounded=False).over(lambda run: case(run, method)) == ""


def test_a_quarter_of_the_error_is_told_from_it(watch: Callable[..., Any]) -> None:
    assert "too narrow" in watch(bounded=False).over(lambda run: normals(run, "nets"), 0.25)
