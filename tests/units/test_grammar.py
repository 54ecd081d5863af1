"""Unit text without meaning: which product of powers it is, and what is none."""

from fractions import Fraction

import pytest

from guessmodel.errors import UnitError
from guessmodel.units.grammar import read


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", []),
        ("1", []),
        ("a", [("a", 1)]),
        ("a*b/c", [("a", 1), ("b", 1), ("c", -1)]),
        ("a/b*c", [("a", 1), ("b", -1), ("c", 1)]),
        ("a/b c", [("a", 1), ("b", -1), ("c", -1)]),
        ("a/b/c", [("a", 1), ("b", -1), ("c", -1)]),
        ("a per b per c", [("a", 1), ("b", -1), ("c", -1)]),
        ("a/(b/c)", [("a", 1), ("b", -1), ("c", 1)]),
        ("a(b)", [("a", 1), ("b", 1)]),
        ("(a*b**2)**-3", [("a", -3), ("b", -6)]),
        ("a**+2", [("a", 2)]),
        ("a**2.5", [("a", Fraction(5, 2))]),
        ("a**(-1/3)", [("a", Fraction(-1, 3))]),
        ("a**(-(1/3))", None),
        ("$/% ", [("USD", 1), ("percent", -1)]),
        ("a a", [("a", 1), ("a", 1)]),
        ("permit", [("permit", 1)]),
        ("per cent", [("percent", 1)]),
        ("per mille per a", [("permille", 1), ("a", -1)]),
        ("per cent/a", [("percent", 1), ("a", -1)]),
        ("a/per cent", [("a", 1), ("percent", -1)]),
        ("a per cent", [("a", 1), ("cent", -1)]),
        ("percentage points", [("percentage_point", 1)]),
        ("$/m", [("USD", 1), ("m", -1)]),
        ("$*m", [("USD", 1), ("m", 1)]),
        ("million $", [("million", 1), ("USD", 1)]),
        ("thousands $/million a", [("thousands", 1), ("USD", 1), ("million", -1), ("a", -1)]),
    ],
)
def test_read(text: str, pairs: list[tuple[str, Fraction]] | None) -> None:
    if pairs is None:
        with pytest.raises(UnitError):
            read(text)
    else:
        assert read(text) == pairs


UNREADABLE = """
/ * a* a/ (a a) () 2 a**2** a** a**b 1000*a a**(1/0) a//b a,b a-b -a a+b a.b "a" **2 per a**() a**(1
a**-
"""


@pytest.mark.parametrize(
    "text",
    [
        *UNREADABLE.split(),
        "a per",
        "a 2",
        "1000 tokens",
        "(" * 21 + "a" + ")" * 21,
        "a*" * 200 + "a",
    ],
)
def test_what_is_no_product_of_powers_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UnitError, match=r"^cannot read the unit .*: write .*'USD/day'") as caught:
        read(text)
    assert len(str(caught.value)) < 220


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("m$", "'million USD' or 'USD*m'"),
        ("$m", "'million USD' or 'USD*m'"),
        ("€ m/a", "'million EUR' or 'EUR*m'"),
        ("k$", "'thousand USD'"),
        ("M£", "'million GBP'"),
        ("$MM", "'million USD'"),
        ("a/bn$", "'billion USD'"),
        ("B$", "'billion USD' or 'USD*B'"),
        ("$T", "'trillion USD'"),
        ("dollars m", "'million dollar' or 'dollar*m'"),
        ("USD m", "'million USD' or 'USD*m'"),
        ("m CHF", "'million CHF' or 'CHF*m'"),
        ("$GB", "'USD*GB'"),
        ("US$", "'USD'"),
        ("A$/day", "'AUD'"),
        ("%%", "'percent*percent'"),
        ("m%", "'percent*m'"),
    ],
)
def test_signs_and_money_beside_what_is_no_multiple_are_refused(text: str, instead: str) -> None:
    with pytest.raises(UnitError) as caught:
        read(text)
    assert str(caught.value) == f"the unit {text!r} is unclear: write {instead}"


@pytest.mark.parametrize(
    ("raised", "plain"),
    [("m²", "m**2"), ("m s⁻²", "m s**-2"), ("1/cm¹⁰", "1/cm**10"), ("¢/kWh", "cent/kWh")],
)
def test_signs_of_print_are_read(raised: str, plain: str) -> None:
    assert read(raised) == read(plain)
