"""One model on the desk: what a page shows of it, and what edits of its inputs do to that.

What can be told at once comes first: statistics of closed forms and of the draws, forms on the axes
that the page has already, or by a few thousand draws. What takes longer, integrated estimates,
claims, exact forms, comes when it is asked for, and is given up when something else is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict, final

import numpy as np

from guessmodel.claims.checking import figures as figures_of
from guessmodel.claims.checking import sampled_and_checked
from guessmodel.claims.report_format import Document, QuantityData
from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.graph.dims import titled
from guessmodel.model.model import Model
from guessmodel.report.claim_data import claim_data
from guessmodel.report.document import described
from guessmodel.report.drivers import answers as driven
from guessmodel.report.drivers import drivers_data
from guessmodel.report.html import html
from guessmodel.report.layout import layout
from guessmodel.report.quantity_data import estimate_data, quantities_data, rows_of
from guessmodel.report.shapes import Shape, moved, shape
from guessmodel.report.view import (
    ElementView,
    ShapeOf,
    View,
    claim_shown,
    drivers_of,
    elements,
    view,
)
from guessmodel.simulation import Result, Simulation
from guessmodel.simulation.summary import STATISTICS
from guessmodel.studio.edits import Editor, Edits, said
from guessmodel.studio.inputs import Input, inputs_of
from guessmodel.studio.preview import Preview

if TYPE_CHECKING:
    from guessmodel.studio.saving import Draft

__all__ = [
    "Changed",
    "Compared",
    "Line",
    "Pause",
    "Sheet",
    "Superseded",
    "Tell",
    "Variant",
]

_AT_ONCE: Final = 4  # quantities whose estimates are told together
Pause = Callable[[], None]
"""Called now and then; raises Superseded to give up."""
Tell = Callable[[dict[str, list[ElementView]]], None]
"""Called with what is known by now."""


class Superseded(Exception):
    """Nobody waits for this answer any more."""


class Variant(TypedDict):
    """A scenario of the file, or the file (None), and edits on top."""

    name: str
    scenario: str | None
    edits: Edits


class Compared(TypedDict):
    """The answers in a variant, or why there are none."""

    name: str
    boxes: dict[str, list[ElementView]]
    error: str | None


class Line(TypedDict):
    """An answer, by its place among the cards, along a sweep: mean, 5%, 50% and 95% at each
    value."""

    answer: int
    values: list[list[float | None]]


class Changed(TypedDict):
    """What edits do: all quantities behind them, as the page shows them."""

    boxes: dict[str, list[ElementView]]
    claims: list[dict[str, Any]] | None  # None: not tested
    errors: dict[str, str]


@final
@dataclass(eq=False)
class Sheet:
    """A model as its file has it, run once; and what its page shows at present."""

    model: Model
    data: Document
    shown: View
    sources: Mapping[Path, str]
    """Texts of the files that its quantities are made in, as they were when it was loaded."""
    _told: dict[str, list[ElementView]] = field(default_factory=dict)
    """What edits have made of the quantities behind them."""
    _preview: tuple[tuple[str, Edits], Preview | None] | None = None
    """The input that is dragged and the edits of all others, and what is prepared for it."""

    @staticmethod
    def of(path: Path) -> Sheet:
        """Load and run a model file; GuessmodelError, naming the line, where it does not run."""
        from guessmodel.studio.saving import read_sources

        before = path.read_bytes() if path.is_file() else b""
        model = Model.from_file(path)
        sources = read_sources(model)
        if path.resolve() in sources:  # it may have been saved while it was loaded
            sources[path.resolve()] = before.decode()
        return Sheet.of_model(model, sources)

    @staticmethod
    def of_model(model: Model, sources: Mapping[Path, str] | None = None, **run: Any) -> Sheet:
        """Run a model; without sources nothing can be written back. `run` may be `samples`, `seed`
        and `method`."""
        simulation, checked = sampled_and_checked(model, at_once=True, **run)
        data = described(model, simulation, checked, {}, at_once=True)
        shown = view(model, simulation, data, form=partial(shape, roughly=True))
        return Sheet(model, data, shown, sources or {})

    @cached_property
    def editor(self) -> Editor:
        """What edits make of the model."""
        return Editor(self.model)

    @property
    def inputs(self) -> dict[str, Input]:
        """All that can be edited: constants and draws, but those of categories."""
        return inputs_of(self.model, self.shown["boxes"])

    # --- the file -------------------------------------------------------------------------------

    def whole(self, pause: Pause) -> View:
        """The view of the file with all that a report has."""
        simulation, checked = sampled_and_checked(self.model, pause=pause)
        data = described(self.model, simulation, checked, {}, pause=pause)
        shown = view(self.model, simulation, data, form=partial(_paused, pause))
        self.data, self.shown = data, shown
        return shown

    def drivers(
        self, edits: Edits, pause: Pause = lambda: None
    ) -> dict[str, list[tuple[str, list[Any]]]]:
        """What drives the outputs of the edited model: measure and inputs of each element."""
        model = self.editor.edited(edits).model
        found = drivers_data(driven(model, model.sample(), pause), estimate_data)
        by_place = drivers_of({**self.data, "drivers": found})
        told: dict[str, list[tuple[str, list[Any]]]] = {}
        for box in self.shown["boxes"]:
            parts = [by_place.get((box["name"], tuple(e["labels"]))) for e in box["elements"]]
            if any(parts):
                told[box["name"]] = [part or ("", []) for part in parts]
        return told

    # --- what edits do --------------------------------------------------------------------------

    def hold(self, edits: Edits, moved: str) -> Preview | None:
        """Prepare previews of an input that is about to be moved, with edits as they are.

        None where the model has to be wired anew for each move.
        """
        name, (_, others) = self.editor.named(moved), self.editor.split(edits, moved)
        if self._preview is None or self._preview[0] != (name, others):
            model = self.editor.edited(edits).model
            axes = {box["name"]: box["elements"] for box in self.shown["boxes"]}
            now = {**axes, **self._told}
            answers = [card["name"] for card in self.shown["cards"]]
            prepared = Preview.of(self.model, model, name, self.data, now, answers)
            self._preview = (name, others), prepared
        return self._preview[1]

    def preview(self, edits: Edits, moved: str) -> Changed:
        """What an input that is being moved does to all behind it, on few of the draws of the
        file; of an edit that cannot be only what is wrong with it."""
        mine, _ = self.editor.split(edits, moved)
        try:
            prepared = self.hold(edits, moved)
            if prepared is None:
                return self.changed(edits)
            return {"boxes": prepared.at(mine), "claims": None, "errors": {}}
        except GuessmodelError as error:
            return {"boxes": {}, "claims": None, "errors": {moved: said(error, moved)}}

    def changed(self, edits: Edits) -> Changed:
        """What edits do to the quantities behind them, on the draws of the file, at once."""
        model, good, errors = self.editor.edited(edits)
        names = self.editor.behind(good, self.data["quantities"])
        self._told = {}
        if names:
            simulation = replace(model.sample(quantities=names), integrates=False)
            self._told = self._boxes(simulation, names, self._on_axes(), lambda: None)
        return {"boxes": self._told, "claims": None, "errors": errors}

    def settled(
        self,
        edits: Edits,
        pause: Pause,
        tell: Tell = lambda boxes: None,
        first: str | None = None,
    ) -> Changed:
        """The same with all that a report has; claims are tested.

        Estimates are told as they come, on the forms that the page has: those of `first`, which is
        looked at, and of the answers before all others.
        """
        model, good, errors = self.editor.edited(edits)
        names = self.editor.behind(good, self.data["quantities"])
        told: dict[str, list[ElementView]] = {}
        if names:
            simulation = model.sample()  # of all: which draw is integrated is chosen by their cost
            entries: dict[str, QuantityData] = {}
            form = self._as_shown()
            for group in self._groups(names, first):
                found = self._entries(simulation, group, pause)
                entries |= found
                tell(self._elements(simulation, found, form))
            told = self._elements(simulation, entries, partial(_paused, pause))
        _, checked = sampled_and_checked(model, pause=pause)
        claims = [
            claim_shown(claim_data(model, claim, statement.figure, row), statement)
            for (claim, statement, _), row in zip(figures_of(model), checked, strict=True)
        ]
        self._told = told
        return {"boxes": told, "claims": claims, "errors": errors}

    def compared(self, variants: Iterable[Variant]) -> list[Compared]:
        """The answers in several variants of the model on common draws, at once."""
        return [self._variant(each) for each in variants]

    def _variant(self, variant: Variant) -> Compared:
        edits, scenario = variant["edits"], variant["scenario"]
        found: Compared = {"name": variant["name"], "boxes": {}, "error": None}
        try:
            model = self.model if scenario is None else self.model.in_scenario(scenario)
            model = model.with_(edits) if edits else model
            names = list(dict.fromkeys(card["name"] for card in self.shown["cards"]))
            simulation = replace(model.sample(quantities=names), integrates=False)
            found["boxes"] = self._boxes(simulation, names, self._on_axes(), lambda: None)
        except GuessmodelError as error:
            found["error"] = error.message
        return found

    def swept(self, edits: Edits, moved: str, texts: Sequence[str]) -> list[Line]:
        """The answers along values of one input, on few draws."""
        prepared, answers = self.hold(edits, moved), self.shown["cards"]
        if prepared is None:
            raise UsageError(f"'{moved}' cannot be swept: sums of events are wired anew")
        mine, _ = self.editor.split(edits, moved)
        rows = [prepared.statistics({**mine, moved: text}) for text in texts]
        return [
            {"answer": k, "values": [row[place] for row in rows]}
            for k, place in enumerate((each["name"], tuple(each["labels"])) for each in answers)
            if all(place in row for row in rows)
        ]

    def _boxes(
        self, simulation: Simulation, names: Iterable[str], form: ShapeOf, pause: Pause
    ) -> dict[str, list[ElementView]]:
        return self._elements(simulation, self._entries(simulation, names, pause), form)

    def _elements(
        self, simulation: Simulation, entries: Mapping[str, QuantityData], form: ShapeOf
    ) -> dict[str, list[ElementView]]:
        asked = self.shown["cards"]
        return {
            name: elements(simulation, name, entry, {}, form, asked)
            for name, entry in entries.items()
        }

    def _entries(
        self, simulation: Simulation, names: Iterable[str], pause: Pause
    ) -> dict[str, QuantityData]:
        main = frozenset(name for name, e in self.data["quantities"].items() if e["main"])
        rows = rows_of(simulation, pause, frozenset(names))
        return quantities_data(simulation.model, rows, main, STATISTICS)

    def _groups(self, names: Sequence[str], first: str | None) -> Iterator[Sequence[str]]:
        """Names that are told at once: one after the other what is looked at, then some each."""
        answers = [card["name"] for card in self.shown["cards"]]
        looked = [name for name in dict.fromkeys([*answers, first or ""]) if name in names]
        yield from ([name] for name in looked)
        rest = [name for name in names if name not in looked]
        yield from (rest[i : i + _AT_ONCE] for i in range(0, len(rest), _AT_ONCE))

    def _shapes(self) -> dict[str, Shape]:
        """The forms that the page has, by the title of the quantity at its labels."""
        return {
            titled(box["name"], each["labels"]): each["shape"]
            for box in self.shown["boxes"]
            for each in self._told.get(box["name"], box["elements"])
            if "shape" in each
        }

    def _as_shown(self) -> ShapeOf:
        shapes = self._shapes()
        return lambda result: shapes.get(result.name)

    def _on_axes(self) -> ShapeOf:
        """Forms on the axes that the page has, where it has one of the quantity."""
        axes = self._shapes()

        def form(result: Result) -> Shape | None:
            draws = result.preview
            x = np.sort(draws if np.isfinite(draws).all() else draws[np.isfinite(draws)])
            former = axes.get(result.name)
            found = moved(x, former) if former is not None and len(x) else None
            return shape(result, roughly=True) if found is None else found

        return form

    def page(self, edits: Edits) -> str:
        """The edited model as a page that needs no server."""
        model, good, _ = self.editor.edited(edits)
        simulation, checked = sampled_and_checked(model)
        data = described(model, simulation, checked, driven(model, simulation))
        if good:
            said = "; ".join(f"{name} = {text}" for name, text in good.items())
            rest = f"\n\n{data['description']}" if data["description"] else ""
            data = {**data, "description": f"Changed from the file: {said}.{rest}"}
        return html(layout(data), view=view(model, simulation, data))

    def draft(self, edits: Edits, folder: Path) -> Draft:
        """What the edits would write into the files of a folder."""
        from guessmodel.studio.saving import drafted

        return drafted(self.model, self.sources, folder, edits)


def _paused(pause: Pause, result: Result) -> Shape | None:
    pause()
    return shape(result)
