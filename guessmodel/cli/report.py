"""`guessmodel report`: write the results of models as Markdown, HTML, JSON and SVG."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from guessmodel.cli.options import DRAWING, Subparsers, count, refuse, seed, typed, warn
from guessmodel.cli.streams import results, say
from guessmodel.errors import UsageError
from guessmodel.escaping import shown_line
from guessmodel.sampling.create import METHODS, today

if TYPE_CHECKING:
    from guessmodel.report.files import Outcome

__all__ = ["execute", "register"]

_ERASE: Final = "\r\x1b[K"
_DIFFERS: Final = 1


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "report",
        help="write the results of models as Markdown, HTML, JSON and SVG",
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
        "--samples",
        metavar="N",
        type=typed(count),
        help="draws: 65536, 1e6, 1M, 2**20; rounded up to what the method takes "
        "(default 2**16, fewer for large models)",
    )
    parser.add_argument(
        "--seed", metavar="N", type=typed(seed), default=0, help="any whole number (default 0)"
    )
    parser.add_argument(
        "--method",
        type=today,
        choices=METHODS,
        default="nets",
        help="randomised quasi-Monte Carlo, Latin hypercubes or plain draws (default nets)",
    )
    parser.add_argument(
        "--verify",
        action="store_true",
        help="write nothing; exit code 1 unless the files in DIR belong to the models",
    )
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    from guessmodel.report.files import Options, verify, write

    if args.verify:
        refuse(args, DRAWING, "on --verify, which samples each model as its report says")
    if args.seed is None:
        raise UsageError("--seed none: a report that cannot be made again; give a number")
    progress = _Progress("verifying" if args.verify else "reporting")
    told = progress if sys.stderr.isatty() else None
    try:
        if args.verify:
            outcome = verify(args.paths, args.output, told)
        else:
            options = Options(args.samples, args.seed, args.method)
            outcome = write(args.paths, args.output, options, told)
    finally:
        if told is not None:
            progress.clear()
    for remark in outcome.remarks:
        warn(remark)
    with results():
        return _told(outcome, args)


def _told(outcome: Outcome, args: argparse.Namespace) -> int:
    if not args.verify:
        say(f"wrote {len(outcome.files)} files; open {_from_here(outcome.files[-1])}")
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


class _Progress:
    """One line on the terminal: which model, and about how long to go."""

    def __init__(self, verb: str) -> None:
        self._verb = verb
        self._start = time.monotonic()

    def __call__(self, done: float, total: int, name: str) -> None:
        left = (time.monotonic() - self._start) / done * (total - done) if done else 0.0
        about = f", about {left:.0f} s left" if left >= 1.0 else ""
        sys.stderr.write(
            f"{_ERASE}{self._verb} {shown_line(name)} ({int(done) + 1} of {total}){about}"
        )
        sys.stderr.flush()

    def clear(self) -> None:
        """Remove the line."""
        sys.stderr.write(_ERASE)
        sys.stderr.flush()
