"""What a derived quantity does to its operands: unit rule, dimensions, NumPy evaluation.

Operations know arrays, units and labels; they know neither quantities nor draws. Arrays are
float64 with the draws on the last axis; indicators are 0 and 1.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from guessmodel import dims as dimensions
from guessmodel import units
from guessmodel.dims import Dims
from guessmodel.errors import UnitError
from guessmodel.rounding import DECIMAL, equal
from guessmodel.units import DIMENSIONLESS, Conversion, Ratio, Unit

__all__ = [
    "Apply",
    "Axes",
    "Convert",
    "Elementwise",
    "FloatArray",
    "Operation",
    "Pointwise",
    "Term",
    "Typing",
    "Where",
    "comparison",
    "elementwise",
]

FloatArray = NDArray[np.float64]


class Axes(NamedTuple):
    """Labelled axes of an operand; `mask` is False at labels where it is not applicable."""

    dims: Dims
    mask: NDArray[np.bool_] | None


class Term(NamedTuple):
    """What a unit rule may know of an operand when the graph is wired."""

    unit: Unit
    constant: float | None  # value of an unlabelled constant, for exponents and the literal 0


class Typing(NamedTuple):
    """The unit each operand is brought to before the operation, and the unit of the result."""

    operands: tuple[Unit, ...]
    unit: Unit
    factor: Ratio = 1.0  # the plain result times this is in `unit`


class Operation(ABC):
    """Abstract: one way of computing a quantity from its operands."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Name for messages and the picture of the graph."""

    @abstractmethod
    def typing(self, terms: Sequence[Term]) -> Typing:
        """Unit rule; raises UnitError where the operands' units do not fit."""

    @abstractmethod
    def axes(self, operands: Sequence[Axes]) -> Axes:
        """Labelled axes of the result; raises DimensionError."""

    @abstractmethod
    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[Axes], out: FloatArray
    ) -> None:
        """Write the result for a block of draws into `out`."""


class Pointwise(Operation):
    """Abstract: draw by draw and label by label; operands arrive broadcast against each other."""

    @final
    def axes(self, operands: Sequence[Axes]) -> Axes:
        union = dimensions.union(axes.dims for axes in operands)
        if all(axes.mask is None for axes in operands):
            return Axes(union, None)
        mask = np.ones(dimensions.shape(union), dtype=np.bool_)
        for axes in operands:
            if axes.mask is not None:
                mask &= dimensions.broadcast(axes.mask, axes.dims, union)
        return Axes(union, mask)


# --- unit rules ---------------------------------------------------------------------------------


def _aligned(terms: Sequence[Term], verb: str) -> tuple[tuple[Unit, ...], Unit]:
    """Bring all operands to the unit of the first that is not a literal 0, which fits any."""
    lead = next((t for t in terms if not _is_zero(t)), terms[0]).unit
    for term in terms:
        if not _is_zero(term) and not units.compatible(term.unit, lead):
            shown = " and ".join(_show(t.unit) for t in terms)
            raise UnitError(f"cannot {verb} {shown}; convert one of them or check the wiring")
    return tuple(term.unit if _is_zero(term) else lead for term in terms), lead


def _is_zero(term: Term) -> bool:
    return term.constant == 0.0 and term.unit == DIMENSIONLESS


def _show(unit: Unit) -> str:
    return str(unit) or "a plain number"


def _plain(term: Term, name: str) -> Unit:
    if not term.unit.is_dimensionless:
        raise UnitError(
            f"{name} needs a plain number but got {term.unit}; divide by a unit first, e.g. "
            f'quantity / gm.constant(1, "{term.unit}")'
        )
    return DIMENSIONLESS


def _unchanged(terms: Sequence[Term], unit: Unit, factor: Ratio = 1.0) -> Typing:
    return Typing(tuple(term.unit for term in terms), unit, factor)


Rule = Callable[[str, Sequence[Term]], Typing]


def _same(name: str, terms: Sequence[Term]) -> Typing:
    return Typing(*_aligned(terms, _VERBS.get(name, f"take {name} of")))


def comparison(name: str, terms: Sequence[Term]) -> Typing:
    """The unit rule of `<`, `==` and the like."""
    return Typing(_aligned(terms, "compare")[0], DIMENSIONLESS)


def _product(_: str, terms: Sequence[Term]) -> Typing:
    unit, factor = units.multiply(terms[0].unit, terms[1].unit)
    return _unchanged(terms, unit, factor)


def _quotient(_: str, terms: Sequence[Term]) -> Typing:
    unit, factor = units.divide(terms[0].unit, terms[1].unit)
    return _unchanged(terms, unit, factor)


def _whole_quotient(_: str, terms: Sequence[Term]) -> Typing:
    # The number of whole times one fits into the other depends on the unit unless both agree.
    if units.compatible(terms[0].unit, terms[1].unit):
        return Typing(_aligned(terms, "divide")[0], DIMENSIONLESS)
    return _quotient("", terms)


def _power(name: str, terms: Sequence[Term]) -> Typing:
    base, exponent = terms
    plain = _plain(exponent, f"the exponent of {name}")
    if base.unit.is_dimensionless:
        return Typing((plain, plain), DIMENSIONLESS)
    if exponent.constant is None:
        raise UnitError(f"{base.unit} cannot be raised to an uncertain power; its unit would vary")
    power = units.conversion(exponent.unit, DIMENSIONLESS).apply(exponent.constant)
    unit, factor = units.power(base.unit, power)
    return Typing((base.unit, plain), unit, factor)


def _root(exponent: float) -> Rule:
    def rule(_: str, terms: Sequence[Term]) -> Typing:
        return _unchanged(terms, *units.power(terms[0].unit, exponent))

    return rule


def _keep(_: str, terms: Sequence[Term]) -> Typing:
    return _unchanged(terms, terms[0].unit)


def _to_plain(name: str, terms: Sequence[Term]) -> Typing:
    return Typing(tuple(_plain(t, name) for t in terms), DIMENSIONLESS)


def _to_number(_: str, terms: Sequence[Term]) -> Typing:
    return _unchanged(terms, DIMENSIONLESS)


# --- operations over draws ----------------------------------------------------------------------


@final
@dataclass(frozen=True, slots=True)
class Elementwise(Pointwise):
    """A NumPy ufunc with one output; those that leap at whole numbers take decimal ones."""

    ufunc: np.ufunc
    symbol: str
    rule: Rule
    compares: bool = False
    converted: bool = False  # compares numbers of which a conversion may have rounded one

    @property
    def name(self) -> str:
        return self.symbol

    def typing(self, terms: Sequence[Term]) -> Typing:
        return self.rule(self.symbol, terms)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[Axes], out: FloatArray
    ) -> None:
        DECIMAL.get(self.ufunc, self.ufunc)(*arrays, out=out)
        if self.converted:
            np.copyto(out, float(self.ufunc(0.0, 0.0)), where=equal(*arrays))
        if self.compares:
            # Comparing with NaN gives False, which would hide a failed draw.
            for array in arrays:
                if np.isnan(np.add.reduce(array, axis=None)):
                    np.copyto(out, np.nan, where=np.isnan(array))

    def __reduce__(self) -> str | tuple[Any, ...]:
        return elementwise, (self.ufunc, self.converted)


_SAME: dict[np.ufunc, str] = {
    np.add: "+",
    np.subtract: "-",
    np.minimum: "minimum",
    np.maximum: "maximum",
    np.fmin: "fmin",
    np.fmax: "fmax",
    np.remainder: "%",
    np.fmod: "fmod",
    np.hypot: "hypot",
}
_VERBS = {"+": "add", "-": "subtract"}
_COMPARE: dict[np.ufunc, str] = {
    np.less: "<",
    np.less_equal: "<=",
    np.greater: ">",
    np.greater_equal: ">=",
    np.equal: "==",
    np.not_equal: "!=",
}
_LOGIC: dict[np.ufunc, str] = {
    np.logical_and: "&",
    np.logical_or: "|",
    np.logical_xor: "^",
    np.logical_not: "~",
}
_ALIASES: dict[np.ufunc, np.ufunc] = {
    np.bitwise_and: np.logical_and,
    np.bitwise_or: np.logical_or,
    np.bitwise_xor: np.logical_xor,
    np.invert: np.logical_not,
}
_KEEP: tuple[np.ufunc, ...] = (
    np.absolute,
    np.fabs,
    np.negative,
    np.positive,
    np.floor,
    np.ceil,
    np.trunc,
    np.rint,
)


def _table() -> dict[np.ufunc, Elementwise]:
    table: dict[np.ufunc, Elementwise] = {}
    for ufunc, symbol in _SAME.items():
        table[ufunc] = Elementwise(ufunc, symbol, _same)
    for ufunc, symbol in _COMPARE.items():
        table[ufunc] = Elementwise(ufunc, symbol, comparison, compares=True)
    for ufunc, symbol in _LOGIC.items():
        table[ufunc] = Elementwise(ufunc, symbol, _to_plain, compares=True)
    for ufunc in _KEEP:
        table[ufunc] = Elementwise(ufunc, ufunc.__name__, _keep)
    table[np.multiply] = Elementwise(np.multiply, "*", _product)
    table[np.divide] = Elementwise(np.divide, "/", _quotient)
    table[np.floor_divide] = Elementwise(np.floor_divide, "//", _whole_quotient)
    table[np.power] = Elementwise(np.power, "**", _power)
    table[np.float_power] = table[np.power]
    table[np.sqrt] = Elementwise(np.sqrt, "sqrt", _root(0.5))
    table[np.cbrt] = Elementwise(np.cbrt, "cbrt", _root(1.0 / 3.0))
    table[np.square] = Elementwise(np.square, "square", _root(2.0))
    table[np.reciprocal] = Elementwise(np.reciprocal, "reciprocal", _root(-1.0))
    table[np.sign] = Elementwise(np.sign, "sign", _to_number)
    for ufunc in (np.isfinite, np.isnan, np.isinf):
        table[ufunc] = Elementwise(ufunc, ufunc.__name__, _to_number)
    return table


_ELEMENTWISE = _table()


def elementwise(ufunc: np.ufunc, converted: bool = False) -> Elementwise:
    """The operation of a ufunc; one without a unit rule of its own takes plain numbers only."""
    ufunc = _ALIASES.get(ufunc, ufunc)
    known = _ELEMENTWISE.get(ufunc)
    if known is None:
        known = _ELEMENTWISE[ufunc] = Elementwise(ufunc, ufunc.__name__, _to_plain)
    return replace(known, converted=True) if converted else known


@final
@dataclass(frozen=True, slots=True)
class Convert(Pointwise):
    """Into another unit of the same dimension."""

    conversion: Conversion
    unit: Unit

    @property
    def name(self) -> str:
        return f"to {self.unit}" if str(self.unit) else "to a plain number"

    def typing(self, terms: Sequence[Term]) -> Typing:
        return _unchanged(terms, self.unit)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[Axes], out: FloatArray
    ) -> None:
        self.conversion.write(arrays[0], out)


@final
@dataclass(frozen=True, slots=True)
class Where(Pointwise):
    """`where(condition, x, y)`: x in draws where the condition holds, else y."""

    @property
    def name(self) -> str:
        return "where"

    def typing(self, terms: Sequence[Term]) -> Typing:
        condition = _plain(terms[0], "the condition of where")
        branches, unit = _aligned(terms[1:], "choose between")
        return Typing((condition, *branches), unit)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[Axes], out: FloatArray
    ) -> None:
        condition, x, y = arrays
        np.copyto(out, y)
        np.copyto(out, x, where=condition != 0.0)
        if np.isnan(np.add.reduce(condition, axis=None)):
            np.copyto(out, np.nan, where=np.isnan(condition))


@final
@dataclass(frozen=True, slots=True)
class Apply(Pointwise):
    """Any function that works draw by draw on NumPy arrays; the engine checks once that it does."""

    function: Callable[..., Any]
    unit: Unit

    @property
    def name(self) -> str:
        return getattr(self.function, "__name__", "apply")

    def typing(self, terms: Sequence[Term]) -> Typing:
        return _unchanged(terms, self.unit)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[Axes], out: FloatArray
    ) -> None:
        # Others read these arrays too, so a function that writes into them must fail.
        np.copyto(out, self.function(*map(_read_only, arrays)))


def _read_only(array: FloatArray) -> FloatArray:
    view = array.view()
    view.flags.writeable = False
    return view
