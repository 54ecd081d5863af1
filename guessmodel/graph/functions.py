"""The typed functions on quantities: the documented form, for it type-checks and says its unit."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from guessmodel import units
from guessmodel.errors import (
    DimensionError,
    GuessmodelError,
    ModelError,
    UnitError,
    WrongKind,
    caller,
    public,
)
from guessmodel.graph.along_dims import Stack
from guessmodel.graph.dims import Dim, Label
from guessmodel.graph.elementwise import Apply, Filtered, Round, Where, elementwise
from guessmodel.graph.number_in import Amount, amount, number_in
from guessmodel.graph.quantity import Operand, Quantity, as_quantity, wire
from guessmodel.graph.values import in_short, is_whole

__all__ = [
    "abs",
    "apply",
    "ceil",
    "clip",
    "cos",
    "exp",
    "expm1",
    "filtered",
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
    """e to the power x; x is a plain number."""
    return wire(elementwise(np.exp), x)


@public
def expm1(x: Operand) -> Quantity:
    """exp(x) - 1, accurate near 0; x is a plain number."""
    return wire(elementwise(np.expm1), x)


@public
def log(x: Operand) -> Quantity:
    """Natural logarithm; x is a plain number."""
    return wire(elementwise(np.log), x)


@public
def log1p(x: Operand) -> Quantity:
    """log(1 + x), accurate near 0; x is a plain number."""
    return wire(elementwise(np.log1p), x)


@public
def log10(x: Operand) -> Quantity:
    """Logarithm to base 10; x is a plain number."""
    return wire(elementwise(np.log10), x)


@public
def log2(x: Operand) -> Quantity:
    """Logarithm to base 2; x is a plain number."""
    return wire(elementwise(np.log2), x)


@public
def sqrt(x: Operand) -> Quantity:
    """Square root; the unit is rooted too."""
    return wire(elementwise(np.sqrt), x)


@public
def sin(x: Operand) -> Quantity:
    """Sine of x in radians."""
    return wire(elementwise(np.sin), x)


@public
def cos(x: Operand) -> Quantity:
    """Cosine of x in radians."""
    return wire(elementwise(np.cos), x)


@public
def tan(x: Operand) -> Quantity:
    """Tangent of x in radians."""
    return wire(elementwise(np.tan), x)


@public
def tanh(x: Operand) -> Quantity:
    """Hyperbolic tangent; x is a plain number."""
    return wire(elementwise(np.tanh), x)


@public
def sign(x: Operand) -> Quantity:
    """-1, 0 or 1."""
    return wire(elementwise(np.sign), x)


@public
def abs(x: Operand) -> Quantity:
    """Absolute value, in the unit of x."""
    return wire(elementwise(np.absolute), x)


@public
def ceil(x: Operand, to: str | units.Unit | None = None) -> Quantity:
    """Next whole number up: of the unit `to`, else of the unit of x (percent, thousand and the
    like count as the plain numbers they are): `ceil(load * share, to="node")`.

    Raises UnitError where x is of another dimension than `to`.
    """
    return _rounded(np.ceil, x, to)


@public
def floor(x: Operand, to: str | units.Unit | None = None) -> Quantity:
    """Next whole number down; see `ceil` for the unit it is counted in."""
    return _rounded(np.floor, x, to)


@public
def trunc(x: Operand, to: str | units.Unit | None = None) -> Quantity:
    """Whole number towards 0; see `ceil` for the unit it is counted in."""
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
    """The smaller of both, draw by draw."""
    return wire(elementwise(np.minimum), x, y)


@public
def maximum(x: Operand, y: Operand) -> Quantity:
    """The larger of both, draw by draw."""
    return wire(elementwise(np.maximum), x, y)


@public
def clip(x: Operand, low: Amount | None = None, high: Amount | None = None) -> Quantity:
    """x kept between `low` and `high` (either may be None), draw by draw. Bounds may be quantities
    or text such as `"5 USD"`."""
    if low is None and high is None:
        raise ModelError("clip needs a bound: gm.clip(x, low=0)", caller())
    result = as_quantity(x)
    _refuse_swapped("clip", low, high, result.unit)
    if low is not None:
        result = maximum(result, amount(low))
    return result if high is None else minimum(result, amount(high))


@public
def where(condition: Operand, x: Operand, y: Operand) -> Quantity:
    """x in draws where the condition (an indicator) is not 0, else y."""
    return wire(Where(), condition, x, y)


@public
def filtered(x: Operand, low: Amount | None = None, high: Amount | None = None) -> Quantity:
    """x, given that it lies in [low, high] (either may be None): draws beyond the bounds are
    dropped.

    What is made of the result drops them too, so that a sum with it is under the same condition;
    x itself and what else is made of x keep all draws. Statistics are of the draws that are left,
    and tell the share that was dropped. Works for any quantity; of a draw alone `gm.truncated`
    is exact and wastes none. Bounds may be quantities or text such as `"5 USD"`; plain numbers are
    counted in the unit of x.
    The definition of conditional probability:
    P(x ≤ t | low ≤ x ≤ high) = P(low ≤ x ≤ min(t, high)) / P(low ≤ x ≤ high).

    Raises ModelError without a bound, or for bounds in the wrong order; UnitError for bounds of
    another dimension.

    >>> import guessmodel as gm
    >>> profit = gm.normal(mean=0, sd=1) + gm.normal(mean=0, sd=1)
    >>> simulation = gm.Model(gain=gm.filtered(profit, low=0)).sample()
    >>> print(simulation["gain"].mean())  # sqrt(2) * sqrt(2 / pi)
    1.128...
    >>> print(simulation.problems()[0])
    gain: 50% of the draws are dropped (filtered, ...)
    """
    given = [(np.less, low), (np.greater, high)]
    bounds = [(beyond, end) for beyond, end in given if end is not None]
    if not bounds:
        raise ModelError("filtered needs a bound: gm.filtered(x, low=0)", caller())
    quantity = as_quantity(x)
    _refuse_swapped("filtered", low, high, quantity.unit)

    def counted(end: Amount) -> Quantity:
        node = amount(end)
        plain = not isinstance(end, Quantity) and node.unit == units.DIMENSIONLESS
        return replace(node, unit=quantity.unit) if plain else node

    ends = [counted(end) for _, end in bounds]
    return wire(Filtered(tuple(beyond for beyond, _ in bounds)), quantity, *ends)


def _refuse_swapped(
    function: str, low: Amount | None, high: Amount | None, unit: units.Unit
) -> None:
    """ModelError for bounds in the wrong order; those of quantities may change."""
    ends = []
    for end in (low, high):
        if end is None or isinstance(end, Quantity):
            return
        try:
            ends.append(number_in(unit, end))
        except GuessmodelError:  # infinite, labelled, or of another unit, as wiring it will tell
            return
    if ends[0] > ends[1]:
        first, last = (
            end if isinstance(end, str) else in_short(number)
            for end, number in zip((low, high), ends, strict=True)
        )
        told = f"{function}: low ({first}) lies above high ({last}); swap them"
        raise ModelError(told, caller())


@public
def apply(
    function: Callable[..., Any], *quantities: Operand, unit: str | units.Unit | None = None
) -> Quantity:
    """Any function that maps arrays of draws to an array, draw by draw.

    It gets the numbers of each quantity in its unit, percent and the like as plain numbers; `unit`
    is the unit of the result. The first run checks that splitting the draws elsewhere
    gives the same numbers, for a function that mixes draws (a mean, a sort) would be wrong.
    """
    if not callable(function):
        raise WrongKind("apply needs a function first: gm.apply(function, a, b)", caller())
    if not quantities:
        raise WrongKind("apply needs a quantity: gm.apply(function, a, b)", caller())
    return wire(Apply(function, units.parse(unit)), *quantities)


@public
def stack(quantities: Mapping[Label, Operand], dim: str) -> Quantity:
    """Join quantities along a new dimension, one label each: `stack({"a": a, "b": b}, dim="case")`.

    Raises UnitError where their units differ in dimension.
    """
    if not isinstance(quantities, Mapping):
        raise WrongKind('stack takes labels: gm.stack({"a": a, "b": b}, dim="case")', caller())
    try:
        joined = Dim(dim, tuple(quantities))
    except DimensionError as error:
        raise DimensionError(error.message, caller()) from None
    return wire(Stack(joined), *quantities.values())


# --- NumPy's functions that are not ufuncs ------------------------------------------------------


def _select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Quantity:
    result = as_quantity(default)
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        result = where(condition, choice, result)
    return result


def _clip(
    a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None
) -> Quantity:
    if (a_min is not None and min is not None) or (a_max is not None and max is not None):
        raise WrongKind("np.clip: a bound is given twice, by position and by name", caller())
    return clip(a, a_min if min is None else min, a_max if max is None else max)


def _round(a: Any, decimals: int = 0) -> Quantity:
    return round(a, decimals)


def _over_all(kind: str) -> Callable[..., Quantity]:
    def reduce(a: Quantity, axis: str | Sequence[str] | None = None) -> Quantity:
        if isinstance(axis, int):
            raise WrongKind(f'dimensions are named: write .{kind}("dim")', caller())
        if axis is None and kind != "mean" and a.dims:
            axis = [dim.name for dim in a.dims]
        result: Quantity = getattr(a, kind)(axis)
        return result

    return reduce


def _along(kind: str) -> Callable[..., Quantity]:
    def accumulate(a: Quantity, axis: str | None = None) -> Quantity:
        if not isinstance(axis, str):
            raise WrongKind(f'dimensions are named: write .{kind}("dim")', caller())
        result: Quantity = getattr(a, kind)(axis)
        return result

    return accumulate


_NUMPY: dict[Any, Callable[..., Quantity]] = {
    np.where: where,
    np.clip: _clip,
    np.select: _select,
    np.round: _round,
    np.sum: _over_all("sum"),
    np.mean: _over_all("mean"),
    np.prod: _over_all("prod"),
    np.min: _over_all("min"),
    np.max: _over_all("max"),
    np.cumsum: _along("cumsum"),
    np.cumprod: _along("cumprod"),
}


def numpy_function(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Quantity:
    """The quantity that a NumPy function of quantities stands for; WrongKind where it is none."""
    ours = _NUMPY.get(function)
    if ours is None:
        name = getattr(function, "__name__", "function")
        raise WrongKind(
            f"np.{name} does not work on quantities; gm.apply(function, …) wraps any function "
            "that works draw by draw",
            caller(),
        )
    try:
        inspect.signature(ours).bind(*args, **kwargs)
    except TypeError as error:
        raise WrongKind(f"np.{function.__name__} of quantities: {error}", caller()) from None
    return ours(*args, **kwargs)
