"""What a derived quantity does to its operands: unit rule, dimensions, NumPy evaluation.

Operations know arrays, units and labels; they know neither quantities nor draws. Arrays are
float64 with the draws on the last axis; indicators are 0 and 1.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, NamedTuple, final

import numpy as np

from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Dims
from guessmodel.graph.unit_rules import Term, UnitSignature
from guessmodel.numerics.arrays import BoolArray, FloatArray

__all__ = ["LabelledAxes", "Operation", "Pointwise"]


class LabelledAxes(NamedTuple):
    """Labelled axes of an operand; `mask` is False at labels where it is not applicable."""

    dims: Dims
    mask: BoolArray | None


_UNLABELLED = LabelledAxes((), None)


class Operation:
    """Abstract: one way of computing a quantity from its operands.

    One that `chooses` has the values of its operands and no others, so that of categories it makes
    a category. It is no `ABC`, and neither is what quantities inherit: to ask whether something is
    an instance of a class takes five times as long there, and is asked a hundred times of each
    quantity.
    """

    chooses: ClassVar[bool] = False

    @property
    @abstractmethod
    def name(self) -> str:
        """Name for messages and the picture of the graph."""

    @abstractmethod
    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        """Unit rule; raises UnitError where the operands' units do not fit."""

    @abstractmethod
    def axes(self, operands: Sequence[LabelledAxes]) -> LabelledAxes:
        """Labelled axes of the result; raises DimensionError."""

    @abstractmethod
    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        """Write the result for a block of draws into `out`."""

    def takes_labels(self, place: int) -> bool:
        """Whether the operand at a place may be a category: whether its values are chosen or
        compared, and not calculated with."""
        return self.chooses


class Pointwise(Operation):
    """Abstract: draw by draw and label by label; operands arrive broadcast against each other."""

    @final
    def axes(self, operands: Sequence[LabelledAxes]) -> LabelledAxes:
        if not any(axes.dims for axes in operands):
            return _UNLABELLED
        union = dimensions.union(axes.dims for axes in operands)
        if all(axes.mask is None for axes in operands):
            return LabelledAxes(union, None)
        mask = np.ones(dimensions.shape(union), dtype=np.bool_)
        for axes in operands:
            if axes.mask is not None:
                mask &= dimensions.broadcast(axes.mask, axes.dims, union)
        return LabelledAxes(union, mask)
