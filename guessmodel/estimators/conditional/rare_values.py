"""The probability of values that no draw has met, where the graph tells it.

A few thousand draws do not meet an event of probability 1e-6, and cannot tell it from one of 1e-4.
The graph knows: a discrete draw, or a comparison of one draw, is evaluated at probabilities of the
draw that come nearer and nearer to both ends.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from guessmodel.engine.jumps import StepFunction, events, profiles
from guessmodel.graph.coordinates import Element, opaque, operands_of
from guessmodel.graph.operation import Operation
from guessmodel.graph.quantity import Constant, Quantile, Quantity
from guessmodel.numerics.arrays import BoolArray, FloatArray

__all__ = ["probabilities_beyond", "probability_elsewhere"]

_PER_OCTAVE = 8  # distances from an end are told to 9%
_OCTAVES = 60
_MOST = 64  # quantities that are looked at


def probability_elsewhere(element: Element) -> float:
    """An upper bound of the probability that a quantity at a coordinate does not have its usual
    value, the one in the middle of its draws; infinite where the graph does not tell."""
    total, looked_at = 0.0, 0
    stack = [element]
    while stack:
        here = stack.pop()
        looked_at += 1
        operation = here.node.operation
        if isinstance(operation, Constant):
            continue
        event = _event(here.node)
        if event is not None:
            total += _beyond_ends(event, here.position)
        elif looked_at > _MOST or not _of_values(here.node):
            return math.inf
        else:  # it has its usual value where all of its operands have theirs
            stack.extend(operands_of(here))
    return total


def probabilities_beyond(element: Element, low: float, high: float) -> tuple[float, float]:
    """Upper bounds of the probabilities that a quantity at a coordinate is below `low` and above
    `high`; 0 where the graph does not tell."""
    event = _event(element.node)
    if event is None:
        return 0.0, 0.0
    below = above = 0.0
    for distances, values in _ends(event, element.position):
        below += _first(distances, values < low)
        above += _first(distances, values > high)
    return below, above


def _of_values(node: Quantity) -> bool:
    return isinstance(node.operation, Operation) and not opaque(node)


def _event(node: Quantity) -> StepFunction | None:
    """The quantity as a function of one draw: a discrete one, a comparison, whole numbers."""
    operation = node.operation
    constant = all(isinstance(x.operation, Constant) for x in node.parameters)
    if isinstance(operation, Quantile):
        return StepFunction(node, node) if constant and operation.family.discrete else None
    return next((event for event in events([node]) if event.node is node), None)


def _beyond_ends(event: StepFunction, position: tuple[int, ...]) -> float:
    return sum(
        _first(distances, values != values[0]) for distances, values in _ends(event, position)
    )


def _ends(
    event: StepFunction, position: tuple[int, ...]
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Towards either end of the draw: distances from it, from the middle on, and the values."""
    distances = 0.5 * 2.0 ** (-np.arange(_OCTAVES * _PER_OCTAVE) / _PER_OCTAVE)
    variate = event.draw.variate  # its own, also where it is correlated with others
    assert variate is not None
    keys = {variate: "draw"}
    (table,) = profiles([event], keys, distances, distances)
    values = table[position]
    yield distances, values[: distances.size]
    yield distances, values[distances.size :]


def _first(distances: FloatArray, other: BoolArray) -> float:
    """The last distance from which on values may be others; 0 for none."""
    (where,) = np.nonzero(other)
    return float(distances[max(where[0] - 1, 0)]) if where.size else 0.0
