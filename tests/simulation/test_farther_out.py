"""What lies farther out than all draws of a run, against closed forms."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import integrate, special, stats

import guessmodel as gm
from guessmodel.estimators.estimate import Estimate

P = 1e-6
FAR = math.sqrt(2.0) * float(stats.norm.isf(P))
"""What the sum of two standard normal numbers exceeds with that probability."""


def two() -> tuple[gm.Quantity, gm.Quantity]:
    return gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)


def loss(*x: Any) -> Any:
    return np.where(sum(x) > FAR, 1e6, 0.0)


def own() -> tuple[gm.Quantity, float]:
    """A branch of a function of one's own."""
    return gm.apply(loss, *two()), 1e6 * P


def beside() -> tuple[gm.Quantity, float]:
    """The same beside what the draws tell."""
    return gm.apply(loss, *two()) + gm.normal(mean=20, sd=3), 20.0 + 1e6 * P


def among_many() -> tuple[gm.Quantity, float]:
    """Two of twenty draws decide."""
    draws = [gm.normal(mean=0, sd=1) for _ in range(20)]
    return gm.apply(lambda *x: loss(x[3], x[11]), *draws), 1e6 * P


def logistic() -> tuple[gm.Quantity, float]:
    a, b = two()

    def told(u: float) -> float:
        return float(special.expit(100 * (u - FAR)) * stats.norm(0, math.sqrt(2)).pdf(u))

    true = sum(integrate.quad(told, *ends)[0] for ends in ((FAR - 1, FAR), (FAR, FAR + 3)))
    return 1e6 / (1 + gm.exp(-100 * (a + b - FAR))), 1e6 * true


def power() -> tuple[gm.Quantity, float]:
    """A sum of two exponential numbers is a gamma one."""
    x = (gm.exponential(mean=1) + gm.exponential(mean=1)) / 16

    def told(u: float) -> float:
        return float(special.expit(200 * math.log(u / 16)) * stats.gamma(2).pdf(u))

    true = sum(integrate.quad(told, *ends)[0] for ends in ((12, 16), (16, 40)))
    return 1e6 * (1 - 1 / (1 + x**200)), 1e6 * true


def chosen() -> tuple[gm.Quantity, float]:
    """The third of three options is hardly ever the cheapest."""
    cost = gm.normal(mean={"a": 0.0, "b": 0.0, "c": 7.0}, sd=1, dim="option")

    def told(u: float) -> float:
        return float(stats.norm.pdf(u - 7) * stats.norm.sf(u) ** 2)

    true = integrate.quad(told, -10, 20, limit=200)[0]
    return gm.where(cost.idxmin("option") == "c", 1e6, 0.0), 1e6 * true


def yes_or_no() -> tuple[gm.Quantity, float]:
    return gm.apply(lambda x, y: 1e6 * x * (1 + y), gm.bernoulli(1e-6), gm.bernoulli(0.5)), 1.5


def counted() -> tuple[gm.Quantity, float]:
    """A sum of two Poisson numbers is one."""
    both = gm.poisson(1), gm.poisson(2)
    true = 1e6 * float(stats.poisson(3).sf(16))
    return gm.apply(lambda x, y: np.where(x + y > 16, 1e6, 0.0), *both), true


def beside_an_event(p: float) -> Callable[[], tuple[gm.Quantity, float]]:
    """Of known probability, whose loss is ten times as large."""

    def build() -> tuple[gm.Quantity, float]:
        return gm.apply(loss, *two()) + gm.bernoulli(p) * 1e7, 1e6 * P + 1e7 * p

    build.__name__ = f"beside_an_event_of_{p}"
    return build


def within_an_event() -> tuple[gm.Quantity, float]:
    return 1e6 * gm.bernoulli(1e-5) * gm.apply(loss, *two()), 10.0


CASES = [own, beside, among_many, logistic, power, chosen, yes_or_no, counted, within_an_event]
CASES += [beside_an_event(p) for p in (1e-6, 1e-4, 0.01)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_a_mean_that_no_draw_shows_is_told(
    case: Callable[[], tuple[gm.Quantity, float]], method: Any
) -> None:
    quantity, true = case()
    found = gm.Model(y=quantity).sample(4096, method=method)["y"].mean()
    assert found.reliable
    assert abs(found.value - true) < 3.0 * found.error
    assert found.error < 0.3 * true


@pytest.mark.parametrize("seed", range(3))
def test_a_turn_that_lies_farther_out_hides_nothing(seed: int) -> None:
    """The mean excess of a normal number of deviation s over 7 is s phi(7 / s) - 7 P(Z > 7 / s)."""
    a, b = two()
    sd = math.sqrt(2.0)
    excess = sd * float(stats.norm.pdf(7.0 / sd)) - 7.0 * float(stats.norm.sf(7.0 / sd))
    beyond = gm.maximum(a + gm.normal(mean=0, sd=1) - 7, 0) * 1e7
    y = gm.apply(loss, a, b) + beyond + gm.normal(mean=20, sd=3)
    found = gm.Model(y=y).sample(4096, seed=seed)["y"].mean()
    assert found.reliable
    assert abs(found.value - 20.0 - 1e6 * P - 1e7 * excess) < 3.0 * found.error
    assert found.error < 0.3


def test_other_statistics() -> None:
    """Of a yes or no of probability p beside a normal number."""
    result = gm.Model(y=beside()[0]).sample(4096)["y"]
    variance = 1e12 * P * (1.0 - P) + 9.0
    told = {
        math.sqrt(variance): result.sd(),
        1e18 * P / variance**1.5: result.skewness(),
        1e24 * P / variance**2: result.kurtosis(),
        20.0 + 3.0 * float(stats.norm.pdf(stats.norm.isf(0.05))) / 0.05 + 20 * 1e6 * P: (
            result.shortfall(0.95)
        ),
    }
    for true, found in told.items():
        assert found.reliable
        assert abs(found.value - true) < max(3.0 * found.error, 0.001 * true)


@pytest.mark.parametrize(("at", "width"), [(7.0, 3e-3), (6.0, 0.01), (3.0, 1e-3)])
def test_a_peak_of_a_quotient_is_told_or_marked(at: float, width: float) -> None:
    """A resonance, which the draws seldom come near, or hardly ever."""
    a, b = two()

    def told(u: float) -> float:
        return float(stats.norm(0, math.sqrt(2)).pdf(u) / (width**2 + (u - at) ** 2))

    ends = [at + side * width * 10.0**k for side in (-1, 1) for k in (-1, 0, 1, 2)]
    ends = sorted([-14.0, 14.0, *ends])
    true = sum(integrate.quad(told, *x, limit=200)[0] for x in pairwise(ends))
    y = 1 / (width**2 + (a + b - at) ** 2)
    for seed in range(8):
        found = gm.Model(y=y).sample(4096, seed=seed)["y"].mean()
        assert not found.reliable or abs(found.value - true) < 3.0 * found.error


def test_the_order_of_questions_does_not_matter() -> None:
    model = gm.Model(y=beside()[0], z=own()[0])

    def asked(*questions: tuple[str, str]) -> dict[tuple[str, str], Estimate]:
        simulation = model.sample(4096)
        return {each: getattr(simulation[each[0]], each[1])() for each in questions}

    questions = [(name, statistic) for name in "yz" for statistic in ("mean", "sd", "skewness")]
    first = asked(*questions)
    assert asked(*questions[::-1]) == first
    assert asked(questions[4]) == {questions[4]: first[questions[4]]}


def test_under_a_condition() -> None:
    """P(a + b > FAR, a > 0) / P(a > 0); another condition changes nothing."""
    (a, b), c = two(), gm.normal(mean=0, sd=1)
    simulation = gm.Model(y=gm.apply(loss, a, b), a=a, c=c).sample(4096)

    def told(u: float) -> float:
        return float(stats.norm.pdf(u) * stats.norm.sf(FAR - u))

    both = integrate.quad(told, 0, 12, limit=200)[0]
    for condition, true in ((a > 0, 2e6 * both), (c > 0, 1e6 * P)):
        found = simulation.given(condition)["y"].mean()
        assert found.reliable
        assert abs(found.value - true) < 3.0 * found.error


def test_of_labels_each_has_its_own() -> None:
    at = {"near": FAR / math.sqrt(2.0), "never": 1e3}
    x = gm.normal(mean=0, sd=1, dim={"at": list(at)})
    y = gm.apply(lambda x, far: np.where(x > far, 1e6, 0.0), x, gm.constant(at, dim="at"))
    result = gm.Model(y=y).sample(4096)["y"]
    near, never = result.sel(at="near").mean(), result.sel(at="never").mean()
    assert near.reliable
    assert abs(near.value - 1e6 * P) < 3.0 * near.error
    assert (never.value, never.error, never.reliable) == (0.0, 0.0, True)


def test_where_the_draws_there_tell_too_little_it_is_marked() -> None:
    """Any of 60 labels may be the one; from 59 to 60 the largest of 16 would be gone to."""
    many = {"i": range(60)}
    a, b = gm.normal(mean=0, sd=1, dim=many), gm.normal(mean=0, sd=1, dim=many)
    largest = (1e6 / (1 + gm.exp(-200 * (a + b - FAR)))).max("i") + gm.normal(mean=20, sd=3)
    found = gm.Model(y=largest).sample(4096)["y"].mean()
    assert found.note == "unreliable: draws farther out than those of the run decide it"


@pytest.mark.parametrize(
    "quantity",
    [
        gm.exp(gm.normal(mean=0, sd=1) + gm.uniform(0, 1)),
        gm.exp(-9 * (gm.normal(mean=0, sd=1) + gm.normal(mean=20, sd=1))),
        gm.lognormal(1, 30, dim={"i": range(40)}).max("i"),
    ],
)
def test_tails_that_go_on_are_told_by_their_draws(quantity: gm.Quantity) -> None:
    """The look changes nothing: what there is beyond is as nothing beside the error."""
    for seed in range(3):
        found = gm.Model(y=quantity).sample(4096, seed=seed)["y"]
        for estimate in (found.mean(), found.sd()):
            assert estimate.estimator != "stratified"
            assert "farther out" not in (estimate.note or "")


Z = np.linspace(-9.0, 14.0, 2301)
F, WEIGHTS = stats.norm.cdf(Z), stats.norm.pdf(Z) * (Z[1] - Z[0])
MU, SIGMA = math.log(30.0) / 2.0, math.log(30.0) / 2.0 / float(stats.norm.isf(0.05))
X = np.exp(MU + SIGMA * Z)
"""A lognormal number from 1 to 30, by its normal score; its means are sums with these weights."""


def hypotenuse() -> tuple[gm.Quantity, float, float]:
    mean = sum(w * np.sum(WEIGHTS * np.hypot(x, X)) for w, x in zip(WEIGHTS, X, strict=True))
    square = 2.0 * math.exp(2.0 * MU + 2.0 * SIGMA**2)
    both = gm.lognormal(1, 30), gm.lognormal(1, 30)
    return gm.apply(np.hypot, *both), mean, math.sqrt(square - mean**2)


def high_quantile() -> tuple[gm.Quantity, float, float]:
    """Of three: 0.2 of the second and 0.8 of the third, whose densities are those of order
    statistics."""
    second, third, both = 6.0 * F * (1.0 - F), 3.0 * F**2, 6.0 * np.cumsum(WEIGHTS * F * X)
    mean = np.sum(WEIGHTS * X * (0.2 * second + 0.8 * third))
    square = np.sum(WEIGHTS * X**2 * (0.04 * second + 0.64 * third) + 0.32 * WEIGHTS * X * both)
    three = gm.lognormal(1, 30, dim={"i": range(3)})
    return three.quantile(0.9, "i"), mean, math.sqrt(square - mean**2)


def corner() -> tuple[gm.Quantity, float, float]:
    """Nearly exp(100 (u + v - 3))."""
    mean = math.exp(-100.0) / 100.0**2
    square = math.exp(-200.0) / 200.0**2
    both = gm.uniform(0, 1) + gm.uniform(0, 1)
    return 1 / (1 + gm.exp(-100 * (both - 3))), mean, math.sqrt(square - mean**2)


@pytest.mark.parametrize("case", [hypotenuse, high_quantile, corner])
def test_tails_that_few_draws_decide(
    case: Callable[[], tuple[gm.Quantity, float, float]],
) -> None:
    """Where these are too few, others are aimed there."""
    quantity, mean, sd = case()
    told = 0
    for seed in range(4):
        found = gm.Model(y=quantity).sample(4096, seed=seed)["y"]
        for estimate, true in ((found.mean(), mean), (found.sd(), sd)):
            told += estimate.reliable
            assert not estimate.reliable or abs(estimate.value - true) < 4.0 * estimate.error
    assert told > 5


@pytest.mark.parametrize("sigma", [6.0, 9.0])
def test_a_deviation_that_is_farther_out_than_its_mean(sigma: float) -> None:
    """Of exp(s Z) the mean is made s deviations away, and the deviation twice as far. Points that
    are chosen for the mean know nothing of it."""
    z = [gm.normal(mean=0, sd=1) for _ in range(3)]
    heavy = gm.apply(lambda *z: np.exp(sigma * sum(z) / math.sqrt(3.0)), *z)
    true = math.exp(sigma**2 / 2) * math.sqrt(math.expm1(sigma**2))
    for seed in range(8):
        found = gm.Model(y=heavy).sample(4096, seed=seed)["y"].sd()
        assert not found.reliable or abs(found.value - true) < 3.0 * found.error


def test_a_function_that_fails_farther_out_is_left_alone() -> None:
    def checked(x: Any) -> Any:
        if np.any(np.abs(x) > 7.0):
            raise ValueError("out of its range")
        return np.abs(x)

    found = gm.Model(y=gm.apply(checked, gm.normal(mean=0, sd=1))).sample(4096)["y"].mean()
    assert found.reliable
    assert found.value == pytest.approx(math.sqrt(2.0 / math.pi), rel=0.01)
