"""Polynomial lattice rules: nets whose components are elements of the field GF(2^m).

Elements are polynomials in x over GF(2), modulo a primitive polynomial, so that every element but 0
is a power of x; components are kept as exponents. As an integer an element has the coefficient of
x^(m-1) as its highest bit. Draw number i of the component a visits the stratum a·i, where i and the
stratum are elements too.

H. Niederreiter, "Low-discrepancy point sets obtained by digital constructions over finite fields",
Czechoslovak Math. J. 42 (1992).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, final

import numpy as np
import numpy.typing as npt

from guessmodel.numerics.arrays import IntArray

__all__ = ["MOST", "POLYNOMIALS", "Components", "columns", "components", "product", "raised"]

DigitArray = npt.NDArray[np.uint32]

POLYNOMIALS: Final = (
    *(0x1, 0x3, 0x7, 0xB, 0x13, 0x25, 0x43, 0x83, 0x11D),
    *(0x211, 0x409, 0x805, 0x1053, 0x201B, 0x4443, 0x8003, 0x1100B, 0x20009),
)
"""A primitive polynomial of each degree m, from W. Stahnke, "Primitive binary polynomials", Math.
Comp. 27 (1973); bit k is the coefficient of x^k."""
MOST: Final = len(POLYNOMIALS) - 1
_LISTED: Final = 256


@final
@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """The components of nets of 2^m draws, as exponents.

    Attributes
    ----------
    listed : the best ones, each chosen to go well with all before it: the first `buckets` are for
        the names that come first in their bucket, the next `buckets` for those that come last
    buckets : how many buckets names are hashed to
    others : the better half of all components beside these
    count : 2^m - 1, the number of all
    """

    listed: IntArray
    buckets: int
    others: IntArray
    count: int


def buckets(m: int) -> int:
    """Into how many buckets names are hashed for nets of 2^m draws.

    More components than these are too much alike: pairs of them are no better than padding.
    """
    for most, number in ((1, 1), (2, 1), (3, 2), (4, 4), (6, 8), (8, 16), (10, 32), (13, 64)):
        if m <= most:
            return number
    return 128


@lru_cache(maxsize=MOST + 1)
def components(m: int) -> Components:
    """The table that `guessmodel.sampling.lattice_search` made for m."""
    folder = Path(__file__).parent
    count = (1 << m) - 1
    number = buckets(m)
    listed = np.load(folder / "lattice_listed.npy")[m].astype(np.int64)
    # Bit 2^m - 1 + e says of exponent e whether it is among the better half.
    bits = np.load(folder / "lattice_others.npy", mmap_mode="r")
    first, last = count >> 3, ((2 * count) >> 3) + 1
    flags = np.unpackbits(np.asarray(bits[first:last]), bitorder="little")
    others = np.flatnonzero(flags[count - 8 * first :][:count])
    return Components(listed[: min(_LISTED, max(count, 1))], number, others, max(count, 1))


def product(a: DigitArray, b: DigitArray, m: int) -> DigitArray:
    """The product of elements, one by one."""
    out = np.zeros(np.broadcast_shapes(a.shape, b.shape), dtype=np.uint32)
    for column in reversed(range(m)):
        out = _times_x(out, m)
        out ^= a * ((b >> np.uint32(column)) & np.uint32(1))
    return out


def columns(a: DigitArray, m: int) -> DigitArray:
    """The multiplication by `a` as a matrix over GF(2): column j, (m, …), is a·x^j."""
    out = np.empty((m, *a.shape), dtype=np.uint32)
    for column in out:
        column[...] = a
        a = _times_x(a, m)
    return out


def raised(exponent: IntArray, m: int) -> DigitArray:
    """x to some powers; exponents may be any whole numbers."""
    small, large = _powers(m)
    e = exponent % max((1 << m) - 1, 1)
    return product(small[e % small.size], large[e // small.size], m)


def _times_x(a: DigitArray, m: int) -> DigitArray:
    overflow = a >> np.uint32(m - 1)
    return np.asarray((a << np.uint32(1)) ^ overflow * np.uint32(POLYNOMIALS[m]))


@lru_cache(maxsize=MOST + 1)
def _powers(m: int) -> tuple[DigitArray, DigitArray]:
    """x^0, x^1, … x^(s-1), and x^0, x^s, x^2s, …: each power is a product of one of each."""
    size = 1 << ((m + 1) // 2)
    return _multiples(2 if m > 1 else 1, size, m), _multiples(_power(size, m), size, m)


def _power(exponent: int, m: int) -> int:
    value = 1
    for _ in range(exponent):
        value <<= 1
        value ^= POLYNOMIALS[m] * (value >> m)
    return value


def _multiples(base: int, count: int, m: int) -> DigitArray:
    """base^0 … base^(count-1), by doubling."""
    out = np.ones(1, dtype=np.uint32)
    step = np.array([base], dtype=np.uint32)
    while out.size < count:
        out = np.concatenate((out, product(out, step, m)))
        step = product(step, step, m)
    return out[:count]
