"""`guessmodel run`: sample a model and show its quantities as a table or as JSON."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from guessmodel.cli.options import (
    INTERRUPTED,
    Subparsers,
    add_sampling,
    model_of,
    percentiles,
    refuse,
    sampled,
    typed,
    warn,
)
from guessmodel.cli.run_table import Pictures, in_short, show_answers, show_run, show_wide
from guessmodel.cli.streams import json_text, results, say
from guessmodel.cli.tables import show_table
from guessmodel.graph.dims import Label
from guessmodel.model.elements import pick
from guessmodel.model.model import Model
from guessmodel.model.side_by_side import base_of
from guessmodel.simulation import Simulation
from guessmodel.simulation.headline import Headlines, headlines, headlines_of
from guessmodel.simulation.statistics import statistic
from guessmodel.simulation.summary import Row, summarise

__all__ = ["execute", "register"]

Picks = Sequence[tuple[str, Mapping[str, Label]]]  # names, and labels of them


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "run",
        description="Sample a model and show mean, 5%, 50% and 95% of its quantities, each with "
        "its sampling error. Outputs, on which nothing depends, are marked with *.",
    )
    parser.add_argument("file", metavar="FILE", help="a model file")
    parser.add_argument(
        "names", metavar="NAME", nargs="*", default=[], help="show these only: price, or cost[2025]"
    )
    parser.add_argument(
        "--outputs",
        action="store_true",
        help="show the outputs only, or the headlines of the model where it has any",
    )
    parser.add_argument(
        "--given",
        metavar="CONDITION",
        help="show statistics of the draws in which this holds: 'demand > 1000 and price < 5 USD'",
    )
    parser.add_argument(
        "--percentiles",
        metavar="P,P,…",
        type=typed(percentiles),
        help="show these percentiles instead of 5, 50 and 95: 10,50,80,90",
    )
    parser.add_argument(
        "--wide",
        metavar="STATISTIC",
        help="of labelled quantities show one statistic (mean, sd, p95 …), one column a label",
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="show helpers too (_names, names in loops, members of dicts and lists, but for draws "
        "that others depend on), and a line for each label",
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
    model = model_of(args)
    picks = [pick(base_of(model), text) for text in args.names]
    if picks:
        refuse(args, ["outputs"], "beside names")
    if args.json:
        refuse(args, ["wide"], "on JSON, which has all labels")
    if args.scenarios:
        refuse(args, ["wide", "percentiles", "given"], "beside --scenarios")
    if args.wide is not None:
        statistic(args.wide)  # a wrong name is told before anything is drawn
    simulation = _simulated(model, picks, args)
    if args.scenarios:
        _show_scenarios(simulation, picks, args)
    elif args.json:
        _show_json(simulation, picks, args)
    else:
        _show_tables(simulation, picks, args)
    return INTERRUPTED if simulation.run.partial else 0


def _simulated(model: Model, picks: Picks, args: argparse.Namespace) -> Simulation:
    """The run of what was named, under the condition."""
    names = list(dict.fromkeys(name for name, _ in picks)) or None
    if args.outputs:
        names = list(model.outputs) if args.all else _unhidden(_asked_for(model))
    how: dict[str, Any] = {"store": args.store, "cluster": args.cluster}
    if args.precision is not None:
        how["given"] = args.given
    simulation = sampled(model, args, names, partial=True, **how)
    if simulation.run.partial and args.store is not None:
        warn(f"{args.store}.part holds the draws so far; the same command goes on from there")
    if args.given is not None and simulation.condition is None:
        simulation = simulation.given(args.given)
    return simulation


def _show_json(simulation: Simulation, picks: Picks, args: argparse.Namespace) -> None:
    from guessmodel.analysis.answers import quantities

    rows = _wanted(simulation.summary(args.percentiles).rows, picks)
    made = {**_head(simulation, args.file), "quantities": quantities(rows)}
    told = _headlines(simulation, picks)
    if told is not None:
        made["headlines"] = told.to_dict()
    with results():
        print(json_text(made))


def _show_tables(simulation: Simulation, picks: Picks, args: argparse.Namespace) -> None:
    """The table of quantities, and that of the answers that the model is asked for: below it, or
    alone."""
    run, asked, whole = simulation.run, args.percentiles, args.all or bool(picks)
    wide, pictures = args.wide, Pictures()
    if picks or wide is not None:
        summary = simulation.summary(asked)
    else:
        shown: dict[str, Any] = {} if args.all else {"shown": in_short}
        summary = summarise(simulation, percentiles=asked, before=pictures.draw, **shown)
    rows, told = _wanted(summary.rows, picks), _headlines(simulation, picks)
    if wide is not None and not any(row.labels for row in rows):
        warn("--wide has no effect here: nothing that is shown has labels")
    alone = args.outputs and not args.all and wide is None and asked is None
    with results():
        if wide is not None:
            show_wide(run, rows, args.file, wide, statistic(wide), whole=whole)
        elif told is None or not alone:
            left_out = summary.left_out
            show_run(
                run, rows, args.file, pictures, whole=whole, parts=not picks, left_out=left_out
            )
        if told is not None:
            show_answers(told.cells(), *((run, args.file) if alone else ()))
        for line in args.families_taken:
            say(line)


def _headlines(simulation: Simulation, picks: Picks) -> Headlines | None:
    """The answers that the model is asked for; None where it is asked for none, or where names
    were."""
    return headlines(simulation) if not picks and headlines_of(simulation.model) else None


def _show_scenarios(simulation: Simulation, picks: Picks, args: argparse.Namespace) -> None:
    answer = simulation.scenarios()
    answer = answer.chosen(_wanted([line.row for line in answer.lines], picks))
    with results():
        if args.json:
            print(json_text({**_head(simulation, args.file), **answer.to_dict()}))
        else:
            whole = args.all or bool(picks)
            show_table(
                f"{args.file}: {answer.heading}",
                answer.cells(whole=whole),
                [*answer.notes(), *args.families_taken],
                3,
            )


def _asked_for(model: Model) -> list[str]:
    """The quantities of the headlines, else all outputs."""
    found = [model.name_of(each.quantity) for each in headlines_of(model).values()]
    return list(dict.fromkeys(found)) or list(model.outputs)


def _unhidden(names: Sequence[str]) -> list[str]:
    return [name for name in names if not name.startswith("_")] or list(names)


def _wanted(rows: Sequence[Row], picks: Picks) -> tuple[Row, ...]:
    """The rows of the quantities and labels that were named; all of them where none was."""

    def named(row: Row) -> bool:
        return any(
            row.name == name and labels.items() <= row.labels.items() for name, labels in picks
        )

    return tuple(row for row in rows if not picks or named(row))


def _head(simulation: Simulation, file: str) -> dict[str, Any]:
    run, given = simulation.run, simulation.condition
    return {
        "model": simulation.model.title,
        "file": file,
        "seed": run.seed,
        "samples": run.samples,
        "method": run.method,
        **({"partial": True} if run.partial else {}),
        **({} if given is None else {"given": given.to_dict()}),
    }
