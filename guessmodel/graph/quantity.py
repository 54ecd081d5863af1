"""Quantity: an immutable node of the graph (constant, variate, quantile or operation)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, SupportsFloat, final

import numpy as np

from guessmodel import units
from guessmodel.errors import (
    GuessmodelError,
    Location,
    UnitError,
    WrongKind,
    caller,
    located,
    public,
    relocated,
)
from guessmodel.escaping import is_harmless
from guessmodel.graph import categories as labelled_by
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Dims, Label
from guessmodel.graph.draw import Quantile, Variate
from guessmodel.graph.elementwise import Convert, Elementwise, Placed, elementwise
from guessmodel.graph.labelled import Labelled
from guessmodel.graph.labelled_data import from_labelled
from guessmodel.graph.operation import LabelledAxes, Operation
from guessmodel.graph.operators import Operators
from guessmodel.graph.refusals import Unsampled
from guessmodel.graph.unit_rules import Term, comparison
from guessmodel.graph.values import number, written_as
from guessmodel.graph.years import is_a_year
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import DIMENSIONLESS, Conversion, Unit
from guessmodel.units.formats import parse_format

if TYPE_CHECKING:
    from guessmodel.simulation import Result

__all__ = [
    "Constant",
    "Operand",
    "Quantile",
    "Quantity",
    "Value",
    "Variate",
    "as_quantity",
    "constant_node",
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


@public
@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Quantity(Operators, Labelled, Unsampled):
    """A named or anonymous node: the same object is the same draw everywhere.

    `owner` is the key that a variate has in the model of the file that made it; see naming.py.

    Made by constructors such as `guessmodel.lognormal` and by operators; never by hand.
    """

    operation: Constant | Variate | Quantile | Operation
    operands: tuple[Quantity, ...]
    unit: Unit
    axes: LabelledAxes
    location: Location
    name: str | None = None
    doc: str | None = None
    source: str | None = None
    format: str | None = None
    categories: tuple[Label, ...] = ()
    owner: str | None = None
    serial: int = field(default_factory=lambda: next(_serial))

    def __post_init__(self) -> None:
        name = self.name
        if name is not None and (not isinstance(name, str) or not name.strip()):
            raise WrongKind(
                f"name={name!r} names nothing; write text such as name='cost', or leave it out",
                self.location,
            )
        if name is not None and not is_harmless(name):
            raise WrongKind(f"name={name!r} has characters that cannot be shown", self.location)
        for key, text in (("doc", self.doc), ("source", self.source)):
            if text is not None and not isinstance(text, str):
                raise WrongKind(f"{key}= takes text, not {text!r}; write {key}='…'", self.location)
        if labels := labelled_by.kept(self.operation, self.operands, self.location):
            object.__setattr__(self, "categories", labels)
        if self.categories:
            labelled_by.check(self)
        if self.format is not None:
            self._check_format(self.format)

    def _check_format(self, text: str) -> None:
        try:
            wanted = parse_format(text)
            unit = units.parse(wanted.unit) if wanted.unit else self.unit
        except GuessmodelError as error:
            raise relocated(error, self.location) from None
        if unit != self.unit:
            own = f"{self.unit},{wanted.decimals}".lstrip()
            other = f"in {self.unit}" if str(self.unit) else "a plain number"
            raise UnitError(
                f"format={text!r} is in {unit}, and the quantity {other}; write '{own}'",
                self.location,
            )

    @property
    def dims(self) -> Dims:
        """Labelled dimensions, in order of first appearance."""
        return self.axes.dims

    @property
    def kind(self) -> str:
        """`constant`, `draw` or `derived` (and `variate` for the random number of a draw)."""
        return _KINDS.get(type(self.operation), "derived")

    @property
    def variate(self) -> Quantity | None:
        """The random number that a draw owns; None for all else. The draw is computed from it, or
        (see `scores`) from a number that is made of it and of those of other draws."""
        if not isinstance(self.operation, Quantile):
            return None
        return first_variate(self.operands[0])

    @property
    def parameters(self) -> tuple[Quantity, ...]:
        """The operands, but for the variate of a draw."""
        return self.operands[1:] if isinstance(self.operation, Quantile) else self.operands

    # --- units and sampling ---------------------------------------------------------------------

    def to(self, unit: str | Unit) -> Quantity:
        """The same quantity in another unit of the same dimension; UnitError otherwise.

        >>> import guessmodel as gm
        >>> print(gm.constant(90, "minute").to("hour").sample(8).mean())
        1.5 hour
        """
        where = caller()
        try:
            target = units.parse(unit)
            return self if self.unit == target else _converted(self, target, where)
        except UnitError as error:
            raise UnitError(error.message, where) from None

    def formatted(self, format: str) -> Quantity:
        """The same quantity, whose numbers are written in a format wherever they are shown.

        Parameters
        ----------
        format : "year", in full as 2025; "4 digits", so many significant ones at most; ",2",
            thousands set apart by commas and so many decimals; "USD,0", the same, and an error
            unless the quantity is in that unit

        Raises UsageError for what is no format, UnitError for another unit.

        >>> import guessmodel as gm
        >>> ready = (gm.constant(2025) + gm.uniform(0.1, 0.3)).formatted("year")
        >>> print(ready.sample(1024).median())
        2025.2
        """
        where = caller()
        # A copy of a draw would be computed a second time.
        node = _converted(self, self.unit, where) if isinstance(self.operation, Quantile) else self
        return replace(node, format=format, location=where)

    def sample(self, n: int | None = None, **options: Any) -> Result:
        """Sample this quantity alone; see `Model.sample` for the options."""
        from guessmodel.model.model import Model

        if "quantities" in options:
            raise WrongKind(
                "quantities= chooses among those of a model; gm.Model(cost=cost).sample() has it",
                caller(),
            )
        name = self.name or "result"
        return Model({name: self}).sample(n, **options)[name]

    # --- functions as methods ---------------------------------------------------------------------

    def __round__(self, digits: int = 0) -> Quantity:
        from guessmodel.graph.functions import round as rounded

        return rounded(self, digits)

    def where(self, condition: Operand, other: Operand = float("nan")) -> Quantity:
        """This quantity in draws where the condition holds, else `other` (by default: lost)."""
        from guessmodel.graph.functions import where

        return where(condition, self, other)

    @staticmethod
    def _operated(ufunc: np.ufunc, *operands: Any) -> Quantity:
        return _operated(ufunc, operands)

    def _wired(self, operation: Operation, categories: tuple[Label, ...] = ()) -> Quantity:
        result = wire(operation, self)
        return replace(result, categories=categories) if categories else result

    # --- NumPy ------------------------------------------------------------------------------------

    __array_priority__ = 1000.0

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any
    ) -> Quantity:
        if method != "__call__" or ufunc.nout != 1 or options:
            extra = f".{method}" if method != "__call__" else " with options"
            raise WrongKind(f"np.{ufunc.__name__}{extra} does not work on quantities", caller())
        return _operated(ufunc, inputs)

    def __array_function__(
        self, function: Any, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Quantity:
        from guessmodel.graph.numpy_functions import numpy_function

        return numpy_function(function, args, kwargs)

    def __copy__(self) -> Quantity:
        return self

    def __deepcopy__(self, memo: Any) -> Quantity:
        return self

    # --- display ----------------------------------------------------------------------------------

    @property
    def label(self) -> str:
        """The quantity's name, else its family or operation."""
        what = self.operation
        if self.name is not None:
            return self.name
        kind: str = (
            what.family.name if isinstance(what, Quantile) else getattr(what, "name", "constant")
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


def first_variate(number: Quantity) -> Quantity:
    """The variate that owns a random number, which others may be part of (see `scores`)."""
    while not isinstance(number.operation, Variate):
        number = number.operands[0]
    return number


_KINDS = {Constant: "constant", Variate: "variate", Quantile: "draw"}

Operand = Quantity | SupportsFloat
Value = Quantity | SupportsFloat | Mapping[Any, Any]


def as_quantity(value: Any, *, where: Location | None = None) -> Quantity:
    """A quantity as it is; a number or xarray.DataArray as a constant without unit."""
    if isinstance(value, Quantity):
        return value
    where = where or caller()
    if isinstance(value, str | bytes):
        raise WrongKind(f"text {value!r} is not a quantity; write {written_as(value)}", where)
    labelled = from_labelled(value, where)
    if labelled is not None:
        return constant_node(*labelled, where)
    if isinstance(value, Mapping) and any(isinstance(each, Quantity) for each in value.values()):
        key = next(iter(value))
        told = f"a dict of quantities is not one of them; take one by its key, as in …[{key!r}]"
        raise WrongKind(told, where)
    if (isinstance(value, np.ndarray) and value.ndim > 0) or isinstance(value, list | tuple | dict):
        raise WrongKind(
            'arrays have no labels; write gm.constant({"label": value, …}, dim="name") '
            "or pass an xarray.DataArray",
            where,
        )
    literal = Constant(np.asarray(number(value, where)), literal=True)
    return Quantity(literal, (), DIMENSIONLESS, LabelledAxes((), None), where)


def constant_node(
    value: FloatArray,
    dims: Dims,
    unit: Unit,
    where: Location,
    name: str | None = None,
    doc: str | None = None,
    source: str | None = None,
    format: str | None = None,
) -> Quantity:
    """A constant; labels with NaN are not applicable."""
    mask = ~np.isnan(value)
    applicable = None if not dims or bool(mask.all()) else mask
    axes = LabelledAxes(dims, applicable)
    return Quantity(Constant(value), (), unit, axes, where, name, doc, source, format)


def wire(operation: Operation, *operands: Any) -> Quantity:
    """Add an operation to the graph: units and labels are checked here, before any draw.

    Raises UnitError or DimensionError, with the user's line, where the operands do not fit.
    """
    where = caller()
    nodes = [as_quantity(operand, where=where) for operand in operands]
    labelled_by.kept(operation, nodes, where)  # before units, of which a category has none
    return _derived(operation, nodes, where)


def _operated(ufunc: np.ufunc, operands: Sequence[Any]) -> Quantity:
    """What a function of NumPy's makes; categories are compared by the places of labels."""
    pair = labelled_by.coded(ufunc, operands)
    if pair is None:
        made = wire(elementwise(ufunc), *operands)
        return replace(made, format="year") if is_a_year(ufunc, operands) else made
    where = caller()
    return _derived(elementwise(ufunc), [as_quantity(each, where=where) for each in pair], where)


def _derived(operation: Operation, nodes: Sequence[Quantity], where: Location) -> Quantity:
    try:
        signature = operation.unit_signature(
            [Term(node.unit, _constant_value(node)) for node in nodes]
        )
        aligned = tuple(
            node if node.unit == unit else _converted(node, unit, where)
            for node, unit in zip(nodes, signature.operands, strict=True)
        )
        axes = operation.axes([node.axes for node in aligned])
    except GuessmodelError as error:
        raise located(error, where) from None
    operation = _told_of_conversion(operation, nodes, aligned)
    result = Quantity(operation, aligned, signature.unit, axes, where)
    if signature.factor == 1:
        return result
    conversion = Convert(Conversion.by(signature.factor), signature.unit)
    return Quantity(conversion, (result,), signature.unit, axes, where)


def _told_of_conversion(
    operation: Operation, nodes: Sequence[Quantity], aligned: Sequence[Quantity]
) -> Operation:
    """A comparison that knows whether one of its operands was converted, which rounds it: equal
    numbers must stay equal. Other operations as they are."""
    if not isinstance(operation, Placed) and not (
        isinstance(operation, Elementwise) and operation.rule is comparison
    ):
        return operation
    shifts = [
        abs(node.operation.conversion.shift)
        for node in aligned
        if isinstance(node.operation, Convert)
    ]
    if shifts or any(a is not b for a, b in zip(nodes, aligned, strict=True)):
        return replace(operation, converted=max(shifts, default=0.0))
    return operation


def _constant_value(node: Quantity) -> float | None:
    if isinstance(node.operation, Constant) and not node.dims:
        return float(node.operation.value)
    return None


def _converted(node: Quantity, unit: Unit, where: Location) -> Quantity:
    conversion = units.conversion(node.unit, unit)
    if isinstance(node.operation, Constant) and node.operation.literal:
        value = conversion.apply(node.operation.value)
        return replace(node, operation=Constant(value, True), unit=unit)
    return Quantity(Convert(conversion, unit), (node,), unit, node.axes, where)
