"""Amounts as users write them: numbers, text such as `"5 USD"`, quantities."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np

from guessmodel import units
from guessmodel.errors import GuessmodelError, Location, UsageError, WrongKind, caller, located
from guessmodel.graph.quantity import Constant, Operand, Quantity, as_quantity, constant_node
from guessmodel.graph.values import is_number, number
from guessmodel.units import DIMENSIONLESS, Unit
from guessmodel.units.figures import parse_figure

__all__ = ["Amount", "amount", "number_in", "number_node"]

Amount: TypeAlias = Operand | str


def amount(value: Any, where: Location | None = None) -> Quantity:
    """An argument of a function, a bound or a rate, as a quantity: text such as `"5 USD"` or `"4%"`
    is a constant. GuessmodelError, with the user's line, for what is none."""
    if not isinstance(value, str):
        return as_quantity(value, where=where)
    where = where or caller()
    try:
        figure = parse_figure(value)
    except GuessmodelError as error:
        raise located(error, where) from None
    return number_node(figure.value, figure.unit, where)


def number_node(value: float, unit: Unit, where: Location) -> Quantity:
    """A constant without labels."""
    return constant_node(np.asarray(value, dtype=np.float64), (), unit, where)


def number_in(unit: Unit, value: Any) -> float:
    """A number, a figure such as `"5 USD"` or a constant, in a unit; plain numbers are counted in
    it. UsageError, UnitError or WrongKind for what is none."""
    if isinstance(value, str):
        figure = parse_figure(value)
        found, own = figure.value, figure.unit
    elif is_number(value):
        found, own = number(value), DIMENSIONLESS
    else:
        quantity = as_quantity(value)
        if quantity.dims or not isinstance(quantity.operation, Constant):
            raise WrongKind(f"write one number, or a figure such as '5 USD', not {value!r}")
        found, own = float(quantity.operation.value), quantity.unit
    if own != DIMENSIONLESS and own != unit:
        found = float(units.conversion(own, unit).apply(found))
    if not math.isfinite(found):
        raise UsageError(f"{value} is no value; write a finite number")
    return found
