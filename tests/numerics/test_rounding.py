"""Whole numbers among floats: what is put right, and what must stay.

Expected values are Python's exact fractions of the decimal numbers as they are written.
"""

import math
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.numerics.rounding import DECIMAL, equal


def of(ufunc: np.ufunc, *numbers: float) -> float:
    out = np.empty(1)
    DECIMAL[ufunc](*(np.asarray([x]) for x in numbers), out=out)
    return float(out[0])


# Up to 6 digits each, so that a quotient's terms in the smaller decimal place have at most 12.
DECIMALS = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places),
    st.integers(-999_999, 999_999),
    st.integers(0, 6),
)
POSITIVE = DECIMALS.filter(lambda x: x > 0)


@given(DECIMALS, POSITIVE)
def test_quotients_and_remainders_are_those_of_the_decimal_numbers(x: Decimal, y: Decimal) -> None:
    a, b = Fraction(x), Fraction(y)
    assert of(np.floor_divide, float(x), float(y)) == a // b
    assert of(np.floor_divide, float(x), -float(y)) == a // -b
    assert of(np.remainder, float(x), float(y)) == pytest.approx(float(a % b), abs=1e-9)
    assert of(np.fmod, float(x), float(y)) == pytest.approx(float(x % y), abs=1e-9)


FUNCTIONS = [(np.floor, math.floor), (np.ceil, math.ceil), (np.trunc, math.trunc), (np.rint, round)]


@given(DECIMALS, POSITIVE, st.sampled_from(FUNCTIONS))
def test_products_and_quotients_are_rounded_as_the_decimal_numbers(x, y, functions) -> None:
    ours, exact = functions
    assert of(ours, float(x) * float(y)) == exact(Fraction(x) * Fraction(y))
    assert of(ours, float(x) / float(y)) == exact(Fraction(x) / Fraction(y))


@given(DECIMALS, st.integers(-4, 4))
def test_round_to_digits_takes_halves_as_they_are_written(x: Decimal, digits: int) -> None:
    expected = x.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    got = gm.round(gm.constant(float(x)), digits).sample(8).values[0]
    assert got == float(expected)


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(1, 15))
def test_numbers_of_15_digits_keep_their_side(digits: int, places: int) -> None:
    x = Decimal(digits).scaleb(-places)
    for ours, exact in FUNCTIONS:
        assert of(ours, float(x)) == exact(Fraction(x))


@given(st.integers(-(2**53), 2**53), st.integers(1, 2**53))
def test_whole_numbers_are_divided_exactly(x: int, y: int) -> None:
    assert of(np.remainder, float(x), float(y)) == x % y
    assert of(np.floor_divide, float(x), float(y)) == float(x // y)


@pytest.mark.parametrize("ufunc", list(DECIMAL), ids=lambda ufunc: ufunc.__name__)
def test_special_numbers_are_numpys(ufunc: np.ufunc) -> None:
    special = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e308, -1e308, 5e-324, 2.0**52 + 0.5])
    arguments = np.meshgrid(*[special] * ufunc.nin)
    out = np.empty(arguments[0].shape)
    with np.errstate(all="ignore"):
        DECIMAL[ufunc](*arguments, out=out)
        np.testing.assert_array_equal(out, ufunc(*arguments))


@pytest.mark.parametrize("ufunc", list(DECIMAL), ids=lambda ufunc: ufunc.__name__)
def test_the_result_may_take_the_place_of_an_operand(ufunc: np.ufunc) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(0, 5, 64), rng.normal(0, 2, 64)
    expected = ufunc(*(x, y)[: ufunc.nin])
    for place in (x, y)[: ufunc.nin]:
        arrays = [x.copy(), y.copy()][: ufunc.nin]
        out = arrays[0] if place is x else arrays[1]
        DECIMAL[ufunc](*arrays, out=out)
        np.testing.assert_array_equal(out, expected)


def test_equal_ends_between_what_eight_roundings_do_and_a_digit() -> None:
    x = np.array([7.0])
    assert equal(x * (1 + 4 * 2.0**-52), x) and equal(x * (1 - 3 * 2.0**-52), x)
    assert not equal(x * (1 + 5 * 2.0**-52), x) and not equal(np.array([0.99999999999999]), x / 7)
    assert not equal(np.array([1e-300]), np.array([0.0]))
    assert equal(np.array([np.inf]), np.array([np.inf]))
    assert not equal(np.array([np.nan]), np.array([np.nan]))
