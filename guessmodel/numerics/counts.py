"""Counts of draws at fixed thresholds, exact and mergeable.

The thresholds are quantiles of a small run of the same model, densest around the percentiles that
are shown. Counts are whole numbers: they do not depend on the order in which replicates come, nor
on who counts them, and nothing is random as it is in a KLL or REQ sketch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, final

import numpy as np

from guessmodel.numerics.arrays import BoolArray, FloatArray, IntArray

__all__ = ["BYTES", "CountSums", "Counts", "suitable_thresholds"]


BYTES: Final = 7 * 8  # a threshold and six sums
_SHOWN = (0.05, 0.5, 0.95)
_NEAREST = 1e-7  # distance, as a share, of the threshold nearest to a percentile shown
_TAIL = 0.05  # share below which thresholds lie closer, in proportion
_TIES = 0.9  # share of distinct draws below which a quantity is taken for discrete


def suitable_thresholds(draws: FloatArray, most: int) -> tuple[FloatArray, bool]:
    """Thresholds, about `most`, that suit a quantity with such draws, and whether it is discrete.

    All values of a quantity that has few; else half of them at equal shares, an eighth in the
    tails at shares in proportion, and the others around 5%, 50% and 95%, ever closer to them.
    """
    ordered = np.sort(draws[np.isfinite(draws)], axis=None)
    if not ordered.size:
        return np.zeros(1), False
    values = ordered[np.append(True, ordered[1:] != ordered[:-1])]
    if values[0] >= 0.0 and values[-1] <= 1.0 and np.all((values == 0.0) | (values == 1.0)):
        return np.array([0.0, 1.0]), True
    discrete = values.size < _TIES * ordered.size
    if values.size <= most // 2:
        return values, discrete
    ranks = _shares(most, 0.5 / ordered.size) * ordered.size - 0.5
    if discrete:
        thresholds = ordered[np.clip(ranks.round().astype(np.intp), 0, ordered.size - 1)]
    else:
        thresholds = np.interp(ranks, np.arange(ordered.size), ordered)
    return np.unique(thresholds), discrete


def _shares(most: int, least: float) -> FloatArray:
    step = 2.0 / most
    even = np.arange(0.5 * step, 1.0, step)
    tail = np.geomspace(least, _TAIL, most // 16)
    near = np.geomspace(_NEAREST, 8.0 * step, most // 14)
    around = [p + sign * near for p in _SHOWN for sign in (-1.0, 1.0)]
    shares = np.concatenate((even, tail, 1.0 - tail, *around, np.array(_SHOWN)))
    return np.sort(shares[(shares > 0.0) & (shares < 1.0)])


@final
@dataclass(slots=True)
class Counts:
    """Draws of one replicate below thresholds, chunk after chunk."""

    thresholds: FloatArray
    less: IntArray = field(init=False)
    up_to: IntArray = field(init=False)
    size: int = 0
    # Work memory: with the settings of malloc in Dask's workers fresh memory doubles the time.
    whole: IntArray = field(init=False, repr=False)
    value: FloatArray = field(init=False, repr=False)
    equal: BoolArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        size = self.thresholds.size
        self.less, self.up_to = np.zeros((2, size), dtype=np.int64)
        self.whole, self.value = np.empty(size, dtype=np.int64), np.empty(size)
        self.equal = np.empty(size, dtype=np.bool_)

    def add(self, draws: FloatArray) -> None:
        """Count finite draws (any shape of one axis); sorts them in place."""
        draws.sort()
        up_to = draws.searchsorted(self.thresholds, "right")
        self.up_to += up_to
        self.less += up_to
        if draws.size:
            last = np.subtract(up_to, 1, out=self.whole)  # below the first draw: the first draw
            np.take(draws, last, out=self.value, mode="clip")
            at = np.flatnonzero(np.equal(self.value, self.thresholds, out=self.equal))
            self.less[at] += draws.searchsorted(self.thresholds[at], "left") - up_to[at]
        self.size += draws.size

    def reset(self) -> None:
        """Begin another replicate."""
        self.less[:] = 0
        self.up_to[:] = 0
        self.size = 0


@final
@dataclass(slots=True, eq=False)
class CountSums:
    """Over replicates, sums of their counts c at each threshold, of c^2, and of c times the
    number of their finite draws: what Student's t over the replicates needs to know.

    A count is at most 2^17 and there are at most 2^23 replicates, so that sums fit 64 bits.
    """

    thresholds: FloatArray
    discrete: bool  # between draws there may be no other values
    replicates: int
    draws: int  # finite ones
    squares: int  # sum of the squared number of finite draws
    less: IntArray  # (3, K): sums of c, c^2 and c n for c = #{draws < threshold}
    up_to: IntArray  # the same for #{draws <= threshold}

    @classmethod
    def empty(cls, thresholds: FloatArray, *, discrete: bool) -> CountSums:
        """Sums that have seen nothing; thresholds ascend."""
        zeros = np.zeros((3, thresholds.size), dtype=np.int64)
        return cls(thresholds, discrete, 0, 0, 0, zeros, zeros.copy())

    def add(self, counts: Counts) -> None:
        """Add a replicate."""
        self.replicates += 1
        self.draws += counts.size
        self.squares += counts.size**2
        for sums, count in ((self.less, counts.less), (self.up_to, counts.up_to)):
            sums[0] += count
            sums[1] += np.multiply(count, count, out=counts.whole)
            sums[2] += np.multiply(count, counts.size, out=counts.whole)

    def merge(self, other: CountSums) -> None:
        """Add the replicates that other sums with these thresholds have seen."""
        self.replicates += other.replicates
        self.draws += other.draws
        self.squares += other.squares
        self.less += other.less
        self.up_to += other.up_to

    @property
    def is_indicator(self) -> bool:
        """Whether all draws are 0 or 1."""
        return (
            self.thresholds.tolist() == [0.0, 1.0]
            and int(self.less[0, 0]) == 0
            and int(self.up_to[0, 0]) == int(self.less[0, 1])
            and int(self.up_to[0, 1]) == self.draws
        )
