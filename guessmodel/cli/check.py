"""`guessmodel check`: test the claims of models, and what drifted from the committed reports."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from guessmodel.claims.check_texts import drift_line
from guessmodel.claims.checking import CheckResult, check
from guessmodel.cli.annotations import annotate, annotate_error
from guessmodel.cli.check_output import (
    junit,
    junit_of_error,
    layouts,
    markdown,
    markdown_of_error,
    reasons,
)
from guessmodel.cli.options import Subparsers, add_changes, add_draws, refuse, warn
from guessmodel.cli.progress import models_told
from guessmodel.cli.streams import json_text, results, say
from guessmodel.cli.tables import show
from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.files import replace_file

__all__ = ["execute", "register"]

_HOLDS: Final = 0
_FALLS_SHORT: Final = 1


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "check",
        description="Test the claims of models, and compare their results with the committed "
        "reports. Exit code 0: all as expected; 1: a claim falls short or something drifted; "
        "2: a model, a claim or a report cannot be used.",
    )
    parser.add_argument("paths", metavar="PATH", nargs="+", help="model files, or folders of them")
    parser.add_argument(
        "--reports",
        metavar="DIR",
        help="folder of the committed MODEL.json (default: the nearest folder reports, beside a "
        "model or above it)",
    )
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="print one JSON object")
    shape.add_argument(
        "--markdown", action="store_true", help="print Markdown, for the summary of a CI step"
    )
    parser.add_argument("--junit", metavar="FILE", help="write JUnit XML too")
    parser.add_argument(
        "--strict", action="store_true", help="exit code 1 for warnings of method, too"
    )
    add_draws(parser, again=True, method=False)
    add_changes(parser, values=False)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    if args.scenario:
        refuse(args, ["scenarios", "reports"], "beside --scenario, where all claims are tested")
    if args.reports is not None and not Path(args.reports).is_dir():
        raise UsageError(f"--reports {args.reports}: there is no such folder")
    try:
        result = _checked(args)
    except GuessmodelError as error:  # whoever reads a summary alone is told, too
        with results():
            if args.junit is not None:
                replace_file(Path(args.junit), junit_of_error(error))
            if args.markdown:
                say(markdown_of_error(error).removesuffix("\n"))
        annotate_error(error)
        raise
    with results():
        if args.junit is not None:
            replace_file(Path(args.junit), junit(result, strict=args.strict))
        if args.json:
            print(json_text(result.to_dict()))
        elif args.markdown:
            say(markdown(result, strict=args.strict).removesuffix("\n"))
        else:
            _show(result)
    if not args.markdown:  # which has them in its text
        for remark in result.remarks:
            warn(remark)
    annotate(result, strict=args.strict)
    warned = args.strict and bool(result.warnings)
    return _HOLDS if result.holds and not warned else _FALLS_SHORT


def _checked(args: argparse.Namespace) -> CheckResult:
    with models_told("checking") as progress:
        return check(
            args.paths,
            args.reports,
            samples=args.samples,
            seed=args.seed,
            scenario=args.scenario,
            scenarios=args.scenarios,
            progress=progress,
        )


def _show(result: CheckResult) -> None:
    if result.claims:
        show(layouts(result), sys.stdout)
        say()
    if known := reasons(result):
        say("\n".join(("expected to fall short:", *known, "")))
    for claim in result.claims:
        if not claim.as_expected:
            say(f"{claim.explanation}\n")
    for drift in result.drift:
        say(drift_line(drift))
    if result.drift:
        say()
    for warning in result.warnings:
        say(str(warning))
    if result.warnings:
        say()
    say(result.heading)
