"""`guessmodel correlation`: which quantities go together, as a table or as JSON."""

from __future__ import annotations

import argparse

from guessmodel.cli.options import Subparsers, add_sampling, model_of, sampled
from guessmodel.cli.questions import picked
from guessmodel.cli.streams import results
from guessmodel.cli.tables import show_answer

__all__ = ["execute", "register"]


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "correlation",
        description="Show the correlation of each input with each output; of some quantities, with "
        "each other. 'cost[twitter]' is one label of a quantity.",
    )
    parser.add_argument("file", metavar="FILE", help="a model file")
    parser.add_argument("names", metavar="NAME", nargs="*", help="quantities (default: all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--statistic",
        choices=("rank", "pearson"),
        default="rank",
        help="Spearman's rank correlation (default), or Pearson's",
    )
    add_sampling(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    model, picks = picked(model_of(args), args.names)
    names = list(dict.fromkeys(name for name, _ in picks)) or None
    simulation = sampled(model, args, names)
    which = [simulation[name].sel(**labels) for name, labels in picks]
    answer = simulation.correlations(*which, statistic=args.statistic)
    with results():
        show_answer(answer, args, answer.title)
    return 0
