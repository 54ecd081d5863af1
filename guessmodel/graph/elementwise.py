"""Operations draw by draw and label by label: functions of NumPy's, conversion, rounding, choice,
filters, and functions of the user's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, final

import numpy as np

from guessmodel.graph import unit_rules as rules
from guessmodel.graph.operation import LabelledAxes, Pointwise
from guessmodel.graph.unit_rules import Term, UnitRule, UnitSignature
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.rounding import DECIMAL, equal
from guessmodel.units import DIMENSIONLESS, Conversion, Unit

__all__ = [
    "Apply",
    "Convert",
    "Elementwise",
    "Filtered",
    "Placed",
    "Round",
    "Where",
    "elementwise",
]


@final
@dataclass(frozen=True, slots=True)
class Elementwise(Pointwise):
    """A NumPy ufunc with one output; those that leap at whole numbers take decimal ones."""

    ufunc: np.ufunc
    symbol: str
    rule: UnitRule
    compares: bool = False
    # Of a comparison of numbers which a conversion may have rounded: what it added to one of them.
    converted: float | None = None

    @property
    def name(self) -> str:
        return self.symbol

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        return self.rule(self.symbol, terms)

    def takes_labels(self, place: int) -> bool:
        return self.rule is rules.comparison

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        DECIMAL.get(self.ufunc, self.ufunc)(*arrays, out=out)
        if self.converted is not None:
            same = equal(arrays[0], arrays[1], self.converted)
            np.copyto(out, float(self.ufunc(0.0, 0.0)), where=same)
        if self.compares:
            # Comparing with NaN gives False, which would hide a failed draw.
            for array in arrays:
                if np.isnan(np.add.reduce(array, axis=None)):
                    np.copyto(out, np.nan, where=np.isnan(array))

    def __reduce__(self) -> str | tuple[Any, ...]:
        return elementwise, (self.ufunc, self.converted)


_SAME: dict[np.ufunc, str] = {
    np.minimum: "minimum",
    np.maximum: "maximum",
    np.fmin: "fmin",
    np.fmax: "fmax",
    np.remainder: "%",
    np.fmod: "fmod",
    np.hypot: "hypot",
}
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
)


def _table() -> dict[np.ufunc, Elementwise]:
    table: dict[np.ufunc, Elementwise] = {}
    for ufunc, symbol in _SAME.items():
        table[ufunc] = Elementwise(ufunc, symbol, rules.same)
    table[np.add] = Elementwise(np.add, "+", rules.total)
    table[np.subtract] = Elementwise(np.subtract, "-", rules.total)
    for ufunc, symbol in _COMPARE.items():
        table[ufunc] = Elementwise(ufunc, symbol, rules.comparison, compares=True)
    for ufunc, symbol in _LOGIC.items():
        table[ufunc] = Elementwise(ufunc, symbol, rules.to_plain, compares=True)
    for ufunc in _KEEP:
        table[ufunc] = Elementwise(ufunc, ufunc.__name__, rules.keep)
    for ufunc in (np.floor, np.ceil, np.trunc, np.rint):
        table[ufunc] = Elementwise(ufunc, ufunc.__name__, rules.counted)
    table[np.multiply] = Elementwise(np.multiply, "*", rules.product)
    table[np.divide] = Elementwise(np.divide, "/", rules.quotient)
    table[np.floor_divide] = Elementwise(np.floor_divide, "//", rules.whole_quotient)
    table[np.power] = Elementwise(np.power, "**", rules.power)
    table[np.float_power] = table[np.power]
    table[np.sqrt] = Elementwise(np.sqrt, "sqrt", rules.root(0.5))
    table[np.cbrt] = Elementwise(np.cbrt, "cbrt", rules.root(1.0 / 3.0))
    table[np.square] = Elementwise(np.square, "square", rules.root(2.0))
    table[np.reciprocal] = Elementwise(np.reciprocal, "reciprocal", rules.root(-1.0))
    table[np.sign] = Elementwise(np.sign, "sign", rules.to_number)
    for ufunc in (np.isfinite, np.isnan, np.isinf):
        table[ufunc] = Elementwise(ufunc, ufunc.__name__, rules.to_number)
    return table


_ELEMENTWISE = _table()


def elementwise(ufunc: np.ufunc, converted: float | None = None) -> Elementwise:
    """The operation of a ufunc; one without a unit rule of its own takes plain numbers only."""
    ufunc = _ALIASES.get(ufunc, ufunc)
    known = _ELEMENTWISE.get(ufunc)
    if known is None:
        known = _ELEMENTWISE[ufunc] = Elementwise(ufunc, ufunc.__name__, rules.to_plain)
    return known if converted is None else replace(known, converted=converted)


@final
@dataclass(frozen=True, slots=True)
class Convert(Pointwise):
    """Into another unit of the same dimension."""

    conversion: Conversion
    unit: Unit

    @property
    def name(self) -> str:
        return f"to {self.unit}" if str(self.unit) else "to a plain number"

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        return rules.unchanged(terms, self.unit)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        self.conversion.write(arrays[0], out)


@final
@dataclass(frozen=True, slots=True)
class Placed(Pointwise):
    """The place of a number among labels in rising order, half-way between those it lies between:
    what the places of a category are compared with instead of the number."""

    labels: tuple[float, ...]
    converted: float | None = None  # as of Elementwise

    @property
    def name(self) -> str:
        return "place among labels"

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        number = Term(DIMENSIONLESS, 1.0)
        return UnitSignature(
            rules.comparison(self.name, [*terms, number]).operands[:1], DIMENSIONLESS
        )

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        x, labels = arrays[0], np.array(self.labels)
        below, up_to = (np.searchsorted(labels, x, side) for side in ("left", "right"))
        np.copyto(out, (below + up_to - 1) / 2)
        if self.converted is not None:
            for k in (below - 1, below):  # the labels beside it
                k = np.clip(k, 0, labels.size - 1)
                np.copyto(out, k, where=equal(x, labels[k], self.converted))
        np.copyto(out, np.nan, where=np.isnan(x))


@final
@dataclass(frozen=True, slots=True)
class Round(Pointwise):
    """Whole numbers of 10**-digits of a unit: the next ones up for np.ceil, the nearest for
    np.rint. Without a unit, of the operand's own, as the function does it."""

    function: np.ufunc
    digits: int
    unit: Unit | None

    @property
    def name(self) -> str:
        return "round" if self.function is np.rint else self.function.__name__

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        unit = rules.own(terms[0]) if self.unit is None else self.unit
        return UnitSignature((unit,), unit)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        scale = 10.0 ** abs(self.digits)  # 0.01 would be rounded itself
        first, last = (np.multiply, np.divide) if self.digits > 0 else (np.divide, np.multiply)
        DECIMAL[self.function](first(arrays[0], scale), out=out)
        last(out, scale, out=out)


@final
@dataclass(frozen=True, slots=True)
class Where(Pointwise):
    """`where(condition, x, y)`: x in draws where the condition holds, else y."""

    chooses: ClassVar[bool] = True

    @property
    def name(self) -> str:
        return "where"

    def takes_labels(self, place: int) -> bool:
        return place > 0

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        condition = rules.plain(terms[0], "where")
        branches, unit = rules.aligned(terms[1:], "choose between")
        return UnitSignature((condition, *branches), unit)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        condition, x, y = arrays
        np.copyto(out, y)
        np.copyto(out, x, where=condition != 0.0)
        if np.isnan(np.add.reduce(condition, axis=None)):
            np.copyto(out, np.nan, where=np.isnan(condition))


@final
@dataclass(frozen=True, slots=True)
class Filtered(Pointwise):
    """`filtered(x, low, high)`: x in draws where it lies within the bounds that there are; the
    other draws are dropped, here and in all that is made of it."""

    bounds: tuple[np.ufunc, ...]
    """For each bound the comparison that drops a draw: np.less for a lower one."""

    @property
    def name(self) -> str:
        return "filtered"

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        operands, unit = rules.aligned(terms, "filter")
        return UnitSignature(operands, unit)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        x, *ends = arrays
        np.copyto(out, x)
        for beyond, end in zip(self.bounds, ends, strict=True):
            np.copyto(out, np.nan, where=beyond(x, end) | np.isnan(end))


@final
@dataclass(frozen=True, slots=True)
class Apply(Pointwise):
    """Any function that works draw by draw on NumPy arrays; the engine checks once that it does.
    Percent and the like come as plain numbers, as for NumPy's functions."""

    function: Callable[..., Any]
    unit: Unit

    @property
    def name(self) -> str:
        return getattr(self.function, "__name__", "apply")

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        return UnitSignature(tuple(map(rules.own, terms)), self.unit)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        # Others read these arrays too, so a function that writes into them must fail.
        found = np.asarray(self.function(*map(_read_only, arrays)))
        if found.ndim not in (0, out.ndim):  # NumPy would repeat it along the labels
            raise ValueError(
                f"its result has {found.ndim} dimension{'s' if found.ndim > 1 else ''} and not "
                f"{out.ndim}, labels first and draws last; over labels go q.sum(…) and the like"
            )
        np.copyto(out, found)


def _read_only(array: FloatArray) -> FloatArray:
    view = array.view()
    view.flags.writeable = False
    return view
