"""Covariance and correlation by parts, against closed forms."""

import math

import pytest

import guessmodel as gm

CORRELATIONS = {  # of X and Y, and what is true
    # Of a standard normal number E[x⁴] = 3 and E[x⁶] = 15.
    "cube": (lambda: (x := gm.normal(mean=0, sd=1), x**3), 3 / math.sqrt(15)),
    # Of an exponential one E[x^k] = k!.
    "square": (lambda: (x := gm.exponential(mean=3), x**2), 4 / math.sqrt(20)),
    "falls": (lambda: (x := gm.uniform(0, 1), -(x**2)), -math.sqrt(15) / 4),
    "even": (lambda: (x := gm.normal(mean=0, sd=1), x**2), 0.0),
    "sum": (lambda: ((x := gm.normal(mean=1, sd=2)), x + gm.normal(mean=5, sd=1)), 2 / 5**0.5),
    "same": (lambda: (x := gm.lognormal(mu=0, sigma=1), 3 * x + 7), 1.0),
}


@pytest.mark.parametrize("case", CORRELATIONS)
def test_correlations_are_exact(case: str) -> None:
    build, true = CORRELATIONS[case]
    x, y = build()
    found = gm.Model(x=x, y=y).sample(256).correlation("x", "y")
    assert found.is_exact
    assert found.value == pytest.approx(true, abs=1e-9)
    assert -1.0 <= found.value <= 1.0
    assert bool(found.value) == bool(true)


def test_a_covariance_has_the_units_of_both() -> None:
    """Of an exponential x and its square 3! - 1! 2! = 4, times 30 USD and 900 USD²."""
    x = gm.exponential(mean=30, unit="USD")
    run = gm.Model(x=x, y=x**2, t=gm.normal(10, 20, "degC")).sample(256)
    found = run.covariance("x", "y")
    assert (found.value, found.unit) == (pytest.approx(4 * 30.0**3), "USD**3")
    assert found.is_exact
    warmer = run.covariance("t", "t")
    assert (warmer.value, warmer.unit) == (
        pytest.approx((10 / 3.289707) ** 2, rel=1e-6),
        "delta_degC**2",
    )


def test_far_draws_are_told_by_others_that_go_farther() -> None:
    """Of exp(a) exp(b) and exp(a), E[XY] = E[exp(2a)] E[exp(b)]; parts share a draw."""
    a, b = gm.lognormal(mu=0, sigma=1), gm.lognormal(mu=0, sigma=1)
    run = gm.Model(a=a, ab=a * b).sample(4096)
    var_a, var_ab = math.e * (math.e - 1), math.e**2 * (math.e**2 - 1)
    covariance = math.sqrt(math.e) * var_a
    found = run.correlation("a", "ab")
    true = covariance / math.sqrt(var_a * var_ab)
    assert abs(found.value - true) < 4 * found.error < 4e-4
    assert found.reliable
    found = run.covariance("a", "ab")
    assert abs(found.value - covariance) < 4 * found.error < 0.02 * covariance


def test_that_a_deviation_is_not_known_is_part_of_the_error() -> None:
    """What is the same but for a value that no draw has: the deviation of one is known, that of
    the other is told by draws, so that the ratio of both is off."""
    a = gm.sum_of(9, gm.exponential(mean=1.575))
    model = gm.Model(a=a, b=gm.where(a > 0.5, a, -2.5))
    for seed in range(20):
        found = model.sample(1024, seed=seed).correlation("a", "b")
        assert found.low <= 1.0 <= found.high + 1e-12 or found.note


def test_what_draws_alone_tell_of_far_ones_is_marked() -> None:
    """Of so many pairs none is told by draws of its own."""
    x = [gm.lognormal(mu=0, sigma=1) for _ in range(40)]
    top = {f"y{k}": gm.maximum(x[k] * x[k - 1], x[k - 2]) for k in range(40)}
    run = gm.Model(**top).sample(4096)
    many = run.correlations(*top, statistic="pearson")
    assert many["y3", "y4"].note is not None
    few = run.correlation("y3", "y4")
    assert few.reliable
    assert abs(few.value - many["y3", "y4"].value) < 0.5


def test_draws_that_are_lost_are_left_out() -> None:
    x = gm.uniform(-1, 1)
    found = gm.Model(x=x, y=gm.sqrt(x)).sample(1024).correlation("x", "y")
    # √x on (0, 1): Cov = 2/5 - 1/3, V(x) = 1/12, V(√x) = 1/18
    assert found.value == pytest.approx((2 / 5 - 1 / 3) * math.sqrt(12 * 18), abs=0.01)
    assert not found.is_exact
