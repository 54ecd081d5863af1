"""How likely what no draw has met is, where the graph tells.

A few thousand draws do not meet an event of probability 1e-6, and cannot tell it from one of 1e-4.
The graph knows: a discrete draw, or a comparison of one draw, is evaluated at probabilities of the
draw that come nearer and nearer to both ends; and the bound of a `min` or `max` may have a closed
form.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from guessmodel.engine.jumps import Event, events, profiles
from guessmodel.estimators.closed_form import Closed, Forms
from guessmodel.estimators.conditional.paths import Path
from guessmodel.graph.coordinates import Element, opaque, operands_of
from guessmodel.graph.elementwise import Elementwise, FloatArray, Operation
from guessmodel.graph.quantity import Constant, Quantile, Quantity, Variate
from guessmodel.graph.traversal import ancestors

__all__ = [
    "bounds_of",
    "probabilities_beyond",
    "probability_beyond",
    "probability_elsewhere",
]

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


def bounds_of(path: Path, forms: Forms) -> tuple[Closed | None, ...]:
    """For each operation on a path, but for a comparison, the distribution of the other operand of
    a `min` or `max`; None where it is not known, or shares a draw with what it is compared with."""
    found: list[Closed | None] = []
    before: list[Quantity] = []  # what the threshold is made of
    for applied in path.operations:
        operation = applied.operation
        others = [x for k, x in enumerate(applied.operands) if k != applied.inner]
        closed = None
        if isinstance(operation, Elementwise) and operation.ufunc in (np.minimum, np.maximum):
            (bound,) = others
            closed = forms.at(bound.node, bound.position)
            if closed is not None and _variates([bound.node]) & _variates(before):
                closed = None
        if not (isinstance(operation, Elementwise) and operation.compares):
            found.append(closed)
        before.extend(x.node for x in others)
    return tuple(found)


def _variates(nodes: Sequence[Quantity]) -> set[Quantity]:
    return {node for node in ancestors(nodes) if isinstance(node.operation, Variate)}


def probability_beyond(bound: Closed, x: FloatArray, *, below: bool) -> float:
    """The mean probability that a bound is at most x, or above it."""
    if bound.family is None:
        return float(np.mean((bound.shift <= x) == below))
    z = (x - bound.shift) / bound.scale
    lower = below == (bound.scale > 0.0)
    return float(np.mean((bound.family.cdf if lower else bound.family.sf)(z, *bound.parameters)))


def _of_values(node: Quantity) -> bool:
    return isinstance(node.operation, Operation) and not opaque(node)


def _event(node: Quantity) -> Event | None:
    """The quantity as a function of one draw: a discrete one, a comparison, whole numbers."""
    operation = node.operation
    constant = all(isinstance(x.operation, Constant) for x in node.parameters)
    if isinstance(operation, Quantile):
        return Event(node, node) if constant and operation.family.discrete else None
    return next((event for event in events([node]) if event.node is node), None)


def _beyond_ends(event: Event, position: tuple[int, ...]) -> float:
    return sum(
        _first(distances, values != values[0]) for distances, values in _ends(event, position)
    )


def _ends(event: Event, position: tuple[int, ...]) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Towards either end of the draw: distances from it, from the middle on, and the values."""
    distances = 0.5 * 2.0 ** (-np.arange(_OCTAVES * _PER_OCTAVE) / _PER_OCTAVE)
    variate = event.draw.variate  # its own, also where it is correlated with others
    assert variate is not None
    keys = {variate: "draw"}
    (table,) = profiles([event], keys, distances, distances)
    values = table[position]
    yield distances, values[: distances.size]
    yield distances, values[distances.size :]


def _first(distances: FloatArray, other: NDArray[np.bool_]) -> float:
    """The last distance from which on values may be others; 0 for none."""
    (where,) = np.nonzero(other)
    return float(distances[max(where[0] - 1, 0)]) if where.size else 0.0
