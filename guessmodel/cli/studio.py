"""`guessmodel studio`: models on a live page, on this machine alone."""

from __future__ import annotations

import argparse

from guessmodel.cli.options import Subparsers, count, names, typed
from guessmodel.cli.streams import results, say

__all__ = ["execute", "register"]


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "studio",
        description="Serve a page on this machine alone, and open it in a browser: edit inputs, "
        "see what follows, save what you keep. Files that are saved elsewhere are shown anew.",
    )
    parser.add_argument("path", metavar="PATH", help="a model file, or a folder of them")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument(
        "--port",
        metavar="N",
        type=typed(count),
        help="default 8731, or the next one that is free",
    )
    parser.add_argument(
        "--calculator",
        metavar="NAMES",
        type=typed(names),
        default=(),
        help="show these inputs and outputs alone, such as price,people,cost: for people who "
        "should not see the sheet",
    )
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    from guessmodel.studio.server import serve

    def tell(address: str) -> None:
        with results():
            say(f"{args.path} is at {address} (Ctrl-C ends it)")

    serve(
        args.path,
        port=args.port,
        browser=not args.no_browser,
        calculator=args.calculator,
        tell=tell,
    )
    return 0
