"""Figures of a document as text: with ± unless the error is below half the last of 4 digits."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from guessmodel.claims.report_format import EstimateData, QuantityData
from guessmodel.estimators.estimate import Estimate, digits_apart, in_a_row
from guessmodel.simulation.summary import ABSENT, marked
from guessmodel.units.figures import PLURALS, with_unit
from guessmodel.units.formats import format_number

__all__ = [
    "AsData",
    "at",
    "brief_ends",
    "coordinates",
    "digits_within",
    "estimate",
    "exactly",
    "figure",
    "figures",
    "in_percent",
    "in_words",
    "interval",
    "is_chance",
    "labelled",
    "signed",
    "with_unit",
]

_DIGITS = 4
_DIGITS_OF_ENDS = 3
_EXACT_DIGITS = 6
UNRELIABLE = "!"
_WHOLE: Final = frozenset({"person"})  # units of what is not divided
_ENDS: Final = ("value", "low", "high")

AsData = Callable[[Estimate], EstimateData]
"""How a document writes an estimate."""


def estimate(given: EstimateData, unit: str = "") -> Estimate:
    """An estimate as it was before it became plain data; nan for None."""
    ends = (given["value"], given["low"], given["high"])
    value, low, high = (math.nan if each is None else float(each) for each in ends)
    kind = "exact" if value == low == high else "replicates"
    form = "year" if given.get("plain", False) else given.get("format")
    return Estimate(value, low, high, kind, unit, given.get("note"), form)


def digits_within(low: EstimateData | None, high: EstimateData | None) -> int:
    """The digits of brief numbers between two ends; as many as where nothing is known of these."""
    nothing = Estimate.refused("", "")
    return digits_apart(*(nothing if end is None else estimate(end) for end in (low, high)))


def brief_ends(low: EstimateData | None, high: EstimateData | None) -> list[str]:
    """Both ends of an interval, without unit, in digits that tell them apart; two ends of the same
    order have equally many, those of the one that is known less well.

    >>> low = {"value": 41.753, "low": 41.74, "high": 41.77}
    >>> brief_ends(low, {"value": 54.013, "low": 53.99, "high": 54.037})
    ['42', '54']
    """
    digits = digits_within(low, high)
    ends = [None if end is None or end["value"] is None else estimate(end) for end in (low, high)]
    texts = [ABSENT if end is None else end.brief(digits) for end in ends]
    known = [end for end in ends if end is not None and end.low < end.high and end.format is None]
    if len({math.floor(math.log10(abs(end.value) or 1.0)) for end in known}) != 1 or any(
        "±" in text for text in texts
    ):
        return texts
    fewest = min(digits, *(sum(map(str.isdigit, text.lstrip("-0."))) for text in texts))
    return [end.brief(fewest) for end in known] if len(known) == len(texts) else texts


def figure(given: EstimateData | None, unit: str = "") -> str:
    """A statistic with its ±, or without where 4 digits suffice and the error is below half a unit
    of the last one; marked where it is unreliable.

    >>> figure({"value": 453.27, "low": 451.1, "high": 455.3})
    '453.3 ± 2.2'
    >>> figure({"value": 453.27, "low": 453.26, "high": 453.28})
    '453.3'
    >>> figure({"value": 14.29, "low": 14.15, "high": 14.43}, "person")
    '14'
    """
    return figures(given, unit=unit)[0]


def figures(
    *quantiles: EstimateData | None, mean: EstimateData | None = None, unit: str = ""
) -> list[str]:
    """Quantiles in ascending order, in digits that tell them apart, then the mean, if there is one;
    each as `figure` shows it. Persons are whole persons."""
    beside = () if mean is None else (mean,)
    given = [*quantiles, *beside]
    shown = _in_a_row(quantiles, beside, _DIGITS, unit=unit)
    return [
        "" if each is None else marked(estimate(each), text)
        for each, text in zip(given, shown, strict=True)
    ]


def interval(low: EstimateData, high: EstimateData, scale: float = 1.0, unit: str = "") -> str:
    """Two ends, times `scale`, with their ±, or without where 3 digits suffice.

    >>> low = {"value": 123.4, "low": 123.4, "high": 123.4}
    >>> interval(low, {"value": 617, "low": 590, "high": 650})
    '123 to 617 ± 33'
    """
    ends = _in_a_row((low, high), (), _DIGITS_OF_ENDS, scale, unit)
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _in_a_row(
    quantiles: Sequence[EstimateData | None],
    beside: Sequence[EstimateData | None],
    digits: int,
    scale: float = 1.0,
    unit: str = "",
) -> list[str]:
    nothing = Estimate.refused("", "")
    first, last = (
        [nothing if each is None else estimate(each).scaled(scale) for each in part]
        for part in (quantiles, beside)
    )
    return in_a_row(*first, beside=last, digits=digits, whole=unit in _WHOLE)


def exactly(given: EstimateData) -> str:
    """A constant, which somebody wrote: up to 6 digits."""
    e = estimate(given)
    if math.isnan(e.value):
        return ABSENT
    return format_number(e.value, _EXACT_DIGITS) if e.format is None else e.text()


def in_words(written: str) -> str:
    """A figure as somebody wrote it, its unit in words.

    >>> in_words("at most 1000 person")
    'at most 1000 people'
    """
    number, _, unit = written.rpartition(" ")
    return with_unit(number, unit) if unit in PLURALS else written


def coordinates(entry: QuantityData) -> Iterator[tuple[str, ...]]:
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


def at(entry: QuantityData, statistic: str, labels: tuple[str, ...]) -> Any:
    """A statistic at a coordinate; None where there is none."""
    found: Any = entry.get(statistic) or entry.get("percentiles", {}).get(statistic)
    for label in labels:
        if found is None:
            return None
        found = found.get(label)
    return found


def is_chance(entry: QuantityData) -> bool:
    """Whether its means are probabilities, and all that there is to be said of it."""
    return bool(entry["indicator"]) or "category" in entry["dims"]


def labelled(entry: QuantityData, labels: tuple[str, ...]) -> str:
    """Labels; numbers with the name of their dimension."""
    parts = []
    for (dim, known), label in zip(entry["dims"].items(), labels, strict=True):
        number = not any(isinstance(each, str) for each in known)
        parts.append(f"{dim} {label}" if number else label)
    return ", ".join(parts)


def in_percent(given: EstimateData) -> EstimateData:
    """A probability in percent."""
    changed = given.copy()
    for key in _ENDS:
        number = given[key]
        changed[key] = None if number is None else 100.0 * number
    return changed


def signed(given: EstimateData) -> str:
    """A correlation to two decimals, with its ± where they do not hold.

    >>> signed({"value": -0.834, "low": -0.837, "high": -0.831})
    '−0.83 ± 0.01'
    """
    text = replace(estimate(given), format=",2").text()
    return f"−{text[1:]}" if text.startswith("-") else f"+{text}"
