"""Plain Monte Carlo: independent draws, by key and fixed cell, so that any block can be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final, final

import numpy as np

from guessmodel.sampling.design import Design, Replicate, Rows, Stream, rounded_up
from guessmodel.sampling.mixing import Purpose, WordArray, generator, words
from guessmodel.sampling.scratch import scratch
from guessmodel.sampling.source import FloatArray, Source

__all__ = ["CELL", "RandomDesign"]

CELL: Final = 2**13
"""Draws of one generator. A block that is not made of whole cells costs their whole."""
_TOGETHER: Final = 4
_LEAST: Final = 2.0**-54


@final
@dataclass(frozen=True, slots=True, eq=False)
class RandomDesign(Design):
    """Independent draws (SFC64), in replicates only so that all methods look alike."""

    method: ClassVar[str] = "random"
    seed: int
    replicates: int
    size: int
    rows: Rows

    @staticmethod
    def create(n: int, seed: int, streams: Iterable[Stream]) -> RandomDesign:
        """At least `n` draws."""
        replicates, size = rounded_up(n)
        return RandomDesign(seed, replicates, size, Rows.create(seed, streams))

    def replicate(self, r: int, spare: Replicate | None = None) -> Replicate:
        cells = -(-self.size // CELL)
        seeds = words(self.rows.digests, r, Purpose.CELL, 3 * cells).reshape(-1, cells, 3)
        return _RandomReplicate(self.rows, seeds, self.size)


@final
@dataclass(frozen=True, slots=True, eq=False)
class _RandomReplicate(Replicate):
    rows: Rows
    seeds: WordArray
    """(rows, cells, 3)"""
    size: int

    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
        first, last = start // CELL, -(-stop // CELL)
        for coordinate, line in enumerate(out.reshape(-1, stop - start)):
            source = self.rows.streams[stream].source(coordinate)
            seeds = self.seeds[self.rows.first[stream] + coordinate]
            for group in range(first, last, _TOGETHER):
                cells = range(group, min(group + _TOGETHER, last))
                self._fill_cells(source, seeds[cells.start : cells.stop], cells, start, line)

    def _fill_cells(
        self, source: Source, seeds: WordArray, cells: range, start: int, line: FloatArray
    ) -> None:
        begin, end = cells.start * CELL, min(cells.stop * CELL, self.size)
        # A last cell that is cut short by the size is one of its own length.
        whole = (end - begin) // CELL
        u = scratch(end - begin)
        for cell, seed in zip(range(0, end - begin, CELL), seeds, strict=True):
            generator(seed).random(out=u[cell : cell + CELL])
        if u.min() < _LEAST:  # zero, once in 2^53; to look costs a third of taking the maximum
            np.maximum(u, _LEAST, out=u)
        low, high = max(start, begin), min(start + line.size, end)
        inside = low == begin and high == end
        target = line[low - start : high - start] if inside else np.empty(end - begin)
        cut = whole * CELL
        if whole:
            source.transform(u[:cut].reshape(whole, CELL), target[:cut].reshape(whole, CELL))
        if cut < u.size:
            source.transform(u[cut:], target[cut:])
        if not inside:
            line[low - start : high - start] = target[low - begin : high - begin]
