"""Discontinuities of the conditional CDF as a function of the draws that it is given.

Where this function jumps, its mean over a net contains a count: the share of the draws beyond the
jump. All replicates often count the same number, by chance, and their means then agree too well.
The error of the count, times the height of the jump, is therefore the least half-width of the mean.
Heights are those at the threshold at which the CDF is wanted, as many jumps are far from it.

An operation on the path jumps where its border (the other operand of `min`, `max` and `where`)
crosses the threshold, by the probability that the operation takes the value of the border; and
where a denominator changes its sign. Discrete draws, comparisons and whole numbers among the given
quantities jump from value to value, by the difference between the mean conditional CDFs of
neighbouring values; or, where the value is that of a continuous number (what is rounded, the
difference of what is compared, a denominator), between the draws on either side that are nearest:
farther ones differ without a jump.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.estimators.conditional.paths import Decisions, stepped
from guessmodel.estimators.conditional.rare_values import (
    probabilities_beyond,
    probability_elsewhere,
)
from guessmodel.graph.coordinates import Element
from guessmodel.numerics.arrays import BoolArray, FloatArray, IndexArray
from guessmodel.numerics.pareto_tail import ParetoTail
from guessmodel.numerics.sorting import ties

__all__ = ["Discontinuities", "Jump", "discontinuities", "share_beyond"]

_ENOUGH = 30  # draws of a value from which on it is not rare, and its mean share is known
_ISOLATED = 16  # draws of each value, on average, from which on a quantity counts as discrete
_NEAREST = 32  # draws that tell how high a jump is at the threshold
_BESIDE = 64  # draws on either side of a step that tell how high it is
_IN_TAIL = 128  # draws to which a tail is fitted,
_TAIL = 16  # or one in so many, if these are fewer
_SMALLEST = float(np.nextafter(0.0, 1.0))
_MOST = 16  # discrete quantities, beyond which their jumps are not looked at one by one


@final
@dataclass(frozen=True, slots=True, eq=False)
class Jump:
    """The jump of an operation on the path at a threshold, draw by draw."""

    height: FloatArray  # nan where a draw cannot meet it
    margin: FloatArray | None  # of the border beyond the threshold; None where there is no border

    @staticmethod
    def joined(jumps: Sequence[Jump]) -> Jump:
        """The jump of the same operation in several blocks of draws."""
        heights, margins = [], []
        for jump in jumps:
            margin = np.zeros(1) if jump.margin is None else jump.margin
            height, margin = np.broadcast_arrays(jump.height, margin)
            heights.append(height.ravel())
            margins.append(margin.ravel())
        nowhere = jumps[0].margin is None
        return Jump(np.concatenate(heights), None if nowhere else np.concatenate(margins))

    def typical_height(self, nearest: int = _NEAREST) -> float:
        """Root mean square over the draws that are nearest to the jump, or over all."""
        if self.height.size == 1 and self.height[0] == 0.0:  # no jump at all
            return 0.0
        height, distance = self._there()
        if not height.size:
            return 0.0
        few = height.size if self.margin is None else min(nearest, height.size)
        there = np.argpartition(distance, few - 1)[:few]
        mean = float(np.mean(height[there] ** 2))
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
@dataclass(frozen=True, eq=False)
class Discontinuity:
    """The draws by the values of what decides between them: the numbers of neighbouring values, and
    where it is a step function of a continuous number, that."""

    number: IndexArray
    position: FloatArray | None = None
    below: float = 0.0  # probabilities of values below and above all that were drawn
    above: float = 0.0
    zero: float = 0.0  # that of 0 or less, where all are above

    def first(self, replicates: int, few: int) -> Discontinuity:
        """The same for the first few draws of each replicate."""

        def some(array: NDArray[Any]) -> NDArray[Any]:
            return array.reshape(replicates, -1)[:, :few].ravel()

        position = None if self.position is None else some(self.position)
        return replace(self, number=some(self.number), position=position)

    def missing(self, flat: FloatArray) -> float:
        """What values that were not drawn may add to the mean of the shares or take from it: from
        value to value the shares go on as they come, but at 0, where a product is nothing."""
        if self.below == self.above == 0.0:
            return 0.0
        means = self._means(flat)
        if means.size < 2:
            return self.below + self.above
        room = 1.0 - means[0] if means[0] >= means[1] else means[0]
        steps = np.abs(np.diff(means))
        below = self.below - self.zero
        return float(self.zero * room + below * steps[0] + self.above * steps[-1])

    def _means(self, flat: FloatArray) -> FloatArray:
        counts = np.bincount(self.number)
        found = counts > 0
        means: FloatArray = np.bincount(self.number, weights=flat)[found] / counts[found]
        return means

    def heights(self, flat: FloatArray) -> list[float]:
        """Heights of the jumps from each value to the next, from the conditional shares of the
        draws."""
        if self.position is None:
            return list(np.diff(self._means(flat)).tolist())
        return [float(flat[above].mean() - flat[below].mean()) for below, above in self._beside]

    @cached_property
    def _beside(self) -> list[tuple[IndexArray, IndexArray]]:
        """For each step the draws on either side that are nearest."""
        assert self.position is not None
        values = [np.flatnonzero(self.number == k) for k in range(int(self.number.max()) + 1)]
        values = [draws for draws in values if draws.size]  # a part of the draws may lack some
        first, other = (self.position[draws].mean() for draws in (values[0], values[-1]))
        position = self.position if first <= other else -self.position
        return [
            (_nearest(below, -position), _nearest(above, position))
            for below, above in pairwise(values)
        ]


def _nearest(draws: IndexArray, distance: FloatArray) -> IndexArray:
    if draws.size <= _BESIDE:
        return draws
    own = distance[draws]
    # Of draws at one distance, as those of a number of events are, all count.
    found: IndexArray = draws[own <= np.partition(own, _BESIDE - 1)[_BESIDE - 1]]
    return found


@final
@dataclass(frozen=True, slots=True, eq=False)
class Discontinuities:
    """What decides between the draws; and how likely values are of which too few draws tell, so
    that a jump may have any height (infinite where that is not known)."""

    known: tuple[Discontinuity, ...] = ()
    unexplored: float = 0.0
    untold: bool = False  # there are steps whose discontinuities cannot be told by values

    @property
    def jump(self) -> bool:
        """Whether there are any."""
        return bool(self.known) or self.unexplored > 0.0 or self.untold

    def first(self, replicates: int, few: int) -> Discontinuities:
        """The same for the first few draws of each replicate."""
        return replace(self, known=tuple(each.first(replicates, few) for each in self.known))

    def missing(self, shares: FloatArray) -> float:
        """An upper limit of what values that no draw has may change in the mean of the shares."""
        flat = shares.ravel()
        return self.unexplored + sum(each.missing(flat) for each in self.known)

    def height(self, shares: FloatArray, along: Sequence[float]) -> float:
        """The height of all jumps together, for counts that err independently.

        Parameters
        ----------
        shares : conditional shares of the draws
        along : heights of the jumps along the path
        """
        heights = [*along, *self.heights(shares)]
        if self.untold:
            heights.append(float(np.ptp(shares)))
        return min(math.hypot(*heights), 1.0)

    def heights(self, values: FloatArray) -> list[float]:
        """Heights of the jumps of any numbers that the draws have, as far as they are told."""
        flat = values.ravel()
        return [height for each in self.known for height in each.heights(flat)]


def discontinuities(
    deciding: Decisions, values: Callable[[Element], FloatArray]
) -> Discontinuities:
    """The discontinuities of quantities that decide, from the draws of what these are made of."""
    if deciding is None or len(deciding) > _MOST:
        return Discontinuities((), 0.0, True)
    found: list[Discontinuity] = []
    unexplored, untold = 0.0, False
    for element, signed in deciding:
        array = values(element)
        if array.size == 1:
            continue
        number = _numbered(np.signbit(array) if signed else array)
        if number is None:
            untold = True
        elif number.max() == 0:
            if not signed:
                unexplored += probability_elsewhere(element)
        elif not any(np.array_equal(number, other.number) for other in found):
            position = _position(element, values, signed=signed)
            if signed:
                found.append(Discontinuity(number, position))
                continue
            least, most = float(array.min()), float(array.max())
            below, above = probabilities_beyond(element, least, most)
            zero = probabilities_beyond(element, _SMALLEST, most)[0] if least > 0.0 else 0.0
            found.append(Discontinuity(number, position, below, above, zero))
    return Discontinuities(tuple(found), unexplored, untold)


def _position(
    element: Element, values: Callable[[Element], FloatArray], *, signed: bool
) -> FloatArray | None:
    """What decides by its size; None where nothing continuous does."""
    arrays = [values(each) for each in ((element,) if signed else stepped(element))]
    if not arrays:
        return None
    with np.errstate(invalid="ignore"):  # between two infinite draws
        position = arrays[0] if len(arrays) == 1 else arrays[0] - arrays[1]
    return position if np.all(np.isfinite(position)) else None


def _numbered(array: FloatArray | BoolArray) -> IndexArray | None:
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
