"""double_triangular: its formulas and messages; SciPy's triangles are the independent method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.double_triangular import DoubleTriangular, double_triangular
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (0.0, 0.5, 1.0, 0.5),
        (0.0, 4.0, 10.0, 0.76),
        (-1.0, -0.01, 0.0, 0.1),
        (1e6, 2e6, 9e6, 0.5),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    check_family(DoubleTriangular(), at)


def test_either_side_is_a_triangle_of_its_probability() -> None:
    # Density 0.38 and 0.08 on either side of the mode: the example of Palisade's @RISK manual for
    # RiskDoubleTriang(0, 4, 10, 0.76).
    at = parameters(double_triangular(0, 10, mode=4, below=0.76))
    family = DoubleTriangular()
    assert family.pdf(np.nextafter(4.0, 0.0), *at) == pytest.approx(0.38)
    assert family.pdf(4.0, *at) == pytest.approx(0.08)
    left, right = stats.triang(1.0, 0.0, 4.0), stats.triang(0.0, 4.0, 6.0)
    x = np.linspace(-1.0, 11.0, 25)
    assert family.cdf(x, *at) == pytest.approx(0.76 * left.cdf(x) + 0.24 * right.cdf(x))
    mean = 0.76 * left.mean() + 0.24 * right.mean()
    assert family.mean(*at) == pytest.approx(mean)
    squares = 0.76 * left.moment(2) + 0.24 * right.moment(2)
    assert family.variance(*at) == pytest.approx(squares - mean**2)


def test_the_mode_is_the_median_if_nothing_is_said() -> None:
    at = parameters(double_triangular(0, 10, mode=4))
    assert DoubleTriangular().ppf(0.5, *at) == pytest.approx(4.0)
    assert parameters(double_triangular(0, 10)) == [0.0, 5.0, 10.0, 0.5]


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((2, 1), {}, "low (2) lies above high (1); swap them"),
        ((3, 3), {}, "for a known value write gm.constant(3)"),
        ((1, 9), {"mode": 10}, "the mode lies outside low to high; write"),
        ((1, 9), {"mode": 0}, "the mode lies outside low to high"),
        ((1, 3, 9), {}, "the unit is text such as 'USD/day', not 9; write the mode as mode=…"),
        (
            (0, 1),
            {"mode": 0},
            ("double_triangular: the mode lies on a bound; write gm.triangular(low, high, mode=…)"),
        ),
        (
            (0, 1),
            {"mode": 0.5, "below": 1},
            "double_triangular: below is 1; it must be below 1",
        ),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        double_triangular(*arguments, **options)
    assert message in str(caught.value)
