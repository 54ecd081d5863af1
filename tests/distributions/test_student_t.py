"""student_t: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.student_t import StudentT, student_t
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (4.0, 0.0, 1.0),
        (1.0, 3.0, 2.0),
        (2.0, 0.0, 1.0),
        (0.7, 0.0, 1.0),
        (30.0, 1.0, 1.0),
        (2.5, 0.0, 1.0),
        (1e5, -4.0, 1e-3),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    reference = stats.t(*at)
    check_family(StudentT(), at, reference=reference)


def test_an_interval_goes_with_degrees_of_freedom() -> None:
    made = stats.t(*parameters(student_t(8, 12, df=3)))
    assert made.ppf([0.05, 0.95]) == pytest.approx([8.0, 12.0], rel=1e-12)
    made = stats.t(*parameters(student_t(quantiles={0.1: 8, 0.5: 12}, df=3)))
    assert made.ppf([0.1, 0.5]) == pytest.approx([8.0, 12.0], rel=1e-12)


def test_location_and_scale_are_standard_if_left_out() -> None:
    assert parameters(student_t(df=3)) == [3.0, 0.0, 1.0]
    assert parameters(student_t(df=3, location=5, scale=2)) == [3.0, 5.0, 2.0]


def test_parameters_may_be_quantities() -> None:
    df = student_t(100, 110, df=1000)
    assert np.isfinite(student_t(8, 12, df=df).sample(64).values).all()
    assert np.isfinite(student_t(df=3, location=df, scale=1).sample(64).values).all()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (
            (8, 12),
            {},
            (
                "student_t takes one of (low, high, df=) or (quantiles={p: low, q: "
                "high}, df=) or (df=[, location=, scale=]); got low, high"
            ),
        ),
        ((12, 8), {"df": 3}, "swap them"),
        ((8, 12), {"df": 0}, "student_t: df is 0; it must be above 0"),
        ((), {"df": 3, "location": 0, "scale": -1}, "student_t: scale is -1; it must be above 0"),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        student_t(*arguments, **options)
    assert message in str(caught.value)
