"""What takes the place of a quantity: a number, text such as `5 to 8 USD/hour`, or a quantity."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from guessmodel import units
from guessmodel.errors import ModelError, UsageError, caller
from guessmodel.graph import dims as dimensions
from guessmodel.graph.quantity import Constant, Quantile, Quantity, as_quantity, constant_node
from guessmodel.graph.traversal import ancestors
from guessmodel.units import DIMENSIONLESS

__all__ = ["check_cycles", "merged", "replacement"]


def replacement(old: Quantity, value: Any) -> Quantity:
    """A value as a quantity in the unit of the one that it replaces; plain numbers are counted
    in that unit.

    A value without labels stands at each label of the old one. A range then is a draw of its own
    at each, as in the old one; a quantity is the same draw at all.

    Raises UnitError, UsageError or WrongKind where the value does not fit.
    """
    from guessmodel.distributions.text import quantity_from_text

    new = quantity_from_text(value) if isinstance(value, str) else as_quantity(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise UsageError(f"{value} is no value; write a finite number")
    plain = isinstance(new.operation, Constant | Quantile) and new.unit == DIMENSIONLESS
    if old.dims and not new.dims:
        new = _at_each_label(new, old, same=isinstance(value, Quantity))
    if isinstance(value, Quantity):
        return new.to(old.unit)
    new = replace(new, unit=old.unit) if plain else new.to(old.unit)
    return replace(new, format=old.format)


def merged(first: Mapping[Any, Any], named: Mapping[str, Any]) -> dict[Any, Any]:
    """What was given in a mapping and by name; UsageError where a name is in both."""
    twice = [name for name in named if name in first]
    if twice:
        raise UsageError(f"'{twice[0]}' is given twice, in the mapping and by name", caller())
    return {**first, **named}


def check_cycles(
    replacements: Mapping[Quantity, Quantity], name_of: Callable[[Quantity], str]
) -> None:
    """Raise ModelError where two changes, each of them fine, depend on each other."""
    for old, new in replacements.items():
        reached = set(ancestors([new]))
        for other, newer in replacements.items():
            if other is not old and other in reached and old in set(ancestors([newer])):
                names = f"'{name_of(old)}' and '{name_of(other)}'"
                raise ModelError(f"the changes of {names} depend on each other; that is a cycle")


def _at_each_label(new: Quantity, old: Quantity, *, same: bool) -> Quantity:
    from guessmodel.distributions.draws import variate

    ones = np.ones(dimensions.shape(old.dims))
    if old.axes.mask is not None:
        ones[~old.axes.mask] = np.nan

    def spread(node: Quantity) -> Quantity:
        assert isinstance(node.operation, Constant)
        return constant_node(node.operation.value * ones, old.dims, node.unit, node.location)

    if isinstance(new.operation, Constant):
        return spread(new)
    if new.unit.is_absolute and (same or not isinstance(new.operation, Quantile)):
        delta = units.difference(new.unit)
        return new + constant_node(ones - 1.0, old.dims, delta, new.location)
    if same or not isinstance(new.operation, Quantile):
        return new * constant_node(ones, old.dims, DIMENSIONLESS, new.location)
    first, *rest = new.parameters
    first = spread(first)
    dims = old.dims if old.variate is None else old.variate.dims
    own = variate(new.operation.family, dims, new.location)
    return replace(new, operands=(own, first, *rest), axes=first.axes)
