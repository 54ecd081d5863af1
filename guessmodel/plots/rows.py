"""Pictures in rows: for each name at the left a bar or a point, the first on top."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes

from guessmodel.errors import UsageError
from guessmodel.graph.values import is_whole
from guessmodel.numerics.scales import Scale
from guessmodel.plots.labels import clean, number_axis, text_width
from guessmodel.plots.style import Margins, ink_of, new_axes

__all__ = ["BAR", "GAP", "MOST", "SIZE", "beside", "checked_most", "new_rows", "put_in_rows"]

MOST: Final = 20
"""Rows, where no other number is asked for."""
BAR: Final = 0.62
"""Height of a bar, where a row has the height 1."""
SIZE: Final = 8.5
"""Of letters, in points."""
GAP: Final = 4.0
"""Points between a bar and the number beside it."""
_ROW: Final = 0.3  # inches
_LONGEST: Final = 60  # letters of a name


def checked_most(most: float, what: str) -> int:
    """The number of rows to show at most; UsageError for what is none."""
    if not is_whole(most) or most < 1:
        raise UsageError(f"most is a number of {what}, not {most!r}")
    return int(most)


def new_rows(
    names: Sequence[str], style: str, *, width: float, bottom: float, right: float = 0.15
) -> Axes:
    """Axes for a row of each name; `width` is that between the margins, all in inches."""
    left = max(text_width(clean(name, _LONGEST), SIZE) for name in names) / 72.0 + 0.15
    margins = Margins(left=left, right=right, top=0.1, bottom=bottom)
    height = _ROW * (len(names) + 0.4) + margins.top + margins.bottom
    return new_axes(left + right + width, height, style, margins)


def put_in_rows(
    ax: Axes, names: Sequence[str], first: float, last: float, pad: tuple[float, float]
) -> None:
    """Names beside their rows, and numbers below; the axis goes from `first` to `last`, and beyond
    both by `pad`."""
    ax.set_xlim(first - pad[0], last + pad[1])
    number_axis(ax.xaxis, Scale(math.inf), low=first, high=last)
    ax.set_ylim(len(names) - 0.4, -0.6)
    shown = [clean(name, _LONGEST) for name in names]
    ax.set_yticks(range(len(names)), shown, parse_math=False, fontsize=SIZE)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def beside(ax: Axes, row: int, at: float, text: str, *, right: bool, inside: bool = True) -> None:
    """Text to the right or left of a value; with `inside=False` of a share of the axes' width."""
    ax.annotate(
        text,
        (at, row),
        xycoords="data" if inside else ("axes fraction", "data"),
        xytext=(GAP if right else -GAP, 0.0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        fontsize=SIZE,
        color=ink_of(ax),
        parse_math=False,
    )
