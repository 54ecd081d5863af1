"""Runs in which draws go farther out than they do, and how much less each of them then counts.

A moment of a skewed quantity comes from few draws far out, and a run may have met none of them. So
the normal scores of its variates are stretched along a direction in which the quantity grows: a
part of the draws along each of a few directions, and a part along none. Each draw has the ratio of
its density to that of the whole mixture as its weight: importance sampling (Kahn and Marshall
1953) with the balance heuristic (Veach and Guibas 1995). As a part of the draws is as it was, no
draw counts more than the reciprocal of that part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final, final

import numpy as np

from guessmodel.engine.plan import Plan
from guessmodel.graph.variates import NORMAL, UNIFORM, FloatArray, QuantileFunction
from guessmodel.numerics import normal
from guessmodel.sampling import design
from guessmodel.sampling.design import Design, Replicate

__all__ = ["Coordinate", "Stretched", "coordinates", "ratios", "scores"]

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


@final
class Stretched(Design):
    """Points of a plan whose scores are stretched, each replicate in as many equal parts as there
    are frames.

    Attributes
    ----------
    weights : what each draw counts, shape (replicates, size)
    """

    method: ClassVar[str] = "stretched"

    def __init__(
        self,
        plan: Plan,
        chosen: Sequence[Coordinate],
        frames: Sequence[FloatArray],
        factor: float,
        points: Design,
    ) -> None:
        """A frame has directions as its rows, orthogonal and of length 1, along which to stretch;
        or none, for draws as they are: shape (directions, chosen). `points` are those of the
        plan."""
        self.points = points
        self.seed, self.replicates, self.size = points.seed, points.replicates, points.size
        z = scores(plan, chosen, points.method, points.n, points.seed)
        # No products of matrices: BLAS and its threads take 100 times as long to begin.
        ends = np.arange(len(frames) + 1) * self.size // len(frames)
        for frame, start, stop in zip(frames, ends[:-1], ends[1:], strict=True):
            part = z[:, :, start:stop]
            along = np.einsum("kc,c...->k...", frame, part)
            part += (factor - 1.0) * np.einsum("kc,k...->c...", frame, along)
        shares = np.diff(ends) / self.size
        self.weights = 1.0 / np.einsum("k,k...->...", shares, ratios(z, frames, factor))
        moved = np.any([np.abs(frame).sum(axis=0) > 0.0 for frame in frames], axis=0)
        names = {
            (plan.streams[k].owner, plan.streams[k].keys[row]): c
            for c, (k, row) in enumerate(chosen)
            if moved[c]
        }
        self.moved = [
            [(row, names[s.owner, k]) for row, k in enumerate(s.keys) if (s.owner, k) in names]
            for s in plan.streams
        ]
        self.streams, self.z = plan.streams, z

    def replicate(self, r: int, spare: Replicate | None = None) -> Replicate:
        return _Moved(self, self.points.replicate(r), r)


@final
class _Moved(Replicate):
    def __init__(self, design: Stretched, points: Replicate, r: int) -> None:
        self.design, self.points, self.r = design, points, r

    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
        own, moved = self.design.streams[stream], self.design.moved[stream]
        if len(moved) < len(own.keys):
            self.points.fill(stream, start, stop, out)
        rows = out.reshape(len(own.keys), -1)
        for row, c in moved:
            rows[row] = _at(own.source(row), self.design.z[c, self.r, start:stop])


def _at(source: QuantileFunction, z: FloatArray) -> FloatArray:
    """What a source is at normal scores."""
    if source is NORMAL:
        return z
    tail = normal.tail(np.abs(z))
    if source is UNIFORM:
        tail = np.maximum(tail, _LEAST)
    upper = z > 0.0
    out = np.empty(z.shape)
    out[upper], out[~upper] = source.isf(tail[upper]), source.ppf(tail[~upper])
    return out


def ratios(z: FloatArray, frames: Sequence[FloatArray], factor: float) -> FloatArray:
    """The densities of scores that are stretched in each frame, over that of scores that are not:
    shape (frames, *draws), of scores of shape (chosen, *draws)."""
    found = np.empty((len(frames), *z.shape[1:]))
    for k, frame in enumerate(frames):
        along = np.einsum("kc,c...->k...", frame, z)
        exponent = (1.0 - factor**-2.0) / 2.0 * (along * along).sum(axis=0)
        found[k] = np.exp(exponent) / factor ** len(frame)
    return found
