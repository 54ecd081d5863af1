"""Figures as text: what they mean, and what is refused."""

import math

import pytest

from guessmodel.errors import UnitError, UsageError
from guessmodel.units.figures import (
    Figure,
    Range,
    parse_figure,
    parse_range,
    parse_value,
)


@pytest.mark.parametrize(
    ("text", "value", "unit", "half_unit"),
    [
        ("450", 450, "", 5),
        ("453", 453, "", 0.5),
        ("240", 240, "", 5),
        ("100", 100, "", 50),
        ("100.", 100, "", 0.5),
        ("100.0", 100, "", 0.05),
        ("1000", 1000, "", 500),
        ("4000", 4000, "", 500),
        ("1.60", 1.6, "", 0.005),
        ("1.0", 1, "", 0.05),
        (".5", 0.5, "", 0.05),
        ("0", 0, "", 0.5),
        ("-0", 0, "", 0.5),
        ("0.00", 0, "", 0.005),
        ("160K USD", 160e3, "USD", 5e3),
        ("13M", 13e6, "", 0.5e6),
        ("1.3M", 1.3e6, "", 0.05e6),
        ("110T", 110e12, "", 5e12),
        ("16B", 16e9, "", 0.5e9),
        ("5k", 5e3, "", 500),
        ("160 K USD", 160e3, "USD", 5e3),
        ("13 million USD", 13e6, "USD", 0.5e6),
        ("13million USD", 13e6, "USD", 0.5e6),
        ("1.5 trillion", 1.5e12, "", 0.05e12),
        ("670 million tweets/day", 670e6, "tweet/day", 5e6),
        ("3 million*token", 3, "million*token", 0.5),
        ("12%", 12, "percent", 0.5),
        ("12 percent", 12, "percent", 0.5),
        ("0.5 %", 0.5, "percent", 0.05),
        ("1e6", 1e6, "", 0.5e6),
        ("1.20E-3 s", 1.2e-3, "s", 0.005e-3),
        ("3e23 FLOP", 3e23, "FLOP", 0.5e23),
        ("5EUR", 5, "EUR", 0.5),
        ("1,000,000", 1e6, "", 0.5e6),
        ("45,001 persons", 45001, "person", 0.5),
        ("1_000_001", 1000001, "", 0.5),
        ("1,234.5", 1234.5, "", 0.05),
        ("-3.4K", -3400, "", 50),
        ("−5", -5, "", 0.5),
        ("+5", 5, "", 0.5),
        ("$450/day", 450, "USD/day", 5),
        ("-$450 per day", -450, "USD/day", 5),
        ("$13M", 13e6, "USD", 0.5e6),
        ("$5 million/year", 5e6, "USD/year", 0.5e6),
        ("€5", 5, "EUR", 0.5),
        ("£5", 5, "GBP", 0.5),
        ("¥50", 50, "JPY", 5),
        ("5$", 5, "USD", 0.5),
        ("80GB", 80, "GB", 5),
        ("31.5 GB/s", 31.5, "GB/s", 0.05),
        ("16B/s", 16e9, "1/s", 0.5e9),
        ("5 m", 5, "m", 0.5),
        ("5 MB", 5, "MB", 0.5),
        ("5/day", 5, "1/day", 0.5),
        ("5 per day", 5, "1/day", 0.5),
        ("5 1/day", 5, "1/day", 0.5),
        ("1.6 USD per million words", 1.6, "USD/(million*word)", 0.05),
        ("  7 node  ", 7, "node", 0.5),
    ],
)
def test_figures(text: str, value: float, unit: str, half_unit: float) -> None:
    figure = parse_figure(text)
    assert figure.value == value
    assert math.copysign(1, figure.value) == math.copysign(1, value)
    assert str(figure.unit) == unit
    assert figure.half_unit == pytest.approx(half_unit, rel=1e-15)
    assert figure.text == text.strip()
    assert parse_value(text) == figure


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("5 to 8 USD/hour", 5, 8, "USD/hour"),
        ("5 USD/hour to 8", 5, 8, "USD/hour"),
        ("5 USD/hour to 8 USD/hour", 5, 8, "USD/hour"),
        ("240 to 720 USD/day", 240, 720, "USD/day"),
        ("4M to 36M USD", 4e6, 36e6, "USD"),
        ("88K to 260K USD", 88e3, 260e3, "USD"),
        ("260K to 8.4M USD/year", 260e3, 8.4e6, "USD/year"),
        ("1% to 10%", 1, 10, "percent"),
        ("1.3 to 56%", 1.3, 56, "percent"),
        ("1% to 10", 1, 10, "percent"),
        ("1-10%", 1, 10, "percent"),
        ("40 ms to 2 s", 40, 2000, "ms"),
        ("5 to 8", 5, 8, ""),
        ("5..8", 5, 8, ""),
        ("0.5..0.8", 0.5, 0.8, ""),
        ("5 ... 8", 5, 8, ""),
        ("5…8", 5, 8, ""),
        ("5 - 8", 5, 8, ""),
        ("5-8 USD", 5, 8, "USD"),
        ("5–8 USD", 5, 8, "USD"),
        ("4M-36M", 4e6, 36e6, ""),
        ("-5 to -2", -5, -2, ""),
        ("-5 - -2", -5, -2, ""),
        ("-5-2", -5, 2, ""),
        ("1e-5 to 1e-4", 1e-5, 1e-4, ""),
        ("1e-5-1e-4", 1e-5, 1e-4, ""),
        ("100 to 45,000", 100, 45000, ""),
        ("2 m**-2 to 3 m**-2", 2, 3, "1/m**2"),
        ("$5 to $8/hour", 5, 8, "USD/hour"),
        ("$5 to 8/hour", 5, 8, "USD/hour"),
        ("$5/hour to $8", 5, 8, "USD/hour"),
        ("5/hour to $8", 5, 8, "USD/hour"),
        ("$5 to $8", 5, 8, "USD"),
        ("$5 to 8", 5, 8, "USD"),
        ("$5-$8", 5, 8, "USD"),
        ("$5 to $8 per hour", 5, 8, "USD/hour"),
        ("0 to 5K", 0, 5000, ""),
        ("500 to 2K", 500, 2000, ""),
        ("5 USD to 8K USD", 5, 8000, "USD"),
        ("-5 to 5", -5, 5, ""),
        ("7 to 7", 7, 7, ""),
    ],
)
def test_ranges(text: str, low: float, high: float, unit: str) -> None:
    bounds = parse_range(text)
    assert (bounds.low.value, bounds.high.value) == (low, high)
    assert str(bounds.low.unit) == str(bounds.high.unit) == unit
    assert parse_value(text) == bounds


def test_bounds_keep_their_own_rounding_and_text() -> None:
    bounds = parse_range("40 ms to 2.0 s")
    assert bounds.low.half_unit == 5 and bounds.low.text == "40 ms"
    assert bounds.high.half_unit == 50 and bounds.high.text == "2.0 s"


EXAMPLE = r"as a figure; write for example '160K USD'$"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", EXAMPLE),
        ("   ", EXAMPLE),
        ("USD", EXAMPLE),
        ("five", EXAMPLE),
        ("nan", EXAMPLE),
        ("inf USD", EXAMPLE),
        ("1,5", EXAMPLE),
        ("1,0000", EXAMPLE),
        ("0,001", EXAMPLE),  # a decimal comma, and no thousands: it was read as 1
        ("0,500 USD", EXAMPLE),
        ("1.2.3", EXAMPLE),
        ("5 8", EXAMPLE),
        ("5 -8", EXAMPLE),
        ("- 5", EXAMPLE),
        ("$-5", EXAMPLE),
        ("$5 USD", EXAMPLE),
        ("$$5", EXAMPLE),
        (".", EXAMPLE),
        ("1__0", EXAMPLE),
        ("٣", EXAMPLE),
        ("5" * 201, r"^cannot read '5{57}\.\.\.' as a figure"),
        ("5\nfoo bar:", r"^cannot read the unit 'foo bar:'"),
        ("2027-03", r"^'2027-03' is a date, which is no number; count the days from a first one: "),
        ("2027-03-31", r"is a date"),
        ("31.3.2027", r"is a date"),
        ("3/31/27", r"is a date"),
        ("March 2027", r"is a date"),
        ("31 Mar 2027", r"is a date"),
        ("Q3 2027", r"is a date"),
        ("5m", r"^'5m' is unclear: write '5M' for millions.*; a unit stands apart, as in '5 m'$"),
        ("5bn USD", r"^'5bn USD' is unclear: write '5M' for millions, '5B' for billions"),
        ("16 B", r"^'16 B' is unclear: write '16B' for billions, or '16 byte'$"),
        ("16 B/s", r"^'16 B/s' is unclear"),
        ("1e400", r"^'1e400' is too large or too small for a number$"),
        ("-1e-400", r"^'-1e-400' is too large or too small for a number$"),
        ("0e999", r"^'0e999' is too large or too small for a number$"),
        ("5 to 8", r"^'5 to 8' is a range; write one figure, such as '160K USD'$"),
        ("13MUSD", r"^unknown unit 'MUSD'; write 'million USD'$"),
        ("5 gizmos", r"^unknown unit 'gizmos'"),
        ("0.02 USD per 1000 tokens", r"^cannot read the unit 'USD per 1000 tokens'"),
    ],
)
def test_what_is_no_figure(text: str, message: str) -> None:
    with pytest.raises((UsageError, UnitError), match=message) as caught:
        parse_figure(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("450 USD", r"^'450 USD' is no range; write for example '5 to 8 USD/hour'$"),
        ("5 to 8 to 9", r"^'5 to 8 to 9' is no range"),
        ("8 to 5", r"^'8 to 5' starts above its end; swap the bounds$"),
        ("2 s to 40 ms", r"^'2 s to 40 ms' starts above its end; swap the bounds$"),
        ("-2 to -5", r"swap the bounds$"),
        ("5 to ", r"^'5 to ' is no range"),
        ("to 5", r"^'to 5' is no range"),
        ("..5", r"^cannot read '' as a figure"),
        ("5 to x", r"^cannot read 'x' as a figure"),
        ("5 USD to 8 token", r"^cannot convert token to USD$"),
        ("€5 to $8", r"^cannot convert USD to EUR; multiply it by a rate in EUR/USD$"),
        (
            "5 to 8K USD",
            r"^'5 to 8K USD' is unclear: write '5K to 8K USD', or the high bound without 'K'$",
        ),
        ("$5-8K", r"^'\$5 to 8K' is unclear: write '\$5K to 8K'"),
        ("1 to 2 million", r"write '1 million to 2 million', or the high bound without 'million'$"),
        ("-5 to 8K", r"is unclear"),
    ],
)
def test_what_is_no_range(text: str, message: str) -> None:
    with pytest.raises((UsageError, UnitError), match=message):
        parse_range(text)


def test_what_is_no_text_is_refused() -> None:
    for read in (parse_figure, parse_range, parse_value):
        with pytest.raises(UsageError, match=r"written as text such as '160K USD', not 5$"):
            read(5)  # type: ignore[arg-type]


def test_kinds() -> None:
    assert type(parse_value("5 USD")) is Figure
    assert type(parse_value("5 to 8 USD")) is Range


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("5 per cent", 5.0, "percent"),
        ("5 per mille", 5.0, "permille"),
        ("5% per annum", 5.0, "percent/year"),
        ("2 percentage points", 2.0, "percentage_point"),
        ("5 k$", 5e3, "USD"),
        ("5M €", 5e6, "EUR"),
    ],
)
def test_units_in_words_are_read_as_they_are_meant(text, value, unit):
    figure = parse_figure(text)
    assert (figure.value, str(figure.unit)) == (value, unit)


@pytest.mark.parametrize(
    "text", ["5 m$", "5 $m", "5$m", "5 to 10 m$", "5 m$/hour", "5 USDm", "5 USD m"]
)
def test_millions_of_dollars_are_never_read_as_metres(text):
    with pytest.raises(UnitError, match="write 'million USD'"):
        parse_value(text)
