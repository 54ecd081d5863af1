"""Statistics over the labels of a dimension, draw by draw: quantiles and standard deviations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from guessmodel import units
from guessmodel.graph import dims as dimensions
from guessmodel.graph.along_dims import Reduce
from guessmodel.graph.operation import LabelledAxes, Operation
from guessmodel.graph.unit_rules import Term, UnitSignature
from guessmodel.numerics.arrays import BoolArray, FloatArray

__all__ = ["StatisticAlong"]


@final
@dataclass(frozen=True, slots=True)
class StatisticAlong(Operation):
    """The quantile at p over the labels of one dimension; the standard deviation where p is None.

    Labels at which a quantity is not applicable are left out. A draw that is not finite at some
    label is lost.
    """

    dim: str
    p: float | None

    @property
    def name(self) -> str:
        kind = "sd" if self.p is None else "median" if self.p == 0.5 else f"quantile {self.p:g}"
        return f"{kind} over {self.dim}"

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        unit = terms[0].unit
        return UnitSignature((unit,), units.difference(unit) if self.p is None else unit)

    def axes(self, operands: Sequence[LabelledAxes]) -> LabelledAxes:
        return Reduce("min", self.dim).axes(operands)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        dims, mask = operands[0]
        axis = dimensions.find(dims, self.dim)
        values = np.moveaxis(arrays[0], axis, 0)
        if mask is None:
            self._told(values, out)
            return
        there = np.moveaxis(mask, axis, 0)
        for place in np.ndindex(there.shape[1:]):
            applicable: BoolArray = there[(slice(None), *place)]
            if applicable.any():
                self._told(values[(slice(None), *place)][applicable], out[place])
            else:
                out[place] = np.nan

    def _told(self, values: FloatArray, out: FloatArray) -> None:
        """Over the first axis."""
        if self.p is None:
            deviations = values - values.mean(axis=0)
            np.sqrt(np.square(deviations, out=deviations).mean(axis=0), out=out)
            return
        ordered = np.sort(values, axis=0)
        at = self.p * (len(ordered) - 1)  # type 7 of Hyndman and Fan (1996)
        low = int(at)
        high = min(low + 1, len(ordered) - 1)
        share = at - low
        np.multiply(ordered[low], 1.0 - share, out=out)
        if share:
            out += share * ordered[high]
        np.copyto(out, np.nan, where=np.isnan(ordered[-1]))  # nan stand last
