"""Where a CDF that is known with an error crosses a probability, and how far off that may be.

The CDF is a mean over replicates, so that it has an error of its own at every threshold. A
quantile is where it is p, and the ends of its interval are where it is p but for its error there.
Where the CDF is straight over the interval, the error over the slope tells both ends; at a kink,
or next to a gap between atoms, each has to be looked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from guessmodel.numerics.arrays import FloatArray

__all__ = ["Cdf", "CdfValue", "Root", "end", "finest", "polished", "root"]

_STEPS = 8  # of the search for a quantile; two or three are the rule
_TELLING = 40  # draws beyond a quantile, from which on the slope there is known
_SMALL = 3.0  # errors: up to so long a step the slope from a part of the draws is used
_NEAR = 0.25  # of the error: from so near the next step is the last
_LEFT = 0.25  # of the error: likewise where curvature changes the next step by less
_CURVED = 0.25  # of the slope: by how much a chord may differ from the tangent
_FINEST = 1e-9  # of the width: the least distance that is told; secants soon get there
_FAR = 8.0  # widths from the start, at which the search is given up
_BENT = 1.5  # ratio of slopes, from which on both ends are looked for one by one
_SHORT, _OVER = 0.1, 0.25  # of the error: tolerances below and above, at an end
_LOOKS = 12  # evaluations for an end, at most; one is the rule
_WIDER = 4.0  # ratio of two distances tried one after the other, at most
_TIGHT = 1.15  # ratio of two distances between which an end need not be located


@final
@dataclass(frozen=True, slots=True, eq=False)
class CdfValue:
    """The CDF at a threshold: its mean, the half-width of its error, and the conditional shares
    that it is the mean of."""

    x: float
    share: float
    half: float
    shares: FloatArray


Cdf = Callable[[float], CdfValue]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Root:
    """A quantile, and what the search has seen of the CDF around it."""

    x: float
    near: CdfValue
    slope: float
    curvature: float  # second divided difference
    bend: float  # ratio of the steepest slope to the flattest

    @property
    def half(self) -> float:
        """Half-width of its error, where the CDF is straight."""
        return self.near.half / self.slope

    @property
    def bent(self) -> bool:
        """Whether the CDF may be less steep to one side than to the other."""
        return self.bend > _BENT


def finest(x: float, width: float) -> float:
    """The least distance between quantiles that are told apart."""
    return max(_FINEST * width, 8.0 * float(np.finfo(float).eps) * abs(x))


def root(cdf: Cdf, p: float, start: float, width: float) -> Root | None:
    """The quantile at p by secants from `start`, which may be off by about `width`.

    None where they leave its neighbourhood or find no slope, as at an atom or in a gap.
    """
    first = cdf(start)
    second = cdf(start + width if first.share < p else start - width)
    return _secants(cdf, p, [first, second], width)


def polished(cdf: Cdf, p: float, rough: Root, width: float) -> Root | None:
    """The quantile at p of a CDF of which `rough` has seen a part."""
    first = cdf(rough.x)
    step = (p - first.share) / rough.slope
    # In a tail a part's slope is that of the few draws there, and may be several times too steep;
    # elsewhere it is some percent off.
    known = rough.near.shares.size * min(p, 1.0 - p) >= _TELLING
    small = abs(p - first.share) <= _SMALL * first.half
    if known and small and _last(first, p, step, rough.curvature * step * step, width):
        return Root(rough.x + step, first, rough.slope, rough.curvature, rough.bend)
    found = _secants(cdf, p, [first, cdf(rough.x + step)], width)
    return found and replace(found, bend=max(found.bend, rough.bend))


def end(cdf: Cdf, p: float, root: Root, factor: float, width: float) -> float | None:
    """The end of the interval below (factor < 0) or above (> 0) the quantile: where the CDF differs
    from p by |factor| times its own error, found within about 15% of the distance, rather too far
    than too near.

    None where there is none within reach.
    """
    near, far = 0.0, math.inf
    side, errors = math.copysign(1.0, factor), abs(factor)
    distance = errors * root.half
    for _ in range(_LOOKS):
        here = cdf(root.x + side * distance)
        over = (side * (here.share - p) - errors * here.half) / (errors * root.near.half)
        if over < -_SHORT:
            near = distance
        else:
            far = distance
        if -_SHORT <= over <= _OVER or far <= _TIGHT * near:
            break
        if far == math.inf:
            farthest = max(_WIDER * distance, width)
            straight = distance / (1.0 + over) if over > -1.0 else math.inf
            distance = min(1.1 * straight, farthest)
        else:
            distance = math.sqrt(near * far) if near else far / 2.0
    return root.x + side * far if far < math.inf else None


def _secants(cdf: Cdf, p: float, seen: list[CdfValue], width: float) -> Root | None:
    start, slopes = seen[0].x, list[float]()
    found: Root | None = None
    for _ in range(_STEPS):
        before, here = seen[-2:]
        if here.x == before.x:
            return found
        slope = (here.share - before.share) / (here.x - before.x)
        if not 0.0 < slope < math.inf:
            return found
        slopes.append(slope)
        step = (p - here.share) / slope
        x = here.x + step
        curvature, left = 0.0, math.inf
        if len(slopes) > 1 and here.x != seen[-3].x:  # Newton's parabola, and one step on it
            curvature = (slope - slopes[-2]) / (here.x - seen[-3].x)
            left = curvature * step * (x - before.x)
            if abs(left) < slope * abs(step) / 2.0:
                x -= left / slope
        if _last(here, p, step, left, width):
            local = slope + curvature * (2.0 * x - here.x - before.x)
            known = local if slope / 2.0 < local < 2.0 * slope else slope
            found = Root(x, here, known, curvature, max(slopes) / min(slopes))
            told = curvature != 0.0 and abs(local - slope) <= _CURVED * slope
            if told or abs(here.x - before.x) <= found.half:
                return found
            # The slope is that of a chord which is long for the curve: another, near the quantile.
            least = math.copysign(found.half / 2.0, step)
            x = x if abs(x - here.x) >= abs(least) else here.x + least
        else:
            x = _within_bracket(seen, p, x)
        if abs(x - start) > _FAR * width:
            return found
        seen = [*seen, cdf(x)]
    return found


def _last(here: CdfValue, p: float, step: float, left: float, width: float) -> bool:
    """Whether a step to where a straight CDF would be p leaves little to go."""
    near = abs(p - here.share) <= _NEAR * here.half or abs(left) <= _LEFT * here.half
    return near or abs(step) <= finest(here.x, width)


def _within_bracket(seen: list[CdfValue], p: float, x: float) -> float:
    """A next threshold: x, or the middle of the values that it must be between."""
    low = max((one.x for one in seen if one.share < p), default=-math.inf)
    high = min((one.x for one in seen if one.share >= p), default=math.inf)
    return x if low <= x <= high else (low + high) / 2.0
