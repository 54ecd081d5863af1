"""Random bits from names: a digest of (seed, key) expanded by a counter.

A model may have ten thousand coordinates, so nothing here makes an object per key: digests are one
array, and each is the start of its own SplitMix64 sequence.
"""

from __future__ import annotations

import enum
import hashlib
import operator
from collections.abc import Sequence
from typing import final

import numpy as np
import numpy.typing as npt
from numpy.random.bit_generator import ISeedSequence

from guessmodel.numerics.arrays import FloatArray, IntArray

__all__ = [
    "Purpose",
    "WordArray",
    "digests",
    "fractions",
    "generator",
    "key_hash",
    "layers",
    "numbered",
    "words",
]

WordArray = npt.NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


@final
class Purpose(enum.IntEnum):
    """What words are for: each purpose has a sequence of its own."""

    JITTER = 0
    LOWER = 1
    COMPONENT = 2
    SHIFT = 3
    OUTER = 4
    PERMUTATION = 5
    UNIFORM = 6
    SLOTS = 7
    FACTOR = 8
    JUMP = 9


def key_hash(key: str) -> int:
    """64 bits that depend on the name alone (BLAKE2b)."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")


def digests(seed: int, keys: Sequence[str]) -> WordArray:
    """64 bits for each key under a seed, which may be any integer (BLAKE2b keyed by the seed)."""
    seed = operator.index(seed)
    size = seed.bit_length() // 8 + 1
    secret = hashlib.blake2b(seed.to_bytes(size, "little", signed=True), digest_size=32).digest()
    keyed = hashlib.blake2b(digest_size=8, key=secret)
    parts = []
    for key in keys:
        one = keyed.copy()
        one.update(key.encode())
        parts.append(one.digest())
    return np.frombuffer(b"".join(parts), dtype="<u8").astype(np.uint64)


def _mix(z: WordArray) -> WordArray:
    # The output function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), in place.
    shifted = z >> np.uint64(30)
    z ^= shifted
    z *= _FIRST
    z ^= np.right_shift(z, np.uint64(27), out=shifted)
    z *= _SECOND
    z ^= np.right_shift(z, np.uint64(31), out=shifted)
    return z


def _states(digest: WordArray, replicate: int | IntArray, purpose: Purpose) -> WordArray:
    salt = np.asarray(replicate, dtype=np.uint64)[..., None] + np.uint64((int(purpose) << 48) + 1)
    return _mix(digest ^ _mix(salt))


def _counters(first: int, count: int) -> WordArray:
    return np.arange(first + 1, first + count + 1, dtype=np.uint64) * _GOLDEN


def words(
    digest: WordArray,
    replicate: int | IntArray,
    purpose: Purpose,
    count: int,
    first: int = 0,
) -> WordArray:
    """Words number `first` to `first + count` of each digest in each replicate.

    Returns
    -------
    ndarray
        Shape (*replicate.shape, digests, count).
    """
    state = _states(digest, replicate, purpose)
    return _mix(state[..., None] + _counters(first, count))


def layers(digest: WordArray, replicate: IntArray, purpose: Purpose, count: int) -> WordArray:
    """The first words of each digest, number by number: shape (count, replicates, digests).

    For what is computed alike for all digests: NumPy is fastest along the last axis.
    """
    state = _states(digest, replicate, purpose)
    return _mix(_counters(0, count)[:, None, None] + state)


def numbered(
    digest: WordArray,
    replicate: IntArray,
    purpose: Purpose,
    number: IntArray,
) -> WordArray:
    """One word of each digest, which has a number of its own: shape (replicates, digests)."""
    count = number.astype(np.uint64) + np.uint64(1)
    return _mix(_states(digest, replicate, purpose) + count * _GOLDEN)


def fractions(word: WordArray) -> FloatArray:
    """Uniform numbers strictly between 0 and 1, from the upper 52 bits."""
    # With 53 bits the largest would round to 1.
    return ((word >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


@final
class _Words(ISeedSequence):
    """Words that are random already: seeding SFC64 with them costs 1 µs, with a SeedSequence 6."""

    def __init__(self, word: WordArray) -> None:
        self._word = word

    def generate_state(
        self, n_words: int, dtype: npt.DTypeLike = np.uint32
    ) -> npt.NDArray[np.uint32 | np.uint64]:
        if n_words != self._word.size or np.dtype(dtype) != self._word.dtype:
            raise ValueError(f"{self._word.size} words of 64 bits, not {n_words} of {dtype}")
        return self._word


def generator(word: WordArray) -> np.random.Generator:
    """A generator (SFC64) seeded by three random words."""
    # NumPy documents that it takes any ISeedSequence; its stubs know SeedSequence alone.
    return np.random.Generator(np.random.SFC64(_Words(word)))  # type: ignore[arg-type]
