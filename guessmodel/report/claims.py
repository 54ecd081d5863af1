"""Claims on a page: published figures beside what the model says, and how many hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from guessmodel.claims.counts import CountedClaim, in_short
from guessmodel.claims.report_format import ClaimData, Document
from guessmodel.report.numbers import figure, in_words, with_unit
from guessmodel.report.page import Cell, Paragraphs, Section, Table, Tone

__all__ = ["claims_in_short", "claims_section", "verdict", "verdicts_in_short"]

_LOUDNESS: Final = ("good", "known", "bad")
_SHARED: Final = ("quantity", "source", "note", "scenario")


def claims_section(document: Document) -> Section:
    """The part of a page that holds its claims against the model."""
    rows, before = [], ("", "", "")
    for group in _intervals(document["claims"]):
        first = group[0]
        said = (first["quantity"], first["source"] or "", first["note"] or "")
        texts = [] if said == before else [text for text in said[1:] if text]
        texts += [f"Undecided: {claim['reason']}." for claim in group if claim["reason"]]
        words, tone = _verdicts(group)
        rows.append(
            (
                Cell(first["quantity"], tuple(_about(group)), name=True),
                Cell(_published(group)),
                Cell(_computed(group)),
                Cell(" / ".join(dict.fromkeys(_tolerance(claim) for claim in group))),
                Cell(words, tuple(_elsewhere(group)), tone=tone),
                Cell(texts[0] if texts else "", tuple(texts[1:])),
            )
        )
        before = said
    if not rows:
        return Section("claims", "Published figures", ())
    header = ("Quantity", "Published", "Computed", "Tolerance", "Verdict", "Source and note")
    table = Table(
        "Published figures against the model",
        header,
        tuple(rows),
        numeric=frozenset({1, 2, 3}),
        across=2,
        whole=frozenset({5}),
    )
    summary = Paragraphs(f"{claims_in_short(document['claims'])}.")
    return Section("claims", "Published figures", (summary, table))


def _intervals(claims: Iterable[ClaimData]) -> list[list[ClaimData]]:
    """Claims by row: the two ends of an interval, which follow each other, share one."""
    groups: list[list[ClaimData]] = []
    for claim in claims:
        head, _, end = claim["statistic"].rpartition(" ")
        last = groups[-1] if groups else []
        if (
            end == "high"
            and len(last) == 1
            and last[0]["statistic"] == f"{head} low"
            and all(last[0].get(key) == claim.get(key) for key in _SHARED)
        ):
            last.append(claim)
        else:
            groups.append([claim])
    return groups


def _about(group: list[ClaimData]) -> Iterator[str]:
    """The statistic, and the scenario that it is of."""
    yield _statistic(group)
    if group[0].get("kind", "arithmetic") != "arithmetic":
        yield group[0]["kind"]
    if "scenario" in group[0]:
        yield f"in the scenario {group[0]['scenario']}"


def _elsewhere(group: list[ClaimData]) -> Iterator[str]:
    """What comes of it in the unchanged model, say."""
    for name in group[0].get("beside", {}):
        there = [claim["beside"][name] for claim in group]
        texts = [figure(each["computed"], group[0]["unit"]) for each in there]
        computed = " to ".join(dict.fromkeys(texts))
        verdicts = " / ".join(dict.fromkeys(each["verdict"] for each in there))
        yield f"in {name}: {computed}, {verdicts}"


def _statistic(group: list[ClaimData]) -> str:
    text = group[0]["statistic"]
    return text.rpartition(" ")[0] if len(group) == 2 else text


def _published(group: list[ClaimData]) -> str:
    """`240 to 720 USD/day` for the ends `240 USD/day` and `720 USD/day`."""
    low, high = (group[i]["published"] for i in (0, -1))
    if len(group) == 1:
        return in_words(low)
    number, gap, unit = low.partition(" ")
    shared = gap and high.partition(" ")[2] == unit
    return in_words(f"{number if shared else low} to {high}")


def _computed(group: list[ClaimData]) -> str:
    numbers = " to ".join(figure(claim["computed"], claim["unit"]) for claim in group)
    return with_unit(numbers, group[0]["unit"])


def _tolerance(claim: ClaimData) -> str:
    return claim["tolerance_text"].partition(",")[0]


def _verdicts(group: list[ClaimData]) -> tuple[str, Tone]:
    found = [verdict(claim) for claim in group]
    if len(set(found)) == 1:
        return found[0]
    tone = max((tone for _, tone in found), key=_LOUDNESS.index)
    (low, _), (high, _) = found
    return f"low end {low}; high end {high}", tone


def verdicts_in_short(claims: Sequence[ClaimData]) -> tuple[str, Tone]:
    """The claims on one figure in a line: what was published and what comes of it."""
    if not claims:
        return "", ""
    published = ", ".join(map(_published, _intervals(claims)))
    found = [verdict(claim) for claim in claims]
    holding = sum(claim["verdict"] == "holds" for claim in claims)
    words = found[0][0] if len(set(found)) == 1 else f"{holding} of {len(claims)} hold"
    scenarios = dict.fromkeys(claim.get("scenario", "") for claim in claims)
    where = "".join(f" in {name}" for name in scenarios if name)
    tone = max((tone for _, tone in found), key=_LOUDNESS.index)
    return f"{published}: {words}{where}", tone


def claims_in_short(claims: Sequence[ClaimData]) -> str:
    """How many published figures hold, fall short, are undecided."""
    if not claims:
        return "no published figures"
    return in_short([_counted(claim) for claim in claims], "published figures")


def _counted(claim: ClaimData) -> CountedClaim:
    beside = {name: each["verdict"] for name, each in claim.get("beside", {}).items()}
    return CountedClaim(
        claim["verdict"], claim["as_expected"], claim.get("kind", "arithmetic"), beside
    )


def verdict(claim: ClaimData) -> tuple[str, Tone]:
    """The verdict in words, and how loud it is."""
    words = claim["verdict"]
    if claim["as_expected"]:
        if words == "holds":
            return ("holds, at the edge" if claim.get("at_edge") else words), "good"
        return f"{words}, as expected", "known"
    return (f"{words}, unexpectedly" if words == "holds" else words), "bad"
