"""Sums of a random number of independent events, each drawn anew.

The first event of a sum is an ordinary draw of the graph. The others are drawn from numbers that
are hashed from one random number of the sum and the event's place. So a sum depends on its operands
alone, and one more event leaves those before it as they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.graph.family import Family
from guessmodel.graph.operation import LabelledAxes, Operation, Pointwise
from guessmodel.graph.quantity import Quantile, Quantity
from guessmodel.graph.unit_rules import Term, UnitSignature, unchanged
from guessmodel.numerics.arrays import FloatArray, IntArray

__all__ = ["EventDraw", "EventStep", "RandomSum", "on_operands"]

_CHUNK: Final = 1 << 18  # events at once
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)


@final
@dataclass(frozen=True, slots=True)
class EventDraw:
    """A draw of each event. The first is that of the operand `place`, if it is its `own`: if that
    is drawn at each label of the sum anew."""

    place: int
    family: Family
    parameters: tuple[int, ...]
    own: bool


@final
@dataclass(frozen=True, slots=True)
class EventStep:
    """What is computed of each event. Inputs are places of operands, or -1 - the number of a step
    before this one."""

    operation: Operation
    inputs: tuple[int, ...]


@final
@dataclass(frozen=True, slots=True)
class RandomSum(Pointwise):
    """The sum of so many events (the first operand; the second is the random number that the others
    are hashed from); then come the draws of an event, then what all events share.

    Draws are lost in which the number of events is not whole or below 0.
    """

    steps: tuple[EventDraw | EventStep, ...]
    result: int
    """Place of what is summed, as an input of a step."""
    example: int
    """Which operand is the size of one event, for those who ask what it is distributed like."""

    @property
    def name(self) -> str:
        return "sum of events"

    @property
    def draws(self) -> tuple[EventDraw, ...]:
        """All draws of an event."""
        return tuple(step for step in self.steps if isinstance(step, EventDraw))

    @property
    def shared(self) -> frozenset[int]:
        """Places of the operands behind what is summed that all events have in common."""
        used = {self.result}
        for position, step in reversed(list(enumerate(self.steps))):
            if isinstance(step, EventDraw):
                used.update(step.parameters if step.place in used else ())
            else:
                used.update(step.inputs if -1 - position in used else ())
        return frozenset(k for k in used if k >= 0) - {draw.place for draw in self.draws}

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        raise AssertionError  # the constructor has worked it out

    def takes_labels(self, place: int) -> bool:
        return place not in (0, self.example)  # an event's size may be chosen by a category

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        counts = np.broadcast_to(arrays[0], out.shape).ravel()
        flat = [
            array.ravel() if array.size == 1 else np.broadcast_to(array, out.shape).ravel()
            for array in arrays
        ]
        flat[1] = np.broadcast_to(arrays[1], out.shape).ravel()
        whole = (counts >= 0.0) & (counts == np.floor(counts)) & np.isfinite(counts)
        total = np.zeros(counts.shape)
        for rows, repeats, first in _pieces(np.where(whole, counts, 0.0).astype(np.int64)):
            events = self._events(flat, rows, repeats, first)
            index = np.repeat(np.arange(repeats.size), repeats)
            total[rows] += np.bincount(index, events, minlength=repeats.size)
        total[~whole] = np.nan
        np.copyto(out, total.reshape(out.shape))

    def _events(
        self, flat: Sequence[FloatArray], rows: slice, repeats: IntArray, first: int
    ) -> FloatArray:
        starts = np.cumsum(repeats) - repeats
        number = np.arange(int(repeats.sum())) - np.repeat(starts, repeats) + first
        seed = np.repeat(np.ascontiguousarray(flat[1][rows]).view(np.uint64), repeats)
        places: dict[int, FloatArray] = {}

        def at(place: int) -> FloatArray:
            if place not in places:
                array = flat[place]
                places[place] = array if array.size == 1 else np.repeat(array[rows], repeats)
            return places[place]

        for position, step in enumerate(self.steps):
            inputs = step.parameters if isinstance(step, EventDraw) else step.inputs
            given = [at(place) for place in inputs]
            if isinstance(step, EventDraw):
                drawn = _quantiles(step.family, _uniform(seed, number, position), given)
                if step.own:
                    drawn = np.where(number == 0, at(step.place), drawn)
                places[step.place] = np.broadcast_to(drawn, number.shape)
            else:
                made = np.empty(number.shape)
                axes = [LabelledAxes((), None)] * len(given)
                step.operation.evaluate(given, axes, made)
                places[-1 - position] = made
        return np.broadcast_to(at(self.result), number.shape)


def _pieces(counts: IntArray) -> Iterator[tuple[slice, IntArray, int]]:
    """Whole sums together, as many as there is room for; a long one alone, piece by piece. How a
    sum is cut depends on nothing but its own number of events."""
    ends = np.cumsum(np.minimum(counts, _CHUNK))
    row = 0
    while row < counts.size:
        if counts[row] > _CHUNK:
            for first in range(0, int(counts[row]), _CHUNK):
                size = min(_CHUNK, int(counts[row]) - first)
                yield slice(row, row + 1), np.array([size]), first
            row += 1
            continue
        before = ends[row - 1] if row else 0
        stop = max(int(np.searchsorted(ends, before + _CHUNK, side="right")), row + 1)
        long = np.flatnonzero(counts[row:stop] > _CHUNK)
        stop = row + int(long[0]) if long.size else stop
        yield slice(row, stop), counts[row:stop], 0
        row = stop


def _uniform(seed: NDArray[np.uint64], number: IntArray, step: int) -> FloatArray:
    """Numbers in (0, 1), by the finalizer of SplitMix64 (Steele, Lea and Flood, 2014)."""
    with np.errstate(over="ignore"):
        word = _mixed(seed + np.uint64(step + 1) * _GOLDEN)
        word = _mixed(word + number.astype(np.uint64) * _GOLDEN)
    return ((word >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def _mixed(word: NDArray[np.uint64]) -> NDArray[np.uint64]:
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


def _quantiles(family: Family, u: FloatArray, parameters: Sequence[FloatArray]) -> FloatArray:
    if family.base is None:
        drawn = family.draw(u, *parameters)
    else:
        upper = u > 0.5
        base = np.where(upper, family.base.isf(1.0 - u), family.base.ppf(u))
        drawn = np.asarray(family.transform(base, *parameters))
    return np.where(family.valid(*parameters), drawn, np.nan)


def on_operands(node: Quantity, operands: Sequence[Quantity]) -> Quantity | None:
    """A sum whose operands are replaced, where the one draw that it sums up is another one now, or
    a value that all events have; None where nothing but operands changes."""
    operation = node.operation
    if not isinstance(operation, RandomSum) or len(operation.draws) != 1:
        return None
    (draw,) = operation.draws
    new = operands[draw.place]
    if new is node.operands[draw.place]:
        return None
    changed = tuple(operands)
    steps: list[EventDraw | EventStep] = [
        # In its place, so that the others keep their numbers.
        EventStep(_SAME, (draw.place,)) if step is draw else step
        for step in operation.steps
    ]
    if isinstance(new.operation, Quantile):
        places = tuple(range(len(changed), len(changed) + len(new.parameters)))
        changed += new.parameters
        steps[operation.steps.index(draw)] = EventDraw(
            draw.place, new.operation.family, places, draw.own
        )
    made = replace(operation, steps=tuple(steps))
    return replace(
        node, operation=made, operands=changed, axes=made.axes([q.axes for q in changed])
    )


@final
@dataclass(frozen=True, slots=True)
class _Same(Pointwise):
    """The value that all events have, where that has taken the place of a draw."""

    @property
    def name(self) -> str:
        return "same"

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        return unchanged(terms, terms[0].unit)

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        np.copyto(out, arrays[0])


_SAME: Final = _Same()
