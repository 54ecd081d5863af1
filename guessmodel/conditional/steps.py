"""Inverses of the operations along a chain: what an operation's value must be under is turned into
what its operand must be under, draw by draw.

Generalised inverses stand for `min`, `max` and `where`: a threshold that all values of the operand
are under becomes inf, one that none is under becomes -inf.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from guessmodel.conditional.chains import Link
from guessmodel.operations import Convert, Elementwise, FloatArray, Where

__all__ = ["Step", "compared", "image", "invert"]


@final
@dataclass(frozen=True, slots=True)
class Step:
    """`u -> f(u)`, monotone in u for each draw: the inverse of a threshold, and the draws for
    which f decreases (a flag, or one flag a draw)."""

    inverse: Callable[[FloatArray], FloatArray]
    decreasing: bool | NDArray[np.bool_] = False


def _same(t: FloatArray) -> FloatArray:
    return t


def invert(
    link: Link, others: Sequence[FloatArray | None], low: FloatArray, high: FloatArray
) -> Step | None:
    operation, first = link.operation, link.path == 0
    if isinstance(operation, Convert):
        factor = operation.factor
        return Step(lambda t: t / factor, factor < 0.0)
    if isinstance(operation, Where):
        return _where(link, others)
    if not isinstance(operation, Elementwise):
        return Step(_same)  # a selection: the same number
    other = next((array for array in others if array is not None), None)
    ufunc = operation.ufunc
    if other is None:
        return _unary(ufunc, low)
    a: FloatArray = other
    if ufunc is np.add:
        return Step(lambda t: t - a)
    if ufunc is np.subtract:
        return Step(lambda t: t + a) if first else Step(lambda t: a - t, True)
    if ufunc is np.multiply:
        return _scaled(1.0 / a, a)
    if ufunc is np.divide:
        return _scaled(a, a) if first else _reciprocal(a, low, high)
    if ufunc is np.power:
        exponent = float(a.flat[0])
        return _power(exponent, low) if np.all(a == exponent) else None
    if ufunc is np.minimum:  # min(u, a) <= t holds for all u where a <= t
        return Step(lambda t: np.where(a <= t, np.inf, t))
    if ufunc is np.maximum:  # max(u, a) <= t holds for no u where a > t
        return Step(lambda t: np.where(a > t, -np.inf, t))
    return None


def _scaled(factor: FloatArray, a: FloatArray) -> Step | None:
    if not np.all(a != 0.0):
        return None
    negative = a < 0.0
    return Step(lambda t: t * factor, negative if np.any(negative) else False)


def _reciprocal(a: FloatArray, low: FloatArray, high: FloatArray) -> Step | None:
    """a / u, where u keeps one sign: decreasing where a and u have one sign too."""
    positive, negative = low >= 0.0, high <= 0.0
    if not np.all(positive | negative) or not np.all(a != 0.0):
        return None
    decreasing = positive == (a > 0.0)
    # Beyond the range of a / u, thresholds are met by all u or none: the end of u's range that
    # the side of the range belongs to.
    above = np.where(a > 0.0, positive, negative)  # the range is (0, inf), else (-inf, 0)
    edge = np.where(positive, np.inf, -np.inf)
    one_side = bool(np.all(above))

    def inverse(t: FloatArray) -> FloatArray:
        if one_side and np.min(t) > 0.0:
            return a / t
        inside = np.where(above, t > 0.0, t < 0.0)
        return np.where(inside, a / np.where(inside, t, 1.0), edge)

    return Step(inverse, decreasing if not np.all(decreasing) else True)


def _power(c: float, low: FloatArray) -> Step | None:
    if c == 0.0:
        return None
    if np.all(low >= 0.0):
        outside = -np.inf if c > 0.0 else np.inf
        return Step(lambda t: np.where(t > 0.0, np.abs(t) ** (1.0 / c), outside), bool(c < 0.0))
    if c == round(c) and c > 0.0 and round(c) % 2 == 1:
        return Step(lambda t: np.copysign(np.abs(t) ** (1.0 / c), t))
    return None


def _unary(ufunc: np.ufunc, low: FloatArray) -> Step | None:
    if ufunc is np.negative:
        return Step(np.negative, True)
    if ufunc is np.positive:
        return Step(_same)
    powers = {np.sqrt: 0.5, np.square: 2.0, np.reciprocal: -1.0}
    if ufunc in powers:
        return _power(powers[ufunc], low)
    if ufunc is np.cbrt:
        return Step(lambda t: t**3)
    logarithms = {np.exp: np.log, np.expm1: np.log1p}
    if ufunc in logarithms:
        bound = 0.0 if ufunc is np.exp else -1.0
        inverse = logarithms[ufunc]
        return Step(lambda t: np.where(t > bound, inverse(np.where(t > bound, t, 1.0)), -np.inf))
    exponentials: dict[np.ufunc, tuple[Callable[[FloatArray], FloatArray], float]] = {
        np.log: (np.exp, 0.0),
        np.log1p: (np.expm1, -1.0),
        np.log2: (np.exp2, 0.0),
        np.log10: (lambda t: np.exp(t * math.log(10.0)), 0.0),
    }
    if ufunc in exponentials:
        function, bound = exponentials[ufunc]
        return Step(function) if np.all(low >= bound) else None
    return None


def _where(link: Link, others: Sequence[FloatArray | None]) -> Step:
    condition, x, y = others
    assert condition is not None
    other = y if link.path == 1 else x
    assert other is not None
    ours = (condition != 0.0) == (link.path == 1)
    return Step(lambda t: np.where(ours, t, np.where(other <= t, np.inf, -np.inf)))


def image(
    link: Link, others: Sequence[FloatArray | None], low: FloatArray, high: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Range of the operation's value, draw by draw, for u between low and high."""
    operation = link.operation
    if not isinstance(operation, Elementwise | Convert | Where):
        return low, high
    ends = []
    for end in (low, high):
        arrays = [end if array is None else array for array in others]
        out = np.empty(np.broadcast_shapes(*(array.shape for array in arrays)))
        operation.evaluate([np.broadcast_to(array, out.shape) for array in arrays], (), out)
        ends.append(out)
    return np.fmin(*ends), np.fmax(*ends)


def compared(link: Link, others: Sequence[FloatArray | None]) -> tuple[FloatArray, bool] | None:
    assert isinstance(link.operation, Elementwise)
    less = {np.less: True, np.less_equal: True, np.greater: False, np.greater_equal: False}
    if link.operation.ufunc not in less:
        return None
    threshold = next(array for array in others if array is not None)
    return threshold, less[link.operation.ufunc] == (link.path == 0)
