"""Cumulative distribution of one quantity."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from guessmodel.errors import public
from guessmodel.numerics.arrays import FloatArray
from guessmodel.plots.categories import refuse_categories, refuse_scale
from guessmodel.plots.drawing import Figures, figures_of, finish_x
from guessmodel.plots.labels import figure_texts, legend_above, name_x, percent_axis
from guessmodel.plots.plot_data import PlotData, plot_data_of
from guessmodel.plots.sample import Sample, axis_range_of, notes_of, sample_of
from guessmodel.plots.style import BLUE, house, ink_of, new_axes, refuse_other, refuse_style
from guessmodel.simulation import Result

__all__ = ["cdf", "draw_cdf"]

_POINTS = 300
_MARKED = ((0.05, "5%"), (0.5, "50%"), (0.95, "95%"))


@public
def cdf(
    result: Result, *, ax: Axes | None = None, style: str = "auto", scale: str = "auto"
) -> Axes:
    """Probability of at most x, with the 5th, 50th and 95th percentile marked.

    Exact where the quantity has a closed form, else the share of the draws. Parameters and errors
    as those of `density`.

    >>> import guessmodel as gm
    >>> ax = cdf(gm.normal(1, 2, name="x").sample(1024))
    >>> [float(y) for y in ax.get_ylim()]
    [0.0, 1.0]
    """
    refuse_other(result, Result, "a result of a run, such as simulation['cost']")
    refuse_style(ax, style)
    refuse_scale(result, scale)
    return draw_cdf(result, figures_of(result), ax or new_axes(style=style), scale)


def draw_cdf(result: Result, figures: Figures, ax: Axes, scale: str = "auto") -> Axes:
    """Cumulative distribution, with statistics that are known already."""
    refuse_categories(result, "cumulative distribution")
    sample = sample_of(result)
    window = axis_range_of([sample], scale)
    with house(ink_of(ax)):
        shape = plot_data_of(result, sample, window)
        low, high = window.padded()
        jumps = _jumps(shape)
        x, y = _steps(sample, low, high) if jumps else _curve(result, sample, low, high)
        ax.plot(x, y, color=BLUE, lw=1.6)
        ax.set_xlim(low, high)
        ax.set_ylim(0.0, 1.0)
        finish_x(ax, shape)
        _mark(ax, figures, (low, high))
        percent_axis(ax.yaxis)
        ax.set_ylabel("probability of at most x")
        name_x(ax, result, notes_of(sample, window, exact=shape.exact and not jumps))
    return ax


def _jumps(shape: PlotData) -> bool:
    return shape.kind in ("point", "discrete") or bool(shape.atoms)


def _steps(sample: Sample, low: float, high: float) -> tuple[FloatArray, FloatArray]:
    """Corners of the empirical distribution; the same height is not repeated."""
    values, counts = np.unique(sample.x, return_counts=True)
    below = np.cumsum(counts) / len(sample.x)
    if len(values) > _POINTS:
        kept = np.unique(np.searchsorted(below, np.linspace(0.0, 1.0, _POINTS + 1)[1:] - 1e-12))
        values, below = values[kept], below[kept]
    x = np.r_[low, np.repeat(values, 2), high]
    y = np.r_[0.0, 0.0, np.repeat(below, 2)]
    return x, y


def _curve(
    result: Result, sample: Sample, low: float, high: float
) -> tuple[FloatArray, FloatArray]:
    closed = result.closed
    ranks = np.unique(np.linspace(0, len(sample.x) - 1, _POINTS).round().astype(int))
    x = sample.x[ranks]
    y = (ranks + 0.5) / len(sample.x)
    if closed is None or closed.family is None:
        return np.r_[low, x, high], np.r_[0.0, y, 1.0]
    x = np.r_[low, x[(x > low) & (x < high)], high]
    z = (x - closed.shift) / closed.scale
    upward = closed.scale > 0.0
    below = (closed.family.cdf if upward else closed.family.sf)(z, *closed.parameters)
    return x, np.asarray(below)


def _mark(ax: Axes, figures: Figures, limits: tuple[float, float]) -> None:
    """Three points of the curve; their numbers stand above the axes, where nothing is hidden."""
    ink = ink_of(ax)
    texts = []
    marked = (figures.p5, figures.p50, figures.p95)
    for (p, share), estimate, text in zip(_MARKED, marked, figure_texts(*marked), strict=True):
        texts.append(f"{share}: {text}")
        if limits[0] <= estimate.value <= limits[1]:
            ax.plot([estimate.value] * 2, [0.0, p], color=ink, lw=0.7, ls=":")
            ax.plot([limits[0], estimate.value], [p, p], color=ink, lw=0.7, ls=":")
            ax.plot([estimate.value], [p], "o", color=BLUE, ms=4.0, zorder=4)
    dots: list[Artist] = [Line2D([], [], color=BLUE, marker="o", ms=4.0, ls="") for _ in texts]
    legend_above(ax, dots, texts)
