"""One line of a comparison: a quantity before and after, and whether the difference means
anything."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.half_widths import COVERAGE
from guessmodel.graph.dims import Label, titled
from guessmodel.numerics.confidence import widening
from guessmodel.simulation.summary import STATISTICS

__all__ = ["Change", "Statistics"]

_FALSE_ALARM = 1e-5
_ROUNDING = 1e-12  # of a value, which arithmetic in another order may change

Statistics = Mapping[str, Estimate | None]


def _nothing() -> Statistics:
    return dict.fromkeys(STATISTICS)


@final
@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """One quantity, or one label of it, in both versions; what one of them lacks is None.

    All numbers are in the unit that the new version has.
    """

    name: str
    labels: Mapping[str, Label]
    unit: str
    output: bool
    helper: bool
    """Of no interest by itself; tables leave it out."""
    replicates: int
    old: Statistics = field(default_factory=_nothing)
    new: Statistics = field(default_factory=_nothing)
    difference: Statistics = field(default_factory=_nothing)
    note: str | None = None
    rare: bool = False
    """Whether rare events are behind it, so that the draws of the run do not tell its mean."""
    folded: int = 0
    """Further labels that this line of a table stands for."""

    @property
    def title(self) -> str:
        """Name with labels, as `cost[twitter]`."""
        return " ".join(titled(self.name, self.labels.values()).splitlines())

    @property
    def in_both(self) -> bool:
        """Whether both versions have it."""
        return any(self.old.values()) and any(self.new.values())

    @property
    def significant(self) -> bool | None:
        """Whether some statistic differs by more than sampling explains; None where one version
        lacks the quantity.

        The error is widened from a 90% interval to one that noise leaves in one case of 100,000,
        by Student's t. Means that are marked as unreliable do not count.
        """
        if not self.in_both:
            return None
        if self.note is not None:
            return True
        return any(self.moved(key) for key in STATISTICS)

    def moved(self, key: str) -> bool:
        """Whether a statistic differs by more than sampling explains."""
        old, new, d = self.old[key], self.new[key], self.difference[key]
        if old is None or new is None:
            return (old is None) != (new is None)
        if d is None or math.isnan(d.value):
            return math.isnan(old.value) != math.isnan(new.value)
        if not d.reliable:
            return False
        freedom = max(self.replicates - 1, 1)
        size = max(abs(old.value), abs(new.value))
        return abs(d.value) > widening(COVERAGE, _FALSE_ALARM, freedom) * d.error + _ROUNDING * size

    def size(self, key: str) -> float:
        """The larger of both absolute values of a statistic; 0 where there is none."""
        sides = (self.old[key], self.new[key])
        return max((abs(e.value) for e in sides if e is not None), default=0.0)

    def relative(self, key: str = "mean") -> float:
        """The difference of a statistic as a share of what it was; nan where there is none."""
        old, d = self.old[key], self.difference[key]
        if old is None or d is None:
            return math.nan
        if d.value == 0.0:
            return 0.0
        return d.value / abs(old.value) if old.value else math.copysign(math.inf, d.value)

    @property
    def importance(self) -> tuple[int, float]:
        """Outputs before the rest, each by the largest relative change of a statistic."""
        shares = [abs(self.relative(key)) for key in STATISTICS]
        return int(self.output), max((x for x in shares if not math.isnan(x)), default=0.0)
