"""The page of one model: what of its document is shown, in which order and words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from guessmodel.claims.report_format import (
    Document,
    QuantityData,
)
from guessmodel.graph.dims import titled
from guessmodel.report.answers import cards, lead, strongest
from guessmodel.report.claims import claims_section, verdicts_in_short
from guessmodel.report.drivers import drivers_section
from guessmodel.report.forms import same_as, shown_alone, words_for
from guessmodel.report.numbers import (
    UNRELIABLE,
    at,
    coordinates,
    exactly,
    figure,
    figures,
    in_percent,
    interval,
    is_chance,
    labelled,
    signed,
    with_unit,
)
from guessmodel.report.page import (
    Block,
    Cell,
    Details,
    Link,
    Page,
    Paragraphs,
    Picture,
    Section,
    Table,
)
from guessmodel.report.references import references_section
from guessmodel.report.scenarios import scenarios_section
from guessmodel.report.together import together_section
from guessmodel.report.what_if import what_if_section
from guessmodel.simulation.summary import STATISTICS

__all__ = ["INDEX", "layout"]

INDEX = "index"
_STRONGEST = 6
_CUMULATIVE = "cumulative distribution"
_ELSEWHERE = frozenset(
    {"tornado", "scenarios", "scatter matrix", "sweep", "seek"}
)  # in other parts
_PERCENTILES = (5.0, 50.0, 95.0)
_ERRORS = (
    "± is the 90% interval of the sampling error; where there is none, the error is below half of "
    "the last digit."
)


def layout(document: Document) -> Page:
    """The page of a document."""
    sections = [
        _about(document),
        _answers(document),
        _results(document),
        claims_section(document),
        scenarios_section(document),
        what_if_section(document),
        _pictures(document),
        drivers_section(document),
        _dependence(document),
        together_section(document),
        _inputs(document),
        _graph(document),
        _others(document),
        references_section(document),
    ]
    return Page(
        document["title"].removesuffix("."),
        lead(document),
        tuple(section for section in sections if section.blocks),
        _footer(document),
        Link("All models", INDEX),
        f"{document['model']}.json",
        document["model"],
    )


# --- sections -----------------------------------------------------------------------------------


def _about(document: Document) -> Section:
    blocks: list[Block] = [Paragraphs(document["description"])] if document["description"] else []
    if names := document.get("within"):
        blocks.insert(0, Paragraphs(f"This is the model in the scenario {' and '.join(names)}."))
    blocks += [Paragraphs(f"Warning: {remark}.") for remark in document["remarks"]]
    return Section("about", "About", tuple(blocks))


def _answers(document: Document) -> Section:
    """What the page shows as cards, in a table."""
    rows = []
    for card in cards(document):
        name, labels = card["name"], tuple(card["labels"])
        statistics = document.get("headlines", {}).get(titled(name, labels), {})
        more = [
            f"{statistic}: {with_unit(figure(given, given['unit']), given['unit'])}"
            for statistic, given in statistics.items()
            if statistic not in (*STATISTICS, "probability")
        ]
        said = [document["claims"][i] for i in card["claims"]]
        words, tone = verdicts_in_short(said)
        rows.append(
            (
                Cell(titled(name, labels), (card["title"],), name=True),
                Cell(card["value"], (card["words"], *more)),
                Cell(words, tone=tone),
                Cell(strongest(document, name, labels)),
            )
        )
    header = ("Asked for", "Answer", "Published figures", "Mostly due to")
    table = Table("What the model is asked for", header, tuple(rows), across=1)
    return Section("answers", "Answers", (table,) if rows else ())


def _results(document: Document) -> Section:
    names = [
        name
        for first in document["quantities"]
        if shown_alone(document, first)
        for name in (first, *same_as(document, first))
        if document["quantities"][name]["main"]
        and document["quantities"][name]["kind"] != "constant"
    ]
    return Section(
        "results", "Results", _statistics(document, names, "Outputs and claimed figures")
    )


def _others(document: Document) -> Section:
    rest = {
        name: entry
        for name, entry in document["quantities"].items()
        if entry["kind"] == "derived" and not entry["main"]
    }
    own = [name for name, entry in rest.items() if entry["from"] is None]
    others = [name for name, entry in rest.items() if entry["from"] is not None]
    folds: list[Block] = []
    for title, names in (
        ("Steps in between", own),
        ("Quantities of other models that this one uses", others),
    ):
        if names:
            count = f"{title} ({len(names)})"
            blocks = _statistics(document, names, title)
            inner = tuple(block for block in blocks if isinstance(block, Paragraphs | Table))
            folds.append(Details(count, inner))
    return Section("others", "All other quantities", tuple(folds))


def _statistics(document: Document, names: Iterable[str], caption: str) -> tuple[Block, ...]:
    rows: list[tuple[Cell, ...]] = []
    notes: dict[str, list[str]] = {}
    entries = {name: document["quantities"][name] for name in names}
    percentiles = [f"{p:g}" for p in document.get("percentiles", _PERCENTILES)]
    keys = ("mean", *(f"p{p}" for p in percentiles))
    extra = any("guesstimate_interval" in entry for entry in entries.values())
    for name, entry in entries.items():
        if entry["dims"]:
            rows.append((_head(name, entry),))
        for labels in coordinates(entry):
            cells = _numbers(entry, labels, keys, extra=extra)
            rows.append((_head(name, entry, labels), *cells))
            for key in keys:
                given = at(entry, key, labels)
                if given is not None and given.get("note"):
                    notes.setdefault(given["note"], []).append(titled(name, labels))
    if not rows:
        return ()
    header: tuple[str, ...] = ("Quantity", "Mean", *(f"{p}%" for p in percentiles))
    whole: frozenset[int] = frozenset()
    across = len(keys)
    if extra:
        header, whole = (*header, "Guesstimate’s interval"), frozenset({len(header)})
    numeric = frozenset(range(1, len(header)))
    table = Table(caption, header, tuple(rows), numeric, across=across, whole=whole)
    blocks: list[Block] = [table, Paragraphs(_ERRORS)]
    for note, titles in notes.items():
        blocks.append(Paragraphs(f"{UNRELIABLE} {', '.join(dict.fromkeys(titles))}: {note}."))
    return tuple(blocks)


def _head(name: str, entry: QuantityData, labels: tuple[str, ...] = ()) -> Cell:
    """Name, unit and description of a quantity; the label alone where it has some."""
    if labels:
        return Cell(labelled(entry, labels))
    words = "probability" if is_chance(entry) else _unit(entry["unit"])
    small = [text for text in (words, entry["doc"], words_for(entry)) if text]
    if entry["formula"] and not entry["main"]:
        small.append(f"= {entry['formula']}")
    if entry["from"]:
        small.append(f"from {entry['from']}")
    return Cell(name, tuple(small), name=True)


def _numbers(
    entry: QuantityData, labels: tuple[str, ...], keys: Sequence[str], *, extra: bool
) -> Iterator[Cell]:
    blank = Cell("")
    if is_chance(entry):
        chance = at(entry, "probability" if entry["indicator"] else "mean", labels)
        yield Cell(f"{figure(in_percent(chance))}%")
        yield from [blank] * (len(keys) - 1 + extra)
        return
    mean, *quantiles = (at(entry, key, labels) for key in keys)
    *parts, head = figures(*quantiles, mean=mean, unit=entry["unit"])
    shown = [head, *parts]
    if len(set(shown)) == 1:
        shown = [shown[0], *[""] * len(parts)]  # it does not vary
    yield from map(Cell, shown)
    if extra:
        pair = at(entry, "guesstimate_interval", labels)
        yield Cell(interval(pair["low"], pair["high"], unit=entry["unit"])) if pair else blank


def _pictures(document: Document) -> Section:
    pictures = [
        picture
        for picture in document["pictures"]
        if picture["quantity"] is not None and picture["kind"] not in _ELSEWHERE
    ]
    shown = {picture["quantity"] for picture in document["pictures"]}
    blocks: tuple[Block, ...] = tuple(
        Picture(
            picture["file"],
            _caption(document, str(picture["quantity"]), picture["kind"]),
            picture["alt"],
            wide=picture["kind"] not in ("density", _CUMULATIVE),
            # A form and the cumulative distribution that follows stand beside each other.
            first=after is not None
            and (after["kind"], after["quantity"]) == (_CUMULATIVE, picture["quantity"]),
        )
        for picture, after in zip_longest(pictures, pictures[1:])
    )
    others = [
        name
        for name, entry in document["quantities"].items()
        if entry["main"]
        and entry["kind"] != "constant"
        and name not in shown
        and shown_alone(document, name)
    ]
    if blocks and others:
        blocks += (Paragraphs(f"Without a picture here: {', '.join(others)}."),)
    return Section("pictures", "Distributions", blocks)


def _caption(document: Document, name: str, kind: str) -> str:
    entry = document["quantities"][name]
    dims = [dim for dim in entry["dims"] if dim != "category"]
    if entry["indicator"] or len(dims) < len(entry["dims"]):
        kind = "probability"
    text = f"{name} by {' and '.join(dims)}" if dims else f"{name}: {kind}"
    also = [
        f"{other} is a constant {'over' if inverse else 'times'} it"
        for other, inverse in same_as(document, name).items()
    ]
    return "; ".join([text, *also])


def _graph(document: Document) -> Section:
    blocks = tuple(
        Picture(picture["file"], "What is computed from what", picture["alt"], wide=True)
        for picture in document["pictures"]
        if picture["quantity"] is None
    )
    return Section("graph", "Graph of the model", blocks)


def _dependence(document: Document) -> Section:
    rows: list[tuple[Cell, ...]] = []
    before = ""
    for given in document["dependence"]:
        name, labels = given["output"], tuple(map(str, given["labels"].values()))
        if not shown_alone(document, name):
            continue
        likewise = tuple(
            f"{other}: with the other sign" if inverse else f"{other} likewise"
            for other, inverse in same_as(document, name).items()
        )
        if labels and name != before:
            rows.append((Cell(name, likewise, name=True),))
        before = name
        inputs = [
            f"{each['input']} {signed(each['value'])}" for each in given["inputs"][:_STRONGEST]
        ]
        more = len(given["inputs"]) - _STRONGEST
        text = ", ".join(inputs) + (f" and {more} weaker" if more > 0 else "")
        entry = document["quantities"][name]
        head = Cell(labelled(entry, labels)) if labels else Cell(name, likewise, name=True)
        rows.append((head, Cell(text or "none above 0.05")))
    if not rows:
        return Section("dependence", "What results depend on", ())
    table = Table(
        "Uncertain inputs by rank correlation",
        ("Result", "Inputs, the strongest first"),
        tuple(rows),
        across=1,
    )
    words = (
        "Spearman’s rank correlation with the result: the nearer to 1 or −1, the more closely the "
        "result rises or falls with that input. Those below 0.05 are left out."
    )
    return Section("dependence", "What results depend on", (Paragraphs(words), table))


def _inputs(document: Document) -> Section:
    rows = []
    for name, entry in document["quantities"].items():
        if entry["kind"] == "derived":
            continue
        small = [entry["doc"]] if entry["doc"] else []
        if entry["from"]:
            small.append(f"from {entry['from']}")
        value, *more = _values(entry)
        family = entry["distribution"]
        rows.append(
            (
                Cell(name, tuple(small), name=True),
                Cell(value, (family.replace("_", " "),) if family else (), more=tuple(more)),
                Cell(entry["source"] or "no source"),
            )
        )
    if not rows:
        return Section("inputs", "Inputs", ())
    header = ("Input", "Value, or 5% to 95%", "Source")
    table = Table("Inputs and where they come from", header, tuple(rows), across=1)
    return Section("inputs", "Inputs", (table,))


def _values(entry: QuantityData) -> list[str]:
    """A line for the value, or for that at each label; one that is the same at all of them is said
    once."""
    lines, texts = [], []
    for labels in coordinates(entry):
        mean, low, high = (at(entry, key, labels) for key in ("mean", "p5", "p95"))
        if is_chance(entry):
            text = f"{figure(in_percent(mean))}%"
        elif entry["kind"] == "constant":
            text = with_unit(exactly(mean), entry["unit"])
        else:
            text = with_unit(interval(low, high, unit=entry["unit"]), entry["unit"])
        head = f"{labelled(entry, labels)}: " if labels else ""
        lines.append(head + text)
        texts.append(text)
    everywhere = len(texts) == math.prod(map(len, entry["dims"].values())) > 1
    if everywhere and len(set(texts)) == 1 and "category" not in entry["dims"]:
        return [f"{texts[0]} at each {' and '.join(entry['dims'])}"]
    return lines or ["not applicable"]


def _footer(document: Document) -> tuple[str, ...]:
    return (
        f"{document['samples']:,} samples ({document['method']}, {document['replicates']} "
        f"replicates), seed {document['seed']}.",
    )


# --- words --------------------------------------------------------------------------------------


def _unit(unit: str) -> str:
    return "%" if unit == "percent" else unit
