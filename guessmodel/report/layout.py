"""The page of one model: what of its document is shown, in which order and words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from guessmodel.claims.report_format import (
    Document,
    EstimateData,
    QuantityData,
)
from guessmodel.graph.dims import titled
from guessmodel.report.answers import lead
from guessmodel.report.claims import claims_section
from guessmodel.report.drivers import drivers_section
from guessmodel.report.numbers import (
    UNRELIABLE,
    at,
    coordinates,
    estimate,
    exactly,
    figure,
    figures,
    interval,
    is_chance,
    percent,
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
from guessmodel.report.scenarios import scenarios_section

__all__ = ["INDEX", "layout"]

INDEX = "index"
_STRONGEST = 6
_STATISTICS = ("mean", "p5", "p50", "p95")
_ERRORS = (
    "± is the 90% interval of the sampling error; where there is none, the error is below half of "
    "the last digit."
)


def layout(document: Document) -> Page:
    """The page of a document."""
    sections = [
        _about(document),
        _headlines(document),
        _results(document),
        claims_section(document),
        scenarios_section(document),
        _pictures(document),
        drivers_section(document),
        _dependence(document),
        _inputs(document),
        _graph(document),
        _others(document),
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
    blocks += [Paragraphs(f"Warning: {remark}.") for remark in document["remarks"]]
    return Section("about", "About", tuple(blocks))


def _headlines(document: Document) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for name, statistics in document.get("headlines", {}).items():
        rows.append((Cell(name, name=True),))
        for statistic, given in statistics.items():
            rows.append((Cell(statistic), Cell(with_unit(figure(given), given["unit"]))))
    table = Table("What the model is asked for", ("Statistic", "Result"), tuple(rows))
    return Section("headlines", "Headlines", (table,) if rows else ())


def _results(document: Document) -> Section:
    names = [n for n, e in document["quantities"].items() if e["main"] and e["kind"] != "constant"]
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
    extra = any("guesstimate_interval" in entry for entry in entries.values())
    for name, entry in entries.items():
        if entry["dims"]:
            rows.append((_head(name, entry),))
        for labels in coordinates(entry):
            rows.append((_head(name, entry, labels), *_numbers(entry, labels, extra=extra)))
            for key in _STATISTICS:
                given = at(entry, key, labels)
                if given is not None and given.get("note"):
                    notes.setdefault(given["note"], []).append(titled(name, labels))
    if not rows:
        return ()
    header: tuple[str, ...] = ("Quantity", "Mean", "5%", "50%", "95%")
    whole: frozenset[int] = frozenset()
    if extra:
        header, whole = (*header, "Guesstimate’s interval"), frozenset({5})
    numeric = frozenset(range(1, len(header)))
    table = Table(caption, header, tuple(rows), numeric, across=4, whole=whole)
    blocks: list[Block] = [table, Paragraphs(_ERRORS)]
    for note, titles in notes.items():
        blocks.append(Paragraphs(f"{UNRELIABLE} {', '.join(dict.fromkeys(titles))}: {note}."))
    return tuple(blocks)


def _head(name: str, entry: QuantityData, labels: tuple[str, ...] = ()) -> Cell:
    """Name, unit and description of a quantity; the label alone where it has some."""
    if labels:
        return Cell(_labelled(entry, labels))
    words = "probability" if is_chance(entry) else _unit(entry["unit"])
    small = [text for text in (words, entry["doc"]) if text]
    if entry["formula"] and not entry["main"]:
        small.append(f"= {entry['formula']}")
    if entry["from"]:
        small.append(f"from {entry['from']}")
    return Cell(name, tuple(small), name=True)


def _numbers(entry: QuantityData, labels: tuple[str, ...], *, extra: bool) -> Iterator[Cell]:
    blank = Cell("")
    if is_chance(entry):
        chance = at(entry, "probability" if entry["indicator"] else "mean", labels)
        yield Cell(f"{figure(percent(chance))}%")
        yield from [blank] * (3 + extra)
        return
    mean, *quantiles = (at(entry, key, labels) for key in _STATISTICS)
    *parts, head = figures(*quantiles, mean=mean)
    shown = [head, *parts]
    if len(set(shown)) == 1:
        shown = [shown[0], "", "", ""]  # it does not vary
    yield from map(Cell, shown)
    if extra:
        pair = at(entry, "guesstimate_interval", labels)
        yield Cell(interval(pair["low"], pair["high"])) if pair else blank


def _pictures(document: Document) -> Section:
    blocks = tuple(
        Picture(
            picture["file"],
            _caption(document["quantities"][name], name, picture["kind"]),
            picture["alt"],
            wide=picture["kind"] not in ("density", "cumulative distribution"),
            first=picture["kind"] == "density",
        )
        for picture in document["pictures"]
        if (name := picture["quantity"]) is not None
        and picture["kind"] not in ("tornado", "scenarios")
    )
    return Section("pictures", "Distributions", blocks)


def _caption(entry: QuantityData, name: str, kind: str) -> str:
    dims = [dim for dim in entry["dims"] if dim != "category"]
    if entry["indicator"] or len(dims) < len(entry["dims"]):
        kind = "probability"
    return f"{name} by {' and '.join(dims)}" if dims else f"{name}: {kind}"


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
        if labels and name != before:
            rows.append((Cell(name, name=True),))
        before = name
        inputs = [
            f"{each['input']} {_signed(each['value'])}" for each in given["inputs"][:_STRONGEST]
        ]
        more = len(given["inputs"]) - _STRONGEST
        text = ", ".join(inputs) + (f" and {more} weaker" if more > 0 else "")
        entry = document["quantities"][name]
        head = Cell(_labelled(entry, labels)) if labels else Cell(name, name=True)
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
    """A line for the value, or for that at each label."""
    lines = []
    for labels in coordinates(entry):
        mean, *ends = (at(entry, key, labels) for key in ("mean", "p5", "p95"))
        text = exactly(mean) if entry["kind"] == "constant" else interval(ends[0], ends[1])
        head = f"{_labelled(entry, labels)}: " if labels else ""
        lines.append(head + with_unit(text, entry["unit"]))
    return lines or ["not applicable"]


def _footer(document: Document) -> tuple[str, ...]:
    versions = ", ".join(f"{name} {version}" for name, version in document["versions"].items())
    lines = [
        f"{document['samples']:,} samples ({document['method']}, {document['replicates']} "
        f"replicates), seed {document['seed']}; {versions}."
    ]
    for place, digest in document["sha256"].items():
        lines.append(f"{place}: SHA-256 {digest[:16]}…")
    return tuple(lines)


# --- words --------------------------------------------------------------------------------------


def _labelled(entry: QuantityData, labels: tuple[str, ...]) -> str:
    """Labels; numbers with the name of their dimension."""
    parts = []
    for (dim, known), label in zip(entry["dims"].items(), labels, strict=True):
        number = not any(isinstance(each, str) for each in known)
        parts.append(f"{dim} {label}" if number else label)
    return ", ".join(parts)


def _unit(unit: str) -> str:
    return "%" if unit == "percent" else unit


def _signed(given: EstimateData) -> str:
    """A correlation to two decimals, with its ± where they do not hold.

    >>> _signed({"value": -0.834, "low": -0.837, "high": -0.831})
    '−0.83 ± 0.01'
    """
    text = replace(estimate(given), format=",2").text()
    return f"−{text[1:]}" if text.startswith("-") else f"+{text}"
