"""`guessmodel report`: write the results of models as Markdown, HTML, JSON and SVG."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from guessmodel.cli.options import (
    DRAWING,
    Subparsers,
    add_draws,
    percentiles,
    refuse,
    typed,
    warn,
)
from guessmodel.cli.progress import models_told
from guessmodel.cli.streams import results, say

if TYPE_CHECKING:
    from guessmodel.report.files import Outcome

__all__ = ["execute", "register"]

_DIFFERS: Final = 1


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "report",
        description="Write MODEL.json, MODEL.md and MODEL.html with its pictures for each model, "
        "and an index over all of them (index.html, README.md). The same models give the same "
        "files.",
    )
    parser.add_argument("paths", metavar="PATH", nargs="+", help="model files, or folders of them")
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        help="folder to write to; what is there is replaced file by file (default: the nearest "
        "folder reports, beside a model or above it, where check looks; else a new one here)",
    )
    parser.add_argument(
        "--verify",
        action="store_true",
        help="write nothing; exit code 1 unless the files in DIR belong to the models",
    )
    parser.add_argument(
        "--against",
        metavar="REV",
        help="what-moved.md compares with the reports of this revision of git (default: the last "
        "commit)",
    )
    parser.add_argument(
        "--percentiles",
        metavar="P,P,…",
        type=typed(percentiles),
        help="show these percentiles in the tables instead of 5, 50 and 95: 10,50,80,90",
    )
    add_draws(parser, again=True)
    parser.add_argument(
        "--scenario",
        metavar="NAME",
        action="append",
        default=[],
        help="report the models in a scenario, or several, later ones on top; needs -o (by default "
        "a report has outputs in all scenarios beside the unchanged model)",
    )
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    from guessmodel.report.files import Options, verify, write

    if args.verify:
        refuse(args, ("against",), "on --verify, which compares with the models")
        drawing = (*DRAWING, "scenario", "percentiles")
        refuse(args, drawing, "on --verify, which samples each model as its report says")
    with models_told("verifying" if args.verify else "reporting") as told:
        if args.verify:
            outcome = verify(args.paths, args.output, told)
        else:
            within, drawn = tuple(args.scenario), (args.samples, args.seed, args.method)
            options = Options(*drawn, args.against, within, args.percentiles)
            outcome = write(args.paths, args.output, options, told)
    for remark in outcome.remarks:
        warn(remark)
    with results():
        return _told(outcome, args)


def _told(outcome: Outcome, args: argparse.Namespace) -> int:
    if not args.verify:
        say(f"wrote {len(outcome.files)} files; open {_from_here(outcome.files[-1])}")
        if outcome.moved is not None:
            since = args.against or "the last commit"
            say(f"figures moved since {since}: see {_from_here(outcome.moved)}")
        return 0
    for difference in outcome.differences:
        say(difference)
    if outcome.differences:
        say("write the reports anew with guessmodel report")
        return _DIFFERS
    say(f"the files in {outcome.folder} belong to the models")
    return 0


def _from_here(path: Path) -> str:
    try:
        return os.path.relpath(path)
    except (OSError, ValueError):  # the current folder is gone, or on another drive
        return str(path)
