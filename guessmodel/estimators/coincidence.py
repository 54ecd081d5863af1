"""Rounding errors that coincide: events of several inputs that are counted once too often together.

A replicate of a net, or of a Latin hypercube, has one draw of each input in every stratum of its
probabilities. An event such as `x > 20` begins inside a stratum: the jitter of the draw there
decides whether the replicate counts the event once more. Inputs share the jitter of a stratum
(`sampling/strata.py`). So all events that begin in the same stratum are counted once more together,
or not at all; and all replicates may agree by chance, so that their spread does not show it. Of ten
risks `x > 20` alike, a sum is then off by ten draws where one risk is off by one.

Which events these are is found by evaluating them at the edges of the strata, and where in a
stratum they begin by evaluating them there. How far a statistic moves with them is measured on a
small run, in which one input at a time is put on either edge of the stratum in which its event
begins. Of R replicates a binomial number counts the events once more: an event that begins at f of
the stratum's width has the error of a share of R draws whose probability is f.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.engine.jumps import StepFunction, by_row, events, profiles
from guessmodel.engine.plan import Plan
from guessmodel.engine.run import run_plan
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.half_widths import COVERAGE
from guessmodel.graph.naming import coordinate_keys
from guessmodel.graph.quantity import Quantile, Quantity, Variate
from guessmodel.numerics.arrays import BoolArray, FloatArray, IndexArray
from guessmodel.numerics.confidence import binomial_half_width
from guessmodel.sampling.design import REPLICATES, Design, Replicate, Stream
from guessmodel.sampling.outer_strata import OUTER

if TYPE_CHECKING:
    from guessmodel.estimators.program import Program

__all__ = ["Coincidences", "OnEdges", "coincidences"]

_STRATA: Final = 16
"""Strata that are looked at, those with the most events first; also of one input. What more of them
add is the sum of many roundings, which differs from replicate to replicate and so shows."""
_PART: Final = 64
"""The small run has this part of the draws of the run on either edge,"""
_FEWEST: Final = 1 << 7
_MOST: Final = 1 << 12
_NUMBERS: Final = 1 << 21  # values of events that are held at once
_PARTS: Final = 128  # of a stratum, to which it is told where in it events begin

Function = Callable[[FloatArray], NDArray[Any]]


@final
@dataclass(frozen=True, slots=True, eq=False)
class OnEdges:
    """Draws of a plan's outputs, with one input on either edge of a stratum in which events of
    several inputs begin."""

    lower: Mapping[str, FloatArray]
    upper: Mapping[str, FloatArray]
    stratum: IndexArray  # of each draw: which of the strata
    weight: FloatArray  # of each draw; those of an input add up alike, all to the number of inputs
    least: FloatArray  # (strata,): half-width of a share that is rounded there

    @staticmethod
    def create(
        plan: Plan,
        roots: Sequence[Quantity],
        keys: Mapping[Quantity, str],
        replicates: int,
        size: int,
    ) -> OnEdges | None:
        """Draws of a plan of some quantities, for a run of `size` draws in each of the replicates;
        None where there is no such stratum."""
        sites = _sites(roots, keys)
        together = _together(plan, _begin(sites, size))
        if not together:
            return None
        each = min(max(replicates * size // _PART, _FEWEST), _MOST) // len(together)
        lower, upper = (
            run_plan(plan, _OnEdge.create(plan, together, each, side, size))[0] for side in (0, 1)
        )
        stratum = np.repeat(np.arange(len(together)), each)
        weight = np.concatenate([_weights(len(rows), each) for rows in together.values()])
        # Of so few numbers that are possible the farthest one inside is at the very end: it stays
        # inside, though the place is known to a part of a stratum alone.
        half = [
            (binomial_half_width(places, replicates, COVERAGE) + 0.5 / _PARTS) / size
            for places in _starts_within(sites, together, size)
        ]
        return OnEdges(lower, upper, stratum, weight, np.array(half))

    def half(self, lower: NDArray[Any], upper: NDArray[Any]) -> float:
        """How far all events of a stratum together move the mean of numbers that are made of these
        draws. Roundings in different strata are independent, so that their squares add up."""
        with np.errstate(all="ignore"):
            change = np.subtract(upper, lower, dtype=np.float64)
        change[~np.isfinite(change)] = 0.0
        moved = np.bincount(self.stratum, weights=change * self.weight)
        return math.hypot(*(moved * self.least).tolist())


@final
@dataclass(frozen=True, slots=True, eq=False)
class Coincidences:
    """How far events that are counted alike may move a statistic of one quantity."""

    edges: OnEdges | None = None  # none where it does not depend on such events
    lower: FloatArray = field(default_factory=lambda: np.empty(0))  # its draws there
    upper: FloatArray = field(default_factory=lambda: np.empty(0))

    def half(self, f: Function | None = None) -> float:
        """The least half-width of the mean of f over its draws."""
        if self.edges is None:
            return 0.0
        with np.errstate(all="ignore"):
            ends = (self.lower, self.upper) if f is None else (f(self.lower), f(self.upper))
        return self.edges.half(*ends)

    def mean(self, found: Estimate, f: Function | None = None) -> Estimate:
        """The mean of f over the draws, a share among them, with an interval that is wide enough
        for these roundings."""
        if self.edges is None:
            return found
        least = self.half(f)
        low, high = min(found.low, found.value - least), max(found.high, found.value + least)
        return replace(found, low=low, high=high)

    def share(self, x: float) -> float:
        """The least half-width of the share of its draws that are at most x."""
        return self.half(lambda draws: draws <= x)

    def sd(self, found: Estimate, mean: float) -> Estimate:
        """The standard deviation about a mean, likewise with an interval that is wide enough."""
        if self.edges is None:
            return found
        variance, least = found.value**2, self.half(lambda draws: (draws - mean) ** 2)
        low, high = math.sqrt(max(variance - least, 0.0)), math.sqrt(variance + least)
        return replace(found, low=min(found.low, low), high=max(found.high, high))


def coincidences(
    program: Program, names: tuple[str, ...], method: str, replicates: int, size: int
) -> Callable[[str, tuple[int, ...]], Coincidences]:
    """The coincidences of a run of some quantities, by name and by the position of a coordinate;
    `size` draws in each of the replicates."""
    absent, edges = Coincidences(), None
    if method != "random":  # independent draws are counted each for itself
        roots = [program.quantities[name] for name in names]
        edges = OnEdges.create(program.plan(names), roots, program.keys, replicates, size)

    def of(name: str, position: tuple[int, ...]) -> Coincidences:
        if edges is None:
            return absent
        before, after = (draws[name][position] for draws in (edges.lower, edges.upper))
        if np.array_equal(before, after, equal_nan=True):
            return absent
        return Coincidences(edges, before, after)

    return of


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Sites:
    """Events of continuous inputs, and the coordinates of these by their keys. (Outer strata, and
    discrete inputs, have jitter for each coordinate.)"""

    events: list[StepFunction]
    names: list[tuple[str, ...]]
    keys: Mapping[Quantity, str]

    def changed(self, p: FloatArray) -> list[BoolArray]:
        """For each event and coordinate whether it changes between probabilities that ascend."""
        lower, upper = p[p <= 0.5], 1.0 - p[p > 0.5]
        tables = profiles(self.events, self.keys, lower, upper)
        return [
            by_row(event, _changes(table)) for event, table in zip(self.events, tables, strict=True)
        ]


def _sites(roots: Sequence[Quantity], keys: Mapping[Quantity, str]) -> _Sites:
    found = [
        event
        for event in events(roots)
        if isinstance(event.draw.operands[0].operation, Variate) and not _discrete(event.draw)
    ]
    names = [coordinate_keys(keys[event.draw.operands[0]], event.random) for event in found]
    return _Sites(found, names, keys)


def _begin(sites: _Sites, size: int) -> dict[int, set[str]]:
    """For each inner stratum the coordinates of inputs of which an event begins (or ends) there."""
    known = {name for own in sites.names for name in own}
    if len(known) < 2 or size <= 2 * OUTER:
        return {}
    strata: defaultdict[str, set[int]] = defaultdict(set)
    width = max(_NUMBERS // sum(map(len, sites.names)), 1)
    for first in range(OUTER, size - OUTER, width):
        edge = np.arange(first, min(first + width, size - OUTER) + 1)
        for own, changed in zip(sites.names, sites.changed(edge / size), strict=True):
            for row, there in zip(*np.nonzero(changed), strict=True):
                strata[own[row]].add(first + int(there))
    begin: defaultdict[int, set[str]] = defaultdict(set)
    for name, places in strata.items():
        for place in places if len(places) <= _STRATA else ():
            begin[place].add(name)
    return begin


def _starts_within(sites: _Sites, together: Mapping[int, object], size: int) -> list[FloatArray]:
    """For each stratum where in it events begin, as shares of its width; the middle too, unless it
    is one place for all of them."""
    found = []
    for stratum in together:
        changed = sites.changed((stratum + np.arange(_PARTS + 1) / _PARTS) / size)
        (parts,) = np.nonzero(np.logical_or.reduce([each.any(axis=0) for each in changed]))
        places = (parts + 0.5) / _PARTS
        found.append(places if places.size == 1 else np.append(places, 0.5))
    return found


def _changes(table: FloatArray) -> BoolArray:
    before, after = table[..., :-1], table[..., 1:]
    both = np.isnan(before) & np.isnan(after)
    changed: BoolArray = (before != after) & ~both
    return changed


def _discrete(draw: Quantity) -> bool:
    return isinstance(draw.operation, Quantile) and draw.operation.family.discrete


_Row = tuple[tuple[int, int], ...]
"""Stream and row of a coordinate, once for each shape in which the plan draws it."""


def _together(plan: Plan, begin: Mapping[int, set[str]]) -> dict[int, list[_Row]]:
    """The strata in which events of several inputs of a plan begin, those with most of them first,
    and the inputs."""
    places: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    if begin:
        for number, stream in enumerate(plan.streams):
            for row, key in enumerate(stream.keys):
                places[key].append((number, row))
    found = {
        stratum: [tuple(places[name]) for name in sorted(names) if name in places]
        for stratum, names in begin.items()
    }
    ordered = sorted(found, key=lambda stratum: (-len(found[stratum]), stratum))
    return {stratum: found[stratum] for stratum in ordered[:_STRATA] if len(found[stratum]) > 1}


def _turns(count: int, each: int) -> IndexArray:
    """Which of some inputs is on the edge in each draw. Where there are more inputs than draws,
    some have a turn, at even distances."""
    turn = np.arange(each)
    return turn % count if count <= each else turn * count // each


def _weights(count: int, each: int) -> FloatArray:
    """Weights of the draws, so that each input that has a turn counts alike."""
    _, place, turns = np.unique(_turns(count, each), return_inverse=True, return_counts=True)
    weights: FloatArray = count / (turns.size * turns[place])
    return weights


@final
@dataclass(frozen=True, slots=True, eq=False)
class _OnEdge(Design):
    """Independent draws, in each of which one input is on an edge of a stratum: stratum after
    stratum, `each` draws for one, over which its inputs take turns."""

    method: ClassVar[str] = "on an edge"
    points: Design
    placed: Mapping[int, tuple[IndexArray, IndexArray, FloatArray]]
    """For each stream numbers of draws, rows, and the values there."""
    seed: int
    replicates: int
    size: int

    @staticmethod
    def create(
        plan: Plan, together: Mapping[int, list[_Row]], each: int, side: int, size: int
    ) -> _OnEdge:
        points = plan.points("random", REPLICATES * each * len(together), 0)
        placed: defaultdict[int, list[tuple[IndexArray, int, float]]] = defaultdict(list)
        for k, (stratum, inputs) in enumerate(together.items()):
            number = _turns(len(inputs), each)
            p = (stratum + side) / size
            for i in np.unique(number).tolist():
                draws = k * each + np.flatnonzero(number == i)
                for stream, row in inputs[i]:
                    placed[stream].append((draws, row, _value(plan.streams[stream], row, p)))
        joined = {
            stream: (
                np.concatenate([draws for draws, _, _ in parts]),
                np.repeat([row for _, row, _ in parts], [draws.size for draws, _, _ in parts]),
                np.repeat([value for *_, value in parts], [draws.size for draws, _, _ in parts]),
            )
            for stream, parts in placed.items()
        }
        return _OnEdge(points, joined, 0, 1, points.size)  # of the first replicate

    def replicate(self, r: int, spare: Replicate | None = None) -> Replicate:
        return _Edges(self, self.points.replicate(r))


def _value(stream: Stream, row: int, p: float) -> float:
    source = stream.source(row)
    quantile = source.ppf if p <= 0.5 else source.isf
    return float(quantile(np.array([min(p, 1.0 - p)]))[0])


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Edges(Replicate):
    design: _OnEdge
    points: Replicate

    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
        self.points.fill(stream, start, stop, out)
        if stream in self.design.placed:
            draws, rows, values = self.design.placed[stream]
            here = (draws >= start) & (draws < stop)
            out.reshape(-1, stop - start)[rows[here], draws[here] - start] = values[here]
