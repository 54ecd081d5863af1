"""lognormal: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.lognormal import Lognormal, lognormal
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (0.0, 1.0),
        (3.0, 0.01),
        (-20.0, 4.0),
        (50.0, 0.3),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    reference = stats.lognorm(at[1], scale=np.exp(at[0]))
    check_family(Lognormal(), at, reference=reference)


def known(mu: float, sigma: float) -> Any:
    return stats.lognorm(sigma, scale=np.exp(mu))


def test_an_interval_is_the_5th_and_95th_percentile() -> None:
    made = known(*parameters(lognormal(5, 10)))
    assert made.ppf([0.05, 0.95]) == pytest.approx([5.0, 10.0], rel=1e-12)


def test_mean_and_sd_are_those_of_the_variable_itself() -> None:
    made = known(*parameters(lognormal(mean=3, sd=2)))
    assert [made.mean(), made.std()] == pytest.approx([3.0, 2.0], rel=1e-12)


def test_a_narrow_one_keeps_its_sd() -> None:
    _, sigma = parameters(lognormal(mean=1, sd=1e-9))
    assert sigma == pytest.approx(1e-9, rel=1e-12)


@pytest.mark.parametrize(
    ("mu", "sigma", "log_variance"),
    [(-1000.0, 27.0, -542.0), (-1000.0, 40.0, math.inf), (3.0, 30.0, math.inf)],
)
def test_a_variance_is_a_number_wherever_it_can_be(
    mu: float, sigma: float, log_variance: float
) -> None:
    """log Var = 2 mu + 2 sigma^2 + log(1 - exp(-sigma^2)), whose last term is below rounding."""
    assert math.log(Lognormal().variance(mu, sigma)) == pytest.approx(log_variance, rel=1e-12)


def test_a_bound_may_be_a_quantity() -> None:
    low = lognormal(1, 2)
    assert [each.kind for each in lognormal(low, low * 3).parameters] == ["derived", "derived"]


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (
            (0, 5),
            {},
            "lognormal: low is 0, and every draw is above 0; write gm.normal(low, high)",
        ),
        ((-1, 5), {}, "write gm.normal(low, high)"),
        ((5, 1), {}, "swap them"),
        ((), {"mean": -3, "sd": 1}, "lognormal: mean is -3; it must be above 0"),
        ((), {"mu": 0, "sigma": 0}, "lognormal: sigma is 0; it must be above 0"),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        lognormal(*arguments, **options)
    assert message in str(caught.value)
