"""Draws in which a turn is taken that hardly any draw of a run takes.

Subset simulation leads there from what the turn is decided by. A run that is aimed at the points so
found has weights, of an error of a few percent; where these are too uneven, as of many variates
that all have a part in it, the populations of points themselves are the draws.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.engine.aimed import Aim, Aimed
from guessmodel.engine.confined import Cell, occurs_in, seed_beside
from guessmodel.engine.margins import Draws, Margin
from guessmodel.engine.plan import Plan
from guessmodel.engine.run import run_plan
from guessmodel.engine.scored import Coordinate, Scored, coordinates
from guessmodel.estimators import replicates
from guessmodel.estimators.stratified import Stratum
from guessmodel.numerics.arrays import FloatArray, IndexArray
from guessmodel.numerics.subset_simulation import Reached, subset_simulation
from guessmodel.sampling.design import REPLICATES, Design, Stream

__all__ = ["Turned", "Way", "nearness", "times_at"]

_FIRST: Final = 1 << 10  # seed beside the run's; events of known probability have those before
_APART: Final = 5.0  # standard errors
_HITS: Final = 100  # draws in which a turn is taken that tell of it, at least
_SMALL: Final = 1 << 7  # points of each population, to aim at,
_WHOLE: Final = 1 << 9  # and where these are the draws
_AIMED: Final = 1 << 7  # variates beyond which no run is aimed
_DRAWS: Final = 1 << 13  # of an aimed run at least,
_FEW: Final = 1 << 10  # in large models
_EIGHTH: Final = 8  # else this part of the run


@final
@dataclass(frozen=True, eq=False)
class Turned:
    """Draws of a run of its own.

    Attributes
    ----------
    weights : what each draw counts, 0 where the turn is not taken; shape (replicates, size)
    draws, usual : of the outputs that it is behind, and if no turn were ever taken, by name
    others : where each turn is taken, likewise
    points, streams : of the run
    """

    weights: FloatArray
    draws: Mapping[str, FloatArray]
    usual: Mapping[str, FloatArray]
    others: Sequence[NDArray[np.bool_]]
    points: Design
    streams: Sequence[Stream]
    _within: dict[tuple[Cell, ...], NDArray[np.bool_]] = field(default_factory=dict)

    def moves(self, name: str, position: tuple[int, ...]) -> bool:
        """Whether any of the draws is other than usual, of an output at a coordinate."""
        return bool(np.any(self._moved(name, position)))

    def tells(self, name: str, position: tuple[int, ...]) -> bool:
        """Whether so many are that their share has an error."""
        weights = np.where(self._moved(name, position), self.weights, 0.0)
        return int(np.count_nonzero(weights)) >= _HITS and replicates.mean(weights).reliable

    def _moved(self, name: str, position: tuple[int, ...]) -> NDArray[np.bool_]:
        draws, usual = (each[name][position] for each in (self.draws, self.usual))
        moved: NDArray[np.bool_] = (draws != usual).reshape(self.weights.shape)
        return moved & (self.weights > 0.0)

    def stratum(
        self,
        name: str,
        position: tuple[int, ...],
        cells: tuple[Cell, ...],
        told: NDArray[np.bool_],
        rarer: Mapping[int, NDArray[np.bool_]],
    ) -> Stratum:
        """Of an output at a coordinate, where no event of known probability happens that tells of
        the turn, and no `rarer` turn is taken which no such event tells of; shapes (cells,)."""
        within = self.within(cells)
        others = [within[told].any(axis=0)]
        others += [self.others[k] & ~within[own].any(axis=0) for k, own in rarer.items()]
        weights = np.where(np.logical_or.reduce([self.weights == 0.0, *others]), 0.0, self.weights)
        draws, usual = (
            each[name][position].reshape(weights.shape) for each in (self.draws, self.usual)
        )
        return Stratum(float(weights.mean()), draws, weights=weights, usual=usual)

    def hits(self, cells: tuple[Cell, ...]) -> FloatArray:
        """How many draws take the turn where events of known probability happen, shape (cells,):
        as many as tell the same without weights (Kish 1965)."""
        own = np.where(self.within(cells), self.weights, 0.0)
        squares = (own * own).sum(axis=(1, 2))
        found: FloatArray = own.sum(axis=(1, 2)) ** 2 / np.where(squares > 0.0, squares, 1.0)
        return found

    def within(self, cells: tuple[Cell, ...]) -> NDArray[np.bool_]:
        """Where events of known probability happen, shape (cells, replicates, size); those of draws
        that the run has not never do."""
        if cells not in self._within:
            self._within[cells] = self._found_within(cells)
        return self._within[cells]

    def _found_within(self, cells: tuple[Cell, ...]) -> NDArray[np.bool_]:
        found = np.zeros((len(cells), *self.weights.shape), dtype=np.bool_)
        keys = {key for stream in self.streams for key in stream.keys}
        own = [k for k, cell in enumerate(cells) if cell.key in keys]
        if own:
            found[own] = occurs_in(self.points, self.streams, [cells[k] for k in own])
        return found


@final
@dataclass(frozen=True, eq=False)
class Way:
    """How a turn is reached, in a run of `samples` draws of a method with a seed.

    Attributes
    ----------
    turn : its number among all
    margins : of all turns
    plan : of what it is decided by, in the order of `needed`
    outputs : of the outputs, as "= NAME" and, if no turn were taken, "~ NAME"; and of what all
        turns are decided by, as "TURN PLACE"
    """

    turn: int
    margins: Sequence[Margin]
    plan: Plan
    outputs: Plan
    method: str
    seed: int
    samples: int
    least: float
    """A probability below which the turn does not matter."""
    label: tuple[int, ...] = ()
    """At which alone it is asked for."""

    def turned(self) -> Turned | None:
        """None where the turn is hardly ever taken, and where no way leads there."""
        plan, chosen = self.plan, coordinates(self.plan)
        random = np.random.default_rng([self.seed, self.turn, *self.label])

        def near(z: FloatArray) -> FloatArray:
            points = Scored(plan, chosen, z.reshape(len(z), 1, -1))
            return nearness(self.margins[self.turn], plan, points).reshape(z.shape[1:])

        def found(size: int) -> Reached | None:
            return subset_simulation(near, (len(chosen), REPLICATES, size), random, self.least)

        first = found(_SMALL)
        if first is None:
            return None
        places = self._places(chosen)
        seed = seed_beside(self.seed, _FIRST + self.turn)
        if len(chosen) <= _AIMED:
            least = _FEW if self.outputs.is_large else _DRAWS
            n = max(least, self.samples // _EIGHTH)
            aim = Aim.at(first.points[:, first.there], random)
            points = self.outputs.points(self.method, n, seed)
            aimed = Aimed(self.outputs, places, aim, points)
            turned = self._run(aimed, aimed.weights)
            if _tells(turned.weights, first.shares):
                return turned
        whole = found(_WHOLE)
        if whole is None:
            return None
        points = self.outputs.points(self.method, REPLICATES * _WHOLE, seed)
        weights = whole.weight[:, np.newaxis] * whole.there
        return self._run(Scored(self.outputs, places, whole.points, points), weights)

    def _places(self, chosen: Sequence[Coordinate]) -> list[Coordinate]:
        """Where coordinates of the one plan are in the other."""
        place = {
            (stream.owner, key): (number, row)
            for number, stream in enumerate(self.outputs.streams)
            for row, key in enumerate(stream.keys)
        }
        streams = self.plan.streams
        return [place[streams[k].owner, streams[k].keys[row]] for k, row in chosen]

    def _run(self, points: Design, weights: FloatArray) -> Turned:
        draws, _ = run_plan(self.outputs, points)
        taken: list[NDArray[np.bool_]] = []
        for k, margin in enumerate(self.margins):
            values = {node: draws[f"{k} {j}"] for j, node in enumerate(margin.turn.needed)}
            taken.append((margin.of_draws(values.__getitem__) > 0.0).reshape(weights.shape))
        live, usual = (
            {name[2:]: array for name, array in draws.items() if name[0] == sign} for sign in "=~"
        )
        counts = np.where(taken[self.turn], weights, 0.0)
        return Turned(counts, live, usual, taken, points, self.outputs.streams)


def _tells(weights: FloatArray, shares: FloatArray) -> bool:
    """Whether the weights of an aimed run tell the probability, and the same as the populations: of
    a thin sheet the points are too few to aim at."""
    told = replicates.mean(weights)
    error = float(shares.std(ddof=1)) / math.sqrt(shares.size)
    agree = abs(told.value - float(shares.mean())) < _APART * error
    return told.reliable and agree and int(np.count_nonzero(weights)) >= _HITS


def nearness(margin: Margin, plan: Plan, points: Design) -> FloatArray:
    """How near the points of a plan of what decides are, shape (replicates, size)."""
    return margin.of_draws(_deciding(margin, plan, points)).reshape(points.replicates, -1)


def times_at(margin: Margin, plan: Plan, points: Design) -> IndexArray:
    """How many points of such a plan take the turn at each label, shape (*labels,)."""
    near = margin.at_labels(_deciding(margin, plan, points))
    found: IndexArray = np.count_nonzero(near > 0.0, axis=-1).reshape(margin.side.shape[:-1])
    return found


def _deciding(margin: Margin, plan: Plan, points: Design) -> Draws:
    draws, _ = run_plan(plan, points)
    return {node: draws[f"{k}"] for k, node in enumerate(margin.turn.needed)}.__getitem__
