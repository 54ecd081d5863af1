"""A check in words: its table of claims, what moved, and how many figures hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from guessmodel.claims.checked_claim import CheckedClaim
from guessmodel.claims.counts import CountedClaim, in_short
from guessmodel.claims.drift import Cause, Drift
from guessmodel.method.warning import MethodWarning

__all__ = ["HEADER", "cells", "drift_line", "how_it_moved", "in_one_line", "verdict_text"]

HEADER: Final = ("model", "quantity", "statistic", "published", "computed", "tolerance", "verdict")


def cells(claims: Sequence[CheckedClaim]) -> list[list[str]]:
    """Header and rows of all claims: `HEADER`, and the verdicts in other scenarios."""
    beside = list(dict.fromkeys(name for claim in claims for name in claim.beside))
    rows = [
        [
            claim.model,
            claim.title,
            claim.statistic,
            claim.published,
            _computed(claim),
            claim.tolerance_text.partition(",")[0],
            verdict_text(claim),
            *(claim.beside[name].verdict if name in claim.beside else "" for name in beside),
        ]
        for claim in claims
    ]
    return [[*HEADER, *(f"in {name}" for name in beside)], *rows]


def verdict_text(claim: CheckedClaim) -> str:
    """The verdict, loud where it is not the expected one."""
    if claim.verdict == claim.expected == "holds" and claim.at_edge:
        return "holds, at the edge"
    if claim.verdict == "undecided" or claim.verdict == claim.expected == "holds":
        return claim.verdict if claim.as_expected else claim.verdict.upper()
    if claim.as_expected:
        return f"{claim.verdict}, as expected"
    return f"{claim.verdict.upper()}, unexpectedly" if claim.verdict == "holds" else "FALLS SHORT"


def drift_line(drift: Drift) -> str:
    """One line that says what moved."""
    title = f"{drift.model}: {drift.quantity}"
    if drift.verdict == "new":
        return f"{title} is new; the report does not have it"
    if drift.verdict == "removed":
        return f"{title} is in the report, and no longer in the model"
    if drift.verdict == "renamed":
        return f"{title} is called '{drift.committed}' in the report"
    before, now = (
        "none" if value is None else f"'{text}'" if isinstance(value, str) else text
        for value, text in zip((drift.committed, drift.computed), drift.texts, strict=True)
    )
    return f"{title}: {drift.statistic} was {before} and is {now}{how_it_moved(drift)}"


def how_it_moved(drift: Drift) -> str:
    """By how many percent, and which inputs did it."""
    did = [f"{_share(drift, cause)} by {cause.name}{_own(cause)}" for cause in drift.causes
           if cause.effect is not None]  # fmt: skip
    others = ", ".join(
        f"{cause.name}{_percent(cause.change, ' ')}"
        for cause in drift.causes
        if cause.effect is None
    )
    text = _percent(drift.change, ", ") + (f": {', '.join(did)}" if did else "")
    return text + (f"; {others} moved" if others else "")


def _share(drift: Drift, cause: Cause) -> str:
    """What an input did, as a share of the committed value; of 0 in the quantity's unit."""
    assert cause.effect is not None
    before = drift.committed
    if isinstance(before, float) and before:
        return _percent(cause.effect.value / abs(before), "")
    return f"{cause.effect.value:+.3g}"


def _own(cause: Cause) -> str:
    """By how much the input moved itself."""
    percent = _percent(cause.change, "")
    return f" ({percent})" if percent else ""


def _percent(share: float | None, before: str) -> str:
    return "" if share is None or math.isinf(share) else f"{before}{100.0 * share:+.3g}%"


def in_one_line(
    claims: Sequence[CheckedClaim], drift: Sequence[Drift], warnings: Sequence[MethodWarning]
) -> str:
    """How many figures hold, fall short, are undecided; how much drifted."""
    counted = "no claims"
    if claims:
        counted = in_short([_counted(claim) for claim in claims])
    drifted = len(drift)
    if drifted:
        counted += f"; {drifted} difference{'s' * (drifted > 1)} from the committed reports"
    warned = len(warnings)
    if warned:
        counted += f"; {warned} warning{'s' * (warned > 1)} of method"
    return counted


def _counted(claim: CheckedClaim) -> CountedClaim:
    beside = {name: each.verdict for name, each in claim.beside.items()}
    return CountedClaim(claim.verdict, claim.as_expected, claim.kind, beside)


def _computed(claim: CheckedClaim) -> str:
    mark = "" if claim.computed.reliable else " !"
    return f"{replace(claim.computed, note=None)}{mark}"
