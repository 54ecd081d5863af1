"""Conversions round as little as floats allow."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guessmodel.units import Conversion, conversion, parse

RATIOS = st.builds(Fraction, st.integers(1, 2**53), st.integers(1, 2**53))


@given(RATIOS, st.integers(-(2**20), 2**20))
def test_a_conversion_is_its_ratio_up_to_two_roundings(ratio: Fraction, x: int) -> None:
    exact = x * ratio
    got = Conversion.by(ratio).apply(float(x))
    assert abs(Fraction(got) - exact) <= abs(exact) * Fraction(1, 2**52) * Fraction(11, 10)


@given(st.integers(1, 2**53), st.integers(-(2**53), 2**53))
def test_dividing_by_a_whole_number_rounds_once(size: int, x: int) -> None:
    assert Conversion.by(Fraction(1, size)).apply(float(x)) == float(Fraction(x, size))


@given(RATIOS, st.floats(-1e9, 1e9))
def test_numbers_arrays_and_places_agree(ratio: Fraction, x: float) -> None:
    step = Conversion.by(ratio)
    array, out = np.array([x]), np.empty(1)
    step.write(array, out)
    assert step.apply(array)[0] == step.apply(x) == out[0]
    assert step.undo(step.apply(x)) == pytest.approx(x, rel=1e-15)
    step.write(array, array)
    assert array[0] == out[0]


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("g", "kg", Conversion(1.0, 1000.0)),
        ("kg", "g", Conversion(1000.0)),
        ("month", "day", Conversion(365.0, 12.0)),
        ("FLOP", "YFLOP", Conversion(1.0, 1e24)),
        ("YFLOP", "FLOP", Conversion(1e24)),
        ("km**0.5", "m**0.5", Conversion(1e3**0.5)),
    ],
)
def test_whole_numbers_stay_apart(source: str, target: str, expected: Conversion) -> None:
    assert conversion(parse(source), parse(target)) == expected


def test_ratios_beyond_whole_floats_are_one_float() -> None:
    assert Conversion.by(Fraction(10**24, 7)) == Conversion(1e24 / 7)
    assert Conversion.by(Fraction(1, 10**310)).factor == 1e-310
