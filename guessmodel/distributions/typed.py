"""What people type for an interval that is none in the grammar of text, and what to write."""

from __future__ import annotations

import re
from typing import Final

from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.units.figures import Figure, Range, parse_figure, parse_value

__all__ = ["figure_or_range", "instead"]

_LONGEST: Final = 60  # characters of what somebody types for an interval
_NUMBER: Final = (
    r"[-+−]?\s*[$€£¥]?[0-9][0-9,_.]*(?:e[-+]?[0-9]+)?"
    r"(?:\s*(?:[KMBT%]|thousand|million|billion|trillion)(?!\w))?"
)
_UNIT: Final = r"(?:\s*[^\W\d_][^\d±+]*?)?"
_FLAGS: Final = re.IGNORECASE | re.DOTALL
# "too" and the like are slips of the finger.
_BETWEEN: Final = (
    r"\s+(?:too|tto|tot|tp|ot|ti|yo|ro|and|or|through|thru|until|till|up\s+to|bis)\s+"
    r"|\s*(?:to|->|→|=>|~|,|;|:|<=?|[-–—]|\.\.\.?|…)\s*"
)
_TWO: Final = (
    rf"(?:(?:from|between)\s*)?[\[({{]?\s*(?P<low>{_NUMBER}{_UNIT})(?:{_BETWEEN})"
    rf"(?P<high>{_NUMBER})\s*[\])}}]?(?P<unit>{_UNIT})"
)
_PLUS_MINUS: Final = (
    rf"(?P<middle>{_NUMBER}{_UNIT})\s*\(?\s*(?:±|\+\s*/?\s*[-−–]|\+\s+or\s+-)\s*(?P<off>{_NUMBER})"
    rf"\s*\)?(?P<unit>{_UNIT})"
)
_ABOUT: Final = r"(?:[~≈∼]|about|approx(?:\.|imately)?|ca\.?|circa|around|roughly)\s*(?P<middle>.+)"
_AT_MOST: Final = (
    r"(?:<=?|≤|at\s+most|under|below|up\s+to|(?:less|fewer|no\s+more)\s+than|max(?:imum|\.)?)\s*"
    r"(?P<end>.+)"
)
_AT_LEAST: Final = (
    r"(?:>=?|≥|at\s+least|over|above|(?:more|no\s+less)\s+than|min(?:imum|\.)?)\s*(?P<end>.+)"
)
_AND_MORE: Final = rf"(?P<end>{_NUMBER}{_UNIT})\s*(?:\+|to\b|\.\.\.?|…|->|→)(?P<unit>{_UNIT})"
_DECIMAL_COMMA: Final = r"(?<![\d,.])(\d+),(\d{1,2}|\d{4,})(?![\d,.])"


def figure_or_range(text: str) -> Figure | Range:
    """What `parse_value` reads; its error says what to write in place of what people type."""
    try:
        return parse_value(text)
    except GuessmodelError as error:
        what = instead(text) if isinstance(text, str) else ""
        if not what:
            raise
        raise UsageError(f"cannot read {text.strip()!r}: {what}", column=error.column) from None


def instead(text: str) -> str:
    """What to write in place of a text that is no figure, range or family; "" where nobody knows.

    >>> instead("between 5 and 10 USD")
    'write 5 to 10 USD'
    >>> instead("5±2")
    'write normal(mean=5, sd=2) if 2 is a standard deviation, 3 to 7 for an interval'
    >>> instead("salmon")
    ''
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return ""
    ways = (_decimal_point, _around, _from_to, _about, _at_most, _at_least)
    return next(filter(None, (way(text) for way in ways)), "")


def _decimal_point(text: str) -> str:
    written = re.sub(_DECIMAL_COMMA, r"\1.\2", text)
    return f"write {written}" if written != text and _is_read(written) else ""


def _from_to(text: str) -> str:
    match = re.fullmatch(_TWO, text, _FLAGS)
    if match is None:
        return ""
    unit = match["unit"].strip()
    written = f"{match['low'].strip()} to {match['high'].strip()} {unit}".strip()
    return f"write {written}" if _is_read(written) else ""


def _around(text: str) -> str:
    match = re.fullmatch(_PLUS_MINUS, text, _FLAGS)
    if match is None:
        return ""
    middle, off = _read(match["middle"]), _read(f"{match['off']} {match['unit']}")
    if middle is None or off is None:
        return ""
    far, unit = abs(off.value), _after(middle)
    if str(off.unit) == "percent" != str(middle.unit):
        far *= abs(middle.value) / 100.0  # 5 ± 20%
    elif not str(middle.unit):
        unit = _after(off)
    elif off.unit != middle.unit and str(off.unit):
        return ""
    ends = f"{middle.value - far:.6g} to {middle.value + far:.6g}{unit}"
    return (
        f"write normal(mean={middle.value:.6g}, sd={far:.6g}){unit} if {far:.6g}{unit} is a "
        f"standard deviation, {ends} for an interval"
    )


def _about(text: str) -> str:
    match = re.fullmatch(_ABOUT, text, _FLAGS)
    figure = None if match is None else _read(match["middle"])
    if figure is None or not figure.value:
        return ""
    low, high = sorted((0.8 * figure.value, 1.2 * figure.value))
    return (
        f"write how far off it may be, such as {low:.6g} to {high:.6g}{_after(figure)}; "
        f"{figure.text} alone is a constant"
    )


def _at_most(text: str) -> str:
    match = re.fullmatch(_AT_MOST, text, _FLAGS)
    figure = None if match is None else _read(match["end"])
    if figure is None or figure.value <= 0.0:
        return ""
    end, unit = f"{figure.value:.6g}", _after(figure)
    return (
        f"one end is no range; write both, such as {0.2 * figure.value:.6g} to {end}{unit}, or "
        f"uniform(0 to {end}{unit}) for bounds"
    )


def _at_least(text: str) -> str:
    match = re.fullmatch(_AT_LEAST, text, _FLAGS)
    figure = None if match is None else _read(match["end"])
    if match is None and (match := re.fullmatch(_AND_MORE, text, _FLAGS)) is not None:
        figure = _read(f"{match['end']} {match['unit']}")
    if figure is None or figure.value <= 0.0:
        return ""
    return (
        f"one end is no range; write both, such as {figure.value:.6g} to "
        f"{10.0 * figure.value:.6g}{_after(figure)}"
    )


def _after(figure: Figure) -> str:
    """The unit of a figure, as it stands behind a number."""
    unit = str(figure.unit)
    return "%" if unit == "percent" else f" {unit}".rstrip()


def _read(text: str) -> Figure | None:
    try:
        return parse_figure(text.strip())
    except GuessmodelError:
        return None


def _is_read(text: str) -> bool:
    try:
        parse_value(text)
    except GuessmodelError:
        return False
    return True
