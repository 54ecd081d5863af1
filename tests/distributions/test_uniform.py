"""uniform: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.uniform import Uniform, uniform
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (0.0, 1.0),
        (-1.0, 0.0),
        (1e9, 1e9 + 1),
        (-3.0, 1e6),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    reference = stats.uniform(at[0], at[1] - at[0])
    check_family(Uniform(), at, reference=reference)


def test_the_bounds_are_those_of_the_support() -> None:
    assert parameters(uniform(2, 5)) == [2.0, 5.0]


def test_mean_and_sd_give_the_bounds() -> None:
    low, high = parameters(uniform(mean=3, sd=2))
    made = stats.uniform(low, high - low)
    assert [made.mean(), made.std()] == pytest.approx([3.0, 2.0], rel=1e-12)


def test_no_draw_leaves_the_bounds_by_rounding() -> None:
    # Where the width rounds up, low + width lies above high.
    assert 0.3 + (0.9 - 0.3) > 0.9
    top = np.array([1.0 - 2.0**-53, 1.0])
    assert np.all(Uniform().transform(top, 0.3, 0.9) <= 0.9)
    assert np.all(Uniform().ppf(top, 0.3, 0.9) <= 0.9)


def test_a_bound_may_be_a_quantity() -> None:
    low = uniform(0, 1)
    assert uniform(low, low + 1).kind == "draw"


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((2, 1), {}, "low (2) lies above high (1); swap them"),
        ((3, 3), {}, "for a known value write gm.constant(3)"),
        ((), {"mean": 1, "sd": 0}, "uniform: sd is 0; it must be above 0"),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        uniform(*arguments, **options)
    assert message in str(caught.value)
