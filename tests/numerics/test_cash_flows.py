"""Rates of return and payback of arrays, against what the flows are made from."""

import numpy as np
import pytest

from guessmodel.numerics.cash_flows import internal_rate, periods_to_nought


@pytest.mark.parametrize("rate", [-0.3, -0.05, 0.0, 1e-6, 0.07, 3.0, 1e4])
def test_the_rate_of_a_loan_is_the_one_it_was_made_with(rate: float) -> None:
    """100 now, 5 and 9 later, and after three periods what they have left of it at that rate."""
    rest = -(-100.0 * (1 + rate) ** 3 + 5.0 * (1 + rate) ** 2 + 9.0 * (1 + rate))
    found = internal_rate(*map(np.array, (-100.0, 5.0, 9.0, rest)))
    assert float(found) == pytest.approx(rate, rel=1e-9, abs=1e-9)


def test_of_several_rates_the_one_nearest_to_0() -> None:
    """(x - 1.1)(x - 1.3) of x = 1 + r: 0.1 and 0.3; none of what is always above 0."""
    first, middle, last = np.array([1.0, 1.0]), np.array([-2.4, 2.4]), np.array([1.43, 1.43])
    found = internal_rate(first, middle, last)
    assert found[0] == pytest.approx(0.1, rel=1e-9)
    assert np.isnan(found[1])


def test_arrays_are_broadcast() -> None:
    flows = np.array([[-100.0], [-50.0]]), np.array([60.0, 120.0])
    assert internal_rate(*flows) == pytest.approx(np.array([[-0.4, 0.2], [0.2, 1.4]]))
    assert periods_to_nought(*flows).shape == (2, 2)


def test_payback_within_a_period() -> None:
    """-90 + 40 + 40 leaves 10 of the third 40: a quarter of that period. What is paid back at the
    start needs none, and what never is has none."""
    start = np.array([-90.0, -80.0, 5.0, -130.0])
    found = periods_to_nought(start, *(np.array([40.0]) for _ in range(3)))
    assert found[:3].tolist() == [2.25, 2.0, 0.0]
    assert np.isnan(found[3])
