"""Units multiply, divide and convert by exact ratios."""

from fractions import Fraction

import numpy as np
import pytest

from guessmodel.errors import UnitError
from guessmodel.units import (
    DIMENSIONLESS,
    divide,
    factor,
    multiply,
    parse,
    power,
)


@pytest.mark.parametrize(
    ("source", "target", "size"),
    [
        ("minute", "s", 60.0),
        ("hour", "minute", 60.0),
        ("day", "hour", 24.0),
        ("week", "day", 7.0),
        ("year", "day", 365.0),
        ("year", "month", 12.0),
        ("month", "day", 365 / 12),
        ("s", "ms", 1e3),
        ("ms", "us", 1e3),
        ("us", "ns", 1e3),
        ("GHz", "1/s", 1e9),
        ("byte", "bit", 8.0),
        ("B", "byte", 1.0),
        ("GB/s", "Gbit/s", 8.0),
        ("PB", "kB", 1e12),
        ("GiB", "byte", 2.0**30),
        ("PiB", "TiB", 1024.0),
        ("kWh", "J", 3.6e6),
        ("kW*hour", "kWh", 1.0),
        ("MW", "kg*m**2/s**3", 1e6),
        ("TWh", "GJ", 3.6e6),
        ("tonne", "g", 1e6),
        ("km", "mm", 1e6),
        ("USD", "cent", 100.0),
        ("PFLOP/s", "TFLOP/s", 1e3),
        ("YFLOP", "FLOP", 1e24),
        ("ZFLOP", "EFLOP", 1e3),
        ("percent", "", 0.01),
        ("", "percent", 100.0),
        ("percentage_point", "percent", 1.0),
        ("permille", "ppm", 1e3),
        ("USD/million words", "USD/word", 1e-6),
        ("trillion", "billion", 1e3),
        ("million", "thousand", 1e3),
        ("km**0.5", "m**0.5", 1e3**0.5),
    ],
)
def test_factors_follow_from_the_definitions(source: str, target: str, size: float) -> None:
    assert factor(parse(source), parse(target)) == pytest.approx(size, rel=1e-15)
    assert factor(parse(target), parse(source)) == pytest.approx(1 / size, rel=1e-15)


def test_factor_of_a_unit_to_itself_is_exactly_one() -> None:
    assert factor(parse("USD/month"), parse("USD/month")) == 1.0


@pytest.mark.parametrize(
    ("a", "b", "product", "size"),
    [
        ("USD/hour", "day", "USD", 24.0),
        ("day", "USD/hour", "USD", 24.0),
        ("hour", "day", "hour**2", 24.0),
        ("token/node", "node/day", "token/day", 1.0),
        ("tweet/day", "percent", "tweet/day", 0.01),
        ("percent", "tweet/day", "tweet/day", 0.01),
        ("percent", "percent", "", 1e-4),
        ("", "percent", "", 0.01),
        ("percent", "", "", 0.01),
        ("thousand", "", "", 1e3),
        ("hour/day", "", "", 1 / 24),
        ("million tokens", "", "million*token", 1.0),
        ("", "", "", 1.0),
        ("USD/million words", "word", "USD", 1e-6),
        ("million tokens/day", "day", "token", 1e6),
        ("Hz", "s", "", 1.0),
        ("ms", "Hz", "", 1e-3),
        ("kWh", "1/J", "", 3.6e6),
        ("percent/year", "year", "", 0.01),
        ("FLOP/s", "year", "FLOP", 31536000.0),
        ("hour/day", "USD", "USD", 1 / 24),
        ("USD/person/year", "person", "USD/year", 1.0),
        ("GB", "GiB/byte", "GB", 2.0**30),
        # what cancels by its name does so first, as on paper
        ("USD/day", "day/month", "USD/month", 1.0),
        ("day/month", "USD/day", "USD/month", 1.0),
        ("km/hour", "hour/day", "km/day", 1.0),
        ("kWh/day", "day/year", "kWh/year", 1.0),
        ("USD*day/hour", "hour/month", "USD", 12 / 365),
    ],
)
def test_products_merge_like_dimensions(a: str, b: str, product: str, size: float) -> None:
    unit, scale = multiply(parse(a), parse(b))
    assert str(unit) == product
    assert scale == pytest.approx(size, rel=1e-15)


@pytest.mark.parametrize(
    ("a", "b", "quotient", "size"),
    [
        ("USD/day", "USD/hour", "", 1 / 24),
        ("USD", "percent", "USD", 100.0),
        ("percent", "percent", "", 1.0),
        ("percent", "", "", 0.01),
        ("million tokens", "", "million*token", 1.0),
        ("", "percent", "", 100.0),
        ("", "USD/day", "day/USD", 1.0),
        ("FLOP", "TFLOP/s", "s", 1e-12),
        ("token/day", "token/(node*day)", "node", 1.0),
        ("kWh", "hour", "kWh/hour", 1.0),
        ("USD/hour", "day/hour", "USD/day", 1.0),
    ],
)
def test_quotients_merge_like_dimensions(a: str, b: str, quotient: str, size: float) -> None:
    unit, scale = divide(parse(a), parse(b))
    assert str(unit) == quotient
    assert scale == pytest.approx(size, rel=1e-15)


@pytest.mark.parametrize(
    ("base", "exponent", "result", "size"),
    [
        ("m**2", 0.5, "m", 1.0),
        ("USD/day", 0.5, "USD**0.5/day**0.5", 1.0),
        ("USD", -1, "1/USD", 1.0),
        ("USD", 0, "", 1.0),
        ("percent", 1, "percent", 1.0),
        ("percent", 2, "", 1e-4),
        ("percent", 0.5, "", 0.1),
        ("", 3.7, "", 1.0),
        ("FLOP", 1 / 3, "FLOP**(1/3)", 1.0),
        ("FLOP", 0.1 + 0.2, "FLOP**0.3", 1.0),
    ],
)
def test_powers(base: str, exponent: float, result: str, size: float) -> None:
    unit, scale = power(parse(base), exponent)
    assert str(unit) == result
    assert parse(result) == unit
    assert scale == pytest.approx(size, rel=1e-15)


def test_exponents_that_are_no_short_fraction_are_kept() -> None:
    unit, _ = power(parse("USD"), 1e-9)
    assert not unit.is_plain
    assert parse(str(unit)) == unit
    assert power(parse("USD**0.5"), 2.0)[0] == parse("USD")
    assert type(power(parse("USD**0.5"), 2.0)[0].powers[0][1]) is int


def test_units_that_do_not_fit_are_both_shown() -> None:
    with pytest.raises(UnitError, match=r"^cannot convert USD/day to token$"):
        factor(parse("USD/day"), parse("token"))
    with pytest.raises(UnitError, match=r"to token; multiply it by gm.constant\(1, 'token'\)$"):
        factor(DIMENSIONLESS, parse("token"))
    with pytest.raises(
        UnitError, match=r"^cannot convert USD to EUR; multiply it by a rate in EUR/USD$"
    ):
        factor(parse("USD"), parse("EUR"))
    with pytest.raises(UnitError, match=r"^cannot convert 1/s to a plain number$"):
        factor(parse("1/s"), parse("percent/%"))


@pytest.mark.parametrize("exponent", [float("nan"), float("inf"), -float("inf")])
def test_exponents_must_be_finite(exponent: float) -> None:
    with pytest.raises(UnitError, match="USD cannot be raised to the power"):
        power(parse("USD"), exponent)


def test_factors_beyond_a_float_are_refused() -> None:
    for text in ("YFLOP**20", "YFLOP**-20", "YFLOP**(999999/7)", "YFLOP**99999"):
        with pytest.raises(UnitError, match="too large or too small for a number"):
            factor(parse(text), power(parse("FLOP"), float(parse(text).powers[0][1]))[0])


def test_exponents_are_exact() -> None:
    assert power(parse("USD"), np.float32(0.5)) == power(parse("USD"), 0.5)
    assert parse("USD**(2/3)").powers == (("USD", Fraction(2, 3)),)
    assert power(parse("USD**(2/3)"), 1.5)[0] == parse("USD")
