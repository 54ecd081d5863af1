"""Several quantities, or the labels of one, one below the other on a common axis."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from matplotlib.axes import Axes

from guessmodel.errors import UsageError, public
from guessmodel.numerics.arrays import FloatArray
from guessmodel.plots.categories import refuse_categories, refuse_scale, shown_as_yes_or_no
from guessmodel.plots.drawing import Figures, figures_of, in_numbers
from guessmodel.plots.labels import clean, number_axis, set_scale, text_width, titled
from guessmodel.plots.plot_data import PlotData, plot_data_of
from guessmodel.plots.probability import chance_axes, paint_chances
from guessmodel.plots.sample import (
    AxisRange,
    Sample,
    axis_range_of,
    notes_of,
    sample_of,
    unit_factor,
)
from guessmodel.plots.style import (
    BLUE,
    Margins,
    house,
    ink_of,
    new_axes,
    refuse_other,
    refuse_style,
)
from guessmodel.simulation import Result

__all__ = ["comparison", "expanded"]

_HEIGHT = 0.72  # of a shape, where 1 is the distance between two rows
_ROW = 0.42  # inches
_SIZE = 8.5
_HEADING = "median (90% interval)"
_SHAPED = 40  # rows, above which only the intervals are drawn


@final
@dataclass(frozen=True, slots=True)
class _Series:
    title: str
    sample: Sample
    figures: Figures
    result: Result
    factor: float


@public
def comparison(
    *results: Result,
    ax: Axes | None = None,
    style: str = "auto",
    title: str | None = None,
    scale: str = "auto",
) -> Axes:
    """Quantities below one another: density, 90% interval, median, and these in numbers.

    Of indicators, the probability of each.

    Parameters
    ----------
    results : of like units, which are brought to the first one's; each label of a labelled one
        is a row
    title : of the common axis; by default the quantity's name, where there is only one
    ax, style, scale : as those of `density`

    Raises UsageError where units do not fit together or nothing has finite draws.

    >>> import guessmodel as gm
    >>> model = gm.Model(old=gm.normal(5, 8, "USD"), new=gm.normal(400, 700, "cent"))
    >>> ax = comparison(*model.sample(1024).results())
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['old', 'new']
    """
    for each in results:
        refuse_other(each, Result, "a result of a run, such as simulation['cost']")
    refuse_style(ax, style)
    for result in results:
        refuse_scale(result, scale)
    for result in results:
        refuse_categories(result, "common axis")
    if results and all(map(shown_as_yes_or_no, results)):
        if title is not None:
            raise UsageError("title= is of a common axis; probabilities have none; leave it out")
        return _probabilities(results, ax, style)
    rows = _rows(results)
    window = axis_range_of([row.sample for row in rows], scale)
    unit = results[0].unit
    ax = ax or _new_axes(rows, style)
    with house(ink_of(ax)):
        _beside(ax, -_HEIGHT, _HEADING, 7.5)
        for position, row in enumerate(rows):
            _paint_row(ax, position, row, window, shaped=len(rows) <= _SHAPED)
        low, high = window.padded()
        set_scale(ax.xaxis, window.scale)
        ax.set_xlim(low, high)
        number_axis(ax.xaxis, window.scale, low=low, high=high)
        ax.set_ylim(len(rows) - 0.65, -_HEIGHT - 0.15)
        ax.set_yticks(
            range(len(rows)), [row.title for row in rows], parse_math=False, fontsize=_SIZE
        )
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        if title is None:
            title = results[0].name if len(results) == 1 else ""
        lines = [titled(title, unit) if title else f"[{clean(unit)}]" if unit else ""]
        lines += dict.fromkeys(
            row.sample.few for row in rows if row.sample.few and row.result.closed is None
        )
        lines += [
            f"{row.title}: {note}"
            for row in rows
            for note in notes_of(row.sample, window, exact=True)
        ]
        ax.set_xlabel("\n".join(line for line in lines[:4] if line), parse_math=False)
    return ax


def expanded(result: Result) -> list[tuple[str, Result]]:
    """Each label that has finite draws with its result; the result itself where it has no
    dimensions.

    Raises UsageError where no label has any.
    """
    if not result.dims:
        return [(result.name, result)]
    found = [
        (", ".join(map(str, label)) if isinstance(label, tuple) else str(label), piece)
        for label, piece in result.by_label.items()
        if np.isfinite(piece.preview).any()
    ]
    if not found:
        raise UsageError(f"'{result.name}' has no finite draws: there is nothing to plot")
    return found


def _probabilities(results: Sequence[Result], ax: Axes | None, style: str) -> Axes:
    pairs = [pair for result in results for pair in _titled(result, alone=len(results) == 1)]
    titles, pieces = [title for title, _ in pairs], [piece for _, piece in pairs]
    ax = ax or chance_axes(titles, pieces, style)
    with house(ink_of(ax)):
        paint_chances(ax, titles, pieces)
        if len(results) == 1:
            text = f"probability of {clean(results[0].name, 40)}"
            ax.set_xlabel(text, parse_math=False)
    return ax


def _titled(result: Result, *, alone: bool) -> list[tuple[str, Result]]:
    return [(clean(label if alone else piece.name, 32), piece) for label, piece in expanded(result)]


def _rows(results: Sequence[Result]) -> list[_Series]:
    if not results:
        raise UsageError("a comparison needs a quantity at least")
    unit = results[0].quantity.unit
    rows = []
    for result in results:
        factor = unit_factor(result, unit)
        for title, piece in _titled(result, alone=len(results) == 1):
            sample = sample_of(piece, factor)
            rows.append(_Series(title, sample, _scaled(piece, factor), piece, factor))
    return rows


def _scaled(result: Result, factor: float) -> Figures:
    figures = figures_of(result)
    statistics = (figures.mean, figures.p5, figures.p50, figures.p95)
    return Figures(*(e.scaled(factor) for e in statistics))


def _new_axes(rows: Iterable[_Series], style: str) -> Axes:
    shown = list(rows)
    left = max(text_width(row.title, _SIZE) for row in shown) / 72.0 + 0.15
    numbers = [_HEADING, *(in_numbers(row.figures) for row in shown)]
    right = max(text_width(text, _SIZE) for text in numbers) / 72.0 + 0.15
    margins = Margins(left=left, right=right, top=0.1, bottom=0.62)
    height = _ROW * (len(shown) + 0.4) + margins.top + margins.bottom
    return new_axes(left + right + 4.0, height, style, margins)


def _paint_row(ax: Axes, position: int, row: _Series, window: AxisRange, *, shaped: bool) -> None:
    figures = row.figures
    if shaped:
        x, y = _outline(plot_data_of(row.result, row.sample, window, row.factor))
        if len(x):
            y = position - _HEIGHT * y / y.max()
            ax.fill_between(x, position, y, color=BLUE, alpha=0.3, lw=0)
            ax.plot(x, y, color=BLUE, lw=0.9)
    known = [e.value for e in (figures.p5, figures.p95)]
    if all(map(math.isfinite, known)):
        ax.plot(known, [position] * 2, color=BLUE, lw=2.6, solid_capstyle="butt")
    if math.isfinite(figures.p50.value):
        ax.plot([figures.p50.value], [position], "o", color=ink_of(ax), ms=4.5, mew=0.0, zorder=4)
    _beside(ax, position, in_numbers(figures), _SIZE)


def _beside(ax: Axes, position: float, text: str, size: float) -> None:
    """A text at the right of the axes."""
    ax.text(
        1.015,
        position,
        text,
        transform=ax.get_yaxis_transform(),
        va="center",
        fontsize=size,
        color=ink_of(ax),
        parse_math=False,
    )


def _outline(shape: PlotData) -> tuple[FloatArray, FloatArray]:
    """The upper edge of a shape; none of a point, which its dot shows."""
    if shape.kind == "point":
        return np.empty(0), np.empty(0)
    if shape.kind == "curve":
        return shape.x, shape.y
    if shape.kind == "bars":
        x, y = np.repeat(shape.x, 2), np.r_[0.0, np.repeat(shape.y, 2), 0.0]
        return (x, y) if y.max() > 0.0 else (np.empty(0), np.empty(0))
    x, y = np.repeat(shape.x, 3), np.zeros(3 * len(shape.x))
    y[1::3] = shape.y
    return x, y
