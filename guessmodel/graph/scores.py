"""Correlated random numbers: standard normal ones, made of the variates of several draws or of all
labels of one, which take a variate's place as what a draw is computed from.

A Gaussian copula is arithmetic. Variates, as standard normal numbers ("normal scores"), are added
up with weights whose squares sum to 1, so that each draw keeps its distribution exactly, and what
is not correlated keeps its random numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from guessmodel.errors import DimensionError
from guessmodel.graph import dims as dimensions
from guessmodel.graph.operation import LabelledAxes, Operation, Pointwise
from guessmodel.graph.unit_rules import Term, UnitSignature
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.rank_correlation import score_correlation
from guessmodel.units import DIMENSIONLESS

__all__ = ["ScoreCorrelation", "Scores", "ScoresAlong", "WeightedScores"]


def _plain_numbers(terms: Sequence[Term]) -> UnitSignature:
    return UnitSignature((DIMENSIONLESS,) * len(terms), DIMENSIONLESS)


@final
@dataclass(frozen=True, slots=True)
class WeightedScores(Pointwise):
    """A weighted sum of normal scores, label by label.

    The first half of the operands are the scores, that of the draw's own variate first; the second
    half are their weights. With one score alone, whose weight is 1, the draw keeps its bits.
    """

    @property
    def name(self) -> str:
        return "correlated"

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        return _plain_numbers(terms)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        count = len(arrays) // 2
        np.multiply(arrays[0], arrays[count], out=out)
        term = np.empty_like(out)
        for score, weight in zip(arrays[1:count], arrays[count + 1 :], strict=True):
            out += np.multiply(score, weight, out=term)


@final
@dataclass(frozen=True, slots=True)
class ScoresAlong(Operation):
    """Normal scores that are correlated along a dimension of theirs: the score at each label is a
    weighted sum of those up to it, whose squares sum to 1.

    The weights are the rows of a lower triangular matrix; or those of an autoregressive process of
    order 1, by the correlation `ar1` of neighbours.
    """

    dim: str
    rows: tuple[tuple[float, ...], ...] = ()
    ar1: float = 0.0

    @property
    def name(self) -> str:
        return f"correlated along {self.dim}"

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        return _plain_numbers(terms)

    def axes(self, operands: Sequence[LabelledAxes]) -> LabelledAxes:
        (axes,) = operands
        labels = len(axes.dims[dimensions.find(axes.dims, self.dim)])
        if self.rows and labels != len(self.rows):
            raise DimensionError(
                f"'{self.dim}' has {labels} labels, and correlations of {len(self.rows)}"
            )
        return axes

    def weights(self, label: int) -> Sequence[float]:
        """Weights of the labels up to one, by its number."""
        if self.rows:
            return self.rows[label]
        new = _own_weight(self.ar1)
        return [self.ar1 ** (label - i) * (new if i else 1.0) for i in range(label + 1)]

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        axis = dimensions.find(operands[0].dims, self.dim)
        scores, mixed = np.moveaxis(arrays[0], axis, 0), np.moveaxis(out, axis, 0)
        # Label by label: the last digits of a product of matrices depend on the size of the block.
        for i, target in enumerate(mixed):
            if self.rows:
                total = np.zeros(target.shape)
                for weight, score in zip(self.rows[i], scores, strict=False):
                    if weight:
                        total += weight * score
            else:
                total = (
                    self.ar1 * mixed[i - 1] + _own_weight(self.ar1) * scores[i] if i else scores[0]
                )
            np.copyto(target, total)


def _own_weight(correlation: float) -> float:
    return math.sqrt((1.0 - correlation) * (1.0 + correlation))


Scores = WeightedScores | ScoresAlong
"""What may stand in a variate's place."""


@final
@dataclass(frozen=True, slots=True)
class ScoreCorrelation(Pointwise):
    """Pearson's correlation of normal scores, from a rank correlation of two continuous draws."""

    @property
    def name(self) -> str:
        return "correlation of scores"

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        return _plain_numbers(terms)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        np.copyto(out, score_correlation(arrays[0]))
