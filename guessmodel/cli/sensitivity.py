"""`guessmodel sensitivity`: what drives an output, as a table or as JSON."""

from __future__ import annotations

import argparse

from guessmodel.cli.options import Subparsers, add_question, add_sampling, model_of, sampled
from guessmodel.cli.streams import results
from guessmodel.cli.tables import show_answer
from guessmodel.model.elements import pick

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
    add_question(parser)
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
    model = model_of(args)
    name, labels = pick(model, args.output)
    answer = sampled(model, args, [name]).sensitivity(name, of=args.of)
    if labels:
        answer = answer.sel(**labels)
    with results():
        show_answer(answer, args, answer.title)
    return 0
