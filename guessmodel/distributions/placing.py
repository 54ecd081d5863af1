"""Draws whose family is made for the occasion, placed in the graph: data, mixtures, truncations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from guessmodel import dims as dimensions
from guessmodel import units
from guessmodel.distributions.family import Family
from guessmodel.errors import GuessmodelError, Location
from guessmodel.operations import Where
from guessmodel.quantity import Constant, Draw, Quantity, constant_node
from guessmodel.units import DIMENSIONLESS, Unit

__all__ = ["located", "number", "place", "plain"]


def place(
    family: Family,
    operands: Sequence[Quantity],
    unit: str | Unit | None,
    where: Location,
    *,
    given: Mapping[str, Any],
    shared: str | Sequence[str] = (),
    name: str | None = None,
    doc: str | None = None,
    source: str | None = None,
) -> Quantity:
    """A draw from `family`, whose parameters are `operands`, in `unit`.

    Raises UnitError for an unknown unit and DimensionError for an unknown shared dimension.
    """
    axes = Where().axes([operand.axes for operand in operands])  # that of any pointwise operation
    names = (shared,) if isinstance(shared, str) else tuple(shared)
    for along in names:
        dimensions.find(axes.dims, along)
    draw = Draw(family, given, names)
    return Quantity(draw, tuple(operands), units.parse(unit), axes, where, name, doc, source)


def located(error: GuessmodelError, where: Location) -> GuessmodelError:
    """The same error with the user's line, unless it has one."""
    return error if error.where is not None else type(error)(error.message, where)


def number(node: Quantity) -> float | None:
    """Value of an unlabelled constant."""
    if isinstance(node.operation, Constant) and not node.dims:
        return float(node.operation.value)
    return None


def plain(value: Quantity, unit: Unit) -> Quantity:
    """A quantity as a plain number, counted in `unit`; literals are so already."""
    if isinstance(value.operation, Constant) and value.unit == DIMENSIONLESS:
        return value
    value = value.to(unit)
    if value.unit == DIMENSIONLESS:
        return value
    return value / constant_node(np.asarray(1.0), (), unit, value.location)
