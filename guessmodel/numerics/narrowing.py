"""Points of a region that is hardly ever reached, by scores that spread less and less.

Normal scores that spread three times as far reach it, whatever way leads there. Of these the
spread is lowered to 1 in steps: all points are drawn together, those that are still in the region
are multiplied and moved at random within it, and so on. Each step is a part of the probability.
It is subset simulation (Au and Beck 2001) in which the spread is the level, as Bucher (2009,
"Asymptotic sampling for high-dimensional reliability analysis") lets it grow.

It needs nothing that tells how near a point is. But the region has to go on outwards: of a window
a part is lost where points are drawn together. The points are in the window, and too few tell of
it: its probability is too low.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.subset_simulation import Reached, multiplied

__all__ = ["narrowed", "proposed"]

_SPREAD: Final = 3.0  # of the first points,
_TRIED: Final = 1 << 12  # which are so many at least
_FEWEST: Final = 1 << 4  # of them that are in the region
_KEPT: Final = 0.2  # of the points in each step, at least,
_ENOUGH: Final = 0.35  # and as near to it as saves time
_HALVINGS: Final = 6  # of the range in which a spread is looked for
_MOVES: Final = 4  # in each step,
_LAST: Final = 6  # and in the last one, after which points of one origin differ
_ACCEPTED: Final = 0.3  # of the moves, towards which their length goes
_STEPS: Final = 40


def narrowed(
    reached: Callable[[FloatArray], NDArray[np.bool_]],
    shape: tuple[int, int, int],
    random: np.random.Generator,
    least: float,
) -> Reached | None:
    """Points that are reached, of normal scores of some shape (variates, populations, size).

    None where hardly any of the first points is, and where the probability is below `least`.

    >>> found = narrowed(
    ...     lambda z: z.sum(axis=0) > 10.0, (4, 8, 64), np.random.default_rng(0), 1e-13
    ... )
    >>> 1.4e-7 < found.probability < 6e-7  # of four normal numbers; 2.9e-7
    True
    """
    variates, populations, size = shape
    tried = max(size, _TRIED // populations)
    z = _SPREAD * random.standard_normal((variates, populations, tried))
    there = reached(z)
    if np.count_nonzero(there) < _FEWEST:
        return None
    weight = np.mean(there, axis=-1)
    z = multiplied(z, there, size, random)
    spread, length, ratio = _SPREAD, 0.8, 0.75
    for _ in range(_STEPS):
        lower, kept = _lowered(reached, z, spread, max(ratio * spread, 1.0))
        weight = weight * np.mean(kept, axis=-1)
        if weight.mean() < max(least, np.finfo(float).tiny):
            return None
        z = multiplied(z, kept, size, random) * (lower / spread)
        spread, ratio = lower, lower / spread
        for move in range(_LAST if spread == 1.0 else _MOVES):
            new = proposed(z, spread, length, random, some=move % 2 == 1)
            taken = reached(new)
            np.copyto(z, new, where=taken)
            if move % 2 == 0:
                length = min(max(length * np.exp(np.mean(taken) - _ACCEPTED), 1e-2), 1.0)
        if spread == 1.0:
            return Reached(z, np.ones(shape[1:], dtype=np.bool_), weight)
    return None


def proposed(
    z: FloatArray, spread: float, length: float, random: np.random.Generator, *, some: bool
) -> FloatArray:
    """Points moved by a length, 1 being as far as can be, which leaves normal scores of a spread as
    they are; or of each point `some` numbers anew, so that those that have no part go back."""
    far = np.full(z.shape[1:], length)
    if some:
        share = random.uniform(size=z.shape[1:])
        far = (random.uniform(size=z.shape) < share).astype(np.float64)
    found: FloatArray = np.sqrt(1.0 - far**2) * z + far * spread * random.standard_normal(z.shape)
    return found


def _lowered(
    reached: Callable[[FloatArray], NDArray[np.bool_]], z: FloatArray, spread: float, guess: float
) -> tuple[float, NDArray[np.bool_]]:
    """A spread, from 1 up, at which enough points are still there, near the lowest; and which are.
    A good guess saves time."""
    few, lower, kept = 1.0, spread, np.ones(z.shape[1:], dtype=np.bool_)
    for _ in range(_HALVINGS):
        there = reached(z * (guess / spread))
        share = float(np.mean(there))
        if share >= _KEPT:
            lower, kept = guess, there
            if share < _ENOUGH or guess == 1.0:
                break
        else:
            few = guess
        guess = (few + lower) / 2.0
    return lower, kept
