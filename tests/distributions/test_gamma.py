"""gamma: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.gamma import Gamma, gamma
from guessmodel.distributions.parametrisation import constant
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (2.0, 3.0),
        (1.0, 1.0),
        (0.5, 10.0),
        (0.05, 1.0),
        (17.0, 1.0),
        (1e3, 1e-3),
        (1e5, 1.0),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    reference = stats.gamma(at[0], scale=at[1])
    check_family(Gamma(), at, reference=reference)


@pytest.mark.parametrize(("low", "high"), [(1, 2), (1, 1.1), (1, 1e3), (1e12, 1e14)])
@pytest.mark.parametrize(("p", "q"), [(0.05, 0.95), (0.01, 0.02), (0.98, 0.99), (1e-6, 0.5)])
def test_quantiles_are_met(low: float, high: float, p: float, q: float) -> None:
    shape, scale = parameters(gamma(quantiles={p: low, q: high}))
    made = stats.gamma(shape, scale=scale)
    assert made.cdf(low) == pytest.approx(p, rel=1e-7)
    assert made.sf(high) == pytest.approx(1 - q, rel=1e-7)


@pytest.mark.parametrize(
    ("low", "high"), [(5, 10), (1, 1.00001), (1, 1.001), (1e-9, 1e9), (1e-100, 1e100)]
)
def test_an_interval_is_the_5th_and_95th_percentile(low: float, high: float) -> None:
    shape, scale = parameters(gamma(low, high))
    made = stats.gamma(shape, scale=scale)
    assert [made.cdf(low), made.sf(high)] == pytest.approx([0.05, 0.05], rel=1e-7)


def test_mean_and_sd() -> None:
    shape, scale = parameters(gamma(mean=3, sd=2))
    made = stats.gamma(shape, scale=scale)
    assert [made.mean(), made.std()] == pytest.approx([3.0, 2.0], rel=1e-12)


def test_a_rate_is_the_inverse_of_a_scale_also_in_its_unit() -> None:
    assert parameters(gamma(shape=2, rate=4)) == [2.0, 0.25]
    per_hour = gamma(shape=2, rate=constant(4, "1/hour"))
    assert str(per_hour.unit) == "hour"
    in_days = gamma(shape=2, rate=constant(4, "1/hour"), unit="day")
    assert in_days.sample(64).mean().value == pytest.approx(0.5 / 24, rel=1e-9)


def test_shape_and_scale_may_be_quantities() -> None:
    shape, scale = gamma(shape=2, scale=1), gamma(1, 2, "USD")
    made = gamma(shape=shape, scale=scale)
    assert str(made.unit) == "USD"
    assert np.isfinite(made.sample(64).values).all()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (
            (0, 5),
            {},
            "gamma: low is 0, and every draw is above 0; write gm.normal(low, high)",
        ),
        ((5, 1), {}, "swap them"),
        (
            (1, 1.000000000000001),
            {},
            "gamma: found no shapes for 1 to 1, which are too close or too far apart",
        ),
        (
            (),
            {"shape": 2},
            (
                "gamma takes one of (low, high) or (quantiles={p: low, q: high}) or "
                "(mean=, sd=) or (shape=, scale=) or (shape=, rate=); got shape"
            ),
        ),
        ((), {"shape": 2, "rate": 0}, "gamma: rate is 0; it must be above 0"),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        gamma(*arguments, **options)
    assert message in str(caught.value)
