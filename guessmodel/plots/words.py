"""Pictures in words: what a reader who does not see them is told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from guessmodel.estimate import Estimate
from guessmodel.model import Model
from guessmodel.plots.comparison import expanded
from guessmodel.plots.drawing import Figures, figures_of
from guessmodel.plots.fan import bands_of
from guessmodel.plots.labels import figure_text
from guessmodel.plots.network import network_of
from guessmodel.plots.shape import categories_of
from guessmodel.simulation import Result
from guessmodel.text import format_number

__all__ = [
    "distribution",
    "fan_in_words",
    "graph_in_words",
    "in_words",
    "labels_in_words",
    "scatter_in_words",
]

_MOST = 12  # labels or names that are listed


def in_words(result: Result, kind: str = "Distribution") -> str:
    """A quantity, labelled or not."""
    return (
        labels_in_words(result) if result.dims else distribution(result, figures_of(result), kind)
    )


def scatter_in_words(x: Result, y: Result, correlation: Estimate) -> str:
    """Two quantities against each other."""
    found = figure_text(correlation, error=True)
    return f"{_subject(y)} against {_subject(x)}: Spearman rank correlation {found}."


def distribution(result: Result, figures: Figures, kind: str) -> str:
    """One distribution: `Density of cost in USD/day: median 453, …`."""
    return f"{kind} of {_subject(result)}: {_statistics(result, figures)}."


def labels_in_words(result: Result) -> str:
    """One distribution a label: `cost in USD by technique: MCTS: median 2.7, …`."""
    pieces = expanded(result)
    dims = ", ".join(dim.name for dim in result.dims)
    listed = [
        f"{label}: {_statistics(piece, figures_of(piece))}" for label, piece in pieces[:_MOST]
    ]
    if len(pieces) > _MOST:
        listed.append(f"and {len(pieces) - _MOST} more")
    return f"{_subject(result)} by {dims}. {'; '.join(listed)}."


def fan_in_words(result: Result) -> str:
    """A fan: where median and interval begin and end."""
    dim = result.dims[0]
    bands = bands_of(result)
    labels = np.sort(np.array(dim.labels, dtype=np.float64))
    known = np.flatnonzero(np.isfinite(bands).all(axis=1))
    if not len(known):
        return f"Fan of {_subject(result)} along {dim.name}."
    ends = []
    for i in dict.fromkeys((int(known[0]), int(known[-1]))):
        low, middle, high = (format_number(bands[i, j]) for j in (0, 2, 4))
        ends.append(
            f"at {_plain(labels[i])} the median is {middle} and the 90% interval {low} to {high}"
        )
    return f"Fan of {_subject(result)} along {dim.name}: {'; '.join(ends)}."


def graph_in_words(model: Model, names: Sequence[str] = ()) -> str:
    """The graph of a model: what goes in and what comes out."""
    content = network_of(model, names)
    parts = []
    for role, one, many in (
        ("constant", "constant", "constants"),
        ("draw", "uncertain input", "uncertain inputs"),
        ("derived", "derived quantity", "derived quantities"),
        ("output", "output", "outputs"),
    ):
        names = content.named(role)  # type: ignore[arg-type]
        if names:
            more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
            shown = ", ".join(names[:_MOST]) + more
            parts.append(f"{len(names)} {one if len(names) == 1 else many} ({shown})")
    return f"Graph of the model {model.title}: {'; '.join(parts)}."


def _subject(result: Result) -> str:
    return f"{result.name} in {result.unit}" if result.unit else result.name


def _statistics(result: Result, figures: Figures) -> str:
    words = categories_of(result)
    if words:
        draws = result.values
        shares = [
            f"{word} {format_number(100.0 * float(np.mean(draws == value)))}%"
            for value, word in enumerate(words)
        ]
        return ", ".join(shares)
    low, middle, high = (figure_text(e) for e in (figures.p5, figures.p50, figures.p95))
    if low == middle == high:
        return f"always {middle}"
    return f"median {middle}, 90% interval {low} to {high}"


def _plain(label: float) -> str:
    return f"{label:.0f}" if label.is_integer() and abs(label) < 1e5 else format_number(label)
