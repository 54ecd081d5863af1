"""f: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.f import F, f
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (4.0, 10.0),
        (1.0, 1.0),
        (2.0, 3.0),
        (100.0, 5.0),
        (3.0, 1e4),
        (1e3, 1e3),
        (2.0, 6.0),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    reference = stats.f(*at)
    check_family(F(), at, reference=reference)


def test_degrees_of_freedom() -> None:
    assert parameters(f(df1=4, df2=10)) == [4.0, 10.0]


def test_df_may_be_a_quantity() -> None:
    assert np.isfinite(f(df1=f(df1=4, df2=10), df2=7).sample(64).values).all()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((4,), {}, "f takes (df1=, df2=); got df1"),
        ((), {"df1": 0, "df2": 1}, "f: df1 is 0; it must be above 0"),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        f(*arguments, **options)
    assert message in str(caught.value)
