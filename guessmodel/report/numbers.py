"""Figures of a document as text: the digits that their error supports, and at most four."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from guessmodel.statistics.estimate import Estimate
from guessmodel.text import format_number, format_with_error

__all__ = [
    "at",
    "coordinates",
    "estimate",
    "exactly",
    "figure",
    "interval",
    "is_chance",
    "percent",
    "with_unit",
]

_DIGITS = 4
_DIGITS_OF_ENDS = 3
_EXACT_DIGITS = 6
_NOUGHT = 1e-12
_ABSENT = "–"
UNRELIABLE = "!"


def estimate(given: Mapping[str, Any], unit: str = "") -> Estimate:
    """An estimate as it was before it became plain data; nan for None."""
    value, low, high = (
        math.nan if given[key] is None else float(given[key]) for key in ("value", "low", "high")
    )
    kind = "exact" if value == low == high else "replicates"
    plain = given.get("plain", False)
    return Estimate(value, low, high, kind, unit, given.get("note"), plain)


def figure(given: Mapping[str, Any] | None, *, scale: float = 0.0) -> str:
    """A statistic in the digits that its error supports, at most 4, with its ± where that is not
    beyond these digits; marked where it is unreliable.

    What is nought but for rounding, compared with `scale`, is shown as 0.

    >>> figure({"value": 453.27, "low": 451.1, "high": 455.3})
    '453 ± 2'
    >>> figure({"value": 453.27, "low": 453.26, "high": 453.28})
    '453.3'
    """
    if given is None:
        return ""
    e = estimate(given)
    mark = "" if e.reliable else f" {UNRELIABLE}"
    if math.isnan(e.value):
        return f"{_ABSENT}{mark}"
    if e.error == 0.0 and abs(e.value) <= _NOUGHT * scale:
        return f"0{mark}"
    if e.error < abs(e.value) * 10.0 ** (1 - _DIGITS) and not e.plain:
        return f"{format_number(e.value, _DIGITS)}{mark}"
    return f"{replace(e, unit='', note=None)}{mark}"


def interval(low: Mapping[str, Any], high: Mapping[str, Any], scale: float = 1.0) -> str:
    """Two ends, times `scale`, in the digits that their errors support, at most 3.

    >>> low = {"value": 123.4, "low": 123.4, "high": 123.4}
    >>> interval(low, {"value": 617, "low": 590, "high": 650})
    '123 to 620'
    """
    ends = []
    for given in (low, high):
        e = estimate(given)
        if e.error < abs(e.value) * 10.0 ** (1 - _DIGITS_OF_ENDS) and not e.plain:
            ends.append(format_number(e.value * scale, _DIGITS_OF_ENDS))
        else:
            ends.append(format_with_error(e.value * scale, e.error * scale, plain=e.plain))
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def exactly(given: Mapping[str, Any]) -> str:
    """A constant, which somebody wrote: up to 6 digits."""
    value = given["value"]
    return _ABSENT if value is None else format_number(float(value), _EXACT_DIGITS)


def with_unit(number: str, unit: str) -> str:
    """A figure with its unit.

    >>> with_unit("12", "percent"), with_unit("3", "USD"), with_unit("0.5", "")
    ('12%', '3 USD', '0.5')
    """
    if unit == "percent":
        return f"{number}%"
    return f"{number} {unit}".rstrip()


def coordinates(entry: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The labels, as text, of each coordinate of a quantity at which it has statistics."""

    def walk(tree: Any, depth: int) -> Iterator[tuple[str, ...]]:
        if depth == 0:
            if tree is not None:
                yield ()
            return
        for label, branch in tree.items():
            for labels in walk(branch, depth - 1):
                yield (label, *labels)

    yield from walk(entry["mean"], len(entry["dims"]))


def at(entry: Mapping[str, Any], statistic: str, labels: tuple[str, ...]) -> Any:
    """A statistic at a coordinate; None where there is none."""
    found = entry.get(statistic)
    for label in labels:
        if found is None:
            return None
        found = found.get(label)
    return found


def is_chance(entry: Mapping[str, Any]) -> bool:
    """Whether its means are probabilities, and all that there is to be said of it."""
    return bool(entry["indicator"]) or "category" in entry["dims"]


def percent(given: Mapping[str, Any]) -> dict[str, Any]:
    """A probability in percent."""
    keys = ("value", "low", "high")
    hundred = {key: None if given[key] is None else 100.0 * given[key] for key in keys}
    return {**given, **hundred}
