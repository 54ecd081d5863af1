"""What can be edited of a model: how the value of each input could be typed, and which ends of it
can be dragged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import TypedDict

import numpy as np

from guessmodel.distributions.draws import constant_value
from guessmodel.distributions.ranges import BOUNDS, INTERVALS
from guessmodel.distributions.text import quantity_from_text
from guessmodel.errors import GuessmodelError
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Dim, titled
from guessmodel.graph.quantity import Quantile, Quantity
from guessmodel.model.model import Model
from guessmodel.model.overrides import family_kept
from guessmodel.report.view import Box, ElementView

__all__ = ["Input", "inputs_of"]

_RANGE = "{low} to {high}"
_READABLE = 1e15
_USUAL = 4.0  # weight of a pert's mode
_CLOSE = 1e-9
_MANY = 12  # digits
_WHOLE = 100.0  # percent


class Input(TypedDict):
    """A quantity that can be edited, at each of its labels."""

    keys: list[str]
    """What each is called in an edit: `price`, or `price[2025]`."""
    labels: list[str]
    """The same without the name of the quantity."""
    texts: list[str]
    """How its value could be typed; empty where no text says it."""
    low: list[float | None]
    high: list[float | None]
    """The ends that can be dragged: of its 90% interval, or its bounds."""
    patterns: list[str | None]
    """The text of other ends, which stand for {low} and {high}."""
    bounds: list[bool]
    unit: str


def inputs_of(model: Model, boxes: Iterable[Box]) -> dict[str, Input]:
    """All constants and draws."""
    named = frozenset(model.quantities.values())
    found: dict[str, Input] = {}
    for box in boxes:
        quantity = model.quantities[box["name"]]
        if quantity.kind != "derived":
            found[box["name"]] = _input(quantity, box, named)
    return found


def _input(quantity: Quantity, box: Box, named: Set[Quantity]) -> Input:
    family, unit = family_kept(quantity, named), str(quantity.unit)
    parameters = _parameters(quantity)
    elements = box["elements"]
    places = [tuple(each["labels"]) for each in elements]
    if quantity.categories:
        places = list(dict.fromkeys(place[:-1] for place in places))  # the last is the category
    if parameters is not None and len(parameters) != len(places):
        parameters = None
    bounds = None if parameters is None else _bounds(quantity, parameters)
    if quantity.categories:
        told = [_of_labels(quantity, elements, place) for place in places]
    elif bounds is not None:
        told = [(_filled(pattern, low, high), low, high, pattern) for low, high, pattern in bounds]
    else:
        told = [_told(each, quantity, family) for each in elements]
    if parameters is not None:
        told = [
            each if each[0] else (_called(quantity, known), *each[1:])
            for each, known in zip(told, parameters, strict=True)
        ]
    return {
        "keys": [titled(box["name"], place) for place in places],
        "labels": [", ".join(place) for place in places],
        "texts": [text for text, _, _, _ in told],
        "low": [low for _, low, _, _ in told],
        "high": [high for _, _, high, _ in told],
        "patterns": [pattern for _, _, _, pattern in told],
        "bounds": [bounds is not None] * len(told),
        "unit": unit,
    }


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


def _told(element: ElementView, quantity: Quantity, family: str | None) -> _Told:
    """Text and ends of an element, by its statistics."""
    unit = str(quantity.unit)
    numbers = element["numbers"]
    low, high, mean = numbers["p5"], numbers["p95"], numbers["mean"]
    if low is None or high is None or element["chance"]:
        return "", None, None, None
    if quantity.kind == "constant":
        text = f"{_plain(mean if mean is not None else low, 10)} {unit}".strip()
        return text, None, None, None
    if family not in INTERVALS:
        return "", None, None, None
    pattern = f"{_RANGE} {unit}".strip()
    return _filled(pattern, low, high, 4), low, high, pattern


def _of_labels(
    quantity: Quantity, elements: Sequence[ElementView], place: tuple[str, ...]
) -> _Told:
    """A category at its other labels: the one that it is, or nothing yet of a draw."""
    shares = [e["numbers"]["mean"] for e in elements if tuple(e["labels"][:-1]) == place]
    known = [str(label) for label in quantity.categories]
    text = known[shares.index(_WHOLE)] if quantity.kind == "constant" and _WHOLE in shares else ""
    return text, None, None, None


def _parameters(quantity: Quantity) -> list[list[float]] | None:
    """The parameters of a draw at each label to which it applies; None where they are no
    numbers."""
    if not isinstance(quantity.operation, Quantile):
        return None
    rows = []
    for parameter in quantity.parameters:
        known = constant_value(parameter)
        if known is None:
            return None
        value = dimensions.broadcast(known, parameter.dims, quantity.dims)
        rows.append(np.broadcast_to(value, dimensions.shape(quantity.dims)).ravel())
    if not rows:
        return None
    table = np.array(rows)
    found: list[list[float]] = table[:, ~np.isnan(table[0])].T.tolist()
    return found


def _bounds(
    quantity: Quantity, parameters: Iterable[Sequence[float]]
) -> list[tuple[float, float, str]] | None:
    """Bounds and pattern at each label; None of families without, and where they take more than a
    text could say."""
    operation = quantity.operation
    assert isinstance(operation, Quantile)
    if operation.family.name not in BOUNDS:
        return None
    found = []
    for known in parameters:
        low, high = (float(end) for end in operation.family.support(*known))
        pattern = f"{_RANGE} {quantity.unit}".strip()
        if operation.family.name == "double_triangular":
            return None
        if operation.family.name in ("pert", "triangular"):
            mode = known[1]
            if operation.family.name == "pert" and abs(known[3] - _USUAL) > _CLOSE:
                return None
            if abs(mode - (low + high) / 2.0) > _CLOSE * (high - low):
                pattern = f"{operation.family.name}({{low}}, {_plain(mode, 6)}, {{high}})"
        found.append((low, high, pattern))
    return found


def _called(quantity: Quantity, parameters: Sequence[float]) -> str:
    """A draw as a call of its family, `poisson(3)` or `categorical(train=70%, car=30%)`; empty
    where its text would not be read as the same draw."""
    operation = quantity.operation
    assert isinstance(operation, Quantile)
    name, names, dims = operation.family.name, list(operation.family.parameters), quantity.dims
    if quantity.categories:
        texts = [f"{_plain(100.0 * p, _MANY)}%" for p in parameters]
        dims = (Dim("label", quantity.categories),)
    else:
        texts = [_plain(p, _MANY) for p in parameters]
    alone = len(names) == 1
    parts = texts if alone else [f"{key}={text}" for key, text in zip(names, texts, strict=True)]
    for inside in (parts, texts):
        text = f"{name}({', '.join(inside)})"
        try:
            made = quantity_from_text(text, quantity.unit, None, dims)
        except GuessmodelError:
            continue
        there = _parameters(made)
        same = isinstance(made.operation, Quantile) and made.operation.family == operation.family
        if same and there is not None and np.allclose(there, [parameters], rtol=_CLOSE):
            return text
    return ""
