"""Estimates by integrating a draw out: how large their nets are, against closed forms."""

from __future__ import annotations

import math

import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.conditional.estimator import Conditional, conditional
from guessmodel.estimators.program import program_of
from guessmodel.graph.coordinates import Element

N = 1024


def made(
    quantity: gm.Quantity, method: str = "nets", size: int = N, most: int = 8 * N
) -> Conditional:
    program = program_of(gm.Model(y=quantity))
    found = conditional(program, Element(quantity, ()), method, 0, 8, size, most)
    assert found is not None
    return found


def size_of(estimator: Conditional) -> int:
    return estimator.net_size(estimator.integrations.middle.integration)


def normals(*sds: float) -> gm.Quantity:
    total = gm.normal(mean=0, sd=sds[0]) * 1.0
    for sd in sds[1:]:
        total = total + gm.normal(mean=0, sd=sd)
    return total


def test_a_draw_is_chosen_once_for_a_model() -> None:
    quantity = gm.lognormal(1, 9) + gm.lognormal(2, 3)
    program = program_of(gm.Model(y=quantity))
    element = Element(quantity, ())
    first, second = (conditional(program, element, "nets", s, 8, N, 8 * N) for s in (0, 1))
    assert first is not None and second is not None
    assert first.integrations is second.integrations is program.integrations[element]


@pytest.mark.parametrize("size", [1 << m for m in (9, 10, 13, 17)])
def test_nets_grow_with_the_root_of_the_run(size: int) -> None:
    """√(1024 N) of a run's N draws per replicate, all up to 1024, rounded down to a power of 2;
    all of them for independent draws and where most of the variance is left, and no more than may
    be spent."""
    few = normals(10, 1)
    wanted = min(size, 1 << math.floor(math.log2(math.sqrt(1024 * size))))
    assert size_of(made(few, size=size, most=1 << 30)) == wanted
    assert size_of(made(few, "random", size, 1 << 30)) == size
    assert size_of(made(normals(*[1.0] * 16), size=size, most=1 << 30)) == size
    assert size_of(made(few, size=size, most=8 * 300)) == min(256, size)


def test_the_least_share_goes_by_the_inputs() -> None:
    """The boundary of an event of d inputs cuts N^(1 - 1/d) of N boxes."""
    assert made(normals(3, 2)).least_share() == pytest.approx(min(1 / 3, N**-0.25))
    assert made(normals(3, 2, 1)).least_share() == pytest.approx(min(1 / 3, N ** (-0.5 / 3)))
    assert made(normals(3, 2), "lhs").least_share() == pytest.approx(1 / 3)


def test_a_comparison_has_a_probability_and_no_quantile() -> None:
    """P(3 Z + 2 Z' > 4) = Phi(-4/√13)."""
    sums = normals(3, 2)
    assert made(sums).probability() is None
    compared = made(sums > 4)
    assert compared.quantile(0.5, "") is None
    answer = compared.probability()
    assert answer is not None
    wanted = stats.norm.sf(4 / math.sqrt(13))
    assert abs(answer.estimate.value - wanted) < 3.0 * answer.estimate.error < 0.01


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_quantiles_of_a_sum_of_normals(method: str) -> None:
    found = made(normals(4, 3), method, 1 << 12, 1 << 20)
    for p in (0.01, 0.3, 0.5, 0.95):
        answer = found.quantile(p, "USD")
        assert answer is not None
        estimate = answer.estimate
        assert estimate.unit == "USD" and estimate.error > 0.0
        # Three times the half-width of a 90% interval is missed once in a million.
        assert abs(estimate.value - stats.norm.ppf(p, scale=5.0)) < 3.0 * estimate.error
        assert found.quantile(p, "USD") is answer


@pytest.mark.parametrize("p", [0.3, 0.5, 0.7])
def test_beside_what_hardly_ever_happens_quantiles_are_told_apart(p: float) -> None:
    """An event of probability e far off moves the quantile at p to that at p / (1 - e)."""
    event = 1e-9
    quantity = gm.normal(mean=0, sd=1) + 30 * gm.bernoulli(event)
    found = gm.Model(y=quantity).sample(8 * N, seed=3)["y"].quantile(p)
    true = float(stats.norm.ppf(p / (1 - event)))
    assert found.low <= true <= found.high
    moved = event / float(stats.norm.pdf(true))
    assert found.error < 6 * moved  # it was 20 to 40 times, where 1e-8 of the width is the finest
