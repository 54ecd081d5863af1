"""Quantiles of a quantity along an ordered dimension."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from guessmodel.errors import DimensionError, UsageError, public
from guessmodel.graph.dims import Dim
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.scales import LINEAR, LOG, evenly_spaced, scale_of
from guessmodel.plots.categories import refuse_scale, words_of
from guessmodel.plots.labels import (
    Numbers,
    clean,
    legend_above,
    most_ticks,
    name_y,
    number_axis,
    set_scale,
)
from guessmodel.plots.probability import chance_lines_axes, name_chance_lines, paint_chance_lines
from guessmodel.plots.sample import AxisRange, check_axis
from guessmodel.plots.style import BLUE, house, ink_of, new_axes, refuse_other, refuse_style
from guessmodel.simulation import Result

__all__ = ["bands_key", "bands_of", "fan", "is_ordered", "limits_of", "paint"]

_LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
_OUTER, _INNER = 0.22, 0.3
_DECADES = 1.5
_MARKERS = 30


def is_ordered(dim: Dim) -> bool:
    """Whether the labels are numbers, of which there are at least two."""
    return len(dim) > 1 and all(
        isinstance(label, int | float) and math.isfinite(label) for label in dim.labels
    )


@public
def fan(
    result: Result, *, ax: Axes | None = None, style: str = "auto", scale: str = "auto"
) -> Axes:
    """Median, and the intervals that hold 50% and 90%, along a dimension with numbers as labels.

    Of an indicator or of categories, their probabilities. Labels at which the quantity is not
    applicable leave a gap. The vertical axis is logarithmic where it is positive and spans more
    than 1.5 decades, or by `scale_of`; the horizontal one where labels are not evenly spaced.

    Parameters
    ----------
    result : of one dimension, whose labels are numbers
    ax, style, scale : as those of `density`

    Raises UsageError where there is no such dimension, DimensionError where there are others too.

    >>> import guessmodel as gm
    >>> growth = gm.constant({2020: 1, 2021: 2, 2022: 4}, dim="year")
    >>> ax = fan((growth * gm.normal(1, 2, "USD")).sample(1024))
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('year', 'result [USD]')
    """
    refuse_other(result, Result, "a result of a run, such as simulation['cost']")
    refuse_style(ax, style)
    refuse_scale(result, scale)
    dim = _dimension(result)
    words = result.quantity.categories
    if ax is None:
        names = [clean(word, 28) for word in words]
        ax = chance_lines_axes(names, style) if words else new_axes(style=style)
    with house(ink_of(ax)):
        paint(ax, dim, list(result.by_label.values()), scale=scale)
        if words_of(result):
            ax.set_ylabel(f"probability of {clean(result.name, 40)}", parse_math=False)
        if words:
            name_chance_lines(ax, [str(word) for word in words])
        if not words_of(result):
            name_y(ax, result)
            legend_above(ax, *bands_key())
    return ax


def paint(
    ax: Axes,
    dim: Dim,
    pieces: Sequence[Result],
    limits: tuple[float, float] | None = None,
    scale: str = "auto",
) -> None:
    """What a quantity is along a dimension, from its result at each label: bands, or the
    probabilities of an indicator or of categories. Limits are those of the vertical axis."""
    if words_of(pieces[0]):
        paint_chance_lines(ax, dim, pieces)
    else:
        bands = bands_of(dim, pieces)
        _paint_bands(ax, np.sort(np.array(dim.labels, dtype=np.float64)), bands)
        _scale_y(ax, bands, limits or limits_of(bands), scale)
    _scale_x(ax, dim)


def bands_of(dim: Dim, pieces: Sequence[Result]) -> FloatArray:
    """Quantiles at 5, 25, 50, 75 and 95%, shape (labels, 5), in ascending order of the labels.

    NaN where the quantity is not applicable or has too few draws. Raises UsageError where that is
    so everywhere, or where no axis can hold them.
    """
    rows = [
        [e.value for e in piece.quantiles(*_LEVELS)] if piece.applicable else [math.nan] * 5
        for piece in pieces
    ]
    bands = np.array(rows)[np.argsort(np.array(dim.labels, dtype=np.float64))]
    if not np.isfinite(bands).any():
        finite = any(np.isfinite(piece.preview).any() for piece in pieces)
        why = "too few draws for these intervals" if finite else "no finite draws"
        raise UsageError(f"'{pieces[0].name}' has {why}: there is nothing to plot")
    check_axis(pieces[0].name, *limits_of(bands))
    return bands


def limits_of(bands: FloatArray) -> tuple[float, float]:
    """Smallest and largest value in the bands."""
    return float(np.nanmin(bands)), float(np.nanmax(bands))


def _paint_bands(ax: Axes, x: FloatArray, bands: FloatArray) -> None:
    low, inner_low, middle, inner_high, high = bands.T
    ax.fill_between(x, low, high, color=BLUE, alpha=_OUTER, lw=0)
    ax.fill_between(x, inner_low, inner_high, color=BLUE, alpha=_INNER, lw=0)
    ax.plot(x, middle, color=BLUE, lw=1.6, marker="o" if len(x) <= _MARKERS else "", ms=3.0)
    _paint_lone(ax, x, bands)


def _paint_lone(ax: Axes, x: FloatArray, bands: FloatArray) -> None:
    """A label between two gaps has no width; it is shown by vertical lines."""
    known = np.isfinite(bands[:, 2])
    padded = np.r_[False, known, False]
    lone = known & ~padded[:-2] & ~padded[2:]
    for ends, width in ((bands[:, [0, 4]], 1.5), (bands[:, [1, 3]], 4.0)):
        for at, (low, high) in zip(x[lone], ends[lone], strict=True):
            ax.plot([at, at], [low, high], color=BLUE, lw=width, alpha=0.5)


def _scale_y(ax: Axes, bands: FloatArray, limits: tuple[float, float], wanted: str) -> None:
    low, high = limits
    known = np.sort(bands[np.isfinite(bands)])
    scale = scale_of([known], wanted)
    if wanted == "auto" and low > 0.0:
        scale = LOG if math.log10(high / low) > _DECADES else LINEAR
    set_scale(ax.yaxis, scale)
    if scale.is_curved:
        ax.set_ylim(*AxisRange(low, high, scale).padded(0.04))
    else:
        low = 0.0 if 0.0 < low < 0.4 * high else low
        bottom, top = AxisRange(low, high).padded(0.04)
        ax.set_ylim(0.0 if low == 0.0 else bottom, top)
    bottom, top = ax.get_ylim()
    number_axis(ax.yaxis, scale, low=bottom, high=top)


def _scale_x(ax: Axes, dim: Dim) -> None:
    x = np.sort(np.array(dim.labels, dtype=np.float64))
    log = not evenly_spaced(x) and math.log10(x[-1] / x[0]) > _DECADES
    scale = LOG if log else LINEAR
    set_scale(ax.xaxis, scale)
    window = AxisRange(float(x[0]), float(x[-1]), scale)
    ax.set_xlim(*window.padded())
    number_axis(ax.xaxis, scale, low=x[0], high=x[-1], whole=bool(np.all(x == np.rint(x))))
    if len(x) <= most_ticks(ax.xaxis) and not log:
        ax.set_xticks(x, Numbers().format_ticks(list(x)))
    ax.set_xlabel(clean(dim.name, 60), parse_math=False)


def bands_key() -> tuple[list[Artist], Sequence[str]]:
    """Handles and texts of a legend of the bands."""
    handles: list[Artist] = [
        Line2D([], [], color=BLUE, lw=1.6),
        Patch(facecolor=BLUE, alpha=1.0 - (1.0 - _OUTER) * (1.0 - _INNER)),
        Patch(facecolor=BLUE, alpha=_OUTER),
    ]
    return handles, ("median", "50% interval", "90% interval")


def _dimension(result: Result) -> Dim:
    ordered = [dim for dim in result.dims if is_ordered(dim)]
    if not ordered:
        has = ", ".join(f"'{dim.name}'" for dim in result.dims)
        found = f"has labels along {has} that are no numbers" if has else "has no dimensions"
        raise UsageError(f"a fan needs a dimension with numbers as labels; '{result.name}' {found}")
    others = [dim.name for dim in result.dims if dim is not ordered[0]]
    if others:
        raise DimensionError(
            f"a fan shows one dimension; '{result.name}' also has {', '.join(others)}: choose a "
            "label with .sel(), or show them all with small_multiples"
        )
    return ordered[0]
