"""Numbers as text: the digits that their errors support, K and M where they shorten, `format=`.

A number is printed as `453.3 ± 2.2`, or without ± where its whole interval lies within half a unit
of the last digit printed. What is printed holds the interval: value ± error never ends inside it,
the rounding of the value included.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import final

from guessmodel.errors import UsageError
from guessmodel.units.digits import (
    MOST,
    WRITTEN,
    Bounds,
    Digits,
    at_place,
    decimal,
    digits_of,
    gaps,
    rounded,
    with_decimals,
)

__all__ = [
    "Format",
    "format_brief",
    "format_number",
    "format_numbers",
    "format_written",
    "parse_format",
    "percent_of",
    "share_in_words",
]

_SUFFIXES = ("", "K", "M", "B", "T")
_OF_A_YEAR = 2  # the first digits of years are all alike
_FULL = 3  # brief numbers of more digits before the point are written with K, M …
_SMALLEST_SUFFIXED = 1000  # below, there is nothing to choose
_NEVER_SUFFIXED = 1e4  # 2025 and 5000 are written in full
_ALWAYS_SUFFIXED = 1e6  # seven digits in a row are not read at a glance
_FORMAT = re.compile(r"year|(?P<digits>[0-9]+) digits?|(?P<unit>[^,]*),(?P<decimals>[0-9]+)")
_LEAST = 5e-4  # of a share: below it, 0.0% would be printed
_NOISE = 12  # decimals of a share that a sum of shares leaves certain
_HINT = "write 'year', '4 digits', or ',2' for thousands by commas and 2 decimals"


# --- what a quantity asks for -------------------------------------------------------------------


@final
@dataclass(frozen=True, slots=True)
class Format:
    """How the numbers of a quantity are written.

    Attributes
    ----------
    year : in full, without K, M, B and T and without commas: 2025
    digits : significant digits at most
    decimals : decimals, always so many, and thousands set apart by commas: 1,234.50
    unit : the unit that was written with the decimals; the quantity must be in it
    """

    year: bool = False
    digits: int | None = None
    decimals: int | None = None
    unit: str = ""


@lru_cache(maxsize=256)
def parse_format(text: str) -> Format:
    """The format that a text such as `year`, `4 digits`, `,2` or `USD,0` means.

    Raises
    ------
    UsageError
        If it means none.

    Examples
    --------
    >>> parse_format("USD,0")
    Format(year=False, digits=None, decimals=0, unit='USD')
    """
    match = _FORMAT.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise UsageError(f"format={text!r} is no format; {_HINT}")
    if match["digits"]:
        digits = int(match["digits"])
        if not 1 <= digits <= MOST:
            raise UsageError(f"format={text!r}: write 1 to {MOST} digits")
        return Format(digits=digits)
    if match["decimals"]:
        decimals = int(match["decimals"])
        if decimals > MOST:
            raise UsageError(f"format={text!r}: write 0 to {MOST} decimals")
        return Format(decimals=decimals, unit=match["unit"].strip())
    return Format(year=True)


# --- numbers as text ----------------------------------------------------------------------------


def format_number(value: float, digits: int = 3) -> str:
    """A number with at most so many significant digits.

    K, M, B and T are thousand, million, billion and trillion, used where they shorten; beyond
    999T and below 0.001 the form is scientific. `parse_figure` reads it back.

    Raises
    ------
    UsageError
        If the digits are fewer than 1.

    Examples
    --------
    >>> [format_number(x) for x in (160e3, 2.6e6, 0.75, 1.2e-7, 1.1e14, 1.2e15)]
    ['160K', '2.6M', '0.75', '1.2e-7', '110T', '1.2e15']
    >>> [format_number(x, 4) for x in (2025, 2030, 12345, 123456)]
    ['2025', '2030', '12.34K', '123.5K']
    """
    if digits < 1:
        raise UsageError(f"a number has at least 1 significant digit, not {digits}")
    if value == 0 or not math.isfinite(value):
        return f"{value + 0.0:g}"
    return _written([rounded(decimal(value), digits)])[0]


def format_written(value: float) -> str:
    """A number as somebody would write it: up to 6 digits.

    >>> [format_written(x) for x in (2025.0, 1.2345, 365e3, 2.6e6)]
    ['2025', '1.2345', '365K', '2.6M']
    """
    return format_number(value, WRITTEN)


def format_numbers(
    numbers: Sequence[Bounds],
    digits: int = WRITTEN,
    *,
    format: Format | None = None,
    apart: int | None = None,
    whole: bool = False,
) -> list[str]:
    """Numbers that are read together, such as the percentiles of a row, as text.

    Each is a value with the interval [low, high] of its error. Where the interval lies within half
    a unit of the last of so many digits, the value stands alone. Else it has its ±: two digits of
    the error where its first three are below 355, else one (Particle Data Group, Review of
    Particle Physics, section 5.3), but no more than six of the value, rounded up, so that value ±
    error holds the interval. Exact numbers have so many digits where they need no more, else 4 at
    most.

    Parameters
    ----------
    numbers : value, low, high; low and high are the value where it is exact
    digits : the most that a number without ± has, unless more are needed to tell them apart
    format : what the quantity asks for instead
    apart : so many of the numbers, from the first, increase and are told apart; by default all
    whole : from 1 on without decimals, as numbers of people are

    Examples
    --------
    >>> format_numbers([(8.31445, 8.31445, 8.31445), (8.314462, 8.314462, 8.314462)], 4)
    ['8.31445', '8.314462']
    >>> format_numbers([(2025.2, 2025.1, 2025.3), (1.6e6, 1.6e6, 1.6e6)])
    ['2.02520K ± 0.00010K', '1.6M']
    """
    form = format or Format()
    if form.digits is not None:
        digits = form.digits
    elif form.year:
        digits = max(digits, min(digits + _OF_A_YEAR, WRITTEN))
    finite = [math.isfinite(value) for value, _, _ in numbers]
    apart_by = gaps(numbers, len(numbers) if apart is None else apart)
    known = [
        with_decimals(number, form.decimals)
        if form.decimals is not None
        else digits_of(number, digits, gap, full=form.year)
        for number, gap, fine in zip(numbers, apart_by, finite, strict=True)
        if fine
    ]
    if whole and form.decimals is None:
        parts = [number for number, fine in zip(numbers, finite, strict=True) if fine]
        known = [
            found if found.last >= 0 or abs(number[0]) < 1.0 else with_decimals(number, 0)
            for number, found in zip(parts, known, strict=True)
        ]
    if form.decimals is not None:
        texts = iter([_with_commas(number, form.decimals) for number in known])
    elif form.year:
        texts = iter([_text(number, suffixed=False) for number in known])
    else:
        texts = iter(_written(known))
    return [
        f"{next(texts)}{_unknown(number)}" if fine else f"{number[0]:g}"
        for number, fine in zip(numbers, finite, strict=True)
    ]


def format_brief(value: float, low: float, high: float, digits: int = 3) -> str | None:
    """A number alone, for sentences and cards: so many digits, down to two, as its error leaves
    certain, which is where the error is at most half a unit of the last of them. Where not even
    two are, it has its ±, of one digit. None for 0 and what is not finite.

    >>> format_brief(226580, 226340, 226820), format_brief(0.4246, 0.4216, 0.4276)
    ('227K', '0.42')
    >>> format_brief(540.4, 537.4, 543.4), format_brief(501700, 500800, 502600)
    ('540 ± 4', '502K ± 2K')
    """
    value_, low_, high_ = map(decimal, (value, low, high))
    if not value_ or not (value_.is_finite() and low_.is_finite() and high_.is_finite()):
        return None
    error = max(high_ - value_, value_ - low_)
    finest = value_.adjusted() // 3 * 3 if value_.adjusted() >= 0 else 0
    for few in range(digits, 1, -1):
        found = rounded(value_, few, finest, exact=False)
        if error <= Decimal(5).scaleb(found.last - 1):
            return _text(found, suffixed=value_.adjusted() >= _FULL)
    last = max(error.adjusted(), value_.adjusted() - digits + 1)
    return _text(at_place((value_, low_, high_), last), suffixed=value_.adjusted() >= _FULL)


# --- text ---------------------------------------------------------------------------------------


def _written(numbers: Sequence[Digits]) -> list[str]:
    """Numbers with K, M, B and T, or all in full where that is shorter."""
    suffixed = [_text(number, suffixed=True) for number in numbers]
    largest = max(map(_size, numbers), default=Decimal(0))
    if largest < _SMALLEST_SUFFIXED or largest >= _ALWAYS_SUFFIXED:
        return suffixed
    if not all(number.whole for number in numbers):
        return suffixed
    full = [_text(number, suffixed=False) for number in numbers]
    shorter = sum(map(len, full)) < sum(map(len, suffixed))
    return full if shorter or largest < _NEVER_SUFFIXED else suffixed


def _text(number: Digits, *, suffixed: bool) -> str:
    size = _size(number)
    power = size.adjusted() if size else 0
    if power < -3 or (power >= 15 and suffixed):
        group, suffix = power, f"e{power}"
    elif suffixed and power >= 3:
        group, suffix = power // 3 * 3, _SUFFIXES[power // 3]
    else:
        group, suffix = 0, ""
    return _joined(number, f".{max(group - number.last, 0)}f", group, suffix)


def _with_commas(number: Digits, decimals: int) -> str:
    return _joined(number, f",.{decimals}f")


def _joined(number: Digits, form: str, group: int = 0, suffix: str = "") -> str:
    def written(part: Decimal) -> str:
        if suffix.startswith("e") and not part:
            return "0"  # and not 0e-5
        return format(part.scaleb(-group) if group else part, form) + suffix

    shown = written(number.value if number.value else abs(number.value))  # no -0
    return shown if number.error is None else f"{shown} ± {written(number.error)}"


def _size(number: Digits) -> Decimal:
    return max(abs(number.value), number.error or Decimal(0))


def _unknown(number: Bounds) -> str:
    """The ± of a number whose error is not finite."""
    _, low, high = number
    if math.isfinite(low) and math.isfinite(high):
        return ""
    return " ± unknown" if math.isnan(low) or math.isnan(high) else " ± inf"


def share_in_words(share: float) -> str:
    """A share as text, never rounded to none or all."""
    if share == 1.0:
        return "all"
    return f"{100 * share:.2g}% of the" if share < 0.995 else "nearly all"


def percent_of(share: float) -> str:
    """A share in percent with one decimal, in a column or beside others: what is not nothing is not
    0%, and what is not all is not 100%.

    >>> [percent_of(share) for share in (0.0, 0.00041, 0.0941, 0.99996, 1.0)]
    ['0%', '<0.1%', '9.4%', '>99.9%', '100%']
    """
    if (known := round(share, _NOISE)) in (0.0, 1.0):
        return f"{abs(known):.0%}"
    if abs(share) < _LEAST:
        return "<0.1%" if share > 0.0 else ">-0.1%"
    return ">99.9%" if 0.0 < 1.0 - share < _LEAST else f"{100.0 * share:.1f}%"
