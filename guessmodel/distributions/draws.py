"""Draws whose family is made for the occasion, placed in the graph: data, mixtures, truncations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Unpack

import numpy as np

from guessmodel import units
from guessmodel.distributions.options import TextOptions
from guessmodel.errors import DimensionError, Location, ModelError
from guessmodel.graph import dims as dimensions
from guessmodel.graph.categories import refuse_arithmetic
from guessmodel.graph.dims import NOWHERE, Along, Dims
from guessmodel.graph.elementwise import Convert, elementwise
from guessmodel.graph.family import Family
from guessmodel.graph.operation import LabelledAxes
from guessmodel.graph.quantity import Constant, Quantile, Quantity, Variate
from guessmodel.graph.scores import Scores
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import DIMENSIONLESS, Conversion, Unit

__all__ = [
    "constant_value",
    "draw_from",
    "known_valid",
    "magnitude",
    "magnitude_in",
    "scalar_value",
    "shared_dims",
    "split_pairs",
    "taken",
    "variate",
]

_PAIRS = {"low": ("low", "high"), "mean": ("mean", "sd"), "mu": ("mu", "sigma")}


def draw_from(
    family: Family,
    operands: Sequence[Quantity],
    unit: str | Unit | None,
    where: Location,
    *,
    given: Mapping[str, Any],
    along: Along = NOWHERE,
    shared: str | Sequence[str] = (),
    **texts: Unpack[TextOptions],
) -> Quantity:
    """A draw from `family`, whose parameters are `operands`, in `unit`.

    Raises UnitError for an unknown unit, and DimensionError for a shared dimension or a name in
    `along` that no labels go by.
    """
    names = dimensions.names(shared, where)
    draw = Quantile(family, given, along.dims)
    axes = draw.axes([LabelledAxes((), None), *(operand.axes for operand in operands)])
    along.check(axes.dims)
    for each in names:
        dimensions.find(axes.dims, each)
    own = tuple(dim for dim in axes.dims if dim.name not in names)
    nodes = (variate(family, own, where), *operands)
    return Quantity(draw, nodes, units.parse(unit), axes, where, **texts)


def variate(family: Family, dims: Dims, where: Location) -> Quantity:
    """A random number of its own at each label, of the kind that a family is drawn from."""
    return Quantity(Variate(family.kind), (), DIMENSIONLESS, LabelledAxes(dims, None), where)


def taken(function: str, q: Quantity, hint: str) -> Quantile:
    """The draw whose distribution another is made of; raises ModelError, with a hint, for what is
    none, WrongKind for a category."""
    refuse_arithmetic(function, [q])
    if not isinstance(q.operation, Quantile):
        what = q.describe().split(",")[0]
        raise ModelError(f"{function} takes a draw, but {what} is {q.kind}; {hint}")
    if isinstance(q.operands[0].operation, Scores):
        raise ModelError(
            f"{function}: {q.label} is correlated with other draws; write gm.{function} "
            "before gm.correlate"
        )
    return q.operation


def shared_dims(q: Quantity) -> list[str]:
    """The dimensions along which all labels of a draw have the same random number."""
    own = {dim.name for dim in q.operands[0].dims}
    return [dim.name for dim in q.dims if dim.name not in own]


def known_valid(family: Family, operands: Sequence[Quantity]) -> bool:
    """Whether parameters make a distribution, as far as they are known; NaN is not applicable."""
    dims = dimensions.union(operand.dims for operand in operands)
    known = [(constant_value(operand), operand.dims) for operand in operands]
    found = [(x, source) for x, source in known if x is not None]
    if len(found) < len(operands):
        return True
    values = [dimensions.broadcast(x, source, dims) for x, source in found]
    missing = np.isnan(np.sum(np.broadcast_arrays(0.0, *values), axis=0))
    return bool(np.all(family.valid(*values) | missing))


def split_pairs(family: str, written: Mapping[str, Any], along: Along) -> dict[str, Any]:
    """`{"MCTS": (1, 2), …}` as first argument: two arguments with labels, from pairs.

    Raises DimensionError without a dimension, and ModelError for pairs that are none.
    """
    name = next(iter(written), "")
    first = written.get(name)
    if not isinstance(first, Mapping):
        return dict(written)
    if along == NOWHERE:
        raise DimensionError(f"{family}: labels need the name of their dimension: dim='technique'")
    if not first:
        raise DimensionError(
            f"{family}: no labels with {along}; write {{'a': (1, 2), 'b': (3, 4)}}"
        )
    if not any(isinstance(item, tuple | list) for item in first.values()):
        return dict(written)
    keys = _PAIRS.get(name)
    others = {key: value for key, value in written.items() if key != name}
    if keys is None or keys[1] in others:
        second = others[keys[1]] if keys else None
        what = f"{keys[1]} is {second!r}" if keys else f"{name} takes single numbers"
        unit = second if isinstance(second, str) else "USD"
        raise ModelError(
            f"{family}: pairs of bounds stand alone, but {what}; "
            f"write {{'a': (1, 2), …}}, {along}, unit='{unit}'"
        )
    blank = (None, None)
    for label, pair in first.items():
        if pair is not None and not (isinstance(pair, tuple | list) and len(pair) == 2):
            raise ModelError(f"{family}: the label {label!r} has {pair!r}; write a pair, as (1, 2)")
    split = {
        key: {label: (pair or blank)[i] for label, pair in first.items()}
        for i, key in enumerate(keys)
    }
    return {**split, **others}


def constant_value(node: Quantity) -> FloatArray | None:
    """A constant's value, also behind conversions into another unit or a plain number."""
    steps: list[Callable[[FloatArray], FloatArray]] = []
    while not isinstance(node.operation, Constant):
        operation, *rest = node.operation, *node.operands[1:]
        if isinstance(operation, Convert):
            steps.append(operation.conversion.apply)
        elif operation is elementwise(np.divide) and isinstance(rest[0].operation, Constant):
            if rest[0].dims:
                return None
            steps.append(partial(_divided_by, float(rest[0].operation.value)))
        else:
            return None
        node = node.operands[0]
    value = np.array(node.operation.value)
    for step in reversed(steps):
        value = np.asarray(step(value))
    return value


def _divided_by(divisor: float, value: FloatArray) -> FloatArray:
    return value / divisor


def scalar_value(node: Quantity) -> float | None:
    """Value of an unlabelled constant."""
    value = None if node.dims else constant_value(node)
    return None if value is None else float(value)


def magnitude_in(value: Quantity, unit: Unit) -> Quantity:
    """A quantity as a plain number, counted in `unit`; literals are so already."""
    if isinstance(value.operation, Constant) and value.unit == DIMENSIONLESS:
        return value
    return magnitude(value.to(unit))


def magnitude(value: Quantity) -> Quantity:
    """The number of its units that a quantity is."""
    if value.unit == DIMENSIONLESS:
        return value
    number = Convert(Conversion(), DIMENSIONLESS)
    return Quantity(number, (value,), DIMENSIONLESS, value.axes, value.location)
