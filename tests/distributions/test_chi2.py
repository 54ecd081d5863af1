"""chi2: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.chi2 import Chi2, chi2
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (1.0,),
        (2.0,),
        (4.0,),
        (100.0,),
        (1e4,),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    reference = stats.chi2(*at)
    check_family(Chi2(), at, reference=reference)


def test_degrees_of_freedom() -> None:
    assert parameters(chi2(df=4)) == [4.0]


def test_df_may_be_a_quantity() -> None:
    assert np.isfinite(chi2(df=chi2(df=4)).sample(64).values).all()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((), {}, "chi2 takes (df=); got nothing"),
        ((), {"df": 0}, "chi2: df is 0; it must be above 0"),
        ((), {"df": 3, "unit": "USD"}, "chi2 draws plain numbers, not USD"),
        ((), {"df": 3, "unit": "percent"}, "chi2 draws plain numbers, not percent"),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        chi2(*arguments, **options)
    assert message in str(caught.value)
