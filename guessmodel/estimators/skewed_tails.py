"""How extreme the draws of a replicate are: by which factors the interval for a mean is longer for
that, and where no interval can be trusted.

Nets remove nearly all of the error of a mean but what comes from the few draws in the outermost
strata. In a skewed quantity these are skewed, and so are the means of the replicates.

Of what one input decides the outermost stratum alone makes nearly all of the error, whether its
tail is heavy or not. A tail falls like an exponential one, or more slowly (Pickands 1975), so that
the skewness of the largest draw is 2. If it has the share h of the variance of a replicate's sum,
that of the sum is γ = 2 h^(3/2). Student's t over R replicates is then skewed too,
P(t ≤ x) ≈ Φ(x) + γ (2 x² + 1) φ(x) / (6 √R) (P. Hall, Journal of the Royal Statistical Society B
54, 1992), and its 5% point is farther off by γ (2 z² + 1) / (6 √R) with z = 1.645.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

from guessmodel.estimators.estimate import FEW_HOLD_MUCH
from guessmodel.estimators.half_widths import COVERAGE
from guessmodel.numerics.confidence import NORMAL_95, student_t_half_width
from guessmodel.numerics.moments import Moments
from guessmodel.numerics.pareto_tail import DrawnTail

__all__ = ["Extremes"]

# Fitted constants are listed in docs/constants.md.
_MOST = 0.5  # share of the variance in the largest draws, above which a mean is unreliable,
_MUCH = 0.1  # or above this where their tail looks like one without a variance
_EXPONENTIAL = 2.0  # skewness of what is beyond a threshold, of an exponential tail
_SKEWED = (2.0 * NORMAL_95**2 + 1.0) / 6.0  # √R times what a skewness of 1 moves the 5% point by


@final
@dataclass(frozen=True, slots=True)
class Extremes:
    """How extreme the draws of a replicate are, and by which factors the interval for a mean is
    longer for that. The factors were fitted to measured coverage, see docs/constants.md. With more
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
    skewness: float = 0.0
    """Of a replicate's sum, as its largest and its smallest draw make it."""

    @classmethod
    def of(cls, moments: Moments, centre: float) -> Extremes:
        # Of a few numbers NumPy's calls take several times as long as Python's arithmetic.
        ends = (moments.count.tolist(), moments.lowest.tolist(), moments.highest.tolist())
        seen = [(low, high) for count, low, high in zip(*ends, strict=True) if count]
        if not seen:
            return cls(0.0, 0.0, 0.0, 1.0, moments.count.size)
        draws = moments.draws
        log_draws = math.log(max(draws / len(seen), 3.0))
        above, below = [high - centre for _, high in seen], [centre - low for low, _ in seen]
        farthest = list(map(max, above, below))
        total = float(moments.squares_about(centre).sum())
        if not 0 < total < math.inf:
            return cls(0.0, 0.0, total, log_draws, len(seen))
        sd = math.sqrt(total / draws)
        typical = _median(farthest) ** 2 * len(seen)
        share = max(typical, max(farthest) ** 2) / total
        up, down = _median(above) / sd, _median(below) / sd
        sums = (moments.count * (moments.mean - centre)).tolist()
        varies = _squares(sums)
        largest, smallest = (
            min(_squares(each) / varies, 1.0) if varies else 0.0 for each in (above, below)
        )
        skewness = _EXPONENTIAL * (largest**1.5 - smallest**1.5)
        return cls(up, down, share, log_draws, len(seen), skewness)

    def stretch_high(self, order: int = 1) -> float:
        """How much longer the interval for a mean is upwards, of draws that grow like a quantity to
        the power `order`."""
        if order > 2:
            return self._power(self.up)
        return self._difference(self.up - self.down) * self._skewed(self.skewness)

    def stretch_low(self, order: int = 1) -> float:
        """The same downwards."""
        if order > 2:
            return self._power(self.down)
        return self._difference(self.down - self.up) * self._skewed(-self.skewness)

    def stretch_square(self) -> float:
        """How much longer the interval for the mean square of these draws is upwards."""
        return self._power(max(self.up, self.down))

    def _difference(self, d: float) -> float:
        return self._stretch(1.2 * max(d / self.log_draws, 0.0) ** 0.25, 1.6)

    def _skewed(self, skewness: float) -> float:
        """How much farther off the 5% point of Student's t is on the side of the lighter tail."""
        if not skewness > 0.0 or self.replicates < 2:
            return 1.0
        t = student_t_half_width(COVERAGE, self.replicates - 1)
        return 1.0 + skewness * _SKEWED / (math.sqrt(self.replicates) * t)

    @property
    def reach(self) -> float:
        """How far the farthest draw is out, squared, as a multiple of how far a normal variable's
        would be: t² / (2 ln N)."""
        return float(max(self.up, self.down) ** 2 / (2 * self.log_draws))

    def _power(self, farthest: float) -> float:
        return self._stretch((farthest**2 / (2 * self.log_draws)) ** 0.3, 2.5)

    def _stretch(self, factor: float, most: float) -> float:
        return 1 + (min(max(factor, 1.0), most) - 1) * math.sqrt(8 / self.replicates)

    def reservation(self, tail: DrawnTail | None, order: int = 1) -> str | None:
        """Why the mean of draws to the power `order` has no interval that can be trusted, None for
        no reason; `tail` is that of the draws, where they are at hand.

        A few large draws by themselves do no harm: they are in the interval. It fails where others,
        larger still, are to be expected that were not drawn. That is so where a draw beyond all
        others has most of the variance; where the tail looks like one without a variance; and, of
        higher powers, where their sum grows farther out, see `DrawnTail.grows`. A mark goes by
        what does not depend on the farthest draws: else it is missing just where these are.
        """
        if order * self.share <= _MUCH:
            return None
        if tail is not None and (self.share <= _MOST or order > 2):
            heavy = tail.without_variance() if order == 1 else tail.grows(order)
            if not heavy:
                return None
        return f"{FEW_HOLD_MUCH} {min(self.share, 1.0):.0%} of the variance"


def _squares(values: list[float]) -> float:
    """The sum of squares about the mean."""
    centre = math.fsum(values) / len(values)
    return math.fsum((value - centre) ** 2 for value in values)


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    return (ordered[(len(values) - 1) // 2] + ordered[len(values) // 2]) / 2
