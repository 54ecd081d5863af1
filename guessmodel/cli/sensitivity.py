"""`guessmodel sensitivity`: what drives an output, as a table or as JSON."""

from __future__ import annotations

import argparse
from functools import partial

from guessmodel.analysis.drivers import Sensitivity
from guessmodel.cli.options import (
    Subparsers,
    add_sampling,
    model_of,
    refuse,
    sampled,
    share,
    typed,
)
from guessmodel.cli.pictures import add_picture, save_picture
from guessmodel.cli.questions import add_groups, add_question, groups_of, picked
from guessmodel.cli.streams import json_text, results, say
from guessmodel.cli.tables import show_answer
from guessmodel.errors import UsageError

__all__ = ["execute", "register"]


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "sensitivity",
        description="Show for each input of an output its share of the variance, alone and in all "
        "(with what it does together with others), its rank correlation, and a statistic of the "
        "output with the input held at its 5th and at its 95th percentile.",
    )
    add_question(parser)
    parser.add_argument(
        "--of",
        metavar="STATISTIC",
        default="mean",
        help="what it is about: mean, median, sd, p95 …, probability, 'P(> 5 USD)' (default mean)",
    )
    add_groups(parser)
    parser.add_argument(
        "--by-model", action="store_true", help="a group for each model file that inputs come from"
    )
    parser.add_argument(
        "--budget",
        action="store_true",
        help="print the uncertainty budget as metrologists write it (GUM), as Markdown",
    )
    parser.add_argument(
        "--degrees",
        metavar="NAME=N",
        action="append",
        default=[],
        help="degrees of freedom of an input of the budget, besides those of Student's t",
    )
    parser.add_argument(
        "--coverage",
        metavar="P",
        type=typed(share),
        default=0.95,
        help="of the budget's expanded uncertainty (default 95%%)",
    )
    add_picture(parser, "write a tornado too, as SVG, PNG or PDF")
    add_sampling(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    if args.budget:
        refuse(args, ("of", "group", "by_model", "picture"), "on --budget")
    else:
        refuse(args, ("degrees", "coverage"), "without --budget")
    groups = groups_of(args.group)
    degrees = dict(map(_degrees, args.degrees))
    model, ((name, labels),) = picked(model_of(args), [args.output])
    simulation = sampled(model, args, [name])
    answer = simulation.sensitivity(name, of=args.of, groups=groups, by_model=args.by_model)
    answer = answer.sel(**labels)
    budget = answer.budget(degrees=degrees, coverage=args.coverage) if args.budget else None
    with results():
        if budget is None:
            show_answer(answer, args, answer.title)
            if args.picture is not None:
                _draw(answer, args)
        elif args.json:
            print(json_text(budget.to_dict()))
        else:
            say(budget.to_markdown().rstrip("\n"))
    return 0


def _draw(answer: Sensitivity, args: argparse.Namespace) -> None:
    from guessmodel.plots.tornado import tornado, tornado_in_words

    words = tornado_in_words(answer)
    save_picture(partial(tornado, answer), args.picture, words, quiet=args.json)


def _degrees(text: str) -> tuple[str, float]:
    name, _, number = (part.strip() for part in text.rpartition("="))
    try:
        return name, float(number)
    except ValueError:
        raise UsageError(f"--degrees {text!r}: write 'name=number', such as 'price=8'") from None
