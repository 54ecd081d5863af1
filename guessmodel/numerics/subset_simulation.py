"""Points of a region that is hardly ever reached, and how likely it is.

Subset simulation (Au and Beck 2001): of points at random those that come nearest are kept and
multiplied, moved at random without falling back, and so on until they are there. Each round is a
part of the probability. Points move as by the conditional sampler of Papaioannou et al. (2015): to
sqrt(1 - r²) z + r times a new normal score, where that does not fall back, which leaves the normal
distribution as it is in any number of dimensions.

Several populations do so by themselves, up to levels that they have in common: the more points tell
a level, the less it depends on one of them, and the less are probabilities too high on the average.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.numerics.arrays import FloatArray

__all__ = ["Reached", "multiplied", "subset_simulation"]

_KEPT: Final = 0.2  # of the points in each round
_MOVES: Final = 4  # in each round
_ACCEPTED: Final = 0.44  # of the moves, towards which their length goes
_SHORT: Final = 0.25  # of the moves are shorter than that, as a thin sheet needs them,
_SHORTEST: Final = 3.0  # by up to so many powers of ten
_FLAT: Final = 8  # points that are as near as others, for each distance that there is:
_PATIENCE: Final = 4  # then so many times as many moves, every other one of single numbers anew
_ROUNDS: Final = 40


@final
@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """Points of which some are in the region, and there are as they are distributed given that it
    is reached."""

    points: FloatArray
    """Normal scores, shape (variates, populations, size)."""
    there: NDArray[np.bool_]
    """Which are in the region, shape (populations, size)."""
    weight: FloatArray
    """What a point counts that is, shape (populations,): the mean of weight times the share of
    points that are there is the probability."""

    @property
    def shares(self) -> FloatArray:
        """What each population tells of the probability."""
        found: FloatArray = self.weight * np.mean(self.there, axis=-1)
        return found

    @property
    def probability(self) -> float:
        return float(np.mean(self.shares))


def subset_simulation(
    margin: Callable[[FloatArray], FloatArray],
    shape: tuple[int, int, int],
    random: np.random.Generator,
    least: float,
) -> Reached | None:
    """Points where the margin, a function of normal scores of some shape (variates, populations,
    size), is above 0.

    None where the probability is below `least`, and where the margin tells no way there: where it
    is the same in most of the points, and they do not get any nearer.

    >>> found = subset_simulation(
    ...     lambda z: z.sum(axis=0) - 10.0, (4, 8, 256), np.random.default_rng(0), 1e-13
    ... )
    >>> 1.4e-7 < found.probability < 6e-7  # of four normal numbers; 2.9e-7
    True
    """
    _, populations, size = shape
    z = random.standard_normal(shape)
    near = _of(margin, z)
    weight, level, length = np.ones(populations), -np.inf, 0.5
    for _ in range(_ROUNDS):
        there = near > 0.0
        if np.mean(there) >= _KEPT:
            return Reached(z, there, weight)
        level = _next_level(near, level)
        if not np.isfinite(level):
            return None
        kept = near >= level
        weight *= np.mean(kept, axis=-1)
        if weight.mean() < least:
            return None
        moved = multiplied(np.concatenate([z, near[np.newaxis]]), kept, size, random)
        z, near = moved[:-1], moved[-1]
        flat = np.unique(near).size * _FLAT < near.size
        for move in range(_MOVES * _PATIENCE if flat else _MOVES):
            shorter = random.uniform(size=near.shape) * (random.uniform(size=near.shape) < _SHORT)
            far = length * 10.0 ** (-_SHORTEST * shorter)
            if fresh := flat and move % 2 == 1:
                far = (random.uniform(size=shape) < 1.0 / len(z)).astype(np.float64)
            new = np.sqrt(1.0 - far**2) * z + far * random.standard_normal(shape)
            nearer = _of(margin, new)
            taken = nearer >= level
            np.copyto(z, new, where=taken)
            np.copyto(near, nearer, where=taken)
            if not fresh:
                length = min(max(length * np.exp(np.mean(taken) - _ACCEPTED), 1e-3), 1.0)
    return None


def multiplied(
    z: FloatArray, kept: NDArray[np.bool_], size: int, random: np.random.Generator
) -> FloatArray:
    """Of points of shape (..., populations, points) those that are kept, shape (populations,
    points), as often as makes `size` in each population."""
    found = np.empty((*z.shape[:-1], size))
    for p, own in enumerate(kept):  # of one that has none the weight is 0: it goes on as all do
        points, places = (z[:, p], own) if own.any() else (z.reshape(len(z), -1), kept.ravel())
        chosen = np.flatnonzero(places)
        some = np.arange(size) % chosen.size if chosen.size < size else np.arange(size)
        order = random.permutation(chosen.size)
        found[:, p] = points[:, chosen[order[some]]]
    return found


def _next_level(near: FloatArray, last: float) -> float:
    """That which the nearest points are at or above; the next higher one, where many are alike;
    none, -inf, where no point is nearer than the last level."""
    few = max(int(_KEPT * near.size), 1)
    level = float(np.partition(near.ravel(), near.size - few)[near.size - few])
    if level > last:
        return level
    beyond = near[near > last]
    return float(beyond.min()) if beyond.size else -np.inf


def _of(margin: Callable[[FloatArray], FloatArray], z: FloatArray) -> FloatArray:
    return np.nan_to_num(margin(z), nan=-np.inf, posinf=np.inf, neginf=-np.inf)
