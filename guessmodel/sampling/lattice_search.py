"""The search for good components; `python -m guessmodel.sampling.lattice_search` wrote the tables.

Under a random linear scramble and a digital shift the variance of the mean of a product of centred
uniform numbers, relative to that of independent draws, is the sum over the N draws of the product
of one kernel a coordinate, which depends on the stratum's leading zeros alone (the first draw's
term is 1; J. Dick and F. Pillichshammer, "Digital Nets and Sequences", 2010, sections 13.3 and
16.5). Components are taken one after the other, always the one whose pairs and triples with those
that are there have the smallest sum. Draws of a component are powers of x in another order, so
that all candidates together cost one Fourier transform.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from guessmodel.numerics.arrays import BoolArray, FloatArray, IntArray
from guessmodel.sampling.lattice import MOST, POLYNOMIALS, buckets

__all__ = ["search"]


_LISTED: Final = 256
_TRIPLES: Final = 0.001
"""Weight of a triple beside a pair: there are many more of them. Of 0 to 0.05 the largest that
leaves the pairs as they are without."""


def search(m: int) -> tuple[IntArray, BoolArray]:
    """The listed components of nets of 2^m draws (exponents, in order), and for each exponent
    whether it is among the better half beside those that names own."""
    count = (1 << m) - 1
    if count < 2:
        return np.zeros(1, dtype=np.int64), np.ones(max(count, 0), dtype=np.bool_)
    kernel = _kernel(m)
    transformed = np.fft.rfft(kernel)
    pairs = np.fft.irfft(np.abs(transformed) ** 2, count)  # by the difference of exponents
    chosen = [0]
    with_pairs, total, squares = pairs.copy(), kernel.copy(), kernel**2
    owned = min(2 * buckets(m), count)
    better = np.ones(count, dtype=np.bool_)
    while len(chosen) < min(_LISTED, count):
        triples = np.fft.irfft(transformed * np.conj(np.fft.rfft((total**2 - squares) / 2)), count)
        score = with_pairs + _TRIPLES * triples
        score[chosen] = np.inf
        chosen.append(int(np.argmin(score)))
        with_pairs += np.roll(pairs, chosen[-1])
        line = np.roll(kernel, -chosen[-1])
        total += line
        squares += line**2
        if len(chosen) == owned:  # squares, for what harms is a pair that goes very badly
            listed = np.zeros(count)
            listed[chosen] = 1.0
            squared = np.fft.rfft((1.0 + pairs) ** 2)
            badly = np.fft.irfft(squared * np.fft.rfft(listed), count)
            better = badly <= np.median(badly)
    return np.array(chosen, dtype=np.int64), better


def _kernel(m: int) -> FloatArray:
    """The kernel of the stratum x^e, for each exponent e."""
    element, zeros = 1, []
    for _ in range((1 << m) - 1):
        zeros.append(m - element.bit_length())
        element <<= 1
        element ^= POLYNOMIALS[m] * (element >> m)
    levels = 3.0 * 4.0 ** -np.arange(1, m + 1)  # shares of a uniform number's variance by digit
    by_zeros = np.concatenate(([0.0], np.cumsum(levels)))[:m] - levels
    return np.asarray(by_zeros[zeros])


def main() -> None:
    """Write the tables beside this file."""
    listed = np.zeros((MOST + 1, _LISTED), dtype=np.int32)
    others = np.zeros(2 << MOST, dtype=np.bool_)
    for m in range(MOST + 1):
        chosen, better = search(m)
        listed[m, : chosen.size] = chosen
        others[(1 << m) - 1 :][: better.size] = better
    folder = Path(__file__).parent
    np.save(folder / "lattice_listed.npy", listed)
    np.save(folder / "lattice_others.npy", np.packbits(others, bitorder="little"))


if __name__ == "__main__":
    main()
