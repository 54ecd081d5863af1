"""Inverses of the operations on a path: from a threshold of an operation's value to the threshold
of its operand, draw by draw. For u + a ≤ t it is t − a, for exp(u) ≤ t it is ln t.

Inverses may be wrong at single values of the draw, which have probability 0. A value that an
operation takes for many values of its operand has a positive probability, though: it is called the
border, and is the other operand of `min`, `max` and `where`. Whether a comparison holds there is
told by evaluating the operations between the border and the comparison, as a run does, because an
inverse is rounded and might be on the wrong side.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from guessmodel.estimators.conditional.paths import PathOperation
from guessmodel.graph.elementwise import Convert, Elementwise, Where
from guessmodel.numerics.arrays import BoolArray, FloatArray

__all__ = ["Inequality", "MonotoneStep", "comparison", "image", "invert"]


Flags = bool | BoolArray
"""One for all draws, or one a draw."""

Below = Callable[[FloatArray], FloatArray]
"""P(u <= x), one x a draw."""


@final
@dataclass(frozen=True, slots=True)
class MonotoneStep:
    """`u -> f(u)`, monotone in u for each draw.

    Attributes
    ----------
    inverse : of a threshold x for f(u): a threshold for u, such that f(u) is below x where u is
        below it (above it, where f decreases). Infinite where f(u) is on one side of x for all u.
    decreasing : whether f decreases
    border : the value that f takes for many u, if there is one, nan in draws in which f takes it
        for none; then `inverse` has a second argument, whether the border is below x
    jump : the height of the jump in P(f(u) is below x) as the other operands vary: where the
        border crosses x, the probability of the border when it is x; where they change the sign of
        f, what that changes. A function of P(u <= .) and x, or None where there is no jump.
    at_zero : whether the jump is where x is 0 alone
    """

    inverse: Callable[..., FloatArray]
    decreasing: Flags = False
    border: FloatArray | None = None
    jump: Callable[[Below, FloatArray], FloatArray] | None = None
    at_zero: bool = False


@final
@dataclass(frozen=True, slots=True)
class Inequality:
    """A comparison at the end of a path.

    Attributes
    ----------
    threshold : of the found value
    less : whether the value is to be below it, else above
    at_borders : for each step with a border, from the comparison down, whether the comparison
        holds there
    """

    threshold: FloatArray
    less: bool
    at_borders: tuple[BoolArray, ...]


def _identity(t: FloatArray) -> FloatArray:
    return t


def invert(
    applied: PathOperation, others: Sequence[FloatArray | None], low: FloatArray, high: FloatArray
) -> MonotoneStep | None:
    """How one operation of a path is undone where its other operands are drawn, and the operand on
    the path lies between `low` and `high`; None where it is not monotone there."""
    operation, first = applied.operation, applied.inner == 0
    if isinstance(operation, Convert):
        return MonotoneStep(operation.conversion.undo)
    if isinstance(operation, Where):
        return _where(applied, others)
    if not isinstance(operation, Elementwise):
        return MonotoneStep(_identity)  # a selection: the same number
    other = next((array for array in others if array is not None), None)
    ufunc = operation.ufunc
    if other is None:
        return _unary(ufunc, low)
    a: FloatArray = other
    if ufunc is np.add:
        return MonotoneStep(lambda t: t - a)
    if ufunc is np.subtract:
        return MonotoneStep(lambda t: t + a) if first else MonotoneStep(lambda t: a - t, True)
    if ufunc is np.multiply:
        return _multiplied(a)
    if ufunc is np.divide:
        return _scaled(a, a) if first else _reciprocal(a, low, high)
    if ufunc is np.power:
        exponent = float(a.flat[0])
        return _power(exponent, low) if np.all(a == exponent) else None
    if ufunc is np.minimum:
        step = MonotoneStep(
            lambda t, under: np.where(under, np.inf, np.minimum(t, a)),
            border=a,
            jump=lambda below, x: 1.0 - below(x),
        )
        return _bounded(step, a < high)
    if ufunc is np.maximum:
        step = MonotoneStep(
            lambda t, under: np.where(under, np.maximum(t, a), -np.inf),
            border=a,
            jump=lambda below, x: below(x),
        )
        return _bounded(step, a > low)
    return None


def _bounded(step: MonotoneStep, reached: BoolArray) -> MonotoneStep:
    """`min` or `max` of u and a bound: u itself in draws where no u is beyond the bound. What comes
    after may then be monotone for u and not for the bound, as 1 / max(u, -1) is for positive u. A
    bound that none of these draws reaches stays a border: others may."""
    if np.all(reached):
        return step
    return replace(step, inverse=lambda t, under: np.where(reached, step.inverse(t, under), t))


def _multiplied(a: FloatArray) -> MonotoneStep | None:
    """u a, which is 0 for all u where a is."""
    zero = a == 0.0
    if not np.any(zero):
        return _scaled(1.0 / a, a, at_zero=True)
    negative = a < 0.0
    if np.any(negative) and np.any(a > 0.0):  # two kinds of jump at once
        return None
    return MonotoneStep(
        lambda t, under: np.where(zero, np.where(under, np.inf, -np.inf), t / a),
        negative if np.any(negative) else False,
        border=np.where(zero, 0.0, np.nan),
        jump=lambda *_: np.where(zero, 1.0, np.nan),
    )


def _scaled(factor: FloatArray, a: FloatArray, *, at_zero: bool = False) -> MonotoneStep | None:
    """u times 1 / factor, whose sign is that of a."""
    if not np.all(a != 0.0):
        return None
    negative = a < 0.0
    if not np.any(negative):
        return MonotoneStep(lambda t: t * factor)
    if np.all(negative):
        return MonotoneStep(lambda t: t * factor, negative)
    return MonotoneStep(
        lambda t: t * factor,
        negative,
        jump=lambda below, _: np.abs(1.0 - 2.0 * below(np.zeros(1))),
        at_zero=at_zero,
    )


def _reciprocal(a: FloatArray, low: FloatArray, high: FloatArray) -> MonotoneStep | None:
    """a / u, where u keeps one sign: decreasing on either side of 0 if a is positive."""
    positive = low >= 0.0
    # A division by a zero from below is one by +0 (`min(x, 0)`), whose sign is another.
    if not np.all(positive | (high < 0.0)) or not np.all(a != 0.0):
        return None
    decreasing = a > 0.0
    # Beyond the range of a / u, thresholds are met by all u or none: the end of u's range that
    # the side of the range belongs to.
    above = decreasing == positive  # the range is (0, inf), else (-inf, 0)
    edge = np.where(positive, np.inf, -np.inf)
    one_side = bool(np.all(above))

    def inverse(t: FloatArray) -> FloatArray:
        if one_side and np.min(t) > 0.0:
            return a / t
        inside = np.where(above, t > 0.0, t < 0.0)
        return np.where(inside, a / np.where(inside, t, 1.0), edge)

    return MonotoneStep(inverse, decreasing if not np.all(decreasing) else True)


def _power(c: float, low: FloatArray) -> MonotoneStep | None:
    if c == 0.0:
        return None
    if np.all(low >= 0.0):
        if c < 0.0:
            return MonotoneStep(lambda t: np.where(t > 0.0, np.abs(t) ** (1.0 / c), np.inf), True)
        return MonotoneStep(lambda t: np.where(t >= 0.0, np.abs(t) ** (1.0 / c), -np.inf))
    if c == round(c) and c > 0.0 and round(c) % 2 == 1:
        return MonotoneStep(lambda t: np.copysign(np.abs(t) ** (1.0 / c), t))
    return None


def _unary(ufunc: np.ufunc, low: FloatArray) -> MonotoneStep | None:
    if ufunc is np.negative:
        return MonotoneStep(np.negative, True)
    if ufunc is np.positive:
        return MonotoneStep(_identity)
    powers = {np.sqrt: 0.5, np.square: 2.0, np.reciprocal: -1.0}
    if ufunc in powers:
        return _power(powers[ufunc], low)
    if ufunc is np.cbrt:
        return MonotoneStep(lambda t: t**3)
    logarithms = {np.exp: np.log, np.expm1: np.log1p}
    if ufunc in logarithms:
        bound = 0.0 if ufunc is np.exp else -1.0
        inverse = logarithms[ufunc]
        return MonotoneStep(
            lambda t: np.where(t > bound, inverse(np.where(t > bound, t, 1.0)), -np.inf)
        )
    exponentials: dict[np.ufunc, tuple[Callable[[FloatArray], FloatArray], float]] = {
        np.log: (np.exp, 0.0),
        np.log1p: (np.expm1, -1.0),
        np.log2: (np.exp2, 0.0),
        np.log10: (lambda t: np.exp(t * math.log(10.0)), 0.0),
    }
    if ufunc in exponentials:
        function, bound = exponentials[ufunc]
        return MonotoneStep(function) if np.all(low >= bound) else None
    return None


def _where(applied: PathOperation, others: Sequence[FloatArray | None]) -> MonotoneStep:
    condition, x, y = others
    assert condition is not None
    other = y if applied.inner == 1 else x
    assert other is not None
    ours = (condition != 0.0) == (applied.inner == 1)
    return MonotoneStep(
        lambda t, under: np.where(ours, t, np.where(under, np.inf, -np.inf)),
        border=np.where(ours, np.nan, other),
        jump=lambda *_: np.where(ours, np.nan, 1.0),  # where it is not ours
    )


def image(
    applied: PathOperation, others: Sequence[FloatArray | None], low: FloatArray, high: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Range of the operation's value, draw by draw, for u between low and high."""
    ends = [_evaluated(applied, others, end) for end in (low, high)]
    if isinstance(applied.operation, Elementwise) and applied.operation.ufunc is np.multiply:
        ends = [np.where(np.isnan(end), 0.0, end) for end in ends]  # 0 times infinity
    return np.fmin(*ends), np.fmax(*ends)


def comparison(
    operations: Sequence[PathOperation],
    others: Sequence[Sequence[FloatArray | None]],
    steps: Sequence[MonotoneStep],
) -> Inequality | None:
    """The inequality that the comparison at the end of a path holds by; None where it is none.

    Parameters
    ----------
    operations : the comparison and all on the way down to the draw
    others : their operands
    steps : their inverses, of all but the comparison
    """
    first = operations[0]
    assert isinstance(first.operation, Elementwise)
    less = {np.less: True, np.less_equal: True, np.greater: False, np.greater_equal: False}
    if first.operation.ufunc not in less:
        return None
    at_borders = []
    for number, step in enumerate(steps, 1):
        if step.border is not None:
            value = step.border
            for applied, beside in zip(
                operations[number - 1 :: -1], others[number - 1 :: -1], strict=True
            ):
                value = _evaluated(applied, beside, value)
            at_borders.append(value != 0.0)
    threshold = next(array for array in others[0] if array is not None)
    return Inequality(
        threshold, less[first.operation.ufunc] == (first.inner == 0), tuple(at_borders)
    )


def _evaluated(
    applied: PathOperation, others: Sequence[FloatArray | None], value: FloatArray
) -> FloatArray:
    """The operation's value, where that of the operand on the path is known."""
    if not isinstance(applied.operation, Elementwise | Convert | Where):
        return value  # a selection: the same number
    arrays = [value if array is None else array for array in others]
    out = np.empty(np.broadcast_shapes(*(array.shape for array in arrays)))
    applied.operation.evaluate([np.broadcast_to(array, out.shape) for array in arrays], (), out)
    return out
