"""Draws a `PlotData` on axes: shared by density, histogram, small multiples."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from guessmodel.estimators.estimate import Estimate
from guessmodel.plots.labels import (
    clean,
    figure_text,
    figure_texts,
    number_axis,
    percent_axis,
    set_scale,
)
from guessmodel.plots.plot_data import PlotData
from guessmodel.plots.style import BLUE, VERMILLION, ink_of
from guessmodel.simulation import Result
from guessmodel.units.formats import format_number, format_written

__all__ = ["Figures", "always", "figures_of", "finish_x", "in_numbers", "key_of", "paint"]

_INSIDE, _OUTSIDE = 0.55, 0.2  # opacity within and beyond the 90% interval
_HEADROOM = 1.08


@final
@dataclass(frozen=True, slots=True)
class Figures:
    """The statistics that pictures mark."""

    mean: Estimate
    p5: Estimate
    p50: Estimate
    p95: Estimate


def figures_of(result: Result) -> Figures:
    """Mean, and 5th, 50th and 95th percentile, of an unlabelled result; a category has none."""
    if result.quantity.categories:
        nothing = Estimate.refused("a category has no numbers", "")
        return Figures(nothing, nothing, nothing, nothing)
    return Figures(result.mean(), *result.quantiles(0.05, 0.5, 0.95))


def paint(
    ax: Axes, shape: PlotData, figures: Figures, *, mean: bool = True, categories: bool = False
) -> None:
    """The shape, its 90% interval shaded, median and mean marked; y begins at 0.

    Categories have neither: their order means nothing.
    """
    ends = (-math.inf, math.inf) if categories else _ends(figures)
    if shape.kind == "point":
        ax.plot([shape.x[0]] * 2, [0.0, 1.0], color=BLUE, lw=2.5, solid_capstyle="butt")
    elif shape.kind == "discrete":
        _paint_probabilities(ax, shape, ends)
    elif shape.kind == "bars":
        _paint_bars(ax, shape, ends)
    else:
        _paint_curve(ax, shape, ends)
    ax.set_ylim(0.0, _HEADROOM * shape.peak)
    ax.set_xlim(*_limits(shape))
    if shape.kind != "point" and not categories:
        _mark(ax, figures.p50, shape, "-", ink_of(ax))
        if mean:
            _mark(ax, figures.mean, shape, "--", VERMILLION)


def always(figures: Figures) -> str:
    """`always 5`, of what has its mean there too; else its mean, which comes from what is rare."""
    only, mean = figures.p50.text(), figure_text(figures.mean, main=True)
    if figures.mean.value == figures.p50.value:
        return f"always {only}"
    return f"nearly always {only}" if mean == only else f"at least 90% are {only}, mean {mean}"


def key_of(ax: Axes, shape: PlotData, figures: Figures) -> tuple[list[Artist], list[str]]:
    """Handles and texts of the legend, which gives the numbers."""
    if shape.kind == "point":
        handle = Line2D([], [], color=BLUE, lw=2.5)
        return [handle], [always(figures)]
    handles: list[Artist] = [
        Line2D([], [], color=ink_of(ax), lw=1.2),
        Line2D([], [], color=VERMILLION, lw=1.2, ls="--"),
        Patch(facecolor=BLUE, alpha=_INSIDE),
    ]
    low, _, high = figure_texts(figures.p5, figures.p50, figures.p95)
    mean = figure_text(figures.mean, main=True)
    texts = [
        f"median {figure_text(figures.p50, main=True)}",
        mean if math.isnan(figures.mean.value) else f"mean {mean}",
        f"90% interval {low} to {high}" if low != high or not _missing(figures) else low,
    ]
    return handles, texts


def in_numbers(figures: Figures, fits: Callable[[str], bool] = bool) -> str:
    """`453 (241 to 722)`: median and 90% interval, in fewer digits where that does not fit, and
    the median alone where that does not either."""
    middle = ""
    for digits in (3, 2, 1):
        low, middle, high = figure_texts(figures.p5, figures.p50, figures.p95, digits=digits)
        text = middle if low == high else f"{middle} ({low} to {high})"
        if fits(text):
            return text
    return middle


def finish_x(ax: Axes, shape: PlotData, categories: Sequence[str] = ()) -> None:
    """Scale and ticks of the axis along which a quantity runs."""
    if categories:
        names = [clean(category, 18) for category in categories]
        ax.set_xticks(range(len(names)), names, parse_math=False)
        ax.set_xlim(-0.7, len(names) - 0.3)
        return
    low, high = ax.get_xlim()
    scale = shape.window.scale
    set_scale(ax.xaxis, scale)
    ax.set_xlim(low, high)
    whole = shape.kind == "discrete" and bool(np.all(shape.x == np.rint(shape.x)))
    number_axis(ax.xaxis, scale, low=low, high=high, whole=whole)


def share_axis(ax: Axes, shape: PlotData) -> None:
    """Label and ticks of the vertical axis."""
    if shape.kind == "discrete":
        ax.set_ylabel("probability")
        percent_axis(ax.yaxis)
    elif shape.kind == "bars" and not shape.uneven:
        ax.set_ylabel("share of draws")
        percent_axis(ax.yaxis)
    else:
        ax.set_ylabel("density" if shape.kind != "point" else "")
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)


# --- parts ----------------------------------------------------------------------------------------


def _missing(figures: Figures) -> bool:
    return math.isnan(figures.p5.value) or math.isnan(figures.p95.value)


def _ends(figures: Figures) -> tuple[float, float]:
    low, high = figures.p5.value, figures.p95.value
    return (-math.inf if math.isnan(low) else low), (math.inf if math.isnan(high) else high)


def _limits(shape: PlotData) -> tuple[float, float]:
    low, high = shape.window.padded()
    if shape.kind == "discrete":
        step = float(np.diff(shape.x).min(initial=math.inf))
        room = 0.7 * step if math.isfinite(step) else 1.0
        if not shape.window.scale.is_curved:
            low, high = min(low, shape.x[0] - room), max(high, shape.x[-1] + room)
    return low, high


def _paint_probabilities(ax: Axes, shape: PlotData, ends: tuple[float, float]) -> None:
    low, high = _limits(shape)
    inside = (shape.x >= ends[0]) & (shape.x <= ends[1])
    if shape.window.scale.is_curved:
        widths = 0.035 * np.asarray(shape.window.scale.stretch(shape.x))
    else:
        widths = np.full(len(shape.x), 0.7 * float(np.diff(shape.x).min(initial=math.inf)))
        widths[~np.isfinite(widths)] = 0.5
        widths = np.minimum(widths, 0.06 * (high - low)) if len(widths) < 8 else widths
    for chosen, opacity in ((inside, _INSIDE), (~inside, _OUTSIDE)):
        ax.bar(shape.x[chosen], shape.y[chosen], widths[chosen], color=BLUE, alpha=opacity, lw=0)


def _paint_bars(ax: Axes, shape: PlotData, ends: tuple[float, float]) -> None:
    edges = shape.x
    ax.stairs(shape.y, edges, fill=True, color=BLUE, alpha=_OUTSIDE, lw=0)
    clipped = np.clip(edges, *ends)
    if clipped[-1] > clipped[0]:
        ax.stairs(shape.y, clipped, fill=True, color=BLUE, alpha=_INSIDE - _OUTSIDE, lw=0)
    ax.stairs(shape.y, edges, color=BLUE, lw=1.0)
    low, high = shape.window.padded()
    for value, share in shape.atoms:
        if low <= value <= high:
            top = min(share, _HEADROOM * shape.peak)
            ax.plot([value] * 2, [0.0, top], color=BLUE, lw=3.0, solid_capstyle="butt")
            _name_atom(ax, value, share, shape)


def _name_atom(ax: Axes, value: float, share: float, shape: PlotData) -> None:
    low, high = shape.window.padded()
    position = shape.window.scale.position
    left = bool(position(value) < (position(low) + position(high)) / 2.0)
    ax.annotate(
        f"{format_number(100.0 * share, 2)}% exactly {format_written(value)}",
        (value, 1.0),
        (8 if left else -8, -4),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="left" if left else "right",
        va="top",
        fontsize=8.0,
        color=ink_of(ax),
        parse_math=False,
    )


def _paint_curve(ax: Axes, shape: PlotData, ends: tuple[float, float]) -> None:
    x, y = shape.x, shape.y
    ax.fill_between(x, 0.0, y, color=BLUE, alpha=_OUTSIDE, lw=0)
    low, high = max(ends[0], x[0]), min(ends[1], x[-1])
    if low < high:
        between = np.r_[low, x[(x > low) & (x < high)], high]
        inside = np.interp(between, x, y)
        ax.fill_between(between, 0.0, inside, color=BLUE, alpha=_INSIDE - _OUTSIDE, lw=0)
    ax.plot(x, y, color=BLUE, lw=1.4)


def _mark(ax: Axes, estimate: Estimate, shape: PlotData, line: str, color: str) -> None:
    low, high = _limits(shape)
    if low <= estimate.value <= high:
        ax.axvline(estimate.value, color=color, lw=1.2, ls=line)
