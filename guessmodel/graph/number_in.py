"""One number in the unit of a quantity, however it is written."""

from __future__ import annotations

import math
from typing import Any

from guessmodel import units
from guessmodel.errors import UsageError, WrongKind
from guessmodel.graph.quantity import Constant, as_quantity
from guessmodel.graph.values import is_number
from guessmodel.units import DIMENSIONLESS, Unit
from guessmodel.units.figures import parse_figure

__all__ = ["number_in"]


def number_in(unit: Unit, value: Any) -> float:
    """A number, a figure such as `"5 USD"` or a constant, in a unit; plain numbers are counted in
    it. UsageError, UnitError or WrongKind for what is none."""
    if isinstance(value, str):
        figure = parse_figure(value)
        number, own = figure.value, figure.unit
    elif is_number(value):
        number, own = float(value), DIMENSIONLESS
    else:
        quantity = as_quantity(value)
        if quantity.dims or not isinstance(quantity.operation, Constant):
            raise WrongKind(f"write one number, or a figure such as '5 USD', not {value!r}")
        number, own = float(quantity.operation.value), quantity.unit
    if own != DIMENSIONLESS and own != unit:
        number = float(units.conversion(own, unit).apply(number))
    if not math.isfinite(number):
        raise UsageError(f"{value} is no value; write a finite number")
    return number
