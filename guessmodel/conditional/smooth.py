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
from typing import final

import numpy as np
from numpy.typing import NDArray

from guessmodel.conditional.chains import Chain
from guessmodel.conditional.places import Place
from guessmodel.conditional.reach import reaches
from guessmodel.conditional.roots import Reading, end, finest, polished, root
from guessmodel.conditional.steps import Event, Flags, Step, event, image, invert
from guessmodel.distributions.family import Family
from guessmodel.operations import Elementwise, FloatArray
from guessmodel.statistics.estimate import Estimate
from guessmodel.statistics.estimators import half_width, share_floor
from guessmodel.statistics.normal_cdf import normal_cdf

__all__ = ["Smooth", "smooth"]

ESTIMATOR = "conditional"
_WIDEN = 1.1  # means over nets are skewed: without, 83 to 93% are covered
_FEW = 0.1  # share of the variance in one draw
_PIECE = 1 << 12  # draws that are worked on at once
_FIRST = 1 << 7  # draws of each replicate with which the search for a quantile begins

Probability = Callable[[FloatArray], FloatArray]
Values = Callable[[Place], FloatArray]


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """Some draws of each replicate, in arrays (replicates, draws) that stay in the cache."""

    columns: slice
    steps: tuple[Step, ...]
    below: Probability  # P(draw <= x), one x a draw of the others
    event: Event | None  # where the chain ends in a comparison

    def shares(self, threshold: float) -> FloatArray:
        """P(output <= threshold | others)."""
        return self._shares(np.array([threshold]), True)

    def compared(self) -> FloatArray:
        """P(the comparison holds | others)."""
        assert self.event is not None
        return self._shares(self.event.threshold, self.event.less, iter(self.event.at_borders))

    def _shares(
        self, x: FloatArray, less: bool, at_borders: Iterator[NDArray[np.bool_]] | None = None
    ) -> FloatArray:
        turned: Flags = not less  # the value is to be above x, and not below
        for step in self.steps:
            if step.border is None:
                x = step.inverse(x)
            elif at_borders is not None:
                x = step.inverse(x, next(at_borders) ^ turned)
            else:  # the event is closed
                x = step.inverse(x, np.where(turned, step.border < x, step.border <= x))
            if step.decreasing is not False:
                turned = turned ^ step.decreasing
        share = self.below(x)
        if isinstance(turned, bool):
            return 1.0 - share if turned else share
        return np.where(turned, 1.0 - share, share)


@final
@dataclass(frozen=True, slots=True, eq=False)
class Smooth:
    """The CDF of an output as a smooth function: `cdf(t)[r]` is the mean over replicate r."""

    replicates: int
    size: int
    pieces: tuple[_Piece, ...]
    first: _Piece  # the beginning of each replicate, which of a net is a net
    jumps: bool  # the share, as a function of the other draws, is not continuous

    @property
    def compares(self) -> bool:
        """Whether the chain ends in a comparison, which has a probability alone."""
        return self.pieces[0].event is not None

    def shares(self, threshold: float) -> FloatArray:
        """P(output <= threshold | others), shape (replicates, draws of the others)."""
        return self._gathered(lambda piece: piece.shares(threshold))

    def cdf(self, threshold: float) -> FloatArray:
        """P(output <= threshold) by replicate."""
        return _means(self.shares(threshold))

    def probability(self) -> Estimate | None:
        """Probability that the comparison holds; None where its error cannot be told."""
        with np.errstate(all="ignore"):
            alone = self.pieces[0].compared()
        if alone.size == 1:
            return Estimate.exact(float(alone[0]))
        found = self._reading(math.nan, self._gathered(_Piece.compared))
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
        first = Smooth(self.replicates, few, (self.first,), self.first, self.jumps)
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

    def _read(self, threshold: float) -> Reading:
        return self._reading(threshold, self.shares(threshold))

    def _reading(self, threshold: float, shares: FloatArray) -> Reading:
        rows = _means(shares)
        share = float(rows.sum()) / rows.size
        half = _WIDEN * half_width(rows, np.ones(rows.size))
        if self.jumps:  # a net may count the draws beyond a jump alike in all replicates, or none
            half = max(half, share_floor(self.replicates, self.size))
        return Reading(threshold, share, half, shares)

    def _gathered(self, shares: Callable[[_Piece], FloatArray]) -> FloatArray:
        out = np.empty((self.replicates, self.size))
        with np.errstate(all="ignore"):
            for piece in self.pieces:
                out[:, piece.columns] = shares(piece)
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

        def part(place: Place, columns: slice = columns) -> FloatArray:
            draws = values(place)
            return draws if draws.size == 1 else draws.reshape(replicates, size)[:, columns]

        piece = _piece(chain, family, part, columns)
        if piece is None:
            return None
        pieces.append(piece)
    return Smooth(replicates, size, tuple(pieces[1:]), pieces[0], chain.jumps)


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
