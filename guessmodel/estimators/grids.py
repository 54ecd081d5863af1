"""The distribution of a sum of events on a grid, by the fast Fourier transform.

The size of an event is rounded to a grid, once up and once down. The transform of the sum is then
the probability generating function of the number of events at that of the size (Embrechts and
Frei, "Panjer recursion versus FFT for compound distributions", 2009). What is rounded down sums up
to no more than the sum itself, and what is rounded up to no less: so the two distributions enclose
the true one. Sizes that are multiples of a step need no rounding where the grid has that step.
Sizes beyond the grid are left out, for no sum within it has one. What the transform wraps around is
damped by exponential tilting, to exp(-14) of itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from guessmodel.estimators.closed import Closed
from guessmodel.estimators.lattices import atoms_of, step_of
from guessmodel.estimators.sums_of_events import Size, numbers_of
from guessmodel.numerics.arrays import FloatArray

__all__ = ["MOST", "OFF", "Grid", "grid_of", "has_generating"]

Generating = Callable[[NDArray[np.complex128]], Any]

MOST: Final = 16
"""Grids that are kept, of 2 MB each, also of a model that is gone; as many labels have one."""
OFF: Final = 1e-8
"""Of a probability, by tilting and rounding: forty times what was measured."""
_POINTS: Final = 1 << 17
_ROUGH: Final = 1 << 10  # points that tell how wide the grid must be
_TILT: Final = 14.0
_LARGE: Final = (0.99, 0.9999, 1.0 - 1e-6, 1.0 - 1e-9)  # where the first size above 0 is found
_COVERED: Final = 0.9999  # of the distribution, by the grid
_NEARLY_ALL: Final = 1.0 - 1e-7  # where twice the width is enough for that
_DOUBLINGS: Final = 60
_NUMBERS: Final = 256  # of events, up to which any distribution of it is transformed


class Grid(NamedTuple):
    """Probabilities that a sum is at most k steps: of sizes that are rounded down, which is no less
    than the true one, and up."""

    step: float
    down: FloatArray
    up: FloatArray


@lru_cache(maxsize=MOST)
def grid_of(count: Closed, size: Size) -> Grid | None:
    """The grid of a sum of sizes that are never below 0; None where none covers the distribution.
    Its width is a power of two of the largest sizes; or its step is that of which all sizes are
    multiples."""
    spans = (min(max(size.closed.quantile(p), size.low), size.high) for p in _LARGE)
    span = next((span for span in spans if span > 0.0), 0.0)
    if not 0.0 < span < np.inf:
        return None

    def covers(width: float, share: float = _COVERED) -> bool:
        return bool(_sums(count, _nearest(size, width / _ROUGH, _ROUGH), _ROUGH)[-1] > share)

    wider = not covers(span)
    for _ in range(_DOUBLINGS):
        if wider:
            span *= 2.0
            if covers(span):
                break
        elif not covers(span / 2.0):
            break
        else:
            span /= 2.0
    else:
        return None
    if not covers(span, _NEARLY_ALL) and covers(2.0 * span, _NEARLY_ALL):
        span *= 2.0
    step = span / _POINTS
    own = _own_step(size)
    if own is not None and own >= step:
        sums = _sums(count, _nearest(size, own, _POINTS), _POINTS)
        return Grid(own, sums, sums)
    down, up = (_sums(count, mass, _POINTS) for mass in _masses(size, step, _POINTS))
    return Grid(step, down, up)


def _at_most(size: Size, y: FloatArray) -> FloatArray:
    """Probability of a size of at most y."""
    family, scale, parameters = size.closed.family, size.closed.scale, size.closed.parameters
    assert family is not None
    z = (y - size.closed.shift) / scale
    if scale > 0.0:
        found = np.asarray(family.cdf(z, *parameters))
    else:
        found = np.asarray(family.sf(np.nextafter(z, -np.inf), *parameters))
    return np.where(y >= size.high, 1.0, np.where(y < size.low, 0.0, found))


def _own_step(size: Size) -> float | None:
    atoms = atoms_of(size.closed)
    return None if atoms is None else step_of(np.unique(np.clip(atoms[0], size.low, size.high)))


def _nearest(size: Size, step: float, points: int) -> FloatArray:
    """Probabilities of sizes that are rounded to the nearest point."""
    return np.diff(_at_most(size, step * (np.arange(float(points)) + 0.5)), prepend=0.0)


def _masses(size: Size, step: float, points: int) -> tuple[FloatArray, FloatArray]:
    """Probabilities of sizes that are rounded down, and up."""
    cdf = _at_most(size, step * np.arange(points + 1.0))
    return np.diff(cdf[1:], prepend=0.0), np.diff(cdf[:-1], prepend=0.0)


def _sums(count: Closed, mass: FloatArray, points: int) -> FloatArray:
    """Probabilities of at most so many steps."""
    generating = _generating(count)
    assert generating is not None
    tilt = np.exp(-_TILT / points * np.arange(points))
    made = np.fft.irfft(generating(np.fft.rfft(mass * tilt)), points) / tilt
    return np.maximum.accumulate(np.clip(np.cumsum(made), 0.0, 1.0))


def has_generating(count: Closed) -> bool:
    """Whether sums of such a number of events can be transformed."""
    return _generating(count) is not None


def _generating(count: Closed) -> Generating | None:
    """The probability generating function of the number of events."""
    if count.family is None:
        n = count.shift
        return None if n < 0.0 or not n.is_integer() else lambda z: z ** int(n)
    name, values = count.family.name, count.parameters
    if count.scale == 1.0 and count.shift == 0.0:
        if name == "poisson":
            return lambda z: np.exp(values[0] * (z - 1.0))
        if name == "bernoulli":
            return lambda z: 1.0 + values[0] * (z - 1.0)
        if name == "binomial":
            return lambda z: (1.0 + values[1] * (z - 1.0)) ** values[0]
        if name == "negative_binomial":
            return lambda z: (values[1] / (1.0 - (1.0 - values[1]) * z)) ** values[0]
        if name == "geometric":
            return lambda z: values[0] * z / (1.0 - (1.0 - values[0]) * z)
    numbers = numbers_of(count)
    if numbers is None or numbers[0][-1] > _NUMBERS:
        return None
    shares = np.zeros(int(numbers[0][-1]) + 1)
    shares[numbers[0].astype(np.int64)] = numbers[1]
    return lambda z: np.polyval(shares[::-1], z)
