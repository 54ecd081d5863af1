"""One inverse CDF per stratum: tables of a replicate, looked up by stratum.

Every coordinate visits each of the N strata [s/N, (s+1)/N) once in a replicate, so the quantile
function is evaluated once in each, at a jittered point, and all coordinates with the same source
share that table, except for the outer strata (`outer_strata.py`) and those with a jump in them
(`jump_strata.py`).

Strata are numbered from both ends inwards: 0 is the lowest and 1 its neighbour, and so to the
middle; then half (rounded up) is the highest and half + 1 its neighbour. Distances from the end
keep their precision in both tails, and a table is two halves of one shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

from guessmodel.graph.variates import QuantileFunction
from guessmodel.numerics.arrays import FloatArray, IntArray
from guessmodel.sampling.design import Rows
from guessmodel.sampling.interpolation import quantile_table
from guessmodel.sampling.jump_strata import MOST, Jumped, at_ends
from guessmodel.sampling.mixing import Purpose, digests, generator, words
from guessmodel.sampling.outer_strata import OUTER, OuterDraws
from guessmodel.sampling.work_memory import DRAWS, work_memory

__all__ = ["Edges", "StratumTables", "tabulate"]

StratumIndices = Callable[[slice], npt.NDArray[np.integer[Any]]]

_JITTER: Final = 2.0**-16


@final
@dataclass(frozen=True, slots=True)
class StratumTables:
    """The values of some replicates by stratum, for all streams."""

    rows: Rows
    table: FloatArray
    """(sources, replicates, N); what it holds for outer and jump strata is never read."""
    outer: OuterDraws
    jumped: Jumped

    @staticmethod
    def create(
        rows: Rows,
        edges: tuple[Edges, ...],
        seed: int,
        replicates: IntArray,
        outer: OuterDraws,
        jumped: Jumped,
        spare: StratumTables | None,
    ) -> StratumTables:
        """Make the tables, in the memory of `spare` where one is given.

        First touch of fresh memory costs several times what the values cost.

        Parameters
        ----------
        edges : tuple of Edges
            As `tabulate` gives them for all sources.
        """
        shape = (len(rows.by_source), replicates.size, outer.size)
        table = np.zeros(shape) if spare is None else spare.table
        if outer.size > 2 * OUTER:
            seeds = words(digests(seed, [""]), replicates, Purpose.JITTER, 3)[:, 0]
            jitter = work_memory(replicates.size * outer.size).reshape(shape[1:])
            for line, own_seeds in zip(jitter, seeds, strict=True):
                word = generator(own_seeds).bit_generator.random_raw(outer.size // 4 + 1)
                bits = word.view(np.uint16)[: outer.size]
                # 16 bits of jitter make 33 with the number of the stratum, for a third of 53.
                np.multiply(bits, _JITTER, out=line, dtype=np.float64)
            jitter += _JITTER / 2.0
            for own, values in zip(edges, table, strict=True):
                own.fill(jitter, values)
            for values, (source, _) in zip(table, rows.by_source, strict=True):
                source.transform_from_base(values)
        return StratumTables(rows, table, outer, jumped)

    def fill(self, stream: int, start: int, strata: StratumIndices, out: FloatArray) -> None:
        """Write the values of draws from `start` on, as `Replicate.fill` says.

        Parameters
        ----------
        strata : callable
            From a slice of rows to the strata (rows, draws) which they visit; those of the k-th
            replicate begin with k * N, and those of the s-th source s * N * replicates later.
        """
        own = self.rows.of(stream)
        lines = out.reshape(-1, out.shape[-1])
        count, draws = lines.shape
        together = max(DRAWS // max(draws, 1), 1)
        for first in range(0, count, together):
            line = lines[first : first + together]
            some = slice(own.start + first, own.start + first + line.shape[0])
            # NumPy writes `out` directly only in the modes that cannot fail.
            np.take(self.table, strata(some), out=line, mode="wrap")
            self.outer.write(some, start, line)
        self.jumped.write(own, start, lines)


@final
@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """The quantile function of a source at the edges of inner strata.

    Within a stratum it is then taken as linear. Stratum number i from the end is about dQ/d(ln p)/i
    wide and bends by 1/(8i) of that, so from i = 32 on the error is below 0.4% of the stratum's own
    width, over which the jitter is uniform.
    """

    source: QuantileFunction
    lower: FloatArray
    """(⌈N/2⌉ + 1,): from the end inwards; the outer ones repeat the first inner edge."""
    upper: FloatArray
    """(⌊N/2⌋ + 1,)"""
    steps: IntArray
    """Inner strata with a jump or an infinite edge, where nothing can be interpolated."""
    jumps: IntArray
    """Those of them where coordinates have jitter of their own: the highest, `MOST` at most."""

    @staticmethod
    def create(source: QuantileFunction, size: int) -> Edges:
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
        steps = np.flatnonzero(step)
        with np.errstate(invalid="ignore"):
            height = np.abs(np.concatenate((np.diff(lower), np.diff(upper)))[steps])
        highest = np.argsort(-height, kind="stable")[:MOST]
        return Edges(source, lower, upper, steps, steps[np.sort(highest)])

    def fill(self, jitter: FloatArray, out: FloatArray) -> None:
        """Values (replicates, N) at the jittered points."""
        half = self.lower.size - 1
        with np.errstate(invalid="ignore"):
            for edges, side in ((self.lower, slice(half)), (self.upper, slice(half, None))):
                value = out[:, side]
                np.subtract(edges[1:], edges[:-1], out=value)
                value *= jitter[:, side]
                value += edges[:-1]
        if self.steps.size:
            p = at_ends(self.steps, jitter[:, self.steps], out.shape[-1])
            quantile_table(self.source).evaluate(p, p)
            out[:, self.steps] = p


_edges = lru_cache(maxsize=32)(Edges.create)


def tabulate(rows: Rows, size: int) -> tuple[Edges, ...]:
    """The edges for every distinct source; none where all strata are outer ones."""
    few = size <= 2 * OUTER
    return () if few else tuple(_edges(source.base, size) for source, _ in rows.by_source)
