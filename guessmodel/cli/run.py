"""`guessmodel run`: sample a model and show its quantities as a table or as JSON."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from guessmodel.analysis.answers import insert
from guessmodel.cli.names import pick
from guessmodel.cli.options import (
    INTERRUPTED,
    Subparsers,
    add_sampling,
    changed,
    sampled,
    warn,
)
from guessmodel.cli.streams import json_text, results, say
from guessmodel.cli.tables import Table, can_show, histogram, show
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.dims import Label
from guessmodel.model.model import Model
from guessmodel.simulation import Run, Simulation
from guessmodel.simulation.summary import Row

__all__ = ["execute", "register"]

_HEADER = ("quantity", "unit", "mean", "5%", "50%", "95%")
_STATISTICS = ("mean", "sd", "p5", "p50", "p95")
_ABSENT = "–"
_DIGITS, _FEWER = 6, 3  # of numbers without ±


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "run",
        help="sample a model and show its quantities",
        description="Sample a model and show mean, 5%, 50% and 95% of its quantities, each with "
        "its sampling error. Outputs, on which nothing depends, are marked with *.",
    )
    parser.add_argument("file", metavar="FILE", help="a model file")
    parser.add_argument(
        "names", metavar="NAME", nargs="*", default=[], help="show these only: price, or cost[2025]"
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="show helpers too (_names, names in loops, members of dicts and lists), and a line "
        "for each label",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_sampling(parser)
    group = parser.add_argument_group("large runs")
    group.add_argument(
        "--store",
        metavar="PATH",
        help="write all draws to a Zarr store too; the same command goes on after a kill",
    )
    group.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="run on a Dask cluster, such as tcp://host:8786; results do not change",
    )
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    model = changed(Model.from_file(args.file), args.set)
    picks = [pick(model, text) for text in args.names]
    names = list(dict.fromkeys(name for name, _ in picks)) or None
    simulation = sampled(model, args, names, partial=True, store=args.store, cluster=args.cluster)
    if simulation.run.partial and args.store is not None:
        warn(f"{args.store}.part holds the draws so far; the same command goes on from there")
    rows = _wanted(simulation.summary().rows, picks)
    made = _document(simulation, rows, args.file) if args.json else None
    with results():
        if made is not None:
            print(json_text(made))
        else:
            _show(simulation.run, rows, args.file, whole=args.all or bool(picks))
    return INTERRUPTED if simulation.run.partial else 0


# --- the table ----------------------------------------------------------------------------------


def _wanted(
    rows: Sequence[Row], picks: Sequence[tuple[str, Mapping[str, Label]]]
) -> tuple[Row, ...]:
    """The rows of the quantities and labels that were named; all of them where none was."""

    def named(row: Row) -> bool:
        return any(
            row.name == name and labels.items() <= row.labels.items() for name, labels in picks
        )

    return tuple(row for row in rows if not picks or named(row))


def _lines(rows: Sequence[Row], *, whole: bool) -> list[list[Row]]:
    """The rows of each line: one, or all labels of a constant. The `whole` table has a line for
    each row; else helpers are left out."""
    if whole:
        return [[row] for row in rows]
    shown = [row for row in rows if not row.helper] or rows
    lines: list[list[Row]] = []
    for row in shown:
        if lines and row.kind == "constant" and lines[-1][-1].name == row.name:
            lines[-1].append(row)
        else:
            lines.append([row])
    return lines


def _show(run: Run, all_rows: Sequence[Row], file: str, *, whole: bool) -> None:
    lines = _lines(all_rows, whole=whole)
    rows = [line[0] for line in lines]
    plain = not can_show(f"±{_ABSENT}…█", sys.stdout)
    say(_spelled(f"{file}: {run.heading}", plain))
    say()
    pictures = [histogram(row.result.preview, plain=plain) for row in rows]
    full = [_cells(line, _DIGITS) for line in lines]
    short = [_cells(line, _FEWER) for line in lines]
    strong = frozenset(i for i, row in enumerate(rows) if row.output)
    layouts = [
        Table(
            (*_HEADER, "")[: len(body[0])],
            tuple(tuple(_spelled(cell, plain) for cell in cells) for cells in body),
            frozenset({0, 1}),
            strong,
        )
        for body in (_beside(full, pictures), full, _beside(short, pictures), short)
    ]
    show(layouts, sys.stdout)
    rest = [row for line in lines for row in line]
    for note in _notes(rest):
        say(_spelled(note, plain))
    if len(rest) < len(all_rows):
        names = len({row.name for row in all_rows} - {row.name for row in rest})
        say(f"{names} helper{'s are' if names > 1 else ' is'} left out; --all shows them")


def _cells(line: Sequence[Row], digits: int) -> tuple[str, ...]:
    """Name, unit and statistics; these in fewer digits, which need no ±, where it is narrow.

    Of a constant with several labels: the value that all have, else the first and the last.
    """
    row, last = line[0], line[-1]
    cells = [_cell(estimate, text) for estimate, text in row.numbers(digits)]
    title = row.title
    if last is not row:
        ends = (", ".join(map(str, each.labels.values())) for each in (row, last))
        title = " ".join(f"{row.name}[{'…'.join(ends)}]".splitlines())
        there = [each for each in line if each.mean is not None] or [row]
        cells = [_cell(estimate, text) for estimate, text in there[0].numbers(digits)]
        if len({each.mean.value for each in there if each.mean is not None}) > 1:
            values = [each.numbers(digits)[0][1] for each in (there[0], there[-1])]
            cells = [" … ".join(values), *[""] * (len(cells) - 1)]
    return f"{title} *" if row.output else title, row.unit, *cells


def _beside(cells: list[tuple[str, ...]], pictures: list[str]) -> list[tuple[str, ...]]:
    return [(*row, picture) for row, picture in zip(cells, pictures, strict=True)]


def _cell(estimate: Estimate | None, text: str) -> str:
    if estimate is None:
        return ""
    shown = _ABSENT if math.isnan(estimate.value) else text
    return shown if estimate.reliable else f"{shown} !"


def _notes(rows: Sequence[Row]) -> list[str]:
    """What the marks mean: one line a reservation, with the quantities that it is about."""
    about: dict[str, list[str]] = {}
    for row in rows:
        for estimate in (row.mean, row.p5, row.p50, row.p95):
            if estimate is not None and estimate.note is not None:
                about.setdefault(estimate.note, []).append(row.title)
    return [f"! {', '.join(dict.fromkeys(titles))}: {note}" for note, titles in about.items()]


def _spelled(text: str, plain: bool) -> str:
    return text.replace("±", "+-").replace(_ABSENT, "-").replace("…", "...") if plain else text


# --- JSON ---------------------------------------------------------------------------------------


def _document(simulation: Simulation, rows: Sequence[Row], file: str) -> dict[str, Any]:
    run = simulation.run
    quantities: dict[str, dict[str, Any]] = {}
    for row in rows:
        entry = quantities.setdefault(row.name, _entry(row))
        for key in _STATISTICS:
            estimate: Estimate | None = getattr(row, key)
            path = [key, *map(str, row.labels.values())]
            insert(entry, path, estimate and estimate.to_dict())
    return {
        "model": simulation.model.title,
        "file": file,
        "seed": run.seed,
        "samples": run.samples,
        "method": run.method,
        **({"partial": True} if run.partial else {}),
        "quantities": quantities,
    }


def _entry(row: Row) -> dict[str, Any]:
    quantity = row.result.quantity
    dims = {dim.name: list(dim.labels) for dim in quantity.dims}
    if quantity.categories:
        dims["category"] = list(quantity.categories)
    return {
        "unit": row.unit,
        "kind": row.kind,
        "doc": row.doc,
        "source": row.source,
        "dims": dims,
    }
