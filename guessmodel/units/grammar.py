"""Units as text, without their meaning: names and exponents of a product of powers."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from fractions import Fraction
from itertools import islice, pairwise
from typing import TypeAlias

from guessmodel.errors import UnitError
from guessmodel.units.currencies import CURRENCIES

__all__ = ["COUNTS", "read", "written"]

_Pairs: TypeAlias = list[tuple[str, Fraction]]

_SIGNS = {"%": "percent", "‰": "permille", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_SIGNS |= {"¢": "cent"}
# Dollars by the letters before their sign.
_DOLLARS = {"US": "USD", "A": "AUD", "AU": "AUD", "C": "CAD", "CA": "CAD", "HK": "HKD"}
_DOLLARS |= {"NZ": "NZD", "S": "SGD", "R": "BRL", "NT": "TWD", "MX": "MXN"}
# Words that a name is written in, and what they stand for where no unit comes before them.
_PHRASES = {
    ("per", "cent"): "percent",
    ("per", "mille"): "permille",
    ("percentage", "point"): "percentage_point",
    ("percentage", "points"): "percentage_point",
}
COUNTS = {
    "thousand": ("k", "K"),
    "million": ("m", "mm", "mn", "mio", "Mio", "M", "MM"),
    "billion": ("b", "bn", "B"),
    "trillion": ("t", "tn", "T"),
}
"""Multiples, and how they are shortened beside money."""
_MULTIPLES = {*COUNTS, *(f"{word}s" for word in COUNTS), "percent", "pct"}
_MONEY = {*CURRENCIES, "cent", "dollar", "euro"}
_LIKE_COUNTS = {"m", "mm", "B", "K"}  # units that are read as multiples beside money
_SPELLINGS = str.maketrans({"^": "**", "·": "*", "⋅": "*", "×": "*", "−": "-"})
_RAISED = re.compile("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_ON_LINE = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_TOKEN = re.compile(r"\s*([^\W\d]\w*|[0-9]+(?:\.[0-9]+)?|\*\*|[*/()+\-%‰$€£¥¢])")
_EXPONENT = re.compile(r"(?<=[^\W\d])(-[1-9])(?![\w.])")
_HYPHEN = re.compile(r"(?<=[^\W\d]{2})-(?=[^\W\d]{2})")
_PER_HYPHEN = re.compile(r"-per-", re.IGNORECASE)
_A_YEAR = re.compile(r"\bp\. ?a\.?(?!\w)", re.IGNORECASE)
_THOUSANDS = re.compile(r"(.*\w|[$€£¥])\s*['’]000s?")
# Bounds on what the recursion and the exponents' digits may cost.
_LONGEST = 200
_DEEPEST = 20


def read(text: str) -> _Pairs:
    """Names and exponents in the order of the text; a name may come more than once.

    `*` and `/` (or `per`) are read from left to right; powers that stand next to each other
    bind closer, so that "USD/million tokens" is USD/(million*tokens). "per cent" with nothing
    before it is percent.

    Raises
    ------
    UnitError
        If the text is no product of powers, or would be read as no one means it: "m$".

    Examples
    --------
    >>> read("m/s^2")
    [('m', Fraction(1, 1)), ('s', Fraction(-2, 1))]
    """
    raised = _RAISED.sub(lambda found: f"**{found[0].translate(_ON_LINE)}", text)
    spelled = raised.translate(_SPELLINGS).replace("°", "deg").strip()
    tokens = deque(_TOKEN.findall(spelled))
    if len(text) > _LONGEST or spelled.count("(") > _DEEPEST or _TOKEN.sub("", spelled).strip():
        raise _malformed(text)
    if not tokens:
        return []
    tokens.append("")
    try:
        pairs = _product(tokens)
        _expect(tokens, "")
    except _Unclear as unclear:
        raise UnitError(f"the unit {text!r} is unclear: {unclear}") from None
    except (SyntaxError, ZeroDivisionError):
        raise _malformed(text) from None
    return pairs


def written(powers: Iterable[tuple[str, int | Fraction]]) -> str:
    """Names and exponents as text that `read` reads.

    >>> written([("USD", 1), ("hour", -1)])
    'USD/hour'
    """
    powers = list(powers)
    above = [_power_text(name, e) for name, e in powers if e > 0]
    below = [_power_text(name, -e) for name, e in powers if e < 0]
    if not below:
        return "*".join(above)
    denominator = below[0] if len(below) == 1 else f"({'*'.join(below)})"
    return f"{'*'.join(above) or '1'}/{denominator}"


def _power_text(name: str, exponent: int | Fraction) -> str:
    if exponent == 1:
        return name
    if isinstance(exponent, int):
        return f"{name}**{exponent}"
    if 1_000_000 % exponent.denominator == 0:
        return f"{name}**{float(exponent):.6f}".rstrip("0")
    return f"{name}**({exponent})"


def _product(tokens: deque[str]) -> _Pairs:
    """Terms joined by `*` and `/`; a leading `/` stands for `1/`."""
    divides = tokens[0] in ("/", "per") and tuple(islice(tokens, 2)) not in _PHRASES
    powers: _Pairs = [] if divides else _term(tokens)
    while tokens[0] in ("*", "/", "per"):
        sign = 1 if tokens.popleft() == "*" else -1
        powers += [(name, sign * e) for name, e in _term(tokens)]
    return powers


def _term(tokens: deque[str]) -> _Pairs:
    """Powers that stand next to each other: `million token`."""
    start = list(tokens)
    powers = _power(tokens)
    while tokens[0] == "(" or (_starts_name(tokens[0]) and tokens[0] != "per"):
        powers += _power(tokens)
    side_by_side = start[: len(start) - len(tokens)]
    if len(side_by_side) > 1:
        _check_money(side_by_side)
    return powers


def _check_money(names: list[str]) -> None:
    """Refuse `m$`, which no one means as metres, and `%%`: a sign stands beside a multiple only."""
    beside = [pair for pair in pairwise(names) if all(map(_starts_name, pair))]
    for sign, name in [*beside, *(pair[::-1] for pair in beside)]:
        money = _SIGNS.get(sign, sign.removesuffix("s"))
        alone = sign in _SIGNS and _starts_name(name) and name not in _MULTIPLES
        kelvin = name == "K" and sign not in _MULTIPLES  # K tokens are a thousand tokens
        if sign == "$" and name in _DOLLARS:
            raise _Unclear(f"write '{_DOLLARS[name]}'")
        if alone or kelvin or (money in _MONEY and name in _LIKE_COUNTS):
            short = [word for word, others in COUNTS.items() if name in others]
            ways = [f"'{word} {money}'" for word in short if kelvin or money in _MONEY]
            if not ways or name in _LIKE_COUNTS:
                ways.append(f"'{money}*{_SIGNS.get(name, name)}'")
            raise _Unclear(f"write {' or '.join(ways)}")


class _Unclear(Exception):
    """Text that could mean two things; says what to write."""


def _power(tokens: deque[str]) -> _Pairs:
    token = tokens.popleft()
    phrase = _PHRASES.get((token, tokens[0])) if tokens else None
    if phrase is not None:
        tokens.popleft()
        token = phrase
    if token == "(":
        powers = _product(tokens)
        _expect(tokens, ")")
    elif token in ("1", "dimensionless"):
        powers = []
    elif _starts_name(token) and token != "per":
        powers = [(_SIGNS.get(token, token), Fraction(1))]
    else:
        raise SyntaxError
    if tokens[0] != "**":
        return powers
    tokens.popleft()
    exponent = _exponent(tokens)
    return [(name, e * exponent) for name, e in powers]


def _exponent(tokens: deque[str]) -> Fraction:
    if tokens[0] == "(":
        tokens.popleft()
        exponent = _exponent(tokens)
        if tokens[0] == "/":
            tokens.popleft()
            exponent /= _exponent(tokens)
        _expect(tokens, ")")
        return exponent
    sign = tokens.popleft() if tokens[0] in ("+", "-") else ""
    if not tokens[0][:1].isdecimal():
        raise SyntaxError
    return Fraction(sign + tokens.popleft())


def _expect(tokens: deque[str], token: str) -> None:
    if tokens.popleft() != token:
        raise SyntaxError


def _starts_name(token: str) -> bool:
    return token in _SIGNS or token[:1].isidentifier()


def _malformed(text: str) -> UnitError:
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    # percent-per-year, 5% p.a., EUR'000; person-days, kg m-3
    plain = _A_YEAR.sub("per annum", _PER_HYPHEN.sub("/", text))
    plain = _THOUSANDS.sub(r"thousand \1", plain)
    plain = _HYPHEN.sub("*", _EXPONENT.sub(r"**\1", plain))
    if plain != text and len(text) <= 60:
        return UnitError(f"cannot read the unit {shown!r}: write {plain!r}")
    return UnitError(
        f"cannot read the unit {shown!r}: write a product of powers without numbers, such as "
        "'USD/day', 'token/(node*day)' or 'USD/million tokens'"
    )
