"""Percentiles of all draws, and each replicate's CDF at them, without a full sort."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from guessmodel.estimators.half_widths import half_widths
from guessmodel.numerics.arrays import BoolArray, FloatArray, IntArray

__all__ = ["FEW", "AtRanks", "Ordered", "Rows", "Window", "finite_rows", "windows"]

FEW = 2**15
"""Up to so many draws a sort costs less than looking for windows."""

_CHUNK = 2**16  # draws that stay in the cache while every window looks at them
_MANY = 8  # beyond so many windows a sort of everything is cheaper
_MISS = 5.0  # half-width of a window, in standard errors of the sample that places it

Rows = Sequence[FloatArray] | FloatArray


@final
@dataclass(frozen=True, slots=True)
class Window:
    """The draws strictly between two bounds, sorted, and how many draws lie below them.

    Draws equal to a bound stay outside: an atom there can hold most of the draws.

    Attributes
    ----------
    rows : all draws of each replicate
    low, high : the bounds
    below : shape (R,), how many draws of each replicate are ≤ low
    skipped : how many that are in all
    inside : the draws of each replicate between the bounds, in no order
    ordered : the same of all replicates together, sorted
    """

    rows: Rows
    low: float
    high: float
    below: IntArray
    skipped: int
    inside: Rows
    ordered: FloatArray

    def at(self, rank: int) -> float:
        """The pooled draw of this rank (1 is the smallest)."""
        first = rank - self.skipped - 1
        if 0 <= first < self.ordered.size:
            return float(self.ordered[first])
        bound = self.low if first < 0 else self.high
        if math.isfinite(bound):
            less, up_to = self.counts(bound)
            if less.sum() < rank <= up_to.sum():
                return bound
        everything = np.concatenate(self.rows)  # the rank is outside the window
        return float(np.partition(everything, rank - 1)[rank - 1])

    def counts(self, x: float) -> tuple[IntArray, IntArray]:
        """How many draws of each replicate are < x, and how many are ≤ x."""
        within = self.low < x < self.high
        rows, below = (self.inside, self.below) if within else (self.rows, 0)
        less, up_to = _counted(np.less, rows, x), _counted(np.less_equal, rows, x)
        return below + less, below + up_to


@final
@dataclass(frozen=True, slots=True)
class Ordered:
    """The finite draws of each replicate; and all of them in ascending order, where there are so
    few that a sort costs less than looking for the ranks that are asked for."""

    rows: Rows
    everything: FloatArray | None

    @classmethod
    def of(cls, values: FloatArray) -> Ordered:
        """Order draws (R, N), finite or not."""
        rows = finite_rows(values)
        few = sum(row.size for row in rows) <= FEW
        return cls(rows, np.sort(np.concatenate(rows)) if few else None)

    @classmethod
    def of_each(cls, stack: FloatArray) -> list[Ordered]:
        """Order each of several draws (K, R, N) that are all finite, and few."""
        everything = np.sort(stack.reshape(len(stack), -1), axis=1)
        return [cls(rows, line) for rows, line in zip(stack, everything, strict=True)]


@final
@dataclass(frozen=True, slots=True)
class AtRanks:
    """The pooled draws at the ranks nearest to some p (n + 1), and how many draws of each replicate
    lie below them.

    Attributes
    ----------
    draws, replicates : how many finite draws, and of how many replicates
    ranks : one for each p; none where there are no draws
    windows : likewise
    values : the draws of these ranks
    less, up_to : how many draws are < the value, and ≤ it
    halves : half-width of the share of draws up to there, the larger of < and ≤
    """

    draws: int
    replicates: int
    ranks: Sequence[int]
    windows: Sequence[Window]
    values: Sequence[float]
    less: Sequence[int]
    up_to: Sequence[int]
    halves: Sequence[float]

    @classmethod
    def of(cls, ordered: Ordered, ps: Sequence[float]) -> AtRanks:
        """The draws at the ranks nearest to probabilities."""
        sizes = np.array([row.size for row in ordered.rows], dtype=np.float64)
        return cls.at(sizes, windows(ordered, ps), _nearest(ps, int(sizes.sum())))

    @classmethod
    def at(
        cls,
        sizes: FloatArray,
        found: Sequence[Window],
        ranks: Sequence[int],
        less: FloatArray | float = 0.0,
    ) -> AtRanks:
        """The draws at given ranks, of replicates with so many finite draws each; the shares are
        those of the draws up to there `less` so many of each replicate."""
        pairs = list(zip(found, ranks, strict=False))
        values = [window.at(rank) for window, rank in pairs]
        counts = [w.counts(x) for w, x in zip(found, values, strict=False)]
        shape = len(pairs), 2, sizes.size
        (made,) = cls._of_counts(np.array(counts, dtype=np.int64).reshape(1, *shape), sizes, less)
        return cls(int(sizes.sum()), sizes.size, ranks, found, values, *made)

    @classmethod
    def of_each(
        cls, stack: FloatArray, ordered: Sequence[Ordered], ps: Sequence[float]
    ) -> list[AtRanks]:
        """The same for each of several draws (K, R, N) that are all finite, and few."""
        k, replicates, size = stack.shape
        ranks = _nearest(ps, replicates * size)
        found = [windows(each, ps) for each in ordered]
        values = np.array([[w.at(rank) for w, rank in zip(f, ranks, strict=True)] for f in found])
        counts = np.empty((k, len(ps), 2, replicates), dtype=np.int64)
        hits = np.empty(stack.shape, dtype=bool)
        for i in range(len(ps)):
            for j, compared in enumerate((np.less, np.less_equal)):
                counts[:, i, j] = _true(compared(stack, values[:, i, None, None], out=hits))
        made = cls._of_counts(counts, np.full(replicates, float(size)), 0.0)
        return [
            cls(replicates * size, replicates, ranks, windows, line, *rest)
            for windows, line, rest in zip(found, values.tolist(), made, strict=True)
        ]

    @staticmethod
    def _of_counts(
        counts: IntArray, sizes: FloatArray, less: FloatArray | float
    ) -> list[tuple[list[int], list[int], list[float]]]:
        """`less`, `up_to` and `halves`, from the counts < and ≤ of all replicates, of several
        ranks of several quantities: shape (K, ranks, 2, R)."""
        totals = np.subtract(counts, less, dtype=np.float64).reshape(-1, sizes.size)
        halves = iter(half_widths(totals, sizes))
        sums = counts.sum(axis=-1).tolist()
        return [
            (
                [low for low, _ in line],
                [up for _, up in line],
                [max(next(halves), next(halves)) for _ in line],
            )
            for line in sums
        ]


def _nearest(ps: Sequence[float], n: int) -> list[int]:
    return [min(max(round(p * (n + 1)), 1), n) for p in ps] if n else []


def _counted(compared: np.ufunc, rows: Rows, x: float) -> IntArray:
    # An array of all rows is compared at once; counting is fastest row by row.
    found = compared(rows, x) if isinstance(rows, np.ndarray) else [compared(r, x) for r in rows]
    return np.array(list(map(np.count_nonzero, found)), dtype=np.int64)


def _true(hits: BoolArray) -> IntArray:
    """How many are true along the last axis: `count_nonzero` takes three times as long."""
    bits = np.packbits(hits, axis=-1)
    words = bits.view(np.uint64) if bits.shape[-1] % 8 == 0 else bits
    return np.asarray(np.bitwise_count(words).sum(axis=-1, dtype=np.int64))


def finite_rows(values: FloatArray) -> Rows:
    """The finite draws of each replicate: `values` (R, N) where all of them are."""
    finite = np.isfinite(values)
    if finite.all():
        return values
    return [row if ok.all() else row[ok] for row, ok in zip(values, finite, strict=True)]


def windows(ordered: Ordered, ps: Sequence[float]) -> list[Window]:
    """For each p, a window that very likely holds the ranks near p·n that an interval needs.

    A sample (the first draws of each replicate, which of a net are spread at least evenly) brackets
    each quantile; one pass takes the draws in the brackets, and only these are sorted.
    After Floyd and Rivest (1975), "Expected time bounds for selection".
    """
    rows, everything = ordered.rows, ordered.everything
    if everything is None and len(ps) > _MANY:
        everything = np.sort(np.concatenate(rows))
    if everything is not None:
        below = np.zeros(len(rows), dtype=np.int64)
        return [Window(rows, -math.inf, math.inf, below, 0, rows, everything)] * len(ps)
    n = sum(row.size for row in rows)
    share = math.ceil(5 * n ** (2 / 3) / len(rows))
    sample = np.sort(np.concatenate([row[:share] for row in rows]))
    return _windows_between(rows, [_bracket(sample, p) for p in ps])


def _bracket(sample: FloatArray, p: float) -> tuple[float, float]:
    size = sample.size
    reach = _MISS * (math.sqrt(size * p * (1 - p)) + 1)
    first, last = math.floor(size * p - reach), math.ceil(size * p + reach)
    low = float(sample[first]) if first >= 0 else -math.inf
    high = float(sample[last]) if last < size else math.inf
    return low, high


def _windows_between(rows: Rows, brackets: Sequence[tuple[float, float]]) -> list[Window]:
    below = np.zeros((len(brackets), len(rows)), dtype=np.int64)
    inside: list[list[FloatArray]] = [[] for _ in brackets]
    above_low, under_high = np.empty(_CHUNK, dtype=bool), np.empty(_CHUNK, dtype=bool)
    for r, row in enumerate(rows):
        pieces: list[list[FloatArray]] = [[row[:0]] for _ in brackets]
        for start in range(0, row.size, _CHUNK):
            chunk = row[start : start + _CHUNK]
            above, under = above_low[: chunk.size], under_high[: chunk.size]
            for b, (low, high) in enumerate(brackets):
                np.greater(chunk, low, out=above)
                np.less(chunk, high, out=under)
                below[b, r] += chunk.size - np.count_nonzero(above)
                np.logical_and(above, under, out=under)
                pieces[b].append(chunk.compress(under))  # a third of the time of chunk[under]
        for b, found in enumerate(pieces):
            inside[b].append(np.concatenate(found))
    return [
        Window(
            rows,
            low,
            high,
            below[b],
            int(below[b].sum()),
            inside[b],
            np.sort(np.concatenate(inside[b])),
        )
        for b, (low, high) in enumerate(brackets)
    ]
