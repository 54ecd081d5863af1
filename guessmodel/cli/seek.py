"""`guessmodel seek`: the value of an input at which a statistic of an output is on target."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from guessmodel.cli.options import (
    Subparsers,
    add_question,
    add_sampling,
    model_of,
    typed,
    warn_of_unnamed,
)
from guessmodel.cli.pictures import check_picture, save_picture
from guessmodel.cli.streams import results
from guessmodel.cli.tables import show_answer
from guessmodel.errors import UsageError
from guessmodel.model.elements import pick
from guessmodel.model.side_by_side import base_of

__all__ = ["execute", "register"]


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "seek",
        help="find the value of an input at which a statistic is on target",
        description="Find the values of an input at which a statistic of an output is on target, "
        "each with its sampling error.",
    )
    add_question(parser)
    parser.add_argument(
        "--statistic",
        metavar="STATISTIC",
        default="mean",
        help="mean, median, sd, p95 …, probability of a comparison, or 'P(> 5 USD)' (default mean)",
    )
    parser.add_argument(
        "--target", metavar="VALUE", required=True, help="what it should be: 5%%, 100 USD"
    )
    parser.add_argument("--by", metavar="NAME", required=True, help="the input that is changed")
    parser.add_argument(
        "--between",
        metavar="FROM..TO",
        type=typed(_between),
        help="where to look: 1..10 (default: around its present value, ever wider)",
    )
    parser.add_argument(
        "--picture",
        metavar="FILE",
        help="write a picture too, as SVG, PNG or PDF: the statistic against the input",
    )
    add_sampling(parser, whole=False)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    if args.picture is not None:
        check_picture(Path(args.picture))
    model = model_of(args)
    name, labels = pick(base_of(model), args.output)
    found = model.seek(
        name,
        args.statistic,
        args.target,
        by=args.by,
        between=args.between,
        labels=labels,
        n=args.samples,
        seed=args.seed,
        method=args.method,
    )
    warn_of_unnamed(model)
    with results():
        show_answer(found, args, names=1 if found.beside else 0)
        if args.picture is not None:
            from guessmodel.plots.seek import seek, seek_in_words

            words = seek_in_words(found)
            save_picture(partial(seek, found), Path(args.picture), words, quiet=args.json)
    return 0


def _between(text: str) -> tuple[str, str]:
    low, dots, high = (part.strip() for part in text.partition(".."))
    if not (low and dots and high):
        raise UsageError(f"{text!r}: write from..to, such as 1..10 or '1 USD..10 USD'")
    return low, high
