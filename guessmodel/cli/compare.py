"""`guessmodel compare`: what changed between two versions of a model, or of a folder of models."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from guessmodel.analysis.compare import Comparison, compare
from guessmodel.cli.compare_output import markdown, show
from guessmodel.cli.options import Subparsers, add_changes, add_draws, in_scenarios, typed, warn
from guessmodel.cli.pictures import check_picture, save_picture
from guessmodel.cli.streams import json_text, results, say
from guessmodel.cli.thresholds import Threshold, check_names, passed, threshold
from guessmodel.errors import UsageError
from guessmodel.loading.revisions import opened
from guessmodel.model.model import Model

__all__ = ["execute", "register"]

_TOO_LARGE = 1


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "compare",
        help="show what changed between two versions of a model, and which edit did it",
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
        "--picture",
        metavar="FILE",
        help="write a picture too, as SVG, PNG or PDF: the change of each mean that moved",
    )
    parser.add_argument(
        "--waterfall",
        metavar="FILE",
        help="write a picture of what each edit did to the most important output that moved",
    )
    add_draws(parser)
    add_changes(parser, values=False, beside=False)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    pictures = [Path(each) for each in (args.picture, args.waterfall) if each is not None]
    for each in pictures:
        check_picture(each)
    with ExitStack() as stack:
        paths = [stack.enter_context(opened(text)) for text in (args.old, args.new)]
        folders = [path.is_dir() for path in paths]
        if folders[0] != folders[1]:
            raise UsageError("one is a folder and the other a file; give two files, or two folders")
        if folders[0]:
            if pictures:
                raise UsageError("a picture shows one model; give two files, not two folders")
            return _execute_folders(args, *paths)
        found = _compared(args, *map(Model.from_file, paths))
        title = f"{args.old} → {args.new}"
        if args.json:
            _print_json({"old": args.old, "new": args.new, **found.to_dict()})
        else:
            _print(args, {title: found}, [])
        _draw(args, found)
        return _judged(args.fail_on, [found])


def _execute_folders(args: argparse.Namespace, *folders: Path) -> int:
    olds, news = ({_inside(model, each): model for model in Model.from_paths([each])}
                  for each in folders)  # fmt: skip
    both = [name for name in news if name in olds]
    if not both:
        raise UsageError(f"no model of {args.new} has its like in {args.old}")
    found = {name: _compared(args, olds[name], news[name]) for name in both}
    notes = [f"{name}: new model" for name in news if name not in olds]
    notes += [f"{name}: model removed" for name in olds if name not in news]
    if args.json:
        models = {name: each.to_dict() for name, each in found.items()}
        added, removed = (
            [name for name in some if name not in others]
            for some, others in ((news, olds), (olds, news))
        )
        _print_json({
            "old": args.old, "new": args.new, "models": models, "added": added, "removed": removed,
        })  # fmt: skip
    else:
        _print(args, found, notes)
    return _judged(args.fail_on, list(found.values()))


def _inside(model: Model, folder: Path) -> str:
    assert model.file is not None
    return model.file.relative_to(folder.resolve()).as_posix()


def _compared(args: argparse.Namespace, old: Model, new: Model) -> Comparison:
    old, new = (in_scenarios(model, args.scenario) for model in (old, new))
    return compare(old, new, args.samples, seed=args.seed, method=args.method)


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
            save_picture(partial(draw, found), Path(file), alt, quiet=args.json or args.markdown)


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


def _judged(thresholds: list[Threshold], found: list[Comparison]) -> int:
    if not thresholds:
        return 0
    known = [change for each in found for change in each.everything]
    check_names(thresholds, [name for c in known for name in (c.name, c.title)])
    too_large = passed(thresholds, known, lambda line: say(line, to=sys.stderr))
    return _TOO_LARGE if too_large else 0
