"""The tail of draws as a generalised Pareto distribution: what is beyond a high threshold has
nearly this form, whatever the draws are of (Pickands 1975)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.confidence import NORMAL_95

__all__ = ["DrawnTail", "ParetoTail", "farther_shape", "tail_shape"]

_WIDER_SQUARES: Final = 3  # times as many draws hold as much of their squares: docs/constants.md
_WIDER: Final = 4  # likewise of higher powers
_NO_VARIANCE, _NO_FOURTH_MOMENT = 1 / 2, 1 / 4  # from these shapes on
_TELLING: Final = 64  # draws of a tail whose shape 0 has a standard error of half of 1/4, 1/√64
_GRID: Final = 20  # points of the quadrature, and one for each root of a draw


@final
@dataclass(frozen=True, slots=True)
class ParetoTail:
    """P(excess > x) = (1 + shape x / scale)^(-1/shape), exp(-x / scale) for shape 0. Moments of
    orders below 1/shape exist; with a shape below 0 the tail ends."""

    shape: float
    scale: float

    @staticmethod
    def fitted(excesses: FloatArray) -> ParetoTail:
        """To positive excesses in ascending order, by the mean of θ = -shape / scale over its
        profile likelihood (J. Zhang and M. A. Stephens, Technometrics 51, 2009).

        >>> p = (np.arange(500) + 0.5) / 500
        >>> tail = ParetoTail.fitted((1.0 - p) ** -0.5 - 1.0)  # of shape 0.5 and scale 0.5
        >>> abs(tail.shape - 0.5) < 0.05, abs(tail.scale - 0.5) < 0.05
        (True, True)
        """
        n = excesses.size
        quarter, farthest = float(excesses[(n - 1) // 4]), float(excesses[-1])
        m = _GRID + math.isqrt(n)
        points = 1.0 / farthest + (1.0 - np.sqrt(m / (np.arange(m) + 0.5))) / (3.0 * quarter)
        minus_shape = -np.log1p(-np.outer(points, excesses)).mean(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            likelihood = n * (np.log(points / minus_shape) + minus_shape - 1.0)
        weights = np.exp(likelihood - np.nanmax(likelihood))
        weights[~np.isfinite(weights)] = 0.0
        point = float(points @ weights / weights.sum())
        shape = float(np.log1p(-point * excesses).mean())
        return ParetoTail(shape, -shape / point if point else float(excesses.mean()))

    def upper_limit(self, n: int) -> ParetoTail:
        """With the shape at the upper end of its 90% interval, where it was fitted to n excesses:
        its standard error is (1 + shape)/√n (R. L. Smith, Biometrika 72, 1985). Of 128 excesses
        from tails of shapes -0.5 to 1, P(excess > x) is below that of this tail in 93 to 98%, for
        probabilities from 0.1 to 1e-6."""
        doubt = NORMAL_95 * max(1.0 + self.shape, 0.0) / math.sqrt(n)
        return ParetoTail(self.shape + doubt, self.scale)

    def beyond(self, x: float) -> float:
        """P(excess > x)."""
        if abs(self.shape) < 1e-6:
            return math.exp(-x / self.scale)
        inside = 1.0 + self.shape * x / self.scale
        return math.pow(inside, -1.0 / self.shape) if inside > 0.0 else 0.0


def tail_shape(draws: FloatArray, centre: float) -> float:
    """The shape of the tail of |x - centre|, from the 3 √n largest, but no more than a fifth (A.
    Vehtari et al., Journal of Machine Learning Research 25, 2024). Infinite where most of them are
    equal, so that they tell of none."""
    return _shape_of(np.abs(draws[np.isfinite(draws)] - centre))


def farther_shape(draws: FloatArray, centre: float) -> float:
    """The same of the one tail that is farther out: of x - centre, or of centre - x."""
    away = draws[np.isfinite(draws)] - centre
    few = _tail_size(away)
    if few < 5:
        return math.inf
    farthest = away[np.argpartition(np.abs(away), -few)[-few:]]
    return _shape_of(away if float(farthest @ np.abs(farthest)) >= 0.0 else -away)


def _tail_size(distance: FloatArray) -> int:
    return min(distance.size // 5, 3 * math.isqrt(distance.size))


def _shape_of(distance: FloatArray) -> float:
    few = _tail_size(distance)
    if few < 5:
        return math.inf
    largest = np.sort(np.partition(distance, distance.size - few - 1)[distance.size - few - 1 :])
    excesses = largest[1:] - largest[0]
    excesses = excesses[excesses > 0.0]
    return ParetoTail.fitted(excesses).shape if 2 * excesses.size > few else math.inf


@final
@dataclass(frozen=True, slots=True, eq=False)
class DrawnTail:
    """The tail of |x - centre| of draws of shape (R, N)."""

    draws: FloatArray
    centre: float

    def without_variance(self) -> bool:
        """Whether it looks like a tail without a variance: by both tails together, where the
        farther one alone has no fourth moment. Else an end of the other one, many small excesses
        among few large ones, only seems to fall slowly. Of a tail of too few draws this is not
        told."""
        if tail_shape(self.draws, self.centre) < _NO_VARIANCE:
            return False
        if _tail_size(self.draws) < _TELLING:
            return True
        return farther_shape(self.draws, self.centre) >= _NO_FOURTH_MOMENT

    @np.errstate(over="ignore")
    def grows(self, order: int) -> bool:
        """Whether the sum of |x - centre|^order looks like one that has no end: draws farther out,
        a third or a quarter as many, hold as much of it as those before them.

        The R farthest draws are left out, for whether a run has met them is luck, and so is then
        the error of the moment. With c = 3 for squares and 4 for higher powers, the (c - 1) R draws
        that follow are compared with the next c (c - 1) R; they hold the same where the tail falls
        like x^-order. False where there are not so many.

        >>> p = (np.arange(4096).reshape(8, 512) + 0.5) / 4096
        >>> tail = DrawnTail(p ** (-1 / 2.5), 0.0)  # with moments of orders below 2.5
        >>> tail.grows(2), tail.grows(3)
        (False, True)
        """
        replicates, wider = len(self.draws), _WIDER_SQUARES if order <= 2 else _WIDER
        distance = np.abs(self.draws[np.isfinite(self.draws)] - self.centre)
        few = wider**2 * replicates
        if distance.size < few:
            return False
        largest = np.sort(np.partition(distance, distance.size - few)[distance.size - few :])
        powers = (largest / largest[-1]) ** order if largest[-1] else largest
        near = few - wider * replicates
        before, farther = powers[:near].sum(), powers[near : few - replicates].sum()
        return bool(farther >= before > 0.0)
