"""Operations that work along labelled dimensions: reduce, accumulate, select, shift, stack.

Labels at which a quantity is not applicable hold NaN and are left out of reductions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from guessmodel import units
from guessmodel.errors import DimensionError, UnitError
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Dim
from guessmodel.graph.operation import LabelledAxes, Operation
from guessmodel.graph.unit_rules import Term, UnitSignature, refuse_absolute, unchanged
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.units import DIMENSIONLESS

__all__ = ["Accumulate", "Extreme", "Lookup", "Reduce", "Shift", "Stack", "Take"]

_REDUCTIONS: dict[str, tuple[np.ufunc, float]] = {
    "sum": (np.add, 0.0),
    "mean": (np.add, 0.0),
    "prod": (np.multiply, 1.0),
    "min": (np.minimum, np.inf),
    "max": (np.maximum, -np.inf),
}


def _neutral(array: FloatArray, mask: BoolArray | None, fill: float) -> FloatArray:
    if mask is None:
        return array
    filled = array.copy()
    filled[~mask] = fill
    return filled


def _needs_plain(terms: Sequence[Term], name: str, *, why: str) -> UnitSignature:
    unit = terms[0].unit
    if not unit.is_dimensionless:
        raise UnitError(f"{name} of {unit} {why}; divide by a unit first")
    return UnitSignature((DIMENSIONLESS,), DIMENSIONLESS)


@final
@dataclass(frozen=True, slots=True)
class Reduce(Operation):
    """sum, mean, prod, min or max over one dimension."""

    kind: str
    dim: str

    @property
    def name(self) -> str:
        return f"{self.kind} over {self.dim}"

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        if self.kind == "prod":
            why = "would have a unit that depends on the number of labels"
            return _needs_plain(terms, self.name, why=why)
        if self.kind == "sum":
            refuse_absolute(terms[0], self.name)
        return unchanged(terms, terms[0].unit)

    def axes(self, operands: Sequence[LabelledAxes]) -> LabelledAxes:
        dims, mask = operands[0]
        axis = dimensions.find(dims, self.dim)
        kept = dims[:axis] + dims[axis + 1 :]
        if mask is None:
            return LabelledAxes(kept, None)
        some = np.asarray(mask.any(axis=axis))
        return LabelledAxes(kept, None if some.all() else some)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        dims, mask = operands[0]
        axis = dimensions.find(dims, self.dim)
        ufunc, fill = _REDUCTIONS[self.kind]
        ufunc.reduce(_neutral(arrays[0], mask, fill), axis=axis, out=out)
        if self.kind == "mean":
            count = len(dims[axis]) if mask is None else mask.sum(axis=axis)[..., np.newaxis]
            np.divide(out, np.maximum(count, 1), out=out)
        if mask is not None:
            out[~mask.any(axis=axis)] = np.nan


@final
@dataclass(frozen=True, slots=True)
class Accumulate(Operation):
    """Running sum or product along one dimension."""

    kind: str
    dim: str

    @property
    def name(self) -> str:
        return f"{self.kind} along {self.dim}"

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        if self.kind == "cumprod":
            why = "would change its unit from label to label"
            return _needs_plain(terms, self.name, why=why)
        refuse_absolute(terms[0], self.name)
        return unchanged(terms, terms[0].unit)

    def axes(self, operands: Sequence[LabelledAxes]) -> LabelledAxes:
        dimensions.find(operands[0].dims, self.dim)
        return operands[0]

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        dims, mask = operands[0]
        axis = dimensions.find(dims, self.dim)
        ufunc, fill = (np.add, 0.0) if self.kind == "cumsum" else (np.multiply, 1.0)
        values = np.moveaxis(_neutral(arrays[0], mask, fill), axis, 0)
        target = np.moveaxis(out, axis, 0)
        # Label by label, for NumPy's own accumulation goes draw by draw.
        target[0] = values[0]
        for before, value, after in zip(target, values[1:], target[1:], strict=False):
            ufunc(before, value, out=after)
        if mask is not None:
            out[~mask] = np.nan


@final
@dataclass(frozen=True, slots=True)
class Extreme(Operation):
    """Label at which the smallest or largest value stands: numeric labels as themselves,
    others as their position (the quantity keeps the labels as its categories)."""

    kind: str
    dim: str

    @property
    def name(self) -> str:
        return f"{self.kind} over {self.dim}"

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        return unchanged(terms, DIMENSIONLESS)

    def axes(self, operands: Sequence[LabelledAxes]) -> LabelledAxes:
        return Reduce("min", self.dim).axes(operands)

    def labels(self, operand: LabelledAxes) -> Dim:
        """The dimension searched."""
        return operand.dims[dimensions.find(operand.dims, self.dim)]

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        dims, mask = operands[0]
        axis = dimensions.find(dims, self.dim)
        smallest = self.kind == "idxmin"
        array = _neutral(arrays[0], mask, np.inf if smallest else -np.inf)
        position = (np.argmin if smallest else np.argmax)(array, axis=axis)
        labels = dims[axis].labels
        if all(isinstance(label, int | float) for label in labels):
            np.copyto(out, np.asarray(labels, dtype=np.float64)[position])
        else:
            np.copyto(out, position)
        lost = np.isnan(np.add.reduce(array, axis=axis))
        np.copyto(out, np.nan, where=lost)
        if mask is not None:
            out[~mask.any(axis=axis)] = np.nan


@final
@dataclass(frozen=True, slots=True)
class Take(Operation):
    """Select positions along a dimension: one (the dimension goes) or several (it stays)."""

    chooses: ClassVar[bool] = True
    dim: str
    positions: int | tuple[int, ...]

    @property
    def name(self) -> str:
        return f"select {self.dim}"

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        return unchanged(terms, terms[0].unit)

    def axes(self, operands: Sequence[LabelledAxes]) -> LabelledAxes:
        dims, mask = operands[0]
        axis = dimensions.find(dims, self.dim)
        chosen: tuple[Dim, ...] = ()
        if not isinstance(self.positions, int):
            labels = dims[axis].labels
            chosen = (Dim(self.dim, tuple(labels[i] for i in self.positions)),)
        kept = None if mask is None else np.asarray(mask.take(self.positions, axis=axis), np.bool_)
        if kept is not None and np.all(kept):
            kept = None
        return LabelledAxes(dims[:axis] + chosen + dims[axis + 1 :], kept)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        lead = (slice(None),) * dimensions.find(operands[0].dims, self.dim)
        # Part of a larger array, as a block of draws is, `np.take` would copy as a whole first.
        chosen = self.positions if isinstance(self.positions, int) else list(self.positions)
        np.copyto(out, arrays[0][(*lead, chosen)])


@final
@dataclass(frozen=True, slots=True)
class Shift(Operation):
    """Move values `by` labels along a dimension; the labels left empty get `fill`."""

    chooses: ClassVar[bool] = True
    dim: str
    by: int
    fill: float

    @property
    def name(self) -> str:
        return f"shift {self.dim} by {self.by}"

    def takes_labels(self, place: int) -> bool:
        return bool(np.isnan(self.fill))

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        return unchanged(terms, terms[0].unit)

    def axes(self, operands: Sequence[LabelledAxes]) -> LabelledAxes:
        dims, mask = operands[0]
        axis = dimensions.find(dims, self.dim)
        moved = np.ones(dimensions.shape(dims), dtype=np.bool_) if mask is None else mask.copy()
        filled = np.full_like(moved, not np.isnan(self.fill))
        self._move(moved, filled, axis)
        return LabelledAxes(dims, None if filled.all() else filled)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        axis = dimensions.find(operands[0].dims, self.dim)
        out[...] = self.fill
        self._move(arrays[0], out, axis)

    def _move(self, source: NDArray[Any], target: NDArray[Any], axis: int) -> None:
        """Copy what stays within the labels; the rest of the target is left as it is."""
        step = min(abs(self.by), source.shape[axis])
        late, early = slice(step, None), slice(None, source.shape[axis] - step)
        here, there = (late, early) if self.by >= 0 else (early, late)
        lead = (slice(None),) * axis
        target[(*lead, here)] = source[(*lead, there)]


@final
@dataclass(frozen=True, slots=True)
class Stack(Operation):
    """Join quantities along a new leading dimension."""

    chooses: ClassVar[bool] = True
    dim: Dim

    @property
    def name(self) -> str:
        return f"stack {self.dim.name}"

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        lead = terms[0].unit
        for term in terms:
            if not units.compatible(term.unit, lead):
                shown = f"{str(lead) or 'a plain number'} and {str(term.unit) or 'a plain number'}"
                raise UnitError(f"cannot stack {shown} along '{self.dim.name}'")
        return UnitSignature((lead,) * len(terms), lead)

    def axes(self, operands: Sequence[LabelledAxes]) -> LabelledAxes:
        inner = dimensions.union(axes.dims for axes in operands)
        if any(dim.name == self.dim.name for dim in inner):
            raise DimensionError(f"a stacked quantity has the dimension '{self.dim.name}' already")
        result = (self.dim, *inner)
        if all(axes.mask is None for axes in operands):
            return LabelledAxes(result, None)
        mask = np.ones(dimensions.shape(result), dtype=np.bool_)
        for row, axes in zip(mask, operands, strict=True):
            if axes.mask is not None:
                row &= dimensions.broadcast(axes.mask, axes.dims, inner)
        return LabelledAxes(result, mask)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        inner = dimensions.union(axes.dims for axes in operands)
        for row, array, axes in zip(out, arrays, operands, strict=True):
            np.copyto(row, dimensions.broadcast(array, axes.dims, inner))


@final
@dataclass(frozen=True, slots=True)
class Lookup(Operation):
    """Value of a column of data at the row that an integer draw names."""

    column: tuple[float, ...]

    @property
    def name(self) -> str:
        return "row of data"

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        return unchanged(terms, DIMENSIONLESS)

    def axes(self, operands: Sequence[LabelledAxes]) -> LabelledAxes:
        return operands[0]

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        np.take(np.asarray(self.column), arrays[0].astype(np.intp), out=out, mode="clip")
