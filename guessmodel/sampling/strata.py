"""One inverse CDF per stratum: tables of a replicate, looked up by stratum.

Every coordinate visits each of the N strata [s/N, (s+1)/N) once in a replicate, so the quantile
function is evaluated once in each, at a jittered point, and all coordinates with the same source
share that table. The 32 outermost strata at either end have jitter of their own in each coordinate:
the sum of many heavy-tailed inputs would otherwise see all its extremes move together.

Strata are numbered from both ends inwards: 0 is the lowest and 1 its neighbour, and so to the
middle; then half (rounded up) is the highest and half + 1 its neighbour. Distances from the end
keep their precision in both tails, and a table is two halves of one shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, final

import numpy as np
import numpy.typing as npt

from guessmodel.sampling.design import Rows
from guessmodel.sampling.interpolation import quantile_table
from guessmodel.sampling.mixing import Purpose, digests, fractions, generator, words
from guessmodel.sampling.scratch import DRAWS, scratch
from guessmodel.sampling.source import FloatArray, Source

__all__ = [
    "OUTER",
    "Edges",
    "Patch",
    "StratumTables",
    "outer_strata",
    "outer_values",
    "patches",
    "tabulate",
]

IntArray = npt.NDArray[np.int64]
Strata = Callable[[slice, IntArray], IntArray]

OUTER: Final = 32
"""Strata at either end whose jitter belongs to the key."""


def outer_strata(size: int) -> IntArray:
    """The outer strata, those of the lower end first; all of them if they are few."""
    lower = (size + 1) // 2
    return np.concatenate(
        (np.arange(min(OUTER, lower)), lower + np.arange(min(OUTER, size - lower)))
    )


def outer_values(rows: Rows, replicates: IntArray, size: int) -> FloatArray:
    """Values (replicates, rows, k) in the outer strata, never at probability 0 or 1."""
    strata = outer_strata(size)
    below = int(np.searchsorted(strata, (size + 1) // 2))
    out = fractions(words(rows.digests, replicates, Purpose.OUTER, strata.size))
    out[..., :below] += np.arange(below)
    out[..., below:] += np.arange(strata.size - below)
    out /= size
    for source, own in rows.by_source:
        # Inner strata take their edges from the source's table, so that it is there already.
        table = quantile_table(source) if size > 2 * OUTER else source
        out[:, own, :below] = table.ppf(out[:, own, :below])
        out[:, own, below:] = table.isf(out[:, own, below:])
    return out


@final
@dataclass(frozen=True, slots=True)
class Patch:
    """Draws of a stream that fall into outer strata, by position."""

    position: IntArray
    coordinate: IntArray
    value: FloatArray

    def apply(self, start: int, stop: int, out: FloatArray) -> None:
        """Write those of draws `start` to `stop`; `out` is (draws,) or (coordinates, draws)."""
        low, high = self.position.searchsorted((start, stop))
        where = self.position[low:high] - start
        if out.ndim == 1:
            out[where] = self.value[low:high]
        else:
            out[self.coordinate[low:high], where] = self.value[low:high]


def patches(rows: Rows, position: IntArray, value: FloatArray, size: int) -> tuple[Patch, ...]:
    """The patch of each stream from positions and values (replicates, rows, k): replicates of
    `size` draws follow each other."""
    replicates, _, k = position.shape
    position = position + (np.arange(replicates) * size)[:, None, None]
    out = []
    for stream in range(len(rows.streams)):
        own = rows.of(stream)
        # Positions with their own places in the lower digits: to sort numbers is faster than to
        # sort places by numbers.
        at = position[:, own].ravel()
        digits = at.size.bit_length()
        at <<= digits
        at |= np.arange(at.size)
        at.sort()
        order = at & ((1 << digits) - 1)
        at >>= digits
        coordinate = order // k
        if replicates > 1:
            coordinate %= own.stop - own.start
        out.append(Patch(at, coordinate, value[:, own].ravel()[order]))
    return tuple(out)


@final
@dataclass(frozen=True, slots=True)
class StratumTables:
    """The values of some replicates by stratum, for all streams."""

    by_source: dict[Source, FloatArray]
    """Tables (replicates, N); what they hold for outer strata is never read."""
    by_stream: tuple[tuple[FloatArray, ...], ...]
    """For each stream one table (replicates * N,) for all coordinates, or one for each."""
    patches: tuple[Patch, ...]
    jitter: FloatArray
    """(replicates, N): where the inner points lie in their strata, from the nearer end."""

    @staticmethod
    def create(
        rows: Rows,
        edges: tuple[Edges, ...],
        seed: int,
        replicates: IntArray,
        size: int,
        patches: tuple[Patch, ...],
        spare: StratumTables | None,
    ) -> StratumTables:
        """Make the tables, in the memory of `spare` where one is given.

        First touch of fresh memory costs several times what the values cost.

        Parameters
        ----------
        edges : tuple of Edges
            As `tabulate` gives them for all sources.
        """
        if spare is None:
            shape = (replicates.size, size)
            by_source = {source: np.zeros(shape) for source, _ in rows.by_source}
            jitter = np.empty(shape)
        else:
            by_source, jitter = spare.by_source, spare.jitter
        if edges:
            seeds = words(digests(seed, [""]), replicates, Purpose.JITTER, 3)[:, 0]
            for line, own_seeds in zip(jitter, seeds, strict=True):
                word = generator(own_seeds).bit_generator.random_raw(size // 4 + 1)
                # 16 bits of jitter make 33 with the number of the stratum, for a third of 53.
                np.multiply(word.view(np.uint16)[:size], 2.0**-16, out=line, dtype=np.float64)
            jitter += 2.0**-17
            for own in edges:
                own.fill(jitter, by_source[own.source])
        by_stream = tuple(
            tuple(by_source[source].reshape(-1) for source in stream.sources)
            for stream in rows.streams
        )
        return StratumTables(by_source, by_stream, patches, jitter)

    def fill(self, stream: int, start: int, strata: Strata, out: FloatArray) -> None:
        """Write the values of draws from `start` on, as `Replicate.fill` says.

        Parameters
        ----------
        strata : callable
            From a slice of coordinates and a place to write (coordinates, draws) to the strata
            which those coordinates visit, in that place or another; those of the k-th replicate
            begin with k * N.
        """
        tables = self.by_stream[stream]
        lines = out.reshape(-1, out.shape[-1])
        count, draws = lines.shape
        together = max(DRAWS // max(draws, 1), 1) if len(tables) == 1 else 1
        for first in range(0, count, together):
            own = slice(first, min(first + together, count))
            line = lines[own]
            index = strata(own, scratch(line.size).view(np.int64).reshape(line.shape))
            # NumPy writes `out` directly only in the modes that cannot fail.
            np.take(tables[first % len(tables)], index, out=line, mode="wrap")
        self.patches[stream].apply(start, start + draws, out)


@final
@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """The quantile function of a source at the edges of inner strata.

    Within a stratum it is then taken as linear. Stratum number i from the end is about dQ/d(ln p)/i
    wide and bends by 1/(8i) of that, so from i = 32 on the error is below 0.4% of the stratum's own
    width, over which the jitter is uniform.
    """

    source: Source
    lower: FloatArray
    """(⌈N/2⌉ + 1,): from the end inwards; the outer ones repeat the first inner edge."""
    upper: FloatArray
    """(⌊N/2⌋ + 1,)"""
    steps: IntArray
    """Inner strata with a jump or an infinite edge, where nothing can be interpolated."""

    @staticmethod
    def create(source: Source, size: int) -> Edges:
        """Evaluate a source at the edges of N = `size` strata."""
        table = quantile_table(source)
        half = (size + 1) // 2
        lower, upper = (np.arange(count + 1, dtype=np.float64) for count in (half, size - half))
        for edges in (lower, upper):
            edges[:OUTER] = OUTER
            edges /= size
        np.subtract(1.0, upper, out=upper)
        for edges in (lower, upper):
            table.evaluate(edges, edges)
            edges.setflags(write=False)
        step = table.steps(size)
        with np.errstate(invalid="ignore"):
            step = np.concatenate(
                (
                    step[:half] | ~np.isfinite(np.diff(lower)),
                    step[half:][::-1] | ~np.isfinite(np.diff(upper)),
                )
            )
        step[:OUTER] = step[half : half + OUTER] = False
        return Edges(source, lower, upper, np.flatnonzero(step))

    def fill(self, jitter: FloatArray, out: FloatArray) -> None:
        """Values (..., N) at the jittered points."""
        half = self.lower.size - 1
        with np.errstate(invalid="ignore"):
            for edges, side in ((self.lower, slice(half)), (self.upper, slice(half, None))):
                value = out[..., side]
                np.multiply(edges[1:] - edges[:-1], jitter[..., side], out=value)
                value += edges[:-1]
        if self.steps.size:
            steps = np.where(self.steps < half, self.steps, self.steps - half)
            p = steps + jitter[..., self.steps]
            p /= out.shape[-1]
            np.subtract(1.0, p, out=p, where=self.steps >= half)
            line = p.reshape(-1)  # the table takes one axis; a copy, for indexing turned the axes
            quantile_table(self.source).evaluate(line, line)
            out[..., self.steps] = line.reshape(p.shape)


_edges = lru_cache(maxsize=32)(Edges.create)


def tabulate(rows: Rows, size: int) -> tuple[Edges, ...]:
    """The edges for every distinct source; none where all strata are outer ones."""
    return tuple(_edges(source, size) for source, _ in rows.by_source) if size > 2 * OUTER else ()
