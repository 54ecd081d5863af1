"""`guessmodel score`: a model's forecasts judged by what came."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from guessmodel.cli.options import (
    Subparsers,
    add_changes,
    add_draws,
    model_of,
    sampled,
    share,
    typed,
)
from guessmodel.cli.streams import results
from guessmodel.cli.tables import show_answer
from guessmodel.distributions.data_columns import csv_rows
from guessmodel.errors import GuessmodelError, Location, UsageError, relocated
from guessmodel.fitting.judged import Scores
from guessmodel.fitting.score import score
from guessmodel.model.elements import pick

__all__ = ["execute", "register"]

_EVENTS: Final[Mapping[str, bool]] = {"true": True, "yes": True, "false": False, "no": False}


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "score",
        description="Judge forecasts by what came: log score, CRPS and interval score of each, and "
        "whether intervals held as often as they say.",
    )
    parser.add_argument("file", metavar="FILE", help="a model file")
    parser.add_argument(
        "outcomes",
        metavar="OUTCOMES.csv",
        help="a CSV file with the columns quantity and outcome: 'cost[2025],1200 USD'",
    )
    parser.add_argument(
        "--mass",
        metavar="P",
        type=typed(share),
        default=0.9,
        help="central interval that is scored (default 0.9)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_draws(parser)
    add_changes(parser, beside=False)
    parser.set_defaults(execute=execute, precision=None, threads=None)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    came = _outcomes(Path(args.outcomes).absolute())
    model = model_of(args)
    picks = {title: pick(model, title) for title in came}
    names = list(dict.fromkeys(name for name, _ in picks.values()))
    simulation = sampled(model, args, names)
    found = []
    for title, (name, labels) in picks.items():
        forecast = simulation[name].sel(**labels)
        where, outcome = came[title]
        try:
            found.append(score(forecast, outcome, mass=args.mass))
        except GuessmodelError as error:
            raise relocated(error, where) from None
    with results():
        show_answer(Scores(tuple(found)), args)
    return 0


def _outcomes(path: Path) -> dict[str, tuple[Location, Any]]:
    """What came, by quantity, and its line; what has not come yet is left out."""
    header, rows = csv_rows(path, Location(str(path), 1), "score")
    if not {"quantity", "outcome"} <= set(header):
        raise UsageError(
            f"score: {path} has the columns {', '.join(header)}; write quantity,outcome"
        )
    place, came = header.index("quantity"), header.index("outcome")
    found: dict[str, tuple[Location, Any]] = {}
    for line, row in rows:
        cells = [cell.strip() for cell in row] + [""] * len(header)
        name, text = cells[place], cells[came]
        if name in found:
            raise UsageError(f"score: {path}:{line} has {name} again")
        if text:
            found[name] = Location(str(path), line), _EVENTS.get(text.lower(), text)
    if not found:
        raise UsageError(f"score: {path} has no outcome yet")
    return found
