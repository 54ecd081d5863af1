"""Statistics of what is made of one draw alone, whatever is done with it: no draws, and no error.

The draw is followed to where the quantity turns and jumps (`cells`). The probability that
it is beyond a number is that of the parts of the draw in which it is; a quantile is found by these,
or read off where the quantity never turns. Means are integrals over the draw. Of isolated values
all is a sum.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, final

import numpy as np

from guessmodel.distributions.empirical import Empirical
from guessmodel.estimators import exact_shape
from guessmodel.estimators.closed import Closed
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.estimator import Candidate, Estimator
from guessmodel.estimators.exact import ESTIMATOR, Exact
from guessmodel.estimators.one_draw.cells import Cells, cells_of
from guessmodel.estimators.one_draw.function import OneDraw
from guessmodel.estimators.one_draw.levels import Levels
from guessmodel.estimators.one_draw.moments import moments_of_function
from guessmodel.numerics.arrays import FloatArray

__all__ = ["OfOneDraw", "estimator_of"]


_SLACK: Final = 1e-9  # of a probability
_ROUNDING: Final = 1e-12  # of the deviation: a mean that is 0
_DECISIVE: Final = 1e-6  # of a moment
_TOO_RARE: Final = "values that hardly ever are decide it"


def estimator_of(one: OneDraw, has_variance: Callable[[], bool]) -> Estimator | None:
    """Statistics of a quantity that is made of one draw; None where nothing is known of it. Means
    are told of what `has_variance` for certain."""
    if not one.discrete:
        return OfOneDraw(one, has_variance)
    atoms = one.atoms()
    if atoms is None:
        return None
    known = Exact(Closed(Empirical.of(atoms.values, atoms.shares)))
    if atoms.tell(2):
        return known
    lost = tuple(has_variance() and atoms.missing(order) > _DECISIVE for order in (1, 2))
    return OfAtoms(known, atoms.tell(1), *lost)


@final
@dataclass(frozen=True, slots=True)
class OfAtoms(Estimator):
    """Statistics of isolated values of which those that are left out have a part in moments."""

    known: Exact
    has_mean: bool
    lost_mean: bool
    lost_sd: bool
    """Refused, for all draws together would tell but a small part of it."""

    def mean(self, unit: str) -> Candidate | None:
        if self.has_mean:
            return self.known.mean(unit)
        return Candidate(Estimate.refused(_TOO_RARE, ESTIMATOR, unit)) if self.lost_mean else None

    def sd(self, unit: str) -> Candidate | None:
        return Candidate(Estimate.refused(_TOO_RARE, ESTIMATOR, unit)) if self.lost_sd else None

    def quantile(self, p: float, unit: str) -> Candidate | None:
        return self.known.quantile(p, unit)

    def share(self, x: float, *, above: bool, including: bool) -> Candidate | None:
        return self.known.share(x, above=above, including=including)

    def probability(self) -> Candidate | None:
        return self.share(0.5, above=True, including=False)

    def shortfall(self, share: float, unit: str, *, upper: bool) -> Candidate | None:
        return self.known.shortfall(share, unit, upper=upper) if self.has_mean else None

    def shortest(self, mass: float) -> tuple[float, float] | None:
        return self.known.shortest(mass)


@final
@dataclass(frozen=True, eq=False)
class OfOneDraw(Estimator):
    """Statistics of a function of a continuous draw."""

    one: OneDraw
    has_variance: Callable[[], bool]
    known: dict[float, float] = field(default_factory=dict)  # quantiles

    @cached_property
    def cells(self) -> Cells | None:
        """Cells of the draw between which the function is monotone."""
        return cells_of(self.one)

    def mean(self, unit: str) -> Candidate | None:
        value = self._mean(lambda x: x)
        return None if value is None else Candidate(Estimate.exact(value, unit))

    def quantile(self, p: float, unit: str) -> Candidate | None:
        value = self._quantile(p)
        return Candidate(Estimate.exact(value, unit)) if math.isfinite(value) else None

    def _quantile(self, p: float) -> float:
        if p not in self.known:
            self.known[p] = math.nan if self.cells is None else self.cells.quantile(p)
        return self.known[p]

    def share(self, x: float, *, above: bool, including: bool) -> Candidate | None:
        if self.cells is None:
            return None
        return Candidate(Estimate.exact(self.cells.share(x, above=above, including=including)))

    def probability(self) -> Candidate | None:
        return self.share(0.5, above=True, including=False)

    def shortfall(self, share: float, unit: str, *, upper: bool) -> Candidate | None:
        """The mean of the largest or smallest share: with q the quantile, q + E[(Y - q)+] / share
        (Rockafellar and Uryasev 2000)."""
        if self.cells is None:
            return None
        sign = 1.0 if upper else -1.0
        q = self._quantile(1.0 - share if upper else share)
        beyond = self._mean(lambda y: np.maximum(sign * (y - q), 0.0), self.cells.crossings(q))
        return (
            None if beyond is None else Candidate(Estimate.exact(q + sign * beyond / share, unit))
        )

    def shortest(self, mass: float) -> tuple[float, float] | None:
        """The ends of the shortest interval that holds `mass`; None of what turns and has isolated
        values."""
        cells = self.cells
        if cells is None:
            return None
        if not (cells.rising or cells.falling):
            levels = Levels.of(cells)
            if levels is None:
                return None
            from_below = levels.quantiles
            ends = exact_shape.shortest_between(from_below, lambda q: from_below(1.0 - q), mass)
            return cells.without_rounding(ends[0]), cells.without_rounding(ends[1])
        low, high = exact_shape.shortest_between(cells.lower, cells.upper, mass)
        # Where it jumps it may have a value that it has at a single number and nowhere else.
        below = cells.share(low, above=False, including=False)
        above = cells.share(high, above=True, including=False)
        return (low, high) if below + above <= 1.0 - mass + _SLACK else None

    def _mean(
        self, then: Callable[[FloatArray], FloatArray], also: FloatArray | None = None
    ) -> float | None:
        found = moments_of_function(self.one, 2, then, also) if self.has_variance() else None
        if found is None:
            return None
        mean, sd = float(found.mean), math.sqrt(float(found.second))
        return 0.0 if abs(mean) < _ROUNDING * sd else math.ldexp(mean, found.power)
