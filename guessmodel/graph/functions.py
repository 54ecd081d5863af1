"""The typed functions on quantities: the documented form, for it type-checks and says its unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from guessmodel import units
from guessmodel.errors import (
    DimensionError,
    UnitError,
    WrongKind,
    caller,
    public,
)
from guessmodel.graph.along_dims import Stack
from guessmodel.graph.dims import Dim, Label
from guessmodel.graph.elementwise import Apply, Round, Where, elementwise
from guessmodel.graph.quantity import Operand, Quantity, wire
from guessmodel.graph.values import is_whole

__all__ = [
    "abs",
    "apply",
    "ceil",
    "cos",
    "exp",
    "expm1",
    "floor",
    "log",
    "log1p",
    "log2",
    "log10",
    "maximum",
    "minimum",
    "round",
    "sign",
    "sin",
    "sqrt",
    "stack",
    "tan",
    "tanh",
    "trunc",
    "where",
]


@public
def exp(x: Operand) -> Quantity:
    """e to the power x, a plain number.

    Raises UnitError for x with a unit: divide by one first, `x / gm.constant(1, "USD")`.

    >>> import guessmodel as gm
    >>> print(gm.exp(gm.normal(mean=0, sd=1)).sample().mean())  # exp(1/2)
    1.649
    """
    return wire(elementwise(np.exp), x)


@public
def expm1(x: Operand) -> Quantity:
    """exp(x) - 1, accurate near 0; x is a plain number.

    Raises UnitError for x with a unit: divide by one first, `x / gm.constant(1, "USD")`.

    >>> import guessmodel as gm
    >>> print(gm.expm1(gm.constant(1e-20)).sample(8).mean())
    1e-20
    """
    return wire(elementwise(np.expm1), x)


@public
def log(x: Operand) -> Quantity:
    """Natural logarithm of x, a plain number; draws of x that are not above 0 are lost.

    Raises UnitError for x with a unit: divide by one first, `x / gm.constant(1, "USD")`.

    >>> import guessmodel as gm
    >>> print(gm.log(gm.lognormal(mu=2, sigma=1)).sample().mean())
    2
    """
    return wire(elementwise(np.log), x)


@public
def log1p(x: Operand) -> Quantity:
    """log(1 + x), accurate near 0; x is a plain number above -1.

    Raises UnitError for x with a unit: divide by one first, `x / gm.constant(1, "USD")`.

    >>> import guessmodel as gm
    >>> print(gm.log1p(gm.constant(1e-20)).sample(8).mean())
    1e-20
    """
    return wire(elementwise(np.log1p), x)


@public
def log10(x: Operand) -> Quantity:
    """Logarithm to base 10 of x, a plain number; draws of x that are not above 0 are lost.

    Raises UnitError for x with a unit: divide by one first, `x / gm.constant(1, "USD")`.

    >>> import guessmodel as gm
    >>> print(gm.log10(gm.constant(1000)).sample(8).mean())
    3
    """
    return wire(elementwise(np.log10), x)


@public
def log2(x: Operand) -> Quantity:
    """Logarithm to base 2 of x, a plain number; draws of x that are not above 0 are lost.

    Raises UnitError for x with a unit: divide by one first, `x / gm.constant(1, "USD")`.

    >>> import guessmodel as gm
    >>> print(gm.log2(gm.constant(8)).sample(8).mean())
    3
    """
    return wire(elementwise(np.log2), x)


@public
def sqrt(x: Operand) -> Quantity:
    """Square root; the unit is rooted too. Draws of x below 0 are lost.

    >>> import guessmodel as gm
    >>> print(gm.sqrt(gm.constant(9, "m**2")).sample(8).mean())
    3 m
    """
    return wire(elementwise(np.sqrt), x)


@public
def sin(x: Operand) -> Quantity:
    """Sine of x in radians, a plain number.

    >>> import guessmodel as gm
    >>> print(gm.sin(gm.constant(0)).sample(8).mean())
    0
    """
    return wire(elementwise(np.sin), x)


@public
def cos(x: Operand) -> Quantity:
    """Cosine of x in radians, a plain number.

    >>> import guessmodel as gm
    >>> print(gm.cos(gm.constant(0)).sample(8).mean())
    1
    """
    return wire(elementwise(np.cos), x)


@public
def tan(x: Operand) -> Quantity:
    """Tangent of x in radians, a plain number.

    >>> import guessmodel as gm
    >>> print(gm.tan(gm.constant(0)).sample(8).mean())
    0
    """
    return wire(elementwise(np.tan), x)


@public
def tanh(x: Operand) -> Quantity:
    """Hyperbolic tangent of x, a plain number.

    Raises UnitError for x with a unit: divide by one first, `x / gm.constant(1, "USD")`.

    >>> import guessmodel as gm
    >>> print(gm.tanh(gm.constant(0)).sample(8).mean())
    0
    """
    return wire(elementwise(np.tanh), x)


@public
def sign(x: Operand) -> Quantity:
    """The sign of x: -1, 0 or 1, as a plain number.

    >>> import guessmodel as gm
    >>> print(gm.sign(gm.constant(-5, "USD")).sample(8).mean())
    -1
    """
    return wire(elementwise(np.sign), x)


@public
def abs(x: Operand) -> Quantity:
    """Absolute value, in the unit of x.

    >>> import guessmodel as gm
    >>> print(gm.abs(gm.constant(-5, "USD")).sample(8).mean())
    5 USD
    """
    return wire(elementwise(np.absolute), x)


@public
def ceil(x: Operand, to: str | units.Unit | None = None) -> Quantity:
    """Next whole number up: of the unit `to`, else of the unit of x (percent, thousand and the
    like count as the plain numbers they are).

    Raises UnitError where x is of another dimension than `to`.

    >>> import guessmodel as gm
    >>> load, share = gm.constant(1080, "node"), gm.constant(30.01, "percent")
    >>> print(gm.ceil(load * share, to="node").sample(8).mean())
    325 node
    """
    return _rounded(np.ceil, x, to)


@public
def floor(x: Operand, to: str | units.Unit | None = None) -> Quantity:
    """Next whole number down; see `ceil` for the unit it is counted in, and for errors.

    >>> import guessmodel as gm
    >>> print(gm.floor(gm.constant(90, "minute"), to="hour").sample(8).mean())
    1 hour
    """
    return _rounded(np.floor, x, to)


@public
def trunc(x: Operand, to: str | units.Unit | None = None) -> Quantity:
    """Whole number towards 0; see `ceil` for the unit it is counted in, and for errors.

    >>> import guessmodel as gm
    >>> print(gm.trunc(gm.constant(-2.7)).sample(8).mean())
    -2
    """
    return _rounded(np.trunc, x, to)


@public
def round(x: Operand, digits: int = 0, to: str | units.Unit | None = None) -> Quantity:
    """Nearest multiple of 10**-digits, halves to even: of the unit `to`, else as for `ceil`.

    >>> import guessmodel as gm
    >>> print(gm.round(gm.constant(12.34, "percent"), 1, to="percent").sample(8).mean())
    12.3%
    """
    if not is_whole(digits):
        raise WrongKind(f"round takes a whole number of digits, not {digits!r}", caller())
    return _rounded(np.rint, x, to, int(digits))


def _rounded(
    function: np.ufunc, x: Operand, to: str | units.Unit | None, digits: int = 0
) -> Quantity:
    if to is None and digits == 0:
        return wire(elementwise(function), x)
    try:
        unit = None if to is None else units.parse(to)
    except UnitError as error:
        raise UnitError(error.message, caller()) from None
    return wire(Round(function, digits, unit), x)


@public
def minimum(x: Operand, y: Operand) -> Quantity:
    """The smaller of both, draw by draw, in the unit of x.

    Raises UnitError where x and y are of different dimensions.

    >>> import guessmodel as gm
    >>> sold = gm.minimum(gm.uniform(0, 10), 5)
    >>> print(sold.sample().mean())
    3.75
    """
    return wire(elementwise(np.minimum), x, y)


@public
def maximum(x: Operand, y: Operand) -> Quantity:
    """The larger of both, draw by draw, in the unit of x.

    Raises UnitError where x and y are of different dimensions.

    >>> import guessmodel as gm
    >>> loss = gm.maximum(gm.uniform(0, 10) - 6, 0)
    >>> print(loss.sample().mean())
    0.8
    """
    return wire(elementwise(np.maximum), x, y)


@public
def where(condition: Operand, x: Operand, y: Operand) -> Quantity:
    """x in draws where the condition holds (is not 0), else y.

    Raises UnitError for a condition with a unit, or where x and y are of different dimensions.

    >>> import guessmodel as gm
    >>> rain = gm.bernoulli(0.25)
    >>> print(gm.where(rain, gm.constant(8, "USD"), gm.constant(4, "USD")).sample().mean())
    5 USD
    """
    return wire(Where(), condition, x, y)


@public
def apply(
    function: Callable[..., Any], *quantities: Operand, unit: str | units.Unit | None = None
) -> Quantity:
    """Any function that maps arrays of draws to an array, draw by draw.

    Parameters
    ----------
    function : gets an array for each quantity, all of one shape with the labels first and the draws
        last, and returns an array of that shape
    quantities : what it gets: numbers in the unit of each, percent and the like as plain numbers
    unit : of the result; a plain number where it is left out

    Raises WrongKind without a function or a quantity. The first run raises ModelError where
    splitting the draws elsewhere changes the result, for a function that mixes draws (a mean, a
    sort) would be wrong.

    >>> import numpy as np
    >>> import guessmodel as gm
    >>> angle = gm.uniform(0, 1)
    >>> print(gm.apply(np.cosh, angle).sample().mean())  # sinh(1)
    1.1752...
    """
    if not callable(function):
        raise WrongKind("apply needs a function first: gm.apply(function, a, b)", caller())
    if not quantities:
        raise WrongKind("apply needs a quantity: gm.apply(function, a, b)", caller())
    return wire(Apply(function, units.parse(unit)), *quantities)


@public
def stack(quantities: Mapping[Label, Operand], dim: str) -> Quantity:
    """Join quantities along a new dimension, one label each.

    Raises UnitError where their units differ in dimension; DimensionError where one has the
    dimension already.

    >>> import guessmodel as gm
    >>> rent = gm.constant(5, "USD")
    >>> costs = gm.stack({"rent": rent, "power": gm.constant(20, "cent")}, dim="item")
    >>> print(costs.sum("item").sample(8).mean())
    5.2 USD
    """
    if not isinstance(quantities, Mapping):
        raise WrongKind('stack takes labels: gm.stack({"a": a, "b": b}, dim="case")', caller())
    try:
        joined = Dim(dim, tuple(quantities))
    except DimensionError as error:
        raise DimensionError(error.message, caller()) from None
    return wire(Stack(joined), *quantities.values())
