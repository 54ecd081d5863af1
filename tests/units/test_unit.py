"""Units: what text means, what they are, and what is refused."""

import pickle
from dataclasses import FrozenInstanceError

import pytest

from guessmodel.errors import UnitError
from guessmodel.units import (
    DIMENSIONLESS,
    Unit,
    compatible,
    factor,
    parse,
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


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(UnitError, match="a unit is written as text such as 'USD/day', not 5"):
        parse(5)  # type: ignore[arg-type]
