"""Latin hypercubes: each coordinate visits the strata in a random order of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, Final, final

import numpy as np
import numpy.typing as npt

from guessmodel.numerics.arrays import FloatArray, IntArray
from guessmodel.sampling.design import Design, Replicate, Rows, Stream, rounded_up
from guessmodel.sampling.jump_strata import Jumped, JumpStrata
from guessmodel.sampling.mixing import Purpose, WordArray, words
from guessmodel.sampling.outer_strata import OuterDraws, outer_strata, outer_values
from guessmodel.sampling.strata import Edges, StratumTables, tabulate
from guessmodel.sampling.work_memory import work_memory

__all__ = ["LatinHypercubeDesign", "Permutations"]


_Step = Callable[[list[IntArray], IntArray, IntArray, IntArray, IntArray], None]

_LARGE: Final = 2**12
_CHUNK: Final = 2**14


@final
@dataclass(frozen=True, slots=True, eq=False)
class LatinHypercubeDesign(Design):
    """Independent Latin hypercubes of N strata."""

    method: ClassVar[str] = "lhs"
    seed: int
    replicates: int
    size: int
    rows: Rows
    edges: tuple[Edges, ...]
    jumps: JumpStrata

    @staticmethod
    def create(n: int, seed: int, streams: Iterable[Stream]) -> LatinHypercubeDesign:
        """A design of at least `n` draws."""
        replicates, size = rounded_up(n)
        rows = Rows.create(seed, streams)
        edges = tabulate(rows, size)
        jumps = JumpStrata.create(rows, [own.jumps for own in edges], size)
        return LatinHypercubeDesign(seed, replicates, size, rows, edges, jumps)

    def replicate(self, r: int, spare: Replicate | None = None) -> Replicate:
        assert spare is None or isinstance(spare, _LatinReplicate)
        permutations = Permutations.create(self.rows.digests, r, self.size)
        replicates = np.array([r])
        position = permutations.inverse(outer_strata(self.size)).T[:, None].astype(np.int32)
        jumps = self.jumps
        jumped = permutations.inverse_of(jumps.row, jumps.stratum)[None]
        tables = StratumTables.create(
            self.rows,
            self.edges,
            self.seed,
            replicates,
            OuterDraws(position, outer_values(self.rows, replicates, self.size), self.size),
            Jumped(jumps, jumped, jumps.values(replicates)),
            None if spare is None else spare.tables,
        )
        return _LatinReplicate(tables, self.rows, permutations)


@final
@dataclass(frozen=True, slots=True, eq=False)
class _LatinReplicate(Replicate):
    tables: StratumTables
    rows: Rows
    permutations: Permutations

    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
        index = np.arange(start, stop)

        def strata(rows: slice) -> IntArray:
            shape = (rows.stop - rows.start, index.size)
            place = work_memory(math.prod(shape)).view(np.int64).reshape(shape)
            self.permutations.images(rows, index, place)
            if len(self.tables.table) > 1:
                place += self.rows.source[rows, None] * self.permutations.size
            return place

        self.tables.fill(stream, start, strata, out)


@final
@dataclass(frozen=True, slots=True, eq=False)
class Permutations:
    """Keyed permutations of 0 … size - 1 that can be read anywhere without being stored.

    Numbers are laid on a grid just larger than `size`; alternately, every row is rotated by a
    random amount and every column is (an unbalanced Feistel network with random round functions),
    until where one number goes says nothing of where another does: after two rounds what is left
    is of the order of 1/size. Numbers that land outside `size` go on until they are inside
    ("cycle walking": J. Black and P. Rogaway, "Ciphers with arbitrary finite domains", CT-RSA
    2002).
    """

    size: int
    grid: tuple[int, int]
    rotations: tuple[npt.NDArray[np.uint16], ...]
    """Alternately (permutations, grid rows) and (permutations, grid columns)."""

    @staticmethod
    def create(digest: WordArray, replicate: int, size: int) -> Permutations:
        """One permutation to a digest."""
        across = max(math.isqrt(size - 1) + 1, 1)
        down = -(-size // across)
        rounds = 2 if size >= _LARGE else 4
        word = words(digest, replicate, Purpose.PERMUTATION, rounds * (across + down))
        word >>= np.uint64(32)
        rotations = []
        taken = 0
        for count, modulus in ((down, across), (across, down)) * rounds:
            part = word[:, taken : taken + count] * np.uint64(modulus)
            rotations.append((part >> np.uint64(32)).astype(np.uint16))
            taken += count
        return Permutations(size, (down, across), tuple(rotations))

    def images(self, rows: slice, index: IntArray, out: IntArray) -> None:
        """Write the images (permutations, k) of `index` (k,) under the permutations `rows`."""
        rotations = [rotation[rows].astype(np.int64) for rotation in self.rotations]
        count = out.shape[0]
        together = max(min(_CHUNK // count, index.size), 1)
        work = np.empty((4, count, together), dtype=np.int64)
        for first in range(0, index.size, together):
            part = slice(first, first + together)
            self._walk(rotations, index[None, part], out[:, part], self._forward, work)

    def inverse(self, image: IntArray) -> IntArray:
        """The numbers (permutations, k) whose images are `image` (k,), for all permutations."""
        rotations = [rotation.astype(np.int64) for rotation in self.rotations]
        out = np.empty((rotations[0].shape[0], image.size), dtype=np.int64)
        work = np.empty((4, *out.shape), dtype=np.int64)
        self._walk(rotations, image[None, :], out, self._backward, work)
        return out

    def inverse_of(self, own: IntArray, image: IntArray) -> IntArray:
        """The number (k,) whose image under permutation `own` (k,) is `image` (k,)."""
        rotations = [rotation.astype(np.int64) for rotation in self.rotations]
        out = np.empty(image.size, dtype=np.int64)
        work = np.empty((4, image.size), dtype=np.int64)
        self._backward(rotations, own, image, out, work)
        self._until_inside(rotations, own, out, self._backward, work)
        return out

    def _walk(
        self, rotations: list[IntArray], start: IntArray, out: IntArray, step: _Step, work: IntArray
    ) -> None:
        own = np.arange(out.shape[0])[:, None]
        step(rotations, own, start, out, work[..., : out.shape[1]])
        self._until_inside(rotations, own, out, step, work)

    def _until_inside(
        self, rotations: list[IntArray], own: IntArray, out: IntArray, step: _Step, work: IntArray
    ) -> None:
        while out.max(initial=0) >= self.size:
            outside = np.nonzero(out >= self.size)
            again = out[outside]
            each = np.broadcast_to(own, out.shape)[outside]
            step(rotations, each, again, again, work.reshape(4, -1)[:, : again.size])
            out[outside] = again

    def _forward(
        self,
        rotations: list[IntArray],
        own: IntArray,
        index: IntArray,
        out: IntArray,
        work: IntArray,
    ) -> None:
        down, across = self.grid
        row, column, place, added = self._on_grid(index, work)
        for within_rows, within_columns in zip(rotations[::2], rotations[1::2], strict=True):
            column += _look_up(within_rows, own, row, place, added)
            _reduce(column, across, added)
            row += _look_up(within_columns, own, column, place, added)
            _reduce(row, down, added)
        row *= across
        np.add(row, column, out=out)

    def _backward(
        self,
        rotations: list[IntArray],
        own: IntArray,
        index: IntArray,
        out: IntArray,
        work: IntArray,
    ) -> None:
        down, across = self.grid
        row, column, place, added = self._on_grid(index, work)
        for within_rows, within_columns in zip(rotations[-2::-2], rotations[::-2], strict=True):
            row += down
            row -= _look_up(within_columns, own, column, place, added)
            _reduce(row, down, added)
            column += across
            column -= _look_up(within_rows, own, row, place, added)
            _reduce(column, across, added)
        row *= across
        np.add(row, column, out=out)

    def _on_grid(self, index: IntArray, work: IntArray) -> IntArray:
        row, column, place, _ = work
        np.floor_divide(index, self.grid[1], out=row)
        np.multiply(row, self.grid[1], out=place)
        np.subtract(index, place, out=column)
        return work


def _look_up(
    table: IntArray, own: IntArray, index: IntArray, place: IntArray, out: IntArray
) -> IntArray:
    """Entry `index` of row `own` of a table."""
    if len(table) > 1:
        index = np.add(index, own * table.shape[1], out=place)
    return np.take(table, index, out=out, mode="clip")


def _reduce(value: IntArray, modulus: int, work_memory: IntArray) -> None:
    """Take `modulus` off where it can be; unsigned, a negative difference is the larger one."""
    np.subtract(value, modulus, out=work_memory)
    unsigned = value.view(np.uint64)
    np.minimum(unsigned, work_memory.view(np.uint64), out=unsigned)
