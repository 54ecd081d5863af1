"""Any text parses or is refused with an error of ours."""

import math
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guessmodel.errors import UnitError, UsageError
from guessmodel.units import parse
from guessmodel.units.figures import (
    Range,
    parse_figure,
    parse_range,
    parse_value,
)

# Pieces that mean something to one of the parsers, so that random text gets past its first check.
PIECES = """
0 1 5 12 160 1,000 1_000 0.5 .5 5. 1e6 1e-3 1e999 e E K k M B T m million trillion to .. ... – -
− + * ** ^ / ( ) ( 1/3 % $ € USD day token tokens per GB gizmo ² · ½ ٣ nan inf _ , .
"""
TEXTS = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from([*PIECES.split(), " ", " ", "\n", "\x00"]), max_size=12).map("".join),
    st.lists(st.sampled_from(PIECES.split()), max_size=12).map(" ".join),
)
UNITS = st.sampled_from(["", "USD", "USD/day", "percent", "token/(node*day)", "1/day", "byte", "m"])


def check_is_one_line(error: Exception) -> None:
    assert len(str(error).splitlines()) == 1


@given(TEXTS)
@example("(" * 5000)
@example("5 m" + "**2" * 60)
@example("9" * 5000)
@example("1e" + "9" * 190)
@example("5 m**" + "9" * 190)
@example("5 m**(1/" + "9" * 180 + ")")
@example("5 m**(0/0)")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse_value(text)
    except (UsageError, UnitError) as error:
        check_is_one_line(error)
        return
    figures = (found.low, found.high) if isinstance(found, Range) else (found,)
    for figure in figures:
        assert math.isfinite(figure.value)
        assert 0 <= figure.half_unit < math.inf
        assert parse(str(figure.unit)) == figure.unit
    if isinstance(found, Range):
        assert found.low.value <= found.high.value
        assert found.low.unit == found.high.unit


@given(TEXTS)
@example("(" * 5000)
def test_any_text_is_a_unit_or_refused(text: str) -> None:
    try:
        unit = parse(text)
    except UnitError as error:
        check_is_one_line(error)
        return
    assert parse(str(unit)) == unit
    assert hash(parse(str(unit))) == hash(unit)


@given(
    st.integers(-(10**9), 10**9),
    st.integers(0, 6),
    st.sampled_from(["", "K", "k", "M", "B", "T"]),
)
def test_figures_mean_what_decimal_arithmetic_says(
    mantissa: int, decimals: int, suffix: str
) -> None:
    number = Decimal(mantissa).scaleb(-decimals)
    size = {"": 0, "K": 3, "k": 3, "M": 6, "B": 9, "T": 12}[suffix]
    figure = parse_figure(f"{number:f}{suffix}")
    assert figure.value == float(number.scaleb(size))
    # Half a unit of the last significant digit: the written number is a whole multiple of twice it.
    unit = Decimal(str(figure.half_unit)) * 2
    assert number.scaleb(size) % unit == 0
    if decimals:
        assert unit == Decimal(1).scaleb(size - decimals)


@given(st.integers(0, 10**12).map(lambda n: (f"{n:,}", f"{n:_}", str(n))))
def test_thousands_separators_change_nothing(spellings: tuple[str, str, str]) -> None:
    figures = [parse_figure(text) for text in spellings]
    assert len({(figure.value, figure.half_unit) for figure in figures}) == 1


@given(
    st.tuples(st.integers(-999, 999), st.integers(-999, 999)).map(sorted),
    st.sampled_from([" to ", "..", " - ", "–", " ... "]),
    UNITS,
    st.sampled_from(["both", "low", "high"]),
)
def test_a_unit_may_stand_at_either_bound(
    bounds: list[int], between: str, unit: str, where: str
) -> None:
    low, high = bounds
    after_low = f" {unit}" if where in ("both", "low") else ""
    after_high = f" {unit}" if where in ("both", "high") else ""
    found = parse_range(f"{low}{after_low}{between}{high}{after_high}")
    assert (found.low.value, found.high.value) == (low, high)
    assert found.low.unit == found.high.unit == parse(unit)
    if low < high:
        with pytest.raises(UsageError, match="swap the bounds"):
            parse_range(f"{high}{after_low}{between}{low}{after_high}")
