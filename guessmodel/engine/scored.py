"""Points of a plan whose normal scores are given: those of a run that is aimed at something.

Each coordinate of a variate has a normal score, the normal quantile of its probability. A run may
move these, and give each draw the ratio of its density to that of the moved ones as its weight:
importance sampling (Kahn and Marshall 1953).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Final, final

import numpy as np

from guessmodel.engine.plan import Plan
from guessmodel.graph.variates import NORMAL, UNIFORM, QuantileFunction
from guessmodel.numerics import normal
from guessmodel.numerics.arrays import FloatArray, IndexArray
from guessmodel.sampling import design
from guessmodel.sampling.design import Design, Replicate

__all__ = ["Coordinate", "Scored", "coordinates", "scores"]

Coordinate = tuple[int, int]
"""Number of a stream, and of a row in it."""

_LEAST: Final = 2.0**-53  # of a uniform number: 1 minus less is 1


@final
@dataclass(frozen=True, slots=True)
class _Score(QuantileFunction):
    """The normal score of what any source is made of: never by a way of its own, as that of a
    normal variable would be."""

    def ppf(self, p: FloatArray) -> FloatArray:
        return normal.ppf(p)

    def isf(self, q: FloatArray) -> FloatArray:
        return normal.isf(q)


def coordinates(plan: Plan) -> list[Coordinate]:
    """The coordinates of all variates, each once."""
    found: dict[tuple[str, str], Coordinate] = {}
    for number, stream in enumerate(plan.streams):
        for row, key in enumerate(stream.keys):
            found.setdefault((stream.owner, key), (number, row))
    return list(found.values())


def scores(plan: Plan, chosen: Sequence[Coordinate], method: str, n: int, seed: int) -> FloatArray:
    """Normal scores of some coordinates in a run of the plan: shape (chosen, replicates, size)."""
    numbers = sorted({number for number, _ in chosen})
    streams = [replace(plan.streams[k], sources=(_Score(),), jumps=()) for k in numbers]
    points = design(method, n, seed, streams, universe=plan.universe)
    found = np.empty((len(chosen), points.replicates, points.size))
    for r, k, values in points.values(streams):
        for c, (own, row) in enumerate(chosen):
            if own == numbers[k]:
                found[c, r] = values[row]
    return found


class Scored(Design):
    """Points of a plan whose scores at some coordinates are given; at all others they are those of
    the plan's own `points`, which may be left out where there are no others."""

    method: ClassVar[str] = "scored"

    def __init__(
        self,
        plan: Plan,
        chosen: Sequence[Coordinate],
        z: FloatArray,
        points: Design | None = None,
        seed: int = 0,
    ) -> None:
        """`z` has shape (chosen, replicates, size)."""
        self.points, self.seed = points, seed
        _, self.replicates, self.size = z.shape
        names = {
            (plan.streams[k].owner, plan.streams[k].keys[row]): c
            for c, (k, row) in enumerate(chosen)
        }
        self.moved = [
            [(row, names[s.owner, k]) for row, k in enumerate(s.keys) if (s.owner, k) in names]
            for s in plan.streams
        ]
        self.streams, self.z = plan.streams, z

    def at(
        self, source: QuantileFunction, place: tuple[int | IndexArray, int, slice]
    ) -> FloatArray:
        """What a source is at some of the scores."""
        z = self.z[place]
        if source is NORMAL:
            return z.copy()
        if source.base is not source:
            found = self.at(source.base, place)
            source.transform_from_base(found)
            return found
        tail, upper = self._tails[place], z > 0.0
        if source is UNIFORM:
            tail = np.maximum(tail, _LEAST)
            return np.where(upper, 1.0 - tail, tail)
        out = np.empty(z.shape)
        out[upper], out[~upper] = source.isf(tail[upper]), source.ppf(tail[~upper])
        return out

    @cached_property
    def _tails(self) -> FloatArray:
        """How likely a score is that is farther out on its side, of each; not of those that normal
        variables alone are made of, for which nobody asks."""
        asked = {
            c
            for stream, moved in zip(self.streams, self.moved, strict=True)
            for row, c in moved
            if stream.source(row).base is not NORMAL
        }
        if len(asked) == len(self.z):
            return normal.sf(np.abs(self.z))
        places = sorted(asked)
        found = np.empty(self.z.shape)
        found[places] = normal.sf(np.abs(self.z[places]))
        return found

    def replicate(self, r: int, spare: Replicate | None = None) -> Replicate:
        return _Moved(self, None if self.points is None else self.points.replicate(r), r)


@final
class _Moved(Replicate):
    def __init__(self, design: Scored, points: Replicate | None, r: int) -> None:
        self.design, self.points, self.r = design, points, r

    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
        own, moved = self.design.streams[stream], self.design.moved[stream]
        if len(moved) < len(own.keys):
            assert self.points is not None
            self.points.fill(stream, start, stop, out)
        rows = out.reshape(len(own.keys), -1)
        here = self.r, slice(start, stop)
        if len(own.sources) == 1 and len(moved) > 1:  # labels of one draw, all at once
            each, chosen = np.array(moved).T
            rows[each] = self.design.at(own.sources[0], (chosen, *here))
            return
        for row, c in moved:
            rows[row] = self.design.at(own.source(row), (c, *here))
