"""The page over all models: the headline of each, then what they are about."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import final

from guessmodel.claims.report_format import ClaimData, Document, EstimateData
from guessmodel.graph.dims import titled
from guessmodel.report.answers import STATISTICS_OF_THE_MIDDLE, cards
from guessmodel.report.claims import claims_in_short, verdict
from guessmodel.report.numbers import (
    at,
    coordinates,
    figure,
    in_percent,
    interval,
    is_chance,
    with_unit,
)
from guessmodel.report.page import Cell, Page, Paragraphs, Section, Table, Tone

__all__ = ["HeadlineFigure", "headlines", "index", "standing"]

_CENTRAL = ("mean", "median", "ratio of means")


def index(documents: Iterable[Document]) -> Page:
    """The page over some documents, in the order of their names."""
    ordered = sorted(documents, key=lambda document: document["model"])
    pairs = [(document, each) for document in ordered for each in headlines(document)]
    pairs.sort(key=lambda pair: _rank(*pair))
    rows = [_headline(document, each) for document, each in pairs]
    header = ("Figure", "Model", "Published", "Computed", "5% to 95%", "Verdict")
    first = Table(
        "What models are asked for, then ratios, then the first figure of each other model",
        header,
        tuple(rows),
        numeric=frozenset({2, 3, 4}),
        across=2,
    )
    models = tuple(
        (
            Cell(document["model"], link=document["model"], name=True),
            Cell(document["title"]),
            Cell(_capital(claims_in_short(document["claims"])), tone=_tone(document)),
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
            Section("headlines", "Headlines", (first, Paragraphs(words))),
            Section("models", "Models", (second,)),
        ),
        ("Written by guessmodel report.",),
    )


@final
@dataclass(frozen=True, slots=True)
class HeadlineFigure:
    """One figure of a model; `claim` is the published one beside it, if there is one."""

    quantity: str
    statistic: str
    computed: EstimateData
    unit: str
    name: str | None
    labels: tuple[str, ...]
    scale: float = 1.0
    claim: ClaimData | None = None


def headlines(document: Document) -> list[HeadlineFigure]:
    """What the author marks, by its first statistic of the middle; without such the claims on a
    central figure of a ratio that are expected to hold, without these the first claim on a central
    figure, without that the median or mean of the first output."""
    if told := list(_told(document)):
        return told
    central = [
        claim
        for claim in document["claims"]
        if claim["expected"] == "holds" and claim["statistic"] in _CENTRAL
    ]
    ratios = [claim for claim in central if claim["ratio"]]
    claims = ratios or central[:1]
    return [_of_claim(claim) for claim in claims] or _first_output(document)


def _told(document: Document) -> Iterator[HeadlineFigure]:
    for card in cards(document) if "headlines" in document else ():
        name, labels = card["name"], tuple(card["labels"])
        title = titled(name, labels)
        given = document["headlines"][title]
        shown = (key for key, each in STATISTICS_OF_THE_MIDDLE.items() if each == card["statistic"])
        key = next((key for key in shown if key in given), next(iter(given)))
        statistic = STATISTICS_OF_THE_MIDDLE.get(key, key)
        claims = (document["claims"][i] for i in card["claims"])
        claim = next((each for each in claims if each["statistic"] == statistic), None)
        entry = document["quantities"][name]
        computed: EstimateData = given[key]
        unit, median = given[key]["unit"], at(entry, "p50", labels)
        if computed["value"] is None and card["statistic"] == "median" and median is not None:
            statistic, computed, unit = "median", median, entry["unit"]
        if key == "probability" or is_chance(entry):
            yield HeadlineFigure(
                title, "probability", in_percent(computed), "percent", name, labels, 1, claim
            )
        elif claim is None:
            yield HeadlineFigure(title, statistic, computed, unit, name, labels)
        else:
            yield replace(_of_claim(claim), quantity=title)


def _rank(document: Document, headline: HeadlineFigure) -> tuple[float, ...]:
    if "headlines" in document:
        own = document.get("priorities", {}).get(headline.quantity, math.inf)
        return *standing(document)[:2], own
    return 1, math.inf, 0 if headline.claim is not None and headline.claim["ratio"] else 1


def standing(document: Document) -> tuple[float, float, str]:
    """The place of a model among others: by the least of the priorities that its author gives, then
    those with headlines, then by name."""
    first = min(document.get("priorities", {}).values(), default=math.inf)
    return ("headlines" not in document), first, document["model"]


def _of_claim(claim: ClaimData) -> HeadlineFigure:
    """The figure of a claim in the unchanged model, as the interval beside it, also where the claim
    is on a scenario."""
    base = claim.get("beside", {}).get("base")
    return HeadlineFigure(
        claim["quantity"],
        claim["statistic"],
        claim["computed"] if base is None else base["computed"],
        claim["unit"],
        claim["name"],
        tuple(map(str, claim["labels"].values())),
        claim["scale"],
        claim,
    )


def _first_output(document: Document) -> list[HeadlineFigure]:
    for name in document["outputs"]:
        entry = document["quantities"][name]
        for labels in coordinates(entry):
            computed, unit = at(entry, "p50", labels), entry["unit"]
            chance = is_chance(entry)
            if chance:
                key = "probability" if entry["indicator"] else "mean"
                computed, unit = in_percent(at(entry, key, labels)), "percent"
            return [
                HeadlineFigure(
                    titled(name, labels),
                    "probability" if chance else "median",
                    computed,
                    unit,
                    name,
                    labels,
                )
            ]
    return []


def _headline(document: Document, headline: HeadlineFigure) -> tuple[Cell, ...]:
    entry = document["quantities"].get(headline.name or "")
    spread = ""
    if entry is not None and not is_chance(entry):
        ends = [at(entry, key, headline.labels) for key in ("p5", "p95")]
        if all(ends):
            text = interval(ends[0], ends[1], headline.scale, headline.unit)
            spread = with_unit(text, headline.unit) if " to " in text else ""
    words, tone = _verdict(headline.claim) if headline.claim else ("", "")
    return (
        Cell(headline.quantity, (headline.statistic,), name=True),
        Cell(document["model"], link=document["model"], name=True),
        Cell(headline.claim["published"] if headline.claim else ""),
        Cell(with_unit(figure(headline.computed, headline.unit), headline.unit)),
        Cell(spread),
        Cell(words, tone=tone),
    )


def _verdict(claim: ClaimData) -> tuple[str, Tone]:
    """With the scenario that the claim is about, and what becomes of it in the others."""
    words, tone = verdict(claim)
    where = f" in “{claim['scenario']}”" if claim.get("scenario") else ""
    beside = (f"; in {name}: {each['verdict']}" for name, each in claim.get("beside", {}).items())
    return words + where + "".join(beside), tone


def _tone(document: Document) -> Tone:
    claims = document["claims"]
    if not claims:
        return ""
    return "good" if all(claim["as_expected"] for claim in claims) else "bad"


def _all_claims(documents: Iterable[Document]) -> str:
    return claims_in_short([claim for document in documents for claim in document["claims"]])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
