"""Which draws take a turn, and at which of its labels: hardly any do, so that these are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from guessmodel.engine.margins import Draws, Margin
from guessmodel.engine.plan import Plan
from guessmodel.engine.run import run_plan
from guessmodel.numerics.arrays import BoolArray, FloatArray, IndexArray
from guessmodel.sampling.design import Design

__all__ = ["Taken", "draws_of"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """Cases in which a turn is taken, each of a label and a draw: their places.

    Attributes
    ----------
    shape : of the draws, (replicates, size)
    count : how many labels there are
    """

    label: IndexArray
    draw: IndexArray
    shape: tuple[int, int]
    count: int

    @staticmethod
    def of(margin: Margin, draws: Draws, shape: tuple[int, int]) -> Taken:
        """Those of some draws; at labels at which it is not rare none."""
        near = margin.at_labels(draws)
        label, draw = np.nonzero(near > 0.0)
        return Taken(label, draw, shape, len(near))

    def at(self, labels: BoolArray) -> BoolArray:
        """Which draws take it at any of some labels."""
        found = np.zeros(self.shape, dtype=np.bool_)
        found.reshape(-1)[self.draw[labels[self.label]]] = True
        return found

    def times(self) -> IndexArray:
        """How many draws take it at each label."""
        found: IndexArray = np.bincount(self.label, minlength=self.count)
        return found

    def telling(self, weights: FloatArray) -> FloatArray:
        """As many independent draws without weights as would tell the share of each label with the
        same error: shape (labels,). Of draws that hang together, as points of populations, the
        replicates know it; as many as there are without that (Kish 1965), at most."""
        (replicates, size), own = self.shape, weights.reshape(-1)[self.draw]
        places = self.label * replicates + self.draw // size
        sums, squares = (
            np.bincount(places, x, self.count * replicates).reshape(self.count, replicates)
            for x in (own, own * own)
        )
        most = _ratio(sums.sum(axis=1) ** 2, squares.sum(axis=1))
        apart = _ratio(replicates * sums.mean(axis=1) ** 2, sums.var(axis=1, ddof=1))
        return np.where(apart > 0.0, np.minimum(most, apart), most)


def _ratio(one: FloatArray, other: FloatArray) -> FloatArray:
    """0 where the other is 0."""
    return one / np.where(other > 0.0, other, np.inf)


def draws_of(margin: Margin, plan: Plan, points: Design) -> Draws:
    """What decides about a turn, at points of a plan of it."""
    draws, _ = run_plan(plan, points)
    return {node: draws[f"{k}"] for k, node in enumerate(margin.turn.needed)}.__getitem__
