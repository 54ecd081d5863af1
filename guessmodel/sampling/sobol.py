"""Scrambled Sobol' nets whose dimensions are owned by names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, Final, final

import numpy as np
import numpy.typing as npt

from guessmodel.sampling.design import LARGEST, REPLICATES, Design, Replicate, Rows, Stream
from guessmodel.sampling.mixing import Purpose, WordArray, key_hash, words
from guessmodel.sampling.source import FloatArray
from guessmodel.sampling.strata import StratumTables

__all__ = ["DIMENSIONS", "SobolDesign", "assign", "directions"]

IntArray = npt.NDArray[np.int64]

DIMENSIONS: Final = 256
_DIGITS: Final = LARGEST.bit_length() - 1
_PADDED: Final = -1


@lru_cache(maxsize=1)
def directions() -> IntArray:
    """Generators of the first 256 Sobol' dimensions, (256, 17): column j is the point 2^j.

    Each is an integer of 17 binary digits, the first digit of the point being the highest. From
    the table new-joe-kuo-6 of S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better
    two-dimensional projections", SIAM J. Sci. Comput. 30 (2008), as SciPy publishes it.
    """
    table: IntArray = np.load(Path(__file__).with_name("directions.npy")).astype(np.int64)
    table.setflags(write=False)
    return table


def assign(keys: Iterable[str]) -> dict[str, int]:
    """Which of these names own which Sobol' dimension.

    A name hashes to one of 256 dimensions. Where names meet, that of the smallest hash owns the
    dimension; the others are missing from the answer, and are padded.
    """
    owner: dict[int, tuple[int, str]] = {}
    for key in keys:
        claim = (key_hash(key), key)
        dimension = claim[0] % DIMENSIONS
        owner[dimension] = min(owner.get(dimension, claim), claim)
    return {key: dimension for dimension, (_, key) in owner.items()}


@final
@dataclass(frozen=True, slots=True, eq=False)
class SobolDesign(Design):
    """Nets in base 2 with linear matrix scramble and digital shift, in natural order.

    Draw number i of a coordinate visits the stratum M·i XOR d over GF(2). M is a random lower
    times the coordinate's Sobol' generator matrix or, for padded ones, times a random upper
    unit triangular matrix, so that every stratum is visited once.
    """

    method: ClassVar[str] = "sobol"
    seed: int
    replicates: int
    size: int
    rows: Rows
    dimensions: IntArray
    """(rows,): the Sobol' dimension of each coordinate, -1 if padded."""

    @staticmethod
    def create(
        n: int, seed: int, streams: Iterable[Stream], universe: Iterable[str] = ()
    ) -> SobolDesign:
        """At least `n` draws; `universe` has the scalar keys of another model to share with."""
        rows = Rows.create(seed, streams)
        exponent = max(-(-n // REPLICATES) - 1, 0).bit_length()
        size = min(2**exponent, LARGEST)
        scalars = [stream.keys[0] for stream in rows.streams if not stream.labelled]
        owned = assign([*scalars, *universe])
        dimensions = [
            _PADDED if stream.labelled else owned.get(key, _PADDED)
            for stream in rows.streams
            for key in stream.keys
        ]
        return SobolDesign(
            seed=seed,
            replicates=REPLICATES * 2**exponent // size,
            size=size,
            rows=rows,
            dimensions=np.array(dimensions, dtype=np.int64),
        )

    def replicate(self, r: int) -> Replicate:
        digits = self.size.bit_length() - 1
        lower = _unit_lower(words(self.rows.digests, r, Purpose.LOWER, digits), digits)
        generator = _generators(self.dimensions, self.rows.digests, r, digits)
        shift = _shifts(self.rows.digests, r, digits)

        def positions(strata: IntArray) -> IntArray:
            return _solve(lower, generator, strata ^ shift[:, None])

        matrix = _multiply(lower, generator)
        half = (digits + 1) // 2
        return _NetReplicate(
            tables=StratumTables.create(self.rows, self.seed, r, self.size, positions),
            rows=self.rows,
            low=_span(np.zeros_like(shift), matrix[:, :half]),
            high=_span(shift, matrix[:, half:]),
        )


@final
@dataclass(frozen=True, slots=True, eq=False)
class _NetReplicate(Replicate):
    tables: StratumTables
    rows: Rows
    low: IntArray
    """(rows, 2^a): the words of the lowest digits of a draw's number."""
    high: IntArray
    """(rows, N/2^a): those of the others, shift included; a stratum is the XOR of two words."""

    def strata(self, stream: int, start: int, stop: int) -> IntArray:
        """The strata (coordinates, draws) that a stream visits."""
        own = self.rows.of(stream)
        run = self.low.shape[1]
        first, last = start // run, -(-stop // run)
        grid = self.high[own, first:last, None] ^ self.low[own, None, :]
        flat = grid.reshape(grid.shape[0], -1)
        return flat[:, start - first * run : stop - first * run]

    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
        self.tables.look_up(stream, self.strata(stream, start, stop), start, out)


# Matrices over GF(2) as integer columns, (rows, digits): the highest bit of a column is its first
# digit. Column j of a generator belongs to bit j of the draw's number.


def _unit_lower(word: WordArray, digits: int) -> IntArray:
    """Random lower triangular matrices with unit diagonal; column k begins at digit k."""
    top = 1 << np.arange(digits - 1, -1, -1)
    return (word.astype(np.int64) & (top - 1)) | top


def _unit_upper(word: WordArray, digits: int) -> IntArray:
    """Random upper triangular matrices with unit diagonal; column k ends at digit k."""
    end = 1 << np.arange(digits - 1, -1, -1)
    return (word.astype(np.int64) & ((1 << digits) - 2 * end)) | end


def _generators(dimensions: IntArray, digest: WordArray, replicate: int, digits: int) -> IntArray:
    out = directions()[dimensions, :digits] >> (_DIGITS - digits)
    padded = np.flatnonzero(dimensions == _PADDED)
    out[padded] = _unit_upper(words(digest[padded], replicate, Purpose.UPPER, digits), digits)
    return out


def _shifts(digest: WordArray, replicate: int, digits: int) -> IntArray:
    return words(digest, replicate, Purpose.SHIFT, 1)[:, 0].astype(np.int64) & ((1 << digits) - 1)


def _multiply(lower: IntArray, generator: IntArray) -> IntArray:
    digits = lower.shape[1]
    out = np.zeros_like(generator)
    for k in range(digits):
        # Digit k of a column selects column k of the left factor.
        chosen = -((generator >> (digits - 1 - k)) & 1)
        out ^= chosen & lower[:, k, None]
    return out


def _solve(lower: IntArray, generator: IntArray, strata: IntArray) -> IntArray:
    """The draws (rows, k) whose words are `strata`: two triangular systems."""
    digits = lower.shape[1]
    middle = strata.copy()
    for k in range(digits):
        # Clears the digits below k as far as column k fills them; digit k itself stays.
        bit = 1 << (digits - 1 - k)
        middle ^= -((middle >> (digits - 1 - k)) & 1) & (lower[:, k, None] ^ bit)
    draw = np.zeros_like(middle)
    for j in range(digits - 1, -1, -1):
        digit = (middle >> (digits - 1 - j)) & 1
        middle ^= -digit & generator[:, j, None]
        draw |= digit << j
    return draw


def _span(shift: IntArray, columns: IntArray) -> IntArray:
    """All sums of columns, (rows, 2^columns), in natural order, by doubling."""
    count = columns.shape[1]
    out = np.empty((shift.size, 1 << count), dtype=np.int64)
    out[:, 0] = shift
    for j in range(count):
        np.bitwise_xor(out[:, : 1 << j], columns[:, j, None], out=out[:, 1 << j : 2 << j])
    return out
