"""How numbers are written: digits, ±, suffixes, and what `format=` asks for."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guessmodel.errors import UsageError
from guessmodel.units.figures import parse_figure
from guessmodel.units.formats import (
    Format,
    format_number,
    format_numbers,
    format_written,
    parse_format,
)


def with_error(value: float, low: float, high: float) -> str:
    (text,) = format_numbers([(value, low, high)])
    return text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (160e3, 3, "160K"),
        (2.6e6, 3, "2.6M"),
        (13e6, 3, "13M"),
        (0.75, 3, "0.75"),
        (1.2e-7, 3, "1.2e-7"),
        (1.1e14, 3, "110T"),
        (1.2e15, 3, "1.2e15"),
        (-3400, 3, "-3400"),
        (-3456, 3, "-3.46K"),
        (7e9, 3, "7B"),
        (0, 3, "0"),
        (-0.0, 3, "0"),
        (1, 3, "1"),
        (999.4, 3, "999"),
        (999.6, 3, "1000"),
        (999_600, 3, "1M"),
        (999.6e12, 3, "1e15"),
        (453.27, 3, "453"),
        (453.27, 2, "450"),
        (453.27, 1, "500"),
        (453.27, 5, "453.27"),
        (1234567, 6, "1.23457M"),
        (0.00123, 3, "0.00123"),
        (0.000999, 3, "9.99e-4"),
        (0.0009996, 3, "0.001"),
        (5e-324, 3, "5e-324"),
        (math.nan, 3, "nan"),
        (math.inf, 3, "inf"),
        (-math.inf, 3, "-inf"),
    ],
)
def test_format_number(value: float, digits: int, text: str) -> None:
    assert format_number(value, digits) == text


def test_format_number_needs_a_digit() -> None:
    with pytest.raises(UsageError, match="at least 1 significant digit, not 0"):
        format_number(5, 0)


def test_numbers_as_they_are_written() -> None:
    written = ("2025", "-1000", "0.125", "99999", "100K", "1.23457M", "0", "12340", "16K")
    values = (2025.0, -1000.0, 0.125, 99_999.0, 1e5, 1_234_567.0, 0.0, 12_340.0, 16_000.0)
    assert tuple(map(format_written, values)) == written


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        # Two digits where the first three of the error are below 355, else one; rounded up, with
        # what the value lost by its own rounding.
        (453.27, 2.1, "453.3 ± 2.2"),
        (453.3, 2.1, "453.3 ± 2.1"),
        (453.27, 0.21, "453.27 ± 0.21"),
        (453.27, 3.54, "453.3 ± 3.6"),
        (453.0, 3.56, "453 ± 4"),
        (453.27, 9.9, "453 ± 11"),
        (453.27, 36, "450 ± 40"),
        (453.27, 3000, "500 ± 3100"),
        (160_021, 400, "160000 ± 500"),
        (2.6e6, 3e4, "2.600M ± 0.030M"),
        (-12.34, 0.2, "-12.34 ± 0.20"),
        (0.1234, 0.0021, "0.1234 ± 0.0021"),
        # The error in the form of the value, and the larger of both gives the form.
        (5417.6, 0.7, "5417.6 ± 0.7"),
        (0.0027321, 4.9e-6, "0.002732 ± 0.000005"),
        (8.66e-4, 2e-6, "8.660e-4 ± 0.020e-4"),
        (0.0, 4.6e-5, "0 ± 5e-5"),
        (0.0, 1.2e-5, "0 ± 1.2e-5"),
        (0.0, 4.6e-3, "0.000 ± 0.005"),
        (1200, 3e6, "0.0M ± 3.1M"),
        (0.3, 2, "0.3 ± 2.0"),
        (0, 0.02, "0.000 ± 0.020"),
        (-0.001, 0.2, "0.00 ± 0.21"),
        # No ± where the whole interval lies within half of the last of six digits.
        (5417.63, 1e-4, "5417.63"),
        (123456789.0, 1e-3, "123.457M"),
        (1.000005, 1e-9, "1.000005"),  # between two that six digits can show
        # With a ± six digits at most.
        (0.8712937, 3e-6, "0.871294 ± 0.000004"),
        (9.999999, 1e-5, "10.0000 ± 0.0001"),
        (11448.49, 0.15, "11448.5 ± 0.2"),
        # Exact: whole where six digits suffice, else four.
        (10, 0, "10"),
        (1234.56, 0, "1234.56"),
        (1234.56789, 0, "1235"),
        (1 / 3, 0, "0.3333"),
        (160e3, 0, "160K"),
        # Unknown.
        (5, math.nan, "5 ± unknown"),
        (4.5678, math.inf, "4.57 ± inf"),
        (math.nan, 1, "nan"),
        (math.inf, math.nan, "inf"),
    ],
)
def test_numbers_with_their_error(value: float, error: float, text: str) -> None:
    assert with_error(value, value - error, value + error) == text


def test_the_longer_side_of_an_interval_is_printed() -> None:
    assert with_error(10.5, 9.5, 12.5) == "10.5 ± 2.0"
    assert with_error(10.5, 8.5, 10.5) == "10.5 ± 2.0"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ((105.0, 104.0, 106.0), "105 ± 1"),
        ((0.0, 0.0, 1.0), "0 ± 1"),
        ((12_345_678.0, 12_345_677.0, 12_345_679.0), "12.3457M"),
        ((105.0, 104.5, 106.0), "105.0 ± 1.0"),
    ],
)
def test_whole_numbers_have_no_decimals(number: tuple[float, ...], text: str) -> None:
    """Percentiles of counts, say."""
    assert with_error(*number) == text


@given(st.floats(1e-6, 1e9), st.floats(1e-9, 1e-2), st.booleans())
def test_no_number_with_its_error_has_more_than_six_digits(
    value: float, share: float, negative: bool
) -> None:
    value = -value if negative else value
    error = abs(value) * share
    shown = with_error(value, value - error, value + error)
    number, _, rest = shown.partition(" ± ")
    digits = re.sub(r"e.*|[^0-9]", "", number).lstrip("0")
    assert len(digits) <= (6 if rest else 7)
    if rest:  # what is printed holds the interval, and at most one unit of the sixth digit more
        half = parse_figure(rest).value
        assert abs(parse_figure(number).value - value) + error <= half * (1 + 1e-6)
        assert half <= 1.42 * error + 1.001e-5 * abs(value)


@pytest.mark.parametrize(
    ("values", "digits", "texts"),
    [
        ((15.99913, 15.9994, 15.99967), 3, ["15.99913", "15.9994", "15.99967"]),
        ((8.3144498, 8.3144621, 8.3144744), 4, ["8.31445", "8.314462", "8.314474"]),
        ((1.0, 2.0, 3.0), 6, ["1", "2", "3"]),
        ((2025.0, 2037.0), 6, ["2025", "2037"]),
        ((5000.0, 10_000.0, 20_000.0), 6, ["5K", "10K", "20K"]),
        ((1000.0, 2025.0, 9000.0), 6, ["1000", "2025", "9000"]),
        ((500.0, 3e6), 6, ["500", "3M"]),
        ((87_650.0, 175_200.0), 6, ["87650", "175200"]),
        ((87_600.0, 175_000.0), 6, ["87.6K", "175K"]),
        ((2.0, 2.0, 2.0), 6, ["2", "2", "2"]),
        ((-1.0, math.nan, 1.0), 6, ["-1", "nan", "1"]),
        ((1 - 2.0**-53, 1.0, 1 + 2.0**-52), 6, ["1", "1", "1"]),
    ],
)
def test_a_row(values: tuple[float, ...], digits: int, texts: list[str]) -> None:
    assert format_numbers([(x, x, x) for x in values], digits) == texts


def test_a_mean_beside_a_row_has_its_digits() -> None:
    row = [(x, x, x) for x in (8.3144498, 8.3144621, 8.3144744, 8.31446211)]
    assert format_numbers(row, 4, apart=3)[3] == "8.314462"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("year", Format(year=True)),
        ("4 digits", Format(digits=4)),
        ("1 digit", Format(digits=1)),
        (",2", Format(decimals=2)),
        ("USD,0", Format(decimals=0, unit="USD")),
        ("USD/hour,2", Format(decimals=2, unit="USD/hour")),
    ],
)
def test_formats(text: str, wanted: Format) -> None:
    assert parse_format(text) == wanted


@pytest.mark.parametrize("text", ["", "years", "digits", "0 digits", "18 digits", "USD", ",", 4])
def test_what_is_no_format(text: object) -> None:
    with pytest.raises(UsageError, match=r"^format="):
        parse_format(text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("form", "value", "error", "text"),
    [
        ("year", 2025, 0, "2025"),
        ("year", 2025.1234, 0.02, "2025.12 ± 0.03"),
        ("year", 2037.46, 4e-7, "2037.46"),
        ("year", 1_000_000, 0, "1000000"),
        ("year", 123_456_789, 20, "123456789 ± 20"),
        ("4 digits", 1.23456, 0, "1.235"),
        ("4 digits", 1.23456, 1e-5, "1.235"),
        ("2 digits", 453.27, 0.2, "453"),
        ("2 digits", 453.27, 0.3, "453.27 ± 0.30"),
        ("2 digits", 453.27, 0, "453"),
        (",0", 1_234_567.2, 0.1, "1,234,567"),
        (",0", 1_234_567.2, 0.4, "1,234,567 ± 1"),
        ("USD,0", 1_234_567.2, 2100.0, "1,234,567 ± 2,101"),
        (",2", -1234.5, 0, "-1,234.50"),
        (",2", -0.001, 0, "0.00"),
    ],
)
def test_numbers_in_a_format(form: str, value: float, error: float, text: str) -> None:
    number = (value, value - error, value + error)
    assert format_numbers([number], format=parse_format(form)) == [text]


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        # 100.00025 lies between 100.0002 and 100.0003, the digits that tell the row apart
        ((99.9986, 100.00025, 100.0019), ["99.9986", "100.00025", "100.0019"]),
        ((-100.0019, -100.00025, -99.9986), ["-100.0019", "-100.00025", "-99.9986"]),
    ],
)
def test_a_number_between_two_that_are_printed_has_one_more_digit(
    row: tuple[float, ...], shown: list[str]
) -> None:
    """Where the digits are those that tell numbers apart, too."""
    known = [(x, x - 1e-9, x + 1e-9) for x in row]
    assert format_numbers(known, 6) == shown


@given(
    st.lists(st.integers(20_000, 199_998), min_size=2, max_size=4, unique=True),
    st.sampled_from((-1, 1)),
    st.integers(-6, 3),
)
def test_errors_far_below_the_digits_are_not_shown(
    halves: list[int], sign: int, place: int
) -> None:
    """Five digits, or five and a half, with an error of a thousandth of the fifth: wherever the
    neighbours are, six digits and one more tell it without a ±."""
    row = sorted(sign * x / 2 * 10.0**place for x in halves)
    error = 10.0**place / 1000
    assert "±" not in "".join(format_numbers([(x, x - error, x + error) for x in row], 6))
