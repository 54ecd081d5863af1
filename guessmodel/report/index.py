"""The page over all models: the headline of each, then what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from guessmodel.report.claims import claims_in_short, verdict
from guessmodel.report.document import Document
from guessmodel.report.numbers import (
    at,
    coordinates,
    figure,
    interval,
    is_chance,
    percent,
    with_unit,
)
from guessmodel.report.page import Cell, Page, Prose, Section, Table

__all__ = ["headlines", "index"]

_CENTRAL = ("mean", "median", "ratio of means")


def index(documents: Iterable[Document]) -> Page:
    """The page over some documents, in the order of their names."""
    ordered = sorted(documents, key=lambda document: str(document["model"]))
    pairs = [(document, claim) for document in ordered for claim in headlines(document)]
    pairs.sort(key=lambda pair: not pair[1].get("ratio"))
    rows = [_headline(document, claim) for document, claim in pairs]
    header = ("Figure", "Model", "Published", "Computed", "5% to 95%", "Verdict")
    first = Table(
        "Ratios first, then the first figure of each model that publishes none",
        header,
        tuple(rows),
        numeric=frozenset({2, 3, 4}),
        across=2,
    )
    models = tuple(
        (
            Cell(document["model"], link=document["model"], name=True),
            Cell(document["title"]),
            Cell(_capital(claims_in_short(document)), tone=_tone(document)),
        )
        for document in ordered
    )
    second = Table("All models", ("Model", "What it asks", "Published figures"), models, across=1)
    words = (
        "± is the 90% interval of the sampling error, 5% to 95% the interval of the quantity "
        "itself. A ratio of means has one value and no interval."
    )
    count = len(ordered)
    return Page(
        "Models and their results",
        f"{count} model{'s' * (count != 1)}, {_all_claims(ordered)}.",
        (
            Section("headlines", "Headlines", (first, Prose(words))),
            Section("models", "Models", (second,)),
        ),
        ("Written by guessmodel report.",),
    )


def headlines(document: Document) -> list[dict[str, Any]]:
    """The claims on a central figure of a ratio that are expected to hold; without such the first
    claim on a central figure, without that the median or mean of the first output."""
    central = [
        claim
        for claim in document["claims"]
        if claim["expected"] == "holds" and claim["statistic"] in _CENTRAL
    ]
    ratios = [claim for claim in central if claim["ratio"]]
    return ratios or central[:1] or _first_output(document)


def _first_output(document: Document) -> list[dict[str, Any]]:
    for name in document["outputs"]:
        entry = document["quantities"][name]
        for labels in coordinates(entry):
            computed, unit = at(entry, "p50", labels), entry["unit"]
            chance = is_chance(entry)
            if chance:
                key = "probability" if entry["indicator"] else "mean"
                computed, unit = percent(at(entry, key, labels)), "percent"
            return [
                {
                    "quantity": f"{name}[{', '.join(labels)}]" if labels else name,
                    "statistic": "probability" if chance else "median",
                    "published": "",
                    "computed": computed,
                    "unit": unit,
                    "name": name,
                    "labels": dict(enumerate(labels)),
                }
            ]
    return []


def _headline(document: Document, claim: Mapping[str, Any]) -> tuple[Cell, ...]:
    entry = document["quantities"].get(claim["name"])
    spread = ""
    if entry is not None and not is_chance(entry):
        labels = tuple(map(str, claim["labels"].values()))
        ends = [at(entry, key, labels) for key in ("p5", "p95")]
        if all(ends):
            text = interval(ends[0], ends[1], claim.get("scale", 1.0))
            spread = with_unit(text, claim["unit"]) if " to " in text else ""
    words, tone = verdict(claim) if claim["published"] else ("", "")
    return (
        Cell(claim["quantity"], (claim["statistic"],), name=True),
        Cell(document["model"], link=document["model"], name=True),
        Cell(claim["published"]),
        Cell(with_unit(figure(claim["computed"]), claim["unit"])),
        Cell(spread),
        Cell(words, tone=tone),
    )


def _tone(document: Document) -> Any:
    claims = document["claims"]
    if not claims:
        return ""
    return "good" if all(claim["as_expected"] for claim in claims) else "bad"


def _all_claims(documents: Iterable[Document]) -> str:
    return claims_in_short({"claims": [c for document in documents for c in document["claims"]]})


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
