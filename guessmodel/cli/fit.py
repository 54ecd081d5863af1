"""`guessmodel fit`: families fitted to a column of a CSV file, and the line of model to write."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from guessmodel.cli.options import Subparsers, names, typed
from guessmodel.cli.pictures import add_picture, save_picture
from guessmodel.cli.streams import results
from guessmodel.cli.tables import show_answer
from guessmodel.errors import GuessmodelError

__all__ = ["execute", "register"]


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "fit",
        description="Fit families to a column of a CSV file: which fits, and a line of model that "
        "carries the uncertainty of the parameters.",
    )
    parser.add_argument("file", metavar="DATA.csv", help="a CSV file with a header: 'cost [USD]'")
    parser.add_argument("column", metavar="COLUMN", nargs="?", help="where the file has several")
    parser.add_argument(
        "--families",
        metavar="NAME,…",
        type=typed(names),
        help="such as normal,lognormal (default all that can be)",
    )
    add_picture(parser, "write a Q-Q plot, as SVG, PNG or PDF")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(execute=execute, may_follow="column")


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    from guessmodel.fitting.fit import fit  # not for the help: SciPy takes long

    try:
        found = fit(Path(args.file).absolute(), args.families, column=args.column)
    except GuessmodelError as error:  # its line is the program's, and there is no column=
        told = error.message.replace("choose one by column=", "choose one as COLUMN")
        raise type(error)(told) from error
    with results():
        show_answer(found, args, names=2)
        if args.picture is not None:
            from guessmodel.plots.qq import qq, qq_in_words

            words = qq_in_words(found)
            save_picture(partial(qq, found), args.picture, words, quiet=args.json)
    return 0
