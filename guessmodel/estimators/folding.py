"""Constant folding: a quantity without what is decided.

Where an event is taken to happen, or not, choices and conditions behind a quantity have one outcome
left. Without them its parts may be known exactly.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from guessmodel.estimators.closed_form import ClosedForms
from guessmodel.graph.draw import Quantile
from guessmodel.graph.elementwise import Elementwise, Where
from guessmodel.graph.number_in import number_node
from guessmodel.graph.quantity import Constant, Quantity, Variate
from guessmodel.graph.traversal import ancestors, rewired

__all__ = ["folded"]

_LARGEST: Final = 400  # quantities, beyond which they are taken as they are
_DECIDING: Final = {np.logical_and: False, np.logical_or: True}
"""The operand that decides alone."""


def folded(quantity: Quantity, forms: ClosedForms) -> Quantity:
    """The same quantity without what is decided: choices by a constant, and yes and no beside one.
    What is left may be known exactly."""
    order = list(ancestors([quantity]))
    if len(order) > _LARGEST:
        return quantity
    new: dict[Quantity, Quantity] = {}
    for node in order:
        operands = {child: new[child] for child in node.operands if new[child] is not child}
        new[node] = _decided(rewired([node], operands)[node] if operands else node, forms)
    return new[quantity]


def _decided(node: Quantity, forms: ClosedForms) -> Quantity:
    operation = node.operation
    found: Quantity | None = None
    if node.dims or isinstance(operation, Constant):
        return node
    if isinstance(operation, Where):
        condition, one, other = node.operands
        if (value := _constant(condition, forms)) is not None:
            found = one if value else other
    elif isinstance(operation, Elementwise) and operation.ufunc in _DECIDING:
        for this, other in (node.operands, node.operands[::-1]):
            if (value := _constant(this, forms)) is not None:
                deciding = bool(value) == _DECIDING[operation.ufunc]
                found = this if deciding else other
                break
    elif (value := _constant(node, forms)) is not None:
        found = number_node(value, node.unit, node.location)
    fits = found is not None and found.dims == () and found.unit == node.unit
    return found if found is not None and fits else node


def _constant(node: Quantity, forms: ClosedForms) -> float | None:
    if node.dims or isinstance(node.operation, Variate | Quantile):
        return None
    if isinstance(node.operation, Constant):
        return float(node.operation.value)
    if not all(isinstance(child.operation, Constant) for child in node.operands):
        return None
    closed = forms.at(node, ())
    return closed.shift if closed is not None and closed.family is None else None
