"""`guessmodel sweep`: an output at several values of an input, as a table, JSON or a picture."""

from __future__ import annotations

import argparse
from functools import partial

from guessmodel.analysis.stated import sweeps_of
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


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "sweep",
        description="Show mean, 5%, 50% and 95% of an output at each value of an input, or of "
        "two, all on the same draws, and where they cross a value. Without --over, answer the "
        "sweeps that the file states with gm.sweep.",
    )
    add_question(parser, stated=True)
    parser.add_argument(
        "--over",
        metavar="NAME=VALUES",
        action="append",
        default=[],
        type=typed(_over),
        help="from..to:count, such as price=1..10:10, 'price=1..100:7 USD log' or a list, "
        "'price=3, 5, 8 USD'; may be given twice",
    )
    parser.add_argument(
        "--crosses",
        metavar="VALUE",
        help="say where the statistics of the output cross this value (default 0)",
    )
    add_picture(
        parser, "write a picture too, as SVG, PNG or PDF: a fan, or for two inputs a heat map"
    )
    add_sampling(parser, whole=False)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    over: dict[str, str] = {}
    for name, values in args.over:
        if name in over:
            raise UsageError(f"--over {name}: given twice")
        over[name] = values
    if args.crosses is not None and not over:
        raise UsageError("--crosses is of a sweep that is given by --over; add it")
    model = model_of(args)
    how = {"n": args.samples, "seed": args.seed, "method": args.method}
    if over:
        answers = [(model.sweep(over, args.output, crosses=args.crosses, **how), "")]
    else:
        stated = sweeps_of(model, args.output)
        check_stated(stated, args, "--over 'price=1..10:10'", "gm.sweep({price: '1..10:10'}, cost)")
        answers = [(each.evaluate(model, **how), each.doc or "") for each in stated]
    warn_of_unnamed(model)
    with results():
        show_answers(answers, args, None if over else "sweeps", names=0)
        if args.picture is not None:
            from guessmodel.plots.sweep import sweep, sweep_in_words

            ((answer, _),) = answers
            draw = partial(sweep, answer)
            save_picture(draw, args.picture, sweep_in_words(answer), quiet=args.json)
    return 0


def _over(text: str) -> tuple[str, str]:
    name, equals, values = (part.strip() for part in text.partition("="))
    if not (name and equals and values):
        raise UsageError(f"{text!r}: write 'name=values', such as 'price=1..10:10 USD'")
    return name, values
