"""exponential: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.exponential import Exponential, exponential
from guessmodel.distributions.parametrisation import constant
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (1.0,),
        (1e-9,),
        (3e7,),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    reference = stats.expon(scale=at[0])
    check_family(Exponential(), at, reference=reference)


def test_by_mean_or_by_rate() -> None:
    assert parameters(exponential(mean=4)) == [4.0]
    assert parameters(exponential(rate=4)) == [0.25]


def test_a_rate_brings_its_unit() -> None:
    assert str(exponential(rate=constant(2, "1/day")).unit) == "day"
    in_hours = exponential(rate=constant(2, "1/day"), unit="hour")
    assert in_hours.sample(64).mean().value == pytest.approx(12.0, rel=1e-9)


def test_the_mean_may_be_a_quantity() -> None:
    mean = exponential(mean=2, unit="day")
    made = exponential(mean=mean)
    assert str(made.unit) == "day"
    assert np.isfinite(made.sample(64).values).all()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((1, 5), {}, "exponential takes one of (mean=) or (rate=); got low, high"),
        ((5,), {}, "or (rate=); got low; write mean=5"),
        ((), {"rate": 0}, "exponential: rate is 0; it must be above 0"),
        ((), {"mean": -1}, "exponential: mean is -1; it must be above 0"),
        ((), {"mean": 1, "rate": 1}, "got mean, rate"),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        exponential(*arguments, **options)
    assert message in str(caught.value)
