"""`guessmodel seek`: the value of an input at which a statistic of an output is on target."""

from __future__ import annotations

import argparse
from functools import partial

from guessmodel.analysis.stated import seeks_of
from guessmodel.cli.options import (
    Subparsers,
    add_sampling,
    model_of,
    typed,
    warn_of_unnamed,
)
from guessmodel.cli.pictures import add_picture, save_picture
from guessmodel.cli.questions import add_question, check_stated
from guessmodel.cli.streams import results
from guessmodel.cli.tables import show_answers
from guessmodel.errors import UsageError

__all__ = ["execute", "register"]

_QUESTION = ("statistic", "target", "by", "between")


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "seek",
        description="Find the values of an input at which a statistic of an output is on target, "
        "each with its sampling error. Without --target and --by, answer what the file states "
        "with gm.seek.",
    )
    add_question(parser, stated=True)
    parser.add_argument(
        "--statistic",
        metavar="STATISTIC",
        help="mean, median, sd, p95 …, probability of a comparison, or 'P(> 5 USD)' (default mean)",
    )
    parser.add_argument("--target", metavar="VALUE", help="what it should be: 5%%, 100 USD")
    parser.add_argument("--by", metavar="NAME", help="the input that is changed")
    parser.add_argument(
        "--between",
        metavar="FROM..TO",
        type=typed(_between),
        help="where to look: 1..10 (default: around its present value, ever wider)",
    )
    add_picture(parser, "write a picture too, as SVG, PNG or PDF: the statistic against the input")
    add_sampling(parser, whole=False)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    given = [key for key in _QUESTION if getattr(args, key) is not None]
    if given and not {"target", "by"} <= set(given):
        missing = next(key for key in ("target", "by") if key not in given)
        raise UsageError(f"--{given[0]} needs --{missing} too: --target 5% --by price")
    if given and args.output is None:
        raise UsageError("name an OUTPUT, whose statistic is to be on target")
    model = model_of(args)
    how = {"n": args.samples, "seed": args.seed, "method": args.method}
    if given:
        asked = args.output, args.statistic or "mean", args.target
        found = model.seek(*asked, by=args.by, between=args.between, **how)
        answers = [(found, "")]
    else:
        stated = seeks_of(model, args.output)
        example = "gm.seek(profit, 'P(> 0)', '95%', by=price)"
        check_stated(stated, args, "--target 5% --by price", example)
        each_found = [(each.evaluate(model, **how), each.doc) for each in stated]
        answers = [
            (found, f"{found.question}: {doc}" if doc else found.question)
            for found, doc in each_found
        ]
    warn_of_unnamed(model)
    with results():
        beside = 1 if answers[0][0].beside else 0
        show_answers(answers, args, None if given else "seeks", names=beside)
        if args.picture is not None:
            from guessmodel.plots.seek import seek, seek_in_words

            ((found, _),) = answers
            words = seek_in_words(found)
            save_picture(partial(seek, found), args.picture, words, quiet=args.json)
    return 0


def _between(text: str) -> tuple[str, str]:
    low, dots, high = (part.strip() for part in text.partition(".."))
    if not (low and dots and high):
        raise UsageError(f"{text!r}: write from..to, such as 1..10 or '1 USD..10 USD'")
    return low, high
