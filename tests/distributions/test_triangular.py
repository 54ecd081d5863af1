"""triangular: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.triangular import Triangular, triangular
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (0.0, 0.5, 1.0),
        (1.0, 3.0, 9.0),
        (1.0, 1.0, 2.0),
        (1.0, 2.0, 2.0),
        (-5.0, -1.0, 0.0),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    reference = stats.triang((at[1] - at[0]) / (at[2] - at[0]), at[0], at[2] - at[0])
    check_family(Triangular(), at, reference=reference)


def test_bounds_and_mode() -> None:
    assert parameters(triangular(1, 9, mode=3)) == [1.0, 3.0, 9.0]


def test_the_mode_is_the_midpoint_if_left_out() -> None:
    assert parameters(triangular(1, 9)) == [1.0, 5.0, 9.0]


def test_a_mode_on_a_bound_leaves_that_bound_in_order() -> None:
    family = Triangular()
    x = np.array([1.0, 2.0])
    assert family.pdf(x, 1.0, 2.0, 2.0).tolist() == [0.0, 2.0]
    assert family.pdf(x, 1.0, 1.0, 2.0).tolist() == [2.0, 0.0]
    assert family.cdf(x, 1.0, 2.0, 2.0).tolist() == [0.0, 1.0]
    assert family.sf(x, 1.0, 1.0, 2.0).tolist() == [1.0, 0.0]


def test_a_mode_may_be_a_quantity() -> None:
    made = triangular(1, 9, "USD", mode=triangular(2, 4, "USD"))
    assert [each.kind for each in made.parameters] == ["constant", "derived", "constant"]
    assert np.isfinite(made.sample(64).values).all()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((2, 1), {}, "low (2) lies above high (1); swap them"),
        ((3, 3), {}, "for a known value write gm.constant(3)"),
        ((1, 9), {"mode": 10}, "the mode lies outside low to high; write"),
        ((1, 9), {"mode": 0}, "the mode lies outside low to high"),
        ((1, 3, 9), {}, "the unit is text such as 'USD/day', not 9; write the mode as mode=…"),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        triangular(*arguments, **options)
    assert message in str(caught.value)
