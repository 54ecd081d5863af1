"""Whether searches come where turns are taken, of what is usual in models: positive draws, of which
one is hardly ever the larger, and a comparison of them that is written in many ways. Searches by
how far draws are from it told some of these a hundredth, without a mark. Against closed forms."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import integrate, stats
from turning import normal

import guessmodel as gm
from guessmodel.graph.quantity import Quantity
from guessmodel.simulation.turned_draws import _tells
from guessmodel.testing import assert_true_value

N = 1 << 12


def other() -> Quantity:
    return gm.lognormal(mu=4, sigma=0.4)


FORMS: dict[str, Callable[[Quantity, Quantity], Quantity]] = {
    "compared": lambda price, wage: price > wage,
    "the other way": lambda price, wage: wage <= price,
    "a difference": lambda price, wage: wage - price < 0,
    "a sum of them": lambda price, wage: price / 2 - (wage - price / 2) > 0,
    "an excess": lambda price, wage: gm.maximum(price - wage, 0) > 0,
    "the smaller one": lambda price, wage: gm.minimum(price, wage) >= wage,
    "a sign": lambda price, wage: gm.sign(-wage + price) > 0,
    "times another": lambda price, wage: (wage - price) * other() < 0,
    "by another": lambda price, wage: (wage - price) / other() < 0,
    "twice, with others": lambda price, wage: (wage - price) * other() + (wage - price) < 0,
    "the smaller of two": lambda price, wage: gm.minimum(wage - price, wage / 2) < 0,
    "clipped": lambda price, wage: gm.clip(wage - price, -5, 10) < 0,
    "the larger of two": lambda price, wage: gm.maximum(price - wage, price - 2 * wage) > 0,
    "an excess times another": lambda price, wage: gm.maximum((price - wage) * other(), 0) > 0,
    "a power of it": lambda price, wage: gm.exp((price - wage) / 10) > 1,
    "of labels": lambda price, wage: (
        ((wage - price) * gm.constant({"a": 1.0, "b": 0.9}, dim="i")).sum("i") < 0
    ),
    "nearly always equal": lambda price, wage: gm.abs(wage - price) > wage - price,
    "after tax": lambda price, wage: gm.where(wage > price, (wage - price) * 0.7, wage - price) < 0,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(2))
def test_positive_draws(form: str, seed: int) -> None:
    """Products of lognormals, whose logarithms are normal. By their difference those draws are
    nearest of which the wage is near 0, and from there no way leads to a higher price: half of the
    runs told a hundredth of what it is, without a mark."""
    price = math.prod(gm.lognormal(mu=0, sigma=0.5, name=f"{k}") for k in range(5))
    wage = gm.lognormal(mu=6, sigma=0.33, name="wage")
    y = gm.where(FORMS[form](price, wage), 1e6, 0.0) * gm.uniform(0, 2) + normal(0, 0.01)
    found = gm.Model(y=y).sample(N, seed=seed)["y"].mean()
    true = 1e6 * stats.norm.sf(6.0 / math.sqrt(5 * 0.5**2 + 0.33**2))
    assert found.reliable
    assert_true_value(found, true)
    assert found.error < 0.2 * true


def test_sums_of_positive_draws() -> None:
    """Of gammas of one scale: X / (X + Y) is a beta variable."""
    cost = gm.gamma(shape=1, rate=1) + gm.gamma(shape=2, rate=1)
    income = gm.gamma(shape=20, rate=1) + gm.gamma(shape=12, rate=1)
    hit = gm.where(income - cost < 0, 1e6, 0.0) * gm.uniform(0, 2) + normal(0, 0.01)
    found = gm.Model(y=hit).sample(N)["y"].mean()
    true = 1e6 * stats.beta(3, 32).sf(0.5)
    assert found.reliable
    assert_true_value(found, true)
    assert found.error < 0.2 * true


def test_numbers_that_may_be_negative_after_all() -> None:
    """All draws of a run are positive, and one side may be below 0 farther out."""
    one, other = normal(3, 0.5), normal(8, 0.8)
    hit = gm.where(one > other, 1e6, 0.0) * gm.uniform(0, 2) + normal(0, 0.01)
    found = gm.Model(y=hit).sample(N)["y"].mean()
    true = 1e6 * stats.norm.sf(5 / math.hypot(0.5, 0.8))
    assert found.reliable
    assert_true_value(found, true)
    assert found.error < 0.2 * true
    assert np.isfinite(found.value)


def in_a_window_by_a_product() -> tuple[Quantity, float]:
    """Which no formula tells to be one: x (5 - x) + y / 50 > 6.2, within a root of 2.5."""
    x, y = normal(0, 0.5), normal()

    def within(at: float) -> float:
        reach = math.sqrt(max(0.05 + at / 50, 0.0))
        return float(stats.norm.sf((2.5 - reach) / 0.5) - stats.norm.sf((2.5 + reach) / 0.5))

    true, _ = integrate.quad(lambda at: stats.norm.pdf(at) * within(at), -2.5, 8, limit=400)
    return x * (5 - x) + y / 50 > 6.2, true


def in_a_ring() -> tuple[Quantity, float]:
    """Of two normal scores: the sum of their squares is within 29 and 31."""
    a, b = normal(), normal()
    square = a * a + b * b
    return square * (60 - square) > 899, float(stats.chi2(2).sf(29) - stats.chi2(2).sf(31))


@pytest.mark.parametrize("window", [in_a_window_by_a_product, in_a_ring])
@pytest.mark.parametrize("seed", range(2))
def test_windows_that_a_spread_leads_past(
    window: Callable[[], tuple[Quantity, float]], seed: int
) -> None:
    """Of the first, points by a spread tell a thousandth; a run that is aimed at them is right."""
    hit, p = window()
    y = gm.where(hit, 1e9, 0.0) * gm.uniform(0, 2) + normal(0, 0.01)
    found = gm.Model(y=y).sample(N, seed=seed)["y"].mean()
    assert found.reliable
    assert_true_value(found, 1e9 * p)
    assert found.error < 0.2 * 1e9 * p


def test_an_aimed_run_may_tell_more_than_the_points_but_not_less() -> None:
    """Of a window points lose a part on the way; of a thin sheet they are too few to aim at."""
    random = np.random.default_rng(0)
    weights = np.where(random.uniform(size=(8, 1024)) < 0.5, 2e-6, 0.0)  # a chance of 1e-6
    shares = random.uniform(0.5, 1.5, size=8)
    assert _tells(weights, 1e-6 * shares)
    assert _tells(weights, 1e-9 * shares)
    assert not _tells(weights, 1e-4 * shares)
