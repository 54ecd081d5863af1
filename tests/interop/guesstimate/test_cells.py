"""The text grammar of cells: each row of the specification."""

import math

import pytest

from guessmodel.interop.guesstimate.cells import (
    Data,
    Formula,
    Nothing,
    Point,
    Proportion,
    Range,
    value_of,
)
from guessmodel.interop.guesstimate.refusals import Refused


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("-5", -5),
        (" 5 ", 5),
        ("0.5", 0.5),
        (".5", 0.5),
        ("-.5", -0.5),
        ("1,234", 1234),
        ("5%", 0.05),
        ("5 %", 0.05),
        ("1K", 1e3),
        ("2.5M", 2.5e6),
        ("3B", 3e9),
        ("4T", 4e12),
        ("4 T", 4e12),
        ("1,234K", 1234e3),
        ("007", 7),
    ],
)
def test_numbers(text: str, number: float) -> None:
    assert value_of(text, (), "") == Point(number, number)


@pytest.mark.parametrize(
    ("text", "meant", "original"),
    [("1,000,000", 1e6, 1000), ("12,345,678", 12345678, 12345), ("1,000,000K", 1e9, 1e6)],
)
def test_numbers_that_guesstimate_reads_up_to_their_second_comma(
    text: str, meant: float, original: float
) -> None:
    assert value_of(text, (), "") == Point(meant, original)


@pytest.mark.parametrize("text", ["2 to 8", "2..8", "2->8", "2:8", "[2,8]", " [ 2 , 8 ] ", "2to8"])
def test_separators_of_ranges(text: str) -> None:
    assert value_of(text, (), "") == Range("lognormal", Point(2, 2), Point(8, 8))


@pytest.mark.parametrize(
    ("text", "kind", "family"),
    [
        ("2 to 8", "", "lognormal"),
        ("2 to 8", "LOGNORMAL", "lognormal"),
        ("2 to 8", "NORMAL", "normal"),
        ("2 to 8", "UNIFORM", "uniform"),
        ("2 to 8", "FUNCTION", "lognormal"),
        ("2 to 8", "POINT", "lognormal"),
        ("0 to 8", "", "normal"),
        ("0 to 8", "LOGNORMAL", "normal"),
        ("-2 to 8", "", "normal"),
        ("-2 to 8", "UNIFORM", "uniform"),
        ("-8 to -2", "", "normal"),
    ],
)
def test_the_family_of_a_range_is_its_stored_one_or_goes_by_its_low_end(
    text: str, kind: str, family: str
) -> None:
    value = value_of(text, (), kind)
    assert isinstance(value, Range) and value.family == family


def test_ranges_in_other_numbers() -> None:
    assert value_of("1K to 2M", (), "") == Range("lognormal", Point(1e3, 1e3), Point(2e6, 2e6))
    assert value_of("5% to 10%", (), "") == Range("lognormal", Point(0.05, 0.05), Point(0.1, 0.1))
    assert value_of("[1,234]", (), "") == Range("lognormal", Point(1, 1), Point(234, 234))
    assert value_of("[1,000, 2,000]", (), "") == Range(
        "lognormal", Point(1000, 1000), Point(2000, 2000)
    )


@pytest.mark.parametrize("sign", ["±", "+-", "-+", " ± "])
def test_historic_ranges(sign: str) -> None:
    assert value_of(f"5{sign}2", (), "") == Range("normal", Point(3, 3), Point(7, 7))


@pytest.mark.parametrize("text", ["3 of 10", "3 in 10", "3of10"])
def test_proportions(text: str) -> None:
    assert value_of(text, (), "") == Proportion(Point(3, 3), Point(10, 10))


def test_text_wins_over_data_and_data_over_nothing() -> None:
    assert value_of("=1", (1.0, 2.0), "DATA") == Formula("=1")
    assert value_of("5", (1.0, 2.0), "DATA") == Point(5, 5)
    assert value_of("", (1.0, 2.0), "DATA") == Data((1, 2))
    assert value_of(" ", (1.0,), "NORMAL") == Data((1,))
    assert value_of("", (), "DATA") == Nothing()
    with pytest.raises(Refused):
        value_of("five", (1.0, 2.0), "DATA")


@pytest.mark.parametrize(
    ("text", "reason", "column"),
    [
        ("1e6", "Guesstimate has no 1e6; write 1M or 1000000", 1),
        ("5k", "K, M, B and T in capitals only", 1),
        ("$5", "a currency has no place", 1),
        ("+5", "a number has no plus sign", 1),
        ("5.", "does not end in a point", 1),
        ("1,000.5", "either commas or a decimal point", 1),
        ("5 apples", "no number, range, share or formula", 3),
        ("five", "no number, range, share or formula", 1),
        ("8 to 2", "the range starts above its end", 1),
        ("[8, 2]", "the range starts above its end", 2),
        ("5 ± -2", "the range starts above its end", 5),
        ("0 of 10", "which needs hits above 0", 1),
        ("10 of 10", "which needs hits above 0", 1),
        ("1" * 401, "401 characters", 400),
    ],
)
def test_what_is_refused(text: str, reason: str, column: int) -> None:
    with pytest.raises(Refused, match=reason) as caught:
        value_of(text, (), "")
    assert caught.value.column == column


def test_a_number_beyond_the_floats_is_refused() -> None:
    with pytest.raises(Refused, match="too large"):
        value_of("9" * 350, (), "")
    value = value_of("0." + "0" * 390 + "1", (), "")
    assert isinstance(value, Point) and math.isclose(value.number, 0.0)
