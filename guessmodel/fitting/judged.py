"""Forecasts that were judged: a table of scores, their means, and their calibration."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, final

from guessmodel.errors import UsageError, did_you_mean
from guessmodel.estimators.estimate import Estimate, Interval, in_a_row
from guessmodel.fitting.calibration import LEAST, Calibration, calibration
from guessmodel.graph.kinds import is_indicator
from guessmodel.simulation import Result
from guessmodel.tables import Tabled, as_pandas
from guessmodel.units.formats import format_number

if TYPE_CHECKING:
    import pandas

__all__ = ["EVENT", "POINT", "Score", "Scores"]

POINT: Final = "a point has no distribution"
EVENT: Final = "an event has no interval"
_SCORES: Final = ("log_score", "crps", "interval_score")


@final
@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """One forecast, judged by its outcome. Of all scores the lower is the better.

    Attributes
    ----------
    outcome : in `unit`
    log_score : −log of the density at the outcome (per `unit`), or of its probability
    crps : continuous ranked probability score, E|X − y| − E|X − X'|/2, in `unit`: of a point its
        distance, of an event the Brier score (p − y)²
    interval : central interval that holds `mass`
    interval_score : its width, and 2/(1 − mass) times how far the outcome lies beyond it
    pit : probability of less than the outcome, and half of that of the outcome itself: uniform
        between 0 and 1 where forecasts are calibrated (probability integral transform)
    result : what was forecast, at its label; None of a point
    """

    name: str
    outcome: float
    unit: str
    log_score: Estimate
    crps: Estimate
    interval: Interval
    interval_score: Estimate
    mass: float
    pit: float
    result: Result | None = None

    @property
    def inside(self) -> bool:
        """Whether the outcome lies in the interval."""
        return self.interval.low.value <= self.outcome <= self.interval.high.value

    @property
    def came(self) -> str:
        """The outcome as text."""
        if self.result is not None and is_indicator(self.result.quantity):
            return "yes" if self.outcome else "no"
        return f"{format_number(self.outcome, 4)} {self.unit}".rstrip()

    def to_dict(self) -> dict[str, Any]:
        """As `guessmodel score --json` has each."""
        ends = [end.to_dict() for end in self.interval]
        return {
            "outcome": self.outcome,
            "unit": self.unit,
            "log_score": self.log_score.to_dict(),
            "crps": self.crps.to_dict(),
            "interval": {"mass": self.mass, "low": ends[0], "high": ends[1]},
            "interval_score": self.interval_score.to_dict(),
            "inside": None if math.isnan(self.interval.low.value) else self.inside,
            "pit": None if math.isnan(self.pit) else self.pit,
        }

    def to_pandas(self) -> pandas.DataFrame:
        """One row, as `Scores.to_pandas`."""
        return Scores((self,)).to_pandas()

    def __str__(self) -> str:
        return str(Scores((self,)))

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return Scores((self,))._repr_html_()


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Scores(Tabled, Sequence[Score]):
    """Several forecasts, judged by their outcomes."""

    scores: tuple[Score, ...]

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str):
            return self.scores[key]
        for each in self.scores:
            if each.name == key:
                return each
        raise UsageError(f"no score of '{key}'{did_you_mean(key, [s.name for s in self.scores])}")

    def calibration(self, masses: Sequence[float] = (0.5, 0.8, 0.9)) -> Calibration:
        """Whether intervals hold as often as they say, and the outcomes' places in them are even.

        Raises UsageError where no forecast is a distribution.
        """
        pits = [each.pit for each in self.scores if not math.isnan(each.pit)]
        if not pits:
            raise UsageError("calibration is of forecasts that are distributions; there is none")
        return calibration(pits, masses)

    def mean(self, of: str = "log_score") -> Estimate:
        """The mean of `log_score`, `crps` or `interval_score` over all forecasts that have it, as
        points and events have not all. Errors add up, as the forecasts of one run share theirs.

        Refused where units differ, and where a score is not known: what surprises most would be
        left out.
        """
        if of not in _SCORES:
            hint = did_you_mean(of, list(_SCORES))
            raise UsageError(f"mean of {of!r}: write {', '.join(_SCORES)}{hint}")
        pairs = [(each, getattr(each, of)) for each in self.scores]
        pairs = [(each, e) for each, e in pairs if e.note not in (POINT, EVENT)]
        found = [e for _, e in pairs]
        missing = [each.name for each, e in pairs if math.isnan(e.value)]
        if missing or not found:
            what = f"{missing[0]} has none" if missing else "none of them has it"
            return Estimate.refused(what, "replicates")
        if len({each.unit for each, _ in pairs}) > 1:
            return Estimate.refused("units differ", "replicates")
        n = len(found)
        exact = all(each.is_exact for each in found)
        value, low, high = (
            math.fsum(getattr(e, end) for e in found) / n for end in ("value", "low", "high")
        )
        return Estimate(value, low, high, "exact" if exact else "replicates", found[0].unit)

    def cells(self) -> list[list[str]]:
        """Header and rows as text."""
        mass = self.scores[0].mass
        head = ["", "outcome", f"{mass:.0%} interval", "", "PIT", "log score", "CRPS", "interval"]
        table = [head]
        for each in self.scores:
            none = math.isnan(each.interval.low.value)
            ends = "" if none else " to ".join(in_a_row(*each.interval, digits=4))
            where = "" if none else "inside" if each.inside else "outside"
            pit = "" if math.isnan(each.pit) else f"{each.pit:.2f}"
            row = [each.name, each.came, ends, where, pit]
            found = [getattr(each, of) for of in _SCORES]
            table.append([*row, *("" if math.isnan(e.value) else e.text(4) for e in found)])
        means = [self.mean(of) for of in _SCORES]
        if len(self.scores) > 1 and math.isfinite(means[1].value):
            texts = ["" if math.isnan(e.value) else e.text(4) for e in means]
            table.append(["mean", "", "", "", "", *texts])
        return table

    def notes(self) -> list[str]:
        """What is not known, and the calibration of five forecasts and more."""
        lines = [
            f"{each.name}: {what}: {found.note}"
            for each in self.scores
            for what, found in (("log score", each.log_score), ("CRPS", each.crps))
            if found.note is not None and found.note != POINT
        ]
        if sum(not math.isnan(each.pit) for each in self.scores) >= LEAST:
            calibrated = self.calibration()
            lines += [calibrated.sentence, *calibrated.notes()]
        return lines

    @property
    def heading(self) -> str:
        """How many there are, and how scores are read."""
        count = len(self.scores)
        return f"{count} forecast{'s' if count > 1 else ''}; of all scores the lower is the better"

    def to_dict(self) -> dict[str, Any]:
        """As `guessmodel score --json` has it."""
        found: dict[str, Any] = {
            "forecasts": {each.name: each.to_dict() for each in self.scores},
            "mean": {of: self.mean(of).to_dict() for of in _SCORES},
        }
        if any(not math.isnan(each.pit) for each in self.scores):
            found["calibration"] = self.calibration().to_dict()
        return found

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each forecast."""
        rows = {
            each.name: {
                "outcome": each.outcome,
                "unit": each.unit,
                "low": each.interval.low.value,
                "high": each.interval.high.value,
                "pit": each.pit,
                "log_score": each.log_score.value,
                "crps": each.crps.value,
                "interval_score": each.interval_score.value,
            }
            for each in self.scores
        }
        return as_pandas(rows, "forecast")
