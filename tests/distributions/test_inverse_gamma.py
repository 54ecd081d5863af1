"""inverse_gamma: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.inverse_gamma import InverseGamma, inverse_gamma
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (3.0, 4.0),
        (1.0, 1.0),
        (0.5, 10.0),
        (2.5, 1.0),
        (1e3, 1e-3),
        (1e5, 1.0),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    reference = stats.invgamma(at[0], scale=at[1])
    check_family(InverseGamma(), at, reference=reference)


@pytest.mark.parametrize(("low", "high"), [(1, 2), (1, 1.001), (1, 1e3), (1e-9, 1e9), (5, 10)])
def test_an_interval_is_the_5th_and_95th_percentile(low: float, high: float) -> None:
    shape, scale = parameters(inverse_gamma(low, high))
    made = stats.invgamma(shape, scale=scale)
    assert made.cdf(low) == pytest.approx(0.05, rel=1e-7)
    assert made.sf(high) == pytest.approx(0.05, rel=1e-7)


def test_mean_and_sd() -> None:
    shape, scale = parameters(inverse_gamma(mean=3, sd=2))
    made = stats.invgamma(shape, scale=scale)
    assert [made.mean(), made.std()] == pytest.approx([3.0, 2.0], rel=1e-12)


def test_shape_and_scale_may_be_quantities() -> None:
    made = inverse_gamma(shape=inverse_gamma(3, 4), scale=2)
    assert np.isfinite(made.sample(64).values).all()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((0, 5), {}, "inverse_gamma: low is 0, and every draw is above 0"),
        ((5, 1), {}, "swap them"),
        ((), {"shape": -2, "scale": 1}, "inverse_gamma: shape is -2; it must be above 0"),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        inverse_gamma(*arguments, **options)
    assert message in str(caught.value)
