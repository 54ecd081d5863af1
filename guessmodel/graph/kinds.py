"""What the values of a quantity are, as its making tells."""

from __future__ import annotations

from itertools import chain

import numpy as np

from guessmodel.graph.along_dims import Extreme, Reduce, Shift, Stack, Take
from guessmodel.graph.dims import Label
from guessmodel.graph.elementwise import Elementwise, Filtered, Where
from guessmodel.graph.quantity import Constant, Quantile, Quantity

__all__ = ["format_of", "is_comparison", "is_indicator", "is_yes_or_no", "values_counted"]

_SELECTIONS = (Take, Stack, Shift)
_KEEPING = (np.multiply, np.minimum, np.maximum)


def is_comparison(quantity: Quantity) -> bool:
    """Whether it is a comparison, or comparisons combined."""
    return isinstance(quantity.operation, Elementwise) and quantity.operation.compares


def is_yes_or_no(quantity: Quantity) -> bool:
    """Whether it is a comparison or a bernoulli draw, whose values are 1 and 0."""
    operation = quantity.operation
    drawn = isinstance(operation, Quantile) and operation.family.name == "bernoulli"
    return drawn or is_comparison(quantity)


def is_indicator(quantity: Quantity) -> bool:
    """Whether it can be nothing but 0 and 1: a comparison, a draw of a bernoulli variable, and
    products, extremes, choices and selections of these."""
    queue, seen = [quantity], {quantity}
    for node in queue:  # level by level: what is no indicator has a part nearby that is none
        parts = _indicator_parts(node)
        if parts is None:
            return False
        new = [part for part in dict.fromkeys(parts) if part not in seen]
        seen.update(new)
        queue += new
    return True


def _indicator_parts(node: Quantity) -> tuple[Quantity, ...] | None:
    """What must be indicators for this one to be one; None where it is none in any case."""
    operation = node.operation
    if isinstance(operation, Constant):
        return () if np.isin(operation.value, (0.0, 1.0)).all() else None
    if isinstance(operation, Quantile):
        return () if operation.family.name == "bernoulli" else None
    if is_comparison(node):
        return ()
    if isinstance(operation, Where):
        return node.operands[1:]
    keeps = (
        isinstance(operation, _SELECTIONS)
        or (isinstance(operation, Reduce) and operation.kind in ("min", "max", "prod"))
        or (isinstance(operation, Elementwise) and operation.ufunc in _KEEPING)
    )
    return node.operands if keeps else None


def format_of(quantity: Quantity) -> str | None:
    """How its numbers are written: as it asks for; as all of the quantities that it chooses among
    are; numeric labels (of `idxmin` over years) in full. None: as any number is."""
    found: set[str] = set()
    queue, seen = [quantity], {quantity}
    for node in queue:
        among = _chosen_among(node)
        if node.format is not None:
            found.add(node.format)
        elif isinstance(node.operation, Extreme) and not node.categories:
            found.add("year")
        elif among:
            new = [each for each in dict.fromkeys(among) if each not in seen]
            seen.update(new)
            queue += new
        elif not (isinstance(node.operation, Constant) and node.operation.literal):
            return None
        if len(found) > 1:
            return None
    return found.pop() if found else None


def _chosen_among(node: Quantity) -> tuple[Quantity, ...]:
    """The quantities of which each of its values is one; none where it may be another."""
    operation = node.operation
    if isinstance(operation, Where):
        return node.operands[1:]
    if isinstance(operation, Filtered):
        return node.operands[:1]
    if isinstance(operation, Elementwise):
        return node.operands if operation.ufunc in (np.minimum, np.maximum) else ()
    extreme = isinstance(operation, Reduce) and operation.kind in ("min", "max")
    return node.operands if extreme or isinstance(operation, _SELECTIONS) else ()


def values_counted(quantity: Quantity) -> tuple[Label, ...]:
    """All values that it may have, where its making tells: the labels of a category, numeric labels
    of `idxmin`, and 0 and 1; none where there may be others."""
    return (
        quantity.categories
        or _numeric_labels(quantity)
        or ((0, 1) if is_indicator(quantity) else ())
    )


def _numeric_labels(quantity: Quantity) -> tuple[Label, ...]:
    operation = quantity.operation
    if isinstance(operation, _SELECTIONS) or (
        isinstance(operation, Reduce) and operation.kind in ("min", "max")
    ):
        found = [_numeric_labels(operand) for operand in quantity.operands]
        return tuple(dict.fromkeys(chain(*found))) if all(found) else ()
    if not isinstance(operation, Extreme) or quantity.categories:
        return ()
    return operation.labels(quantity.operands[0].axes).labels
