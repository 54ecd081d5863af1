"""`guessmodel decide`: the options of a decision, and what it is worth to know more."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeAlias

from guessmodel.analysis.decided import Decided
from guessmodel.analysis.decision import decision_of
from guessmodel.cli.options import (
    Subparsers,
    add_sampling,
    model_of,
    sampled,
)
from guessmodel.cli.pictures import add_picture, save_picture
from guessmodel.cli.questions import add_groups, groups_of
from guessmodel.cli.streams import json_text, results, say
from guessmodel.cli.tables import show_answer, show_table
from guessmodel.errors import UsageError
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.number_in import number_in
from guessmodel.model.elements import pick
from guessmodel.model.model import Model
from guessmodel.model.scenario import BASE
from guessmodel.units import difference

__all__ = ["execute", "register"]

Worth: TypeAlias = Mapping[str, Estimate]  # of measuring a quantity, by its name


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "decide",
        description="Show for each option of a decision its mean, how often it is the best, and "
        "its expected regret; and what it is worth to know everything, or one input, beforehand.",
    )
    parser.add_argument("file", metavar="FILE", help="a model file")
    parser.add_argument(
        "decision", metavar="NAME", nargs="?", help="a decision, where the file has several"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_groups(parser)
    parser.add_argument(
        "--measure",
        metavar="NAME=SD",
        action="append",
        default=[],
        help="the value of measuring a quantity first, with a normal error of this standard "
        "deviation: 'demand=50'; may be given several times",
    )
    add_picture(parser, "write a picture too, as SVG, PNG or PDF")
    add_sampling(parser)
    parser.set_defaults(execute=execute, may_follow="decision")


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    if args.picture is not None and args.scenarios:
        raise UsageError("--picture shows one scenario; leave out --scenarios")
    measured = dict(map(_measured, args.measure))
    model = model_of(args)
    variants = dict(model.variants) or {BASE: model}
    found = {name: _decided(one, args) for name, one in variants.items()}
    worth = {
        name: {what: each.evsi(what, sd=sd) for what, sd in measured.items()}
        for name, each in found.items()
    }
    errors = {name: _error(model, name, sd) for name, sd in measured.items()}
    with results():
        if not args.scenarios:
            _show(found[BASE], worth[BASE], errors, args)
        elif args.json:
            told = {name: _told(each, worth[name]) for name, each in found.items()}
            print(json_text({"scenarios": told}))
        else:
            say(f"{args.file}: {found[BASE].heading}\n{found[BASE].title}")
            for name, each in found.items():
                lines = _lines(worth[name], errors)
                say()
                show_table(f"{name}:", each.cells(), [*each.notes(), *lines])
    return 0


def _decided(model: Model, args: argparse.Namespace) -> Decided:
    decision = decision_of(model, args.decision)
    decision.check(model)
    whole, options = decision.added_to(model)
    return decision.evaluate(sampled(whole, args, [options]), groups_of(args.group))


def _show(
    answer: Decided, worth: Worth, errors: Mapping[str, Estimate], args: argparse.Namespace
) -> None:
    if args.json:
        print(json_text(_told(answer, worth)))
    else:
        show_answer(answer, args, answer.title)
        for line in _lines(worth, errors):
            say(line)
    if args.picture is not None:
        from guessmodel.plots.decision import decision, decision_in_words

        words = decision_in_words(answer)
        save_picture(partial(decision, answer), args.picture, words, quiet=args.json)


def _told(answer: Decided, worth: Worth) -> dict[str, object]:
    told = answer.to_dict()
    if worth:
        told["evsi"] = {name: each.to_dict() for name, each in worth.items()}
    return told


def _lines(worth: Worth, errors: Mapping[str, Estimate]) -> Sequence[str]:
    return [
        f"measuring {name} with an error of {errors[name]} is worth {each}"
        for name, each in worth.items()
    ]


def _error(model: Model, name: str, sd: str) -> Estimate:
    """The error of a measurement, in the unit of what is measured."""
    unit = difference(model.quantities[pick(model, name)[0]].unit)
    return Estimate.exact(number_in(unit, sd), str(unit))


def _measured(text: str) -> tuple[str, str]:
    name, equals, sd = (part.strip() for part in text.rpartition("="))
    if not (name and equals and sd):
        raise UsageError(f"--measure {text!r}: write 'name=sd', such as 'demand=50'")
    return name, sd
