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
