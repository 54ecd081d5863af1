"""What can be edited of a model: how the value of each input could be typed, and which ends of it
can be dragged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict

import numpy as np

from guessmodel.distributions.ranges import BOUNDS, INTERVALS
from guessmodel.graph import dims as dimensions
from guessmodel.graph.quantity import Constant, Quantile, Quantity
from guessmodel.model.model import Model
from guessmodel.model.overrides import family_kept
from guessmodel.report.view import Box, Element

__all__ = ["Input", "inputs_of"]

_RANGE = "{low} to {high}"
_READABLE = 1e15
_USUAL = 4.0  # weight of a pert's mode
_CLOSE = 1e-9


class Input(TypedDict):
    """A quantity that can be edited, at each of its labels."""

    texts: list[str]
    """How its value could be typed; empty where that takes more than a range."""
    low: list[float | None]
    high: list[float | None]
    """The ends that can be dragged: of its 90% interval, or its bounds."""
    patterns: list[str | None]
    """The text of other ends, which stand for {low} and {high}."""
    bounds: list[bool]
    unit: str


def inputs_of(model: Model, boxes: Iterable[Box]) -> dict[str, Input]:
    """All constants and draws, but those of categories."""
    found: dict[str, Input] = {}
    named = frozenset(model.quantities.values())
    for box in boxes:
        quantity = model.quantities[box["name"]]
        if quantity.kind == "derived" or quantity.categories:
            continue
        family, unit = family_kept(quantity, named), str(quantity.unit)
        bounded = _bounds(quantity, box["elements"]) if family in BOUNDS else None
        told = [_told(each, unit, family) for each in box["elements"]]
        if bounded is not None:
            told = [
                (_filled(pattern, low, high), low, high, pattern) for low, high, pattern in bounded
            ]
        found[box["name"]] = {
            "texts": [text for text, _, _, _ in told],
            "low": [low for _, low, _, _ in told],
            "high": [high for _, _, high, _ in told],
            "patterns": [pattern for _, _, _, pattern in told],
            "bounds": [bounded is not None] * len(told),
            "unit": unit,
        }
    return found


def _plain(value: float, digits: int) -> str:
    """A number as the page writes it too: in digits alone, where they can be read, for `2 to 8K`
    would be unclear.

    >>> _plain(1.5e6, 4), _plain(1e21, 4), _plain(1.5e-7, 4)
    ('1500000', '1e+21', '1.5e-07')
    """
    text = f"{value:.{digits}g}"
    return f"{float(text):.0f}" if "e+" in text and abs(value) < _READABLE else text


_Told = tuple[str, float | None, float | None, str | None]


def _filled(pattern: str, low: float, high: float, digits: int = 6) -> str:
    return pattern.replace("{low}", _plain(low, digits)).replace("{high}", _plain(high, digits))


def _told(element: Element, unit: str, family: str | None) -> _Told:
    """Text and ends of an element, by its statistics."""
    numbers = element["numbers"]
    low, high, mean = numbers["p5"], numbers["p95"], numbers["mean"]
    if low is None or high is None or element["chance"]:
        return "", None, None, None
    if low == high:
        text = f"{_plain(mean if mean is not None else low, 10)} {unit}".strip()
        return text, None, None, None
    if family not in INTERVALS:
        return "", None, None, None
    pattern = f"{_RANGE} {unit}".strip()
    return _filled(pattern, low, high, 4), low, high, pattern


def _bounds(
    quantity: Quantity, elements: Sequence[Element]
) -> list[tuple[float, float, str]] | None:
    """Bounds and pattern at each label; None where parameters are no numbers, or more than a text
    could say."""
    operation = quantity.operation
    if not isinstance(operation, Quantile):
        return None
    rows = []
    for parameter in quantity.parameters:
        if not isinstance(parameter.operation, Constant):
            return None
        value = dimensions.broadcast(parameter.operation.value, parameter.dims, quantity.dims)
        rows.append(np.broadcast_to(value, dimensions.shape(quantity.dims)).ravel())
    table = np.array(rows)
    known = ~np.isnan(table[0])  # labels to which the quantity applies
    if known.sum() != len(elements):
        return None
    found = []
    for parameters in table[:, known].T.tolist():
        low, high = (float(end) for end in operation.family.support(*parameters))
        pattern = f"{_RANGE} {quantity.unit}".strip()
        if operation.family.name in ("pert", "triangular"):
            mode = parameters[1]
            if operation.family.name == "pert" and abs(parameters[3] - _USUAL) > _CLOSE:
                return None
            if abs(mode - (low + high) / 2.0) > _CLOSE * (high - low):
                pattern = f"{operation.family.name}({{low}}, {_plain(mode, 6)}, {{high}})"
        found.append((low, high, pattern))
    return found
