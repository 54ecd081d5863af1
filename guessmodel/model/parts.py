"""A labelled quantity of which some labels are replaced, and the others stay what they are."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

import numpy as np

from guessmodel.errors import DimensionError
from guessmodel.graph import dims as dimensions
from guessmodel.graph.functions import where
from guessmodel.graph.naming import converted_draw
from guessmodel.graph.quantity import (
    Constant,
    Quantile,
    Quantity,
    Variate,
    constant_node,
    first_variate,
)
from guessmodel.graph.traversal import rewired
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import DIMENSIONLESS

__all__ = ["own_number", "with_parts"]

_Position = tuple[int, ...]


def with_parts(
    old: Quantity, parts: Mapping[_Position, Quantity], named: Set[Quantity]
) -> tuple[Quantity, Quantity | None]:
    """The quantity, which at some positions is another one; and the variate that its name owns.

    Each part is given at all labels, of which its own is taken. Draws at all labels are made of one
    variate, that of the old quantity where it has one, so that no label moves another.

    Raises DimensionError for a position where the quantity is not applicable.
    """
    mask = old.axes.mask
    for position in parts:
        if mask is not None and not mask[position]:
            labels = ", ".join(str(d.labels[i]) for d, i in zip(old.dims, position, strict=True))
            raise DimensionError(
                f"it is not applicable at [{labels}], where nothing can be changed"
            )
    known = own_number(old, named)
    own = {part: own_number(part, named) for part in parts.values()}
    drawn = [each for each in (known, *own.values()) if each is not None]
    shared = drawn[0] if drawn else None
    moved = {
        each: shared
        for each in own.values()
        if each is not None and shared is not None and set(each.dims) == set(shared.dims)
        if isinstance(each.operation, Variate)
    }
    new = rewired(parts.values(), moved)
    # The old quantity itself is replaced by the result; what stands in the result is a copy.
    result = replace(old, name=None)
    for position, part in parts.items():
        there = np.zeros(dimensions.shape(old.dims))
        there[position] = 1.0
        result = _chosen(there, new[part], result)
    location = next(iter(parts.values())).location
    owner = None if shared is None else first_variate(shared)
    return replace(result, format=old.format, location=location), owner


def _chosen(there: FloatArray, new: Quantity, old: Quantity) -> Quantity:
    """The new quantity where `there` is 1, else the old one: constants stay a constant, draws of
    one family and variate a draw."""
    if isinstance(new.operation, Constant) and isinstance(old.operation, Constant):
        if new.dims == old.dims:
            array = np.where(there == 1.0, new.operation.value, old.operation.value)
            made = constant_node(array, old.dims, old.unit, new.location)
            return replace(made, categories=old.categories)
    elif (
        isinstance(new.operation, Quantile)
        and isinstance(old.operation, Quantile)
        and new.operation.family is old.operation.family
        and new.variate is old.variate
        and new.unit == old.unit
    ):
        pairs = list(zip(new.parameters, old.parameters, strict=True))
        if all(isinstance(each.operation, Constant) for pair in pairs for each in pair):
            parameters = [
                constant_node(
                    np.where(there == 1.0, *(_at_each_label(each, old) for each in pair)),
                    old.dims,
                    pair[1].unit,
                    new.location,
                )
                for pair in pairs
            ]
            return replace(old, operands=(old.operands[0], *parameters))
    return where(constant_node(there, old.dims, DIMENSIONLESS, new.location), new, old)


def _at_each_label(constant: Quantity, like: Quantity) -> FloatArray:
    """The value of a constant at each label of a quantity."""
    assert isinstance(constant.operation, Constant)
    value = dimensions.broadcast(constant.operation.value, constant.dims, like.dims)
    return np.broadcast_to(value, dimensions.shape(like.dims))


def own_number(node: Quantity, named: Set[Quantity]) -> Quantity | None:
    """What a draw, or an unnamed draw in another unit, is computed from: the variate that its name
    owns, or (see `scores`) a number that is made of it and of those of correlated draws."""
    draw = node if node.variate is not None else converted_draw(node, named)
    return None if draw is None else draw.operands[0]
