"""Outer strata: the few at either end where every coordinate has jitter of its own.

The sum of many heavy-tailed inputs would otherwise see all its extremes move together. Their draws
are overwritten one by one, so all of this is laid out for long inner loops: coordinates last.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, final

import numpy as np
import numpy.typing as npt

from guessmodel.graph.variates import QuantileFunction
from guessmodel.numerics.arrays import FloatArray, IntArray
from guessmodel.sampling.design import Rows
from guessmodel.sampling.interpolation import NODES, QuantileTable, cubics, quantile_table
from guessmodel.sampling.mixing import Purpose, fractions, layers

__all__ = ["OUTER", "Curves", "OuterDraws", "outer_strata", "outer_values"]

PlaceArray = npt.NDArray[np.int32]

OUTER: Final = 32
"""Strata at either end whose jitter belongs to the key."""
_CHUNK: Final = 2**14
_ROUGHNESS: Final = 1e-4


def outer_strata(size: int) -> IntArray:
    """The outer strata, those of the lower end first; all of them if they are few."""
    lower = (size + 1) // 2
    return np.concatenate(
        (np.arange(min(OUTER, lower)), lower + np.arange(min(OUTER, size - lower)))
    )


def outer_values(rows: Rows, replicates: IntArray, size: int) -> FloatArray:
    """Values (k, replicates, rows) in the outer strata, never at probability 0 or 1."""
    count = outer_strata(size).size
    out = np.empty((count, replicates.size, len(rows)))
    for source, own in rows.by_source:
        curves = _curves(source.base, size)
        together = max(_CHUNK // (count * replicates.size), 1)
        for first in range(0, own.size, together):
            some = own[first : first + together]
            place = fractions(layers(rows.digests[some], replicates, Purpose.OUTER, count))
            value = curves.evaluate(place)
            source.transform_from_base(value)
            adjacent = some[-1] - some[0] + 1 == some.size
            out[..., slice(some[0], some[-1] + 1) if adjacent else some] = value
    return out


@final
@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """The quantile function of a source within each outer stratum, as a cubic of the place in it.

    From its values at 0, 1/3, 2/3 and 1, to 1e-4 of the width of the stratum at 1/2. Where that
    fails (in the three or so next to a tail, at jumps and kinks), the table is asked.
    """

    source: QuantileFunction
    size: int
    coefficients: FloatArray
    """(4, k, 1, 1), lowest power first"""
    lower: IntArray
    """The strata that need the table, by number from the end; at the lower end they are their own
    numbers."""
    upper: IntArray
    first_upper: int

    @staticmethod
    def create(source: QuantileFunction, size: int) -> Curves:
        """Fit the outer strata of `size`."""
        strata = outer_strata(size)
        below = int(np.searchsorted(strata, (size + 1) // 2))
        number = np.concatenate((np.arange(below), np.arange(strata.size - below)))
        coefficients = np.zeros((4, strata.size))
        good = np.zeros(strata.size, dtype=np.bool_)
        if size > 2 * OUTER:
            table = quantile_table(source)
            at = (np.maximum(number, 1) + NODES[:, None]) / size
            value = np.concatenate((table.ppf(at[:, :below]), table.isf(at[:, below:])), axis=1)
            coefficients, good = cubics(value, _ROUGHNESS)
            if source.discrete:
                good = value[0] == value[3]
            good &= number > 0
            coefficients[:, ~good] = 0.0
        return Curves(
            source=source,
            size=size,
            coefficients=coefficients[..., None, None],
            lower=np.flatnonzero(~good[:below]),
            upper=np.flatnonzero(~good[below:]),
            first_upper=below,
        )

    def evaluate(self, place: FloatArray) -> FloatArray:
        """Values (k, …, …) at `place` in (0, 1) of each stratum."""
        c0, c1, c2, c3 = self.coefficients
        value = c3 * place
        for c in (c2, c1):
            value += c
            value *= place
        value += c0
        out: FloatArray = value
        table: QuantileFunction | QuantileTable = self.source
        if self.size > 2 * OUTER:
            table = quantile_table(self.source)
            table.hold(out)
        for strata, begin, quantile in (
            (self.lower, 0, table.ppf),
            (self.upper, self.first_upper, table.isf),
        ):
            if strata.size:
                p = place[begin + strata]
                p += strata[:, None, None]
                p /= self.size
                out[begin + strata] = quantile(p)
        return out


_curves = lru_cache(maxsize=32)(Curves.create)


@final
@dataclass(frozen=True, slots=True, eq=False)
class OuterDraws:
    """The draws that fall into outer strata."""

    position: PlaceArray
    """(k, replicates, rows): their numbers in the replicate."""
    value: FloatArray
    """(k, replicates, rows)"""
    size: int
    """N"""

    def write(self, rows: slice, start: int, out: FloatArray) -> None:
        """Overwrite those among the draws from `start` on of some rows; `out` is (rows, draws)."""
        count, draws = out.shape
        first, last = start // self.size, -(-(start + draws) // self.size)
        begin = np.arange(first * self.size - start, last * self.size - start, self.size)
        offset = self.position[:, first:last, rows] + begin.astype(np.int32)[:, None]
        index = (offset + np.arange(0, count * draws, draws, dtype=np.int32)).reshape(-1)
        value = self.value[:, first:last, rows].reshape(-1)
        if start != first * self.size or draws != (last - first) * self.size:
            # Unsigned, a place before the block is far behind it.
            (inside,) = (offset.reshape(-1).view(np.uint32) < draws).nonzero()
            index, value = index.take(inside), value.take(inside)
        index = index.astype(np.int64)  # NumPy would do it less fast
        if out.flags.c_contiguous:
            out.reshape(-1)[index] = value
        else:
            out[np.divmod(index, draws)] = value
