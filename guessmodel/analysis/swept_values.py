"""The values of a sweep: numbers, or text such as `1..10:10`, `1..100:7 log` and `3, 5, 8`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from guessmodel.errors import UsageError, WrongKind
from guessmodel.graph.number_in import number_in
from guessmodel.graph.quantity import Quantity
from guessmodel.units import Unit
from guessmodel.units.figures import parse_figure, parse_range

__all__ = ["swept_values"]

_SPAN: Final = re.compile(r"(.+?)\s*\.\.\s*(.+?)\s*:\s*([0-9]+)(?![.0-9])\s*(.*)")
_MOST: Final = 1000
_WRITE: Final = "write from..to:count, such as 1..10:10, 1..100:7 log, or a list: 3, 5, 8"


def swept_values(unit: Unit, values: Any) -> tuple[float, ...]:
    """Values in a unit, in ascending order.

    Text is `from..to:count`, evenly spaced, in the logarithm with `log` behind it, or a list with
    commas; a unit after the last number holds for all that have none. Plain numbers are counted in
    the unit. Raises UsageError, UnitError or WrongKind for what is none, and for fewer than two.

    >>> from guessmodel.units import parse
    >>> swept_values(parse("USD"), "1..100:3 log"), swept_values(parse("USD"), "1K, 3, 50 USD")
    ((1.0, 10.0, 100.0), (3.0, 50.0, 1000.0))
    """
    if isinstance(values, str):
        found = _span(unit, values) if ".." in values else _list(unit, values)
    elif isinstance(values, Iterable) and not isinstance(values, Quantity):
        found = [number_in(unit, value) for value in values]
    else:
        raise WrongKind(f"a sweep takes several values, such as [1, 2, 3], not {values!r}")
    if len(set(found)) < len(found):
        twice = next(value for value in found if found.count(value) > 1)
        raise UsageError(f"the value {twice:g} is given twice")
    if len(found) < 2:
        raise UsageError("a sweep takes two values at least; --set gives a quantity one")
    if len(found) > _MOST:
        raise UsageError(f"{len(found)} values are too many; a sweep takes {_MOST} at most")
    return tuple(sorted(found))


def _span(unit: Unit, text: str) -> list[float]:
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"{text!r} is no range of values; {_WRITE}")
    low_text, high_text, count_text, rest = match.groups()
    rest = rest.strip()
    log = bool(re.search(r"(^|\s)log$", rest))
    own = rest.removesuffix("log").strip() if log else rest
    bounds = parse_range(f"{low_text} to {high_text} {own}".strip())
    low, high = (
        number_in(unit, f"{bound.value!r} {bound.unit}".strip())
        for bound in (bounds.low, bounds.high)
    )
    count = int(count_text[:6])
    if count > _MOST or len(count_text) > 6:
        raise UsageError(f"{text!r}: {_MOST} values are the most")
    if count < 2:
        raise UsageError(f"{text!r}: a sweep takes two values at least")
    if log and low <= 0.0:
        raise UsageError(f"{text!r}: values spaced by factors are above 0")
    spaced = np.geomspace(low, high, count) if log else np.linspace(low, high, count)
    spaced[[0, -1]] = low, high
    return [float(f"{value:.12g}") for value in spaced]


def _list(unit: Unit, text: str) -> list[float]:
    figures = [parse_figure(part) for part in re.split(r"\s*,\s*", text.strip())]
    last = str(figures[-1].unit)
    return [number_in(unit, f"{f.value!r} {str(f.unit) or last}".strip()) for f in figures]
