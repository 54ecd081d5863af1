"""What the text of a cell means: numbers, ranges, proportions, data, formulas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias, final

from guessmodel.interop.guesstimate.refusals import Refused

__all__ = ["Data", "Formula", "Nothing", "Point", "Proportion", "Range", "Value", "value_of"]


@final
@dataclass(frozen=True, slots=True)
class Point:
    """One number; `original` is what Guesstimate takes it for, where that is another one."""

    number: float
    original: float


@final
@dataclass(frozen=True, slots=True)
class Range:
    """`low to high`: 5th and 95th percentile, of a uniform the bounds."""

    family: str  # normal, lognormal or uniform
    low: Point
    high: Point


@final
@dataclass(frozen=True, slots=True)
class Proportion:
    """`hits of total`: beta(2 hits, 2 (total - hits))."""

    hits: Point
    total: Point


@final
@dataclass(frozen=True, slots=True)
class Data:
    """Rows that are used in order."""

    values: tuple[float, ...]


@final
@dataclass(frozen=True, slots=True)
class Formula:
    """A text that starts with `=`."""

    text: str


@final
@dataclass(frozen=True, slots=True)
class Nothing:
    """No value: a title, or an empty cell."""


Value: TypeAlias = Point | Range | Proportion | Data | Formula | Nothing

_SUFFIXES: Final = {"%": -2, "K": 3, "M": 6, "B": 9, "T": 12}
_NUMBER: Final = (
    r"(-?(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]*\.[0-9]+|[0-9]+)(?![0-9]|\.(?!\.))\s?[%KMBT]?)"
)
_POINT: Final = re.compile(rf"\s*{_NUMBER}\s*")
_RANGES: Final = (
    re.compile(rf"\s*{_NUMBER}\s*(?:to|\.\.|->|:)\s*{_NUMBER}\s*"),
    re.compile(rf"\s*\[\s*{_NUMBER}\s*,\s*{_NUMBER}\s*\]\s*"),
)
_PROPORTION: Final = re.compile(rf"\s*{_NUMBER}\s*(?:of|in)\s*{_NUMBER}\s*")
_AROUND: Final = re.compile(rf"\s*{_NUMBER}\s*(?:±|\+-|-\+)\s*{_NUMBER}\s*")
_LONGEST: Final = 400  # characters of a number's text and its like
_HINTS: Final = (
    (re.compile(r"^\s*[$€£¥]"), "a currency has no place in a number; write it without"),
    (re.compile(r"[0-9][eE][+-]?[0-9]"), "Guesstimate has no 1e6; write 1M or 1000000"),
    (re.compile(r"[0-9]\s?k\b"), "Guesstimate has K, M, B and T in capitals only; write 5K"),
    (re.compile(r"^\s*\+"), "a number has no plus sign"),
    (re.compile(r"[0-9]\.(?![0-9])"), "a number does not end in a point"),
    (re.compile(r"[0-9],[0-9]+\.[0-9]"), "a number has either commas or a decimal point"),
)


def value_of(text: str, data: Sequence[float], kind: str) -> Value:
    """The value of a cell, by its text, else by its data; the stored `kind` matters for ranges
    alone.

    Raises Refused for a text that means nothing.
    """
    if text.lstrip().startswith("="):
        return Formula(text)
    if not text.strip():
        return Data(tuple(data)) if data else Nothing()
    if len(text) > _LONGEST:
        raise Refused(f"a text of {len(text):,} characters is no number or range", _LONGEST)
    for pattern in _RANGES:
        match = pattern.fullmatch(text)
        if match is not None:
            return _range(match, kind)
    around = _AROUND.fullmatch(text)
    if around is not None:
        return _around(around)
    match = _PROPORTION.fullmatch(text)
    if match is not None:
        return _proportion(match)
    match = _POINT.fullmatch(text)
    if match is not None:
        return _number(match[1], match.start(1))
    for pattern, hint in _HINTS:
        found = pattern.search(text)
        if found is not None:
            raise Refused(f"Guesstimate reads nothing in this: {hint}", found.start() + 1)
    known = _POINT.match(text)
    raise Refused(
        "this is no number, range, share or formula", 1 + (known.end() if known is not None else 0)
    )


def _number(text: str, start: int) -> Point:
    suffix = text[-1] if text[-1] in _SUFFIXES else ""
    digits = text.removesuffix(suffix).strip()
    power = _SUFFIXES.get(suffix, 0)
    number = float(Decimal(digits.replace(",", "")).scaleb(power))
    # It takes out the first comma, and reads up to the next.
    original = float(Decimal(digits.replace(",", "", 1).partition(",")[0]).scaleb(power))
    if number in (float("inf"), float("-inf")):
        raise Refused("the number is too large", start + 1)
    return Point(number, original)


def _range(match: re.Match[str], kind: str) -> Range:
    low, high = (_number(match[i], match.start(i)) for i in (1, 2))
    if low.number > high.number:
        raise Refused("the range starts above its end", match.start(1) + 1)
    if kind in ("UNIFORM", "NORMAL"):
        family = kind.lower()
    else:
        family = "normal" if low.number <= 0.0 else "lognormal"
    return Range(family, low, high)


def _around(match: re.Match[str]) -> Range:
    """`5 ± 2` of old sheets: from 3 to 7."""
    middle, half = (_number(match[i], match.start(i)) for i in (1, 2))
    if half.number < 0.0:
        raise Refused("the range starts above its end", match.start(2) + 1)

    def moved(by: float, original: float) -> Point:
        return Point(middle.number + by, middle.original + original)

    low, high = moved(-half.number, -half.original), moved(half.number, half.original)
    return Range("normal", low, high)


def _proportion(match: re.Match[str]) -> Proportion:
    hits, total = (_number(match[i], match.start(i)) for i in (1, 2))
    if not 0.0 < hits.number < total.number:
        raise Refused(
            "Guesstimate draws from beta(2 hits, 2 (total - hits)), which needs hits above 0 and "
            "below the total",
            match.start(1) + 1,
        )
    return Proportion(hits, total)
