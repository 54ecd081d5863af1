"""`guessmodel compare`: what changed between two versions of a model, or of a folder of models."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from guessmodel.analysis.compare import Comparison, compare
from guessmodel.cli.compare_output import markdown, show
from guessmodel.cli.options import Subparsers, add_changes, add_draws, in_scenarios, typed, warn
from guessmodel.cli.pictures import add_picture, save_picture
from guessmodel.cli.streams import json_text, results, say
from guessmodel.cli.thresholds import Threshold, check_names, passed, threshold
from guessmodel.errors import UsageError, did_you_mean
from guessmodel.loading.revisions import opened
from guessmodel.model.model import Model
from guessmodel.model.scenario import BASE

__all__ = ["execute", "register"]

_TOO_LARGE = 1
_ASKED = re.compile(r"(.+?)(?:\.(mean|median|probability|p[0-9][0-9.]*|P\(.*\)))?")


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "compare",
        description="Compare two versions of a model on common draws: what moved beyond sampling "
        "error, what was edited, and which edit moved an output by how much. Exit code 1: a "
        "change is larger than --fail-on allows.",
    )
    for name in ("old", "new"):
        parser.add_argument(
            name,
            metavar=name.upper(),
            help="a model file, a folder of them, or REV:PATH of the surrounding git repository",
        )
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="print one JSON object")
    shape.add_argument(
        "--markdown", action="store_true", help="print Markdown, for a comment on a pull request"
    )
    parser.add_argument(
        "--fail-on",
        metavar="CHANGE",
        dest="fail_on",
        action="append",
        type=typed(threshold),
        default=[],
        help="exit with 1 if the mean changes by more: 'cost>10%%', 'cost.p95<-100 USD', "
        "'|cost|>5%%', '*>10%%' for all outputs; may be given several times",
    )
    parser.add_argument(
        "--attribute",
        metavar="NAME[.STATISTIC]",
        action="append",
        type=typed(_asked),
        default=[],
        help="say what each edit did to this too: 'length', 'cost.p99', 'cost.P(> 300K USD)'; "
        "may be given several times",
    )
    add_picture(
        parser, "write a picture too, as SVG, PNG or PDF: the change of each mean that moved"
    )
    add_picture(
        parser,
        "write a picture of what each edit did to the most important output that moved",
        "--waterfall",
    )
    add_draws(parser)
    add_changes(parser, values=False)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    pictures = [each for each in (args.picture, args.waterfall) if each is not None]
    if args.scenarios and pictures:
        raise UsageError("a picture shows one scenario; write --scenario NAME, not --scenarios")
    with ExitStack() as stack:
        paths = [stack.enter_context(opened(text)) for text in (args.old, args.new)]
        folders = [path.is_dir() for path in paths]
        if folders[0] != folders[1]:
            raise UsageError("one is a folder and the other a file; give two files, or two folders")
        if folders[0]:
            if pictures:
                raise UsageError("a picture shows one model; give two files, not two folders")
            return _execute_folders(args, *paths)
        old, new = map(Model.from_file, paths)
        (found,) = _asking(args, [_compared(args, old, new)])
        _check_names(args, [found])
        if args.json:
            _print_json({"old": args.old, "new": args.new, **_as_json(args, found)})
        else:
            title = f"{args.old} → {args.new}"
            _print(args, _titled(title, found), _scenarios_of_one(args, "", old, new))
        _draw(args, found[BASE])
        return _judged(args.fail_on, [found])


def _execute_folders(args: argparse.Namespace, *folders: Path) -> int:
    olds, news = ({_inside(model, each): model for model in Model.from_paths([each])}
                  for each in folders)  # fmt: skip
    both = [name for name in news if name in olds]
    if not both:
        raise UsageError(f"{args.old} and {args.new} have no model file of the same name")
    asked = _asking(args, [_compared(args, olds[name], news[name]) for name in both])
    found = dict(zip(both, asked, strict=True))
    _check_names(args, list(found.values()))
    notes = [f"{name}: new model" for name in news if name not in olds]
    notes += [f"{name}: model removed" for name in olds if name not in news]
    if args.json:
        models = {name: _as_json(args, each) for name, each in found.items()}
        added, removed = (
            [name for name in some if name not in others]
            for some, others in ((news, olds), (olds, news))
        )
        _print_json({
            "old": args.old, "new": args.new, "models": models, "added": added, "removed": removed,
        })  # fmt: skip
    else:
        titles = {t: each for name in both for t, each in _titled(name, found[name]).items()}
        for name in both:
            notes += _scenarios_of_one(args, f"{name}: ", olds[name], news[name])
        _print(args, titles, notes)
    return _judged(args.fail_on, list(found.values()))


_Compared = dict[str, Comparison]  # by scenario; without --scenarios there is one


def _compared(args: argparse.Namespace, old: Model, new: Model) -> _Compared:
    """Both as they are, or in --scenario; with --scenarios in all that both have, too."""
    old, new = (in_scenarios(model, args) for model in (old, new))
    pairs = {BASE: (old, new)}
    for name in new.scenarios if args.scenarios else ():
        if name in old.scenarios:
            pairs[name] = old.in_scenario(name), new.in_scenario(name)
    return {
        name: compare(before, after, args.samples, seed=args.seed, method=args.method)
        for name, (before, after) in pairs.items()
    }


def _asking(args: argparse.Namespace, found: Sequence[_Compared]) -> list[_Compared]:
    """The same with what --attribute asks for, each where there is such a quantity."""
    there = [{*each[BASE].versions.new.quantities} for each in found]
    for title, _ in args.attribute:
        name = title.partition("[")[0]
        if not any(name in names for names in there):
            hint = did_you_mean(name, sorted(set().union(*there)))
            raise UsageError(f"--attribute {title!r}: there is no quantity '{name}'{hint}")
    return [
        {
            scenario: replace(
                one, asked=tuple(a for a in args.attribute if a[0].partition("[")[0] in names)
            )
            for scenario, one in each.items()
        }
        for each, names in zip(found, there, strict=True)
    ]


def _check_names(args: argparse.Namespace, found: Sequence[_Compared]) -> None:
    if args.scenarios and all(len(each) == 1 for each in found):
        raise UsageError("the versions have no scenario in common; leave out --scenarios")
    if args.fail_on:  # a wrong name is told in place of the table
        known = [change for each in found for one in each.values() for change in one.everything]
        check_names(args.fail_on, [name for c in known for name in (c.name, c.title)])


def _scenarios_of_one(args: argparse.Namespace, head: str, old: Model, new: Model) -> list[str]:
    if not args.scenarios:
        return []
    come = [name for name in new.scenarios if name not in old.scenarios]
    gone = [name for name in old.scenarios if name not in new.scenarios]
    notes = [f"{head}scenario '{name}' is new" for name in come]
    return notes + [f"{head}scenario '{name}' is gone" for name in gone]


def _titled(title: str, found: _Compared) -> dict[str, Comparison]:
    return {title if name == BASE else f"{title}, in {name}": each for name, each in found.items()}


def _as_json(args: argparse.Namespace, found: _Compared) -> dict[str, Any]:
    if not args.scenarios:
        return found[BASE].to_dict()
    return {"scenarios": {name: each.to_dict() for name, each in found.items()}}


def _inside(model: Model, folder: Path) -> str:
    assert model.file is not None
    return model.file.relative_to(folder.resolve()).as_posix()


def _draw(args: argparse.Namespace, found: Comparison) -> None:
    if args.picture is None and args.waterfall is None:
        return
    from guessmodel.plots import versions

    for file, words, draw in (
        (args.picture, versions.changes_in_words, versions.changes),
        (args.waterfall, versions.waterfall_in_words, versions.waterfall),
    ):
        if file is None:
            continue
        try:
            alt = words(found)
        except UsageError as nothing:  # which is no reason for a build to fail
            warn(f"no picture {file}: {nothing.message}")
            continue
        with results():
            save_picture(partial(draw, found), file, alt, quiet=args.json or args.markdown)


def _print_json(document: Mapping[str, Any]) -> None:
    text = json_text(dict(document))
    with results():
        print(text)


def _print(args: argparse.Namespace, found: Mapping[str, Comparison], notes: list[str]) -> None:
    if args.markdown:
        text = markdown(found, notes)
        with results():
            say(text.removesuffix("\n"))
        return
    for each in found.values():
        _ = each.attribution  # all that is sampled is so before stdout is open
    with results():
        for k, (title, each) in enumerate(found.items()):
            if k:
                say()
            show(title, each)
        for note in notes:
            say(note)


def _judged(thresholds: list[Threshold], found: Sequence[_Compared]) -> int:
    if not thresholds:
        return 0
    too_large = False
    for name in dict.fromkeys(name for each in found for name in each):
        changes = [change for each in found if name in each for change in each[name].everything]
        head = "" if name == BASE else f"in {name}: "
        told = partial(_failed, head)
        too_large = passed(thresholds, changes, told) or too_large
    return _TOO_LARGE if too_large else 0


def _failed(head: str, line: str) -> None:
    say(head + line, to=sys.stderr)


def _asked(text: str) -> tuple[str, str | None]:
    """A title and a statistic of it, None where there is none.

    >>> _asked("cost.p99"), _asked("cost[a.b].P(> 3.5 USD)"), _asked("shop.cost")
    (('cost', 'p99'), ('cost[a.b]', 'P(> 3.5 USD)'), ('shop.cost', None))
    """
    match = _ASKED.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"{text!r}: write 'cost', 'cost.p95' or 'cost.P(> 5 USD)'")
    return match[1], match[2]
