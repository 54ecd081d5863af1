"""pert: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.pert import Pert, pert
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (0.0, 0.5, 1.0, 4.0),
        (1.0, 3.0, 9.0, 4.0),
        (1.0, 1.0, 9.0, 4.0),
        (1.0, 9.0, 9.0, 2.0),
        (1.0, 3.0, 9.0, 0.1),
        (1.0, 3.0, 9.0, 1e4),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    reference = known(*at)
    check_family(Pert(), at, reference=reference)


def known(low: float, mode: float, high: float, weight: float) -> Any:
    width = high - low
    shapes = 1.0 + weight * (mode - low) / width, 1.0 + weight * (high - mode) / width
    return stats.beta(*shapes, low, width)


def test_the_mean_weighs_the_mode() -> None:
    assert Pert().mean(*parameters(pert(1, 9, mode=3))) == pytest.approx((1 + 4 * 3 + 9) / 6)
    heavier = parameters(pert(1, 9, mode=3, weight=10))
    assert Pert().mean(*heavier) == pytest.approx((1 + 10 * 3 + 9) / 12)


def test_the_mode_is_the_midpoint_if_left_out() -> None:
    assert parameters(pert(1, 9)) == [1.0, 5.0, 9.0, 4.0]


def test_a_bound_may_be_a_quantity() -> None:
    made = pert(pert(0, 1), 9, mode=3)
    assert np.isfinite(made.sample(64).values).all()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((2, 1), {}, "low (2) lies above high (1); swap them"),
        ((3, 3), {}, "for a known value write gm.constant(3)"),
        ((1, 9), {"mode": 10}, "the mode lies outside low to high; write"),
        ((1, 9), {"mode": 0}, "the mode lies outside low to high"),
        ((1, 3, 9), {}, "the unit is text such as 'USD/day', not 9; write the mode as mode=…"),
        ((1, 9), {"mode": 3, "weight": 0}, "pert: weight is 0; it must be above 0"),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        pert(*arguments, **options)
    assert message in str(caught.value)
