"""What the values of a quantity are, as its making tells."""

from __future__ import annotations

import numpy as np

from guessmodel.graph.along_dims import Extreme, Reduce, Shift, Stack, Take
from guessmodel.graph.elementwise import Elementwise, Where
from guessmodel.graph.quantity import Constant, Quantile, Quantity

__all__ = ["are_labels", "is_comparison", "is_indicator"]

_SELECTIONS = (Take, Stack, Shift)
_KEEPING = (np.multiply, np.minimum, np.maximum)


def is_comparison(quantity: Quantity) -> bool:
    """Whether it is a comparison, or comparisons combined."""
    return isinstance(quantity.operation, Elementwise) and quantity.operation.compares


def is_indicator(quantity: Quantity) -> bool:
    """Whether it can be nothing but 0 and 1: a comparison, a draw of a bernoulli variable, and
    products, extremes, choices and selections of these."""
    operation = quantity.operation
    if isinstance(operation, Constant):
        return bool(np.isin(operation.value, (0.0, 1.0)).all())
    if isinstance(operation, Quantile):
        return operation.family.name == "bernoulli"
    if is_comparison(quantity):
        return True
    if isinstance(operation, Where):
        return all(map(is_indicator, quantity.operands[1:]))
    keeps = (
        isinstance(operation, _SELECTIONS)
        or (isinstance(operation, Reduce) and operation.kind in ("min", "max", "prod"))
        or (isinstance(operation, Elementwise) and operation.ufunc in _KEEPING)
    )
    return keeps and all(map(is_indicator, quantity.operands))


def are_labels(quantity: Quantity) -> bool:
    """Whether they are numeric labels: of `idxmin` over years, or the earliest of these."""
    operation = quantity.operation
    if isinstance(operation, _SELECTIONS) or (
        isinstance(operation, Reduce) and operation.kind in ("min", "max")
    ):
        return all(map(are_labels, quantity.operands))
    return isinstance(operation, Extreme) and not quantity.categories
