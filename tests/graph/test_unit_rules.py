"""Which unit a result has, and that its size does not depend on the units it is written in."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.errors import UnitError
from guessmodel.units import factor, parse

PLAIN = ["", "percent", "permille", "thousand", "million", "hour/day", "cent/USD"]
BINARY = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "//": np.floor_divide,
    "%": np.remainder,
    "min": np.minimum,
    "max": np.maximum,
    "hypot": np.hypot,
    "<": np.less,
    "power": np.power,
}
UNARY = [np.floor, np.ceil, np.trunc, np.rint, np.absolute, np.negative, np.square, np.sqrt]
UNARY += [np.sign, np.exp, np.reciprocal]


def of(quantity: gm.Quantity) -> float:
    return float(quantity.sample(8).values[0])


def plain(quantity: gm.Quantity) -> float:
    return of(quantity) * factor(quantity.unit, parse(""))


# Numbers that no rounding brings near a leap of `//`, floor and the like.
NUMBERS = st.sampled_from([0.37, 1.73, 2.61, 7.19])


@given(NUMBERS, NUMBERS, st.sampled_from(PLAIN), st.sampled_from(PLAIN), st.sampled_from([*BINARY]))
def test_plain_numbers_in_whatever_unit_have_the_same_result(x, y, a, b, name) -> None:
    left, right = gm.constant(x, "").to(a), gm.constant(y, "").to(b)
    assert plain(BINARY[name](left, right)) == pytest.approx(float(BINARY[name](x, y)), rel=1e-12)


@pytest.mark.parametrize("unit", PLAIN)
@pytest.mark.parametrize("function", UNARY, ids=lambda f: f.__name__)
def test_functions_take_percent_as_a_plain_number(function, unit) -> None:
    for x in (0.37, 324.61):
        quantity = function(gm.constant(x, "").to(unit))
        assert plain(quantity) == pytest.approx(float(function(x)), rel=1e-12)


LENGTHS = ["m", "cm", "km", "mm"]
RATES = ["USD/hour", "cent/hour", "USD/day", "thousand cent/hour", "USD/million hour"]


@pytest.mark.parametrize("a", ["USD", "cent", "thousand USD", "percent*USD"])
@pytest.mark.parametrize("b", RATES)
def test_whole_quotients_count_in_the_unit_they_have(a: str, b: str) -> None:
    count = gm.constant(17, "USD").to(a) // gm.constant(3, "USD/hour").to(b)
    expected = 17 / 3 / factor(count.unit, parse("hour"))
    assert of(count) == np.floor(expected)


def test_where_percent_is_kept_and_where_not() -> None:
    share, zero = gm.constant(30, "percent"), 0
    kept = {
        "sum": (share + gm.constant(10, "percent"), 40),
        "mixed": (share + gm.constant(5, "permille"), 30.5),
        "negative": (-share, -30),
        "zero": (gm.maximum(share, zero), 30),
        "labels": (gm.stack({"a": share, "b": share}, dim="case").sum("case"), 60),
    }
    for quantity, value in kept.values():
        assert of(quantity) == pytest.approx(value) and str(quantity.unit) == "percent"
    plain = {
        "product": (2000 * share, 600),
        "quotient": (share / 2, 0.15),
        "beside 1": (1 - share, 0.7),
        "before 1": (share + 1, 1.3),
        "smaller": (gm.minimum(share, 1), 0.3),
        "thousand": (2 * gm.constant(3, "thousand"), 6000),
        "where": (gm.where(share > 0.2, share, 1), 0.3),
    }
    for quantity, value in plain.values():
        assert of(quantity) == pytest.approx(value) and quantity.unit.is_plain
    nodes = gm.constant(12, "node") * share
    assert of(nodes) == pytest.approx(3.6) and str(nodes.unit) == "node"


@pytest.mark.parametrize(
    ("wired", "told"),
    [
        (lambda fee, rate: 1 - rate, "multiply the percent/year by a time, such as gm.con"),
        (lambda fee, rate: 5 - rate, "write gm.constant(5, 'percent/year') or check the"),
        (
            lambda fee, rate: gm.constant(9, "USD") > fee,
            "a rate times gm.constant(1, 'year') is",
        ),
        (
            lambda fee, rate: fee + gm.constant(9, "USD"),
            "a rate times gm.constant(1, 'year') is",
        ),
        (
            lambda fee, rate: fee + gm.constant(9, "EUR"),
            "and EUR; convert one of them or",
        ),
    ],
)
def test_an_amount_beside_a_rate_says_which_time_is_missing(
    wired: Callable[..., object], told: str
) -> None:
    with pytest.raises(UnitError) as caught:
        wired(gm.constant(3, "USD/year"), gm.constant(2, "percent/year"))
    assert told in str(caught.value)
