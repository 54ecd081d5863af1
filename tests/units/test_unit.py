"""Units: what text means, how units multiply, and what is refused."""

import pickle
from dataclasses import FrozenInstanceError
from fractions import Fraction

import numpy as np
import pytest

from guessmodel.errors import UnitError
from guessmodel.units import (
    DIMENSIONLESS,
    Unit,
    compatible,
    divide,
    factor,
    multiply,
    parse,
    power,
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("USD/day", "USD/day"),
        ("$ / day", "USD/day"),
        ("dollars per day", "USD/day"),
        ("token/(day*node)", "token/(node*day)"),
        ("tokens/node/day", "token/(node*day)"),
        ("tokens per node day", "token/(node*day)"),
        ("day**-1 * token", "token/day"),
        ("USD/million tokens", "USD/(million*token)"),
        ("USD per million words", "USD/(million*word)"),
        ("million token/day", "million*token/day"),
        ("USD/node*day", "USD*day/node"),
        ("%", "percent"),
        ("‰", "permille"),
        ("m²", "m**2"),
        ("m^2", "m**2"),
        ("kg·m²/s³", "kg*m**2/s**3"),
        ("m**0.5", "m**0.5"),
        ("m**(1/3)", "m**(1/3)"),
        ("(m/s)**2", "m**2/s**2"),
        ("1/day", "1/day"),
        ("per day", "1/day"),
        ("/day", "1/day"),
        ("USD/USD", ""),
        ("1", ""),
        ("dimensionless", ""),
        ("  ", ""),
        ("FLOPs/s", "FLOP/s"),
        ("people", "person"),
        ("persons", "person"),
        ("queries/user", "query/user"),
        ("hrs", "hour"),
        ("µs", "us"),
        ("μs", "us"),
        ("€/kWh", "EUR/kWh"),
    ],
)
def test_text_is_read_into_one_readable_form(text: str, canonical: str) -> None:
    unit = parse(text)
    assert str(unit) == canonical
    assert parse(canonical) == unit
    assert parse(unit) is unit


NOUNS = """
token word character person tweet node GPU accelerator card parameter request query user developer
engineer graduate download layer model copy run instance chip lane page document inference weight
sample item operation FLOP OOM USD EUR GBP JPY CHF
"""


@pytest.mark.parametrize("noun", NOUNS.split())
def test_nouns_are_dimensions_of_their_own(noun: str) -> None:
    unit = parse(noun)
    assert str(unit) == noun
    assert not unit.is_dimensionless and not unit.is_plain
    assert compatible(unit, parse("token")) == (noun == "token")


def test_dimensionless_is_not_the_same_as_plain() -> None:
    for text in ("percent", "percentage_point", "permille", "ppm", "million", "hour/day"):
        assert parse(text).is_dimensionless and not parse(text).is_plain
    assert DIMENSIONLESS.is_dimensionless and DIMENSIONLESS.is_plain
    assert not parse("1/s").is_dimensionless


# Sizes by definition: SI brochure (9th ed.) for time, energy and decimal prefixes, IEC 80000-13 for
# binary ones; 365 days and a twelfth of them are this library's own year and month.
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


def test_units_are_values() -> None:
    unit = parse("USD/(node*day)")
    again = pickle.loads(pickle.dumps(unit))
    assert again == unit and hash(again) == hash(unit)
    assert repr(unit) == "Unit('USD/(node*day)')"
    assert unit != parse("USD/(node*hour)")
    assert Unit((("USD", 1), ("node", -1), ("day", -1))) == unit
    with pytest.raises(FrozenInstanceError):
        unit.powers = ()  # type: ignore[misc]


def test_a_unit_from_another_process_may_be_unknown_here() -> None:
    with pytest.raises(UnitError, match="unknown unit 'foreignword'"):
        factor(Unit((("foreignword", 1),)), parse("token"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gizmo", "unknown unit 'gizmo'; gm.unit(\"gizmo\") adds a new noun"),
        ("USD/gizmo", "unknown unit 'gizmo'; gm.unit(\"gizmo\") adds a new noun"),
        (
            "USD/dya",
            "unknown unit 'dya'; did you mean 'day'? gm.unit(\"dya\") adds a new noun",
        ),
        (
            "tokns",
            "unknown unit 'tokns'; did you mean 'token'? gm.unit(\"tokns\") adds a new noun",
        ),
        ("to", "unknown unit 'to'"),
        (
            "tone",
            "unknown unit 'tone'; did you mean 'tonne'? gm.unit(\"tone\") adds a new noun",
        ),
        ("Ws", "unknown unit 'Ws'; did you mean 'W'? gm.unit(\"Ws\") adds a new noun"),
    ],
)
def test_unknown_units_are_named_with_a_way_out(text: str, message: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse(text)
    assert str(caught.value) == message


def test_units_that_do_not_fit_are_both_shown() -> None:
    with pytest.raises(UnitError, match=r"^cannot convert USD/day to token$"):
        factor(parse("USD/day"), parse("token"))
    with pytest.raises(UnitError, match=r"^cannot convert a plain number to token$"):
        factor(DIMENSIONLESS, parse("token"))
    with pytest.raises(UnitError, match=r"^cannot convert USD to EUR$"):
        factor(parse("USD"), parse("EUR"))
    with pytest.raises(UnitError, match=r"^cannot convert 1/s to a plain number$"):
        factor(parse("1/s"), parse("percent/%"))


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(UnitError, match="a unit is written as text such as 'USD/day', not 5"):
        parse(5)  # type: ignore[arg-type]


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
