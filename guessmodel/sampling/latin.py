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
from guessmodel.sampling.strata import StratumTables, outer_strata, outer_values, patches

__all__ = ["LatinHypercubeDesign", "Permutations"]

IntArray = npt.NDArray[np.int64]

_Step = Callable[[int, IntArray, IntArray], None]

_LARGE: Final = 2**12
_CHUNK: Final = 2**12


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

    def replicate(self, r: int, spare: Replicate | None = None) -> Replicate:
        assert spare is None or isinstance(spare, _LatinReplicate)
        position = Permutations.create(self.rows.digests, r, self.size).inverse(
            outer_strata(self.size)
        )
        value = outer_values(self.rows, np.array([r]), self.size)[0]
        tables = StratumTables.create(
            self.rows,
            self.seed,
            r,
            self.size,
            patches(self.rows, position, value),
            None if spare is None else spare.tables,
        )
        return _LatinReplicate(tables, self.rows, r, self.size)


@final
@dataclass(frozen=True, slots=True, eq=False)
class _LatinReplicate(Replicate):
    tables: StratumTables
    rows: Rows
    number: int
    size: int

    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
        first_row = self.rows.first[stream]
        index = np.arange(start, stop)

        def strata(own: slice, place: IntArray) -> IntArray:
            digests = self.rows.digests[first_row + own.start : first_row + own.stop]
            Permutations.create(digests, self.number, self.size)(index, place)
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
    rotations: tuple[IntArray, ...]
    """Alternately (permutations, grid rows) and (permutations, grid columns)."""

    @staticmethod
    def create(digest: WordArray, replicate: int, size: int) -> Permutations:
        """One permutation to a digest."""
        across = max(math.isqrt(size - 1) + 1, 1)
        down = -(-size // across)
        rounds = 2 if size >= _LARGE else 4
        word = words(digest, replicate, Purpose.PERMUTATION, rounds * (across + down))
        rotations = []
        taken = 0
        for count, modulus in ((down, across), (across, down)) * rounds:
            high = word[:, taken : taken + count] >> np.uint64(32)
            rotations.append(((high * np.uint64(modulus)) >> np.uint64(32)).astype(np.int64))
            taken += count
        return Permutations(size, (down, across), tuple(rotations))

    def __call__(self, index: IntArray, out: IntArray) -> None:
        """Write the images (permutations, k) of `index` (k,)."""
        self._walk(index, self._forward, out)

    def inverse(self, image: IntArray) -> IntArray:
        """The numbers (permutations, k) whose images are `image` (k,)."""
        out = np.empty((self.rotations[0].shape[0], image.size), dtype=np.int64)
        self._walk(image, self._backward, out)
        return out

    def _walk(self, start: IntArray, step: _Step, out: IntArray) -> None:
        for own, line in enumerate(out):
            for first in range(0, start.size, _CHUNK):
                at = line[first : first + _CHUNK]
                step(own, start[first : first + _CHUNK], at)
                while at.max() >= self.size:
                    outside = np.flatnonzero(at >= self.size)
                    again = at[outside]
                    step(own, again, again)
                    at[outside] = again

    def _forward(self, own: int, index: IntArray, out: IntArray) -> None:
        down, across = self.grid
        row = index // across
        column = index - row * across
        added = np.empty_like(row)
        for rotation in range(0, len(self.rotations), 2):
            column += np.take(self.rotations[rotation][own], row, out=added, mode="clip")
            _reduce(column, across, added)
            row += np.take(self.rotations[rotation + 1][own], column, out=added, mode="clip")
            _reduce(row, down, added)
        row *= across
        np.add(row, column, out=out)

    def _backward(self, own: int, index: IntArray, out: IntArray) -> None:
        down, across = self.grid
        row = index // across
        column = index - row * across
        added = np.empty_like(row)
        for rotation in range(len(self.rotations) - 2, -1, -2):
            row += down
            row -= np.take(self.rotations[rotation + 1][own], column, out=added, mode="clip")
            _reduce(row, down, added)
            column += across
            column -= np.take(self.rotations[rotation][own], row, out=added, mode="clip")
            _reduce(column, across, added)
        row *= across
        np.add(row, column, out=out)


def _reduce(value: IntArray, modulus: int, scratch: IntArray) -> None:
    """Take `modulus` off where it can be; unsigned, a negative difference is the larger one."""
    np.subtract(value, modulus, out=scratch)
    unsigned = value.view(np.uint64)
    np.minimum(unsigned, scratch.view(np.uint64), out=unsigned)
