"""Jump strata: inner ones with a jump in them, where every coordinate has jitter of its own.

A replicate counts an event of one input to one draw: of the stratum in which the event begins the
one draw is met by it or not, as its jitter has it. Inputs that shared this jitter would all be
counted alike; of ten risks of 1% in 8,192 draws, either all happen 81 times or all 82 times. The
error of their sum is then ten times that of one, and eight replicates often agree not to show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar, final

import numpy as np
import numpy.typing as npt

from guessmodel.numerics.arrays import FloatArray, IntArray
from guessmodel.sampling.design import Rows, Stream
from guessmodel.sampling.interpolation import quantile_table
from guessmodel.sampling.mixing import Purpose, WordArray, fractions, numbered
from guessmodel.sampling.outer_strata import OUTER

__all__ = ["MOST", "JumpStrata", "Jumped", "at_ends", "strata_of"]

_Number = TypeVar("_Number", np.int64, np.uint64)

MOST: Final = 16
"""Strata of one source; the highest jumps count. What more of them share is the sum of many
roundings, which differs from replicate to replicate, and so is told by them."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class JumpStrata:
    """All pairs of a coordinate and a stratum of its own jitter, coordinate by coordinate."""

    rows: Rows
    size: int
    row: IntArray
    """(pairs,), ascending"""
    stratum: IntArray
    """(pairs,)"""
    first: IntArray
    """(rows + 1,): the first pair of each row."""

    @staticmethod
    def create(rows: Rows, jumps: Sequence[IntArray], size: int) -> JumpStrata:
        """The pairs of the rows; `jumps` are the strata of each source, none where all are outer
        ones."""
        pairs = [np.empty(0, dtype=np.int64)]  # row · N + stratum
        for own, (_, used) in zip(jumps, rows.by_source, strict=False):
            if own.size:
                pairs.append((used[:, None] * size + own).ravel())
        known: dict[tuple[float, ...], IntArray] = {}
        for stream, begin in zip(rows.streams, rows.first, strict=False):
            for number, places in enumerate(_each(stream) if jumps else ()):
                if places not in known:
                    known[places] = strata_of(np.array(places), size)
                pairs.append((begin + number) * size + known[places])
        row, stratum = np.divmod(_distinct(np.concatenate(pairs)), size)
        row, stratum = _of_variates(rows.digests, row, stratum, size)
        return JumpStrata(rows, size, row, stratum, np.searchsorted(row, np.arange(len(rows) + 1)))

    def values(self, replicates: IntArray) -> FloatArray:
        """Values (replicates, pairs), by jitter that depends on key, replicate and stratum."""
        out = np.empty((replicates.size, self.row.size))
        if not self.row.size:
            return out
        digest = self.rows.digests[self.row]
        place = fractions(numbered(digest, replicates, Purpose.JUMP, self.stratum))
        used = self.rows.source[self.row]
        for number in _distinct(used).tolist():
            source, _ = self.rows.by_source[number]
            some = np.flatnonzero(used == number)
            value = at_ends(self.stratum[some], place[:, some], self.size)
            quantile_table(source.base).evaluate(value, value)
            source.transform_from_base(value)
            out[:, some] = value
        return out


@final
@dataclass(frozen=True, slots=True, eq=False)
class Jumped:
    """The draws of some replicates that fall into jump strata."""

    strata: JumpStrata
    position: IntArray
    """(replicates, pairs): their numbers in the replicate."""
    value: FloatArray
    """(replicates, pairs)"""

    def write(self, rows: slice, start: int, out: FloatArray) -> None:
        """Overwrite those among the draws from `start` on of some rows; `out` is (rows, draws)."""
        pairs = slice(self.strata.first[rows.start], self.strata.first[rows.stop])
        if pairs.start == pairs.stop:
            return
        size, draws = self.strata.size, out.shape[1]
        first, last = start // size, -(-(start + draws) // size)
        draw = self.position[first:last, pairs]
        draw = draw + (np.arange(first * size, last * size, size) - start)[:, None]
        row = np.broadcast_to(self.strata.row[pairs] - rows.start, draw.shape)
        value = self.value[first:last, pairs]
        if start != first * size or draws != (last - first) * size:
            # Unsigned, a place before the block is far behind it.
            inside = np.nonzero(draw.view(np.uint64) < draws)
            draw, row, value = draw[inside], row[inside], value[inside]
        if out.flags.c_contiguous:
            out.reshape(-1)[row * draws + draw] = value
        else:
            out[row, draw] = value


def _distinct(numbers: npt.NDArray[_Number]) -> npt.NDArray[_Number]:
    """Each number once, ascending; `np.unique` would import masked arrays."""
    ordered = np.sort(numbers, axis=None)
    new = np.append(True, ordered[1:] != ordered[:-1])[: ordered.size]
    found: npt.NDArray[_Number] = ordered[new]
    return found


def _of_variates(
    digests: WordArray, row: IntArray, stratum: IntArray, size: int
) -> tuple[IntArray, IntArray]:
    """The pairs for which rows of one variate, in several shapes, jump in the same strata: else
    their values would belong to other probabilities in the stratum in which but one jumps."""
    distinct = _distinct(digests)
    if not row.size or distinct.size == digests.size:
        return row, stratum
    variate = np.searchsorted(distinct, digests)
    own, stratum = np.divmod(_distinct(variate[row] * size + stratum), size)
    begin = np.searchsorted(own, np.arange(distinct.size + 1))
    count = np.diff(begin)[variate]
    behind = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(np.arange(digests.size), count), stratum[
        behind + np.repeat(begin[variate], count)
    ]


def _each(stream: Stream) -> Sequence[tuple[float, ...]]:
    return stream.jumps * (len(stream.keys) if len(stream.jumps) == 1 else 1)


def strata_of(p: FloatArray, size: int) -> IntArray:
    """The inner strata, by their numbers from the end, in which these probabilities lie: `MOST` of
    them, or none where there are more."""
    half = (size + 1) // 2
    stratum = _distinct(np.floor(p * size).astype(np.int64))
    from_end = np.where(stratum < half, stratum, size - 1 - stratum)
    inner = from_end >= OUTER
    if np.count_nonzero(inner) > MOST:
        return np.empty(0, dtype=np.int64)
    return np.where(stratum < half, stratum, half + from_end)[inner]


def at_ends(stratum: IntArray, place: FloatArray, size: int) -> FloatArray:
    """Probabilities at `place` in (0, 1) of strata that are numbered from both ends inwards."""
    half = (size + 1) // 2
    upper = stratum >= half
    p = np.ascontiguousarray(np.where(upper, stratum - half, stratum) + place)
    p /= size
    np.subtract(1.0, p, out=p, where=upper)
    return p
