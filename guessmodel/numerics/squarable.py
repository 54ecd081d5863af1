"""Numbers of any size that are to be squared: divided by a power of two, which costs no digit.

The square of 1e200 is no floating-point number, nor is that of 1e-200; the products of squares in
a correlation leave their range at 1e77 already.
"""

from __future__ import annotations

import math

import numpy as np

from guessmodel.numerics.arrays import FloatArray

__all__ = ["exponent", "power_of"]

_MOST = 200  # the fourth power of 2^200 is 1e241


def exponent(low: float, high: float) -> int:
    """The power of two near the largest of numbers from `low` to `high`; 0 where their squares, and
    products of these, are within the range of floating-point numbers.

    >>> exponent(-3.0, 5.0), exponent(0.0, 1e-100), exponent(-math.inf, math.inf)
    (0, -333, 0)
    """
    size = max(abs(low), abs(high))
    found = math.frexp(size)[1] - 1 if 0.0 < size < math.inf else 0
    return found if abs(found) > _MOST else 0


def power_of(*several: FloatArray) -> int:
    """The same of all finite numbers of some arrays.

    >>> power_of(np.array([1e-200, np.nan]), np.array([3e-200]))
    -663
    """
    kept = [values[np.isfinite(values)] for values in several]
    ends = [(float(values.min()), float(values.max())) for values in kept if values.size]
    return exponent(min(low for low, _ in ends), max(high for _, high in ends)) if ends else 0
