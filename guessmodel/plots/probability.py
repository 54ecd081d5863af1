"""Probabilities of indicators: bars below one another, or a line along an ordered dimension."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.dims import Dim
from guessmodel.plots.categories import chances, percentage
from guessmodel.plots.labels import clean, percent_axis, text_width
from guessmodel.plots.style import BLUE, PALETTE, Margins, ink_of, new_axes
from guessmodel.simulation import Result

__all__ = [
    "chance_axes",
    "chance_lines_axes",
    "name_chance_lines",
    "paint_chance_lines",
    "paint_chances",
]

_ROW = 0.3  # inches
_SIZE = 8.5
_LINES = ("-", "--", ":", "-.")
_MARKERS = 30
_LONGEST = 28


def chance_axes(titles: Sequence[str], results: Sequence[Result], style: str) -> Axes:
    """New axes with room for the names and the probabilities, and a row for each."""
    numbers = [percentage(result.probability()) for result in results]
    left, right = (
        max(text_width(text, _SIZE) for text in texts) / 72.0 + 0.15 for texts in (titles, numbers)
    )
    margins = Margins(left=left, right=right, top=0.1, bottom=0.5)
    height = _ROW * (len(titles) + 0.4) + margins.top + margins.bottom
    return new_axes(left + margins.right + 3.6, height, style, margins)


def paint_chances(ax: Axes, titles: Sequence[str], results: Sequence[Result]) -> None:
    """A bar from 0 to the probability of each indicator, and its error."""
    found = [result.probability() for result in results]
    rows = list(range(len(found)))
    ax.barh(rows, [e.value for e in found], height=0.55, color=BLUE, alpha=0.55, lw=0)
    for row, estimate in zip(rows, found, strict=True):
        ax.plot([estimate.low, estimate.high], [row, row], color=ink_of(ax), lw=1.2)
        ax.text(
            1.015,
            row,
            percentage(estimate),
            transform=ax.get_yaxis_transform(),
            va="center",
            fontsize=_SIZE,
            color=ink_of(ax),
        )
    ax.set_xlim(0.0, 1.0)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    percent_axis(ax.xaxis)
    ax.xaxis.set_major_locator(MultipleLocator(0.25))
    ax.set_yticks(rows, list(titles), parse_math=False, fontsize=_SIZE)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("probability")


def chance_lines_axes(words: Sequence[str], style: str) -> Axes:
    """New axes, at their right room for the names of lines."""
    right = max(text_width(word, _SIZE) for word in words) / 72.0 + 0.55
    margins = replace(Margins(), right=right, top=0.15)
    return new_axes(5.6 + right, 3.4, style, margins)


def paint_chance_lines(ax: Axes, dim: Dim, pieces: Sequence[Result]) -> None:
    """Probabilities along a dimension, each with the band of its error: of an indicator that it
    holds, of categories that it is this one."""
    x = np.array(dim.labels, dtype=np.float64)
    order = np.argsort(x)
    found = [[e for _, e in chances(piece)] if piece.applicable else None for piece in pieces]
    for number in range(max(len(each) for each in found if each is not None)):
        rows = [[math.nan] * 3 if e is None else _band(e[number]) for e in found]
        low, value, high = np.array(rows)[order].T
        color, line = PALETTE[number % len(PALETTE)], _LINES[number // len(PALETTE) % len(_LINES)]
        ax.fill_between(x[order], low, high, color=color, alpha=0.3, lw=0)
        marker = "o" if len(x) <= _MARKERS else ""
        ax.plot(x[order], value, lw=1.6, marker=marker, ms=3.0, color=color, ls=line)
    ax.set_ylim(-0.02, 1.02)
    percent_axis(ax.yaxis)


def name_chance_lines(ax: Axes, words: Sequence[str]) -> None:
    """A legend at the right of the axes."""
    shown = ax.legend(
        ax.get_lines(),
        [clean(word, _LONGEST) for word in words],
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
        handlelength=1.6,
        fontsize=_SIZE,
        frameon=False,
    )
    for text in shown.get_texts():
        text.set_parse_math(False)
        text.set_color(ax.xaxis.label.get_color())


def _band(estimate: Estimate) -> list[float]:
    return [estimate.low, estimate.value, estimate.high]
