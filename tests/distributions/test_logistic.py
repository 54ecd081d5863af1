"""logistic: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.logistic import Logistic, logistic
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (0.0, 1.0),
        (3.0, 1e-3),
        (-2.0, 1e6),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    reference = stats.logistic(*at)
    check_family(Logistic(), at, reference=reference)


def test_an_interval_is_the_5th_and_95th_percentile() -> None:
    made = stats.logistic(*parameters(logistic(8, 12)))
    assert made.ppf([0.05, 0.95]) == pytest.approx([8.0, 12.0], rel=1e-12)


def test_mean_and_sd() -> None:
    made = stats.logistic(*parameters(logistic(mean=3, sd=2)))
    assert [made.mean(), made.std()] == pytest.approx([3.0, 2.0], rel=1e-12)


def test_parameters_may_be_quantities() -> None:
    made = logistic(mean=logistic(0, 1), sd=2)
    assert np.isfinite(made.sample(64).values).all()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((12, 8), {}, "swap them"),
        ((), {"location": 0, "scale": 0}, "logistic: scale is 0; it must be above 0"),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        logistic(*arguments, **options)
    assert message in str(caught.value)
