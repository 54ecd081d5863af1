"""Points where a function of normal scores is above 0, which hardly any score reaches.

Annealing (Neal 2001, "Annealed importance sampling"; Del Moral, Doucet and Jasra 2006, "Sequential
Monte Carlo samplers"): scores that spread three times as far meet such a place, whatever way leads
there. Of these, points are chosen in parts of the function. Then the spread is lowered to 1 in
steps, in each of which the points are chosen anew by what the next spread makes of their density,
and move at random. A point that is far out in numbers that have no part in it loses these.

Unlike subset simulation it needs nothing that tells how near a point is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.narrowing import proposed

__all__ = ["Annealed", "annealed"]

_SPREAD: Final = 3.0  # of the first points
_EVEN: Final = 0.7  # of the points, that those chosen in a step tell as much as
_MOVES: Final = 2  # in each step,
_LAST: Final = 8  # and in the last one, after which points of one origin differ
_ACCEPTED: Final = 0.3  # of the moves, towards which their length goes
_STEPS: Final = 128


@final
@dataclass(frozen=True, slots=True, eq=False)
class Annealed:
    """Points that are distributed as the normal scores are, times the function."""

    points: FloatArray
    """Normal scores, shape (variates, size)."""
    logs: FloatArray
    """Of the function there, shape (size,)."""
    log_mean: float
    """Of the function's mean over all normal scores."""

    @property
    def mean(self) -> float:
        return math.exp(self.log_mean)

    @property
    def weights(self) -> FloatArray:
        """What each point counts: the mean of weight times g is that of g, where the function is
        above 0, over all normal scores."""
        return np.exp(self.log_mean - self.logs)


def annealed(
    log_height: Callable[[FloatArray], FloatArray],
    shape: tuple[int, int],
    random: np.random.Generator,
    first: int | None = None,
) -> Annealed | None:
    """Points of a shape (variates, size) where a function of such scores, not below 0 and told by
    its logarithm, is above 0; None where none of the `first` points (4 times as many) is.

    >>> def beyond(z):
    ...     return np.where(z.sum(axis=0) > 10.0, 0.0, -np.inf)
    >>> found = annealed(beyond, (4, 512), np.random.default_rng(0))
    >>> 1.4e-7 < found.mean < 6e-7  # of four normal numbers; 2.9e-7
    True
    """
    length = 0.8
    z = _SPREAD * random.standard_normal((shape[0], first or 4 * shape[1]))
    found = _of(log_height, z)
    if found.max() == -math.inf:
        return None
    there = found[found > -math.inf]
    path = _Path(_highest(lambda power: power * there, 0.0, 1.0))
    along = 0.0
    logs = path.power(along) * found
    log_mean = 0.0
    for _ in range(_STEPS):
        most = float(logs.max())
        parts = np.exp(logs - most)
        log_mean += most + math.log(float(parts.mean()))
        z, found = _chosen(z, found, parts, shape[1], random)
        spread, power = path.spread(along), path.power(along)
        for move in range(_LAST if along == 1.0 else _MOVES):
            new = proposed(z, spread, length, random, some=move % 2 == 1)
            moved = _of(log_height, new)
            taken = power * found - random.standard_exponential(size=found.shape) < power * moved
            np.copyto(z, new, where=taken)
            np.copyto(found, moved, where=taken)
            if move % 2 == 0:
                length = min(max(length * math.exp(float(np.mean(taken)) - _ACCEPTED), 1e-2), 1.0)
        if along == 1.0:
            return Annealed(z, found, log_mean)
        steps = path.from_here(along, z, found)
        along = _highest(steps, along, 1.0)
        logs = steps(along)
    return None


@final
@dataclass(frozen=True, slots=True)
class _Path:
    """From scores that spread far, and a low power of the function, to both as they are: of a
    function that grows fast the farthest points would else be all that are chosen."""

    first: float
    """The power of the function at the beginning."""

    def spread(self, along: float) -> float:
        return 1.0 / math.sqrt(_SPREAD**-2.0 + along * (1.0 - _SPREAD**-2.0))

    def power(self, along: float) -> float:
        return self.first + along * (1.0 - self.first)

    def from_here(
        self, along: float, z: FloatArray, found: FloatArray
    ) -> Callable[[float], FloatArray]:
        """The logarithms of how many times as dense points are farther along."""
        squares = np.einsum("vn,vn->n", z, z) / 2.0
        here, power = self.spread(along), self.power(along)

        def logs(to: float) -> FloatArray:
            there = self.spread(to)
            each: FloatArray = squares * (here**-2.0 - there**-2.0)
            return each + len(z) * math.log(here / there) + (self.power(to) - power) * found

        return logs


def _highest(logs: Callable[[float], FloatArray], low: float, high: float) -> float:
    """The highest place up to which the weights of points, by their logarithms, are even enough."""

    def is_even(place: float) -> bool:
        ratios = np.exp((each := logs(place)) - each.max())
        enough = _EVEN * ratios.size * float((ratios * ratios).sum())
        return bool(float(ratios.sum()) ** 2 >= enough)

    if is_even(high):
        return high
    for _ in range(20):
        middle = (low + high) / 2.0
        low, high = (middle, high) if is_even(middle) else (low, middle)
    return low


def _chosen(
    z: FloatArray, found: FloatArray, parts: FloatArray, size: int, random: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """So many points, each in parts of all (systematic resampling, Kitagawa 1996)."""
    ends = np.cumsum(parts)
    at = (np.arange(size) + random.uniform()) / size * ends[-1]
    places = np.minimum(np.searchsorted(ends, at, side="right"), parts.size - 1)
    return z[:, places], found[places]


def _of(log_height: Callable[[FloatArray], FloatArray], z: FloatArray) -> FloatArray:
    found = np.asarray(log_height(z), dtype=np.float64)
    return np.where(found < np.inf, found, -np.inf)
