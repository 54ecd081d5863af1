"""How many digits a number has: by its error, and by the numbers that it is read together with.

Where the whole interval of a number lies within half a unit of its last digit, the digits tell its
error; else it has one, rounded up, so that value ± error holds the interval.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Final, NamedTuple, final

__all__ = [
    "MOST",
    "WRITTEN",
    "Bounds",
    "Digits",
    "at_place",
    "decimal",
    "digits_of",
    "gaps",
    "rounded",
    "with_decimals",
]

Bounds = tuple[float, float, float]
"""Value, low and high."""
MOST: Final = 17
"""Digits that a float can tell apart."""
WRITTEN: Final = 6
"""Digits of a number as somebody would write it."""
_ENDLESS: Final = 4  # digits of an exact number that has more than that, such as 1/3
_UNKNOWN: Final = 3  # digits of a number whose error is not known
_TWO_DIGITS: Final = Decimal("3.55")  # leading digits of an error that has two of them
_HAIR: Final = Decimal(1) - Decimal("1e-9")  # no error is rounded up for a bit of floating point
_CLOSE: Final = 1e-12
_APART: Final = 4  # units of the last digit between neighbours of a row


@final
class Digits(NamedTuple):
    """A rounded value and error, and the power of ten of their last digit."""

    value: Decimal
    error: Decimal | None
    last: int
    whole: bool  # written in full it would have no zeros that stand for unknown digits


def digits_of(number: Bounds, digits: int, gap: float, *, full: bool) -> Digits:
    """A number with at most so many digits, and more where the next one is but a `gap` away;
    `full` where it is written without K, M and the like."""
    value, low, high = map(decimal, number)
    # No zeros in front of a point or a suffix stand for unknown digits: 453, not 450.
    finest = value.adjusted() // 3 * 3 if value.adjusted() >= 0 and not full else 0
    if 0.0 < gap < math.inf:
        finest = min(finest, math.floor(math.log10(gap) - math.log10(_APART)))  # gap may be tiny
    if not (low.is_finite() and high.is_finite()):
        return rounded(value, min(digits, _UNKNOWN), finest)
    if low == value == high:
        enough = math.isclose(float(f"{value:.{digits}g}"), value, rel_tol=_CLOSE)
        return rounded(value, digits if enough else min(digits, _ENDLESS), finest)
    for more in (0, 1):  # one more where the value lies between two that are printed
        if not value or (high - low).adjusted() > _last_of(value, digits + more, finest - more):
            continue  # wider than a unit of the last digit
        found = rounded(value, digits + more, finest - more, exact=False)
        half = Decimal(5).scaleb(found.last - 1)
        if found.value - half <= low and high <= found.value + half:
            return found
    error = max(high - value, value - low)
    last = error.adjusted() - (error.scaleb(-error.adjusted()) < _TWO_DIGITS)
    if value:  # more than six digits are not read, unless they tell the numbers of a row apart
        six = _last_of(value, WRITTEN, None)
        six += _quantized(value, six).adjusted() > value.adjusted()  # 9.999999 becomes 10.0000
        last = max(last, min(six, finest))
    if all(each == each.to_integral_value() for each in (value, low, high)):
        last = max(last, 0)  # whole numbers have no decimals
    return at_place((value, low, high), last)


def with_decimals(number: Bounds, decimals: int) -> Digits:
    """A number with so many decimals, however many digits these are."""
    value, low, high = map(decimal, number)
    if not (low.is_finite() and high.is_finite()):
        return Digits(_quantized(value, -decimals), None, -decimals, True)
    found = at_place((value, low, high), -decimals)
    half = Decimal(5).scaleb(-decimals - 1)
    if found.value - half <= low and high <= found.value + half:
        return Digits(found.value, None, found.last, True)
    return found


def at_place(number: tuple[Decimal, Decimal, Decimal], last: int) -> Digits:
    """Rounded to a place, with the error that holds the interval."""
    value, low, high = number
    last = max(last, (value.adjusted() if value else last) + 1 - MOST)
    shown = _quantized(value, last)
    error = max(high - shown, shown - low)
    return Digits(shown, _quantized(error * _HAIR, last, ROUND_CEILING), last, True)


def rounded(
    value: Decimal, digits: int, finest: int | None = None, *, exact: bool = True
) -> Digits:
    """To so many significant digits, and to a place that is no coarser than the finest wanted;
    zeros at the end of an exact number are left out."""
    if not value:
        return Digits(Decimal(0), None, 0, True)
    last = _last_of(value, digits, finest)
    shown = _quantized(value, last)
    whole = last <= 0 or (exact and math.isclose(shown, value, rel_tol=_CLOSE))
    if exact:
        shown = shown.normalize()
        last = int(shown.as_tuple().exponent)
    return Digits(shown, None, last, whole)


def _last_of(value: Decimal, digits: int, finest: int | None) -> int:
    """The power of ten of the last digit of a number that is not 0, rounded to so many."""
    last = value.adjusted() - digits + 1
    return last if finest is None else max(min(last, finest), value.adjusted() + 1 - MOST)


def gaps(numbers: Sequence[Bounds], apart: int) -> list[float]:
    """How far each number is from the nearest one that it is to be told from; 0 where there is
    none. Those beside the row, such as its mean, have the gap of their nearest neighbour in it."""
    row = sorted({value for value, _, _ in numbers[:apart] if math.isfinite(value)})
    if len(row) < 2:
        return [0.0] * len(numbers)
    # What differs by the rounding of arithmetic alone is one number.
    least = _CLOSE * max(abs(row[0]), abs(row[-1]))
    between = [b - a if b - a > least else math.inf for a, b in pairwise(row)]
    nearest = dict(zip(row, map(min, [math.inf, *between], [*between, math.inf]), strict=True))
    nearest = {value: gap if gap < math.inf else 0.0 for value, gap in nearest.items()}
    for value, _, _ in numbers[apart:]:
        if math.isfinite(value):
            nearest[value] = nearest[min(row, key=lambda other: abs(other - value))]
    return [nearest.get(value, 0.0) for value, _, _ in numbers]


def decimal(value: float) -> Decimal:
    """The shortest decimal number that a float is read from."""
    return Decimal(repr(float(value)))


def _quantized(value: Decimal, last: int, rounding: str | None = None) -> Decimal:
    return value.quantize(Decimal(1).scaleb(last), rounding)
