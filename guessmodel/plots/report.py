"""The pictures that a report shows of a quantity or a model, each with its description."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from guessmodel.analysis.drivers import Sensitivity
from guessmodel.model.model import Model
from guessmodel.numerics.rounding_noise import only_rounding
from guessmodel.plots.alt_text import distribution, fan_text, graph_text, labelled_text
from guessmodel.plots.categories import is_indicator, words_of
from guessmodel.plots.cdf import draw_cdf
from guessmodel.plots.comparison import comparison
from guessmodel.plots.density import draw_density
from guessmodel.plots.drawing import figures_of
from guessmodel.plots.fan import fan, is_ordered
from guessmodel.plots.graph import graph
from guessmodel.plots.multiples import MOST_PANELS, panels_of, small_multiples
from guessmodel.plots.sample import has_axis
from guessmodel.plots.saving import figure_of
from guessmodel.plots.style import Margins, new_axes
from guessmodel.plots.tornado import swings, tornado, tornado_in_words
from guessmodel.simulation import Result

__all__ = [
    "Picture",
    "for_report",
    "graph_for_report",
    "scenarios_for_report",
    "tornado_for_report",
]

_MOST_BARS = 10
_FEWEST = 20  # draws of a replicate, of which one lies below the 5th percentile


class Picture(NamedTuple):
    """A picture of a report: what kind it is, and in words what it shows."""

    kind: str
    figure: Figure
    alt: str


def for_report(result: Result, *, style: str = "auto") -> list[Picture]:
    """Density and cumulative distribution of a quantity; of a labelled one a fan along numbers,
    else small multiples, or a comparison where there are too many labels for these.

    None of a quantity that is constant, has no finite draws or fits no axis, nor from a run of so
    few draws that its 5th percentile is not known.

    >>> import guessmodel as gm
    >>> for picture in for_report(gm.normal(5, 8, "USD", name="price").sample(1024)):
    ...     print(picture.kind, "|", picture.alt)
    density | Density of price in USD: median 6.5, 90% interval 5 to 8.
    cdf | Cumulative distribution of price in USD: median 6.5, 90% interval 5 to 8.
    """
    if result.run.size < _FEWEST or not _varies(result):
        return []
    if not result.dims:
        figures = figures_of(result)
        first = figure_of(draw_density(result, figures, _axes(style)))
        if words_of(result):
            return [Picture("density", first, distribution(result, figures, "Probabilities"))]
        second = figure_of(draw_cdf(result, figures, _axes(style)))
        words = distribution(result, figures, "Density")
        more = distribution(result, figures, "Cumulative distribution")
        return [Picture("density", first, words), Picture("cdf", second, more)]
    if len(result.dims) == 1 and is_ordered(result.dims[0]):
        return [Picture("fan", figure_of(fan(result, style=style)), fan_text(result))]
    alt = labelled_text(result)
    chances = is_indicator(result) and not any(map(is_ordered, result.dims))
    if chances or panels_of(result) > MOST_PANELS:
        return [Picture("comparison", figure_of(comparison(result, style=style)), alt)]
    panels = small_multiples(result, style=style)
    return [Picture("small multiples", figure_of(panels[0]), alt)]


def graph_for_report(model: Model, *, style: str = "auto") -> Picture:
    """The graph of a model, with its description."""
    return Picture("graph", figure_of(graph(model, style=style)), graph_text(model))


def tornado_for_report(answer: Sensitivity, *, style: str = "auto") -> Picture | None:
    """The tornado of an output at one label; None where nothing swings."""
    if not swings(answer):
        return None
    axes = tornado(answer, most=_MOST_BARS, style=style)
    return Picture("tornado", figure_of(axes), tornado_in_words(answer))


def scenarios_for_report(result: Result, *, style: str = "auto") -> Picture | None:
    """A result in each scenario, below one another; None where there is no spread to be shown."""
    if result.run.size < _FEWEST or not _varies(result):
        return None
    figure = figure_of(comparison(result, style=style))
    return Picture("scenarios", figure, labelled_text(result))


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
