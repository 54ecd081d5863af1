"""Draws as if an event had happened: the variate behind it is confined to the event's range of
probabilities; and which draws of a run meet it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.engine.plan import Plan
from guessmodel.graph.variates import QuantileFunction
from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling import design
from guessmodel.sampling.design import Design, Stream

__all__ = ["Cell", "Drawn", "confined", "occurs", "occurs_in", "seed_beside"]

_SEED: Final = 64  # bits, beyond which a seed is no user's
_EDGE: Final = 2.0**-20  # of a cell


@final
@dataclass(frozen=True, slots=True)
class Cell:
    """A range of a variate's probabilities, by its distances from the nearer end."""

    positions: frozenset[int]
    """Of the draws that take rare values there, among the steps of the plan."""
    key: str
    """Of the variate's coordinate: two events of one coordinate exclude each other."""
    upper: bool
    near: float
    far: float

    @property
    def probability(self) -> float:
        return self.far - self.near


@final
@dataclass(frozen=True, slots=True)
class Drawn:
    """A run of n draws with a seed, perhaps of those alone in which an event happens."""

    n: int
    seed: int
    given: Cell | None = None

    def plan(self, whole: Plan) -> Plan:
        """What a plan is in this run."""
        return whole if self.given is None else confined(whole, self.given)


def seed_beside(seed: int, number: int) -> int:
    """The seed of a run beside one of a user's, by a number: its draws are no other run's, so that
    their errors add in squares."""
    return -1 - seed - (number << _SEED)


@final
@dataclass(frozen=True, slots=True)
class _Confined(QuantileFunction):
    """A source that stays within a cell."""

    of: QuantileFunction
    upper: bool
    near: float
    far: float

    @property
    def discrete(self) -> bool:
        return self.of.discrete

    def ppf(self, p: FloatArray) -> FloatArray:
        width = self.far - self.near
        if self.upper:
            return self.of.isf(self.far - p * width)
        return self.of.ppf(self.near + p * width)

    def isf(self, q: FloatArray) -> FloatArray:
        width = self.far - self.near
        if self.upper:
            return self.of.isf(self.near + q * width)
        return self.of.ppf(self.far - q * width)


def confined(plan: Plan, cell: Cell) -> Plan:
    """The plan with one coordinate's variate confined to a cell; also as a normal score, which
    correlated draws are made of."""
    streams = list(plan.streams)
    for number, stream in enumerate(plan.streams):
        if cell.key not in stream.keys:
            continue
        row = stream.keys.index(cell.key)
        sources = [stream.source(each) for each in range(len(stream.keys))]
        sources[row] = _Confined(sources[row], cell.upper, cell.near, cell.far)
        streams[number] = replace(stream, sources=tuple(sources))
    return replace(plan, streams=tuple(streams))


def occurs(method: str, n: int, seed: int, plan: Plan, cells: Sequence[Cell]) -> NDArray[np.bool_]:
    """Which draws of a run of the plan lie in each cell: shape (cells, replicates, size)."""
    keys = {cell.key for cell in cells}
    streams = [stream for stream in plan.streams if not keys.isdisjoint(stream.keys)]
    points = design(method, n, seed, streams, universe=plan.universe)
    return occurs_in(points, streams, cells)


def occurs_in(
    points: Design, streams: Sequence[Stream], cells: Sequence[Cell]
) -> NDArray[np.bool_]:
    """Which points lie in each cell of the streams that they are made for."""
    found = np.ones((len(cells), points.replicates, points.size), dtype=np.bool_)
    within = [_within(stream, cells) for stream in streams]
    for r, k, values in points.values(streams):
        own, rows, low, high = within[k]
        found[own, r] &= (values[rows] >= low) & (values[rows] <= high)
    return found


def _within(
    stream: Stream, cells: Sequence[Cell]
) -> tuple[list[int], list[int], FloatArray, FloatArray]:
    """The cells of a stream's coordinates, which these are, and the smallest and largest value
    within each, (cells, 1). Of several draws of a variate all must be so: where the value of one
    stays the same, that of another tells where the cell ends."""
    own = [c for c, cell in enumerate(cells) if cell.key in stream.keys]
    rows = [stream.keys.index(cells[c].key) for c in own]
    ends = [_values(stream.source(row), cells[c]) for c, row in zip(own, rows, strict=True)]
    low, high = np.array(ends).reshape(-1, 2).T[..., np.newaxis]
    return own, rows, low, high


def _values(source: QuantileFunction, cell: Cell) -> tuple[float, float]:
    """Smallest and largest value of a source within a cell."""
    step = _EDGE * cell.probability
    inner, outer = (
        _end(source, cell.upper, cell.far, step),
        _end(source, cell.upper, cell.near, -step),
    )
    return (inner, outer) if cell.upper else (outer, inner)


def _end(source: QuantileFunction, upper: bool, q: float, step: float) -> float:
    """The value at an end of a cell; a step outside of it, for rounding may move a boundary, unless
    a value lies there that has a probability of its own. The last cell has no end."""
    if q + 2.0 * step <= 0.0:
        return math.inf if upper else -math.inf
    quantile = source.isf if upper else source.ppf
    places = np.minimum([q - step, q + step, q + 2.0 * step], 1.0)
    inside, outside, farther = quantile(places).tolist()
    return float(inside if outside == farther else outside)
