"""`guessmodel sensitivity`: what drives an output, as a table or as JSON."""

from __future__ import annotations

import argparse

from guessmodel.cli.names import pick
from guessmodel.cli.options import Subparsers, add_sampling, changed, sampled
from guessmodel.cli.streams import json_text, results
from guessmodel.cli.tables import show_answer
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
            head, *body = answer.cells()
            show_answer(
                f"{args.file}: {answer.heading}\n{answer.title}", head, body, answer.notes()
            )
    return 0
