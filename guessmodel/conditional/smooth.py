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
from typing import final

import numpy as np
from numpy.typing import NDArray

from guessmodel.conditional.chains import Chain, Link
from guessmodel.conditional.places import Place
from guessmodel.distributions.family import Family
from guessmodel.operations import Convert, Elementwise, FloatArray, Where
from guessmodel.statistics.confidence import student_t_quantile
from guessmodel.statistics.estimate import Estimate
from guessmodel.statistics.estimators import share_floor
from guessmodel.statistics.normal_cdf import normal_cdf

__all__ = ["Smooth", "smooth"]

ESTIMATOR = "conditional"
_WIDEN = 1.25  # for having chosen the draw with the smallest estimated error on the same draws
_FEW = 0.1  # share of the variance in one draw
_STEPS = 6  # of the search for a quantile; two or three are the rule
_NEAR = 0.25  # of the error: what a last Newton step leaves is far below it then
_PIECE = 1 << 13  # draws that are worked on at once
_FIRST = 1 << 7  # draws of each replicate with which the search for a quantile begins

Probability = Callable[[FloatArray], FloatArray]
Values = Callable[[Place], FloatArray]


@final
@dataclass(frozen=True, slots=True)
class _Step:
    """`u -> f(u)`, monotone in u for each draw: the inverse of a threshold, and the draws for
    which f decreases (a flag, or one flag a draw)."""

    inverse: Callable[[FloatArray], FloatArray]
    decreasing: bool | NDArray[np.bool_] = False


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """Some draws of each replicate, in arrays (replicates, draws) that stay in the cache."""

    columns: slice
    steps: tuple[_Step, ...]
    below: Probability  # P(draw <= x), one x a draw of the others
    comparison: tuple[FloatArray, bool] | None  # threshold and whether the event is <=

    def shares(self, threshold: FloatArray | float, less: bool) -> FloatArray:
        x = np.array([threshold]) if isinstance(threshold, float) else threshold
        turned: bool | NDArray[np.bool_] = not less
        for step in self.steps:
            x = step.inverse(x)
            if step.decreasing is not False:
                turned = turned ^ step.decreasing
        share = self.below(x)
        if isinstance(turned, bool):
            return 1.0 - share if turned else share
        return np.where(turned, 1.0 - share, share)

    def compared(self) -> FloatArray:
        """P(the comparison holds | others)."""
        assert self.comparison is not None
        return self.shares(*self.comparison)


@final
@dataclass(frozen=True, slots=True, eq=False)
class Smooth:
    """The CDF of an output as a smooth function: `cdf(t)[r]` is the mean over replicate r."""

    replicates: int
    size: int
    pieces: tuple[_Piece, ...]
    first: _Piece  # the beginning of each replicate, which of a net is a net
    jumps: bool  # the share, as a function of the other draws, is not continuous

    @property
    def comparison(self) -> tuple[FloatArray, bool] | None:
        """Not None where the chain ends in a comparison, which has a probability alone."""
        return self.pieces[0].comparison

    def shares(self, threshold: float) -> FloatArray:
        """P(output <= threshold | others), shape (replicates, draws of the others)."""
        return self._gathered(lambda piece: piece.shares(float(threshold), True))

    def cdf(self, threshold: float) -> FloatArray:
        """P(output <= threshold) by replicate."""
        means: FloatArray = self.shares(threshold).mean(axis=1)
        return means

    def probability(self) -> Estimate | None:
        """Probability that the comparison holds; None where its error cannot be told."""
        with np.errstate(all="ignore"):
            alone = self.pieces[0].compared()
        if alone.size == 1:
            return Estimate.exact(float(alone[0]))
        shares = self._gathered(_Piece.compared)
        if _few(shares) or not 0.0 < shares.mean() < 1.0:  # what is rarer may be missing
            return None
        rows = shares.mean(axis=1)
        value, half = float(rows.mean()), max(self._half(rows), 8 * np.finfo(float).eps)
        return Estimate(value, max(value - half, 0.0), min(value + half, 1.0), ESTIMATOR)

    def quantile(self, p: float, start: float, width: float, unit: str = "") -> Estimate | None:
        """Quantile at p by Newton steps from an order statistic and its error.

        They begin on few draws, so that all are looked at once or twice. None where they leave
        its neighbourhood, as at an atom or a gap, or where the error cannot be told.
        """
        start = float(start)
        width = float(width) if 0.0 < width < math.inf else 1e-3 * (abs(start) or 1.0)
        few = self.first.columns.stop
        first = Smooth(self.replicates, few, (self.first,), self.first, self.jumps)
        known = float(first.cdf(start + width).mean())
        slope = (known - float(first.cdf(start).mean())) / width
        root = first._root(p, start, slope, start, 8.0 * width)
        if root is not None and few < self.size:
            root = self._root(p, root.x, root.slope, start, 8.0 * width)
        if root is None or _few(root.shares):
            return None
        return Estimate(root.x, root.x - root.half, root.x + root.half, ESTIMATOR, unit)

    def _root(self, p: float, x: float, slope: float, centre: float, reach: float) -> _Root | None:
        """Newton steps from x, whose slopes are those of the secants."""
        before, known = x, math.nan
        for _ in range(_STEPS):
            shares = self.shares(x)
            rows = shares.mean(axis=1)
            value = float(rows.mean())
            if x != before:
                slope = (value - known) / (x - before)
            if not slope > 0.0 or not math.isfinite(slope):
                return None
            half, step = self._half(rows) / slope, (p - value) / slope
            if abs(x + step - centre) > reach:
                return None
            finest = max(1e-7 * reach, 8 * np.finfo(float).eps * abs(x))
            if abs(step) <= max(_NEAR * half, finest):
                return _Root(x + step, slope, max(half, finest), shares)
            before, known = x, value
            x += step
        return None

    def _gathered(self, shares: Callable[[_Piece], FloatArray]) -> FloatArray:
        out = np.empty((self.replicates, self.size))
        with np.errstate(all="ignore"):
            for piece in self.pieces:
                out[:, piece.columns] = shares(piece)
        return out

    def _half(self, rows: FloatArray) -> float:
        spread = float(rows.std(ddof=1)) / math.sqrt(self.replicates)
        half = _WIDEN * student_t_quantile(0.95, self.replicates - 1) * spread
        # A net in one dimension may count the draws beyond a jump alike in all replicates.
        return max(half, share_floor(self.replicates, self.size)) if self.jumps else half


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Root:
    """Where the CDF is p, with the half-width of its error."""

    x: float
    slope: float
    half: float
    shares: FloatArray  # near it


def _few(shares: FloatArray) -> bool:
    """Whether a few draws hold so much of the variance that others like them may be missing."""
    deviations = shares - shares.mean()
    total = float(np.einsum("ij,ij->", deviations, deviations))
    noise = shares.size * (1e-15 * float(shares.max())) ** 2
    return total > noise and float(np.abs(deviations).max()) ** 2 > _FEW * total


def smooth(
    chain: Chain, family: Family, values: Values, replicates: int, size: int
) -> Smooth | None:
    """The smooth CDF along a chain that ends in a draw of `family`, given the draws of its other
    operands (each of shape (replicates * size,) or (1,)); None where some step is not monotone in
    the draw, or an operand is not finite."""
    if not all(np.all(np.isfinite(values(place))) for place in chain.others):
        return None
    count = min(max(replicates * size // _PIECE, 1), size)
    cuts = [slice(size * number // count, size * (number + 1) // count) for number in range(count)]
    pieces = []
    for columns in (slice(0, min(_FIRST, size)), *cuts):

        def part(place: Place, columns: slice = columns) -> FloatArray:
            draws = values(place)
            return draws if draws.size == 1 else draws.reshape(replicates, size)[:, columns]

        piece = _piece(chain, family, part, columns)
        if piece is None:
            return None
        pieces.append(piece)
    return Smooth(replicates, size, tuple(pieces[1:]), pieces[0], chain.jumps)


def _piece(chain: Chain, family: Family, values: Values, columns: slice) -> _Piece | None:
    parameters = [values(place) for place in chain.parameters] if family.parameters else []
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
            if link is not chain.links[0]:
                low, high = _image(link, others, low, high)
    return _Piece(columns, tuple(reversed(steps)), _cdf(family, parameters), comparison)


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
    one_side = bool(np.all(above))

    def inverse(t: FloatArray) -> FloatArray:
        if one_side and np.min(t) > 0.0:
            return a / t
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
        return lambda x: normal_cdf((x - mean) / sd)
    if family.name == "lognormal":
        mu, sigma = parameters

        def below(x: FloatArray) -> FloatArray:
            positive = bool(np.min(x) > 0.0)
            z = np.log(x if positive else np.where(x > 0.0, x, 1.0))
            share = normal_cdf((z - mu) / sigma)
            return share if positive else np.where(x > 0.0, share, 0.0)

        return below

    def general(x: FloatArray) -> FloatArray:
        share = family.cdf(np.nan_to_num(x), *parameters)
        return np.where(x == np.inf, 1.0, np.where(x == -np.inf, 0.0, share))

    return general
