"""Plain Monte Carlo: independent draws, by key and fixed cell, so that any block can be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final, final

import numpy as np

from guessmodel.sampling.design import Design, Replicate, Rows, Stream, rounded_up
from guessmodel.sampling.mixing import Purpose, generator, words
from guessmodel.sampling.source import FloatArray

__all__ = ["CELL", "RandomDesign"]

CELL: Final = 2**14
"""Draws of one generator. A block that is not made of whole cells costs their whole."""


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
        return _RandomReplicate(self.rows, r, self.size)


@final
@dataclass(frozen=True, slots=True, eq=False)
class _RandomReplicate(Replicate):
    rows: Rows
    number: int
    size: int

    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
        first, last = start // CELL, -(-stop // CELL)
        seeds = words(
            self.rows.digests[self.rows.of(stream)],
            self.number,
            Purpose.CELL,
            3 * (last - first),
            3 * first,
        ).reshape(-1, last - first, 3)
        lines = out.reshape(-1, stop - start)
        for coordinate, line in enumerate(lines):
            source = self.rows.streams[stream].source(coordinate)
            for cell in range(first, last):
                begin, end = cell * CELL, min((cell + 1) * CELL, self.size)
                random = generator(seeds[coordinate, cell - first])
                if start <= begin and end <= stop:
                    source.fill_random(random, line[begin - start : end - start])
                else:
                    whole = np.empty(end - begin)
                    source.fill_random(random, whole)
                    low, high = max(start, begin), min(stop, end)
                    line[low - start : high - start] = whole[low - begin : high - begin]
