"""Pictures in words: what a reader who does not see them is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from guessmodel.estimators.estimate import Estimate
from guessmodel.model.model import Model
from guessmodel.plots.categories import chances, percentage, words_of
from guessmodel.plots.comparison import expanded
from guessmodel.plots.drawing import Figures, always, figures_of
from guessmodel.plots.labels import figure_text, figure_texts
from guessmodel.plots.network import Role, network_of
from guessmodel.plots.sample import few_of
from guessmodel.simulation import Result
from guessmodel.units.formats import format_written

__all__ = [
    "distribution",
    "fan_text",
    "graph_text",
    "labelled_text",
    "result_text",
    "scatter_text",
]

_MOST = 12  # labels or names that are listed
_ROLES: Final[Mapping[Role, tuple[str, str]]] = {
    "constant": ("constant", "constants"),
    "draw": ("uncertain input", "uncertain inputs"),
    "derived": ("derived quantity", "derived quantities"),
    "output": ("output", "outputs"),
}


def result_text(result: Result, kind: str = "Distribution") -> str:
    """A quantity, labelled or not."""
    return labelled_text(result) if result.dims else distribution(result, figures_of(result), kind)


def scatter_text(x: Result, y: Result, correlation: Estimate) -> str:
    """Two quantities against each other."""
    found = figure_text(correlation, main=True)
    return (
        f"{_subject(y)} against {_subject(x)}: Spearman rank correlation {found}.{_told(few_of(x))}"
    )


def distribution(result: Result, figures: Figures, kind: str) -> str:
    """One distribution: `Density of cost in USD/day: median 453, …`."""
    return f"{kind} of {_subject(result)}: {_statistics(result, figures)}.{_few(result)}"


def labelled_text(result: Result) -> str:
    """One distribution a label: `cost in USD by technique: MCTS: median 2.7, …`."""
    pieces = expanded(result)
    dims = ", ".join(dim.name for dim in result.dims)
    listed = [
        f"{label}: {_statistics(piece, figures_of(piece))}" for label, piece in pieces[:_MOST]
    ]
    if len(pieces) > _MOST:
        listed.append(f"and {len(pieces) - _MOST} more")
    return f"{_subject(result)} by {dims}. {'; '.join(listed)}.{_few(result)}"


def fan_text(result: Result) -> str:
    """What a quantity is at the first and at the last label of an ordered dimension."""
    (dim,) = result.dims
    pairs = zip(dim.labels, result.by_label.values(), strict=True)
    known = [(float(label), piece) for label, piece in pairs if piece.applicable]
    known.sort(key=lambda pair: pair[0])
    ends = [known[0], known[-1]] if len(known) > 1 else known
    told = [
        f"at {format_written(at)}: {_statistics(piece, figures_of(piece))}" for at, piece in ends
    ]
    return f"{_subject(result)} along {dim.name}. {'; '.join(told)}."


def graph_text(model: Model, names: Sequence[str] = ()) -> str:
    """The graph of a model: what goes in and what comes out."""
    content = network_of(model, names)
    parts = []
    for role, (one, many) in _ROLES.items():
        names = content.named(role)
        if names:
            more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
            shown = ", ".join(names[:_MOST]) + more
            parts.append(f"{len(names)} {one if len(names) == 1 else many} ({shown})")
    return f"Graph of the model {model.title}: {'; '.join(parts)}."


def _subject(result: Result) -> str:
    return f"{result.name} in {result.unit}" if result.unit else result.name


def _few(result: Result) -> str:
    """How many draws a picture shows, where these are not all."""
    return _told(few_of(result) if result.closed is None else None)


def _told(note: str | None) -> str:
    return "" if note is None else f" {note.capitalize()}."


def _statistics(result: Result, figures: Figures) -> str:
    if words_of(result):
        found = chances(result)
        there = [each for each in found if each[1].value > 0.0] or found
        return ", ".join(f"{word} {percentage(chance)}" for word, chance in there)
    low, middle, high = figure_texts(figures.p5, figures.p50, figures.p95)
    if low == middle == high:
        return always(figures)
    return f"median {middle}, 90% interval {low} to {high}"
