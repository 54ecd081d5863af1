"""A check as people and machines read it: table, explanation of a failure, Markdown, JUnit XML."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from guessmodel.claims.checking import CheckedClaim, CheckResult
from guessmodel.claims.counts import Counted, in_short
from guessmodel.claims.drift import Cause, Drift
from guessmodel.cli.tables import Table
from guessmodel.escaping import shown, shown_in_markdown
from guessmodel.tables import as_markdown

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = [
    "drift_line",
    "junit",
    "layouts",
    "markdown",
    "reasons",
    "summary",
    "verdict_text",
]

_HEADER = ("model", "quantity", "statistic", "published", "computed", "tolerance", "verdict")
_WARNING_HEADER = ("where", "quantity", "warning", "kind")
_DRIFT_HEADER = ("model", "quantity", "statistic", "committed", "computed", "verdict")


def verdict_text(claim: CheckedClaim) -> str:
    """The verdict, loud where it is not the expected one."""
    if claim.verdict == claim.expected == "holds" and claim.at_edge:
        return "holds, at the edge"
    if claim.verdict == "undecided" or claim.verdict == claim.expected == "holds":
        return claim.verdict if claim.as_expected else claim.verdict.upper()
    if claim.as_expected:
        return f"{claim.verdict}, as expected"
    return f"{claim.verdict.upper()}, unexpectedly" if claim.verdict == "holds" else "FALLS SHORT"


def layouts(result: CheckResult) -> list[Table]:
    """The table of all claims: whole, and without tolerances for narrow terminals."""
    beside = _beside(result.claims)
    rows = [
        (
            claim.model,
            claim.title,
            claim.statistic,
            claim.published,
            _computed(claim),
            claim.tolerance_text.partition(",")[0],
            verdict_text(claim),
            *(claim.beside[name].verdict if name in claim.beside else "" for name in beside),
        )
        for claim in result.claims
    ]
    strong = frozenset(i for i, claim in enumerate(result.claims) if not claim.as_expected)
    last = len(_HEADER) - 1
    header = (*_HEADER, *(f"in {name}" for name in beside))
    texts = frozenset({0, 1, 2, *range(last, len(header))})
    whole = Table(header, tuple(rows), texts, strong)
    fewer = [(*row[:5], *row[last:]) for row in (header, *rows)]
    texts = frozenset({0, 1, 2, *range(5, len(fewer[0]))})
    return [whole, Table(fewer[0], tuple(fewer[1:]), texts, strong)]


def reasons(result: CheckResult) -> list[str]:
    """Why each claim falls short that is expected to: a line for each, with its place."""
    short = [claim for claim in result.claims if claim.verdict == claim.expected == "falls short"]
    told = (
        f"  {claim.location}: {claim.title}: {' '.join((claim.note or '').split())}"
        for claim in short
    )
    return list(dict.fromkeys(told))  # both ends of an interval have one reason


def _beside(claims: Iterable[CheckedClaim]) -> list[str]:
    """Where else claims were tested."""
    return list(dict.fromkeys(name for claim in claims for name in claim.beside))


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
    return f"{title}: {drift.statistic} was {before} and is {now}{_how(drift)}"


def _how(drift: Drift) -> str:
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


def summary(result: CheckResult) -> str:
    """One line: how many figures hold, fall short, are undecided; how much drifted."""
    counted = "no claims"
    if result.claims:
        counted = in_short([_counted(claim) for claim in result.claims])
    drifted = len(result.drift)
    if drifted:
        counted += f"; {drifted} difference{'s' * (drifted > 1)} from the committed reports"
    warned = len(result.warnings)
    if warned:
        counted += f"; {warned} warning{'s' * (warned > 1)} of method"
    return counted


def _counted(claim: CheckedClaim) -> Counted:
    beside = {name: each.verdict for name, each in claim.beside.items()}
    return Counted(claim.verdict, claim.as_expected, claim.kind, beside)


def _computed(claim: CheckedClaim) -> str:
    mark = "" if claim.computed.reliable else " !"
    return f"{replace(claim.computed, note=None)}{mark}"


# --- Markdown -----------------------------------------------------------------------------------


def markdown(result: CheckResult, *, strict: bool = False) -> str:
    """GitHub-flavoured Markdown, for the summary of a step in CI; `strict` is as for `junit`."""
    mark = "✅" if result.holds and not (strict and result.warnings) else "❌"
    parts = [f"## {mark} {shown_in_markdown(summary(result))}"]
    unexpected = [claim for claim in result.claims if not claim.as_expected]
    if unexpected:
        header = (*_HEADER, "claimed at", "source and note")
        parts.append(_table(header, map(_detailed, unexpected)))
    if result.drift:
        parts.append("### Drift from the committed reports")
        parts.append(_table(_DRIFT_HEADER, map(_drifted, result.drift)))
    if result.warnings:
        parts.append("### Warnings of method")
        rows = [(str(w.location), w.quantity, w.reason, w.code) for w in result.warnings]
        parts.append(_table(_WARNING_HEADER, rows))
    if result.claims:
        title = f"<summary>All {len(result.claims)} figures</summary>"
        whole = layouts(result)[0]
        table = _table(whole.header, whole.rows)
        parts.append(f"<details>{title}\n\n{table}\n\n</details>")
    parts += [shown_in_markdown(remark) for remark in result.remarks]
    return "\n\n".join(parts) + "\n"


def _detailed(claim: CheckedClaim) -> tuple[str, ...]:
    words = [claim.reason, claim.source, claim.note]
    return (
        claim.model,
        claim.title,
        claim.statistic,
        claim.published,
        str(claim.computed),
        claim.tolerance_text,
        verdict_text(claim),
        str(claim.location),
        "; ".join(word for word in words if word),
    )


def _drifted(drift: Drift) -> tuple[str, ...]:
    return (drift.model, drift.quantity, drift.statistic, *drift.texts, drift.verdict + _how(drift))


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return as_markdown([list(map(shown_in_markdown, row)) for row in (header, *rows)])


# --- JUnit --------------------------------------------------------------------------------------


def junit(result: CheckResult, *, strict: bool = False) -> str:
    """JUnit XML: a suite for each model, a case for each figure of a claim, for its drift, and for
    each warning of method, which fails if they are `strict`."""
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    root = Element("testsuites", name="guessmodel check")
    total = failed = 0
    for model in dict.fromkeys(result.models):
        suite = SubElement(root, "testsuite", name=shown(model))
        for claim in result.claims:
            if claim.model == model:
                name = f"{claim.title}: {claim.statistic} {claim.published}"
                case = _case(suite, model, name)
                text = claim.explanation
                if not claim.as_expected:
                    _fail(case, claim.verdict, text)
                elif claim.expected == "falls short":
                    SubElement(case, "system-out").text = shown(text)
        for drift in result.drift:
            if drift.model == model:
                case = _case(suite, model, f"drift of {drift.quantity}: {drift.statistic}")
                _fail(case, drift.verdict, drift_line(drift))
        for warning in result.warnings:
            if warning.model == model:
                case = _case(suite, model, f"{warning.code}: {warning.quantity}")
                if strict:
                    _fail(case, warning.code, str(warning))
                else:
                    SubElement(case, "system-out").text = shown(str(warning))
        counts = len(suite.findall("testcase")), len(suite.findall("testcase/failure"))
        _count(suite, *counts)
        total, failed = total + counts[0], failed + counts[1]
    _count(root, total, failed)
    indent(root)
    body = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def _case(suite: Element, model: str, name: str) -> Element:
    from xml.etree.ElementTree import SubElement

    return SubElement(suite, "testcase", classname=shown(model), name=shown(name), time="0")


def _fail(case: Element, kind: str, text: str) -> None:
    from xml.etree.ElementTree import SubElement

    first = text.partition("\n")[0]
    failure = SubElement(case, "failure", type=kind, message=shown(first))
    failure.text = shown(text)


def _count(element: Element, tests: int, failures: int) -> None:
    for key, value in (("tests", tests), ("failures", failures), ("errors", 0), ("skipped", 0)):
        element.set(key, str(value))
