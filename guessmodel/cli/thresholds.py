"""`--fail-on 'cost>10%'`: which changes are too large."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, final

from guessmodel import units
from guessmodel.analysis.change import Change
from guessmodel.analysis.comparison_texts import signed_percent
from guessmodel.errors import GuessmodelError, UsageError, did_you_mean
from guessmodel.estimators.estimate import Estimate
from guessmodel.simulation.summary import STATISTICS
from guessmodel.units.figures import parse_figure

__all__ = ["Threshold", "check_names", "passed", "threshold"]

_FORM: Final = re.compile(
    r"\s*(?P<bar>\|?)\s*(?P<name>.+?)\s*\|?\s*(?P<sign>[<>])(?P<bound>[^<>]+)"
)
_EVERY: Final = "*"


@final
@dataclass(frozen=True, slots=True)
class Threshold:
    """A change of a statistic that is too large: above or below a bound, or (of size) either way.

    The bound is a share of the old value, or in a unit.
    """

    text: str
    name: str
    statistic: str
    above: bool
    either: bool
    bound: float
    unit: units.Unit | None  # None: the bound is a share

    def passed_by(self, change: Change) -> bool:
        """Whether a change lies beyond the bound with all of the interval of its error."""
        if self.name not in (_EVERY, change.name, change.title):
            return False
        if self.name == _EVERY and not change.output:
            return False
        d, old = change.difference[self.statistic], change.old[self.statistic]
        if d is None or old is None or not math.isfinite(d.value):
            return change.note is not None
        ends = [self._scaled(end, old, d) for end in (d.low, d.high)]
        low, high = min(ends), max(ends)
        if self.either:
            return low > self.bound or high < -self.bound
        return low > self.bound if self.above else high < self.bound

    def _scaled(self, end: float, old: Estimate, difference: Estimate) -> float:
        if end == 0.0:
            return 0.0
        if self.unit is None:
            return end / abs(old.value) if old.value else math.copysign(math.inf, end)
        try:
            return end * units.factor(units.parse(difference.unit), self.unit)
        except GuessmodelError as error:
            raise UsageError(f"--fail-on {self.text!r}: {error.message}") from None


def threshold(text: str) -> Threshold:
    """A threshold as people write it: `cost>10%`, `cost.p95<-1000 USD`, `|cost|>5%`, `*>10%`.

    >>> found = threshold("|cost.p95| > 10%")
    >>> found.name, found.statistic, found.either, found.bound
    ('cost', 'p95', True, 0.1)
    """
    match = _FORM.fullmatch(text)
    wrong = f"{text!r}: write 'cost>10%', 'cost<-10%', '|cost|>5%', 'cost.p95>100 USD' or '*>10%'"
    if match is None or (match["bar"] and match["sign"] == "<"):
        raise UsageError(wrong)
    name, dot, statistic = match["name"].rpartition(".")
    if not dot or statistic not in STATISTICS:
        name, statistic = match["name"], "mean"
    bound = match["bound"].strip()
    try:
        if bound.endswith("%"):
            value, unit = float(bound[:-1]) / 100.0, None
        else:
            figure = parse_figure(bound)
            value, unit = figure.value, figure.unit
    except (ValueError, GuessmodelError):
        raise UsageError(wrong) from None
    return Threshold(text, name, statistic, match["sign"] == ">", bool(match["bar"]), value, unit)


def check_names(thresholds: Sequence[Threshold], known: Sequence[str]) -> None:
    """Raise UsageError for a name that no version has."""
    for each in thresholds:
        if each.name != _EVERY and each.name not in known:
            hint = did_you_mean(each.name, list(known))
            raise UsageError(f"--fail-on {each.text!r}: there is no quantity '{each.name}'{hint}")


def passed(
    thresholds: Sequence[Threshold], changes: Sequence[Change], say: Callable[[str], None]
) -> bool:
    """Whether some change is too large; each is said in a line."""
    found = False
    for each in thresholds:
        for change in changes:
            if each.passed_by(change):
                share = change.relative(each.statistic)
                d = change.difference[each.statistic]
                by = "" if d is None else f" by {d}, {signed_percent(share)}"
                say(f"{change.title}: {each.statistic} changed{by}; {each.text} fails")
                found = True
    return found
