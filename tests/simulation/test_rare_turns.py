"""What hardly any draw meets and nobody knows the probability of: excesses, comparisons of several
quantities with labels, in large models, that share draws with the rest. Against closed forms."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import integrate, stats
from turning import assert_told, excess, normal

import guessmodel as gm
from guessmodel.graph.quantity import Quantity
from guessmodel.simulation.model_run import ModelRun
from guessmodel.simulation.rare_turns import RareTurns
from guessmodel.simulation.shares_of_turns import OUT_OF_REACH
from guessmodel.testing import assert_true_value

N = 1 << 12


def of_normals() -> tuple[Quantity, float]:
    return gm.maximum(normal(1, 2) + normal(3, 1) - 14, 0), excess(-10, math.sqrt(5))


def times_a_share() -> tuple[Quantity, float]:
    """Of one draw beyond a limit, times another."""
    x = gm.lognormal(mu=0, sigma=1)
    beyond = math.exp(0.5) * stats.norm.sf(5 - 1) - math.exp(5) * stats.norm.sf(5)
    return gm.maximum(x - math.exp(5), 0) * gm.uniform(0, 1), beyond / 2


def of_gammas() -> tuple[Quantity, float]:
    total = gm.gamma(shape=2, scale=1) + gm.gamma(shape=3, scale=1)
    return gm.maximum(total - 28, 0), 5 * stats.gamma(6).sf(28) - 28 * stats.gamma(5).sf(28)


def of_a_shared_draw() -> tuple[Quantity, float]:
    """exp(L) where L > S: as if L were 1 larger (Girsanov), times its mean."""
    load, strength = normal(), normal(7, 0.6)
    ruin = gm.where(load > strength, gm.exp(load) * 1e12, 0.0)
    true = math.exp(0.5) * 1e12 * stats.norm.sf(6 / math.hypot(1, 0.6))
    return ruin + normal(15), true + 15


def of_labels() -> tuple[Quantity, float]:
    own, common = normal(dim={"i": range(4)}), normal()
    return gm.maximum(own + common - 6, 0).sum("i"), 4 * excess(-6, math.sqrt(2))


def of_signs() -> tuple[Quantity, float]:
    """E|X| - E X = 2 E max(-X, 0), times what is far more than the rest."""
    x = normal(3, 0.7) + normal(3, 0.7)
    return (gm.abs(x) - x) * 1e9, 2e9 * excess(-6, 0.7 * math.sqrt(2))


def of_counts() -> tuple[Quantity, float]:
    """With equality: P(N + M >= 16) of a Poisson number of mean 4."""
    return gm.where(gm.poisson(3) + gm.poisson(1) >= 16, 1e6, 0), 1e6 * stats.poisson(4).sf(15)


def of_whole_numbers() -> tuple[Quantity, float]:
    x = normal(0.35, 0.06) + normal(0.35, 0.06)
    p = stats.norm.sf(0.3 / 0.06 / math.sqrt(2))
    return gm.ceil(x) * 1.0, 1 + p - stats.norm.cdf(-0.7 / 0.06 / math.sqrt(2))


def of_both() -> tuple[Quantity, float]:
    a, b, c, d = (normal() for _ in range(4))
    p = stats.norm.sf(4 / math.sqrt(2)) * stats.norm.sf(4.5 / math.sqrt(2))
    return gm.where((a + b > 4) & (c - d > 4.5), 1e7, 0.0), 1e7 * p


def of_two_turns() -> tuple[Quantity, float]:
    a, b, c, d = (normal() for _ in range(4))
    true = excess(-6, math.sqrt(2)) + 100 * excess(-7, math.sqrt(2))
    return gm.maximum(a + b - 6, 0) + 100 * gm.maximum(c + d - 7, 0), true


def of_windows() -> tuple[Quantity, float]:
    """Within 1e-4 of each other, or near an end: two ways there, of which one is a thin sheet."""
    apart, near = normal() - normal(), gm.weibull(shape=1.5, scale=1)
    sheet = 2 * stats.norm.cdf(1e-4 / math.sqrt(2)) - 1
    end = -math.expm1(-((1e-4) ** 1.5))
    p = sheet + end - sheet * end
    return gm.where(gm.minimum(gm.abs(apart), near) < 1e-4, 1e4, 0), 1e4 * p


def of_what_another_turns() -> tuple[Quantity, float]:
    """A limit that only a rare jump exceeds."""
    load, strength = normal(), normal(7, 0.6)
    cost = gm.where(load > strength, 1e9, 0.0) + normal(10)
    p = stats.norm.sf(7 / math.hypot(1, 0.6))
    return gm.maximum(cost - 1e8, 0), p * (9e8 + 10)


def waiting() -> Quantity:
    """A gamma variable of shape 2, which comes near 0 and never below."""
    return gm.exponential(mean=1) + gm.exponential(mean=1)


def beyond(x: float) -> float:
    return stats.gamma(2).sf(x)


def of_whole_numbers_of_what_is_positive() -> tuple[Quantity, float]:
    true = 3e6 * (beyond(20) + beyond(40))
    x = waiting()
    return ((gm.ceil(x / 20) - 1) + x // 20 + gm.trunc(x / 20)) * 1e6, true


def of_whole_numbers_of_counts() -> tuple[Quantity, float]:
    """That are whole just where they turn."""
    count = gm.poisson(2) + gm.poisson(3)
    return gm.floor(count / 20) * 1e6, 1e6 * stats.poisson(5).sf([19, 39]).sum()


def of_figures() -> tuple[Quantity, float]:
    """To the nearest 100 USD."""
    x = waiting() * gm.constant(2.5, "USD")
    return gm.round(x, -2, to="USD") * 1e6, 1e8 * beyond(20)


def of_what_is_left() -> tuple[Quantity, float]:
    x = waiting()
    return (x - x % 20) * 1e6, 20e6 * (beyond(20) + beyond(40))


def of_a_sign() -> tuple[Quantity, float]:
    return (gm.sign(waiting() - 20) + 1) * 1e6, 2e6 * beyond(20)


def of_a_range_of_what_is_positive() -> tuple[Quantity, float]:
    x = waiting()
    return gm.where((x < 0) | (x > 20), 1e6, 0), 1e6 * beyond(20)


def of_a_guarded_divisor() -> tuple[Quantity, float]:
    """1 / max(X, 1e-9): mostly 1e9 where X < 0, and 1/X by an integral."""
    x = stats.norm(6, 0.8)
    inverse = [
        integrate.quad(lambda x_: x.pdf(x_) / x_, *ends, epsabs=0)[0]
        for ends in ((1e-9, 1e-3), (1e-3, 1), (1, 20))
    ]
    y = normal(3, 0.48) + normal(3, 0.64)
    return 1 / gm.maximum(y, 1e-9), 1e9 * x.cdf(1e-9) + sum(inverse)


CASES = [value for name, value in dict(globals()).items() if name.startswith(("of_", "times_"))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
@pytest.mark.parametrize("n", [N, 1 << 16])
def test_means(case: Callable[[], tuple[Quantity, float]], n: int) -> None:
    assert_told(*case(), n)


def test_spread_and_shape_of_an_excess() -> None:
    """Moments of max(X, 0), X normal of mean -10 and variance 5, by an integral."""

    def moment(k: int) -> float:
        density = stats.norm(-10, math.sqrt(5)).pdf
        return integrate.quad(lambda x: x**k * density(x), 0, 40, epsabs=0, epsrel=1e-10)[0]

    first, second, third, fourth = (moment(k) for k in range(1, 5))
    variance = second - first**2
    result = gm.Model(y=of_normals()[0]).sample(N)["y"]
    assert_true_value(result.sd(), math.sqrt(variance))
    skewness = (third - 3 * first * second + 2 * first**3) / variance**1.5
    assert_true_value(result.skewness(), skewness)
    kurtosis = fourth - 4 * first * third + 6 * first**2 * second - 3 * first**4
    assert_true_value(result.kurtosis(), kurtosis / variance**2)
    for found in (result.sd(), result.skewness(), result.kurtosis()):
        assert found.reliable
        assert found.error < 0.2 * found.value


def test_chances() -> None:
    load, strength = normal(), normal(7, 0.6)
    p = stats.norm.sf(7 / math.hypot(1, 0.6))
    result = gm.Model(y=load > strength, n=~(load > strength)).sample(N)
    assert_true_value(result["y"].probability(), p)
    assert result["y"].probability().relative_error < 0.1
    assert_true_value(result["n"].probability(), 1 - p)
    own, common = normal(dim={"i": range(4)}), normal()
    some = (own + common > 6).sum("i") > 0
    true, _ = integrate.quad(
        lambda y: stats.norm.pdf(y) * -math.expm1(4 * math.log1p(-stats.norm.sf(6 - y))), -9, 12
    )
    found = gm.Model(y=some).sample(N)["y"].probability()
    assert_true_value(found, true)
    assert found.error < 0.4 * true


def test_each_label_has_its_own_chance() -> None:
    """From 1e-5 at the first label to 6e-12 at the last, of draws with something in common. What
    is exact is rounded as its limit z is, by eps times z² of itself."""
    months = [f"m{k}" for k in range(10)]
    far = gm.constant({month: 6.0 + 0.4 * k for k, month in enumerate(months)}, dim="month")
    total = normal(dim={"month": months}) + normal()
    result = gm.Model(y=gm.maximum(total - far, 0), p=total > far).sample(N)
    for k, month in enumerate(months):
        mean = result["y"].sel(month=month).mean()
        chance = result["p"].sel(month=month).probability()
        for found, true in (
            (mean, excess(-6 - 0.4 * k, math.sqrt(2))),
            (chance, math.erfc((6 + 0.4 * k) / 2) / 2),
        ):
            assert found.reliable
            if found.is_exact:
                assert found.value == pytest.approx(true, rel=2e-14)
            else:
                assert_true_value(found, true)
            assert found.error < 0.25 * true


@pytest.mark.parametrize("noise", [0.0, 0.1])
@pytest.mark.parametrize("shifted", [False, True])
def test_a_label_that_is_much_rarer_than_another(noise: float, shifted: bool) -> None:
    """Be it known at which label an output depends on the turn, or not."""
    far = gm.constant({"a": 6.0, "b": 9.5}, dim="i")
    y = gm.maximum(normal(dim={"i": ["a", "b"]}) + normal() - far, 0) * 1e9
    if shifted:
        y = y.shift(i=1, fill=0.0) * 0.0 + y
    result = gm.Model(y=y + noise * normal()).sample(N)["y"]
    for label, distance in (("a", 6.0), ("b", 9.5)):
        found = result.sel(i=label).mean()
        assert found.reliable
        assert_true_value(found, 1e9 * excess(-distance, math.sqrt(2)))
        assert found.error < 0.5 * found.value


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_one_label_of_many_that_is_much_rarer(noise: float) -> None:
    names = [f"{k}" for k in range(80)]
    far = gm.constant({name: 5.5 if k else 9.0 for k, name in enumerate(names)}, dim="i")
    excesses = gm.maximum(normal(dim={"i": names}) + normal() - far, 0) * 1e12
    found = gm.Model(y=excesses + noise * normal()).sample(N)["y"].sel(i="0").mean()
    assert found.reliable
    assert_true_value(found, 1e12 * excess(-9.0, math.sqrt(2)))
    assert found.error < 0.5 * found.value


def test_in_a_model_of_many_quantities() -> None:
    """Where the graph is too large to look at each comparison by conditional Monte Carlo."""
    total: Quantity = gm.constant(0.0) * 1.0
    parts = [normal(0, 0.1, name=f"part {k}") for k in range(200)]
    for part in parts:
        total = total + part
    names = {f"part {k}": part for k, part in enumerate(parts)}
    y = gm.maximum(total - 7, 0) * 1e9
    found = gm.Model({**names, "y": y}).sample(N)["y"].mean()
    assert found.reliable
    assert_true_value(found, 1e9 * excess(-7, math.sqrt(2)))


def test_a_difference_of_versions() -> None:
    a, b = normal(1, 2, name="a"), normal(3, 1, name="b")
    old = gm.Model(a=a, b=b, y=gm.maximum(a + b - 14, 0))
    new = gm.Model(a=a, b=b, y=gm.maximum(a + b - 14.5, 0))
    (change,) = [each for each in old.compare(new).changes if each.name == "y"]
    found = change.difference["mean"]
    assert found is not None
    assert_true_value(found, excess(-10.5, math.sqrt(5)) - excess(-10, math.sqrt(5)))
    assert np.sign(found.low) == np.sign(found.high)


@pytest.mark.parametrize("seed", range(3))
def test_how_likely_each_label_may_be(seed: int) -> None:
    """A limit of its own probability: one label of a turn is not as likely as any of them."""
    far = [5.0, 6.0, 8.0, 20.0, 30.0]
    beyond = normal() + normal() - gm.constant(dict(enumerate(far)), dim="i")
    turns = RareTurns(ModelRun(gm.Model(y=gm.maximum(beyond, 0)), ("y",), "sobol", seed, N))
    likely = [turns.likely_at(0, turns.labels(0, "y", (i,))) for i in range(len(far))]
    assert all(p >= stats.norm.sf(x / math.sqrt(2)) for p, x in zip(likely, far, strict=True))
    assert likely[2] < 0.25 * turns.likely[0]
    assert max(likely[-2:]) <= OUT_OF_REACH


@pytest.mark.parametrize(("count", "far"), [(4, 0.1), (6, 0.5), (12, 1.6)])
def test_a_corner_of_bounded_draws(count: int, far: float) -> None:
    """All near their ends, where normal scores that are farther out are no nearer: E max(d - S, 0)
    of a sum of uniform numbers (Irwin-Hall) is d^(n + 1) / (n + 1)!, for d below 1; else less."""
    terms = (
        (-1) ** k * math.comb(count, k) * max(far - k, 0) ** (count + 1) for k in range(count + 1)
    )
    true = sum(terms) / math.factorial(count + 1)
    total = sum(gm.uniform(0, 1, name=f"u{k}") for k in range(count))
    y = gm.maximum(far - total, 0) / true + normal(0, 0.01)
    found = gm.Model(y=y).sample(N)["y"].mean()
    assert abs(found.value - 1.0) < 3 * found.error
    assert found.error < 0.5
