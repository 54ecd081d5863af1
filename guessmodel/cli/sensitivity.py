"""`guessmodel sensitivity`: what drives an output, as a table or as JSON."""

from __future__ import annotations

import argparse
import sys

from guessmodel.analysis.drivers import Sensitivity
from guessmodel.cli.names import pick
from guessmodel.cli.options import Subparsers, add_sampling, changed, sampled
from guessmodel.cli.streams import json_text, results, say
from guessmodel.cli.tables import Table, can_show, show
from guessmodel.model.model import Model

__all__ = ["execute", "register"]


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "sensitivity",
        help="show what drives an output",
        description="Show for each input of an output its share of the variance, alone and in all "
        "(with what it does together with others), its rank correlation, and a statistic of the "
        "output with the input held at its 5th and at its 95th percentile.",
    )
    parser.add_argument("file", metavar="FILE", help="a model file")
    parser.add_argument("output", metavar="OUTPUT", help="a quantity: cost, or cost[2025]")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--of",
        metavar="STATISTIC",
        default="mean",
        help="what the last columns are about: mean, probability, median, sd, p95 … (default mean)",
    )
    add_sampling(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    model = changed(Model.from_file(args.file), args.set)
    name, labels = pick(model, args.output)
    answer = sampled(model, args, [name]).sensitivity(name, of=args.of)
    if labels:
        answer = answer.sel(**labels)
    with results():
        if args.json:
            print(json_text(answer.to_dict()))
        else:
            _show(answer, args.file)
    return 0


def _show(answer: Sensitivity, file: str) -> None:
    plain = not can_show("±–…", sys.stdout)
    say(_spelled(f"{file}: {answer.heading}", plain))
    say(_spelled(answer.title, plain))
    say()
    head, *body = answer.cells()
    rows = tuple(tuple(_spelled(cell, plain) for cell in row) for row in body)
    show([Table(tuple(head), rows)], sys.stdout)
    for note in answer.notes():
        say(_spelled(note, plain))


def _spelled(text: str, plain: bool) -> str:
    return text.replace("±", "+-").replace("–", "-").replace("…", "...") if plain else text
