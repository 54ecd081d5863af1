"""weibull: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.weibull import Weibull, weibull
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (1.0, 1.0),
        (0.5, 10.0),
        (0.2, 1.0),
        (3.0, 5.0),
        (50.0, 2.0),
        (500.0, 1.0),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    reference = stats.weibull_min(at[0], scale=at[1])
    check_family(Weibull(), at, reference=reference)


def test_an_interval_is_the_5th_and_95th_percentile() -> None:
    shape, scale = parameters(weibull(5, 10))
    made = stats.weibull_min(shape, scale=scale)
    assert made.ppf([0.05, 0.95]) == pytest.approx([5.0, 10.0], rel=1e-12)


def test_the_variance_of_a_narrow_one() -> None:
    # For a large shape k, k log(x / scale) is a standard Gumbel variate of variance pi² / 6.
    shape = 1e8
    assert Weibull().variance(shape, 1.0) == pytest.approx(np.pi**2 / 6 / shape**2, rel=1e-7)


def test_parameters_may_be_quantities() -> None:
    low = weibull(1, 2)
    assert np.isfinite(weibull(low, low * 3).sample(64).values).all()
    assert np.isfinite(weibull(shape=low, scale=3).sample(64).values).all()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (
            (0, 5),
            {},
            "weibull: low is 0, and every draw is above 0; write gm.normal(low, high)",
        ),
        ((5, 1), {}, "swap them"),
        ((), {"shape": 0, "scale": 1}, "weibull: shape is 0; it must be above 0"),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        weibull(*arguments, **options)
    assert message in str(caught.value)
