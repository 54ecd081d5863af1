"""`guessmodel elicit`: families fitted to what an expert said, and the line of model to write."""

from __future__ import annotations

import argparse

from guessmodel.cli.options import Subparsers, names, typed
from guessmodel.cli.streams import json_text, results
from guessmodel.cli.tables import show_table
from guessmodel.errors import GuessmodelError, UsageError, relocated
from guessmodel.simulation.statistics import probability_of
from guessmodel.units import DIMENSIONLESS, factor
from guessmodel.units.figures import parse_figure

__all__ = ["execute", "register"]


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "elicit",
        description="Fit families to quantiles that an expert gave, and show what each implies for "
        "the percentiles that were not asked, for the expert to judge.",
    )
    parser.add_argument(
        "quantiles", metavar="P=VALUE", nargs="+", help="'10%%=3 USD', '50%%=5', '90%%=12'"
    )
    parser.add_argument("--unit", metavar="UNIT", help="of all values")
    parser.add_argument("--lower", metavar="VALUE", help="a bound that is never reached")
    parser.add_argument("--upper", metavar="VALUE", help="a bound that is never reached")
    parser.add_argument(
        "--families",
        metavar="NAME,…",
        type=typed(names),
        help="such as normal,lognormal (default all that can be)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    from guessmodel.fitting.elicit import elicit  # not for the help: SciPy takes long

    said: dict[float, str] = {}
    for text in args.quantiles:
        p, value = _quantile(text)
        if p in said:
            raise UsageError(f"{p:g} is given twice")
        said[p] = value
    try:
        found = elicit(said, args.families, unit=args.unit, lower=args.lower, upper=args.upper)
    except GuessmodelError as error:
        raise relocated(error, None) from None
    with results():
        if args.json:
            print(json_text(found.to_dict()))
        else:
            show_table(found.heading, found.cells(), found.notes())
    return 0


def _quantile(text: str) -> tuple[float, str]:
    share, equals, value = (part.strip() for part in text.partition("="))
    if not (share and equals and value):
        raise UsageError(f"{text!r}: write '10%=3 USD' for the 10th percentile")
    if (p := probability_of(share)) is not None:  # p10
        return p, value
    figure = parse_figure(share)
    return float(figure.value * factor(figure.unit, DIMENSIONLESS)), value
