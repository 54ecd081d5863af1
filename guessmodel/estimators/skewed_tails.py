"""How extreme the draws of a replicate are: by which factors the interval for a mean is longer for
that, and where no interval can be trusted.

Nets remove nearly all of the error of a mean but what comes from the few draws in the outermost
strata. In a skewed quantity these are skewed, and so are the means of the replicates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from guessmodel.numerics.moments import Moments

__all__ = ["Tails"]

# Fitted constants are listed in docs/errors.md.
_HEAVY = 0.2  # share of the variance in the largest draws, above which a mean is unreliable


@final
@dataclass(frozen=True, slots=True)
class Tails:
    """How extreme the draws of a replicate are, and by which factors the interval for a mean is
    longer for that. The factors were fitted to measured coverage, see docs/errors.md. With more
    than 8 replicates they are smaller, for skewness averages out over replicates.
    """

    up: float
    """Median over the replicates of (largest draw - mean) / standard deviation."""
    down: float
    """The same of (mean - smallest draw) / standard deviation."""
    share: float
    """Of the variance: that of the farthest draw, or typically of the farthest in a replicate."""
    log_draws: float
    """ln N; an exponential tail reaches to about ln N standard deviations."""
    replicates: int

    @classmethod
    def of(cls, moments: Moments, centre: float) -> Tails:
        seen = moments.count > 0
        log_draws = math.log(max(moments.draws / np.count_nonzero(seen), 3.0))
        above, below = moments.highest[seen] - centre, centre - moments.lowest[seen]
        farthest = np.maximum(above, below)
        total = float(moments.squares_about(centre).sum())
        if not 0 < total < math.inf:
            return cls(0.0, 0.0, total, log_draws, farthest.size)
        sd = math.sqrt(total / moments.draws)
        typical = _median(farthest) ** 2 * farthest.size
        share = max(typical, float(farthest.max()) ** 2) / total
        return cls(_median(above) / sd, _median(below) / sd, share, log_draws, farthest.size)

    def stretch_high(self) -> float:
        return self._stretch(1.2 * max((self.up - self.down) / self.log_draws, 0.0) ** 0.25, 1.6)

    def stretch_low(self) -> float:
        return self._stretch(1.2 * max((self.down - self.up) / self.log_draws, 0.0) ** 0.25, 1.6)

    def stretch_square(self) -> float:
        return self._stretch((max(self.up, self.down) ** 2 / (2 * self.log_draws)) ** 0.3, 2.5)

    def _stretch(self, factor: float, most: float) -> float:
        return 1 + (min(max(factor, 1.0), most) - 1) * math.sqrt(8 / self.replicates)

    def reservation(self) -> str | None:
        if self.share <= _HEAVY:
            return None
        return f"unreliable: the largest draws hold {min(self.share, 1.0):.0%} of the variance"


def _median(values: NDArray[np.float64]) -> float:
    ordered = sorted(values.tolist())  # np.median takes longer than all the rest of a mean
    median: float = (ordered[(values.size - 1) // 2] + ordered[values.size // 2]) / 2
    return median
