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
from guessmodel.sampling.strata import OUTER, Edges, StratumTables, outer_values, patches, tabulate

__all__ = ["DIMENSIONS", "SobolDesign", "assign", "directions"]

IntArray = npt.NDArray[np.int64]

DIMENSIONS: Final = 256
_DIGITS: Final = LARGEST.bit_length() - 1
_PADDED: Final = -1
_TOGETHER: Final = 2048


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
class _Scrambles:
    """What names and replicates decide; one array for all, as each step costs a NumPy call."""

    matrix: IntArray
    """(replicates, rows, digits): columns over GF(2)."""
    shift: IntArray
    """(replicates, rows)"""
    position: IntArray
    """(replicates, rows, k): the draws that visit the outer strata."""
    value: FloatArray
    """(replicates, rows, k): their values."""

    @staticmethod
    def create(rows: Rows, dimensions: IntArray, replicates: IntArray, size: int) -> _Scrambles:
        digits = size.bit_length() - 1
        lower = _unit_lower(words(rows.digests, replicates, Purpose.LOWER, digits))
        generator = _generators(dimensions, rows.digests, replicates, digits)
        shift = words(rows.digests, replicates, Purpose.SHIFT, 1)[..., 0].astype(np.int64)
        shift &= size - 1
        return _Scrambles(
            matrix=_multiply(lower, generator),
            shift=shift,
            position=_positions(lower, generator, shift),
            value=outer_values(rows, replicates, size),
        )


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
    edges: tuple[Edges, ...]
    dimensions: IntArray
    """(rows,): the Sobol' dimension of each coordinate, -1 if padded."""
    scrambles: _Scrambles | None
    """Of all replicates, unless they are many."""

    @staticmethod
    def create(
        n: int,
        seed: int,
        streams: Iterable[Stream],
        universe: Iterable[str] = (),
        *,
        ordered: bool = False,
    ) -> SobolDesign:
        """At least `n` draws; `universe` has the scalar keys of another model to share with.

        `ordered` gives the streams the first dimensions in their own order, most important first,
        for a net that nobody compares with another.
        """
        rows = Rows.create(seed, streams)
        exponent = max(-(-n // REPLICATES) - 1, 0).bit_length()
        size = min(2**exponent, LARGEST)
        replicates = REPLICATES * 2**exponent // size
        scalars = [stream.keys[0] for stream in rows.streams if not stream.labelled]
        owned = (
            {key: d for d, key in enumerate(scalars) if d < len(directions())}
            if ordered
            else assign([*scalars, *universe])
        )
        dimensions = np.array(
            [
                _PADDED if stream.labelled else owned.get(key, _PADDED)
                for stream in rows.streams
                for key in stream.keys
            ],
            dtype=np.int64,
        )
        few = replicates * len(rows) <= _TOGETHER
        scrambles = (
            _Scrambles.create(rows, dimensions, np.arange(replicates), size) if few else None
        )
        edges = tabulate(rows, size)
        return SobolDesign(seed, replicates, size, rows, edges, dimensions, scrambles)

    def replicate(self, r: int, spare: Replicate | None = None) -> Replicate:
        assert spare is None or isinstance(spare, _Nets)
        return self._nets(np.array([r]), None if spare is None else spare.tables)

    def together(self) -> Replicate | None:
        return self._nets(np.arange(self.replicates), None)

    def _nets(self, replicates: IntArray, spare: StratumTables | None) -> _Nets:
        if self.scrambles is not None:
            scrambles, own = self.scrambles, replicates
        else:
            scrambles = _Scrambles.create(self.rows, self.dimensions, replicates, self.size)
            own = np.arange(replicates.size)
        matrix, shift = scrambles.matrix[own], scrambles.shift[own]
        # Draws and strata of the k-th net begin with k * N, here and in the tables.
        shift = shift | (np.arange(own.size) * self.size)[:, None]
        half = (matrix.shape[-1] + 1) // 2
        position, value = scrambles.position[own], scrambles.value[own]
        return _Nets(
            tables=StratumTables.create(
                self.rows,
                self.edges,
                self.seed,
                replicates,
                self.size,
                patches(self.rows, position, value, self.size),
                spare,
            ),
            rows=self.rows,
            low=_span(np.zeros_like(shift), matrix[..., :half]),
            high=_span(shift, matrix[..., half:]),
        )


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Nets(Replicate):
    """Nets one after the other; mostly one."""

    tables: StratumTables
    rows: Rows
    low: IntArray
    """(nets, rows, 2^a): the words of the lowest digits of a draw's number."""
    high: IntArray
    """(nets, rows, N/2^a): those of the others, shift included; a stratum is the XOR of two."""

    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
        first_row = self.rows.first[stream]
        run = self.low.shape[-1]
        size = run * self.high.shape[-1]
        net, last_net = start // size, -(-stop // size)
        nets = slice(net, last_net)
        if last_net - net == 1:
            first, last = (start - net * size) // run, -(-(stop - net * size) // run)
        else:
            first, last = 0, self.high.shape[-1]
        begin = net * size + first * run
        whole = begin == start and stop - start == (last_net - net) * (last - first) * run

        def strata(own: slice, place: IntArray) -> IntArray:
            rows = slice(first_row + own.start, first_row + own.stop)
            high = self.high[nets, rows, first:last, None].swapaxes(0, 1)
            low = self.low[nets, rows, None, :].swapaxes(0, 1)
            if whole:
                shape = (place.shape[0], last_net - net, last - first, run)
                np.bitwise_xor(high, low, out=place.reshape(shape))
                return place
            covering = (high ^ low).reshape(place.shape[0], -1)
            return covering[:, start - begin : stop - begin]

        self.tables.fill(stream, start, strata, out)


# Matrices over GF(2) as integer columns, (…, digits): the highest bit of a column is its first
# digit. Column j of a generator belongs to bit j of the draw's number.


def _unit_lower(word: WordArray) -> IntArray:
    """Random lower triangular matrices with unit diagonal; column k begins at digit k."""
    top = 1 << np.arange(word.shape[-1] - 1, -1, -1)
    out: IntArray = word.astype(np.int64)
    out &= top - 1
    out |= top
    return out


def _unit_upper(word: WordArray) -> IntArray:
    """Random upper triangular matrices with unit diagonal; column k ends at digit k."""
    digits = word.shape[-1]
    end = 1 << np.arange(digits - 1, -1, -1)
    out: IntArray = word.astype(np.int64)
    out &= (1 << digits) - 2 * end
    out |= end
    return out


def _generators(
    dimensions: IntArray, digest: WordArray, replicates: IntArray, digits: int
) -> IntArray:
    out = np.empty((replicates.size, dimensions.size, digits), dtype=np.int64)
    out[:] = directions()[dimensions, :digits] >> (_DIGITS - digits)
    padded = np.flatnonzero(dimensions == _PADDED)
    out[:, padded] = _unit_upper(words(digest[padded], replicates, Purpose.UPPER, digits))
    return out


def _multiply(lower: IntArray, generator: IntArray) -> IntArray:
    # Digit k of a column of the right factor selects column k of the left one.
    digit = generator[..., None, :] >> np.arange(lower.shape[-1] - 1, -1, -1)[:, None]
    digit &= 1
    digit *= lower[..., None]
    out: IntArray = np.bitwise_xor.reduce(digit, axis=-2)
    return out


def _solve(lower: IntArray, generator: IntArray, strata: IntArray) -> IntArray:
    """The draws (…, k) whose words are `strata` (…, k): two triangular systems."""
    digits = lower.shape[-1]
    rest = strata.copy()
    for k in range(digits):
        # Digit k stays: it is digit k of the solution of the lower system.
        digit = rest >> (digits - 1 - k)
        digit &= 1
        digit *= lower[..., k, None] ^ (1 << (digits - 1 - k))
        rest ^= digit
    draw = np.zeros_like(rest)
    for j in range(digits - 1, -1, -1):
        digit = rest >> (digits - 1 - j)
        digit &= 1
        draw |= digit << j
        digit *= generator[..., j, None]
        rest ^= digit
    return draw


def _positions(lower: IntArray, generator: IntArray, shift: IntArray) -> IntArray:
    """The draws (…, k) that visit `outer_strata`: an affine space, so that few need solving."""
    digits = lower.shape[-1]
    bits = 1 << np.arange(digits)
    if 1 << digits > 2 * OUTER:
        bits = np.append(bits[bits < OUTER], bits[-1])
    basis = np.broadcast_to(bits, (*shift.shape, bits.size))
    solved = _solve(lower, generator, np.concatenate((shift[..., None], basis), axis=-1))
    return _span(solved[..., 0], solved[..., 1:])


def _span(shift: IntArray, columns: IntArray) -> IntArray:
    """`shift` plus all sums of columns, (…, 2^columns), in natural order, by doubling."""
    count = columns.shape[-1]
    out = np.empty((*shift.shape, 1 << count), dtype=np.int64)
    out[..., 0] = shift
    for j in range(count):
        np.bitwise_xor(out[..., : 1 << j], columns[..., j, None], out=out[..., 1 << j : 2 << j])
    return out
