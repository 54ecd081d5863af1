"""The pictures that a report shows of a quantity or a model, each with its description."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from guessmodel.analysis.drivers import Sensitivity
from guessmodel.analysis.seek import Sought
from guessmodel.analysis.sweep import Sweep
from guessmodel.errors import GuessmodelError, public
from guessmodel.model.model import Model
from guessmodel.numerics.rounding_noise import only_rounding
from guessmodel.plots.alt_text import distribution, fan_text, graph_text, labelled_text
from guessmodel.plots.categories import words_of
from guessmodel.plots.cdf import draw_cdf
from guessmodel.plots.comparison import comparison
from guessmodel.plots.density import draw_density
from guessmodel.plots.drawing import figures_of
from guessmodel.plots.fan import fan, is_ordered
from guessmodel.plots.graph import graph
from guessmodel.plots.multiples import MOST_PANELS, panels_of, small_multiples
from guessmodel.plots.sample import has_axis
from guessmodel.plots.saving import figure_of
from guessmodel.plots.scatter_matrix import scatter_matrix, scatter_matrix_in_words
from guessmodel.plots.seek import seek, seek_in_words
from guessmodel.plots.style import Margins, new_axes
from guessmodel.plots.sweep import sweep, sweep_in_words
from guessmodel.plots.tornado import swings, tornado, tornado_in_words
from guessmodel.simulation import Result

__all__ = [
    "Picture",
    "cdf_for_report",
    "for_report",
    "form_for_report",
    "graph_for_report",
    "scenarios_for_report",
    "seek_for_report",
    "sweep_for_report",
    "together_for_report",
    "tornado_for_report",
]

_MOST_BARS = 10
_FEWEST = 20  # draws of a replicate, of which one lies below the 5th percentile


class Picture(NamedTuple):
    """A picture of a report: what kind it is, and in words what it shows."""

    kind: str
    figure: Figure
    alt: str


@public
def for_report(result: Result, *, style: str = "auto") -> list[Picture]:
    """The form of a quantity and its cumulative distribution, as far as it has them; see
    `form_for_report`.

    >>> import guessmodel as gm
    >>> for picture in for_report(gm.normal(5, 8, "USD", name="price").sample(1024)):
    ...     print(picture.kind, "|", picture.alt)
    density | Density of price in USD: median 6.5, 90% interval 5 to 8.
    cdf | Cumulative distribution of price in USD: median 6.5, 90% interval 5 to 8.
    """
    both = (draw(result, style=style) for draw in (form_for_report, cdf_for_report))
    return [picture for picture in both if picture is not None]


def form_for_report(result: Result, *, style: str = "auto") -> Picture | None:
    """The density of a quantity; of a labelled one a fan along numbers, panels of fans where there
    are other labels too, panels for categories, else a comparison.

    None of a quantity that is constant, has no finite draws or fits no axis, of a category with
    more labels than there may be panels, nor from a run of so few draws that its 5th percentile
    is not known.
    """
    if result.run.size < _FEWEST or not _varies(result):
        return None
    if not result.dims:
        figures = figures_of(result)
        words = distribution(result, figures, "Probabilities" if words_of(result) else "Density")
        return Picture("density", figure_of(draw_density(result, figures, _axes(style))), words)
    if len(result.dims) == 1 and is_ordered(result.dims[0]):
        return Picture("fan", figure_of(fan(result, style=style)), fan_text(result))
    if result.quantity.categories or (
        any(map(is_ordered, result.dims)) and panels_of(result) <= MOST_PANELS
    ):
        return _panels(result, "small multiples", style)
    figure = figure_of(comparison(result, style=style))
    return Picture("comparison", figure, labelled_text(result))


def _panels(result: Result, kind: str, style: str) -> Picture | None:
    """A panel for each label; None where there are too many."""
    if panels_of(result) > MOST_PANELS:
        return None
    panels = small_multiples(result, style=style)
    return Picture(kind, figure_of(panels[0]), labelled_text(result))


def cdf_for_report(result: Result, *, style: str = "auto") -> Picture | None:
    """The cumulative distribution of a quantity; None of a labelled one, of words, and where there
    is no form."""
    if result.dims or words_of(result) or result.run.size < _FEWEST or not _varies(result):
        return None
    figures = figures_of(result)
    words = distribution(result, figures, "Cumulative distribution")
    return Picture("cdf", figure_of(draw_cdf(result, figures, _axes(style))), words)


@public
def graph_for_report(model: Model, *, style: str = "auto") -> Picture:
    """The graph of a model, with its description."""
    return Picture("graph", figure_of(graph(model, style=style)), graph_text(model))


@public
def tornado_for_report(answer: Sensitivity, *, style: str = "auto") -> Picture | None:
    """The tornado of an output at one label; None where nothing swings."""
    if not swings(answer):
        return None
    axes = tornado(answer, most=_MOST_BARS, style=style)
    return Picture("tornado", figure_of(axes), tornado_in_words(answer))


@public
def scenarios_for_report(result: Result, *, style: str = "auto") -> Picture | None:
    """A result in each scenario, below one another; of a category, which has no common axis, the
    probabilities in each, as far as there is room. None where there is no spread to be shown."""
    if result.run.size < _FEWEST or not _varies(result):
        return None
    if result.quantity.categories:
        return _panels(result, "scenarios", style)
    figure = figure_of(comparison(result, style=style))
    return Picture("scenarios", figure, labelled_text(result))


@public
def sweep_for_report(answer: Sweep, *, style: str = "auto") -> Picture | None:
    """An output over the values of a sweep; None where no fan and no heat map can show it."""
    if answer.result.run.size < _FEWEST:
        return None
    try:
        return Picture("sweep", sweep(answer, style=style), sweep_in_words(answer))
    except GuessmodelError:  # too many labels, say
        return None


@public
def seek_for_report(answer: Sought, *, style: str = "auto") -> Picture | None:
    """A statistic against the input by which it is sought; None where too few values have one."""
    try:
        return Picture("seek", figure_of(seek(answer, style=style)), seek_in_words(answer))
    except GuessmodelError:
        return None


@public
def together_for_report(results: Sequence[Result], *, style: str = "auto") -> Picture:
    """Some draws of correlated inputs, each pair in a panel."""
    figure = scatter_matrix(*results, style=style)
    return Picture("scatter matrix", figure, scatter_matrix_in_words(*results))


def _axes(style: str) -> Axes:
    """Small enough for a phone and for two beside each other; the key has two lines."""
    return new_axes(4.8, 3.1, style, Margins(top=0.56))


def _varies(result: Result) -> bool:
    """Whether there is any spread to be shown, at some label."""
    for piece in result.by_label.values():
        finite = piece.preview[np.isfinite(piece.preview)]
        if not len(finite):
            continue
        low, high = float(finite.min()), float(finite.max())
        if has_axis(low, high) and not only_rounding(low, high):
            return True
    return False
