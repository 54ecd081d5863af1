"""A quantile function as a table: costly families are evaluated 7000 times, whatever n is.

The cells are graded like floating-point numbers: 32 to each halving of the distance from the
nearer end, from 2^-24 to 1/2 on either side. In a cell the function is the cubic through its
values at 0, 1/3, 2/3 and 1, checked at 1/2. A cell that fails (a jump or a kink is in it) is halved
up to 24 times; what still fails, and both tails below 2^-24, is evaluated exactly. A cell with
equal ends is flat, since quantile functions are monotone. Where values span orders of magnitude,
the cubic may be that of the logarithm: a beta variate with a shape of 0.0005 takes most numbers
from 1e-308 to 1 within 16 cells, for there its quantile is the 2000th power of the distance.

Where the function behaves like a logarithm or a power -a of the distance x from the end, the error
is at most max |t(t-1/3)(t-2/3)(t-1)|/4! · 32^-4 = 5e-10 times x⁴ |Q''''|: 3e-9 of dQ/d(ln x) for
a logarithm, 1.2e-8 of the value for a = 1. The check refuses anything above 1e-5 of the rise
within a cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, final

import numpy as np

from guessmodel.graph.variates import QuantileFunction, StandardVariate
from guessmodel.numerics.arrays import BoolArray, FloatArray

__all__ = ["CELLS", "NODES", "QuantileTable", "carry_over", "cubics", "quantile_table"]


_DEPTH: Final = 24
"""Distances from the end below 2^-_DEPTH are evaluated exactly."""
CELLS: Final = 32
"""Cells to an octave (a power of two)."""
SIDE: Final = (_DEPTH - 1) * CELLS
"""Cells to a side."""

_MANTISSA = 52
_CELL_SHIFT = _MANTISSA - (CELLS.bit_length() - 1)
_FIRST_CELL = (1023 - _DEPTH) * CELLS
_REST = (1 << _CELL_SHIFT) - 1
_ONE = 1023 << _MANTISSA
_BELOW_HALF = np.nextafter(0.5, 0.0)
_HALVINGS = 24
_REFINED_AT_MOST = 2048
_ROUGHNESS = 1e-5
_CHUNK = 2**13

NODES: FloatArray = np.array([0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0, 0.5])
"""Places in a cell: four through which a cubic goes, and one where it is checked."""
# Inverse of the Vandermonde matrix of the four: values to coefficients, lowest power first.
_TO_POWERS: FloatArray = (
    np.array(
        [
            [2.0, 0.0, 0.0, 0.0],
            [-11.0, 18.0, -9.0, 2.0],
            [18.0, -45.0, 36.0, -9.0],
            [-9.0, 27.0, -27.0, 9.0],
        ]
    )
    / 2.0
)


def _exact(source: QuantileFunction, distance: FloatArray, upper: BoolArray) -> FloatArray:
    out = np.empty_like(distance)
    lower = ~upper
    with np.errstate(all="ignore"):
        if lower.any():
            out[lower] = source.ppf(distance[lower])
        if upper.any():
            out[upper] = source.isf(distance[upper])
    return out


def _ends(source: QuantileFunction) -> tuple[float, float]:
    at = _exact(source, np.zeros(2), np.array([False, True]))
    return (-np.inf, np.inf) if np.isnan(at).any() else (float(at.min()), float(at.max()))


def _distance(position: FloatArray) -> FloatArray:
    # Position counts cells from 2^-_DEPTH on; inside a cell the distance is linear in it.
    octave = np.minimum(np.floor(position / CELLS), _DEPTH - 2)
    return np.ldexp(1.0 + (position / CELLS - octave), octave.astype(np.int64) - _DEPTH)


def _cubics(
    source: QuantileFunction, start: FloatArray, width: float, upper: BoolArray
) -> tuple[FloatArray, BoolArray, FloatArray]:
    """Coefficients (4, cells), lowest power first; which cells may use them for the values; and
    of which they are for the logarithm, by the sign of the values (else 0)."""
    nodes = NODES[[0, 3]] if source.discrete else NODES
    at = nodes[:, None] * width + start
    sides = np.broadcast_to(upper, at.shape)
    value = _exact(source, np.minimum(_distance(at), 0.5).ravel(), sides.ravel()).reshape(at.shape)
    if source.discrete:
        coefficients = np.zeros((4, start.size))
        flat = value[0] == value[1]
        coefficients[0, flat] = value[0, flat]
        return coefficients, flat, np.zeros(start.size)
    coefficients, good = cubics(value, _ROUGHNESS)
    of_logarithm, sign = _cubics_of_logarithm(value)
    sign[good] = 0.0
    return np.where(sign == 0.0, coefficients, of_logarithm), good, sign


def _cubics_of_logarithm(value: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The cubics of ln |value|, and the sign of the values where they may be used, else 0: no
    value may be missed by more than 1e-5 of it."""
    sign = np.where((value > 0.0).all(axis=0), 1.0, -1.0 * (value < 0.0).all(axis=0))
    with np.errstate(all="ignore"):
        logarithm = np.log(np.abs(value))
        coefficients, good = cubics(logarithm, _ROUGHNESS)
        # Of a rise by orders of magnitude the same part is too much.
        error = 0.5 ** np.arange(4) @ coefficients - logarithm[4]
        good &= np.abs(error) <= _ROUGHNESS
    return coefficients, np.where(good, sign, 0.0)


def cubics(value: FloatArray, roughness: float) -> tuple[FloatArray, BoolArray]:
    """Coefficients (4, cells), lowest power first, from the values (5, cells) at `NODES`, and
    which cells may use them: those that are flat, or that miss the value at 1/2 by no more than
    `roughness` times their rise."""
    with np.errstate(all="ignore"):
        coefficients = _TO_POWERS @ value[:4]
        powers = 0.5 ** np.arange(4)
        error = np.abs(powers @ coefficients - value[4])
        rise = np.abs(value[3] - value[0])
        noise = 32 * np.finfo(np.float64).eps * np.abs(value[4])
        smooth = (error <= roughness * rise + noise) & np.isfinite(value).all(axis=0)
    flat = value[0] == value[3]
    coefficients[0, flat] = value[0, flat]
    coefficients[1:, flat] = 0.0
    good = smooth | flat
    coefficients[:, ~good] = 0.0
    return np.ascontiguousarray(coefficients), good


@final
@dataclass(frozen=True, slots=True, eq=False)
class QuantileTable:
    """The quantile function of one source, tabulated."""

    source: QuantileFunction
    coefficients: FloatArray
    """(4, 2·SIDE): cubics of the cells, the lower side first, by distance from the end."""
    rough: BoolArray
    """(2·SIDE,): cells that are refined."""
    pieces: FloatArray
    """Where the pieces of refined cells begin, ascending."""
    piece_width: FloatArray
    piece_coefficients: FloatArray
    piece_sign: FloatArray
    """Of pieces whose cubic is that of the logarithm the sign of the values; 0 of all others."""
    piece_exact: BoolArray
    """Pieces that no cubic describes: evaluate the source itself."""
    ends: tuple[float, float]
    """Quantiles at 0 and 1, which the rounding of a cubic may not leave; infinite if unknown."""

    @staticmethod
    def create(source: QuantileFunction) -> QuantileTable:
        start = np.tile(np.arange(SIDE, dtype=np.float64), 2)
        upper = np.repeat([False, True], SIDE)
        coefficients, good, sign = _cubics(source, start, 1.0, upper)
        rough = ~good
        begin, width, cubic, sign, exact = _refine(
            source, start[rough], upper[rough], coefficients[:, rough], sign[rough]
        )
        order = np.argsort(begin)
        return QuantileTable(
            source=source,
            coefficients=coefficients,
            rough=rough,
            pieces=begin[order],
            piece_width=width[order],
            piece_coefficients=np.ascontiguousarray(cubic[:, order]),
            piece_sign=sign[order],
            piece_exact=exact[order],
            ends=_ends(source),
        )

    def evaluate(self, p: FloatArray, out: FloatArray) -> None:
        """Quantiles at `p` in (0, 1); `out` is contiguous, and may be `p`."""
        p, out = p.reshape(-1), out.reshape(-1)
        for start in range(0, p.size, _CHUNK):
            part = p[start : start + _CHUNK]
            distance = 1.0 - part
            np.minimum(part, distance, out=distance)
            self._chunk(distance, part >= 0.5, out[start : start + _CHUNK])

    def ppf(self, p: FloatArray) -> FloatArray:
        """Quantiles at `p` in (0, 1/2]; precise for small `p`."""
        return self._side(p, upper=False)

    def isf(self, q: FloatArray) -> FloatArray:
        """Values exceeded with probability `q` in (0, 1/2]; precise for small `q`."""
        return self._side(q, upper=True)

    def _side(self, distance: FloatArray, *, upper: bool) -> FloatArray:
        out = np.empty(distance.shape)
        flat, distance = out.reshape(-1), distance.reshape(-1)
        for start in range(0, flat.size, _CHUNK):
            part = distance[start : start + _CHUNK]
            self._chunk(part, np.full(part.shape, upper), flat[start : start + _CHUNK])
        return out

    def _chunk(self, distance: FloatArray, upper: BoolArray, out: FloatArray) -> None:
        t: FloatArray = np.minimum(distance, _BELOW_HALF)
        # Exponent and first digits of the mantissa are the cell, the rest is the place in it.
        bits = t.view(np.int64)
        cell = bits >> _CELL_SHIFT
        cell -= _FIRST_CELL
        bits &= _REST
        bits <<= _MANTISSA - _CELL_SHIFT
        bits |= _ONE
        t -= 1.0
        tails = np.flatnonzero(cell < 0)
        cell[tails] = 0
        place = np.empty(out.shape)
        cell += np.multiply(upper, SIDE, out=place.view(np.int64), dtype=np.int64)
        c0, c1, c2, c3 = self.coefficients
        # NumPy checks every number in its other modes, or writes to `out` by way of a copy.
        np.take(c3, cell, out=out, mode="wrap")
        for c in (c2, c1, c0):
            out *= t
            out += np.take(c, cell, out=place, mode="wrap")
        if self.pieces.size:
            refined = np.flatnonzero(np.take(self.rough, cell))
            position = cell[refined].astype(np.float64) + t[refined]
            out[refined] = self._refined(position, distance[refined], upper[refined])
        self.hold(out)
        if tails.size:
            out[tails] = _exact(self.source, distance[tails], upper[tails])

    def hold(self, out: FloatArray) -> None:
        """Values of cubics, held within the ends in place."""
        low, high = self.ends
        if low > -np.inf:
            np.maximum(out, low, out=out)
        if high < np.inf:
            np.minimum(out, high, out=out)

    def steps(self, size: int) -> BoolArray:
        """Which of the strata [s/size, (s+1)/size) overlap a piece that must be exact."""
        begin = self.pieces[self.piece_exact]
        end = begin + self.piece_width[self.piece_exact]
        upper = begin >= SIDE
        near, far = (_distance(position - SIDE * upper) * size for position in (begin, end))
        first = np.where(upper, np.floor(size - far), np.floor(near)).astype(np.int64)
        last = np.where(upper, np.floor(size - near), np.floor(far)).astype(np.int64)
        depth = np.zeros(size + 2, dtype=np.int64)
        np.add.at(depth, first, 1)
        np.add.at(depth, last + 1, -1)
        return np.cumsum(depth)[:size] > 0

    def _refined(self, position: FloatArray, distance: FloatArray, upper: BoolArray) -> FloatArray:
        piece = np.searchsorted(self.pieces, position, side="right") - 1
        t = (position - self.pieces[piece]) / self.piece_width[piece]
        c0, c1, c2, c3 = self.piece_coefficients[:, piece]
        value: FloatArray = c0 + t * (c1 + t * (c2 + t * c3))
        sign = self.piece_sign[piece]
        logarithmic = np.flatnonzero(sign)
        value[logarithmic] = sign[logarithmic] * np.exp(value[logarithmic])
        exact = self.piece_exact[piece]
        value[exact] = _exact(self.source, distance[exact], upper[exact])
        return value


def _refine(
    source: QuantileFunction,
    start: FloatArray,
    upper: BoolArray,
    cubic: FloatArray,
    sign: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, BoolArray]:
    """Halve the cells that fail, until few enough draws fall on what is left."""
    begins, widths, cubics, signs, exacts = [], [], [], [], []
    width = 1.0

    def keep(
        where: FloatArray, side: BoolArray, cubic: FloatArray, sign: FloatArray, exact: bool
    ) -> None:
        begins.append(where + side * float(SIDE))
        widths.append(np.full(where.size, width))
        cubics.append(cubic)
        signs.append(sign)
        exacts.append(np.full(where.size, exact))

    good = sign != 0.0
    for left in range(_HALVINGS, -1, -1):
        keep(start[good], upper[good], cubic[:, good], sign[good], False)
        start, upper = start[~good], upper[~good]
        if not (left and 0 < start.size <= _REFINED_AT_MOST):
            break
        width /= 2.0
        start = np.concatenate((start, start + width))
        upper = np.concatenate((upper, upper))
        cubic, good, sign = _cubics(source, start, width, upper)
        good |= sign != 0.0
    keep(start, upper, np.zeros((4, start.size)), np.zeros(start.size), True)
    return (
        np.concatenate(begins),
        np.concatenate(widths),
        np.concatenate(cubics, axis=1),
        np.concatenate(signs),
        np.concatenate(exacts),
    )


@lru_cache(maxsize=512)
def quantile_table(source: QuantileFunction) -> QuantileTable:
    """The table of a source, made once."""
    return QuantileTable.create(source)


def carry_over(values: FloatArray, kind: StandardVariate, source: QuantileFunction) -> None:
    """Turn values of a variate into those of a source at the same probabilities, in place."""
    table = quantile_table(source.base)
    below = kind.cdf(values)
    upper = below > 0.5
    lower = ~upper
    carried = np.empty(values.shape)
    carried[lower] = table.ppf(below[lower])
    carried[upper] = table.isf(kind.sf(values[upper]))
    source.transform_from_base(carried)
    values[...] = carried
