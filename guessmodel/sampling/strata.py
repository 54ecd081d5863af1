"""One inverse CDF per stratum: tables of a replicate, looked up by stratum.

Every coordinate visits each of the N strata [s/N, (s+1)/N) once in a replicate, so the quantile
function is evaluated once in each, at a jittered point, and all coordinates with the same source
share that table. The 32 outermost strata at either end have jitter of their own in each coordinate:
the sum of many heavy-tailed inputs would otherwise see all its extremes move together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, final

import numpy as np
import numpy.typing as npt

from guessmodel.sampling.design import Rows
from guessmodel.sampling.interpolation import quantile_table
from guessmodel.sampling.mixing import Purpose, digests, fractions, generator, words
from guessmodel.sampling.source import FloatArray, Source

__all__ = ["OUTER", "StratumTables", "outer_strata"]

IntArray = npt.NDArray[np.int64]

OUTER: Final = 32
"""Strata at either end whose jitter belongs to the key."""


def outer_strata(size: int) -> tuple[IntArray, IntArray]:
    """The outer strata below and above, each from the end inwards; all of them if few."""
    below = np.arange(min(OUTER, (size + 1) // 2))
    above = size - 1 - np.arange(min(OUTER, size // 2))
    return below, above


@final
@dataclass(frozen=True, slots=True)
class _Patch:
    """Draws of a stream that fall into outer strata, by position."""

    position: IntArray
    coordinate: IntArray
    value: FloatArray

    def apply(self, start: int, stop: int, out: FloatArray) -> None:
        low, high = self.position.searchsorted((start, stop))
        where = self.position[low:high] - start
        if out.ndim == 1:
            out[where] = self.value[low:high]
        else:
            out[self.coordinate[low:high], where] = self.value[low:high]


@final
@dataclass(frozen=True, slots=True)
class StratumTables:
    """The values of one replicate by stratum, for all streams."""

    tables: tuple[tuple[FloatArray, ...], ...]
    """For each stream one table (N,) for all coordinates, or one for each."""
    patches: tuple[_Patch, ...]

    @staticmethod
    def create(
        rows: Rows,
        seed: int,
        replicate: int,
        size: int,
        positions: Callable[[IntArray], IntArray],
    ) -> StratumTables:
        """Make the tables.

        Parameters
        ----------
        positions : callable
            From strata (k,) to the draws (rows, k) which visit them.
        """
        value = _outer_values(rows, replicate, size)
        position = positions(np.concatenate(outer_strata(size)))
        by_source = _interiors(rows, seed, replicate, size)
        tables, patches = [], []
        for number, stream in enumerate(rows.streams):
            tables.append(tuple(by_source[source] for source in stream.sources))
            own = rows.of(number)
            at = position[own].ravel()
            order = np.argsort(at)
            patches.append(_Patch(at[order], order // position.shape[1], value[own].ravel()[order]))
        return StratumTables(tuple(tables), tuple(patches))

    def look_up(self, stream: int, strata: IntArray, start: int, out: FloatArray) -> None:
        """Write the values of draws from `start` on, which visit `strata` (coordinates, draws)."""
        tables = self.tables[stream]
        if len(tables) == 1:
            # NumPy writes `out` directly only in the modes that cannot fail.
            np.take(tables[0], strata.reshape(out.shape), out=out, mode="wrap")
        else:
            for table, stratum, row in zip(tables, strata, out, strict=True):
                np.take(table, stratum, out=row, mode="wrap")
        self.patches[stream].apply(start, start + strata.shape[1], out)


def _outer_values(rows: Rows, replicate: int, size: int) -> FloatArray:
    below, above = outer_strata(size)
    jitter = fractions(words(rows.digests, replicate, Purpose.OUTER, below.size + above.size))
    jitter[:, : below.size] += np.arange(below.size)
    jitter[:, below.size :] += np.arange(above.size)
    jitter /= size
    for source, own in rows.by_source:
        distance = jitter[own]
        jitter[own[:, None], np.arange(below.size)] = source.ppf(distance[:, : below.size])
        jitter[own[:, None], below.size + np.arange(above.size)] = source.isf(
            distance[:, below.size :]
        )
    return jitter


def _interiors(rows: Rows, seed: int, replicate: int, size: int) -> dict[Source, FloatArray]:
    """Tables (N,) of the distinct sources; the outer strata in them are never read."""
    inner = slice(OUTER, size - OUTER)
    shared = digests(seed, [""])
    p = generator(words(shared, replicate, Purpose.JITTER, 3)[0]).random(size)
    p += np.arange(size)
    p /= size
    tables = {}
    for source, _ in rows.by_source:
        table = np.zeros(size)
        if size > 2 * OUTER:
            quantile_table(source).evaluate(p[inner], table[inner])
        tables[source] = table
    return tables
