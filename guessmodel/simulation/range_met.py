"""How far out the draws of a run have met an output, and what lies twice as far or farther."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from guessmodel.estimators import replicates
from guessmodel.estimators.stratified import Stratum
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.sampling.design import REPLICATES

__all__ = ["RangeMet"]

_BEYOND: Final = 2.0  # times as far out as all draws: where a tail that goes on has little
_ROUNDING: Final = 2.0**-40
_LEAST_SHARE: Final = 64  # no more than one of so many draws is left out
_HITS: Final = 100  # draws beyond those of the run, that tell of it


@final
@dataclass(frozen=True, slots=True)
class _Interval:
    """Twice as far from their centre as some draws of an output."""

    centre: float
    reach: float

    def cut(self, draws: FloatArray) -> FloatArray:
        return np.clip(draws, self.centre - self.reach, self.centre + self.reach)

    @staticmethod
    def around(draws: FloatArray, left_out: int = 0) -> _Interval:
        """Of all draws but the farthest ones."""
        left_out = min(left_out, draws.size // _LEAST_SHARE)
        if left_out:
            far = np.abs(draws - np.median(draws))
            draws = draws[np.argpartition(far, -left_out)[:-left_out]]
        centre = float(np.mean(draws)) if draws.size else 0.0
        return _Interval(centre, _BEYOND * float(np.max(np.abs(draws - centre), initial=0.0)))


@final
@dataclass(frozen=True, slots=True)
class RangeMet:
    """What the draws of a run have met of an output at a coordinate, twice as far; and where a rare
    event of known probability happens, what all draws have, its own too. (The loss of an event
    would hide all that lies nearer than it, and happens without it.)"""

    usual: _Interval
    of_events: _Interval  # where any of them happens
    kept: float  # the share of draws that are not lost, as a condition loses some

    @staticmethod
    def of(strata: Sequence[Stratum], rows: FloatArray, left_out: int = 0) -> RangeMet | None:
        """Of strata but those of turns, the first of them without any event, and the draws of the
        run; some of the farthest draws may be left out."""
        met = [each.rows[np.isfinite(each.rows)] for each in strata if each.weights is None]
        usual, of_events = (
            _Interval.around(draws, left_out) for draws in (met[0], np.concatenate(met))
        )
        reach = usual.reach + of_events.reach
        if not any(draws.size for draws in met) or not math.isfinite(reach):
            return None
        kept = max(int(np.count_nonzero(np.isfinite(rows))), 1) / rows.size
        return RangeMet(usual, of_events, kept)

    def _ends(self, happened: BoolArray) -> tuple[FloatArray, FloatArray]:
        """Centre and reach, of draws in which an event has happened or not."""
        own, other = self.of_events, self.usual
        centre = np.where(happened, own.centre, other.centre)
        return centre, np.where(happened, own.reach, other.reach)

    def beyond(self, draws: FloatArray, happened: BoolArray) -> FloatArray:
        """How far draws are beyond it, in parts of its end; 0 for those within, and for those that
        are lost."""
        centre, reach = self._ends(happened)
        with np.errstate(all="ignore"):
            found = np.abs(draws - centre) - reach - _ROUNDING * np.abs(centre)
            found /= self._scale
        return np.where(np.isfinite(found), np.maximum(found, 0.0), 0.0)

    def stratum(self, draws: FloatArray, happened: BoolArray, weights: FloatArray) -> Stratum:
        """Of what is beyond it, from draws of shape (draws,), replicate after replicate."""
        weights = np.where(self.beyond(draws, happened) > 0.0, weights / self.kept, 0.0)
        centre, reach = self._ends(happened)
        usual = np.clip(draws, centre - reach, centre + reach)
        draws, weights, usual = (x.reshape(REPLICATES, -1) for x in (draws, weights, usual))
        return Stratum(float(weights.mean()), draws, weights=weights, usual=usual)

    def within(self, strata: Sequence[Stratum]) -> Sequence[Stratum]:
        """The strata but those of turns, with draws that are cut off at its ends."""
        found: list[Stratum] = []
        end = self.usual
        for each in strata:
            if each.weights is None:
                each, end = each.of(end.cut), self.of_events
            found.append(each)
        return found

    @property
    def _scale(self) -> float:
        return self.usual.reach or self.of_events.reach or 1.0

    def tells(self, far: Stratum, order: int) -> bool:
        """Whether such draws tell a moment of an order."""
        with np.errstate(over="ignore"):
            added = far.of(lambda x: ((x - self.usual.centre) / self._scale) ** order).added(0.0)
        if np.count_nonzero(added) < _HITS or not np.all(np.isfinite(added)):
            return False
        return replicates.mean(added).reliable
