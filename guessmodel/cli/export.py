"""`guessmodel export`: the draws of a model in a file that other tools read."""

from __future__ import annotations

import argparse
from pathlib import Path

from guessmodel.cli.options import Subparsers, add_sampling, model_of, sampled
from guessmodel.cli.streams import results
from guessmodel.cli.tables import show_answer
from guessmodel.errors import UsageError
from guessmodel.interop.exporting import FORMATS
from guessmodel.model.elements import pick
from guessmodel.model.model import Model
from guessmodel.model.side_by_side import base_of

__all__ = ["execute", "register"]


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "export",
        description="Sample a model and write the draws of its quantities to a file: netCDF, "
        "Zarr, CSV, Parquet, JSON, or a SIPmath library, which has metalogs fitted to them.",
    )
    parser.add_argument("file", metavar="FILE", help="a model file")
    parser.add_argument(
        "names", metavar="NAME", nargs="*", default=[], help="quantities (default: all)"
    )
    parser.add_argument(
        "--to",
        choices=tuple(FORMATS),
        help="the format (default: by the ending of the file that is written)",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="the file to write (default: called like the model, in this folder)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_sampling(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    if args.to is None and args.output is None:
        raise UsageError(f"export to what? --to {{{','.join(FORMATS)}}}, or -o FILE with an ending")
    target = args.output
    model = model_of(args)
    if target is None:
        target = f"{Path(args.file).stem}{FORMATS[args.to]}"
    names = [_whole(base_of(model), text) for text in args.names]
    simulation = sampled(model, args, list(dict.fromkeys(names)) or None)
    answer = simulation.export(target, args.to)
    with results():
        show_answer(answer, args, names=2)
    return 0


def _whole(model: Model, text: str) -> str:
    name, labels = pick(model, text)
    if labels:
        raise UsageError(f"'{text}' is one label; export takes whole quantities: {name}")
    return name
