"""How high the conditional share jumps as the other draws vary.

The replicates of a net often count a side of a jump alike, by chance, and their means then agree
too well. What such a count may be off by, times the height of the jump, is the least half-width of
their mean. Not every jump is near the threshold: the heights are those at a threshold.

Along a chain, the share jumps where the border of a step (`min`, `max`, `where`) crosses the
threshold: by the probability that the step takes its border's value. It jumps where a denominator
changes its sign. And it jumps with whatever the chain's operands depend on by steps: discrete
draws, comparisons, whole numbers. Given the values of these, the difference between the mean
shares of neighbouring values is a height.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np
from numpy.typing import NDArray

from guessmodel.estimators.conditional.paths import Chain
from guessmodel.graph.coordinates import Element
from guessmodel.graph.elementwise import FloatArray
from guessmodel.numerics.sorting import ties

__all__ = ["Height", "Sides", "local", "sides"]

_ENOUGH = 30  # draws of a value that tell its mean share, and that it is no rare one
_ISOLATED = 16  # draws of a value, on average, that are taken for one; a step between others is not
_NEAREST = 32  # draws that tell how high a jump is at the threshold
_HEAVIEST = 0.9  # shape of a tail; from 1 on it has no mean
_MOST = 16  # of what decides, beyond which the jumps are not told apart


@final
@dataclass(frozen=True, slots=True)
class Height:
    """Of a jump along the chain: its height near the threshold, and how many draws should be
    beyond it where none is."""

    value: float
    beyond: float


def local(heights: FloatArray, margin: FloatArray | None) -> Height:
    """The height of a jump at the draws with the smallest margin, the distance of the border from
    the threshold; of all draws where there is none. NaN where a draw cannot meet the jump.

    The margins of the nearest draws are taken for the tail of a generalised Pareto distribution,
    which tells how many are to be expected beyond 0.
    """
    distance = np.zeros(1) if margin is None else np.abs(margin)
    heights, distance = np.broadcast_arrays(heights, distance)
    there = np.isfinite(heights) & np.isfinite(distance)
    heights, distance = heights[there], distance[there]
    if not heights.size:
        return Height(0.0, 0.0)
    few = heights.size if margin is None else min(_NEAREST, heights.size)
    nearest = np.argpartition(distance, few - 1)[:few]
    value = float(np.sqrt(np.mean(heights[nearest] ** 2)))
    farthest = float(distance[nearest].max())
    return Height(value, few * _survival(farthest - distance[nearest], farthest))


def _survival(excesses: FloatArray, x: float) -> float:
    """P(excess > x) of a generalised Pareto distribution with the mean and the variance of some
    excesses (J. R. M. Hosking and J. R. Wallis, Technometrics 29, 1987), its tail made heavier by a
    standard error of the shape: what is beyond and was not drawn must not be taken for nothing."""
    mean, variance = float(excesses.mean()), float(excesses.var())
    if variance == 0.0:
        return 0.0
    shape = (1.0 - mean * mean / variance) / 2.0 + 1.0 / math.sqrt(excesses.size)
    shape = min(shape, _HEAVIEST)
    scale = mean * (1.0 - shape)
    if abs(shape) < 1e-6:
        return math.exp(-x / scale)
    inside = 1.0 + shape * x / scale
    return inside ** (-1.0 / shape) if inside > 0.0 else 0.0


@final
@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """The draws by the values of what decides between them: numbers of neighbouring values, one
    array for each decision; and whether one is not known well enough, so that a jump may have
    any height."""

    numbers: tuple[NDArray[np.intp], ...] = ()
    unexplored: bool = False
    untold: bool = False  # there are steps whose sides cannot be told by values

    @property
    def jump(self) -> bool:
        """Whether there are any."""
        return bool(self.numbers) or self.unexplored or self.untold

    def first(self, replicates: int, few: int) -> Sides:
        """Of the first few draws of each replicate."""
        numbers = (number.reshape(replicates, -1)[:, :few].ravel() for number in self.numbers)
        return replace(self, numbers=tuple(numbers))

    def height(self, shares: FloatArray, along: Sequence[float]) -> float:
        """Of all jumps together, for counts that err independently.

        Parameters
        ----------
        shares : conditional shares of the draws
        along : heights of the jumps along the chain
        """
        if self.unexplored:
            return 1.0
        heights = list(along)
        if self.untold:
            heights.append(float(np.ptp(shares)))
        flat = shares.ravel()
        for number in self.numbers:
            counts = np.bincount(number)
            means = np.bincount(number, weights=flat)[counts > 0] / counts[counts > 0]
            heights.extend(np.diff(means).tolist())
        return min(math.hypot(*heights), 1.0)


def sides(chain: Chain, values: Callable[[Element], FloatArray]) -> Sides:
    """The sides of what decides in what a chain depends on, by its draws."""
    if chain.decisions is None or len(chain.decisions) > _MOST:
        return Sides((), False, True)
    numbers: list[NDArray[np.intp]] = []
    unexplored = untold = False
    for place, signed in chain.decisions:
        array = values(place)
        if array.size == 1:
            continue
        number = _numbered(np.signbit(array) if signed else array)
        if number is None:
            untold = True
        elif number.max() == 0:
            unexplored = unexplored or not signed
        elif not any(np.array_equal(number, other) for other in numbers):
            numbers.append(number)
    return Sides(tuple(numbers), unexplored, untold)


def _numbered(array: FloatArray | NDArray[np.bool_]) -> NDArray[np.intp] | None:
    """The place of each value among the others, neighbours joined until they have enough draws;
    None where values are not isolated."""
    place, counts = ties(array)
    if counts.size * _ISOLATED > array.size:
        return None
    joined = np.zeros(counts.size, dtype=np.intp)
    number, held = 0, 0
    left = array.size
    for k, count in enumerate(counts.tolist()):
        joined[k] = number
        held, left = held + count, left - count
        if held >= _ENOUGH and left >= _ENOUGH:
            number, held = number + 1, 0
    return joined[place]
