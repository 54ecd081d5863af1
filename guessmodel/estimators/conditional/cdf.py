"""Conditional Monte Carlo: a quantile of an output with one draw integrated out.

The mean of the conditional shares over the other draws is the CDF. It is smooth in the threshold,
and its error on a net falls much faster than that of a count of draws. (Asmussen and Glynn 2007,
"Stochastic Simulation", section V.4.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import final

import numpy as np

from guessmodel.estimators.coincidence import OnEdges
from guessmodel.estimators.conditional.bounds import DrawnBound
from guessmodel.estimators.conditional.jumps import (
    Discontinuities,
    Jump,
    discontinuities,
    share_beyond,
)
from guessmodel.estimators.conditional.paths import Path, decisions_of
from guessmodel.estimators.conditional.quantile_search import CdfValue, end, finest, polished, root
from guessmodel.estimators.conditional.shares import Beginning, Crossed, DrawBlock, Values
from guessmodel.estimators.conditional.tail_widening import count_factors, tail_factors
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.half_widths import half_width
from guessmodel.estimators.replicates import share_floor
from guessmodel.graph.coordinates import Element
from guessmodel.numerics.arrays import FloatArray

__all__ = ["ConditionalCdf", "conditional_cdf", "is_far_out"]

ESTIMATOR = "conditional"
_FAR = 0.02  # probability beyond, below which a quantile is far out,
_NEAREST = 8  # draws to a jump, of all, that tell how high it is where several are integrated out
_FEW_BEYOND = 6  # or of a replicate's draws, if it has fewer there, and in the tails alone,
_TAIL = 0.2  # which begin here
_BLOCK = 1 << 12  # draws that are worked on at once
_FIRST = 1 << 7  # draws of each replicate with which the search for a quantile begins


@final
@dataclass(frozen=True, eq=False)
class ConditionalCdf:
    """The CDF of an output by conditional Monte Carlo: `cdf(t)[r]` is the mean of the conditional
    CDF at t over the draws of replicate r."""

    replicates: int
    size: int
    blocks: tuple[DrawBlock, ...]
    first: DrawBlock  # the beginning of each replicate
    find_discontinuities: Callable[[], Discontinuities]
    coincident: Callable[[float | None], float] = lambda _: 0.0
    """The least half-width at a threshold for events that are counted alike."""
    bounds: tuple[DrawnBound | None, ...] = ()
    """Of the operations on the paths, where they are known."""

    @cached_property
    def discontinuities(self) -> Discontinuities:
        """Discontinuities in the given quantities, beside the jumps of operations on the path."""
        return self.find_discontinuities()

    @property
    def jumps(self) -> bool:
        """Whether the conditional CDF is a discontinuous function of the other draws."""
        on_path = any(step.jump is not None for step in self.first.steps)
        return on_path or self.discontinuities.jump

    @property
    def compares(self) -> bool:
        """Whether the path ends in a comparison, which has a probability alone."""
        return self.blocks[0].compares

    def with_coincidences(
        self, edges: OnEdges, lower: ConditionalCdf | None, upper: ConditionalCdf | None
    ) -> ConditionalCdf:
        """The same, with regard to events that are counted alike: the shares of draws on either
        edge of the strata in which they begin tell how far these move the mean."""
        if lower is None or upper is None:
            return self

        def coincident(threshold: float | None) -> float:
            ends = (each._gathered(threshold).ravel() for each in (lower, upper))
            return edges.half(*ends)

        return replace(self, coincident=coincident)

    def shares(self, threshold: float | None) -> FloatArray:
        """P(output <= threshold | others), shape (replicates, draws of the others); of a comparison
        (None), that it holds."""
        return self._gathered(threshold)

    def cdf(self, threshold: float) -> FloatArray:
        """P(output <= threshold) by replicate."""
        return _means(self.shares(threshold))

    def probability(self) -> Estimate | None:
        """Probability that the comparison holds; None where its error cannot be told."""
        with np.errstate(all="ignore"):
            alone = self.blocks[0].shares(None)
        if alone.size == 1:
            return Estimate.exact(float(alone[0]))
        found = self._value_at(None)
        value, half = found.share, max(found.half, 8 * np.finfo(float).eps)
        if not 0.0 < value < 1.0:
            return None
        down, up = self._factors(replace(found, half=half), value)
        low, high = max(value - down * half, 0.0), min(value + up * half, 1.0)
        return Estimate(value, low, high, ESTIMATOR)

    def quantile(self, p: float, start: float, width: float, unit: str = "") -> Estimate | None:
        """Quantile at p, searched for from a start that may be off by about `width`.

        The search begins on few draws, so that all of them are looked at once or twice. The
        interval is symmetric where the CDF is straight across it, else each end is looked for.
        None where the search fails, as at an atom, or where the error cannot be told.
        """
        start = float(start)
        width = float(width) if 0.0 < width < math.inf else 1e-3 * (abs(start) or 1.0)
        few = self.first.columns.stop
        first = self
        if few < self.size:
            discontinuities = partial(self._first_discontinuities, few)
            first = ConditionalCdf(self.replicates, few, (self.first,), self.first, discontinuities)
        found = root(first._value_at, p, start, width)
        if few < self.size:
            found = found and polished(self._value_at, p, found, width)
            # Far out a part of the draws may tell nothing.
            found = found or root(self._value_at, p, start, width)
        if found is None:
            return None
        least = finest(found.x, width)
        # A larger share is a smaller quantile, so that the factors change sides.
        up, down = self._factors(found.near, p)
        low, high = found.x - down * found.half, found.x + up * found.half
        if found.half > least and (self.jumps or found.bent):
            below = end(self._value_at, p, found, -down, width)
            above = end(self._value_at, p, found, up, width)
            if below is None or above is None:
                return None
            low, high = below, above
        low, high = min(low, found.x - least), max(high, found.x + least)
        return Estimate(found.x, low, high, ESTIMATOR, unit)

    def _factors(self, found: CdfValue, p: float) -> tuple[float, float]:
        """Factors for the interval of a share near p, downwards and upwards."""
        if not is_far_out(p, self.size):
            return tail_factors(found.shares, found.share)
        if p < 0.5:
            return count_factors(found.shares, found.share, found.half)
        down, up = count_factors(1.0 - found.shares, 1.0 - found.share, found.half)
        return up, down

    def _first_discontinuities(self, few: int) -> Discontinuities:
        return self.discontinuities.first(self.replicates, few)

    def _value_at(self, threshold: float | None) -> CdfValue:
        crossings: list[Crossed] = []
        beginnings: list[list[Beginning]] = []
        shares = self._gathered(threshold, crossings, beginnings)
        rows = _means(shares)
        share = float(rows.sum()) / rows.size
        half = half_width(rows, np.ones(rows.size))
        # All replicates of a net may have the same number of draws beyond a jump, by chance.
        floor = share_floor(self.replicates, self.size)
        sides = [
            (any(some for some, _ in step), any(other for _, other in step))
            for step in zip(*crossings, strict=True)
        ]
        seen = [some and other for some, other in sides]
        with np.errstate(all="ignore"):
            heights = self._heights(threshold)
            along = [height for height, both in zip(heights, seen, strict=True) if both]
            height = self.discontinuities.height(shares, along)
            # Shares that begin steeply, as of a gamma variable of shape 0.4 from 0 on, are a jump
            # to a net: one draw more or less has them.
            begin = math.hypot(*map(Beginning.typical_height, zip(*beginnings, strict=True)))
            half = max(half, height * floor, begin * floor, self.coincident(threshold))
            # What no draw of the net meets is missing in the mean.
            missing = min(self.discontinuities.missing(shares), floor)
            if not all(seen):
                steps = zip(*(block.thresholds(threshold) for block in self.blocks), strict=True)
                for k, step in enumerate(steps):
                    if not seen[k] and any(step):
                        beyond = self._unseen(k, step, below=not sides[k][0])
                        missing += heights[k] * min(beyond, floor)
        return CdfValue(math.nan if threshold is None else threshold, share, half + missing, shares)

    def _heights(self, threshold: float | None) -> list[float]:
        """Heights of the jumps on the paths. Where the most extreme draw is integrated out these
        are the lower, the nearer the others are, and all draws are looked at."""
        if all(step.jump is None for step in self.first.steps):
            return [0.0] * len(self.first.steps)
        if len(self.first.parts) == 1:
            return [jump.typical_height() for jump in self.first.jumps(threshold)]
        steps = zip(*(block.jumps(threshold) for block in self.blocks), strict=True)
        return [Jump.joined(step).typical_height(_NEAREST) for step in steps]

    def _unseen(
        self, k: int, step: Sequence[tuple[FloatArray, FloatArray] | None], *, below: bool
    ) -> float:
        """An upper limit of the probability that the border of an operation on the path is on the
        side of the threshold on which no draw has it; `step` has the thresholds and the margins of
        each block."""
        places = zip(self.blocks, step, strict=True)
        known = [(block.columns, *each) for block, each in places if each is not None]
        bound = self.bounds[k] if self.bounds else None
        found = bound and bound.beyond([(columns, x) for columns, x, _ in known], below=below)
        return share_beyond([margin for *_, margin in known]) if found is None else found

    def _gathered(
        self,
        threshold: float | None,
        crossings: list[Crossed] | None = None,
        beginnings: list[list[Beginning]] | None = None,
    ) -> FloatArray:
        out = np.empty((self.replicates, self.size))
        with np.errstate(all="ignore"):
            for block in self.blocks:
                crossed: Crossed | None = None
                if crossings is not None:
                    crossings.append(crossed := [])
                begin: list[Beginning] | None = None
                if beginnings is not None:
                    beginnings.append(begin := [])
                out[:, block.columns] = block.shares(threshold, crossed, begin)
        return out


def _means(shares: FloatArray) -> FloatArray:
    """By replicate; `einsum` takes half the time of `mean`."""
    means: FloatArray = np.einsum("ij->i", shares) / shares.shape[1]
    return means


def is_far_out(p: float, size: int) -> bool:
    """Whether few draws of a replicate of some size are beyond the quantile at p."""
    return min(p, 1.0 - p) < max(_FAR, min(_FEW_BEYOND / size, _TAIL))


def conditional_cdf(
    paths: Sequence[Path], values: Values, replicates: int, size: int, *, upper: bool = False
) -> ConditionalCdf | None:
    """The CDF of the output of paths that each end in a draw to integrate out, from draws of the
    given quantities (each of shape (replicates * size,) or (1,)); None where an operation is not
    monotone in its draw, or a given quantity is not finite.

    Parameters
    ----------
    paths : to one draw, or to several of which the most extreme one is integrated out
    upper : whether it is then the upper tail that is split among them
    """
    given = dict.fromkeys(element for path in paths for element in path.given)
    if not all(np.all(np.isfinite(values(element))) for element in given):
        return None
    count = min(max(replicates * size // _BLOCK, 1), size)
    cuts = [slice(size * number // count, size * (number + 1) // count) for number in range(count)]
    blocks = []
    for columns in (slice(0, min(_FIRST, size)), *cuts):

        def part(element: Element, columns: slice = columns) -> FloatArray:
            draws = values(element)
            return draws if draws.size == 1 else draws.reshape(replicates, size)[:, columns]

        block = DrawBlock.create(paths, part, columns, upper=upper)
        if block is None:
            return None
        blocks.append(block)

    def find_discontinuities() -> Discontinuities:
        return discontinuities(decisions_of(paths), values)

    return ConditionalCdf(replicates, size, tuple(blocks[1:]), blocks[0], find_discontinuities)
