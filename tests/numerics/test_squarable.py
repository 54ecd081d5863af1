"""Powers of two by which numbers are divided before they are squared."""

import numpy as np
import pytest

from guessmodel.numerics.squarable import exponent, power_of


@pytest.mark.parametrize("size", [1e-310, 1e-200, 1e-61, 1e61, 1e200, 1.7e308])
def test_what_is_divided_is_near_1(size: float) -> None:
    for ends in ((0.0, size), (-size, 0.0), (-size, size)):
        assert 1.0 <= np.ldexp(size, -exponent(*ends)) < 2.0


@pytest.mark.parametrize("size", [0.0, 1e-60, 1.0, 1e60, np.inf])
def test_what_can_be_squared_stays(size: float) -> None:
    assert exponent(-size, size) == 0


def test_of_several_the_largest_decides() -> None:
    small, large = np.array([1e-200, np.nan]), np.array([np.inf, 1e-100])
    assert power_of(small, large) == power_of(large) == exponent(0.0, 1e-100)
    assert power_of(np.array([np.nan]), np.array([])) == 0
