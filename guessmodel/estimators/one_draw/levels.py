"""The distribution of a function of one draw that turns, at many numbers at once.

Each number is met in the cells whose ends are on either side of it, once in each, as the function
is monotone there. All these places are searched for together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, final

import numpy as np

from guessmodel.estimators.one_draw.cells import Cells
from guessmodel.numerics.arrays import BoolArray, FloatArray, IndexArray

__all__ = ["Levels"]

_STAYS: Final = 1e-4  # probability of a cell in which the function stays, beyond rounding at a turn
_NEVER: Final = 1e-20  # probability of a cell in which nothing is searched for
_AT_ONCE: Final = 1 << 22  # numbers times cells
_MASS: Final = 1e-15  # that does not count
_LOOKS: Final = 120  # of regula falsi, at most; ten are the rule
_ROUNDING: Final = 4.0 * np.finfo(np.float64).eps


@final
@dataclass(frozen=True, eq=False)
class Levels:
    """Probabilities and quantiles of a function without isolated values that have a probability."""

    cells: Cells
    low: FloatArray
    high: FloatArray
    """Of each cell, the lower and the higher value at its ends."""

    @staticmethod
    def of(cells: Cells) -> Levels | None:
        """The levels of a function by its cells; None where it has isolated values that have a
        probability."""
        before, after = cells.values[:-1], cells.values[1:]
        if np.any(cells.masses[before == after] > _STAYS):
            return None
        return Levels(cells, np.minimum(before, after), np.maximum(before, after))

    def at_most(self, x: FloatArray) -> FloatArray:
        """The probabilities of at most each of some numbers."""
        high, whole = self._whole
        found: FloatArray = whole[np.searchsorted(high, x, side="right")]
        for some, number, cell in self._met(x):
            place = self._places(cell, x[some][number])
            parts = self.cells.parts_below(cell, place)
            found[some] += np.bincount(number, parts, found[some].size)
        return np.minimum(found, 1.0)

    def quantiles(self, p: FloatArray) -> FloatArray:
        """Quantiles at probabilities from 0 to 1. They are searched for along the draw, in a cell
        in which the function is there: along its values they are steep where it turns."""
        x, below, within = self._ladder
        above = np.searchsorted(below, p)
        found: FloatArray = x[np.minimum(above, x.size - 1)]
        inside = (above > 0) & (above < x.size)
        inside[inside] = within[above[inside] - 1] >= 0
        after, wanted = above[inside], p[inside]
        cell = within[after - 1]
        ends = self._places(cell, x[after - 1]), self._places(cell, x[after])
        off = below[after - 1] - wanted, below[after] - wanted
        rises = self._rises(cell)
        first, last = (np.where(rises > 0.0, *each) for each in (ends, ends[::-1]))
        at_first, at_last = (rises * np.where(rises > 0.0, *each) for each in (off, off[::-1]))

        def missed(z: FloatArray, which: BoolArray) -> FloatArray:
            return rises[which] * (self.at_most(self.cells.at_scores(z)) - wanted[which])

        z = _crossed(missed, first, last, at_first, at_last, np.full(wanted.size, _ROUNDING))
        found[inside] = self.cells.at_scores(z)
        return found

    @cached_property
    def _whole(self) -> tuple[FloatArray, FloatArray]:
        """The higher ends in ascending order, and the probability of all cells before each."""
        order = np.argsort(self.high, kind="stable")
        return self.high[order], np.concatenate([[0.0], np.cumsum(self.cells.masses[order])])

    @cached_property
    def _ladder(self) -> tuple[FloatArray, FloatArray, IndexArray]:
        """All values at the ends of cells, in ascending order, the probabilities of at most each,
        and between each two the likeliest of the cells that are met there; -1 where none is."""
        x = np.unique(self.cells.values)
        within = np.full(x.size - 1, -1, dtype=np.intp)
        for some, number, cell in self._met((x[:-1] + x[1:]) / 2.0):
            order = np.argsort(self.cells.masses[cell], kind="stable")
            within[some][number[order]] = cell[order]  # the last one stays
        return x, self.at_most(x), within

    def _met(self, x: FloatArray) -> list[tuple[slice, IndexArray, IndexArray]]:
        """Which of some numbers are met inside which cells, some numbers at a time; cells of hardly
        any probability are left out."""
        (likely,) = np.nonzero(self.cells.masses > _NEVER)
        low, high = self.low[likely], self.high[likely]
        step = max(_AT_ONCE // low.size, 1)
        found = []
        for start in range(0, x.size, step):
            some = slice(start, min(start + step, x.size))
            each = x[some, np.newaxis]
            number, cell = np.nonzero((low < each) & (each < high))
            found.append((some, number, likely[cell]))
        return found

    def _rises(self, cell: IndexArray) -> FloatArray:
        """1 where the function rises in a cell, else -1."""
        return np.where(self.cells.values[cell + 1] > self.cells.values[cell], 1.0, -1.0)

    def _places(self, cell: IndexArray, x: FloatArray) -> FloatArray:
        """The scores at which the function is x in some cells."""
        z, values, rises = self.cells.z, self.cells.values, self._rises(cell)

        def off(at: FloatArray, which: BoolArray) -> FloatArray:
            return rises[which] * (self.cells.at_scores(at) - x[which])

        first, last = (rises * (values[cell + k] - x) for k in (0, 1))
        return _crossed(off, z[cell], z[cell + 1], first, last, _ROUNDING * np.abs(x))


def _crossed(
    f: Callable[[FloatArray, BoolArray], FloatArray],
    low: FloatArray,
    high: FloatArray,
    at_low: FloatArray,
    at_high: FloatArray,
    rounding: FloatArray,
) -> FloatArray:
    """Where increasing functions are 0, each between two scores at which it is known. By regula
    falsi, of which the end that stays counts half (the Illinois rule, Dowell and Jarratt 1971), and
    every third time by the middle. `f` has scores, and which of the functions they are for. What is
    0 but for rounding, or moves by no probability that counts, is 0."""
    low, high, at_low, at_high = low.copy(), high.copy(), at_low.copy(), at_high.copy()
    side = np.zeros(low.size)
    for look in range(_LOOKS):
        left = (at_low < 0.0) & (at_high > 0.0)
        nearer = np.minimum(np.abs(low), np.abs(high))
        least = np.maximum(_ROUNDING * nearer, _MASS * np.exp(nearer * nearer / 2.0))
        left &= high - low > least
        if not left.any():
            break
        a, b, at_a, at_b = low[left], high[left], at_low[left], at_high[left]
        with np.errstate(all="ignore"):
            x = b - at_b * (b - a) / (at_b - at_a)
        x = np.where((a < x) & (x < b) & (look % 3 < 2), x, a / 2.0 + b / 2.0)
        here = f(x, left)
        settled = np.minimum(x - a, b - x) <= least[left]
        here[settled | (np.abs(here) <= rounding[left])] = 0.0
        up = here >= 0.0
        again = side[left] == np.where(up, 1.0, -1.0)
        low[left], high[left] = np.where(up, a, x), np.where(up, x, b)
        at_low[left] = np.where(up, np.where(again, at_a / 2.0, at_a), here)
        at_high[left] = np.where(up, here, np.where(again, at_b / 2.0, at_b))
        side[left] = np.where(up, 1.0, -1.0)
    return np.where(at_low >= 0.0, low, high)
