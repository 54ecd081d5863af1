"""What a page shows beyond the words of its document: shapes, boxes and arrows, answers.

Plain data for the script of the page (`page/src/data.ts` has the same types): numbers as they are
to be read, points of curves, and where each box of the graph stands. The page computes nothing
that a model would have to be asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NotRequired, TypedDict

from guessmodel.analysis.driver_texts import share_text
from guessmodel.claims.checking import figures as figures_of
from guessmodel.claims.claim import Statement
from guessmodel.claims.report_format import ClaimData, Document, EstimateData, QuantityData
from guessmodel.graph.quantity import Quantity
from guessmodel.model.model import Model
from guessmodel.model.versions import definition
from guessmodel.report.answers import Card, cards, is_input, lead
from guessmodel.report.numbers import (
    at,
    brief_ends,
    coordinates,
    digits_within,
    estimate,
    exactly,
    figure,
    figures,
    in_percent,
    in_words,
    is_chance,
    with_unit,
)
from guessmodel.report.shapes import Shape, shape
from guessmodel.simulation import Result, Simulation
from guessmodel.simulation.summary import ABSENT, STATISTICS

__all__ = [
    "AnswerView",
    "ElementView",
    "View",
    "answers",
    "claim_shown",
    "drivers_of",
    "elements",
    "view",
    "worded",
]

_MOST_LABELS: Final = 24  # of a quantity, of which shapes are drawn


class DriverView(TypedDict):
    """An input of an output, and how much it does."""

    input: str
    text: str
    size: float


class ElementView(TypedDict):
    """What is shown of a quantity at one of its labels."""

    labels: list[str]
    mean: str
    p5: str
    p50: str
    p95: str
    value: str
    median: str  # as it is read, for what has no mean or is asked for it
    range: str
    numbers: dict[str, float | None]
    chance: bool  # the mean is a probability in percent, and all that there is to say
    note: NotRequired[str]
    shape: NotRequired[Shape]
    drivers: list[DriverView]
    measure: str  # what the numbers of the drivers are


class Box(TypedDict):
    """A named quantity."""

    name: str
    role: str  # constant, draw, derived, output
    unit: str
    doc: str
    source: str
    inferred: bool
    file: str | None  # of another model, None for its own
    where: str
    definition: str
    dims: dict[str, list[str]]
    uses: list[str]
    elements: list[ElementView]
    place: tuple[float, float]  # layer, and row in it
    near: tuple[float, float] | None  # the same where other files show only what is used directly


ShapeOf = Callable[[Result], Shape | None]
Arrow = tuple[int, int, list[tuple[float, float]]]  # boxes, and the gaps that it runs through


class View(TypedDict):
    """The page of a model."""

    model: str
    title: str
    description: str
    lead: str
    run: str
    cards: list[Card]
    boxes: list[Box]
    arrows: list[Arrow]
    near_arrows: list[Arrow]
    claims: list[dict[str, Any]]


class AnswerView(TypedDict):
    """A card on the page over all models."""

    model: str
    card: Card
    box: Box
    claims: list[dict[str, Any]]


def view(
    model: Model, simulation: Simulation, document: Document, *, form: ShapeOf = shape
) -> View:
    """The view of a model that has been run, whose document is there; `form` makes its shapes."""
    claims = [
        claim_shown(claim, statement)
        for claim, (_, statement, _) in zip(document["claims"], figures_of(model), strict=True)
    ]
    boxes, arrows, near_arrows = _graph(model, simulation, document, form)
    return {
        "model": document["model"],
        "title": document["title"],
        "description": document["description"],
        "lead": lead(document),
        "run": f"{document['samples']:,} samples, {document['method']}, seed {document['seed']}",
        "cards": cards(document),
        "boxes": boxes,
        "arrows": arrows,
        "near_arrows": near_arrows,
        "claims": claims,
    }


def answers(shown: View) -> list[AnswerView]:
    """The first answer of a model, for the page over all models."""
    boxes = {box["name"]: box for box in shown["boxes"]}
    found: list[AnswerView] = []
    cards = sorted(shown["cards"], key=lambda card: card["priority"] or math.inf)
    for card in cards[:1]:
        box = boxes[card["name"]]
        element = next(each for each in box["elements"] if each["labels"] == card["labels"])
        claims = [shown["claims"][i] for i in card["claims"]]
        found.append(
            {
                "model": shown["model"],
                "card": {**card, "claims": list(range(len(claims)))},
                "box": {**box, "elements": [element]},
                "claims": claims,
            }
        )
    return found


# --- boxes --------------------------------------------------------------------------------------


def _graph(
    model: Model, simulation: Simulation, document: Document, form: ShapeOf
) -> tuple[list[Box], list[Arrow], list[Arrow]]:
    names, places, arrows = _laid_out(model, document, everything=True)
    number = {name: i for i, name in enumerate(names)}
    some, near, few = _laid_out(model, document, everything=False)
    near_of = dict(zip(some, near, strict=True))
    near_arrows = [(number[some[a]], number[some[b]], gaps) for a, b, gaps in few]
    drivers, asked = drivers_of(document), cards(document)
    boxes: list[Box] = []
    for name, place in zip(names, places, strict=True):
        entry = document["quantities"][name]
        quantity = model.quantities[name]
        boxes.append(
            {
                "name": name,
                "role": "output" if name in model.outputs else entry["kind"],
                "unit": entry["unit"],
                "doc": entry["doc"] or "",
                "source": entry["source"] or "",
                "inferred": (entry["source"] or "").lstrip().lower().startswith("inferred"),
                "file": entry["from"],
                "where": _where(quantity),
                "definition": definition(model, name),
                "dims": {dim: [str(x) for x in labels] for dim, labels in entry["dims"].items()},
                "uses": [used for used in entry["depends_on"] if used in number],
                "elements": elements(simulation, name, entry, drivers, form, asked),
                "place": place,
                "near": near_of.get(name),
            }
        )
    return boxes, arrows, near_arrows


def _laid_out(
    model: Model, document: Document, *, everything: bool
) -> tuple[list[str], list[tuple[float, float]], list[Arrow]]:
    """Names, where their boxes stand, and arrows between them by position."""
    from guessmodel.plots.layout import compacted, layered
    from guessmodel.plots.network import network_of

    network = network_of(model, everything=everything)
    names = [n.name for n in network.nodes if n.named and n.name in document["quantities"]]
    number = {name: i for i, name in enumerate(names)}
    ends = [(network.nodes[i].name, network.nodes[j].name) for i, j in network.edges]
    edges = [(number[a], number[b]) for a, b in ends if a in number and b in number]
    layout = compacted(layered(len(names), edges))
    places = [(float(layer), float(row)) for layer, row in layout.nodes]
    arrows = [(a, b, [(float(x), float(y)) for x, y in gaps]) for a, b, gaps in layout.edges]
    return names, places, arrows


def _where(quantity: Quantity) -> str:
    """The line where it is written; of a notebook's cell, which has no file, without a name."""
    where, file = quantity.location, Path(quantity.location.file)
    return f"{file.name}:{where.line}" if file.is_file() else f"line {where.line}"


DriverViews = Mapping[tuple[str, tuple[str, ...]], tuple[str, list[DriverView]]]


def drivers_of(document: Document) -> DriverViews:
    """By output and labels: shares of the variance, else rank correlations."""
    found: dict[tuple[str, tuple[str, ...]], tuple[str, list[DriverView]]] = {}
    for each in document["dependence"]:
        key = each["output"], tuple(map(str, each["labels"].values()))
        inputs = [one for one in each["inputs"] if is_input(document, one["input"])]
        parts = [(one["input"], one["value"], figures(one["value"])[0]) for one in inputs]
        found[key] = "rank correlation with each input", _driven(parts)
    for given in document.get("drivers", []):
        key = given["output"], tuple(map(str, given["labels"].values()))
        shares = [
            (one["input"], one["first"], share_text(estimate(one["first"])))
            for one in given["inputs"]
        ]
        found[key] = "share of the variance that would vanish if it were known", _driven(shares)
    return found


def _driven(parts: Sequence[tuple[str, EstimateData, str]]) -> list[DriverView]:
    return [
        {"input": name, "text": text, "size": given["value"] or 0.0} for name, given, text in parts
    ]


def elements(
    simulation: Simulation,
    name: str,
    entry: QuantityData,
    drivers: DriverViews,
    form: ShapeOf = shape,
    asked: Iterable[Card] = (),
) -> list[ElementView]:
    """A quantity at each of its labels: numbers of its document, forms of the simulation; where
    there are many labels the forms of those that are `asked` for."""
    places = list(coordinates(entry))
    results: Mapping[tuple[str, ...], Result] = {}
    wanted = {tuple(card["labels"]) for card in asked if card["name"] == name}
    if len(places) <= _MOST_LABELS or wanted:
        results = _results(simulation, name)
    if len(places) > _MOST_LABELS:
        results = {labels: results[labels] for labels in wanted if labels in results}
    made = [_element(entry, labels, results.get(labels), form) for labels in places]
    for element, labels in zip(made, places, strict=True):
        element["measure"], element["drivers"] = drivers.get((name, labels), ("", []))
    return made


def _results(simulation: Simulation, name: str) -> Mapping[tuple[str, ...], Result]:
    result = simulation[name]
    if not result.dims:
        return {(): result}
    return {
        tuple(map(str, labels if isinstance(labels, tuple) else (labels,))): each
        for labels, each in result.by_label.items()
    }


def _element(
    entry: QuantityData, labels: tuple[str, ...], result: Result | None, form: ShapeOf
) -> ElementView:
    made = worded(entry, labels, {key: at(entry, key, labels) for key in STATISTICS})
    certain = made["numbers"]["p5"] == made["numbers"]["p95"]
    if result is not None and not certain and (drawn := form(result)) is not None:
        made["shape"] = drawn
    return made


def worded(
    entry: QuantityData,
    labels: tuple[str, ...],
    told: Mapping[str, EstimateData | None],
    *,
    closely: bool = True,
) -> ElementView:
    """Statistics of a quantity at its labels, by `STATISTICS`, as they are read; without a form,
    and unless `closely` only what a box shows."""
    found, unit, chance = told, entry["unit"], is_chance(entry)
    if chance:
        found = {key: None if each is None else in_percent(each) for key, each in told.items()}
        unit = "percent"
    low, mean, high = found["p5"], found["mean"], found["p95"]
    texts = ["", "", "", ""]
    if closely:
        texts = figures(low, found["p50"], high, mean=mean, unit=unit)
    numbers = {key: None if each is None else each["value"] for key, each in found.items()}
    digits = digits_within(low, high)
    median = _value(entry, found["p50"], digits, unit)
    made: ElementView = {
        "labels": list(labels),
        "mean": texts[3],
        "p5": texts[0],
        "p50": texts[1],
        "p95": texts[2],
        "value": _value(entry, mean, digits, unit) if _known(mean) else median,
        "median": median,
        "range": "",
        "numbers": numbers,
        "chance": chance,
        "drivers": [],
        "measure": "",
    }
    certain = numbers["p5"] == numbers["p95"]
    if low is not None and high is not None and not certain and not chance:
        made["range"] = with_unit(" to ".join(brief_ends(low, high)), unit)
    note = mean.get("note") if mean is not None else None
    if note:
        made["note"] = note
    return made


def _known(given: EstimateData | None) -> bool:
    return given is not None and given["value"] is not None


def _value(entry: QuantityData, middle: EstimateData | None, digits: int, unit: str) -> str:
    """What a box shows large: the mean, or the median where there is none."""
    if middle is None or middle["value"] is None:
        return ABSENT
    constant = entry["kind"] == "constant"
    return with_unit(exactly(middle) if constant else estimate(middle).brief(digits), unit)


# --- claims -------------------------------------------------------------------------------------


def claim_shown(claim: ClaimData, statement: Statement) -> dict[str, Any]:
    """A figure of a claim and its verdict."""
    return {
        "quantity": claim["quantity"],
        "name": claim["name"],
        "labels": [str(label) for label in claim["labels"].values()],
        "statistic": claim["statistic"],
        "published": in_words(claim["published"]),
        "computed": with_unit(figure(claim["computed"], claim["unit"]), claim["unit"]),
        "verdict": claim["verdict"],
        "as_expected": claim["as_expected"],
        "source": claim["source"] or "",
        "note": claim["note"] or "",
        "kind": statement.kind,
        "tests": claim.get("kind", "arithmetic"),
        "at_edge": claim.get("at_edge", False),
        "scenario": claim.get("scenario", ""),
        "beside": [
            {
                "scenario": name,
                "computed": with_unit(figure(each["computed"], claim["unit"]), claim["unit"]),
                "verdict": each["verdict"],
            }
            for name, each in claim.get("beside", {}).items()
        ],
        "end": statement.end,
        "number": statement.figure.value,
        "sign": statement.figure.sign,
    }
