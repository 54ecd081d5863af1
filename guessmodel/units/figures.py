"""Figures that somebody wrote: "160K USD", "5 to 8 USD/hour", "12%"."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, final

from guessmodel.errors import UnitError, UsageError
from guessmodel.units import DIMENSIONLESS, Unit, conversion, parse
from guessmodel.words import COUNTED_IN_DAYS, is_date

__all__ = [
    "PLURALS",
    "Figure",
    "Range",
    "parse_figure",
    "parse_range",
    "parse_unit",
    "parse_value",
    "with_unit",
]

_EXPONENTS = {"K": 3, "k": 3, "M": 6, "B": 9, "T": 12}
_EXPONENTS |= {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_FIGURE = re.compile(
    r"""
    (?P<sign>[-+−]?)
    (?P<currency>[$€£¥]?)
    (?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+(?:_[0-9]+)*|(?=\.[0-9]))
    (?P<fraction>\.[0-9]*)?
    (?:[eE](?P<exponent>[+-]?[0-9]+))?
    (?P<suffix>[KkMBT](?!\w)|\s+[KkMT](?!\w)|\s*(?:thousand|million|billion|trillion)(?!\w))?
    (?P<unit>\s*(?:[^\W\d_]|[%‰$€£¥¢°/(]|1\s*/).*|\s*)
    """,
    re.VERBOSE | re.DOTALL,
)
# "5 to 8", "5..8", "5–8", "5 - 8", and "5-8" where no exponent of a unit can be meant.
_BETWEEN = re.compile(
    r"\s+to\s+|\s*(?:\.\.\.?|[…–—])\s*|\s+-\s+|(?<=[0-9KkMBT%])-(?=[$€£¥]?\.?[0-9])"
)
_BRACKETS = re.compile(r"\s*\[[^\[\]]*\][^\[\]]*", re.DOTALL)
_COMMA = re.compile(r"\s*,\s*")
_COMMA_AND_BLANK = re.compile(r"\s*,\s+")
_BEFORE_DIGITS = re.compile(r"[-+−]?[$€£¥]?")
_NAME = re.compile(r"[^\W\d]\w*")
_SIGNS = ("$", "€", "£", "¥")
_RATE = re.compile(r"/|per(?!\w)")
_BYTE = re.compile(r"\s+B(?!\w)")
_LOWER_CASE = re.compile(r"(?:m|b|t|mn|bn|tn)(?!\w)")
_LONGEST = 200
PLURALS: Final = {"person": "people", "percentage_point": "percentage points"}


@final
@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit and the rounding that its digits imply."""

    value: float
    unit: Unit
    half_unit: float
    """Half a unit of the last significant digit: 0.05e6 for "1.3M", 0.005 for "1.60".

    Trailing zeros of a number without a decimal point are not significant: 5 for "450", 500 for
    "4000", 5e3 for "160K"."""
    text: str
    """As it was written."""

    def as_share(self) -> Figure:
        """A share as a plain number: 0.8 of 80%. UnitError for what is none.

        >>> parse_figure("80%").as_share().value
        0.8
        """
        share = float(conversion(self.unit, DIMENSIONLESS).apply(self.value))
        return replace(self, value=share, unit=DIMENSIONLESS)


@final
@dataclass(frozen=True, slots=True)
class Range:
    """Two figures in the same unit, the first not above the second."""

    low: Figure
    high: Figure


def parse_figure(text: str) -> Figure:
    """The figure that a text means.

    Raises
    ------
    UsageError
        If the text is no figure.
    UnitError
        If its unit is none.

    Examples
    --------
    >>> parse_figure("$160K / year")
    Figure(value=160000.0, unit=Unit('USD/year'), half_unit=5000.0, text='$160K / year')
    """
    bounds = _split(text)
    if len(bounds) > 1:
        raise UsageError(
            f"{_shown(text)} is a range; write one figure, such as '160K USD'",
            column=bounds[1].start,
        )
    written = _read(bounds[0])
    return written.figure(written.unit)


def parse_range(text: str) -> Range:
    """The range that a text means; a unit after one bound holds for both.

    Raises
    ------
    UsageError
        If the text is no range, its bounds are in the wrong order, or it is unclear whether a
        suffix after the high bound is meant for the low one too.
    UnitError
        If a unit is none, or the units of the bounds do not fit together.

    Examples
    --------
    >>> bounds = parse_range("5 to 8 USD/hour")
    >>> bounds.low.value, bounds.high.value, bounds.low.unit
    (5.0, 8.0, Unit('USD/hour'))
    """
    bounds = _split(text)
    if len(bounds) != 2:
        raise UsageError(
            f"{_shown(text)} is no range; write for example '5 to 8 USD/hour'",
            column=bounds[2].start if len(bounds) > 2 else len(text),
        )
    below, above = _read(bounds[0]), _read(bounds[1])
    parse_unit(above.unit, above.column)
    _check_shared_suffix(below, above)
    low = below.figure(_common_unit(below.unit, above.unit))
    high = above.figure(_common_unit(above.unit, below.unit))
    if low.unit != high.unit:
        to_low = conversion(high.unit, low.unit)
        value, half_unit = to_low.apply(high.value), high.half_unit * to_low.factor
        high = replace(high, value=value, half_unit=half_unit, unit=low.unit)
    if low.value > high.value:
        raise UsageError(
            f"{_shown(text)} starts above its end; swap the bounds", column=bounds[0].start
        )
    return Range(low, high)


def parse_value(text: str) -> Figure | Range:
    """The range or the figure that a text means.

    Raises
    ------
    UsageError, UnitError
        As `parse_figure` and `parse_range` do.
    """
    return parse_figure(text) if len(_split(text)) == 1 else parse_range(text)


@final
@dataclass(frozen=True, slots=True)
class _Written:
    """The parts of a figure, before its unit is looked up."""

    text: str
    value: float
    half_unit: float
    suffix: str
    unit: str
    column: int
    """Where the unit begins in the whole text."""

    def figure(self, unit: str) -> Figure:
        parse_unit(self.unit, self.column)
        return Figure(self.value, parse(unit), self.half_unit, self.text)


class _Piece(NamedTuple):
    """A part of a text, and where it begins there."""

    start: int
    text: str


def _split(text: str) -> list[_Piece]:
    """The figures that a range is made of; `[8, 10] USD` is read as `8 to 10 USD`."""
    if not isinstance(text, str):
        raise UsageError(f"a figure is written as text such as '160K USD', not {text!r}")
    if len(text) > _LONGEST:
        raise _no_figure(text, 0)
    if is_date(text):
        raise UsageError(
            f"{_shown(text)} is a date, which is no number; {COUNTED_IN_DAYS}", column=0
        )
    between = _BETWEEN
    written, brackets = text, _BRACKETS.fullmatch(text)
    if brackets is not None:
        between = _COMMA if text.count(",") == 1 else _COMMA_AND_BLANK
        text = text.replace("[", " ", 1).replace("]", " ", 1)
    pieces, start = [], len(text) - len(text.lstrip())
    end = len(text.rstrip())
    for match in between.finditer(text, start, end):
        pieces.append(_Piece(start, text[start : match.start()]))
        start = match.end()
    pieces.append(_Piece(start, text[start:end]))
    if brackets is not None and len(pieces) != 2:
        raise UsageError(
            f"{_shown(written)}: write two figures in brackets, such as [8, 10]", column=start
        )
    return pieces


def _read(piece: _Piece) -> _Written:
    start, text = piece
    match = _FIGURE.fullmatch(text)
    if match is None:
        known = _FIGURE.match(text) or _BEFORE_DIGITS.match(text)
        raise _no_figure(text, start + (known.end() if known else 0))
    unit = match["unit"].strip()
    _check_suffix(text, match["suffix"], match["unit"], start + match.start("unit"))
    column = start + match.start("unit") + len(match["unit"]) - len(match["unit"].lstrip())
    if match["currency"]:
        if unit and not _RATE.match(unit):
            raise _no_figure(text, column)
        unit = match["currency"] + unit
        column -= 1
    whole, fraction = re.sub("[,_]", "", match["whole"]), match["fraction"] or ""
    suffix = (match["suffix"] or "").strip()
    shift = int(match["exponent"] or 0) + _EXPONENTS.get(suffix, 0)
    if fraction:
        last = shift - len(fraction) + 1
    else:
        last = shift + len(whole) - len(whole.rstrip("0") or whole)
    value, half_unit = float(f"{whole}{fraction}e{shift}"), float(f"0.5e{last}")
    lost = value == 0 and (whole + fraction).strip("0.")
    if lost or math.isinf(value) or math.isinf(half_unit):
        raise UsageError(f"{_shown(text)} is too large or too small for a number", column=start)
    if match["sign"] in ("-", "−") and value:
        value = -value
    return _Written(text.strip(), value, half_unit, suffix, unit, column)


def parse_unit(text: str, column: int = 0) -> Unit:
    """The unit that a text means, which begins at a column of a longer text; the UnitError where
    it is none points at the first name that nobody knows."""
    try:
        return parse(text)
    except UnitError as error:
        for name in _NAME.finditer(text):
            try:
                parse(name[0])
            except UnitError:
                column += name.start()
                break
        raise UnitError(error.message, column=column) from None


def _check_suffix(text: str, suffix: str | None, unit: str, column: int) -> None:
    """Refuse what could be a number's suffix or a unit; `unit` as it stands, with its blanks."""
    if _LOWER_CASE.match(unit):
        raise UsageError(
            f"{_shown(text)} is unclear: write '5M' for millions, '5B' for billions, '5T' for "
            "trillions; a unit stands apart, as in '5 m'",
            column=column,
        )
    if suffix and suffix.strip() == "K" != suffix and not unit.strip():
        number = text.strip().removesuffix("K").strip()
        raise UsageError(
            f"{_shown(text)} is unclear: write '{number}K' or '{number} kelvin'", column=column - 1
        )
    if not suffix and _BYTE.match(unit):
        raise UsageError(
            f"{_shown(text)} is unclear: write '16B' for billions, or '16 byte'",
            column=column + len(unit) - len(unit.lstrip()),
        )


def _check_shared_suffix(low: _Written, high: _Written) -> None:
    """Refuse "5 to 8K", which can begin at 5 and at 5000, unless one of them is impossible."""
    if low.suffix or not high.suffix or low.unit not in ("", *_SIGNS):
        return
    both = low.value * 10.0 ** _EXPONENTS[high.suffix]
    if both != low.value and both <= high.value:
        gap = "" if len(high.suffix) == 1 else " "
        raise UsageError(
            f"{_shown(f'{low.text} to {high.text}')} is unclear: write "
            f"'{low.text}{gap}{high.suffix} to {high.text}', or the high bound without "
            f"'{high.suffix}'",
            column=high.column - len(high.suffix),
        )


def _common_unit(own: str, other: str) -> str:
    """The unit of a bound: its own, completed by what only the other bound says."""
    if own == "" or (own in _SIGNS and other.startswith(own)):
        return other
    if own in _SIGNS and _RATE.match(other):
        return own + other
    if other in _SIGNS and _RATE.match(own):
        return other + own
    return own


def _no_figure(text: str, column: int) -> UsageError:
    return UsageError(
        f"cannot read {_shown(text)} as a figure; write for example '160K USD'", column=column
    )


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


# --- figures as text ------------------------------------------------------------------------------


def with_unit(number: str, unit: str) -> str:
    """A figure with its unit, in words that are read.

    >>> with_unit("12", "percent"), with_unit("3", "USD"), with_unit("0.5", "")
    ('12%', '3 USD', '0.5')
    >>> with_unit("15.4K", "person"), with_unit("1 to 10", "percentage_point")
    ('15.4K people', '1 to 10 percentage points')
    """
    if unit == "percent":
        return f"{number}%"
    if number != "1":
        unit = PLURALS.get(unit, unit)
    return f"{number} {unit}".rstrip()
