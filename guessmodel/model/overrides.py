"""What takes the place of a quantity: a number, text such as `5 to 8 USD/hour`, or a quantity."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from typing import Any

import numpy as np

from guessmodel import units
from guessmodel.errors import ModelError, UsageError
from guessmodel.graph import dims as dimensions
from guessmodel.graph.naming import converted_draw
from guessmodel.graph.quantity import Constant, Quantile, Quantity, as_quantity, constant_node
from guessmodel.graph.traversal import ancestors, rewired
from guessmodel.units import DIMENSIONLESS

__all__ = ["check_cycles", "on_old_variates", "replacement"]


def replacement(old: Quantity, value: Any, named: Set[Quantity] = frozenset()) -> Quantity:
    """A value as a quantity in the unit of the one that it replaces; plain numbers are counted
    in that unit.

    A value without labels stands at each label of the old one. A range then is a draw of its own
    at each, as in the old one; a quantity is the same draw at all. In text a range keeps the family
    of the draw whose place it takes; `named` are the quantities of the model.

    Raises UnitError, UsageError or WrongKind where the value does not fit.
    """
    from guessmodel.distributions.text import quantity_from_text

    if isinstance(value, str):
        new = quantity_from_text(value, old.unit, _family(old, named))
    else:
        new = as_quantity(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise UsageError(f"{value} is no value; write a finite number")
    plain = isinstance(new.operation, Constant | Quantile) and new.unit == DIMENSIONLESS
    if old.dims and not new.dims:
        new = _at_each_label(new, old, same=isinstance(value, Quantity))
    if isinstance(value, Quantity):
        return new.to(old.unit)
    new = replace(new, unit=old.unit) if plain else new.to(old.unit)
    return replace(new, format=old.format)


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


def on_old_variates(
    replacements: Mapping[Quantity, Quantity],
    keys: Mapping[Quantity, str],
    named: Set[Quantity],
) -> dict[Quantity, Quantity]:
    """The replacements, in which a draw that takes the place of a draw is made of the same variate:
    it is then an increasing function of the old one.

    A draw that the model (of these keys) has already stays what it is, and so does one that has
    other labels than the old one.
    """
    kept: dict[Quantity, Quantity] = {}
    for old, new in replacements.items():
        was, now = _own_variate(old, named), _own_variate(new, named)
        if was is None or now is None or now in keys or now in kept:
            continue
        if set(was.dims) == set(now.dims):
            kept[now] = was
    moved = rewired(replacements.values(), kept)
    return {old: moved[new] for old, new in replacements.items()}


def _own_variate(node: Quantity, named: Set[Quantity]) -> Quantity | None:
    """The variate that a name owns: of a draw, or of an unnamed draw in another unit."""
    draw = node if node.variate is not None else converted_draw(node, named)
    return None if draw is None else draw.variate


def _family(old: Quantity, named: Set[Quantity]) -> str | None:
    """The family of a draw, or of an unnamed draw in another unit; None of anything else."""
    draw = old if isinstance(old.operation, Quantile) else converted_draw(old, named)
    if draw is None:
        return None
    assert isinstance(draw.operation, Quantile)
    return draw.operation.family.name


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
