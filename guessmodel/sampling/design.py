"""What a sampling method is: a seed, replicates of points, and draws by stream and block."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, final

import numpy as np

from guessmodel.graph.variates import QuantileFunction, StandardVariate
from guessmodel.numerics.arrays import FloatArray, IntArray
from guessmodel.sampling.mixing import WordArray, digests

__all__ = ["LARGEST", "REPLICATES", "Design", "Joined", "Replicate", "Rows", "Stream"]


REPLICATES: Final = 8
"""Independent replicates of a design of up to REPLICATES·LARGEST draws; above, a multiple of it."""
LARGEST: Final = 2**17
"""Draws in a replicate at most, which bounds the memory that a replicate needs."""


@final
@dataclass(frozen=True, slots=True)
class Stream:
    """One random quantity as the sampler sees it."""

    keys: tuple[str, ...]
    """The name of each coordinate; a scalar has one."""
    labelled: bool
    """Has a labelled dimension: such coordinates share components among themselves."""
    sources: tuple[QuantileFunction, ...]
    """One for all coordinates, or one for each."""
    name: str = ""
    """Of the variate; streams of one name are the same variate, in the shape of other sources."""
    kind: StandardVariate | None = None
    """What independent draws are made as before they are carried over to the sources; None: as
    what the sources are made as themselves."""
    jumps: tuple[tuple[float, ...], ...] = ()
    """For all coordinates, or for each: probabilities at which the value jumps, or something that
    is made of it, beside the jumps of the source itself."""

    def __post_init__(self) -> None:
        if not self.labelled and len(self.keys) != 1:
            raise ValueError(f"a scalar stream has one key, not {len(self.keys)}")
        if len(self.sources) not in (1, len(self.keys)):
            raise ValueError(f"{len(self.keys)} coordinates, {len(self.sources)} sources")
        if len(self.jumps) not in (0, 1, len(self.keys)):
            raise ValueError(f"{len(self.keys)} coordinates, {len(self.jumps)} with jumps")

    @property
    def owner(self) -> str:
        """The name of the quantity, else that of the first coordinate."""
        return self.name or self.keys[0]

    def source(self, coordinate: int) -> QuantileFunction:
        return self.sources[0] if len(self.sources) == 1 else self.sources[coordinate]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The coordinates of all streams, one after the other."""

    streams: tuple[Stream, ...]
    first: tuple[int, ...]
    """The row of the first coordinate of each stream, and the number of rows."""
    digests: WordArray
    """(rows,): the hash of seed and key."""
    by_source: tuple[tuple[QuantileFunction, IntArray], ...]
    """Every distinct source and the rows that use it."""
    source: IntArray
    """(rows,): which of these sources."""

    @staticmethod
    def create(seed: int, streams: Iterable[Stream]) -> Rows:
        streams = tuple(streams)
        keys = [key for stream in streams for key in stream.keys]
        if len(set(keys)) < len(keys):
            _check_owners(streams)
        first = [0]
        number: dict[QuantileFunction, int] = {}
        used: list[int] = []
        for stream in streams:
            own = [number.setdefault(source, len(number)) for source in stream.sources]
            used += own if len(own) == len(stream.keys) else own * len(stream.keys)
            first.append(len(used))
        source = np.array(used, dtype=np.int64)
        return Rows(
            streams=streams,
            first=tuple(first),
            digests=digests(seed, keys),
            by_source=tuple((each, np.flatnonzero(source == i)) for each, i in number.items()),
            source=source,
        )

    def of(self, stream: int) -> slice:
        """The rows of a stream."""
        return slice(self.first[stream], self.first[stream + 1])

    def __len__(self) -> int:
        return self.first[-1]


def _check_owners(streams: Iterable[Stream]) -> None:
    """Raise ValueError where two coordinates of one stream, or of two variates, have one key."""
    owners: dict[str, str] = {}
    for stream in streams:
        twice = len(set(stream.keys)) < len(stream.keys)
        for i, key in enumerate(stream.keys):
            if owners.setdefault(key, stream.owner) != stream.owner or (
                twice and key in stream.keys[:i]
            ):
                raise ValueError(f"two coordinates have the key '{key}'")


class Replicate(ABC):
    """One independent randomised point set; immutable, so that threads may share it."""

    @abstractmethod
    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
        """Write draws `start` to `stop` of a stream.

        Parameters
        ----------
        stream : int
            Its number in the order given to the design.
        start, stop : int
            Any block of [0, size).
        out : ndarray
            Shape (stop - start,) for scalars, (coordinates, stop - start) for labelled streams.
        """


class Design(ABC):
    """A sampling method with its seed, sizes and streams."""

    method: ClassVar[str]

    seed: int
    replicates: int
    """Number of replicates, R."""
    size: int
    """Draws in each replicate, N."""

    @property
    def n(self) -> int:
        """Draws in all: R·N."""
        return self.replicates * self.size

    @abstractmethod
    def replicate(self, r: int, spare: Replicate | None = None) -> Replicate:
        """Replicate number `r`: makes its tables, independently of any other.

        Parameters
        ----------
        spare : Replicate, optional
            One of this design that is no longer needed: its memory is used again (fresh memory
            costs more than the values), and it must not be read any more.
        """

    def values(self, streams: Sequence[Stream]) -> Iterator[tuple[int, int, FloatArray]]:
        """All values of the streams that it was made for: by replicate and number of the stream,
        shape (coordinates, N)."""
        for r in range(self.replicates):
            replicate = self.replicate(r)
            for k, stream in enumerate(streams):
                rows = np.empty((len(stream.keys), self.size))
                replicate.fill(k, 0, self.size, rows if stream.labelled else rows[0])
                yield r, k, rows

    joins: ClassVar[bool] = False
    """Whether neighbouring replicates can be made as one, which gains something."""

    def joined(self, replicates: range, spare: Replicate | None = None) -> Replicate:
        """Neighbouring replicates as one, whose draws come one replicate after the other: the
        same draws for fewer calls. `spare` is as in `replicate`."""
        raise NotImplementedError


@final
@dataclass(frozen=True, slots=True, eq=False)
class Joined(Design):
    """A design in which each replicate is some neighbouring ones of another."""

    method: ClassVar[str] = "joined"
    seed: int
    replicates: int
    size: int
    parts: Design
    together: int

    @staticmethod
    def of(design: Design, together: int) -> Joined:
        """`together` replicates as one; it divides their number."""
        replicates, size = design.replicates // together, together * design.size
        return Joined(design.seed, replicates, size, design, together)

    def replicate(self, r: int, spare: Replicate | None = None) -> Replicate:
        if self.together == 1:
            return self.parts.replicate(r, spare)
        return self.parts.joined(range(r * self.together, (r + 1) * self.together), spare)


def rounded_up(n: int) -> tuple[int, int]:
    """(replicates, size) for at least `n` draws."""
    replicates = REPLICATES * -(-n // (REPLICATES * LARGEST))
    return replicates, -(-n // replicates)
