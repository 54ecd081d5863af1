"""Small multiples: a panel for each label, all on the same axes."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from guessmodel.errors import UsageError, public
from guessmodel.graph.dims import Dim, describe
from guessmodel.plots.categories import (
    most_likely,
    refuse_categories,
    refuse_scale,
    shown_as_yes_or_no,
    words_of,
)
from guessmodel.plots.comparison import expanded
from guessmodel.plots.drawing import figures_of, finish_x, in_numbers
from guessmodel.plots.drawing import paint as paint_shape
from guessmodel.plots.fan import bands_key, bands_of, is_ordered, limits_of, paint
from guessmodel.plots.labels import clean, text_width, titled
from guessmodel.plots.plot_data import bars_of, plot_data_of
from guessmodel.plots.sample import axis_range_of, sample_of
from guessmodel.plots.style import STYLES, house, ink_of, new_figure, prepare, refuse_other
from guessmodel.simulation import Result

__all__ = ["MOST_PANELS", "panels_of", "small_multiples"]

MOST_PANELS = 24
_WIDE = 2.35  # inches a panel
_STEMS = 40  # distinct values that fit into a panel
_TITLE = 8.5  # points
_HIGH = 1.65
_BELOW = 0.72  # room below the panels
_CORNER = 0.2  # of it, for what explains the numbers


@public
def small_multiples(
    result: Result,
    *,
    kind: Literal["density", "histogram", "fan"] | None = None,
    figure: Figure | None = None,
    style: str = "auto",
    scale: str = "auto",
) -> list[Axes]:
    """A panel for each label of a labelled quantity, with a common horizontal axis.

    Parameters
    ----------
    result : of one dimension or several
    kind : `fan` (the default where one of several dimensions has numbers as labels; the others
        are spread over the panels), `density` (the default elsewhere) or `histogram`
    figure : figure to fill, or part of one; a new one by default
    style, scale : as those of `density`

    Returns the axes of the panels, in the order of the labels.

    Raises UsageError for a quantity without dimensions, or of more than 24 panels.

    >>> import guessmodel as gm
    >>> cost = gm.normal({"a": (1, 2), "b": (3, 5)}, unit="USD", dim="plan", name="cost")
    >>> [ax.get_title(loc="left") for ax in small_multiples(cost.sample(1024))]
    ['a\\n1.5 (1 to 2)', 'b\\n4 (3 to 5)']
    """
    refuse_other(result, Result, "a result of a run, such as simulation['cost']")
    if not result.dims:
        raise UsageError(f"small multiples need a dimension; '{result.name}' has none")
    refuse_scale(result, scale)
    along = next((dim for dim in result.dims if is_ordered(dim)), None)
    if kind is None:
        kind = "fan" if _spread(result) else "density"
    if kind == "fan":
        if along is None or len(result.dims) < 2:
            raise UsageError(
                "panels of fans need a dimension with numbers as labels, and another; "
                f"'{result.name}' has {describe(result.dims)}"
            )
        return _fans(result, along, figure, style, scale)
    return _shapes(result, figure, style, scale, bins=kind == "histogram")


def panels_of(result: Result) -> int:
    """Number of panels that a labelled quantity has by default."""
    along = next((dim for dim in result.dims if is_ordered(dim)), None)
    if along is not None and _spread(result):
        return len(_slices(result, along))
    return len(expanded(result))


def _spread(result: Result) -> bool:
    """Whether panels are best spread over all dimensions but an ordered one."""
    ordered = any(map(is_ordered, result.dims))
    return ordered and len(result.dims) > 1 and not result.quantity.categories


# --- densities ------------------------------------------------------------------------------------


def _shapes(
    result: Result, figure: Figure | None, style: str, scale: str, *, bins: bool
) -> list[Axes]:
    pieces = expanded(result)
    samples = [sample_of(piece) for _, piece in pieces]
    window = axis_range_of(samples, scale)
    panels = _panels(result.name, len(pieces), figure, style)
    shapes = [
        plot_data_of(piece, sample, window)
        for (_, piece), sample in zip(pieces, samples, strict=True)
    ]
    # All panels have stems, or none: many do not fit into one.
    stems = not any(
        shape.kind == "bars" or (shape.kind == "discrete" and len(shape.x) > _STEMS)
        for shape in shapes
    )
    for ax, (label, piece), sample, found in zip(panels, pieces, samples, shapes, strict=True):
        with house(ink_of(ax)):
            binned = (bins and found.kind == "curve") or (not stems and found.kind == "discrete")
            shape = bars_of(sample, window) if binned and not words_of(piece) else found
            figures = figures_of(piece)
            words = words_of(piece)
            paint_shape(ax, shape, figures, mean=False, categories=bool(words))
            finish_x(ax, shape, words)
            if not words:
                ax.set_xlim(*window.padded())
            ax.set_yticks([])
            ax.spines["left"].set_visible(False)
            _entitle(ax, label, most_likely(piece) if words else in_numbers(figures, _fits))
    _outer_labels(panels, titled(result.name, result.unit, _WIDE * 72.0 * _columns(len(panels))))
    if not words_of(result):
        side = _figure(panels)
        few = next((s.few for s, (_, p) in zip(samples, pieces, strict=True) if not p.closed), None)
        text = "median (90% interval)" + (f"\n{few}" if few else "")
        side.text(0.99, 0.02, text, ha="right", fontsize=7.5, color=ink_of(panels[0]))
    return panels


# --- fans -----------------------------------------------------------------------------------------


def _fans(result: Result, along: Dim, figure: Figure | None, style: str, scale: str) -> list[Axes]:
    refuse_categories(result, "fan in panels")
    parts = _slices(result, along)
    limits = None
    if not shown_as_yes_or_no(result):
        bands = [bands_of(along, pieces) for pieces in parts.values()]
        limits = limits_of(np.concatenate(bands))
    panels = _panels(result.name, len(parts), figure, style, left=0.75)
    for number, (ax, (label, pieces)) in enumerate(zip(panels, parts.items(), strict=True)):
        with house(ink_of(ax)):
            paint(ax, along, pieces, limits, scale)
            ax.set_ylabel("")
            ax.set_xlabel("")
            _entitle(ax, label, "")
            if number % _columns(len(panels)):
                ax.tick_params(labelleft=False)
    _outer_labels(panels, clean(along.name, 60))
    side = _figure(panels)
    if not words_of(result):
        _explain(side, panels[0])
    name = f"probability of {result.name}" if shown_as_yes_or_no(result) else result.name
    side.supylabel(
        titled(name, result.unit, 72.0 * _HIGH * _lines(len(panels)) + 36.0),
        fontsize=9.0,
        parse_math=False,
        color=ink_of(panels[0]),
        x=0.005,
    )
    return panels


def _slices(result: Result, along: Dim) -> dict[str, list[Result]]:
    """For each coordinate of the other dimensions at which the quantity is applicable, its
    results along the ordered one."""
    axis = result.dims.index(along)
    found: dict[str, list[Result]] = {}
    for labels, piece in result.by_label.items():
        assert isinstance(labels, tuple)
        others = labels[:axis] + labels[axis + 1 :]
        found.setdefault(", ".join(map(str, others)), []).append(piece)
    return {label: pieces for label, pieces in found.items() if any(p.applicable for p in pieces)}


# --- panels ---------------------------------------------------------------------------------------


def _columns(count: int) -> int:
    return min(count, 3 if count > 4 or count == 3 else 2)


def _lines(count: int) -> int:
    return math.ceil(count / _columns(count))


def _panels(
    name: str, count: int, figure: Figure | None, style: str, left: float = 0.2
) -> list[Axes]:
    if count > MOST_PANELS:
        raise UsageError(
            f"'{name}' has {count} labels, more than {MOST_PANELS} panels; choose some of them, "
            "or show them with comparison"
        )
    columns, lines = _columns(count), _lines(count)
    width, height = columns * _WIDE + left + 0.1, lines * _HIGH + _BELOW - 0.1
    own = figure or new_figure(width, height, style)
    width, height = map(float, own.get_size_inches())
    ink = STYLES[style].ink
    with house(ink):
        grid = own.add_gridspec(
            lines, columns, wspace=0.09, hspace=0.62, left=left / width, right=1.0 - 0.12 / width,
            bottom=_BELOW / height, top=1.0 - 0.4 / height,
        )  # fmt: skip
        panels = [own.add_subplot(grid[divmod(i, columns)]) for i in range(count)]
    for ax in panels:
        prepare(ax, ink)
    return panels


def _figure(panels: list[Axes]) -> Figure | SubFigure:
    figure = panels[0].get_figure()
    assert figure is not None
    return figure


def _explain(figure: Figure | SubFigure, ax: Axes) -> None:
    """What the bands are, in the corner below the panels."""
    figure.legend(
        *bands_key(),
        loc="lower right",
        bbox_to_anchor=(1.0, 0.0),
        ncols=3,
        fontsize=7.5,
        frameon=False,
        labelcolor=ink_of(ax),
        handlelength=1.2,
        columnspacing=1.0,
        borderaxespad=0.2,
    )


def _fits(text: str) -> bool:
    """Whether a title stays above its own panel."""
    return text_width(text, _TITLE) <= _WIDE * 72.0


def _entitle(ax: Axes, label: str, numbers: str) -> None:
    text = clean(label, 30) + (f"\n{numbers}" if numbers else "")
    ax.set_title(text, loc="left", fontsize=_TITLE, pad=3.0, parse_math=False, color=ink_of(ax))


def _outer_labels(panels: list[Axes], text: str) -> None:
    """One label for all horizontal axes; ticks under the lowest panel of each column alone."""
    columns = _columns(len(panels))
    for number, ax in enumerate(panels):
        if number + columns < len(panels):
            ax.tick_params(which="both", labelbottom=False)
    side = _figure(panels)
    side.supxlabel(
        text,
        fontsize=9.0,
        parse_math=False,
        color=ink_of(panels[0]),
        y=_CORNER * side.dpi / side.bbox.height,
    )
