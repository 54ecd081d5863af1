"""Whole numbers among floating-point numbers that stand for decimal ones.

0.3 m hold 0.1 m three times, but the floats nearest to 0.3 and 0.1 have the quotient
2.9999999999999996, whose floor is 2. So a number within 4 eps (9e-16 of its size) of a whole number
counts as that number where it is rounded, and so does a quotient where it is counted.

Why 4 eps: each rounding of a float moves it by at most eps/2, so what up to eight of them have
moved (reading both decimals, two units, the division, and three more) is put right. And a decimal
number of up to 15 digits that is not whole differs from every whole number by more than 1e-15 of
its size, so none is ever taken for another.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from guessmodel.numerics.arrays import BoolArray, FloatArray

__all__ = ["DECIMAL", "equal"]

_CLOSE = 4.0 * float(np.finfo(np.float64).eps)


def equal(x: FloatArray, y: FloatArray, size: float = 0.0) -> BoolArray:
    """Where two numbers may be one decimal number; `size` is that of the largest term they are
    sums of, beside themselves."""
    with np.errstate(invalid="ignore"):  # inf - inf
        return np.asarray((x == y) | (np.abs(x - y) <= _CLOSE * (np.abs(y) + size)))


def _rounded(ufunc: np.ufunc, leap: Callable[[FloatArray], FloatArray]) -> Callable[..., None]:
    """The function of x, where it leaps at `leap` of x, the nearest such number."""

    def function(x: FloatArray, out: FloatArray) -> None:
        nearest = leap(x)
        with np.errstate(invalid="ignore"):  # inf - inf
            close = np.abs(x - nearest) <= _CLOSE * np.abs(nearest)
        ufunc(x, out=out)
        if close.any():
            np.copyto(out, ufunc(nearest), where=close)

    return function


def _half(x: FloatArray) -> FloatArray:
    return np.floor(x) + 0.5


def _counted(x: FloatArray, y: FloatArray) -> tuple[FloatArray, BoolArray]:
    """The nearest whole number to x / y, and where it is the quotient of decimal numbers.

    Of two whole numbers, what NumPy makes is exact.
    """
    with np.errstate(all="ignore"):
        quotient = x / y
        nearest = np.rint(quotient)
        close = np.isfinite(quotient) & (nearest != 0.0) & equal(quotient, nearest)
        return nearest, close & ~(_is_exact(x) & _is_exact(y))


def _is_exact(x: FloatArray) -> BoolArray:
    """Where a float is a whole number that no rounding made, as none below 2**53 need be."""
    return np.asarray((np.rint(x) == x) & (np.abs(x) <= 2.0**53))


def _floor_divide(x: FloatArray, y: FloatArray, out: FloatArray) -> None:
    nearest, close = _counted(x, y)
    np.floor_divide(x, y, out=out)
    np.copyto(out, nearest, where=close)


def _remainder(ufunc: np.ufunc, sign_of: int) -> Callable[..., None]:
    """A remainder, whose sign is that of the operand `sign_of`."""

    def function(x: FloatArray, y: FloatArray, out: FloatArray) -> None:
        _, close = _counted(x, y)
        nothing = np.copysign(0.0, (x, y)[sign_of])
        ufunc(x, y, out=out)
        np.copyto(out, nothing, where=close)

    return function


DECIMAL: dict[np.ufunc, Callable[..., None]] = {
    np.floor: _rounded(np.floor, np.rint),
    np.ceil: _rounded(np.ceil, np.rint),
    np.trunc: _rounded(np.trunc, np.rint),
    np.rint: _rounded(np.rint, _half),
    np.floor_divide: _floor_divide,
    np.remainder: _remainder(np.remainder, sign_of=1),
    np.fmod: _remainder(np.fmod, sign_of=0),
}
"""Functions that leap at whole numbers, as they are for decimal numbers: `f(*arrays, out=…)`."""
