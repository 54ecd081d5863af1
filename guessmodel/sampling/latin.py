"""Latin hypercubes: each coordinate visits the strata in a random order of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, Final, final

import numpy as np
import numpy.typing as npt

from guessmodel.sampling.design import Design, Replicate, Rows, Stream, rounded_up
from guessmodel.sampling.mixing import Purpose, WordArray, words
from guessmodel.sampling.source import FloatArray
from guessmodel.sampling.strata import StratumTables

__all__ = ["LatinHypercubeDesign", "Permutations"]

IntArray = npt.NDArray[np.int64]

_Step = Callable[[IntArray, IntArray], IntArray]

_ROUNDS: Final = 3


@final
@dataclass(frozen=True, slots=True, eq=False)
class LatinHypercubeDesign(Design):
    """Independent Latin hypercubes of N strata."""

    method: ClassVar[str] = "lhs"
    seed: int
    replicates: int
    size: int
    rows: Rows

    @staticmethod
    def create(n: int, seed: int, streams: Iterable[Stream]) -> LatinHypercubeDesign:
        """At least `n` draws."""
        replicates, size = rounded_up(n)
        return LatinHypercubeDesign(seed, replicates, size, Rows.create(seed, streams))

    def replicate(self, r: int) -> Replicate:
        def positions(strata: IntArray) -> IntArray:
            return Permutations.create(self.rows.digests, r, self.size).inverse(strata)

        tables = StratumTables.create(self.rows, self.seed, r, self.size, positions)
        return _LatinReplicate(tables, self.rows, r, self.size)


@final
@dataclass(frozen=True, slots=True, eq=False)
class _LatinReplicate(Replicate):
    tables: StratumTables
    rows: Rows
    number: int
    size: int

    def strata(self, stream: int, start: int, stop: int) -> IntArray:
        """The strata (coordinates, draws) that a stream visits."""
        digest = self.rows.digests[self.rows.of(stream)]
        return Permutations.create(digest, self.number, self.size)(np.arange(start, stop))

    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
        self.tables.look_up(stream, self.strata(stream, start, stop), start, out)


@final
@dataclass(frozen=True, slots=True, eq=False)
class Permutations:
    """Keyed permutations of 0 … size - 1 that can be read anywhere without being stored.

    Numbers are laid on a grid just larger than `size`; six times, alternately, every row is rotated
    by a random amount and every column is (an unbalanced Feistel network with random round
    functions). Numbers that land outside `size` go on until they are inside ("cycle walking":
    J. Black and P. Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002).
    """

    size: int
    grid: tuple[int, int]
    rotations: tuple[IntArray, ...]
    """Alternately (permutations, grid rows) and (permutations, grid columns)."""

    @staticmethod
    def create(digest: WordArray, replicate: int, size: int) -> Permutations:
        """One permutation to a digest."""
        across = max(math.isqrt(size - 1) + 1, 1)
        down = -(-size // across)
        word = words(digest, replicate, Purpose.PERMUTATION, _ROUNDS * (across + down))
        rotations = []
        taken = 0
        for count, modulus in ((down, across), (across, down)) * _ROUNDS:
            high = word[:, taken : taken + count] >> np.uint64(32)
            rotations.append(((high * np.uint64(modulus)) >> np.uint64(32)).astype(np.int64))
            taken += count
        return Permutations(size, (down, across), tuple(rotations))

    def __call__(self, index: IntArray) -> IntArray:
        """Images (permutations, k) of `index` (k,)."""
        return self._walk(index, self._forward)

    def inverse(self, image: IntArray) -> IntArray:
        """The numbers (permutations, k) whose images are `image` (k,)."""
        return self._walk(image, self._backward)

    def _walk(self, start: IntArray, step: _Step) -> IntArray:
        own = np.arange(self.rotations[0].shape[0])
        at = step(own[:, None], start[None, :])
        while (outside := np.flatnonzero(at >= self.size)).size:
            flat = at.reshape(-1)
            flat[outside] = step(own[outside // start.size], flat[outside])
        return at

    def _forward(self, own: IntArray, index: IntArray) -> IntArray:
        down, across = self.grid
        row, column = np.divmod(index, across)
        for within_rows, within_columns in zip(
            self.rotations[::2], self.rotations[1::2], strict=True
        ):
            column = column + within_rows.reshape(-1)[own * down + row]
            np.subtract(column, across, out=column, where=column >= across)
            row = row + within_columns.reshape(-1)[own * across + column]
            np.subtract(row, down, out=row, where=row >= down)
        return row * across + column

    def _backward(self, own: IntArray, index: IntArray) -> IntArray:
        down, across = self.grid
        row, column = np.divmod(index, across)
        for within_rows, within_columns in zip(
            self.rotations[-2::-2], self.rotations[::-2], strict=True
        ):
            row = row - within_columns.reshape(-1)[own * across + column]
            np.add(row, down, out=row, where=row < 0)
            column = column - within_rows.reshape(-1)[own * down + row]
            np.add(column, across, out=column, where=column < 0)
        return row * across + column
