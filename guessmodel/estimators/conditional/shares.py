"""Conditional shares: P(output <= threshold | other draws), one a draw of the others.

Given all other draws, the output is a monotone function of the draw that is integrated out, so that
this is the CDF of the draw's family at the inverted threshold.

Far out in a tail one draw is seldom enough: t + a · b is far out because t is, or because b is, and
what is not integrated out is counted after all. The share beyond a threshold is then split by which
of several draws is the most extreme one, and that one is integrated out (Asmussen and Kroese 2006,
"Improved algorithms for rare event simulation with heavy tails", where the summands are compared).
How extreme a draw is, its own distribution tells, by Tukey's depth min(P(X <= x), P(X >= x)). If p
is the conditional share beyond for one draw, and d the least depth of the others, then the share in
which the output is beyond and this draw is the most extreme one is, given the others,

    min(p, d) + max(p - (1 - d), 0),

as the draw is then within a probability of d of either end. This is never above 2 d: however far
out the others are, they do not decide alone, and a run that has not met them lacks little.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, final

import numpy as np

from guessmodel.estimators.conditional.inverses import (
    Flags,
    Inequality,
    MonotoneStep,
    comparison,
    image,
    invert,
)
from guessmodel.estimators.conditional.jumps import Jump
from guessmodel.estimators.conditional.paths import Path
from guessmodel.estimators.conditional.tabled import tabled
from guessmodel.graph.coordinates import Element
from guessmodel.graph.elementwise import Elementwise
from guessmodel.graph.family import Family
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.numerics.normal_cdf import normal_cdf

__all__ = ["Beginning", "Crossed", "DrawBlock", "Values", "most_extreme", "tukey_depth"]

Probability = Callable[[FloatArray], FloatArray]
Values = Callable[[Element], FloatArray]

Crossed = list[tuple[bool, bool]]
"""For each operation on the paths, whether there are draws below its jump, and above."""

_FEW: Final = 1 << 11  # draws at which a CDF is worked out in less time than its table


def tukey_depth(path: Path, values: Values) -> FloatArray:
    """How far a draw is from the nearer end of its distribution, as a probability."""
    draws, parameters = values(path.draw), _parameters(path, values)
    ends = path.family.cdf(draws, *parameters), path.family.sf(draws, *parameters)
    return np.minimum(*ends)


def most_extreme(beyond: FloatArray, least: FloatArray) -> FloatArray:
    """The share in which the output is beyond and the draw is more extreme than the others, of
    which the most extreme one has the depth `least`; see above.

    >>> most_extreme(np.array([0.001, 0.4, 0.999]), np.array([0.01, 0.01, 0.01])).round(9)
    array([0.001, 0.01 , 0.019])
    """
    inner = np.minimum(beyond, least)
    inner += np.maximum(beyond - (1.0 - least), 0.0)
    return inner


@final
@dataclass(frozen=True, eq=False)
class _IntegratedDraw:
    """A draw that is integrated out, for some draws of the others."""

    steps: tuple[MonotoneStep, ...]
    below: Probability  # P(draw <= x), an x for each draw of the given quantities
    comparison: Inequality | None  # where the path ends in a comparison
    least: FloatArray | None  # depth of the others that are integrated out; None where none is

    def shares(
        self, threshold: float | FloatArray | None, crossed: Crossed | None = None
    ) -> FloatArray:
        """P(output <= threshold | others); of a comparison (None), that it holds. Tells in
        `crossed` which jumps have draws on both sides."""
        if threshold is not None:
            return self._shares(self.steps, np.atleast_1d(threshold), seen=crossed)
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
            if self.least is not None and step.jump is not None:
                height = np.minimum(height, 2.0 * self.least)
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
        at_borders: Iterator[BoolArray] | None = None,
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
class Beginning:
    """Where conditional probabilities (replicates, draws) begin to be more than 0; or one of all
    replicates."""

    some: bool
    """Whether some are 0."""
    least: FloatArray
    """Of each replicate the least that is not, infinite where all are 0,"""
    height: FloatArray
    """and the share of that draw, which is less where others are more extreme."""

    @staticmethod
    def of(probabilities: FloatArray, shares: FloatArray) -> Beginning:
        positive = np.where(probabilities > 0.0, probabilities, math.inf)
        nearest = positive.argmin(axis=1)
        rows = np.arange(len(nearest))
        least = positive[rows, nearest]
        return Beginning(bool(positive.max() == math.inf), least, shares[rows, nearest])

    @staticmethod
    def typical_height(blocks: Sequence[Beginning]) -> float:
        """How high the shares of all blocks begin, by the median of the replicates; 0 where no
        probability is 0."""
        if not any(block.some for block in blocks):
            return 0.0
        least, height = (
            np.array(np.broadcast_arrays(*(getattr(block, name) for block in blocks)))
            for name in ("least", "height")
        )
        known = np.isfinite(least.min(axis=0))
        nearest = least.argmin(axis=0)
        heights = height[nearest, np.arange(len(nearest))][known]
        return float(np.sort(heights)[heights.size // 2]) if heights.size else 0.0


@final
@dataclass(frozen=True, eq=False)
class DrawBlock:
    """Some draws of each replicate, in arrays (replicates, draws) that stay in the cache."""

    columns: slice
    parts: tuple[_IntegratedDraw, ...]
    upper: bool  # which tail is split by the most extreme draw, where there are several

    @classmethod
    def create(
        cls, paths: Sequence[Path], values: Values, columns: slice, *, upper: bool
    ) -> DrawBlock | None:
        """The block; None where an operation is not monotone in its draw."""
        leasts: list[FloatArray | None] = [None]
        if len(paths) > 1:
            leasts = [*_least_of_others([tukey_depth(path, values) for path in paths])]
        parts = [
            _integrated_draw(path, values, least) for path, least in zip(paths, leasts, strict=True)
        ]
        known = tuple(part for part in parts if part is not None)
        return cls(columns, known, upper) if len(known) == len(parts) else None

    @property
    def steps(self) -> list[MonotoneStep]:
        """The operations of all paths, one path after the other."""
        return [step for part in self.parts for step in part.steps]

    @property
    def compares(self) -> bool:
        """Whether the path ends in a comparison."""
        return self.parts[0].comparison is not None

    def shares(
        self,
        threshold: float | FloatArray | None,
        crossed: Crossed | None = None,
        begin: list[Beginning] | None = None,
    ) -> FloatArray:
        """P(output <= threshold | others), of one threshold or one a draw; of a comparison (None),
        that it holds. Tells in `crossed` which jumps have draws on both sides, and in `begin` how
        each part begins, and ends. Of several draws this is what the split is the mean of; single
        values mean nothing."""
        total: FloatArray | None = None
        for part in self.parts:
            share = part.shares(threshold, crossed)
            beyond = share
            if part.least is not None:
                beyond = 1.0 - share if self.upper else share
                share = most_extreme(beyond, part.least)
            if begin is not None:
                # What is the same for all draws of this block is one number, and may be many in
                # the next.
                most, own = np.broadcast_arrays(*map(np.atleast_2d, (beyond, share)))
                begin.append(Beginning.of(most, own))
                if part.least is None:
                    begin.append(Beginning.of(1.0 - most, 1.0 - own))
            total = share if total is None else total + share
        assert total is not None
        return 1.0 - total if self.upper and len(self.parts) > 1 else total

    def jumps(self, threshold: float | None) -> list[Jump]:
        """The jumps of the operations of all paths, at a threshold."""
        return [jump for part in self.parts for jump in part.jumps(threshold)]

    def thresholds(self, threshold: float | None) -> list[tuple[FloatArray, FloatArray] | None]:
        """See `_Part.thresholds`, for the operations of all paths."""
        return [each for part in self.parts for each in part.thresholds(threshold)]


def _least_of_others(depths: Sequence[FloatArray]) -> Iterator[FloatArray]:
    """For each array of depths, the least of the others."""
    for k in range(len(depths)):
        others = [*depths[:k], *depths[k + 1 :]]
        least = others[0]
        for other in others[1:]:
            least = np.minimum(least, other)
        yield least


def _integrated_draw(
    path: Path, values: Values, least: FloatArray | None
) -> _IntegratedDraw | None:
    family = path.family
    parameters = _parameters(path, values)
    low, high = (np.atleast_1d(end) for end in family.support(*parameters))
    others = [
        [
            None if k == applied.inner else values(element)
            for k, element in enumerate(applied.operands)
        ]
        for applied in path.operations
    ]
    steps: list[MonotoneStep] = []
    found: Inequality | None = None
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
    return _IntegratedDraw(tuple(reversed(steps)), _cdf(family, parameters), found, least)


def _parameters(path: Path, values: Values) -> list[FloatArray]:
    return [values(element) for element in path.parameters] if path.family.parameters else []


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

    table = tabled(family, parameters)

    def general(x: FloatArray) -> FloatArray:
        known = np.nan_to_num(x)
        share = family.cdf(known, *parameters) if x.size < _FEW or table is None else table(known)
        return np.where(x == np.inf, 1.0, np.where(x == -np.inf, 0.0, share))

    return general
