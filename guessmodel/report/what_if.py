"""The sweeps that a model file states, and what is sought in it: the data of a document, and their
section of a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from guessmodel.analysis.seek import Sought
from guessmodel.analysis.stated import StatedSeek, StatedSweep, seeks_of, sweeps_of
from guessmodel.analysis.statistic import HowDrawn
from guessmodel.analysis.sweep import Sweep
from guessmodel.claims.report_format import (
    CrossedData,
    Document,
    EstimateData,
    FigureData,
    FoundData,
    QuantityData,
    SeekData,
    SweepData,
    SweptData,
)
from guessmodel.errors import GuessmodelError
from guessmodel.graph.dims import titled
from guessmodel.model.model import Model
from guessmodel.report.numbers import AsData, figure, figures, in_percent, is_chance, with_unit
from guessmodel.report.page import Block, Cell, Details, Paragraphs, Picture, Section, Table
from guessmodel.simulation import Simulation

__all__ = ["NOTHING", "WhatIf", "seeks_data", "sweeps_data", "what_if", "what_if_section"]

_ROWS: Final = 24  # of a table; longer ones are folded


class WhatIf(NamedTuple):
    """What a model is asked for, each with the answer; and why there is none of others."""

    sweeps: list[tuple[StatedSweep, Sweep]]
    seeks: list[tuple[StatedSeek, Sought]]
    refused: list[str]


NOTHING: Final = WhatIf([], [], [])


def what_if(model: Model, simulation: Simulation) -> WhatIf:
    """The answers, on the draws of a run."""
    run = simulation.run
    how: HowDrawn = {"n": run.samples, "seed": run.seed, "method": run.method}
    found = WhatIf([], [], [])
    for asked in sweeps_of(model):
        try:
            found.sweeps.append((asked, asked.evaluate(model, **how)))
        except GuessmodelError as error:
            found.refused.append(error.message)
    for sought in seeks_of(model):
        try:
            found.seeks.append((sought, sought.evaluate(model, **how)))
        except GuessmodelError as error:
            found.refused.append(error.message)
    return found


def sweeps_data(given: WhatIf, told: AsData) -> list[SweepData]:
    """Sweeps as a document has them; `told` is how it has an estimate."""
    return [
        {
            "output": answer.whole,
            "doc": asked.doc,
            "over": dict(answer.units),
            "rows": [
                {
                    "at": {name: float(row.labels[name]) for name in answer.over},
                    "labels": {
                        **answer.labels,
                        **{k: v for k, v in row.labels.items() if k not in answer.over},
                    },
                    "mean": None if row.mean is None else told(row.mean),
                    "p5": None if row.p5 is None else told(row.p5),
                    "p50": None if row.p50 is None else told(row.p50),
                    "p95": None if row.p95 is None else told(row.p95),
                }
                for row in answer.rows
            ],
            "crossings": [
                {
                    "statistic": each.statistic,
                    "crosses": each.of,
                    "labels": {**answer.labels, **each.labels},
                    "at": told(each.at.value),
                }
                for each in answer.crossings
            ],
        }
        for asked, answer in given.sweeps
    ]


def seeks_data(given: WhatIf, told: AsData) -> list[SeekData]:
    """What is sought, as a document has it; `told` is how it has an estimate."""
    return [
        {
            "output": answer.output,
            "doc": asked.doc,
            "statistic": answer.statistic,
            "target": _with_unit(told(answer.target), answer.target.unit),
            "by": answer.by,
            "unit": answer.unit,
            "found": [
                {"value": told(each.value), "reached": told(each.reached)} for each in answer.found
            ],
            "nearest": None
            if answer.nearest is None
            else {"value": told(answer.nearest.value), "reached": told(answer.nearest.reached)},
            "searched": list(answer.searched),
        }
        for asked, answer in given.seeks
    ]


def _with_unit(data: EstimateData, unit: str) -> FigureData:
    return {**data, "unit": unit}


def what_if_section(document: Document) -> Section:
    """A table of each sweep, one of what is sought, and their pictures."""
    blocks: list[Block] = []
    for given in document.get("sweeps", []):
        blocks += _sweep_blocks(given, document["quantities"][given["output"]])
    if rows := tuple(_seek_rows(document)):
        head = ("Sought", "Value", "What comes of it")
        blocks.append(Table("What it would take", head, rows, frozenset({1, 2}), across=2))
    if blocks:
        blocks.insert(0, Paragraphs("All values are seen on the same random numbers."))
    blocks += [
        Picture(picture["file"], f"{picture['quantity']}: {words}", picture["alt"], wide=True)
        for picture in document["pictures"]
        if (words := {"sweep": "sweep", "seek": "what it would take"}.get(picture["kind"]))
    ]
    return Section("what-if", "What if", tuple(blocks))


def _sweep_blocks(given: SweepData, entry: QuantityData) -> Iterator[Block]:
    title, unit = f"{given['output']} over {' and '.join(given['over'])}", entry["unit"]
    if given["doc"]:
        yield Paragraphs(f"{title}: {' '.join(given['doc'].split())}")
    inputs = [f"{name} [{own}]" if own else name for name, own in given["over"].items()]
    chance = is_chance(entry)
    rows: list[tuple[Cell, ...]] = []
    for labels, lines in _by_labels(given).items():
        head = titled(given["output"], labels)
        rows.append((Cell(f"{head} [{unit}]" if unit else head, name=True),))
        rows += [(*_at(line), *map(Cell, _texts(line, unit, chance=chance))) for line in lines]
    header = (*inputs, "Probability") if chance else (*inputs, "Mean", "5%", "50%", "95%")
    table = Table(title, header, tuple(rows), frozenset(range(1, len(header))), across=2)
    yield table if len(rows) <= _ROWS else Details(f"{title} ({len(rows)} rows)", (table,))
    if given["crossings"]:
        yield Paragraphs("\n\n".join(_crossing(given, each, unit) for each in given["crossings"]))


def _by_labels(given: SweepData) -> Mapping[tuple[str, ...], list[SweptData]]:
    found: dict[tuple[str, ...], list[SweptData]] = {}
    for row in given["rows"]:
        found.setdefault(tuple(map(str, row["labels"].values())), []).append(row)
    return found


def _at(line: SweptData) -> Iterator[Cell]:
    yield from (Cell(f"{value:.6g}") for value in line["at"].values())


def _texts(line: SweptData, unit: str, *, chance: bool) -> list[str]:
    if line["mean"] is None:
        return ["–"]
    if chance:
        return [f"{figure(in_percent(line['mean']))}%"]
    return [figure(line["mean"], unit), *figures(line["p5"], line["p50"], line["p95"], unit=unit)]


def _crossing(given: SweepData, each: CrossedData, unit: str) -> str:
    (name, own), *_ = given["over"].items()
    title = titled(given["output"], map(str, each["labels"].values()))
    value = with_unit(f"{each['crosses']:.6g}", unit)
    at = with_unit(figure(each["at"], own), own)
    return f"{each['statistic']} of {title} crosses {value} at {name} = {at}."


def _seek_rows(document: Document) -> Iterator[tuple[Cell, ...]]:
    for given in document.get("seeks", []):
        target = given["target"]
        unit = target["unit"]
        chance = given["statistic"].startswith(("prob", "P("))
        wanted = _reached(target, unit, chance=chance)
        title = f"{given['by']} at which {given['statistic']} of {given['output']} is {wanted}"
        head = Cell(title, (given["doc"],) if given["doc"] else (), name=True)
        for each in given["found"]:
            yield head, *_found(each, given["unit"], unit, chance=chance)
            head = Cell("")
        if not given["found"]:
            low, high = (f"{end:.4g}" for end in given["searched"])
            none = Cell("none", (f"between {low} and {with_unit(high, given['unit'])}",))
            near = given["nearest"]
            if near is None:
                yield head, none, Cell("")
            else:
                at, reached = _found(near, given["unit"], unit, chance=chance)
                yield head, none, Cell(reached.text, (f"the nearest, at {at.text}",))


def _found(given: FoundData, own: str, unit: str, *, chance: bool) -> tuple[Cell, Cell]:
    value, reached = given["value"], given["reached"]
    notes = tuple(dict.fromkeys(each["note"] for each in (value, reached) if "note" in each))
    return (
        Cell(with_unit(figure(value, own), own)),
        Cell(_reached(reached, unit, chance=chance), notes),
    )


def _reached(given: EstimateData, unit: str, *, chance: bool) -> str:
    """A statistic that is sought or found; a probability in percent."""
    return f"{figure(in_percent(given))}%" if chance else with_unit(figure(given, unit), unit)
