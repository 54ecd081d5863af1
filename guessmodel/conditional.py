"""Conditional Monte Carlo: a quantile of an output with one draw integrated out.

Given all other draws, an output is a monotone function of the draw at the end of a chain, so that
its CDF there is the family's own CDF at the inverted threshold. The mean over the other draws is
smooth in the threshold, and a net integrates it with an error that falls much faster than that of
a step function. (Asmussen and Glynn 2007, "Stochastic Simulation", section V.4.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import final

import numpy as np
from numpy.typing import NDArray

from guessmodel.chains import Chain, Link
from guessmodel.confidence import student_t_quantile
from guessmodel.distributions.family import Family
from guessmodel.estimate import Estimate
from guessmodel.estimators import share_floor
from guessmodel.operations import Convert, Elementwise, FloatArray, Where
from guessmodel.places import Place

__all__ = ["Smooth", "smooth"]

ESTIMATOR = "conditional"
_WIDEN = 1.25  # for having chosen the draw with the smallest estimated error on the same draws
_FEW = 0.1  # share of the variance in one draw
_STEPS = 6  # of the search for a quantile; two or three are the rule

Probability = Callable[[FloatArray], FloatArray]


@final
@dataclass(frozen=True, slots=True)
class _Step:
    """`u -> f(u)`, monotone in u for each draw: the inverse of a threshold, and the draws for
    which f decreases (a flag, or one flag a draw)."""

    inverse: Callable[[FloatArray], FloatArray]
    decreasing: bool | NDArray[np.bool_] = False


@final
@dataclass(frozen=True, slots=True, eq=False)
class Smooth:
    """The CDF of an output as a smooth function: `cdf(t)[r]` is the mean over replicate r."""

    replicates: int
    size: int
    steps: tuple[_Step, ...]
    below: Probability  # P(draw <= x), one x a draw of the others
    comparison: tuple[FloatArray, bool] | None  # threshold and whether the event is <=
    jumps: bool  # the share, as a function of the other draws, is not continuous

    def shares(self, threshold: FloatArray | float, *, less: bool = True) -> FloatArray:
        """P(output <= threshold | others), or >= unless `less`, for each draw of the others."""
        shape = (self.replicates * self.size,)
        x = np.broadcast_to(np.asarray(threshold, dtype=np.float64), shape)
        turned: bool | NDArray[np.bool_] = not less
        with np.errstate(all="ignore"):
            for step in self.steps:
                x = step.inverse(x)
                if step.decreasing is not False:
                    turned = turned ^ step.decreasing
            share = self.below(x)
        if isinstance(turned, bool):
            return 1.0 - share if turned else share
        return np.where(turned, 1.0 - share, share)

    def cdf(self, threshold: float) -> FloatArray:
        """P(output <= threshold) by replicate."""
        return self._means(self.shares(threshold))

    def probability(self) -> Estimate | None:
        """Probability that the comparison at the end of the chain holds; None where so few draws
        hold most of it that its error cannot be told."""
        assert self.comparison is not None
        threshold, less = self.comparison
        shares = self.shares(threshold, less=less)
        if _few(shares):
            return None
        rows = self._means(shares)
        value, half = float(rows.mean()), self._half(rows)
        half = max(half, 8 * np.finfo(float).eps)
        return Estimate(value, max(value - half, 0.0), min(value + half, 1.0), ESTIMATOR)

    def quantile(self, p: float, start: float, width: float, unit: str = "") -> Estimate | None:
        """Quantile at p by Newton steps from an order statistic and its error.

        None where the search leaves its neighbourhood, as at an atom or a gap, or where the error
        cannot be told.
        """
        width = width if width > 0.0 and math.isfinite(width) else 1e-3 * (abs(start) or 1.0)
        x, before = start, start + width
        known = float(self.cdf(before).mean())
        for _ in range(_STEPS):
            shares = self.shares(x)
            rows = self._means(shares)
            value = float(rows.mean())
            slope = (value - known) / (x - before) if x != before else 0.0
            if not slope > 0.0 or not math.isfinite(slope):
                return None
            half = self._half(rows) / slope
            step = (p - value) / slope
            if abs(x + step - start) > 8.0 * width:
                return None
            finest = max(1e-6 * width, 8 * np.finfo(float).eps * abs(x))
            if abs(step) <= max(1e-2 * half, finest):
                half = max(half, finest)
                end = x + step
                return (
                    None if _few(shares) else Estimate(end, end - half, end + half, ESTIMATOR, unit)
                )
            before, known = x, value
            x += step
        return None

    def _means(self, shares: FloatArray) -> FloatArray:
        means: FloatArray = shares.reshape(self.replicates, self.size).mean(axis=1)
        return means

    def _half(self, rows: FloatArray) -> float:
        spread = float(rows.std(ddof=1)) / math.sqrt(self.replicates)
        half = _WIDEN * student_t_quantile(0.95, self.replicates - 1) * spread
        # A net in one dimension may count the draws beyond a jump alike in all replicates.
        return max(half, share_floor(self.replicates, self.size)) if self.jumps else half


def _few(shares: FloatArray) -> bool:
    """Whether a few draws hold so much of the variance that others like them may be missing."""
    squares = np.square(shares - shares.mean())
    total = float(squares.sum())
    return total > 1e-24 and float(squares.max()) > _FEW * total


def smooth(
    chain: Chain,
    family: Family,
    values: Callable[[Place], FloatArray],
    replicates: int,
    size: int,
) -> Smooth | None:
    """The smooth CDF along a chain that ends in a draw of `family`, given the draws of its other
    operands (each of shape (replicates * size,) or (1,)); None where some step is not monotone in
    the draw, or an operand is not finite."""
    parameters = [values(place) for place in chain.parameters] if family.parameters else []
    if not all(np.all(np.isfinite(values(place))) for place in chain.others):
        return None
    low, high = (np.atleast_1d(end) for end in family.support(*parameters))
    steps: list[_Step] = []
    comparison: tuple[FloatArray, bool] | None = None
    with np.errstate(all="ignore"):
        for link in reversed(chain.links):
            others = [
                None if k == link.path else values(place) for k, place in enumerate(link.operands)
            ]
            if isinstance(link.operation, Elementwise) and link.operation.compares:
                comparison = _compared(link, others)
                if comparison is None:
                    return None
                continue
            step = _invert(link, others, low, high)
            if step is None:
                return None
            if step.inverse is not _same:
                steps.append(step)
            low, high = _image(link, others, low, high)
    below = _cdf(family, parameters)
    return Smooth(replicates, size, tuple(reversed(steps)), below, comparison, chain.jumps)


# --- steps --------------------------------------------------------------------------------------


def _same(t: FloatArray) -> FloatArray:
    return t


def _invert(
    link: Link, others: Sequence[FloatArray | None], low: FloatArray, high: FloatArray
) -> _Step | None:
    operation, first = link.operation, link.path == 0
    if isinstance(operation, Convert):
        factor = operation.factor
        return _Step(lambda t: t / factor, factor < 0.0)
    if isinstance(operation, Where):
        return _where(link, others)
    if not isinstance(operation, Elementwise):
        return _Step(_same)  # a selection: the same number
    other = next((array for array in others if array is not None), None)
    ufunc = operation.ufunc
    if other is None:
        return _unary(ufunc, low)
    a: FloatArray = other
    if ufunc is np.add:
        return _Step(lambda t: t - a)
    if ufunc is np.subtract:
        return _Step(lambda t: t + a) if first else _Step(lambda t: a - t, True)
    if ufunc is np.multiply:
        return _scaled(1.0 / a, a)
    if ufunc is np.divide:
        return _scaled(a, a) if first else _reciprocal(a, low, high)
    if ufunc is np.power:
        exponent = float(a.flat[0])
        return _power(exponent, low) if np.all(a == exponent) else None
    if ufunc is np.minimum:  # min(u, a) <= t holds for all u where a <= t
        return _Step(lambda t: np.where(a <= t, np.inf, t))
    if ufunc is np.maximum:  # max(u, a) <= t holds for no u where a > t
        return _Step(lambda t: np.where(a > t, -np.inf, t))
    return None


def _scaled(factor: FloatArray, a: FloatArray) -> _Step | None:
    if not np.all(a != 0.0):
        return None
    negative = a < 0.0
    return _Step(lambda t: t * factor, negative if np.any(negative) else False)


def _reciprocal(a: FloatArray, low: FloatArray, high: FloatArray) -> _Step | None:
    """a / u, where u keeps one sign: decreasing where a and u have one sign too."""
    positive, negative = low >= 0.0, high <= 0.0
    if not np.all(positive | negative) or not np.all(a != 0.0):
        return None
    decreasing = positive == (a > 0.0)
    # Beyond the range of a / u, thresholds are met by all u or none: the end of u's range that
    # the side of the range belongs to.
    above = np.where(a > 0.0, positive, negative)  # the range is (0, inf), else (-inf, 0)
    edge = np.where(positive, np.inf, -np.inf)

    def inverse(t: FloatArray) -> FloatArray:
        inside = np.where(above, t > 0.0, t < 0.0)
        return np.where(inside, a / np.where(inside, t, 1.0), edge)

    return _Step(inverse, decreasing if not np.all(decreasing) else True)


def _power(c: float, low: FloatArray) -> _Step | None:
    if c == 0.0:
        return None
    if np.all(low >= 0.0):
        outside = -np.inf if c > 0.0 else np.inf
        return _Step(lambda t: np.where(t > 0.0, np.abs(t) ** (1.0 / c), outside), bool(c < 0.0))
    if c == round(c) and c > 0.0 and round(c) % 2 == 1:
        return _Step(lambda t: np.copysign(np.abs(t) ** (1.0 / c), t))
    return None


def _unary(ufunc: np.ufunc, low: FloatArray) -> _Step | None:
    if ufunc is np.negative:
        return _Step(np.negative, True)
    if ufunc is np.positive:
        return _Step(_same)
    powers = {np.sqrt: 0.5, np.square: 2.0, np.reciprocal: -1.0}
    if ufunc in powers:
        return _power(powers[ufunc], low)
    if ufunc is np.cbrt:
        return _Step(lambda t: t**3)
    logarithms = {np.exp: np.log, np.expm1: np.log1p}
    if ufunc in logarithms:
        bound = 0.0 if ufunc is np.exp else -1.0
        inverse = logarithms[ufunc]
        return _Step(lambda t: np.where(t > bound, inverse(np.where(t > bound, t, 1.0)), -np.inf))
    exponentials: dict[np.ufunc, tuple[Callable[[FloatArray], FloatArray], float]] = {
        np.log: (np.exp, 0.0),
        np.log1p: (np.expm1, -1.0),
        np.log2: (np.exp2, 0.0),
        np.log10: (lambda t: np.exp(t * math.log(10.0)), 0.0),
    }
    if ufunc in exponentials:
        function, bound = exponentials[ufunc]
        return _Step(function) if np.all(low >= bound) else None
    return None


def _where(link: Link, others: Sequence[FloatArray | None]) -> _Step:
    condition, x, y = others
    assert condition is not None
    other = y if link.path == 1 else x
    assert other is not None
    ours = (condition != 0.0) == (link.path == 1)
    return _Step(lambda t: np.where(ours, t, np.where(other <= t, np.inf, -np.inf)))


def _image(
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


def _compared(link: Link, others: Sequence[FloatArray | None]) -> tuple[FloatArray, bool] | None:
    assert isinstance(link.operation, Elementwise)
    less = {np.less: True, np.less_equal: True, np.greater: False, np.greater_equal: False}
    if link.operation.ufunc not in less:
        return None
    threshold = next(array for array in others if array is not None)
    return threshold, less[link.operation.ufunc] == (link.path == 0)


# --- CDFs ---------------------------------------------------------------------------------------


def _cdf(family: Family, parameters: Sequence[FloatArray]) -> Probability:
    if family.name == "normal":
        mean, sd = parameters
        return lambda x: _normal_cdf((x - mean) / sd)
    if family.name == "lognormal":
        mu, sigma = parameters

        def below(x: FloatArray) -> FloatArray:
            inside = x > 0.0
            z = (np.log(np.where(inside, x, 1.0)) - mu) / sigma
            return np.where(inside, _normal_cdf(z), 0.0)

        return below

    def general(x: FloatArray) -> FloatArray:
        share = family.cdf(np.nan_to_num(x), *parameters)
        return np.where(x == np.inf, 1.0, np.where(x == -np.inf, 0.0, share))

    return general


_PER_UNIT = 128  # knots of the table per unit of z
_REACH = 9.0


@lru_cache(maxsize=1)
def _normal_table() -> tuple[FloatArray, FloatArray]:
    z = np.arange(-_REACH, _REACH + 2.0 / _PER_UNIT, 1.0 / _PER_UNIT)
    cdf = np.array([0.5 * math.erfc(-x / math.sqrt(2.0)) for x in z])
    return cdf, np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi) / _PER_UNIT


def _normal_cdf(z: FloatArray) -> FloatArray:
    """Standard normal CDF by cubic Hermite interpolation, right to 2e-11: the means it goes into
    have far larger errors, and importing scipy.special costs as much as a whole run."""
    cdf, slope = _normal_table()
    place = (np.clip(z, -_REACH, _REACH) + _REACH) * _PER_UNIT
    knot = place.astype(np.intp)
    t = place - knot
    rest = 1.0 - t
    left = cdf[knot] * (1.0 + 2.0 * t) + slope[knot] * t
    right = cdf[knot + 1] * (1.0 + 2.0 * rest) - slope[knot + 1] * rest
    return rest * rest * left + t * t * right
