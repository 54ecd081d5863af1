"""Draws of several quantities against each other, a panel for each pair."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from guessmodel.errors import DimensionError, UsageError, public
from guessmodel.estimators.joint import spearman
from guessmodel.graph import dims as dimensions
from guessmodel.numerics.arrays import FloatArray
from guessmodel.plots.drawing import figures_of, paint
from guessmodel.plots.labels import clean, figure_text, number_axis, set_scale, titled
from guessmodel.plots.plot_data import plot_data_of
from guessmodel.plots.sample import AxisRange, axis_range_of, sample_of
from guessmodel.plots.style import BLUE, STYLES, house, ink_of, new_figure, prepare
from guessmodel.simulation import Result

__all__ = ["MOST", "scatter_matrix", "scatter_matrix_in_words"]

MOST: Final = 8
"""Quantities in a picture at most."""
_POINTS: Final = 600
_ROOM: Final = 0.03
_PANEL: Final = 1.5  # inches
_LEFT: Final = 0.85
_BELOW: Final = 0.65
_GAP: Final = 0.12


@public
def scatter_matrix(
    *results: Result, figure: Figure | None = None, style: str = "auto", scale: str = "auto"
) -> Figure:
    """Below the diagonal some draws of each pair of quantities, on it the density of each, above it
    Spearman's rank correlation of all draws (of the preview, where they were not kept).

    Parameters
    ----------
    results : two to eight unlabelled results of one simulation
    figure, style, scale : as those of `small_multiples`

    Raises UsageError for another number, different runs and categories, DimensionError for labels.

    >>> import guessmodel as gm
    >>> a, b = gm.correlate([gm.normal(1, 2), gm.lognormal(3, 9)], rank=0.5)
    >>> run = gm.Model(a=a, b=b, total=a + b).sample(1024)
    >>> len(scatter_matrix(run["a"], run["b"], run["total"]).axes)
    9
    """
    _check(results)
    count = len(results)
    width = _LEFT + count * (_PANEL + _GAP)
    own = figure or new_figure(width, _BELOW + count * (_PANEL + _GAP), style)
    width, height = map(float, own.get_size_inches())
    across = ((width - _LEFT) / count - _GAP) / width
    up = ((height - _BELOW) / count - _GAP) / height
    samples = [sample_of(result) for result in results]
    windows = [axis_range_of([sample], scale) for sample in samples]
    chosen = _some(results)
    ink = STYLES[style].ink
    for i, result in enumerate(results):
        for j, other in enumerate(results):
            box = (
                (_LEFT + j * ((width - _LEFT) / count)) / width,
                (_BELOW + (count - 1 - i) * ((height - _BELOW) / count)) / height,
                across,
                up,
            )
            with house(ink):
                ax = own.add_axes(box)
            prepare(ax, ink)
            with house(ink_of(ax)):
                if i == j:
                    shape = plot_data_of(result, samples[i], windows[i])
                    paint(ax, shape, figures_of(result), mean=False, categories=False)
                    ax.set_ylabel("")
                elif i > j:
                    _draw_pair(ax, other.preview[chosen], result.preview[chosen])
                else:
                    _write_correlation(ax, result, other, ink)
                _axes(ax, i, j, windows, count)
                room = _PANEL * 72.0 + 12.0
                if i == count - 1:
                    ax.set_xlabel(titled(other.name, other.unit, room), parse_math=False)
                if j == 0:
                    ax.set_ylabel(titled(result.name, result.unit, room), parse_math=False)
    return own


def _draw_pair(ax: Axes, x: FloatArray, y: FloatArray) -> None:
    ax.plot(x, y, ls="", marker="o", ms=1.8, mew=0.0, color=BLUE, alpha=0.4)


def _write_correlation(ax: Axes, result: Result, other: Result, ink: str) -> None:
    text = figure_text(spearman(result.by_replicate, other.by_replicate), main=True)
    at = ax.transAxes
    ax.text(0.5, 0.5, text, transform=at, ha="center", va="center", fontsize=9.5, color=ink)


def scatter_matrix_in_words(*results: Result) -> str:
    """The rank correlations of all pairs, for those who do not see the picture."""
    told = [
        f"{clean(x.name)} and {clean(y.name)} "
        f"{figure_text(spearman(x.by_replicate, y.by_replicate), main=True)}"
        for k, x in enumerate(results)
        for y in results[k + 1 :]
    ]
    return f"Scatter matrix. Spearman rank correlation of {'; '.join(told)}."


def _check(results: tuple[Result, ...]) -> None:
    if not 2 <= len(results) <= MOST:
        raise UsageError(f"a scatter matrix shows 2 to {MOST} quantities, not {len(results)}")
    for result in results:
        if result.dims:
            raise DimensionError(
                f"a scatter matrix shows no labels, and '{result.name}' has "
                f"{dimensions.describe(result.dims)}; choose one by .sel(…)"
            )
        if result.quantity.categories:
            raise UsageError(f"'{result.name}' is a category, whose labels have no order")
        if result.run != results[0].run:
            raise UsageError(
                f"'{results[0].name}' and '{result.name}' are of different runs: their draws do "
                "not belong together"
            )


def _some(results: tuple[Result, ...]) -> np.ndarray:
    """Draws that are finite in all quantities; not every so many, which would show the lattice."""
    finite = np.logical_and.reduce([np.isfinite(result.preview) for result in results])
    there = np.flatnonzero(finite)
    if len(there) > _POINTS:
        there = np.random.default_rng(0).choice(there, _POINTS, replace=False)
    return there


def _axes(ax: Axes, row: int, column: int, windows: list[AxisRange], count: int) -> None:
    across, upward = windows[column], windows[row]
    if row >= column:
        set_scale(ax.xaxis, across.scale)
        low, high = across.padded(_ROOM)
        ax.set_xlim(low, high)
        number_axis(ax.xaxis, across.scale, low=low, high=high)
    if row > column:
        set_scale(ax.yaxis, upward.scale)
        low, high = upward.padded(_ROOM)
        ax.set_ylim(low, high)
        number_axis(ax.yaxis, upward.scale, low=low, high=high)
    if row < column:
        ax.set_axis_off()
    if row == column:
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
    ax.tick_params(labelbottom=row == count - 1, labelleft=column == 0 and row > 0)
