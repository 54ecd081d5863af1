"""A check as people and machines read it: tables of two widths, Markdown, JUnit XML."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from guessmodel.claims.check_texts import HEADER, drift_line, how_it_moved, verdict_text
from guessmodel.claims.checking import CheckedClaim, CheckResult
from guessmodel.claims.drift import Drift
from guessmodel.cli.tables import Table
from guessmodel.errors import GuessmodelError
from guessmodel.escaping import shown, shown_in_markdown
from guessmodel.tables import as_markdown

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["junit", "junit_of_error", "layouts", "markdown", "markdown_of_error", "reasons"]

_WARNING_HEADER = ("where", "quantity", "warning", "kind")
_DRIFT_HEADER = ("model", "quantity", "statistic", "committed", "computed", "verdict")


def layouts(result: CheckResult) -> list[Table]:
    """The table of all claims: whole, and without tolerances for narrow terminals."""
    header, *rows = map(tuple, result.cells())
    strong = frozenset(i for i, claim in enumerate(result.claims) if not claim.as_expected)
    last = len(HEADER) - 1
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


# --- Markdown -----------------------------------------------------------------------------------


def markdown(result: CheckResult, *, strict: bool = False) -> str:
    """GitHub-flavoured Markdown, for the summary of a step in CI; `strict` is as for `junit`."""
    mark = "✅" if result.holds and not (strict and result.warnings) else "❌"
    parts = [f"## {mark} {shown_in_markdown(result.heading)}"]
    unexpected = [claim for claim in result.claims if not claim.as_expected]
    if unexpected:
        header = (*HEADER, "claimed at", "source and note")
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


def markdown_of_error(error: GuessmodelError) -> str:
    """The same where nothing could be checked: what is wrong, and where."""
    lines = "\n".join(f"    {shown(line)}" for line in str(error).splitlines())
    return f"## ❌ The models cannot be checked\n\n{lines}\n"


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
    return (
        drift.model,
        drift.quantity,
        drift.statistic,
        *drift.texts,
        drift.verdict + how_it_moved(drift),
    )


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return as_markdown([list(map(shown_in_markdown, row)) for row in (header, *rows)])


# --- JUnit --------------------------------------------------------------------------------------


def junit(result: CheckResult, *, strict: bool = False) -> str:
    """JUnit XML: a suite for each model, a case for each figure of a claim, for its drift, and for
    each warning of method, which fails if they are `strict`."""
    from xml.etree.ElementTree import Element, SubElement

    root = Element("testsuites", name="guessmodel check")
    for model in dict.fromkeys(result.models):
        suite = SubElement(root, "testsuite", name=shown(model))
        _add_cases(suite, model, result, strict=strict)
        _count(suite)
    _count(root)
    return _written(root)


def _add_cases(suite: Element, model: str, result: CheckResult, *, strict: bool) -> None:
    for claim in result.claims:
        if claim.model == model:
            case = _case(suite, model, f"{claim.title}: {claim.statistic} {claim.published}")
            if not claim.as_expected:
                _fail(case, claim.verdict, claim.explanation)
            elif claim.expected == "falls short":
                _remark(case, claim.explanation)
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
                _remark(case, str(warning))


def junit_of_error(error: GuessmodelError) -> str:
    """JUnit XML where nothing could be checked: one case, with the error."""
    from xml.etree.ElementTree import Element, SubElement

    root = Element("testsuites", name="guessmodel check")
    suite = SubElement(root, "testsuite", name="guessmodel check")
    case = _case(suite, "guessmodel check", "the models can be used")
    _say(SubElement(case, "error"), type(error).__name__, str(error))
    _count(suite)
    _count(root)
    return _written(root)


def _case(suite: Element, model: str, name: str) -> Element:
    from xml.etree.ElementTree import SubElement

    return SubElement(suite, "testcase", classname=shown(model), name=shown(name), time="0")


def _fail(case: Element, kind: str, text: str) -> None:
    from xml.etree.ElementTree import SubElement

    _say(SubElement(case, "failure"), kind, text)


def _remark(case: Element, text: str) -> None:
    from xml.etree.ElementTree import SubElement

    SubElement(case, "system-out").text = shown(text)


def _say(outcome: Element, kind: str, text: str) -> None:
    outcome.set("type", kind)
    outcome.set("message", shown(text.partition("\n")[0]))
    outcome.text = shown(text)


def _count(suites: Element) -> None:
    """Say of a suite, or of all of them, how many cases there are and how they went."""
    kinds = {"tests": "", "failures": "/failure", "errors": "/error"}
    for key, outcome in kinds.items():
        suites.set(key, str(len(suites.findall(f".//testcase{outcome}"))))
    suites.set("skipped", "0")


def _written(root: Element) -> str:
    from xml.etree.ElementTree import indent, tostring

    indent(root)
    body = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'
