"""How much of an output's variance the draws of a run have met.

The variance of the output is often known better than by the draws that tell what drives it: exactly
by independent parts, or with rare events drawn for themselves. Where draws have another one, they
have met a rare event too seldom or too often, or not at all, and shares of what they met are shares
of something else. Let r be the part that they have met. A share s of it is a share r s of the
whole; and of what is missing, 1 - r, nobody knows whose it is: all of it may be this input's, or
none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np

from guessmodel.analysis.classes import FloatArray
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.half_widths import half_width

__all__ = ["MetVariance"]

_MUCH: Final = 0.10  # of the whole that is missing or too much, from which on nothing is told


@final
@dataclass(frozen=True, slots=True)
class MetVariance:
    """The part of the variance that draws have; 1 where no difference is told from their error."""

    part: float = 1.0

    @staticmethod
    def of(y: FloatArray, sd: Estimate | None) -> MetVariance:
        """Of draws (replicates, draws) of what has a known standard deviation."""
        if sd is None or not sd.reliable or not sd.low > 0.0:
            return MetVariance()
        deviations = ((y - y.mean()) / sd.value) ** 2  # of which the mean should be 1
        counts = np.full(len(y), float(y.shape[1]))
        part = float(deviations.mean())
        known = max(sd.high / sd.value - 1.0, 1.0 - sd.low / sd.value) * 2.0
        error = math.hypot(half_width(deviations.sum(axis=1), counts), known)
        return MetVariance(part) if abs(part - 1.0) > error else MetVariance()

    @property
    def doubt(self) -> str | None:
        """Why no share may be told."""
        if abs(self.part - 1.0) <= _MUCH:
            return None
        return f"unreliable: its draws have {self.part:.0%} of the variance, see sd"

    def of_whole(self, share: Estimate) -> Estimate:
        """A share of what was met, with an interval for what it may be of the whole."""
        if self.part == 1.0 or math.isnan(share.value):
            return share
        ends = [self.part * share.value + more for more in (0.0, 1.0 - self.part)]
        low = min(share.low, *(end - (share.value - share.low) for end in ends))
        high = max(share.high, *(end + (share.high - share.value) for end in ends))
        return replace(share, low=max(low, 0.0), high=min(high, max(1.0, share.high)))
