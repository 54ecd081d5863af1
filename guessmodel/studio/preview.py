"""An input that is being dragged: what lies behind it, on few draws, as often as the hand moves.

Everything that stays the same is worked out when the drag begins: which quantities lie behind the
input and what their steps need (see `engine.behind`), and where in a document and on which axis
each of them stands. A move then draws the input anew, from the random number that it has, computes
what lies behind it, and sorts each result once: quantiles and counts are read from that.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np

from guessmodel.claims.report_format import Document, EstimateData, QuantityData
from guessmodel.engine.behind import Behind
from guessmodel.engine.run import run_plan
from guessmodel.estimators.program import program_of
from guessmodel.model.model import Model
from guessmodel.model.overrides import alone
from guessmodel.numerics.arrays import FloatArray
from guessmodel.report.numbers import at as statistic
from guessmodel.report.numbers import coordinates
from guessmodel.report.shapes import Shape, moved
from guessmodel.report.view import ElementView, worded
from guessmodel.sampling.design import Design, Stream
from guessmodel.simulation.summary import STATISTICS

__all__ = ["PREVIEW", "Preview"]

PREVIEW: Final = 8192
"""Draws while an input is dragged; fewer where so many would not fit into memory."""

_DIGITS: Final = 3  # of a number in a preview
_RANKS: Final = (0.05, 0.5, 0.95)


@final
@dataclass(frozen=True, slots=True)
class _Place:
    """A quantity at one of its labels: which row of its draws, and on which axis it stands."""

    labels: tuple[str, ...]
    row: int
    shape: Shape | None
    written: Mapping[str, Any]
    """How its numbers are written, where the file says so."""


@final
@dataclass(slots=True, eq=False)
class Preview:
    """One input of a model whose others stay as they are."""

    name: str
    input: Model
    """The input alone, as the file has it."""
    behind: Behind
    entries: Mapping[str, QuantityData]
    places: Mapping[str, Sequence[_Place]]
    closely: frozenset[str]
    """What is looked at: of all others a preview has what a box shows."""
    _points: tuple[tuple[Stream, ...], Design] | None = None

    @staticmethod
    def of(
        file: Model,
        edited: Model,
        name: str,
        data: Document,
        shown: Mapping[str, Sequence[ElementView]],
        closely: Iterable[str],
    ) -> Preview | None:
        """Prepare an input to be moved.

        Parameters
        ----------
        file, edited : the model, and what the edits make of it so far, one of this input included
        data : of the file
        shown : what the page has now, whose axes stay
        closely : names of answers

        None where the model has to be wired anew for each move.
        """
        outputs = {
            each: quantity
            for each, quantity in edited.quantities.items()
            if each in data["quantities"] and not quantity.categories
        }
        moving = edited.quantities[name]
        behind = Behind.of(outputs, moving, edited.keys, edited.universe, PREVIEW)
        if behind is None:
            return None
        names = [name, *behind.plan.outputs]
        entries = {each: data["quantities"][each] for each in names}
        places = {each: list(_places(entries[each], shown[each])) for each in names}
        small = alone(file, name, edited.universe)
        return Preview(name, small, behind, entries, places, frozenset([name, *closely]))

    def at(self, edits: Mapping[str, str]) -> dict[str, list[ElementView]]:
        """The input and what lies behind it, where edits, all of the input, are made.

        Raises GuessmodelError for an edit that cannot be.
        """
        found = self._draws(edits)
        return {name: self._elements(name, draws) for name, draws in found.items()}

    def statistics(
        self, edits: Mapping[str, str]
    ) -> dict[tuple[str, tuple[str, ...]], list[float | None]]:
        """Mean, 5%, 50% and 95% of the answers that lie behind the input, where edits are made."""
        told = {}
        for name, draws in self._draws(edits).items():
            if name in self.closely:
                rows = np.sort(draws.reshape(-1, draws.shape[-1]))
                for place in self.places[name]:
                    x = _finite(rows[place.row])
                    told[name, place.labels] = [
                        each if math.isfinite(each) else None for each in _statistics(x)
                    ]
        return told

    def _draws(self, edits: Mapping[str, str]) -> dict[str, FloatArray]:
        changed = self.input.with_(edits)
        plan = program_of(changed).plan((self.name,))
        # Many families are computed from one standard variate: its numbers stay as they are.
        if self._points is None or self._points[0] != plan.streams:
            self._points = plan.streams, plan.points("nets", self.behind.n, 0)
        values = run_plan(plan, self._points[1])[0][self.name]
        return {self.name: values, **self.behind.at(values)}

    def _elements(self, name: str, draws: FloatArray) -> list[ElementView]:
        entry = self.entries[name]
        rows = np.sort(draws.reshape(-1, draws.shape[-1]))
        closely = name in self.closely
        return [
            _element(entry, place, rows[place.row], closely=closely) for place in self.places[name]
        ]


def _places(entry: QuantityData, shown: Sequence[ElementView]) -> Iterator[_Place]:
    labels = [[str(label) for label in labels] for labels in entry["dims"].values()]
    for element, at in zip(shown, coordinates(entry), strict=True):
        row = 0
        for label, known in zip(at, labels, strict=True):
            row = row * len(known) + known.index(label)
        mean = statistic(entry, "mean", at) or {}
        written = {key: mean[key] for key in ("plain", "format") if key in mean}
        yield _Place(at, row, element.get("shape"), written)


def _element(entry: QuantityData, place: _Place, x: FloatArray, *, closely: bool) -> ElementView:
    """A quantity at a label, from draws in ascending order."""
    x = _finite(x)
    n = len(x)
    told: dict[str, EstimateData | None] = {
        key: None if entry[key] is None else _rough(value, place.written)  # type: ignore[literal-required]
        for key, value in zip(STATISTICS, _statistics(x), strict=True)
    }
    made = worded(entry, place.labels, told, closely=closely)
    if place.shape is not None and n and x[0] < x[-1]:
        shape = moved(x, place.shape)
        if shape is not None:
            made["shape"] = shape
    return made


def _finite(x: FloatArray) -> FloatArray:
    """The finite ones of draws in ascending order."""
    return x if math.isfinite(x[0]) and math.isfinite(x[-1]) else x[np.isfinite(x)]


def _statistics(x: FloatArray) -> list[float]:
    """By `STATISTICS`, of finite draws in ascending order."""
    n = len(x)
    if not n:
        return [math.nan] * len(STATISTICS)
    return [float(np.add.reduce(x)) / n, *(float(x[int(p * n)]) for p in _RANKS)]


def _rough(value: float, written: Mapping[str, Any]) -> EstimateData:
    """With the digits that the draws of a preview support; an error that changes with each move
    of the hand would only flicker."""
    if not math.isfinite(value):
        return {"value": None, "low": None, "high": None}
    value = float(value if written else f"{value:.{_DIGITS}g}")
    return {"value": value, "low": value, "high": value, **written}  # type: ignore[typeddict-item]
