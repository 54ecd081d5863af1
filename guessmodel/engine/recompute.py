"""Draws of a plan again, with some coordinates of streams replaced: only what lies behind them is
computed anew, the rest is kept from the draws as they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from guessmodel.engine.drawn import Variates
from guessmodel.engine.plan import Plan
from guessmodel.engine.steps import Quantiles, evaluate
from guessmodel.graph import dims as dimensions
from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling.design import Design, Joined, Replicate

__all__ = ["Change", "changed_draws", "cost_of", "drawn_at"]

_MEMORY: Final = 1 << 24  # bytes of values of a block
_LARGEST: Final = 1 << 13  # draws in a block; larger ones leave the cache
_SMALLEST: Final = 1 << 7


@final
@dataclass(frozen=True, slots=True)
class Change:
    """What takes the place of random numbers, at all their coordinates of streams: a value for
    each, or (None) their draws in another design."""

    places: tuple[tuple[int, int], ...]  # streams and coordinates
    values: tuple[float, ...] | None = None

    @property
    def streams(self) -> frozenset[int]:
        """The streams alone."""
        return frozenset(stream for stream, _ in self.places)


def downstream(plan: Plan, streams: frozenset[int]) -> list[int]:
    """Positions of the draws of streams, and of the steps that depend on them."""
    changed: set[int] = set()
    found = []
    for position, step in enumerate(plan.steps):
        own = isinstance(step.action, Variates) and step.action.stream in streams
        if own or not changed.isdisjoint(step.inputs):
            changed.add(step.output)
            found.append(position)
    return found


def cost_of(plan: Plan, changes: Sequence[Change]) -> int:
    """Numbers to compute for each draw."""
    size = [dimensions.size(step.result.dims) for step in plan.steps]
    of = {s: sum(size[i] for i in downstream(plan, s)) for s in {c.streams for c in changes}}
    return sum(of[change.streams] for change in changes) + sum(size)


def changed_draws(
    plan: Plan, design: Design, changes: Sequence[Change], other: Design | None = None
) -> Iterator[tuple[int, int, FloatArray, list[FloatArray]]]:
    """Draws of the plan's only output, as they are and after each change, block by block.

    Parameters
    ----------
    other : the design that changes without a value take their draws from; of the same size

    Yields
    ------
    begin, end : of the block among all draws, replicate after replicate
    draws : of the output, (*labels, end - begin)
    changed : the same after each change; written over by the next block
    """
    (slot,) = plan.outputs.values()
    (axes,) = plan.axes.values()
    width = sum(dimensions.size(step.result.dims) for step in plan.steps)
    width += len(changes) * dimensions.size(axes.dims)
    block = _LARGEST
    while block > _SMALLEST and block * 8 * width > _MEMORY:
        block //= 2
    together = 1
    while design.joins and together < design.replicates and 2 * together * design.size <= block:
        together *= 2
    whole = Joined.of(design, together)
    others = None if other is None else Joined.of(other, together)
    behind = {s: downstream(plan, s) for s in {change.streams for change in changes}}
    block = min(block, whole.size)
    shapes = {step.output: (*dimensions.shape(step.result.dims), block) for step in plan.steps}
    kept = {output: np.empty(shape) for output, shape in shapes.items()}
    again = {
        plan.steps[i].output: np.empty(shapes[plan.steps[i].output])
        for positions in behind.values()
        for i in positions
    }
    results = [np.empty(shapes[slot]) for _ in changes]
    points = theirs = None
    for r in range(whole.replicates):
        points = whole.replicate(r, points)
        theirs = None if others is None else others.replicate(r, theirs)
        for start in range(0, whole.size, block):
            stop = min(start + block, whole.size)
            run = _Block(plan, _Remembered(points), start, stop, kept)
            anew = None if theirs is None else _Remembered(theirs)
            with np.errstate(all="ignore"):
                draws = run.everything()[slot]
                for change, result in zip(changes, results, strict=True):
                    found = run.again(change, behind[change.streams], anew, again)
                    result[..., : stop - start] = found.get(slot, draws)
            begin = r * whole.size + start
            end = begin + stop - start
            yield begin, end, draws, [result[..., : stop - start] for result in results]


def drawn_at(plan: Plan, rows: Sequence[FloatArray]) -> FloatArray:
    """The plan's only output, (*labels, n), where its random numbers are known: for each stream
    those of its coordinates, (coordinates, n)."""
    (slot,) = plan.outputs.values()
    n = rows[0].shape[1]
    arrays = {
        step.output: np.empty((*dimensions.shape(step.result.dims), n)) for step in plan.steps
    }
    with np.errstate(all="ignore"):
        return _Block(plan, _Known(rows), 0, n, arrays).everything()[slot]


@final
class _Block:
    """Some draws of one replicate."""

    def __init__(
        self,
        plan: Plan,
        points: Replicate,
        start: int,
        stop: int,
        arrays: dict[int, FloatArray],
    ) -> None:
        self.plan = plan
        self.points = points
        self.start = start
        self.stop = stop
        self.arrays = arrays
        self.values: dict[int, FloatArray] = dict(plan.constants)
        self.quantiles: dict[int, Quantiles] = defaultdict(Quantiles)

    def everything(self) -> dict[int, FloatArray]:
        """The values of all slots."""
        for position in range(len(self.plan.steps)):
            self._step(position, self.points, self.values, self.arrays)
        return self.values

    def again(
        self,
        change: Change,
        positions: Sequence[int],
        other: Replicate | None,
        arrays: dict[int, FloatArray],
    ) -> dict[int, FloatArray]:
        """The values of the slots that a change moves; the positions are those behind it."""
        values = dict(self.values)
        points = _Replaced(self.points, change, other)
        found: dict[int, FloatArray] = {}
        for position in positions:
            output = self.plan.steps[position].output
            self._step(position, points, values, arrays)
            found[output] = values[output]
        return found

    def _step(
        self,
        position: int,
        points: Replicate,
        values: dict[int, FloatArray],
        arrays: dict[int, FloatArray],
    ) -> None:
        step = self.plan.steps[position]
        out = arrays[step.output][..., : self.stop - self.start]
        inputs = [values[i] for i in step.inputs]
        evaluate(step, inputs, points, self.start, self.stop, out, self.quantiles[position])
        values[step.output] = out


@final
class _Known(Replicate):
    """Random numbers that are given."""

    def __init__(self, rows: Sequence[FloatArray]) -> None:
        self.rows = rows

    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
        out.reshape(-1, stop - start)[...] = self.rows[stream][:, start:stop]


@final
class _Remembered(Replicate):
    """The draws of a block, made once: each label of a stream is changed in its turn."""

    def __init__(self, points: Replicate) -> None:
        self.points = points
        self.made: dict[int, FloatArray] = {}

    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
        if stream not in self.made:
            self.points.fill(stream, start, stop, out)
            self.made[stream] = out.copy()
        else:
            out[...] = self.made[stream]


@final
class _Replaced(Replicate):
    """A replicate in which some random numbers are others."""

    def __init__(self, points: Replicate, change: Change, other: Replicate | None) -> None:
        self.points = points
        self.other = other
        self.rows: dict[int, list[int]] = {}
        self.values: dict[int, list[float]] = {}
        for k, (stream, coordinate) in enumerate(change.places):
            self.rows.setdefault(stream, []).append(coordinate)
            if change.values is not None:
                self.values.setdefault(stream, []).append(change.values[k])

    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
        self.points.fill(stream, start, stop, out)
        if stream not in self.rows:
            return
        coordinates, rows = self.rows[stream], out.reshape(-1, stop - start)
        if stream in self.values:
            rows[coordinates] = np.array(self.values[stream])[:, np.newaxis]
            return
        assert self.other is not None
        theirs = np.empty_like(out)
        self.other.fill(stream, start, stop, theirs)
        rows[coordinates] = theirs.reshape(-1, stop - start)[coordinates]
