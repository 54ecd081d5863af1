"""Discontinuities of the conditional CDF as a function of the draws that it is given.

Where this function jumps, its mean over a net contains a count: the share of the draws beyond the
jump. All replicates often count the same number, by chance, and their means then agree too well.
The error of the count, times the height of the jump, is therefore the least half-width of the mean.
Heights are those at the threshold at which the CDF is wanted, as many jumps are far from it.

An operation on the path jumps where its border (the other operand of `min`, `max` and `where`)
crosses the threshold, by the probability that the operation takes the value of the border; and
where a denominator changes its sign. Discrete draws, comparisons and whole numbers among the given
quantities jump from value to value, by the difference between the mean conditional CDFs of
neighbouring values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np
from numpy.typing import NDArray

from guessmodel.estimators.conditional.paths import Path
from guessmodel.estimators.conditional.rare_values import probability_elsewhere
from guessmodel.graph.coordinates import Element
from guessmodel.graph.elementwise import FloatArray
from guessmodel.numerics.pareto_tail import ParetoTail
from guessmodel.numerics.sorting import ties

__all__ = ["Discontinuities", "Jump", "discontinuities", "share_beyond"]

_ENOUGH = 30  # draws of a value from which on it is not rare, and its mean share is known
_ISOLATED = 16  # draws of each value, on average, from which on a quantity counts as discrete
_NEAREST = 32  # draws that tell how high a jump is at the threshold
_IN_TAIL = 128  # draws to which a tail is fitted,
_TAIL = 16  # or one in so many, if these are fewer
_MOST = 16  # discrete quantities, beyond which their jumps are not looked at one by one


@final
@dataclass(frozen=True, slots=True, eq=False)
class Jump:
    """The jump of an operation on the path at a threshold, draw by draw."""

    height: FloatArray  # nan where a draw cannot meet it
    margin: FloatArray | None  # of the border beyond the threshold; None where there is no border

    def typical_height(self) -> float:
        """Root mean square over the draws that are nearest to the jump, or over all."""
        if self.height.size == 1 and self.height[0] == 0.0:  # no jump at all
            return 0.0
        height, distance = self._there()
        if not height.size:
            return 0.0
        few = height.size if self.margin is None else min(_NEAREST, height.size)
        nearest = np.argpartition(distance, few - 1)[:few]
        mean = float(np.mean(height[nearest] ** 2))
        return math.sqrt(mean)

    def _there(self) -> tuple[FloatArray, FloatArray]:
        distance = np.zeros(1) if self.margin is None else np.abs(self.margin)
        height, distance = np.broadcast_arrays(self.height, distance)
        there = np.isfinite(height) & np.isfinite(distance)
        return height[there], distance[there]


def share_beyond(margins: Sequence[FloatArray]) -> float:
    """The share of draws to be expected beyond a border where none is: from their margins, the
    smallest of which are taken for the tail of a generalised Pareto distribution. What is beyond
    and was not drawn must not be taken for nothing, so that it is an upper limit."""
    if all(margin.size == 1 for margin in margins):  # it never moves
        return 0.0
    pooled = np.concatenate([np.abs(margin).ravel() for margin in margins])
    distance = pooled[np.isfinite(pooled)]
    few = min(_IN_TAIL, distance.size // _TAIL)
    if few < 2:
        return 0.0 if not distance.size else 1.0 / distance.size
    nearest = np.sort(np.partition(distance, few - 1)[:few])
    farthest = float(nearest[-1])
    excesses = (farthest - nearest)[::-1]
    excesses = excesses[excesses > 0.0]
    if excesses.size < 2:  # all are the same
        return 0.0
    tail = ParetoTail.fitted(excesses).upper_limit(excesses.size)
    return float(few / pooled.size) * tail.beyond(farthest)


@final
@dataclass(frozen=True, slots=True, eq=False)
class Discontinuities:
    """The draws by the values of what decides between them: numbers of neighbouring values, one
    array for each decision; and how likely values are of which too few draws tell, so that a jump
    may have any height (infinite where that is not known)."""

    numbers: tuple[NDArray[np.intp], ...] = ()
    unexplored: float = 0.0
    untold: bool = False  # there are steps whose discontinuities cannot be told by values

    @property
    def jump(self) -> bool:
        """Whether there are any."""
        return bool(self.numbers) or self.unexplored > 0.0 or self.untold

    def first(self, replicates: int, few: int) -> Discontinuities:
        """Of the first few draws of each replicate."""
        numbers = (number.reshape(replicates, -1)[:, :few].ravel() for number in self.numbers)
        return replace(self, numbers=tuple(numbers))

    def height(self, shares: FloatArray, along: Sequence[float]) -> float:
        """Of all jumps together, for counts that err independently.

        Parameters
        ----------
        shares : conditional shares of the draws
        along : heights of the jumps along the path
        """
        heights = list(along)
        if self.untold:
            heights.append(float(np.ptp(shares)))
        flat = shares.ravel()
        for number in self.numbers:
            counts = np.bincount(number)
            means = np.bincount(number, weights=flat)[counts > 0] / counts[counts > 0]
            heights.extend(np.diff(means).tolist())
        return min(math.hypot(*heights), 1.0)


def discontinuities(path: Path, values: Callable[[Element], FloatArray]) -> Discontinuities:
    """Those among the quantities that a path is given, from their draws."""
    if path.decisions is None or len(path.decisions) > _MOST:
        return Discontinuities((), 0.0, True)
    numbers: list[NDArray[np.intp]] = []
    unexplored, untold = 0.0, False
    for element, signed in path.decisions:
        array = values(element)
        if array.size == 1:
            continue
        number = _numbered(np.signbit(array) if signed else array)
        if number is None:
            untold = True
        elif number.max() == 0:
            if not signed:
                unexplored += probability_elsewhere(element)
        elif not any(np.array_equal(number, other) for other in numbers):
            numbers.append(number)
    return Discontinuities(tuple(numbers), unexplored, untold)


def _numbered(array: FloatArray | NDArray[np.bool_]) -> NDArray[np.intp] | None:
    """The rank of each value, where neighbouring values are joined until they have enough draws
    together; None where there are nearly as many values as draws."""
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
