"""Draws that are not kept: each replicate is counted, and forgotten.

Sums of counts are whole numbers, and moments are merged in the order of the replicates, so that
no bit depends on how many threads or machines took part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import final

import numpy as np

from guessmodel.engine.plan import Plan
from guessmodel.engine.run import Sink, Writer, chunk_size
from guessmodel.graph import dims as dimensions
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.counts import BYTES, Counts, CountSums, suitable_thresholds
from guessmodel.numerics.moments import Moments
from guessmodel.numerics.squarable import power_of

__all__ = ["Coordinate", "Counted", "CountingSink", "Groups", "coordinates"]

_MEMORY = 1 << 26  # bytes for the sums of all coordinates
_MOST = 1 << 14  # thresholds of a coordinate
_LEAST = 1 << 8
_GROUPS = 256  # at most: of moments, an even number


@final
@dataclass(frozen=True, slots=True, eq=False)
class Coordinate:
    """One number a draw of which statistics are wanted."""

    name: str
    slot: int
    position: tuple[int, ...]
    categories: int  # how many; 0 for a number
    thresholds: FloatArray
    discrete: bool
    power: int
    """Of two, in which its moments are counted: squares of 1e-200 or 1e200 are no numbers."""

    def sums(self) -> CountSums:
        """Sums that have seen nothing."""
        return CountSums.empty(self.thresholds, discrete=self.discrete)


@final
@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What streaming leaves of a coordinate: moments (of groups of replicates), and counts."""

    moments: Moments
    power: int  # of two, in which the moments are counted
    sums: CountSums
    shares: Mapping[float, Moments]  # of the indicators of each category
    samples: int  # draws, finite or not


def coordinates(
    plan: Plan,
    wanted: Mapping[str, Sequence[tuple[int, ...]]],
    categories: Mapping[str, int],
    preview: Mapping[str, FloatArray],
) -> list[Coordinate]:
    """The coordinates of the outputs, with thresholds that suit a small run (`preview`)."""
    number = sum(map(len, wanted.values()))
    most = int(np.clip(_MEMORY // (BYTES * max(number, 1)), _LEAST, _MOST))
    found = []
    for name, positions in wanted.items():
        slot, number_of_categories = plan.outputs[name], categories.get(name, 0)
        for position in positions:
            thresholds, discrete = suitable_thresholds(preview[name][position], most)
            power = power_of(preview[name][position])
            found.append(
                Coordinate(name, slot, position, number_of_categories, thresholds, discrete, power)
            )
    return found


@final
class CountingSink(Sink):
    """Counts of some replicates: sums of counts, moments of each replicate apart."""

    def __init__(self, plan: Plan, size: int, found: Sequence[Coordinate]) -> None:
        self.plan = plan
        self.chunk = chunk_size(plan, size)
        self.coordinates = tuple(found)
        self.sums = [each.sums() for each in found]
        self.moments: dict[int, list[Moments]] = {}
        self.groups: Groups | None = None
        self._lock = Lock()

    @classmethod
    def grouped(cls, plan: Plan, size: int, found: Sequence[Coordinate]) -> CountingSink:
        """One that merges moments of neighbouring replicates, for a whole run."""
        batch = cls(plan, size, found)
        batch.groups = Groups()
        return batch

    def writer(self) -> Writer:
        return _CountingWriter(self)

    def add(self, replicate: int, moments: list[Moments], counts: Sequence[Counts]) -> None:
        """Add a replicate: the moments of each coordinate and of its categories, the counts."""
        with self._lock:
            for sums, count in zip(self.sums, counts, strict=True):
                sums.add(count)
            self.moments[replicate] = moments
            if self.groups is not None:
                self.groups.take(self.moments)

    def absorb(self, sums: Sequence[CountSums], moments: Mapping[int, list[Moments]]) -> None:
        """Add what was counted elsewhere."""
        for own, other in zip(self.sums, sums, strict=True):
            own.merge(other)
        self.moments |= moments
        if self.groups is not None:
            self.groups.take(self.moments)

    def counted(self, size: int) -> list[Counted]:
        """What is known of each coordinate, from all replicates that were counted."""
        groups = Groups() if self.groups is None else self.groups
        groups.take(self.moments, gaps=True)
        found, column = [], 0
        for each, sums in zip(self.coordinates, self.sums, strict=True):
            stacked = [
                Moments.stack([group[column + k] for group in groups.moments])
                for k in range(1 + each.categories)
            ]
            column += 1 + each.categories
            shares = {float(code): part for code, part in enumerate(stacked[1:])}
            samples = sums.replicates * size
            found.append(Counted(stacked[0], each.power, sums, shares, samples))
        return found


@final
class Groups:
    """Moments of groups of neighbouring replicates: their number is bounded, their size doubles.

    Replicates are taken in order, so that sums are rounded alike whoever computed them.
    """

    def __init__(self) -> None:
        self.moments: list[list[Moments]] = []
        self.width = 1
        self.filled = 0  # replicates in the last group
        self.next = 0

    def take(self, waiting: dict[int, list[Moments]], *, gaps: bool = False) -> None:
        """Move those whose turn it is; with `gaps` all of them."""
        while waiting and (gaps or self.next in waiting):
            replicate = min(waiting) if gaps else self.next
            self._append(waiting.pop(replicate))
            self.next = replicate + 1

    def _append(self, moments: list[Moments]) -> None:
        if self.moments and self.filled < self.width:
            self.moments[-1] = _merged(self.moments[-1], moments)
            self.filled += 1
            return
        if len(self.moments) == _GROUPS:
            pairs = zip(self.moments[::2], self.moments[1::2], strict=True)
            self.moments = [_merged(first, second) for first, second in pairs]
            self.width *= 2
        self.moments.append(moments)
        self.filled = 1


def _merged(first: list[Moments], second: list[Moments]) -> list[Moments]:
    return [one.merge(other) for one, other in zip(first, second, strict=True)]


@final
class _CountingWriter(Writer):
    """One thread's room for a chunk of draws, and its counts of the replicate at hand."""

    def __init__(self, batch: CountingSink) -> None:
        self.batch = batch
        shapes = {
            slot: dimensions.shape(batch.plan.axes[name].dims)
            for name, slot in batch.plan.outputs.items()
        }
        self.slots = {slot: np.empty((*shape, batch.chunk)) for slot, shape in shapes.items()}
        self.counts = [Counts(each.thresholds) for each in batch.coordinates]
        self.moments: list[Moments] = []
        self.scratch = np.empty((1, batch.chunk))

    def arrays(self, replicate: int, start: int, stop: int) -> Mapping[int, FloatArray]:
        return {slot: array[..., : stop - start] for slot, array in self.slots.items()}

    def filled(self, replicate: int, start: int, stop: int) -> None:
        seen: list[Moments] = []
        for each, counts in zip(self.batch.coordinates, self.counts, strict=True):
            draws = self.slots[each.slot][each.position][: stop - start]
            near = np.ldexp(draws, -each.power) if each.power else draws
            moments = Moments.of(near[np.newaxis], self.scratch)
            seen.append(moments)
            lost = np.where(np.isfinite(draws), 0.0, np.nan)[np.newaxis] if each.categories else 0.0
            seen += [Moments.of((draws == code) + lost) for code in range(each.categories)]
            if moments.draws < draws.size:
                draws = draws[np.isfinite(draws)]
            counts.add(draws)
        self.moments = seen if start == 0 else _merged(self.moments, seen)

    def close(self, replicate: int) -> None:
        self.batch.add(replicate, self.moments, self.counts)
        for counts in self.counts:
            counts.reset()
