"""`guessmodel sweep`: an output at several values of an input, as a table, JSON or a picture."""

from __future__ import annotations

import argparse
from pathlib import Path

from guessmodel.analysis.sweep import Sweep
from guessmodel.cli.options import (
    Subparsers,
    add_question,
    add_sampling,
    model_of,
    typed,
    warn_of_unnamed,
)
from guessmodel.cli.pictures import check_picture, style_of
from guessmodel.cli.streams import results, say
from guessmodel.cli.tables import show_answer
from guessmodel.errors import UsageError
from guessmodel.model.elements import pick
from guessmodel.model.side_by_side import base_of

__all__ = ["execute", "register"]


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "sweep",
        help="show an output at several values of an input",
        description="Show mean, 5%, 50% and 95% of an output at each value of an input, or of "
        "two, all on the same draws, and where they cross a value.",
    )
    add_question(parser)
    parser.add_argument(
        "--over",
        metavar="NAME=VALUES",
        action="append",
        default=[],
        required=True,
        type=typed(_over),
        help="from..to:count, such as price=1..10:10, 'price=1..100:7 USD log' or a list, "
        "'price=3, 5, 8 USD'; may be given twice",
    )
    parser.add_argument(
        "--crosses",
        metavar="VALUE",
        help="say where the statistics of the output cross this value (default 0)",
    )
    parser.add_argument(
        "--picture",
        metavar="FILE",
        help="write a picture too, as SVG, PNG or PDF: a fan, or for two inputs a heat map",
    )
    add_sampling(parser, whole=False)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    over: dict[str, str] = {}
    for name, values in args.over:
        if name in over:
            raise UsageError(f"--over {name}: given twice")
        over[name] = values
    if args.picture is not None:
        check_picture(Path(args.picture))
    model = model_of(args)
    name, labels = pick(base_of(model), args.output)
    if labels:
        raise UsageError(f"'{args.output}': a sweep shows each label; write '{name}'")
    answer = model.sweep(
        over, name, crosses=args.crosses, n=args.samples, seed=args.seed, method=args.method
    )
    warn_of_unnamed(model)
    with results():
        show_answer(answer, args, names=0)
        if args.picture is not None:
            _draw(answer, Path(args.picture))
            if not args.json:
                say(f"wrote {args.picture}")
    return 0


def _draw(answer: Sweep, path: Path) -> None:
    from guessmodel import plots
    from guessmodel.plots.alt_text import fan_text, labelled_text
    from guessmodel.plots.labels import titled
    from guessmodel.plots.saving import save

    style = style_of(path)
    if len(answer.over) == 1 and len(answer.result.dims) > 1:
        panels = plots.small_multiples(answer.result, kind="fan", style=style)
        (name,) = answer.over
        for ax in panels:
            if ax.get_xlabel():
                ax.xaxis.set_label_text(titled(name, answer.units[name]), parse_math=False)
        words = labelled_text(answer.result)
        save(panels[0].get_figure(root=True) or panels[0], path, alt=words)
        return
    draw = plots.fan if len(answer.over) == 1 else plots.heat_map
    ax = draw(answer.result, style=style)
    for axis, dim in zip((ax.xaxis, ax.yaxis), answer.result.dims, strict=False):
        axis.set_label_text(titled(dim.name, answer.units[dim.name]), parse_math=False)
    told = fan_text if len(answer.over) == 1 else labelled_text
    save(ax, path, alt=told(answer.result))


def _over(text: str) -> tuple[str, str]:
    name, equals, values = (part.strip() for part in text.partition("="))
    if not (name and equals and values):
        raise UsageError(f"{text!r}: write 'name=values', such as 'price=1..10:10 USD'")
    return name, values
