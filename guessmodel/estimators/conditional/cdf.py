"""Conditional Monte Carlo: a quantile of an output with one draw integrated out.

Given all other draws, an output is a monotone function of the draw at the end of a chain, so that
its CDF there is the family's own CDF at the inverted threshold. The mean over the other draws is
smooth in the threshold, and a net integrates it with an error that falls much faster than that of
a step function. (Asmussen and Glynn 2007, "Stochastic Simulation", section V.4.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import final

import numpy as np
from numpy.typing import NDArray

from guessmodel.estimators.conditional.inverses import Event, Flags, Step, event, image, invert
from guessmodel.estimators.conditional.jumps import Jump, Sides, share_beyond, sides
from guessmodel.estimators.conditional.paths import Chain
from guessmodel.estimators.conditional.quantile_search import Reading, end, finest, polished, root
from guessmodel.estimators.conditional.tail_widening import reaches
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.replicates import half_width, share_floor
from guessmodel.graph.coordinates import Element
from guessmodel.graph.elementwise import Elementwise, FloatArray
from guessmodel.graph.family import Family
from guessmodel.numerics.normal_cdf import normal_cdf

__all__ = ["Smooth", "smooth"]

ESTIMATOR = "conditional"
_WIDEN = 1.1  # means over nets are skewed: without, 83 to 93% are covered
_FEW = 0.1  # share of the variance in one draw
_PIECE = 1 << 12  # draws that are worked on at once
_FIRST = 1 << 7  # draws of each replicate with which the search for a quantile begins

Probability = Callable[[FloatArray], FloatArray]
Values = Callable[[Element], FloatArray]


Crossed = list[tuple[bool, bool]]
"""For each step along the chain, whether some draws are on either side of its jump."""


@final
@dataclass(frozen=True, eq=False)
class _Piece:
    """Some draws of each replicate, in arrays (replicates, draws) that stay in the cache."""

    columns: slice
    steps: tuple[Step, ...]
    below: Probability  # P(draw <= x), one x a draw of the others
    event: Event | None  # where the chain ends in a comparison

    def shares(self, threshold: float | None, crossed: Crossed | None = None) -> FloatArray:
        """P(output <= threshold | others); of a comparison (None), that it holds. Tells in
        `crossed` which jumps have draws on both sides."""
        if threshold is not None:
            return self._shares(self.steps, np.array([threshold]), seen=crossed)
        event = self.event
        assert event is not None
        sides = iter(event.at_borders)
        return self._shares(self.steps, event.threshold, event.less, sides, crossed)

    def jumps(self, threshold: float | None) -> list[Jump]:
        """Those along the chain, at a threshold."""
        x = self._compared_with(threshold)
        found = []
        for k, step in enumerate(self.steps, 1):
            below = partial(self._shares, self.steps[k:])
            height = np.zeros(1) if step.jump is None else step.jump(below, x)
            found.append(Jump(height, None if step.border is None else step.border - x))
            x = step.inverse(x) if step.border is None else step.inverse(x, step.border <= x)
        return found

    def margins(self, threshold: float | None) -> list[FloatArray | None]:
        """Of the borders along the chain beyond a threshold; None for a step without."""
        x = self._compared_with(threshold)
        found: list[FloatArray | None] = []
        for step in self.steps:
            found.append(None if step.border is None else step.border - x)
            x = step.inverse(x) if step.border is None else step.inverse(x, step.border <= x)
        return found

    def _compared_with(self, threshold: float | None) -> FloatArray:
        if threshold is None and self.event is not None:
            return self.event.threshold
        return np.array([threshold])

    def _shares(
        self,
        steps: Sequence[Step],
        x: FloatArray,
        less: bool = True,
        at_borders: Iterator[NDArray[np.bool_]] | None = None,
        seen: Crossed | None = None,
    ) -> FloatArray:
        """P(operand of the step before these is below x | others)."""
        turned: Flags = not less  # it is to be above x, and not below
        for step in steps:
            if step.border is None:
                if seen is not None:
                    there = step.jump is not None and not (step.at_zero and bool(x.all()))
                    seen.append((there, there))
                x = step.inverse(x)
            else:
                if at_borders is not None:
                    under = next(at_borders) ^ turned
                else:  # the event is closed
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
class Smooth:
    """The CDF of an output as a smooth function: `cdf(t)[r]` is the mean over replicate r."""

    replicates: int
    size: int
    pieces: tuple[_Piece, ...]
    first: _Piece  # the beginning of each replicate
    decided: Callable[[], Sides]  # by what the others depend on by steps

    @cached_property
    def sides(self) -> Sides:
        """The draws on the sides of jumps that are not along the chain."""
        return self.decided()

    @property
    def jumps(self) -> bool:
        """Whether the share, as a function of the other draws, is not continuous."""
        along = any(step.jump is not None for step in self.first.steps)
        return along or self.sides.jump

    @property
    def compares(self) -> bool:
        """Whether the chain ends in a comparison, which has a probability alone."""
        return self.pieces[0].event is not None

    def shares(self, threshold: float) -> FloatArray:
        """P(output <= threshold | others), shape (replicates, draws of the others)."""
        return self._gathered(threshold)

    def cdf(self, threshold: float) -> FloatArray:
        """P(output <= threshold) by replicate."""
        return _means(self.shares(threshold))

    def probability(self) -> Estimate | None:
        """Probability that the comparison holds; None where its error cannot be told."""
        with np.errstate(all="ignore"):
            alone = self.pieces[0].shares(None)
        if alone.size == 1:
            return Estimate.exact(float(alone[0]))
        found = self._read(None)
        value, half = found.share, max(found.half, 8 * np.finfo(float).eps)
        down, up = reaches(found.shares, value)
        if _few(found.shares) or not 0.0 < value < 1.0:  # what is rarer may be missing
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
        decided = partial(self._first_sides, few)
        first = Smooth(self.replicates, few, (self.first,), self.first, decided)
        found = root(first._read, p, start, width)
        if found is not None and few < self.size:
            found = polished(self._read, p, found, width)
        if found is None:
            return None
        least = finest(found.x, width)
        up, down = reaches(found.near.shares, found.near.share)  # of shares; a smaller one is a
        low, high = found.x - down * found.half, found.x + up * found.half  # larger quantile
        if found.half > least and (self.jumps or found.bent):
            below = end(self._read, p, found, -down, width)
            above = end(self._read, p, found, up, width)
            if below is None or above is None:
                return None
            low, high = below, above
        low, high = min(low, found.x - least), max(high, found.x + least)
        return Estimate(found.x, low, high, ESTIMATOR, unit)

    def _first_sides(self, few: int) -> Sides:
        return self.sides.first(self.replicates, few)

    def _read(self, threshold: float | None) -> Reading:
        sides: list[Crossed] = []
        shares = self._gathered(threshold, sides)
        rows = _means(shares)
        share = float(rows.sum()) / rows.size
        half = _WIDEN * half_width(rows, np.ones(rows.size))
        # A net may count the draws beyond a jump alike in all replicates.
        floor = share_floor(self.replicates, self.size)
        seen = [
            any(some for some, _ in step) and any(other for _, other in step)
            for step in zip(*sides, strict=True)
        ]
        with np.errstate(all="ignore"):
            heights = [jump.typical_height() for jump in self.first.jumps(threshold)]
            along = [height for height, both in zip(heights, seen, strict=True) if both]
            half = max(half, self.sides.height(shares, along) * floor)
            # Where it has none of them, they are missing in the mean.
            missing = min(self.sides.unexplored, floor)
            if not all(seen):
                margins = zip(*(piece.margins(threshold) for piece in self.pieces), strict=True)
                for height, both, margin in zip(heights, seen, margins, strict=True):
                    known = [each for each in margin if each is not None]
                    if known and not both:
                        missing += height * min(share_beyond(known), floor)
        return Reading(math.nan if threshold is None else threshold, share, half + missing, shares)

    def _gathered(self, threshold: float | None, sides: list[Crossed] | None = None) -> FloatArray:
        out = np.empty((self.replicates, self.size))
        with np.errstate(all="ignore"):
            for piece in self.pieces:
                crossed: Crossed | None = None
                if sides is not None:
                    sides.append(crossed := [])
                out[:, piece.columns] = piece.shares(threshold, crossed)
        return out


def _means(shares: FloatArray) -> FloatArray:
    """By replicate; `einsum` takes half the time of `mean`."""
    means: FloatArray = np.einsum("ij->i", shares) / shares.shape[1]
    return means


def _few(shares: FloatArray) -> bool:
    """Whether a few draws hold so much of the variance that others like them may be missing."""
    deviations = shares - shares.mean()
    total = float(np.einsum("ij,ij->", deviations, deviations))
    noise = shares.size * (1e-15 * float(shares.max())) ** 2
    return total > noise and float(np.abs(deviations).max()) ** 2 > _FEW * total


def smooth(
    chain: Chain, family: Family, values: Values, replicates: int, size: int
) -> Smooth | None:
    """The smooth CDF along a chain that ends in a draw of `family`, given the draws of its other
    operands (each of shape (replicates * size,) or (1,)); None where some step is not monotone in
    the draw, or an operand is not finite."""
    if not all(np.all(np.isfinite(values(place))) for place in chain.others):
        return None
    count = min(max(replicates * size // _PIECE, 1), size)
    cuts = [slice(size * number // count, size * (number + 1) // count) for number in range(count)]
    pieces = []
    for columns in (slice(0, min(_FIRST, size)), *cuts):

        def part(place: Element, columns: slice = columns) -> FloatArray:
            draws = values(place)
            return draws if draws.size == 1 else draws.reshape(replicates, size)[:, columns]

        piece = _piece(chain, family, part, columns)
        if piece is None:
            return None
        pieces.append(piece)
    decided = partial(sides, chain, values)
    return Smooth(replicates, size, tuple(pieces[1:]), pieces[0], decided)


def _piece(chain: Chain, family: Family, values: Values, columns: slice) -> _Piece | None:
    parameters = [values(place) for place in chain.parameters] if family.parameters else []
    low, high = (np.atleast_1d(end) for end in family.support(*parameters))
    others = [
        [None if k == link.path else values(place) for k, place in enumerate(link.operands)]
        for link in chain.links
    ]
    steps: list[Step] = []
    compared: Event | None = None
    with np.errstate(all="ignore"):
        for link, beside in zip(reversed(chain.links), reversed(others), strict=True):
            if isinstance(link.operation, Elementwise) and link.operation.compares:
                compared = event(chain.links, others, steps[::-1])
                if compared is None:
                    return None
                continue
            step = invert(link, beside, low, high)
            if step is None:
                return None
            steps.append(step)
            if link is not chain.links[0]:
                low, high = image(link, beside, low, high)
    return _Piece(columns, tuple(reversed(steps)), _cdf(family, parameters), compared)


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
