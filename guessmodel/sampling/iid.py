"""Plain Monte Carlo: independent draws, one generator to each key and replicate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final, final

import numpy as np

from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling.design import Design, Replicate, Rows, Stream, rounded_up
from guessmodel.sampling.interpolation import carry_over, quantile_table
from guessmodel.sampling.mixing import Purpose, WordArray, generator, words
from guessmodel.sampling.work_memory import DRAWS, work_memory

__all__ = ["GROUP", "RandomDesign"]

GROUP: Final = 2**8
"""Draws that may use each other's uniform numbers: the normals of a pair are in one group."""
_AHEAD: Final = 2**11
"""Numbers of each coordinate that are made at once, for a call of NumPy's costs as much as 500."""
_MEMORY: Final = 2**21
"""Numbers made ahead at most."""
_LEAST: Final = 2.0**-54


@final
@dataclass(frozen=True, slots=True, eq=False)
class RandomDesign(Design):
    """Independent draws (SFC64), in replicates only so that all methods look alike."""

    method: ClassVar[str] = "random"
    seed: int
    replicates: int
    size: int
    rows: Rows

    @staticmethod
    def create(n: int, seed: int, streams: Iterable[Stream]) -> RandomDesign:
        """A design of at least `n` draws."""
        replicates, size = rounded_up(n)
        return RandomDesign(seed, replicates, size, Rows.create(seed, streams))

    def replicate(self, r: int, spare: Replicate | None = None) -> Replicate:
        return _RandomReplicate(
            self.rows, words(self.rows.digests, r, Purpose.UNIFORM, 3), self.size
        )


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Running:
    """The generators of a stream, and the numbers they have made ahead."""

    generators: list[np.random.Generator]
    begin: int
    end: int
    """Where the generators are."""
    ahead: FloatArray
    """(rows, end - begin), or none."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class _RandomReplicate(Replicate):
    """Blocks may come in any order, and are fast one after the other."""

    rows: Rows
    seeds: WordArray
    """(rows, 3)"""
    size: int
    running: dict[int, _Running] = field(default_factory=dict)
    """By stream; a thread takes it out while it works on the stream, another begins anew."""

    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
        begin, end = start // GROUP * GROUP, _whole_groups(stop)
        lines = out.reshape(-1, stop - start)
        running = self._running(stream, begin, end)
        sources, kind = self.rows.streams[stream].sources, self.rows.streams[stream].kind
        together = max(DRAWS // (end - begin), 1) if len(sources) == 1 else 1
        for first in range(0, len(lines), together):
            some = slice(first, first + together)
            line = lines[some]
            # Transforms overwrite them, and those made ahead may be wanted again.
            u = work_memory(len(line) * (end - begin)).reshape(len(line), -1)
            if running.ahead.size:
                u[...] = running.ahead[some, begin - running.begin : end - running.begin]
            else:
                _make(running.generators[some], u)
            target = line
            if line.shape != u.shape or not line.flags.c_contiguous:
                target = np.empty(u.shape)
            groups = (len(line), -1, GROUP)
            source = sources[first % len(sources)]
            if kind is not None:
                kind.transform(u.reshape(groups), target.reshape(groups))
                carry_over(target, kind, source)
            elif not source.transform(u.reshape(groups), target.reshape(groups)):
                quantile_table(source).evaluate(u.reshape(groups), target.reshape(groups))
            if target is not line:
                line[...] = target[:, start - begin : stop - begin]
        if running.end < self.size or end < running.end:
            self.running[stream] = running

    def _running(self, stream: int, begin: int, end: int) -> _Running:
        """Generators that have made the numbers from `begin` to `end`, or are at `begin`."""
        running = self.running.pop(stream, None)
        if running is not None and running.begin <= begin and end <= running.end:
            return running
        if running is not None and running.end == begin:
            generators = running.generators
        else:
            generators = [generator(seed) for seed in self.seeds[self.rows.of(stream)]]
            if begin:
                for each in generators:
                    each.bit_generator.random_raw(begin, output=False)
        length = min(_AHEAD, _MEMORY // len(generators), _whole_groups(self.size) - begin)
        length = length // GROUP * GROUP
        if length <= end - begin:
            return _Running(generators, begin, end, np.empty(0))
        ahead = np.empty((len(generators), length))
        _make(generators, ahead)
        return _Running(generators, begin, begin + length, ahead)


def _whole_groups(draws: int) -> int:
    return -(-draws // GROUP) * GROUP


def _make(generators: Sequence[np.random.Generator], out: FloatArray) -> None:
    for each, line in zip(generators, out, strict=True):
        each.random(out=line)
    if out.min() < _LEAST:  # zero, once in 2^53; to look costs a third of taking the maximum
        np.maximum(out, _LEAST, out=out)
