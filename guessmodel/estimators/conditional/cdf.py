"""Conditional Monte Carlo: a quantile of an output with one draw integrated out.

Given all other draws, the output is a monotone function of one draw. Its conditional CDF at a
threshold is therefore the CDF of the draw's family at the inverted threshold. The mean of this over
the other draws is smooth in the threshold, and its error on a net falls much faster than that of a
count of draws. (Asmussen and Glynn 2007, "Stochastic Simulation", section V.4.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import final

import numpy as np
from numpy.typing import NDArray

from guessmodel.estimators.closed_form import Closed
from guessmodel.estimators.coincidence import OnEdges
from guessmodel.estimators.conditional.inverses import (
    Comparison,
    Flags,
    MonotoneStep,
    comparison,
    image,
    invert,
)
from guessmodel.estimators.conditional.jumps import (
    Discontinuities,
    Jump,
    discontinuities,
    share_beyond,
)
from guessmodel.estimators.conditional.paths import Path
from guessmodel.estimators.conditional.quantile_search import CdfValue, end, finest, polished, root
from guessmodel.estimators.conditional.rare_values import probability_beyond
from guessmodel.estimators.conditional.tail_widening import UNTOLD, tail_factors
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.half_widths import half_width
from guessmodel.estimators.replicates import share_floor
from guessmodel.graph.coordinates import Element
from guessmodel.graph.elementwise import Elementwise, FloatArray
from guessmodel.graph.family import Family
from guessmodel.numerics.normal_cdf import normal_cdf

__all__ = ["ConditionalCdf", "conditional_cdf"]

ESTIMATOR = "conditional"
_FEW_DECIDE = "unreliable: hangs on few draws far out; more draws tell"
_FEW_BEYOND = 6  # draws of a replicate
_BLOCK = 1 << 12  # draws that are worked on at once
_FIRST = 1 << 7  # draws of each replicate with which the search for a quantile begins

Probability = Callable[[FloatArray], FloatArray]
Values = Callable[[Element], FloatArray]


Crossed = list[tuple[bool, bool]]
"""For each operation on the path, whether there are draws below its jump, and above."""


@final
@dataclass(frozen=True, eq=False)
class _Block:
    """Some draws of each replicate, in arrays (replicates, draws) that stay in the cache."""

    columns: slice
    steps: tuple[MonotoneStep, ...]
    below: Probability  # P(draw <= x), an x for each draw of the given quantities
    comparison: Comparison | None  # where the path ends in a comparison

    def shares(self, threshold: float | None, crossed: Crossed | None = None) -> FloatArray:
        """P(output <= threshold | others); of a comparison (None), that it holds. Tells in
        `crossed` which jumps have draws on both sides."""
        if threshold is not None:
            return self._shares(self.steps, np.array([threshold]), seen=crossed)
        comparison = self.comparison
        assert comparison is not None
        at_borders = iter(comparison.at_borders)
        return self._shares(self.steps, comparison.threshold, comparison.less, at_borders, crossed)

    def jumps(self, threshold: float | None) -> list[Jump]:
        """The jumps of the operations on the path, at a threshold."""
        x = self._compared_with(threshold)
        found = []
        for k, step in enumerate(self.steps, 1):
            below = partial(self._shares, self.steps[k:])
            height = np.zeros(1) if step.jump is None else step.jump(below, x)
            found.append(Jump(height, None if step.border is None else step.border - x))
            x = step.inverse(x) if step.border is None else step.inverse(x, step.border <= x)
        return found

    def thresholds(self, threshold: float | None) -> list[tuple[FloatArray, FloatArray] | None]:
        """The threshold at each operation on the path, and by how much the border there exceeds it;
        None for an operation without a border."""
        x = self._compared_with(threshold)
        found: list[tuple[FloatArray, FloatArray] | None] = []
        for step in self.steps:
            found.append(None if step.border is None else (x, step.border - x))
            x = step.inverse(x) if step.border is None else step.inverse(x, step.border <= x)
        return found

    def _compared_with(self, threshold: float | None) -> FloatArray:
        if threshold is None and self.comparison is not None:
            return self.comparison.threshold
        return np.array([threshold])

    def _shares(
        self,
        steps: Sequence[MonotoneStep],
        x: FloatArray,
        less: bool = True,
        at_borders: Iterator[NDArray[np.bool_]] | None = None,
        seen: Crossed | None = None,
    ) -> FloatArray:
        """P(operand of the step before these is below x | others)."""
        turned: Flags = not less  # whether the operand is to be above x
        for step in steps:
            if step.border is None:
                if seen is not None:
                    there = step.jump is not None and not (step.at_zero and bool(x.all()))
                    seen.append((there, there))
                x = step.inverse(x)
            else:
                if at_borders is not None:
                    under = next(at_borders) ^ turned
                else:  # the comparison is closed
                    under = np.where(turned, step.border < x, step.border <= x)
                if seen is not None:
                    over = ~under & (step.border == step.border)  # nan is on neither side
                    seen.append((bool(under.any()), bool(over.any())))
                x = step.inverse(x, under)
            if step.decreasing is not False:
                turned = turned ^ step.decreasing
        share = self.below(x)
        if isinstance(turned, bool):
            return 1.0 - share if turned else share
        return np.where(turned, 1.0 - share, share)


@final
@dataclass(frozen=True, eq=False)
class ConditionalCdf:
    """The CDF of an output by conditional Monte Carlo: `cdf(t)[r]` is the mean of the conditional
    CDF at t over the draws of replicate r."""

    replicates: int
    size: int
    blocks: tuple[_Block, ...]
    first: _Block  # the beginning of each replicate
    find_discontinuities: Callable[[], Discontinuities]
    coincident: Callable[[float | None], float] = lambda _: 0.0
    """The least half-width at a threshold for events that are counted alike."""
    bounds: tuple[Closed | None, ...] = ()
    """Of the borders of the operations on the path, where their distributions are known."""

    @cached_property
    def discontinuities(self) -> Discontinuities:
        """Those in the given quantities, beside the jumps of operations on the path."""
        return self.find_discontinuities()

    @property
    def jumps(self) -> bool:
        """Whether the conditional CDF is a discontinuous function of the other draws."""
        on_path = any(step.jump is not None for step in self.first.steps)
        return on_path or self.discontinuities.jump

    @property
    def compares(self) -> bool:
        """Whether the path ends in a comparison, which has a probability alone."""
        return self.blocks[0].comparison is not None

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

    def shares(self, threshold: float) -> FloatArray:
        """P(output <= threshold | others), shape (replicates, draws of the others)."""
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
        down, up = tail_factors(found.shares, value)
        if not 0.0 < value < 1.0:
            return None
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
        find_discontinuities = partial(self._first_discontinuities, few)
        first = ConditionalCdf(
            self.replicates, few, (self.first,), self.first, find_discontinuities
        )
        found = root(first._value_at, p, start, width)
        if found is not None and few < self.size:
            found = polished(self._value_at, p, found, width)
        if found is None:
            return None
        least = finest(found.x, width)
        # A larger share is a smaller quantile, so that the factors change sides.
        up, down = tail_factors(found.near.shares, found.near.share)
        low, high = found.x - down * found.half, found.x + up * found.half
        if found.half > least and (self.jumps or found.bent):
            below = end(self._value_at, p, found, -down, width)
            above = end(self._value_at, p, found, up, width)
            if below is None or above is None:
                return None
            low, high = below, above
        low, high = min(low, found.x - least), max(high, found.x + least)
        outward = down if p < 0.5 else up
        few_beyond = self.size * min(p, 1.0 - p) < _FEW_BEYOND
        note = _FEW_DECIDE if few_beyond and outward >= UNTOLD else None
        return Estimate(found.x, low, high, ESTIMATOR, unit, note)

    def _first_discontinuities(self, few: int) -> Discontinuities:
        return self.discontinuities.first(self.replicates, few)

    def _value_at(self, threshold: float | None) -> CdfValue:
        crossings: list[Crossed] = []
        shares = self._gathered(threshold, crossings)
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
            heights = [jump.typical_height() for jump in self.first.jumps(threshold)]
            along = [height for height, both in zip(heights, seen, strict=True) if both]
            height = self.discontinuities.height(shares, along)
            half = max(half, height * floor, self.coincident(threshold))
            # What no draw of the net meets is missing in the mean.
            missing = min(self.discontinuities.unexplored, floor)
            if not all(seen):
                steps = zip(*(block.thresholds(threshold) for block in self.blocks), strict=True)
                for k, step in enumerate(steps):
                    known = [each for each in step if each is not None]
                    if known and not seen[k]:
                        beyond = self._unseen(k, known, below=not sides[k][0])
                        missing += heights[k] * min(beyond, floor)
        return CdfValue(math.nan if threshold is None else threshold, share, half + missing, shares)

    def _unseen(
        self, k: int, known: Sequence[tuple[FloatArray, FloatArray]], *, below: bool
    ) -> float:
        """An upper limit of the probability that the border of an operation on the path is on the
        side of the threshold on which no draw has it."""
        bound = self.bounds[k] if self.bounds else None
        if bound is None:
            return share_beyond([margin for _, margin in known])
        x = np.concatenate([np.atleast_1d(x).ravel() for x, _ in known])
        # So much is missing, no more and no less, but for the height of the jump: an end of the
        # interval just there would hold the truth or not by rounding alone.
        return 2.0 * probability_beyond(bound, x, below=below)

    def _gathered(
        self, threshold: float | None, crossings: list[Crossed] | None = None
    ) -> FloatArray:
        out = np.empty((self.replicates, self.size))
        with np.errstate(all="ignore"):
            for block in self.blocks:
                crossed: Crossed | None = None
                if crossings is not None:
                    crossings.append(crossed := [])
                out[:, block.columns] = block.shares(threshold, crossed)
        return out


def _means(shares: FloatArray) -> FloatArray:
    """By replicate; `einsum` takes half the time of `mean`."""
    means: FloatArray = np.einsum("ij->i", shares) / shares.shape[1]
    return means


def conditional_cdf(
    path: Path, family: Family, values: Values, replicates: int, size: int
) -> ConditionalCdf | None:
    """The CDF of the output of a path that ends in a draw of `family`, from draws of the given
    quantities (each of shape (replicates * size,) or (1,)); None where an operation is not monotone
    in the draw, or a given quantity is not finite."""
    if not all(np.all(np.isfinite(values(element))) for element in path.given):
        return None
    count = min(max(replicates * size // _BLOCK, 1), size)
    cuts = [slice(size * number // count, size * (number + 1) // count) for number in range(count)]
    blocks = []
    for columns in (slice(0, min(_FIRST, size)), *cuts):

        def part(element: Element, columns: slice = columns) -> FloatArray:
            draws = values(element)
            return draws if draws.size == 1 else draws.reshape(replicates, size)[:, columns]

        block = _block(path, family, part, columns)
        if block is None:
            return None
        blocks.append(block)
    find_discontinuities = partial(discontinuities, path, values)
    return ConditionalCdf(replicates, size, tuple(blocks[1:]), blocks[0], find_discontinuities)


def _block(path: Path, family: Family, values: Values, columns: slice) -> _Block | None:
    parameters = [values(element) for element in path.parameters] if family.parameters else []
    low, high = (np.atleast_1d(end) for end in family.support(*parameters))
    others = [
        [
            None if k == applied.inner else values(element)
            for k, element in enumerate(applied.operands)
        ]
        for applied in path.operations
    ]
    steps: list[MonotoneStep] = []
    found: Comparison | None = None
    with np.errstate(all="ignore"):
        for applied, beside in zip(reversed(path.operations), reversed(others), strict=True):
            if isinstance(applied.operation, Elementwise) and applied.operation.compares:
                found = comparison(path.operations, others, steps[::-1])
                if found is None:
                    return None
                continue
            step = invert(applied, beside, low, high)
            if step is None:
                return None
            steps.append(step)
            if applied is not path.operations[0]:
                low, high = image(applied, beside, low, high)
    return _Block(columns, tuple(reversed(steps)), _cdf(family, parameters), found)


def _cdf(family: Family, parameters: Sequence[FloatArray]) -> Probability:
    if family.name == "normal":
        mean, sd = parameters
        return lambda x: normal_cdf((x - mean) / sd)
    if family.name == "lognormal":
        mu, sigma = parameters

        def below(x: FloatArray) -> FloatArray:
            positive = bool(np.min(x) > 0.0)
            z = np.log(x if positive else np.where(x > 0.0, x, 1.0))
            share = normal_cdf((z - mu) / sigma)
            return share if positive else np.where(x > 0.0, share, 0.0)

        return below

    def general(x: FloatArray) -> FloatArray:
        share = family.cdf(np.nan_to_num(x), *parameters)
        return np.where(x == np.inf, 1.0, np.where(x == -np.inf, 0.0, share))

    return general
