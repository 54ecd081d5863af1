"""`guessmodel plot`: a picture of quantities, or of the whole model, in a file."""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal

from guessmodel.analysis.statistic import uncertain_outputs
from guessmodel.cli.options import (
    DRAWING,
    Subparsers,
    add_sampling,
    model_of,
    refuse,
    sampled,
    typed,
    warn,
)
from guessmodel.cli.pictures import picture_file, style_of
from guessmodel.cli.questions import picked
from guessmodel.cli.streams import results, say
from guessmodel.errors import UsageError
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Label
from guessmodel.model.elements import listed
from guessmodel.model.model import Model
from guessmodel.numerics.scales import SCALES
from guessmodel.simulation import Result, Simulation

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["KINDS", "execute", "register"]

KINDS: Final = (
    *("density", "cdf", "histogram", "comparison", "scatter", "scatter-matrix", "fan", "tornado"),
    "graph",
)
_STYLES: Final = ("auto", "light", "dark")


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "plot",
        description="Write a picture as SVG, PNG or PDF, by the suffix of the output file. One "
        "quantity is shown by its density, a labelled one by a fan along numbers or a panel for "
        "each label, several by a comparison. 'cost[twitter]' is one label of a quantity.",
    )
    parser.add_argument("file", metavar="FILE", help="a model file")
    parser.add_argument("names", metavar="NAME", nargs="*", help="the quantities")
    parser.add_argument(
        "--kind", choices=KINDS, help="kind of picture; graph shows how quantities depend"
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=typed(picture_file),
        required=True,
        help="picture to write",
    )
    parser.add_argument(
        "--style",
        choices=_STYLES,
        help="auto (transparent, for light and dark pages; default of SVG), light (default of PNG "
        "and PDF) or dark",
    )
    parser.add_argument(
        "--scale",
        choices=SCALES,
        default="auto",
        help="scale of the numbers: log (on both sides of 0 where some are not positive), linear, "
        "or auto, by how many orders of magnitude they span",
    )
    add_sampling(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    from guessmodel.plots.saving import save

    output = args.output
    style = args.style or style_of(output)
    model = model_of(args)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        picture, alt = _picture(model, args, style)
        with results():  # --output may be a link to /dev/stdout
            save(picture, output, alt=alt)
    for message in dict.fromkeys(str(warning.message).split("\n")[0] for warning in caught):
        warn(message)
    with results():
        say(f"wrote {output}")
    return 0


def _picture(model: Model, args: argparse.Namespace, style: str) -> tuple[Axes | Figure, str]:
    if args.kind == "graph":
        refuse(args, DRAWING, "on --kind graph, which makes no draws")
        from guessmodel.plots import graph
        from guessmodel.plots.alt_text import graph_text

        if args.scale != "auto":
            raise UsageError("a graph has no axis; leave out --scale")
        names = [model.find(name) for name in args.names]
        return graph(model, *names, style=style), graph_text(model, names)
    if not args.names:
        raise UsageError(
            f"which quantity? Name one of {listed(uncertain_outputs(model))}; "
            "--kind graph shows all of them"
        )
    model, picks = picked(model, dict.fromkeys(args.names))
    _check_number(args.kind, picks)
    simulation = sampled(model, args, list(dict.fromkeys(name for name, _ in picks)))
    if args.kind == "tornado":
        return _tornado(simulation, *picks[0], style, args.scale)
    results = [simulation[name].sel(**labels) for name, labels in picks]
    return _of_results(args.kind, results, style, args.scale)


def _tornado(
    simulation: Simulation, name: str, labels: Mapping[str, Label], style: str, scale: str
) -> tuple[Axes | Figure, str]:
    from guessmodel.plots.tornado import tornado, tornado_in_words

    if scale != "auto":
        raise UsageError("a tornado has a linear axis; leave out --scale")
    if not labels:
        _refuse_labels(simulation[name], "tornado")
    answer = simulation.sensitivity(name).sel(**labels)
    return tornado(answer, style=style), tornado_in_words(answer)


def _of_results(
    kind: str | None, results: Sequence[Result], style: str, scale: str
) -> tuple[Axes | Figure, str]:
    from guessmodel import plots
    from guessmodel.plots import alt_text
    from guessmodel.plots.fan import is_ordered

    first = results[0]
    if kind is None:
        along = [is_ordered(dim) for dim in first.dims]
        kind = "comparison" if len(results) > 1 else "fan" if any(along) else "density"
    if kind == "comparison":
        alt = " ".join(alt_text.result_text(result) for result in results)
        return plots.comparison(*results, style=style, scale=scale), alt
    if kind == "scatter":
        for result in results:
            _refuse_labels(result, kind)
        second = results[1]
        correlation = plots.rank_correlation(first, second)
        alt = alt_text.scatter_text(first, second, correlation)
        return plots.scatter(first, second, style=style, scale=scale), alt
    if kind == "scatter-matrix":
        from guessmodel.plots.scatter_matrix import scatter_matrix_in_words

        for result in results:
            _refuse_labels(result, kind)
        figure = plots.scatter_matrix(*results, style=style, scale=scale)
        return figure, scatter_matrix_in_words(*results)
    if kind == "cdf":
        _refuse_labels(first, kind)
        return plots.cdf(first, style=style, scale=scale), alt_text.result_text(
            first, "Cumulative distribution"
        )
    if kind == "fan":
        if len(first.dims) < 2:
            return plots.fan(first, style=style, scale=scale), alt_text.fan_text(first)
        panels = plots.small_multiples(first, kind="fan", style=style, scale=scale)
        return panels[0].get_figure(root=True) or panels[0], alt_text.result_text(first)
    if first.dims:
        shape: Literal["density", "histogram"] = "histogram" if kind == "histogram" else "density"
        panels = plots.small_multiples(first, kind=shape, style=style, scale=scale)
        return panels[0].get_figure(root=True) or panels[0], alt_text.result_text(first)
    draw = plots.histogram if kind == "histogram" else plots.density
    return draw(first, style=style, scale=scale), alt_text.result_text(first, kind.capitalize())


# --- names ----------------------------------------------------------------------------------------


def _check_number(kind: str | None, picks: Sequence[object]) -> None:
    count = len(picks)
    if kind == "scatter" and count != 2:
        raise UsageError(f"a scatter plot needs two different names, not {count}")
    if kind in ("density", "cdf", "histogram", "fan", "tornado") and count > 1:
        raise UsageError(f"--kind {kind} shows one quantity; --kind comparison shows several")


def _refuse_labels(result: Result, kind: str) -> None:
    if result.dims:
        name, _, own = result.name.removesuffix("]").partition("[")  # in all scenarios
        labels = [*(str(dim.labels[0]) for dim in result.dims), *([own] if own else [])]
        raise UsageError(
            f"--kind {kind} shows no labels, and '{result.name}' has "
            f"{dimensions.describe(result.dims)}; write '{name}[{','.join(labels)}]'"
        )
