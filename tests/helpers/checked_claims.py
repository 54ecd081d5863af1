"""Claims that were checked, one of each outcome, and differences of each kind."""

from dataclasses import replace
from typing import Any

from guessmodel.claims.checking import CheckedClaim, CheckResult
from guessmodel.claims.drift import Drift
from guessmodel.errors import Location
from guessmodel.estimators.estimate import Estimate

__all__ = ["AWAITED", "DRIFT", "HOLDS", "SHORT", "SURPRISE", "UNSURE", "result"]

HOLDS = CheckedClaim(
    model="twitter",
    quantity="cost[combined]",
    statistic="mean",
    published="450 USD/day",
    computed=Estimate(434.3, 434.1, 434.5, "replicates", "USD/day"),
    tolerance=0.15,
    tolerance_text="±15%, an input is inferred",
    verdict="holds",
    expected="holds",
    source="Cottier (2022), scenario 1",
    note=None,
    location=Location("/models/twitter.py", 12),
    samples=65_536,
)
SHORT = replace(HOLDS, published="500 USD/day", verdict="falls short", note="rounds\n up")
AWAITED = replace(SHORT, expected="falls short", note="contradicts table 2")
SURPRISE = replace(HOLDS, expected="falls short", note="contradicts table 2")
UNSURE = replace(HOLDS, verdict="undecided", samples=2_097_152, reason="the error is wide")
DRIFT = (
    Drift("twitter", "cost", "p95", 720.0, 960.0, "drifted"),
    Drift("twitter", "cost", "mean", None, 433.0, "drifted"),
    Drift("twitter", "cost", "unit", "USD/day", "USD/year", "drifted"),
    Drift("twitter", "share", "name", None, "share", "new"),
    Drift("twitter", "tax", "name", "tax", None, "removed"),
    Drift("twitter", "fee", "name", "rate", "fee", "renamed"),
)


def result(*claims: CheckedClaim, **rest: Any) -> CheckResult:
    models = tuple(dict.fromkeys(claim.model for claim in claims)) or ("twitter",)
    return CheckResult(claims, models=models, **rest)
