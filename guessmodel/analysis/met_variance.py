"""How much of an output's variance the draws of a run have met.

The variance of the output is often known better than by the draws that tell what drives it: exactly
by independent parts, or with rare events drawn for themselves. Where the draws have another one by
more than their error, shares of it are also told as shares of the variance that is known, and the
interval holds both. Where it is another by far more, they have met a rare event too seldom, too
often, or not at all. Let r be the part of the variance that they have met. A share s of it is a
share r s of the whole; and of what is missing, 1 - r, nobody knows whose it is: all of it may be
this input's, or none. That is marked only where no error of draws explains it: a mark that came and
went with the draws' own error would be missing just where the intervals are too short.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np

from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.half_widths import half_width
from guessmodel.numerics.arrays import FloatArray

__all__ = ["MetVariance"]

_MUCH: Final = 0.10  # of the whole that is missing or too much, from which on nothing is told
_FAR: Final = 3.0  # half-widths (5.7 standard errors), which no draws are off that tell their error


@final
@dataclass(frozen=True, slots=True)
class MetVariance:
    """The part of the variance that draws have, 1 where no difference is told from their error; the
    variance itself; and whether the difference is no error of draws."""

    part: float = 1.0
    whole: float = math.nan
    unmet: bool = False

    @staticmethod
    def of(y: FloatArray, sd: Estimate | None) -> MetVariance:
        """What draws (replicates, draws) have met of the variance, where the standard deviation is
        known."""
        if sd is None or not sd.reliable or not sd.low > 0.0:
            return MetVariance()
        deviations = ((y - y.mean()) / sd.value) ** 2  # of which the mean should be 1
        counts = np.full(len(y), float(y.shape[1]))
        part = float(deviations.mean())
        known = max(sd.high / sd.value - 1.0, 1.0 - sd.low / sd.value) * 2.0
        error = math.hypot(half_width(deviations.sum(axis=1), counts), known)
        if abs(part - 1.0) <= error:
            return MetVariance()
        return MetVariance(part, sd.value**2, abs(part - 1.0) > _FAR * error)

    @property
    def doubt(self) -> str | None:
        """Why no share may be told."""
        if not self.unmet or abs(self.part - 1.0) <= _MUCH:
            return None
        return f"unreliable: its draws have {self.part:.0%} of the variance, see sd"

    def of_whole(self, share: Callable[[float | None], Estimate]) -> Estimate:
        """A share of the variance as the draws have it, with an interval for what it may be of the
        whole. `share` tells that of a variance that is known, or (None) of that of the draws."""
        found = share(None)
        if self.part == 1.0 or math.isnan(found.value):
            return found
        ends = [found, share(self.whole)]
        if self.unmet:
            ends.append(_shifted_to(found, self.part * found.value))
            ends.append(_shifted_to(found, self.part * found.value + 1.0 - self.part))
        low, high = min(each.low for each in ends), max(each.high for each in ends)
        return replace(found, low=max(low, 0.0), high=min(high, max(1.0, found.high)))


def _shifted_to(share: Estimate, to: float) -> Estimate:
    return replace(share, low=to - (share.value - share.low), high=to + (share.high - share.value))
