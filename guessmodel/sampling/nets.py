"""Randomised polynomial lattice rules whose components are owned by names."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final, final

import numpy as np

from guessmodel.numerics.arrays import FloatArray, IntArray
from guessmodel.sampling.design import LARGEST, REPLICATES, Design, Replicate, Rows, Stream
from guessmodel.sampling.jump_strata import Jumped, JumpStrata
from guessmodel.sampling.lattice import DigitArray, columns, components, raised
from guessmodel.sampling.mixing import Purpose, WordArray, layers, words
from guessmodel.sampling.outer_strata import OUTER, OuterDraws, PlaceArray, outer_values
from guessmodel.sampling.slots import Slots
from guessmodel.sampling.strata import Edges, StratumTables, tabulate
from guessmodel.sampling.work_memory import work_memory

__all__ = ["NetDesign"]

_TOGETHER: Final = 2048
_LOW: Final = 6
"""Digits of a run at least: NumPy begins anew with each."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Scrambles:
    """What names and replicates decide; one array for all, as each step costs a NumPy call."""

    matrix: DigitArray
    """(digits, replicates, rows): columns over GF(2)."""
    shift: DigitArray
    """(replicates, rows)"""
    position: PlaceArray
    """(k, replicates, rows): the draws that visit the outer strata."""
    value: FloatArray
    """(k, replicates, rows): their values."""
    jump_position: IntArray
    """(replicates, pairs): the draws that visit the jump strata."""
    jump_value: FloatArray
    """(replicates, pairs): their values."""

    @staticmethod
    def create(
        rows: Rows, slots: Slots, jumps: JumpStrata, replicates: IntArray, size: int
    ) -> _Scrambles:
        table = components(size.bit_length() - 1)
        digits = size.bit_length() - 1
        lower = _unit_lower(layers(rows.digests, replicates, Purpose.LOWER, digits))
        exponent = slots.exponents(rows, table, replicates)
        component, inverse = raised(np.stack((exponent, -exponent)), digits)
        shift = words(rows.digests, replicates, Purpose.SHIFT, 1)[..., 0].astype(np.uint32)
        shift &= size - 1
        inverses = columns(inverse, digits)
        own = shift[:, jumps.row] ^ jumps.stratum.astype(np.uint32)
        if own.size:
            own = _solve(lower[..., jumps.row], inverses[..., jumps.row], own)
        return _Scrambles(
            matrix=_multiply(lower, columns(component, digits)),
            shift=shift,
            position=_positions(lower, inverses, shift).view(np.int32),
            value=outer_values(rows, replicates, size),
            jump_position=own.astype(np.int64),
            jump_value=jumps.values(replicates),
        )


@final
@dataclass(frozen=True, slots=True, eq=False)
class NetDesign(Design):
    """Nets in base 2 with linear matrix scramble and digital shift.

    Draw number i of a coordinate visits the stratum M·i XOR d over GF(2). M is a random lower unit
    triangular matrix times the multiplication by the coordinate's component, so that every stratum
    is visited once.
    """

    method: ClassVar[str] = "nets"
    joins: ClassVar[bool] = True
    seed: int
    replicates: int
    size: int
    rows: Rows
    edges: tuple[Edges, ...]
    jumps: JumpStrata
    slots: Slots
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
    ) -> NetDesign:
        """A design of at least `n` draws; `universe` has the scalar keys of another model to share
        with.

        `ordered` gives the streams the first components in their own order, most important first,
        for a net that nobody compares with another.
        """
        rows = Rows.create(seed, streams)
        exponent = max(-(-n // REPLICATES) - 1, 0).bit_length()
        size = min(2**exponent, LARGEST)
        replicates = REPLICATES * 2**exponent // size
        table = components(size.bit_length() - 1)
        slots = Slots.create(seed, rows, table, universe, ordered=ordered)
        edges = tabulate(rows, size)
        jumps = JumpStrata.create(rows, [own.jumps for own in edges], size)
        few = 0 < replicates * len(rows) <= _TOGETHER
        scrambles = (
            _Scrambles.create(rows, slots, jumps, np.arange(replicates), size) if few else None
        )
        return NetDesign(seed, replicates, size, rows, edges, jumps, slots, scrambles)

    def replicate(self, r: int, spare: Replicate | None = None) -> Replicate:
        assert spare is None or isinstance(spare, _Nets)
        return self._nets(np.array([r]), None if spare is None else spare.tables)

    def joined(self, replicates: range, spare: Replicate | None = None) -> Replicate:
        assert spare is None or isinstance(spare, _Nets)
        return self._nets(np.array(replicates), None if spare is None else spare.tables)

    def _nets(self, replicates: IntArray, spare: StratumTables | None) -> _Nets:
        if self.scrambles is not None:
            scrambles = self.scrambles
            own = slice(int(replicates[0]), int(replicates[-1]) + 1)
        else:
            scrambles = _Scrambles.create(self.rows, self.slots, self.jumps, replicates, self.size)
            own = slice(None)
        outer = OuterDraws(scrambles.position[:, own], scrambles.value[:, own], self.size)
        jumped = Jumped(self.jumps, scrambles.jump_position[own], scrambles.jump_value[own])
        matrix, shift = scrambles.matrix[:, own], scrambles.shift[own]
        # Strata of the k-th net begin with k * N, those of the next source after all nets.
        begin = np.arange(replicates.size)[:, None] + self.rows.source * replicates.size
        low = min(max((len(matrix) + 1) // 2, _LOW), len(matrix))
        return _Nets(
            tables=StratumTables.create(
                self.rows, self.edges, self.seed, replicates, outer, jumped, spare
            ),
            rows=self.rows,
            low=_by_row(_span(np.zeros_like(shift), matrix[:low])),
            high=_by_row(_span(shift | (begin * self.size).astype(np.uint32), matrix[low:])),
        )


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Nets(Replicate):
    """Nets one after the other; mostly one."""

    tables: StratumTables
    rows: Rows
    low: DigitArray
    """(nets, rows, 2^a): the words of the lowest digits of a draw's number."""
    high: DigitArray
    """(nets, rows, N/2^a): those of the others, shift included; a stratum is the XOR of two."""

    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
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

        def strata(rows: slice) -> DigitArray:
            high = self.high[nets, rows, first:last, None].swapaxes(0, 1)
            low = self.low[nets, rows, None, :].swapaxes(0, 1)
            shape = (high.shape[0], last_net - net, last - first, run)
            covering = (
                work_memory(math.prod(shape)).view(np.uint32)[: math.prod(shape)].reshape(shape)
            )
            np.bitwise_xor(high, low, out=covering)
            strata = covering.reshape(shape[0], -1)
            return strata if whole else strata[:, start - begin : stop - begin]

        self.tables.fill(stream, start, strata, out)


# Matrices over GF(2) as integer columns, (digits, …): the highest bit of a column is its first
# digit. Column j of a generator belongs to bit j of the draw's number.


def _unit_lower(word: WordArray) -> DigitArray:
    """Random lower triangular matrices with unit diagonal; column k begins at digit k."""
    top = _on_first_axis(1 << np.arange(len(word) - 1, -1, -1), word)
    out = word.astype(np.uint32)
    out &= top - 1
    out |= top
    return out


def _on_first_axis(numbers: IntArray, like: WordArray) -> DigitArray:
    return numbers.astype(np.uint32).reshape(-1, *(1,) * (like.ndim - 1))


def _multiply(lower: DigitArray, generator: DigitArray) -> DigitArray:
    # Digit k of a column of the right factor selects column k of the left one.
    out = np.zeros_like(generator)
    digit = np.empty_like(generator)
    for k, column in enumerate(lower):
        np.right_shift(generator, len(lower) - 1 - k, out=digit)
        digit &= 1
        digit *= column
        out ^= digit
    return out


def _solve(lower: DigitArray, inverse: DigitArray, strata: DigitArray) -> DigitArray:
    """The draws (k, …) whose words are `strata` (k, …): a triangular system, and a product with
    the inverse of the component."""
    digits = len(lower)
    rest = strata.copy()
    draw = np.zeros_like(rest)
    digit = np.empty_like(rest)
    for k, column in enumerate(lower):
        np.right_shift(rest, digits - 1 - k, out=digit)
        digit &= 1
        draw ^= digit * inverse[digits - 1 - k]
        digit *= column
        rest ^= digit
    return draw


def _positions(lower: DigitArray, inverse: DigitArray, shift: DigitArray) -> DigitArray:
    """The draws (k, …) that visit `outer_strata`: an affine space, so that few need solving."""
    digits = len(lower)
    bits = 1 << np.arange(digits)
    if 1 << digits > 2 * OUTER:
        bits = np.append(bits[bits < OUTER], bits[-1])
    wanted = np.empty((bits.size + 1, *shift.shape), dtype=np.uint32)
    wanted[0] = shift
    wanted[1:] = _on_first_axis(bits, wanted)
    solved = _solve(lower, inverse, wanted)
    return _span(solved[0], solved[1:])


def _span(shift: DigitArray, columns: DigitArray) -> DigitArray:
    """The sums of `shift` and any of some columns, (2^columns, …), in natural order, by
    doubling."""
    out = np.empty((1 << len(columns), *shift.shape), dtype=np.uint32)
    out[0] = shift
    for j, column in enumerate(columns):
        np.bitwise_xor(out[: 1 << j], column, out=out[1 << j : 2 << j])
    return out


def _by_row(words: DigitArray) -> DigitArray:
    return np.ascontiguousarray(words.transpose(1, 2, 0))
