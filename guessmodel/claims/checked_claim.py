"""One figure of a claim, and what the model says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, final

from guessmodel.claims.claim import Expected
from guessmodel.claims.kinds import ClaimKind
from guessmodel.claims.verdicts import Verdict
from guessmodel.errors import Location
from guessmodel.estimators.estimate import Estimate

__all__ = ["CheckedClaim"]


@final
@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """One figure of a claim, and what the model says.

    Attributes
    ----------
    model, quantity, statistic : what it is about, such as "twitter", "cost[combined]", "mean"
    published : the figure as written
    computed : the statistic, in the unit of `published`
    tolerance : as a share of the figure; None about 0
    tolerance_text : the same with the reason for it
    verdict, expected : "holds", "falls short" or, as a verdict, "undecided"
    samples : draws that decided it
    reason : why it is undecided
    scenario : in which the model was; None for the unchanged model
    beside : what comes of the same figure elsewhere, by scenario; of one that is about a scenario
        always in the unchanged model, `base`
    kind : "arithmetic", "reconstruction", "prediction" or "echo", see `claim`
    at_edge : whether it holds by the last fifth of its tolerance
    """

    model: str
    quantity: str
    statistic: str
    published: str
    computed: Estimate
    tolerance: float | None
    tolerance_text: str
    verdict: Verdict
    expected: Expected
    source: str | None
    note: str | None
    location: Location
    samples: int
    reason: str | None = None
    scenario: str | None = None
    beside: Mapping[str, CheckedClaim] = field(default_factory=dict)
    kind: ClaimKind = "arithmetic"
    at_edge: bool = False

    @property
    def title(self) -> str:
        """What it is about, with the scenario."""
        return self.quantity if self.scenario is None else f"{self.quantity} in '{self.scenario}'"

    @property
    def as_expected(self) -> bool:
        """Whether the verdict is the expected one."""
        return self.verdict == self.expected

    @property
    def explanation(self) -> str:
        """What an analyst needs to know of a claim that does not come out as expected."""
        if self.verdict == "undecided":
            what = f"is undecided after {self.samples:,} samples"
        elif self.verdict == "falls short":
            what = "falls short"
        else:
            what = 'holds, but is marked expected="falls short"; remove the mark'
        lines = [
            f"{self.location}: {self.statistic} of {self.title} {what}",
            f"  published  {self.published}",
            f"  computed   {self.computed}",
            f"  tolerance  {self.tolerance_text}",
        ]
        for title, text in (("reason", self.reason), ("source", self.source), ("note", self.note)):
            if text and text != self.computed.note:
                lines.append(f"  {title:<9}  {' '.join(text.split())}")
        for name, each in self.beside.items():
            lines.append(f"  in {name}: {each.computed}, {each.verdict}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """For JSON, under the names that `guessmodel check --json` documents."""
        return {
            "model": self.model,
            "quantity": self.quantity,
            "statistic": self.statistic,
            "published": self.published,
            "computed": self.computed.to_dict(),
            "tolerance": self.tolerance,
            "verdict": self.verdict,
            "expected": self.expected,
            "source": self.source,
            "note": self.note,
            "kind": self.kind,
            "at_edge": self.at_edge,
            "scenario": self.scenario,
            "beside": {
                name: {"computed": each.computed.to_dict(), "verdict": each.verdict}
                for name, each in self.beside.items()
            },
        }
