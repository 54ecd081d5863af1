"""Text in pictures: names and units as they are (never mathtext), numbers the way people write."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, final

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis
from matplotlib.font_manager import FontProperties
from matplotlib.legend import Legend
from matplotlib.textpath import TextToPath
from matplotlib.ticker import (
    FixedLocator,
    Formatter,
    FuncFormatter,
    LogLocator,
    MaxNLocator,
    NullFormatter,
    NullLocator,
)

from guessmodel.estimators.estimate import UNRELIABLE, Estimate, in_a_row
from guessmodel.numerics.scales import Scale
from guessmodel.units.formats import format_number, format_numbers

if TYPE_CHECKING:
    from guessmodel.simulation import Result

__all__ = [
    "Numbers",
    "clean",
    "figure_text",
    "figure_texts",
    "legend_above",
    "most_ticks",
    "name_x",
    "name_y",
    "number_axis",
    "percent_axis",
    "set_scale",
    "text_width",
    "titled",
]

_DIGITS = 3
_DIGITS_OF_MAIN = 4
_PLAIN_BELOW = 1e5
_SHORTEST = 12
_SMOOTH = 0.9 / math.log(10.0)  # linscale at which a symlog axis has no kink
_LABEL_SIZE = 9.0
_LEGEND_SIZE = 8.2
_HANDLE = 24.5  # points beside each text of a legend
_MARGIN = 14.0  # points right of the axes
_BEYOND = 36.0  # points that a label may be longer than its axis
_PER_TICK = {True: 50.0, False: 26.0}  # points, along x and along y


def clean(text: object, most: int = 48) -> str:
    """A name or label on one line, its middle left out where it is too long.

    >>> clean("a\\nb"), clean("tokens_per_node_day", 11)
    ('a b', 'token…e_day')
    """
    shown = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    if len(shown) <= most:
        return shown
    tail = (most - 1) // 2
    return f"{shown[: most - 1 - tail]}…{shown[-tail:]}"


def titled(name: object, unit: str, room: float = math.inf) -> str:
    """Name with its unit, as axis label: `cost [USD/day]`, shortened to some points of width."""
    most = 60
    while True:
        shown = clean(name, most) + (f" [{clean(unit, 40)}]" if unit else "")
        if most <= _SHORTEST or text_width(shown, _LABEL_SIZE) <= room:
            return shown
        most -= 1


def figure_text(estimate: Estimate, *, main: bool = False) -> str:
    """A statistic as short as a picture wants it: with 3 digits, or as `main` with 4, where its
    error is below half of the last one, else with its ±. The reason where there is no number.

    >>> cost = Estimate(453.2, 452.8, 453.3, "replicates")
    >>> figure_text(cost), figure_text(cost, main=True), figure_text(Estimate.exact(9.8765))
    ('453', '453.2 ± 0.4', '9.88')
    """
    return figure_texts(estimate, main=main)[0]


def figure_texts(*estimates: Estimate, main: bool = False, digits: int | None = None) -> list[str]:
    """Quantiles in ascending order, in the digits that tell them apart, as `figure_text` shows
    each; in so many `digits` where they are given."""
    texts = in_a_row(*estimates, digits=digits or (_DIGITS_OF_MAIN if main else _DIGITS))
    return [_text(e, text, main=main) for e, text in zip(estimates, texts, strict=True)]


def _text(estimate: Estimate, text: str, *, main: bool) -> str:
    if math.isnan(estimate.value):
        return estimate.note or "unknown"
    unreliable = main and (estimate.note or "").startswith(UNRELIABLE)
    return f"{text} (unreliable)" if unreliable else text


# --- ticks ----------------------------------------------------------------------------------------


@final
class Numbers(Formatter):
    """Ticks as 160K and 2.6M, with as many digits as tell neighbours apart; plain whole numbers
    (2025, 2030) where the suffix would hide what they differ in."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        return self.format_ticks([x])[0]

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        digits = next((d for d in range(2, 15) if _faithful(values, d)), 15)
        gaps = [b - a for a, b in pairwise(values)]
        even = bool(gaps) and max(gaps) < 1.5 * min(gaps)
        fine = digits > 3 or (even and max(map(abs, values)) > 100.0 * gaps[0])
        if fine and all(float(x).is_integer() and abs(x) < _PLAIN_BELOW for x in values):
            return [self.fix_minus(f"{x:.0f}") for x in values]
        exact = [float(f"{x:.{digits - 1}e}") for x in values]
        shown = format_numbers([(x, x, x) for x in exact], digits, apart=0)
        return [self.fix_minus(text) for text in shown]


def _faithful(values: Sequence[float], digits: int) -> bool:
    """Whether so many significant digits show where ticks really are."""
    gaps = [abs(b - a) for a, b in pairwise(values)]
    allowed = 1e-3 * min(gaps, default=0.0) or 1e-9 * max(map(abs, values), default=0.0)
    return all(abs(float(f"{x:.{digits - 1}e}") - x) <= allowed for x in values)


def set_scale(axis: Axis, scale: Scale) -> None:
    """Give an axis its scale; set the limits after it."""
    setter = axis.axes.set_xscale if isinstance(axis, XAxis) else axis.axes.set_yscale
    if scale.name == "symlog":
        setter("symlog", linthresh=scale.threshold, linscale=_SMOOTH)
    elif scale.name == "log":
        setter("log")


def number_axis(axis: Axis, scale: Scale, *, low: float, high: float, whole: bool = False) -> None:
    """Ticks of an axis that shows numbers from low to high; set the limits first."""
    most = most_ticks(axis)
    if scale.name == "symlog":
        axis.set_major_locator(FixedLocator(_signed_ticks(scale.threshold, low, high, most)))
        axis.set_minor_locator(NullLocator())
    elif scale.name == "log":
        decades = math.log10(high / low)
        subs = (1.0, 2.0, 5.0) if 3.0 * decades < most else (1.0, 3.0)
        axis.set_major_locator(
            LogLocator(10.0, subs=subs if 2.0 * decades < most else (1.0,), numticks=most)
        )
        axis.set_minor_formatter(NullFormatter())
    else:
        steps = [1, 2, 2.5, 5, 10]
        axis.set_major_locator(MaxNLocator(min(most, 6), steps=steps, integer=whole))
    axis.set_major_formatter(Numbers())


def _signed_ticks(threshold: float, low: float, high: float, most: int) -> list[float]:
    """0 and powers of ten on either side of it, at most so many."""
    first = round(math.log10(threshold))
    last = max(math.floor(math.log10(max(abs(low), abs(high)))), first)
    for step in range(1, last - first + 2):
        sizes = [10.0**power for power in range(last, first - 1, -step)]
        ticks = [-size for size in sizes] + [0.0, *reversed(sizes)]
        found = [x for x in ticks if low <= x <= high]
        if len(found) <= most:
            break
    return found


def most_ticks(axis: Axis) -> int:
    """How many ticks have room for their labels."""
    return max(round(_length(axis) / _PER_TICK[isinstance(axis, XAxis)]), 2)


def percent_axis(axis: Axis) -> None:
    """Ticks of an axis that shows shares from 0 to 1."""
    axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda x, _: f"{format_number(100 * x)}%"))


# --- text -----------------------------------------------------------------------------------------


def legend_above(ax: Axes, handles: Sequence[Artist], texts: Sequence[str]) -> Legend:
    """A legend above the axes, where it hides no data; its texts are taken literally.

    It has one line, or as many as the length of the axes makes it need.
    """
    widths = [text_width(clean(text, 90), _LEGEND_SIZE) + _HANDLE for text in texts]
    columns = _columns(widths, _length(ax.xaxis) + _MARGIN)
    shown: Legend = ax.legend(
        handles,
        [clean(text, 90) for text in texts],
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        borderaxespad=0.2,
        borderpad=0.1,
        ncols=columns,
        columnspacing=1.2,
        fontsize=_LEGEND_SIZE,
        handlelength=1.3,
        handletextpad=0.5,
        frameon=False,
    )
    for text in shown.get_texts():
        text.set_parse_math(False)
        text.set_color(ax.xaxis.label.get_color())
    return shown


def _columns(widths: Sequence[float], room: float) -> int:
    """The most columns, filled one after the other, that fit side by side; at least 1."""
    for columns in range(len(widths), 1, -1):
        rows = -(-len(widths) // columns)
        chunks = [widths[i : i + rows] for i in range(0, len(widths), rows)]
        if sum(map(max, chunks)) <= room:
            return columns
    return 1


@functools.lru_cache(maxsize=4096)
def text_width(text: str, size: float) -> float:
    """Width of a text in points, in the font of the pictures."""
    font = FontProperties(family=["DejaVu Sans"], size=size)
    width, _, _ = TextToPath().get_text_width_height_descent(text, font, ismath=False)
    return float(width)


def name_x(ax: Axes, result: Result, notes: Sequence[str] = ()) -> None:
    """Label of the horizontal axis: the quantity; notes on lines of their own below."""
    lines = [titled(result.name, result.unit, _length(ax.xaxis) + _BEYOND), *notes]
    ax.set_xlabel("\n".join(lines), parse_math=False)


def name_y(ax: Axes, result: Result) -> None:
    """Label of the vertical axis: the quantity."""
    ax.set_ylabel(titled(result.name, result.unit, _length(ax.yaxis) + _BEYOND), parse_math=False)


def _length(axis: Axis) -> float:
    """Length of an axis in points."""
    box = axis.axes.get_position()
    figure = axis.axes.get_figure(root=True)
    assert figure is not None
    width, height = figure.get_size_inches()
    return 72.0 * float(width * box.width if isinstance(axis, XAxis) else height * box.height)
