"""Quantity: an immutable node of the graph (constant, draw or operation) and its operators."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NoReturn, SupportsFloat, SupportsIndex, TypeGuard, final

import numpy as np
from numpy.typing import NDArray

from guessmodel import dims as dimensions
from guessmodel import units
from guessmodel.dims import Dim, Dims, Label
from guessmodel.distributions.family import Family
from guessmodel.errors import (
    DimensionError,
    GuessmodelError,
    Location,
    UnitError,
    WrongKind,
    caller,
)
from guessmodel.operations import (
    Axes,
    Convert,
    Elementwise,
    FloatArray,
    Operation,
    Term,
    elementwise,
)
from guessmodel.structure import Accumulate, Extreme, Reduce, Shift, Take
from guessmodel.units import DIMENSIONLESS, Unit

if TYPE_CHECKING:
    import xarray

    from guessmodel.simulation import Result

__all__ = [
    "Constant",
    "Draw",
    "Operand",
    "Quantity",
    "Value",
    "as_quantity",
    "constant_node",
    "is_comparison",
    "wire",
]

_serial = itertools.count()


@final
@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """A known value; shape: sizes of its dimensions. A literal stands in an expression as a plain
    number, so nobody can name or override it."""

    value: FloatArray
    literal: bool = False


@final
@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """A draw from a family; the quantity's operands are the canonical parameters.

    `given` keeps the parametrisation as the user wrote it; along `shared` dimensions all labels
    use one and the same random variate. A draw that is `inner` was made by a constructor on the
    way to something else, so that the user cannot name it.
    """

    family: Family
    given: Mapping[str, Any]
    shared: tuple[str, ...] = ()
    inner: bool = False


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Quantity:
    """A named or anonymous node: the same object is the same draw everywhere.

    Made by constructors such as `guessmodel.lognormal` and by operators; never by hand.
    """

    operation: Constant | Draw | Operation
    operands: tuple[Quantity, ...]
    unit: Unit
    axes: Axes
    location: Location
    name: str | None = None
    doc: str | None = None
    source: str | None = None
    categories: tuple[Label, ...] = ()
    serial: int = field(default_factory=lambda: next(_serial))

    @property
    def dims(self) -> Dims:
        """Labelled dimensions, in order of first appearance."""
        return self.axes.dims

    @property
    def kind(self) -> str:
        """`constant`, `draw` or `derived`."""
        if isinstance(self.operation, Constant):
            return "constant"
        return "draw" if isinstance(self.operation, Draw) else "derived"

    # --- units and sampling ---------------------------------------------------------------------

    def to(self, unit: str | Unit) -> Quantity:
        """The same quantity in another unit of the same dimension; UnitError otherwise."""
        where = caller()
        try:
            target = units.parse(unit)
            factor = units.factor(self.unit, target)
        except UnitError as error:
            raise UnitError(error.message, where) from None
        return self if self.unit == target else _converted(self, target, factor, where)

    def sample(self, n: int | None = None, **options: Any) -> Result:
        """Sample this quantity alone; see `Model.sample` for the options."""
        from guessmodel.model import Model

        name = self.name or "result"
        return Model({name: self}).sample(n, **options)[name]

    # --- arithmetic -----------------------------------------------------------------------------

    def __add__(self, other: Operand) -> Quantity:
        return _binary(np.add, self, other)

    def __radd__(self, other: Operand) -> Quantity:
        return _binary(np.add, other, self)

    def __sub__(self, other: Operand) -> Quantity:
        return _binary(np.subtract, self, other)

    def __rsub__(self, other: Operand) -> Quantity:
        return _binary(np.subtract, other, self)

    def __mul__(self, other: Operand) -> Quantity:
        return _binary(np.multiply, self, other)

    def __rmul__(self, other: Operand) -> Quantity:
        return _binary(np.multiply, other, self)

    def __truediv__(self, other: Operand) -> Quantity:
        return _binary(np.divide, self, other)

    def __rtruediv__(self, other: Operand) -> Quantity:
        return _binary(np.divide, other, self)

    def __floordiv__(self, other: Operand) -> Quantity:
        return _binary(np.floor_divide, self, other)

    def __rfloordiv__(self, other: Operand) -> Quantity:
        return _binary(np.floor_divide, other, self)

    def __mod__(self, other: Operand) -> Quantity:
        return _binary(np.remainder, self, other)

    def __rmod__(self, other: Operand) -> Quantity:
        return _binary(np.remainder, other, self)

    def __pow__(self, other: Operand) -> Quantity:
        return _binary(np.power, self, other)

    def __rpow__(self, other: Operand) -> Quantity:
        return _binary(np.power, other, self)

    def __neg__(self) -> Quantity:
        return wire(elementwise(np.negative), self)

    def __pos__(self) -> Quantity:
        return self

    def __abs__(self) -> Quantity:
        return wire(elementwise(np.absolute), self)

    def __round__(self, digits: int = 0) -> Quantity:
        from guessmodel.functions import round as rounded

        return rounded(self, digits)

    # --- comparisons and logic build indicators ---------------------------------------------------

    def __lt__(self, other: Operand) -> Quantity:
        return _binary(np.less, self, other)

    def __le__(self, other: Operand) -> Quantity:
        return _binary(np.less_equal, self, other)

    def __gt__(self, other: Operand) -> Quantity:
        return _binary(np.greater, self, other)

    def __ge__(self, other: Operand) -> Quantity:
        return _binary(np.greater_equal, self, other)

    def __eq__(self, other: Operand | str) -> Quantity:  # type: ignore[override]
        return _binary(np.equal, self, self._category(other))

    def __ne__(self, other: Operand | str) -> Quantity:  # type: ignore[override]
        return _binary(np.not_equal, self, self._category(other))

    __hash__ = object.__hash__

    def __and__(self, other: Operand) -> Quantity:
        return _binary(np.logical_and, self, other)

    __rand__ = __and__

    def __or__(self, other: Operand) -> Quantity:
        return _binary(np.logical_or, self, other)

    __ror__ = __or__

    def __xor__(self, other: Operand) -> Quantity:
        return _binary(np.logical_xor, self, other)

    __rxor__ = __xor__

    def __invert__(self) -> Quantity:
        return wire(elementwise(np.logical_not), self)

    def _category(self, other: Operand | str) -> Operand:
        if not isinstance(other, str):
            return other
        if other in self.categories:
            return self.categories.index(other)
        known = ", ".join(repr(label) for label in self.categories) or "none"
        raise WrongKind(f"comparing with the text {other!r}; known labels: {known}", caller())

    # --- labelled dimensions ----------------------------------------------------------------------

    def sum(self, dim: str | Sequence[str] | None = None) -> Quantity:
        """Sum over one dimension or several."""
        return self._reduce("sum", dim)

    def mean(self, dim: str | Sequence[str] | None = None) -> Quantity:
        """Mean over labels. The mean over draws is a statistic: `simulation[q].mean()`."""
        return self._reduce("mean", dim)

    def min(self, dim: str | Sequence[str] | None = None) -> Quantity:
        """Smallest value over labels, draw by draw."""
        return self._reduce("min", dim)

    def max(self, dim: str | Sequence[str] | None = None) -> Quantity:
        """Largest value over labels, draw by draw."""
        return self._reduce("max", dim)

    def prod(self, dim: str | Sequence[str] | None = None) -> Quantity:
        """Product over one dimension or several; needs a quantity without unit."""
        return self._reduce("prod", dim)

    def cumsum(self, dim: str) -> Quantity:
        """Running sum along a dimension."""
        return wire(Accumulate("cumsum", dim), self)

    def cumprod(self, dim: str) -> Quantity:
        """Running product along a dimension; needs a quantity without unit."""
        return wire(Accumulate("cumprod", dim), self)

    def idxmin(self, dim: str) -> Quantity:
        """Label of the smallest value: a number, or a category to compare with `== "label"`."""
        return self._extreme("idxmin", dim)

    def idxmax(self, dim: str) -> Quantity:
        """Label of the largest value: a number, or a category to compare with `== "label"`."""
        return self._extreme("idxmax", dim)

    def sel(self, **labels: Label | Sequence[Label]) -> Quantity:
        """Select by label: one label drops the dimension, a list of labels keeps it."""
        where = caller()
        result = self
        wanted: Any
        for name, wanted in labels.items():
            try:
                dim = result.dims[dimensions.find(result.dims, name)]
                chosen: int | tuple[int, ...] = (
                    tuple(dim.index(label) for label in wanted)
                    if _is_list(wanted)
                    else dim.index(wanted)
                )
            except DimensionError as error:
                raise DimensionError(error.message, where) from None
            result = wire(Take(name, chosen), result)
        return result

    def isel(self, **positions: int | Sequence[int]) -> Quantity:
        """Select by position, counted from 0 (negative from the end)."""
        where = caller()
        result = self
        for name, wanted in positions.items():
            try:
                count = len(result.dims[dimensions.find(result.dims, name)])
            except DimensionError as error:
                raise DimensionError(error.message, where) from None
            listed: list[Any] = list(wanted) if _is_list(wanted) else [wanted]
            if not all(isinstance(i, SupportsIndex) and -count <= int(i) < count for i in listed):
                raise DimensionError(f"{name}={wanted} is outside 0 to {count - 1}", where)
            chosen = tuple(int(i) % count for i in listed)
            result = wire(Take(name, chosen if _is_list(wanted) else chosen[0]), result)
        return result

    def where(self, condition: Operand, other: Operand = float("nan")) -> Quantity:
        """This quantity in draws where the condition holds, else `other`."""
        from guessmodel.functions import where

        return where(condition, self, other)

    def shift(self, fill: float = float("nan"), **steps: int) -> Quantity:
        """Move values along a dimension: `q.shift(year=1)` is last year's; empty labels are
        not applicable unless `fill` is given."""
        result = self
        for name, by in steps.items():
            if not isinstance(by, SupportsIndex):
                raise WrongKind(f"shift moves by a whole number of labels, not {by!r}", caller())
            result = wire(Shift(name, int(by), fill), result)
        return result

    def _reduce(self, kind: str, dim: str | Sequence[str] | None) -> Quantity:
        if dim is None:
            wanted = f"write {kind}('{self.dims[0].name}')" if self.dims else "this one has none"
            draws = "; the mean over draws is simulation[quantity].mean()" if kind == "mean" else ""
            raise WrongKind(f".{kind}() goes over labels of a dimension; {wanted}{draws}", caller())
        result = self
        for name in [dim] if isinstance(dim, str) else dim:
            result = wire(Reduce(kind, name), result)
        return result

    def _extreme(self, kind: str, dim: str) -> Quantity:
        result = wire(Extreme(kind, dim), self)
        labels = self.dims[dimensions.find(self.dims, dim)].labels
        numeric = all(isinstance(label, int | float) for label in labels)
        return result if numeric else replace(result, categories=labels)

    # --- NumPy ------------------------------------------------------------------------------------

    __array_priority__ = 1000.0

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any
    ) -> Quantity:
        if method != "__call__" or ufunc.nout != 1 or options:
            extra = f".{method}" if method != "__call__" else " with options"
            raise WrongKind(f"np.{ufunc.__name__}{extra} does not work on quantities", caller())
        return wire(elementwise(ufunc), *inputs)

    def __array_function__(
        self, function: Any, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Quantity:
        from guessmodel.functions import numpy_function

        return numpy_function(function, args, kwargs)

    # --- what a quantity is not -------------------------------------------------------------------

    def __bool__(self) -> bool:
        self._refuse(
            "has no truth value before it is sampled; use gm.where(condition, a, b) for if, "
            "& | ~ for and/or/not, gm.maximum(a, b) for max, (1 < q) & (q < 2) for 1 < q < 2"
        )

    def __float__(self) -> float:
        self._refuse("is not a number; use gm.exp, gm.log … for math.*, simulation[q] for results")

    def __int__(self) -> int:
        self._refuse("is not a number; use gm.floor, gm.round … and simulation[q] for results")

    def __trunc__(self) -> int:
        self._refuse("is not a number; use gm.trunc … and simulation[q] for results")

    def __len__(self) -> int:
        self._refuse("has no length; len(q.dims[0]) is the number of labels along a dimension")

    def __iter__(self) -> NoReturn:
        self._refuse("cannot be looped over; use q.sel(dim=label) or q.sum('dim')")

    def __array__(self, dtype: Any = None, copy: Any = None) -> NDArray[Any]:
        self._refuse('cannot stand in a NumPy array; use gm.stack({"a": a, "b": b}, dim="…")')

    def __reduce__(self) -> NoReturn:
        self._refuse("cannot be pickled; pickle model.plan(), or share the model file")

    def _refuse(self, why: str) -> NoReturn:
        raise WrongKind(f"a quantity ({self.describe()}) {why}", caller())

    def __copy__(self) -> Quantity:
        return self

    def __deepcopy__(self, memo: Any) -> Quantity:
        return self

    @property
    def variable(self) -> NoReturn:
        # xarray looks this up in `array * quantity`, before it would swallow the quantity as a bare
        # array. It returns NotImplemented for Datasets alone, and those are Mappings.
        self._refuse("stands right of a DataArray; write quantity * array, or np.multiply(…)")

    # --- display ----------------------------------------------------------------------------------

    @property
    def label(self) -> str:
        """Its own name, else its family or operation."""
        what = self.operation
        if self.name is not None:
            return self.name
        kind: str = (
            what.family.name if isinstance(what, Draw) else getattr(what, "name", "constant")
        )
        return kind

    def describe(self) -> str:
        """What it is and where it was made, in a few words."""
        return f"{self.label}, {self.location}"

    def __repr__(self) -> str:
        unit = f" [{self.unit}]" if str(self.unit) else ""
        dims = f" ({dimensions.describe(self.dims)})" if self.dims else ""
        return f"<{self.kind} {self.describe()}{unit}{dims}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<code>{escape(repr(self))}</code>"


Operand = Quantity | SupportsFloat
Value = Quantity | SupportsFloat | Mapping[Any, Any]


def is_comparison(quantity: Quantity) -> bool:
    """Whether it is an indicator by its making: a comparison, or comparisons combined."""
    return isinstance(quantity.operation, Elementwise) and quantity.operation.compares


def as_quantity(value: Any, *, where: Location | None = None) -> Quantity:
    """A quantity as it is; a number or xarray.DataArray as a constant without unit."""
    if isinstance(value, Quantity):
        return value
    where = where or caller()
    if isinstance(value, str | bytes):
        raise WrongKind(
            f"text {value!r} is not a quantity; write a number, or unit={value!r} for a unit", where
        )
    labelled = _from_xarray(value, where)
    if labelled is not None:
        return labelled
    if (isinstance(value, np.ndarray) and value.ndim > 0) or isinstance(value, list | tuple | dict):
        raise WrongKind(
            'arrays have no labels; write gm.constant({"label": value, …}, dim="name") '
            "or pass an xarray.DataArray",
            where,
        )
    try:
        number = float(value)
    except (TypeError, ValueError):
        kind = type(value).__name__
        raise WrongKind(f"a {kind} is neither a number nor a quantity", where) from None
    literal = Constant(np.asarray(number), literal=True)
    return Quantity(literal, (), DIMENSIONLESS, Axes((), None), where)


def constant_node(
    value: FloatArray,
    dims: Dims,
    unit: Unit,
    where: Location,
    name: str | None = None,
    doc: str | None = None,
    source: str | None = None,
) -> Quantity:
    """A constant; labels with NaN are not applicable."""
    mask = ~np.isnan(value)
    applicable = None if not dims or bool(mask.all()) else mask
    axes = Axes(dims, applicable)
    return Quantity(Constant(value), (), unit, axes, where, name, doc, source)


def _from_xarray(value: Any, where: Location) -> Quantity | None:
    xarray_module = sys.modules.get("xarray")
    if xarray_module is None or not isinstance(value, xarray_module.DataArray):
        return None
    array: xarray.DataArray = value
    dims = []
    for name in array.dims:
        if name not in array.coords:
            raise DimensionError(f"dimension '{name}' of the DataArray has no coordinates", where)
        dims.append(Dim(str(name), tuple(array.coords[name].values.tolist())))
    unit = units.parse(array.attrs.get("units"))
    return constant_node(np.asarray(array.values, dtype=np.float64), tuple(dims), unit, where)


def wire(operation: Operation, *operands: Any) -> Quantity:
    """Add an operation to the graph: units and labels are checked here, before any draw.

    Raises UnitError or DimensionError, with the user's line, where the operands do not fit.
    """
    where = caller()
    nodes = [as_quantity(operand, where=where) for operand in operands]
    try:
        typing = operation.typing([Term(node.unit, _known(node)) for node in nodes])
        aligned = tuple(
            node
            if node.unit == unit
            else _converted(node, unit, units.factor(node.unit, unit), where)
            for node, unit in zip(nodes, typing.operands, strict=True)
        )
        axes = operation.axes([node.axes for node in aligned])
    except GuessmodelError as error:
        if error.where is not None:
            raise
        raise type(error)(error.message, where) from None
    result = Quantity(operation, aligned, typing.unit, axes, where)
    if typing.factor == 1.0:
        return result
    return Quantity(Convert(typing.factor, typing.unit), (result,), typing.unit, axes, where)


def _is_list(wanted: Any) -> TypeGuard[Iterable[Any]]:
    return isinstance(wanted, Iterable) and not isinstance(wanted, str)


def _binary(ufunc: np.ufunc, left: Any, right: Any) -> Quantity:
    return wire(elementwise(ufunc), left, right)


def _known(node: Quantity) -> float | None:
    if isinstance(node.operation, Constant) and not node.dims:
        return float(node.operation.value)
    return None


def _converted(node: Quantity, unit: Unit, factor: float, where: Location) -> Quantity:
    if isinstance(node.operation, Constant) and node.operation.literal:
        return replace(node, operation=Constant(node.operation.value * factor, True), unit=unit)
    return Quantity(Convert(factor, unit), (node,), unit, node.axes, where)
