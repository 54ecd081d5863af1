"""Draws in which a turn is taken that hardly any draw of a run takes.

Subset simulation leads there from what the turn is decided by. A run that is aimed at the points so
found has weights, of an error of a few percent; where these are too uneven, as of many variates
that all have a part in it, the populations of points themselves are the draws.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, final

import numpy as np

from guessmodel.engine.aimed import Aim, Aimed
from guessmodel.engine.confined import Cell, occurs_in, seed_beside
from guessmodel.engine.margins import Margin
from guessmodel.engine.plan import Plan
from guessmodel.engine.run import run_plan
from guessmodel.engine.scored import Coordinate, Scored, coordinates
from guessmodel.engine.taken import Taken, draws_of
from guessmodel.engine.turns import two_sided
from guessmodel.estimators import replicates
from guessmodel.estimators.stratified import Stratum
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.numerics.narrowing import narrowed
from guessmodel.numerics.subset_simulation import Reached, subset_simulation
from guessmodel.sampling.design import REPLICATES, Design, Stream

__all__ = ["Part", "Turned", "Way"]

_FIRST: Final = 1 << 10  # seed beside the run's; events of known probability have those before
_APART: Final = 5.0  # standard errors
_HITS: Final = 100  # draws in which a turn is taken that tell of it, at least
_FEWEST: Final = 4  # that tell that they are taken at a label,
_TELLING: Final = 30  # and how often, of a run that may have been aimed at others
_SELDOM: Final = 8  # times as seldom as at another label: too few of the draws
_MOST_LABELS: Final = 64  # up to which one is gone to by itself for that
_SMALL: Final = 1 << 7  # points of each population, to aim at,
_WHOLE: Final = 1 << 9  # and where these are the draws
_SCORES: Final = 1 << 17  # but no more normal scores of each
_AIMED: Final = 1 << 7  # variates beyond which no run is aimed
_DRAWS: Final = 1 << 13  # of an aimed run at least,
_FEW: Final = 1 << 10  # in large models
_EIGHTH: Final = 8  # else this part of the run


@final
@dataclass(frozen=True, eq=False)
class Turned:
    """Draws of a run of its own, which goes to one turn.

    Attributes
    ----------
    weights : what each draw counts, 0 where the turn is not taken; shape (replicates, size)
    hits : as many independent draws as tell it at each label, shape (labels,)
    met : the labels that are not hardly ever met where the turn is taken. (Other draws say which:
        of labels that are chosen by how often a run meets them, that run would tell too much.)
    draws, usual : of the outputs that it is behind, and if no turn were ever taken, by name
    taken : where each turn is taken
    points, streams : of the run
    """

    weights: FloatArray
    hits: FloatArray
    met: BoolArray
    draws: Mapping[str, FloatArray]
    usual: Mapping[str, FloatArray]
    taken: Sequence[Taken]
    points: Design
    streams: Sequence[Stream]
    _within: dict[tuple[Cell, ...], BoolArray] = field(default_factory=dict)

    def few(self, labels: BoolArray) -> bool:
        """Whether too few draws tell of some labels, if nothing but these is asked for."""
        return labels.size <= _MOST_LABELS and float(np.sum(self.hits[labels])) < _HITS

    def within(self, cells: tuple[Cell, ...]) -> BoolArray:
        """Where events of known probability happen, shape (cells, replicates, size); those of draws
        that the run has not never do."""
        if cells not in self._within:
            self._within[cells] = self._found_within(cells)
        return self._within[cells]

    def _found_within(self, cells: tuple[Cell, ...]) -> BoolArray:
        found = np.zeros((len(cells), *self.weights.shape), dtype=np.bool_)
        keys = {key for stream in self.streams for key in stream.keys}
        own = [k for k, cell in enumerate(cells) if cell.key in keys]
        if own:
            found[own] = occurs_in(self.points, self.streams, [cells[k] for k in own])
        return found


@final
@dataclass(frozen=True, eq=False)
class Part:
    """A turn that is taken at any of some labels, and draws in which it is."""

    turn: int
    labels: BoolArray
    turned: Turned

    @cached_property
    def weights(self) -> FloatArray:
        """What each draw counts, shape (replicates, size)."""
        return np.where(self.of(self.turned), self.turned.weights, 0.0)

    def of(self, turned: Turned) -> BoolArray:
        """Which draws of a run, be it that of another turn, are of this part."""
        return turned.taken[self.turn].at(self.labels)

    def moves(self, name: str, position: tuple[int, ...]) -> bool:
        """Whether any of the draws is other than usual, of an output at a coordinate."""
        draws, usual = (each[name][position] for each in (self.turned.draws, self.turned.usual))
        return bool(np.any((draws != usual).reshape(self.weights.shape) & (self.weights > 0.0)))

    def stratum(
        self,
        name: str,
        position: tuple[int, ...],
        cells: tuple[Cell, ...],
        told: BoolArray,
        rarer: Sequence[tuple[Part, BoolArray]],
    ) -> Stratum:
        """Of an output at a coordinate, without the draws that count elsewhere: the rarest event
        of known probability that happens may tell of the part itself, and a `rarer` part may be
        told, unless that event tells of it. Of each part shape (cells,), of events from the
        likeliest to the rarest."""
        turned = self.turned
        within = turned.within(cells)
        others = [_rarest(within, told)]
        others += [part.of(turned) & ~_rarest(within, own) for part, own in rarer]
        weights = np.where(np.logical_or.reduce(others), 0.0, self.weights)
        draws, usual = (
            each[name][position].reshape(weights.shape) for each in (turned.draws, turned.usual)
        )
        return Stratum(float(weights.mean()), draws, weights=weights, usual=usual)

    def hits(self, cells: tuple[Cell, ...]) -> FloatArray:
        """How many draws take the turn where events of known probability happen, shape (cells,):
        as many as tell the same without weights (Kish 1965)."""
        own = np.where(self.turned.within(cells), self.weights, 0.0)
        squares = (own * own).sum(axis=(1, 2))
        found: FloatArray = own.sum(axis=(1, 2)) ** 2 / np.where(squares > 0.0, squares, 1.0)
        return found


def _rarest(within: BoolArray, told: BoolArray) -> BoolArray:
    """Whether the last of some events that happen, shape (cells, ...), is one of some."""
    found = np.zeros(within.shape[1:], dtype=np.bool_)
    for happens, tells in zip(within, told, strict=True):
        found[happens] = tells
    return found


@final
@dataclass(frozen=True, eq=False)
class Way:
    """How a turn is reached, in a run of `samples` draws of a method with a seed.

    Attributes
    ----------
    turn : its number among all
    margins : of all turns
    labels : at any of which it is to be taken
    plan : of what it is decided by, in the order of `needed`
    outputs : of the outputs, as "= NAME" and, if no turn were taken, "~ NAME"; and of what all
        turns are decided by, as "TURN PLACE"
    """

    turn: int
    margins: Sequence[Margin]
    labels: BoolArray
    plan: Plan
    outputs: Plan
    method: str
    seed: int
    samples: int
    least: float
    """A probability below which the turn does not matter."""
    number: int = 0
    """Of the runs that go to the turn, at other labels."""

    def turned(self) -> Turned | None:
        """None where the turn is hardly ever taken, and where no way leads there."""
        chosen = coordinates(self.plan)
        random = np.random.default_rng([self.seed, self.turn, self.number])
        few = self._reached(chosen, _SMALL, random)
        if few is None:
            return None
        met = self._met(chosen, few)
        turned = self._aimed(chosen, few, met, random)
        if turned is not None:
            return turned
        size = min(max(_SCORES // len(chosen), _SMALL), _WHOLE)
        many = self._reached(chosen, size, random, both=True)
        if many is None:
            return None
        turned = self._aimed(chosen, many, met, random)
        if turned is not None:
            return turned
        points = self.outputs.points(self.method, REPLICATES * size, self._own_seed)
        scored = Scored(self.outputs, self._places(chosen), many.points, points)
        return self._run(scored, many.weight[:, np.newaxis] * many.there, met)

    def _reached(
        self,
        chosen: Sequence[Coordinate],
        size: int,
        random: np.random.Generator,
        *,
        both: bool = False,
    ) -> Reached | None:
        """Populations of points, of which some take the turn, led there by their spread or by their
        distance. The nearest points may be where no way leads on, and a window loses points as the
        spread falls. So the way that suits the turn is taken, the other if that finds nothing; or
        `both`, and the points that tell of more."""
        plan, margin = self.plan, self.margins[self.turn].at(self.labels)
        shape = len(chosen), REPLICATES, size

        def near(z: FloatArray) -> FloatArray:
            points = Scored(plan, chosen, z.reshape(len(z), 1, -1))
            return margin.of_draws(draws_of(margin, plan, points)).reshape(z.shape[1:])

        def by_spread() -> Reached | None:
            return narrowed(lambda z: near(z) > 0.0, shape, random, self.least)

        def by_distance() -> Reached | None:
            return subset_simulation(near, shape, random, self.least)

        ways = [by_spread, by_distance]
        if margin.turn.node in two_sided([margin.turn]):
            ways.reverse()
        most: Reached | None = None
        for way in ways:
            found = way()
            if found is not None and (most is None or found.probability > most.probability):
                most = found
            if most is not None and not both:
                break
        return most

    def _aimed(
        self,
        chosen: Sequence[Coordinate],
        reached: Reached,
        met: BoolArray,
        random: np.random.Generator,
    ) -> Turned | None:
        """Draws of a run that is aimed at such points; None where these are too few to aim at, of
        so many variates."""
        if len(chosen) > _AIMED:
            return None
        least = _FEW if self.outputs.is_large else _DRAWS
        n = max(least, self.samples // _EIGHTH)
        aim = Aim.at(reached.points[:, reached.there], random)
        points = self.outputs.points(self.method, n, self._own_seed)
        aimed = Aimed(self.outputs, self._places(chosen), aim, points)
        turned = self._run(aimed, aimed.weights, met)
        met = met & (turned.hits >= _TELLING) if met.size > 1 else met
        tells = _tells(turned.weights, reached.shares) and np.any(met)
        return replace(turned, met=met) if tells else None

    @property
    def _own_seed(self) -> int:
        return seed_beside(self.seed, _FIRST + self.turn + len(self.margins) * self.number)

    def _met(self, chosen: Sequence[Coordinate], reached: Reached) -> BoolArray:
        """The labels that points lie at which reach the turn, but those that hardly any do."""
        margin = self.margins[self.turn].at(self.labels)
        draws = draws_of(margin, self.plan, Scored(self.plan, chosen, reached.points))
        taken = Taken.of(margin, draws, reached.there.shape)
        hits = taken.telling(reached.weight[:, np.newaxis] * reached.there)
        most = float(hits.max())
        # Where there are so many that few points lie at each, it is those that none lies at.
        least = max(most / _SELDOM, _FEWEST) if most >= 2 * _FEWEST else most / _SELDOM
        met: BoolArray = self.labels & (hits >= min(least, _HITS))
        return met

    def _places(self, chosen: Sequence[Coordinate]) -> list[Coordinate]:
        """Where coordinates of the one plan are in the other."""
        place = {
            (stream.owner, key): (number, row)
            for number, stream in enumerate(self.outputs.streams)
            for row, key in enumerate(stream.keys)
        }
        streams = self.plan.streams
        return [place[streams[k].owner, streams[k].keys[row]] for k, row in chosen]

    def _run(self, points: Design, weights: FloatArray, met: BoolArray) -> Turned:
        draws, _ = run_plan(self.outputs, points)
        taken = []
        for k, margin in enumerate(self.margins):
            values = {node: draws[f"{k} {j}"] for j, node in enumerate(margin.turn.needed)}
            taken.append(Taken.of(margin, values.__getitem__, (points.replicates, points.size)))
        live, usual = (
            {name[2:]: array for name, array in draws.items() if name[0] == sign} for sign in "=~"
        )
        own = taken[self.turn]
        counts = np.where(own.at(self.labels), weights, 0.0)
        return Turned(
            counts, own.telling(counts), met, live, usual, taken, points, self.outputs.streams
        )


def _tells(weights: FloatArray, shares: FloatArray) -> bool:
    """Whether the weights of an aimed run tell the probability, and no less of it than the
    populations: then the points were too few to aim at, as of a thin sheet. More is right, for
    populations lose a part of a window on the way."""
    told = replicates.mean(weights)
    error = float(shares.std(ddof=1)) / math.sqrt(shares.size)
    enough = told.value > float(shares.mean()) - _APART * error
    return told.reliable and enough and int(np.count_nonzero(weights)) >= _HITS
