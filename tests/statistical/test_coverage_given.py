"""Measured coverage of statistics under a condition.

Nominal 90%; at least 85% is asked for, with a false-alarm probability of 1e-6 for each test. True
values are those of the bivariate normal distribution.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
from scipy import integrate, optimize, stats

import guessmodel as gm
from guessmodel.testing import assert_coverage

X, Y = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
MODEL = gm.Model(x=X, y=Y, z=0.6 * X + 0.8 * Y)
ABOVE = stats.norm.pdf(1) / stats.norm.sf(1)


def share_above(t: float) -> float:
    """P(z > t | x > 1): the integral over x of the conditional one."""
    inner = integrate.quad(
        lambda x: stats.norm.pdf(x) * stats.norm.sf((t - 0.6 * x) / 0.8), 1.0, 12.0
    )
    return float(inner[0] / stats.norm.sf(1))


MEDIAN = optimize.brentq(lambda t: share_above(t) - 0.5, -1.0, 3.0)
# Var(z | x > 1) = 0.64 + 0.36 Var(x | x > 1), of which the last is 1 + a - a² with a the mean.
SD = (0.64 + 0.36 * (1 + ABOVE - ABOVE**2)) ** 0.5
VARIANCE = 1 + ABOVE - ABOVE**2  # of x
ROWS = {
    "mean": (lambda s: s["z"].mean(), 0.6 * ABOVE),
    "sd": (lambda s: s["z"].sd(), SD),
    "median": (lambda s: s["z"].median(), MEDIAN),
    "exceedance": (lambda s: s["z"].exceedance(1.5), share_above(1.5)),
    "covariance": (lambda s: s.covariance("x", "z"), 0.6 * VARIANCE),
    "correlation": (
        lambda s: s.correlations("x", "z", statistic="pearson").values["x", "z"],
        0.6 * VARIANCE**0.5 / SD,
    ),
}
Ask = Callable[[gm.Simulation], gm.Estimate]


@pytest.mark.parametrize("method", ["nets", "random"])
@pytest.mark.parametrize("name", ROWS)
def test_coverage(name: str, method: str) -> None:
    ask, true = ROWS[name]

    def estimate(seed: int) -> gm.Estimate:
        return ask(MODEL.sample(4096, seed=seed, method=method).given("x > 1"))

    assert_coverage(estimate, true, runs=150)


@pytest.mark.parametrize("name", ["mean", "median"])
def test_that_an_error_which_forgets_the_condition_is_caught(name: str) -> None:
    # All draws would have an error smaller by the root of the share, 0.4.
    ask, true = ROWS[name]

    def narrow(seed: int) -> gm.Estimate:
        one = ask(MODEL.sample(4096, seed=seed, method="random").given("x > 1"))
        low, high = (one.value + 0.4 * (end - one.value) for end in (one.low, one.high))
        return replace(one, low=low, high=high)

    with pytest.raises(AssertionError, match="coverage"):
        assert_coverage(narrow, true, runs=150)
