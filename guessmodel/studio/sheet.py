"""One model on the desk: what a page shows of it, and what edits of its inputs do to that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypedDict, final

import numpy as np

from guessmodel.claims.checking import figures as figures_of
from guessmodel.claims.checking import sampled_and_checked
from guessmodel.claims.report_format import Document, EstimateData, QuantityData
from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import ancestors
from guessmodel.model.elements import pick
from guessmodel.model.model import Model
from guessmodel.report.document import (
    claim_data,
    described,
    estimate_data,
    quantities_data,
)
from guessmodel.report.drivers import answers, drivers_data
from guessmodel.report.html import html
from guessmodel.report.layout import layout
from guessmodel.report.view import Element, View, claim_shown, drivers_of, elements, view
from guessmodel.simulation import Result, Simulation
from guessmodel.studio.saving import Draft, drafted, read_sources

__all__ = ["PREVIEW", "Edits", "Input", "Sheet", "Superseded"]

PREVIEW: Final = 8192
"""Draws while an input is dragged."""

_DIGITS: Final = 3  # of a number in a preview
Edits = Mapping[str, str]
"""What was typed, by the name of the quantity (`price`, or `price[2025]` for one label)."""


class Superseded(Exception):
    """Nobody waits for this answer any more."""


class Input(TypedDict):
    """A quantity that can be edited: how its value could be typed, and the ends of its interval,
    at each of its labels."""

    texts: list[str]
    low: list[float | None]
    high: list[float | None]
    unit: str


class Changed(TypedDict):
    """What edits do: all quantities behind them, as the page shows them."""

    boxes: dict[str, list[Element]]
    claims: list[dict[str, Any]] | None  # None: not tested in a preview
    errors: dict[str, str]


@final
@dataclass(frozen=True, eq=False)
class Sheet:
    """A model as its file has it, run once."""

    model: Model
    simulation: Simulation
    data: Document
    shown: View
    sources: Mapping[Path, str]
    """Texts of the files that its quantities are made in, as they were when it was loaded."""
    _known: dict[tuple[str, str], str | None] = field(default_factory=dict)

    @staticmethod
    def of(path: Path) -> Sheet:
        """Load and run a model file; GuessmodelError, naming the line, where it does not run."""
        before = path.read_bytes() if path.is_file() else b""
        model = Model.from_file(path)
        sources = read_sources(model)
        if path.resolve() in sources:  # it may have been saved while it was loaded
            sources[path.resolve()] = before.decode()
        simulation, checked = sampled_and_checked(model)
        data = described(model, simulation, checked, {})
        return Sheet(model, simulation, data, view(model, simulation, data), sources)

    @property
    def inputs(self) -> dict[str, Input]:
        """All that can be edited: constants and draws, but those of categories."""
        found: dict[str, Input] = {}
        for box in self.shown["boxes"]:
            quantity = self.model.quantities[box["name"]]
            if quantity.kind == "derived" or quantity.categories:
                continue
            unit = str(quantity.unit)
            ends = [_ends(each, unit) for each in box["elements"]]
            found[box["name"]] = {
                "texts": [text for text, _, _ in ends],
                "low": [low for _, low, _ in ends],
                "high": [high for _, _, high in ends],
                "unit": unit,
            }
        return found

    def drivers(self) -> dict[str, list[tuple[str, list[Any]]]]:
        """What drives the outputs of the file: measure and inputs of each element."""
        return self._driven(self.model, self.simulation)

    def changed(
        self,
        edits: Edits,
        *,
        preview: bool,
        goes_on: Callable[[], None] = lambda: None,
    ) -> Changed:
        """What some edits do to the quantities behind them, on the draws of the file.

        Parameters
        ----------
        preview : on few draws, without claims
        goes_on : called now and then; raises Superseded to give up
        """
        model, good, errors = self._edited(edits)
        names = self._behind(good)
        goes_on()
        if preview:
            return {"boxes": _preview(model, names, self.data), "claims": None, "errors": errors}
        simulation, checked = sampled_and_checked(model)
        goes_on()
        rows = replace(simulation, names=tuple(names)).summary().rows
        goes_on()
        main = frozenset(name for name, e in self.data["quantities"].items() if e["main"])
        entries = quantities_data(model, rows, main)
        boxes = {}
        for name, entry in entries.items():
            goes_on()
            boxes[name] = elements(simulation, name, entry, {})
        claims = [
            claim_shown(claim_data(model, claim, statement.figure, row), statement)
            for (claim, statement, _), row in zip(figures_of(model), checked, strict=True)
        ]
        return {"boxes": boxes, "claims": claims, "errors": errors}

    def drivers_after(self, edits: Edits) -> dict[str, list[tuple[str, list[Any]]]]:
        """What drives the outputs of the edited model."""
        model, _, _ = self._edited(edits)
        return self._driven(model, model.sample())

    def page(self, edits: Edits) -> str:
        """The edited model as a page that needs no server."""
        model, good, _ = self._edited(edits)
        simulation, checked = sampled_and_checked(model)
        data = described(model, simulation, checked, answers(model, simulation))
        if good:
            said = "; ".join(f"{name} = {text}" for name, text in good.items())
            rest = f"\n\n{data['description']}" if data["description"] else ""
            data = {**data, "description": f"Changed from the file: {said}.{rest}"}
        return html(layout(data), view=view(model, simulation, data))

    def draft(self, edits: Edits, folder: Path) -> Draft:
        """What the edits would write into the files of a folder."""
        return drafted(self.model, self.sources, folder, edits)

    # --- edits ----------------------------------------------------------------------------------

    def _edited(self, edits: Edits) -> tuple[Model, dict[str, str], dict[str, str]]:
        """The model with the edits that can be made, these, and what is wrong with the others."""
        good, errors = {}, {}
        for name, text in edits.items():
            error = self._error(name, text)
            if error is None:
                good[name] = text
            else:
                errors[name] = error
        model = self.model.with_(good) if good else self.model
        return model, good, errors

    def _error(self, name: str, text: str) -> str | None:
        key = name, text
        if key not in self._known:
            if len(self._known) > 256:
                self._known.clear()
            try:
                self._check(name, text)
                self._known[key] = None
            except GuessmodelError as error:
                self._known[key] = error.message.removeprefix(f"{name}: ")
        return self._known[key]

    def _check(self, name: str, text: str) -> None:
        plain, _ = pick(self.model, name)
        if self.model.quantities[plain].kind == "derived":
            raise UsageError(f"'{plain}' follows from others; edit one of those")
        if not text.strip():
            raise UsageError("write a value, such as 5 to 8 USD/hour")
        self.model.with_({name: text})

    def _behind(self, edits: Iterable[str]) -> list[str]:
        """Names of what depends on an edited quantity, and these themselves."""
        edited = {self.model.quantities[pick(self.model, name)[0]] for name in edits}
        moved: set[Quantity] = set(edited)
        for node in ancestors(self.model.quantities.values()):  # operands come first
            if not moved.isdisjoint(node.operands):
                moved.add(node)
        shown = self.data["quantities"]
        return [n for n, q in self.model.quantities.items() if q in moved and n in shown]

    def _driven(
        self, model: Model, simulation: Simulation
    ) -> dict[str, list[tuple[str, list[Any]]]]:
        found = drivers_data(answers(model, simulation), estimate_data)
        by_place = drivers_of({**self.data, "drivers": found})
        told: dict[str, list[tuple[str, list[Any]]]] = {}
        for box in self.shown["boxes"]:
            parts = [by_place.get((box["name"], tuple(e["labels"]))) for e in box["elements"]]
            if any(parts):
                told[box["name"]] = [part or ("", []) for part in parts]
        return told


def _ends(element: Element, unit: str) -> tuple[str, float | None, float | None]:
    """How the value of an element could be typed, and the ends of its interval if it has one."""
    numbers = element["numbers"]
    low, high, mean = numbers["p5"], numbers["p95"], numbers["mean"]
    if low is None or high is None or element["chance"]:
        return "", None, None
    if low == high:
        return f"{mean if mean is not None else low:.10g} {unit}".strip(), None, None
    return f"{low:.4g} to {high:.4g} {unit}".strip(), low, high


# --- previews -----------------------------------------------------------------------------------


def _preview(model: Model, names: Iterable[str], data: Document) -> dict[str, list[Element]]:
    simulation = model.sample(PREVIEW, quantities=list(names))
    found = {}
    for name in simulation:
        result = simulation[name]
        if not result.quantity.categories:
            entry = _roughly(result, data["quantities"][name])
            found[name] = elements(simulation, name, entry, {})
    return found


def _roughly(result: Result, entry: QuantityData) -> QuantityData:
    """The entry of a document, with statistics as the draws have them."""
    rough: Any = {**entry}
    draws = result.values
    for key in ("mean", "p5", "p50", "p95"):
        rough[key] = _leaves(entry[key], draws, _STATISTICS[key], [*entry["dims"].values()])
    return rough  # type: ignore[no-any-return]


def _leaves(
    tree: Any, draws: np.ndarray[Any, Any], ask: Callable[[Any], EstimateData], dims: list[Any]
) -> Any:
    """Statistics at the labels that a tree of them has."""
    if tree is None or not dims:
        return None if tree is None else ask(draws)
    places = {str(label): i for i, label in enumerate(dims[0])}
    return {
        label: _leaves(branch, draws[places[label]], ask, dims[1:])
        for label, branch in tree.items()
    }


def _mean(draws: Any) -> EstimateData:
    return _rough(float(np.mean(draws)))


def _rank(p: float) -> Callable[[Any], EstimateData]:
    def ask(draws: Any) -> EstimateData:
        at = min(int(len(draws) * p), len(draws) - 1)
        return _rough(float(np.partition(draws, at)[at]))

    return ask


def _rough(value: float) -> EstimateData:
    """With the digits that the draws of a preview support; an error that changes with each move
    of the hand would only flicker."""
    if not np.isfinite(value):
        return {"value": None, "low": None, "high": None}
    value = float(f"{value:.{_DIGITS}g}")
    return {"value": value, "low": value, "high": value}


_STATISTICS: Final[Mapping[str, Callable[[Any], EstimateData]]] = {
    "mean": _mean,
    "p5": _rank(0.05),
    "p50": _rank(0.5),
    "p95": _rank(0.95),
}
