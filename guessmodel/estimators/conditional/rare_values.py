"""How likely a discrete quantity is to be anything but its usual value, where the graph tells.

A few thousand draws do not meet an event of probability 1e-6, and cannot tell it from one of 1e-4.
The graph knows: a discrete draw, or a comparison of one draw, is evaluated at probabilities of the
draw that come nearer and nearer to both ends.
"""

from __future__ import annotations

import math

import numpy as np

from guessmodel.engine.jumps import Event, events, profiles
from guessmodel.graph.coordinates import Element, opaque, operands_of
from guessmodel.graph.elementwise import Operation
from guessmodel.graph.quantity import Constant, Quantile, Quantity

__all__ = ["probability_elsewhere"]

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
    distances = 0.5 * 2.0 ** (-np.arange(_OCTAVES * _PER_OCTAVE) / _PER_OCTAVE)
    keys = {event.draw.operands[0]: "draw"}
    (table,) = profiles([event], keys, distances, distances)
    values = table[position]
    found = 0.0
    for side in (values[: distances.size], values[distances.size :]):
        (other,) = np.nonzero(side != values[0])
        if other.size:
            found += float(distances[max(other[0] - 1, 0)])
    return found
