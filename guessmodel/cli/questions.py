"""Options of commands that ask a question: of which output, about which inputs together, and what a
file states itself."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence

from guessmodel.errors import UsageError
from guessmodel.graph.dims import Label, titled
from guessmodel.graph.quantity import Quantity
from guessmodel.model.elements import pick
from guessmodel.model.model import Model

__all__ = ["add_groups", "add_question", "check_stated", "groups_of", "picked"]

Picks = list[tuple[str, dict[str, Label]]]


def add_question(parser: argparse.ArgumentParser, *, stated: bool = False) -> None:
    """Add FILE, OUTPUT and --json: a question about one quantity of a model. Of what model files
    can have `stated`, OUTPUT may be left out."""
    parser.add_argument("file", metavar="FILE", help="a model file")
    what = "a quantity: cost, or cost[2025]"
    if stated:
        what += "; without it the only output, or all questions that the file states"
        parser.set_defaults(may_follow="output")
    parser.set_defaults(question=True)
    parser.add_argument("output", metavar="OUTPUT", nargs="?" if stated else None, help=what)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def picked(model: Model, texts: Iterable[str]) -> tuple[Model, Picks]:
    """The quantities that texts name, with their labels. Of scenarios side by side `cost[2025]` is
    a quantity that the model has besides: that label in all of them."""
    picks: Picks = []
    parts: dict[str, Quantity] = {}
    for name, labels in (pick(model, text) for text in texts):
        quantity = model.quantities[name]
        if labels and len(labels) < len(quantity.dims):
            name = titled(name, labels.values())
            parts[name], labels = quantity.sel(**labels), {}
        picks.append((name, labels))
    return (model.extended(parts) if parts else model), picks


def check_stated(
    stated: Sequence[object], args: argparse.Namespace, options: str, example: str
) -> None:
    """Raise UsageError where a file states no question, or several and one picture is asked for."""
    if not stated:
        about = f" of '{args.output}'" if args.output else ""
        raise UsageError(
            f"{args.file} states no such question{about}; ask one with {options}, or state it in "
            f"the file: {example}"
        )
    if args.picture is not None and len(stated) > 1:
        raise UsageError(
            f"--picture shows one answer, and there are {len(stated)}; ask one with {options}"
        )


def add_groups(parser: argparse.ArgumentParser) -> None:
    """Add --group, which `groups_of` reads."""
    parser.add_argument(
        "--group",
        metavar="NAME=PATTERN,…",
        action="append",
        default=[],
        help="look at inputs together: 'hardware=node_*,gpu', 'early=year=2025' for a label, "
        "'costs=costs.*' for a model file; may be given several times",
    )


def groups_of(texts: Sequence[str]) -> dict[str, list[str]]:
    """The patterns of each group by its name."""
    found: dict[str, list[str]] = {}
    for text in texts:
        name, _, patterns = (part.strip() for part in text.partition("="))
        each = [pattern.strip() for pattern in patterns.split(",")]
        if not name or not all(each):
            raise UsageError(f"--group {text!r}: write 'name=pattern', such as 'hardware=node_*'")
        found.setdefault(name, []).extend(each)
    return found
