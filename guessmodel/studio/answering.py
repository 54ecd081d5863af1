"""Answers of a sheet to the requests of its page, as plain data: the same behind a server and in a
notebook."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

from guessmodel.errors import GuessmodelError, UsageError, reason
from guessmodel.escaping import shown_in_json
from guessmodel.report.view import ElementView
from guessmodel.studio.calculator import reduced
from guessmodel.studio.requests import PATIENT
from guessmodel.studio.sheet import Changed, Pause, Sheet, Superseded

if TYPE_CHECKING:
    from guessmodel.studio.saving import Draft

__all__ = ["AWAY", "SOME", "Answering", "encoded", "failure"]

SOME: Final = "some"
"""The type of messages that are a part of an answer, after which the rest still comes."""

AWAY: Final = {"text": "the model cannot do that at present"}
"""What a calculator says of all errors: they may quote the file."""


def encoded(message: Any) -> bytes:
    """A message as JSON."""
    text = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return shown_in_json(text).encode()


def failure(error: BaseException) -> dict[str, Any]:
    """What a page shows of an error: its text, and the file and line where it is known."""
    if not isinstance(error, GuessmodelError):
        traceback.print_exception(error)
        return {"text": f"internal error, {type(error).__name__}: {reason(error)}"}
    told: dict[str, Any] = {"text": error.message}
    if error.where is not None:
        told |= {"file": Path(error.where.file).name, "line": error.where.line}
        told["code"] = _line(Path(error.where.file), error.where.line)
    return told


def _line(file: Path, number: int) -> str:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        return lines[number - 1]
    except (OSError, IndexError):
        return ""


@final
@dataclass(frozen=True, eq=False)
class Answering:
    """A sheet and its page."""

    sheet: Sheet
    folder: Path | None
    """Where files may be written; None: nowhere."""
    calculator: frozenset[str]
    """Names of all that is told; of everything, where there are none."""
    pause: Pause
    """Called now and then in what takes long; raises Superseded to give up."""
    tell: Callable[[dict[str, Any]], None]
    """Called with messages that come before the answer."""

    def shown(self) -> dict[str, Any]:
        """What a page begins with."""
        sheet, only = self.sheet, self.calculator
        inputs, view = sheet.inputs, sheet.shown
        if only:
            view = reduced(view, inputs, only)
            inputs = {name: each for name, each in inputs.items() if name in only}
        scenarios = [] if only else list(sheet.model.scenarios)
        told = {"view": view, "inputs": inputs, "scenarios": scenarios}
        return {**told, "calculator": bool(only), "file": self.folder is not None and not only}

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request, with its id; also where it fails."""
        try:
            answer = self._answer(request)
        except Superseded:
            answer = {"type": "superseded"}
        except (GuessmodelError, MemoryError, OSError) as error:
            told = AWAY if self.calculator else failure(error)
            answer = {"type": "failed", "error": told}
        return {**answer, "id": request.get("id")}

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        kind, edits, sheet = request["type"], request["edits"], self.sheet
        self._check_allowed([*edits, request.get("moved")])
        if kind == "move":  # while an input is dragged, each answer is shown
            return {"type": "moved", **self._told(sheet.preview(edits, request["moved"]))}
        if kind == "hold":
            sheet.hold(edits, request["moved"])
            return {"type": "held"}
        if kind == "edit":
            return {"type": "changed", "settled": False, **self._told(sheet.changed(edits))}
        if kind == "sweep":
            lines = sheet.swept(edits, request["moved"], request["texts"])
            return {"type": "swept", "moved": request["moved"], "lines": lines}
        if kind in PATIENT:
            self.pause()
        if kind == "compare":
            return {"type": "compared", "variants": sheet.compared(request["variants"])}
        if kind == "settle":
            some = partial(self._tell_some, request.get("id"))
            told = self._told(sheet.settled(edits, self.pause, some, request.get("first")))
            return {"type": "changed", "settled": True, **told}
        if kind == "whole":
            sheet.whole(self.pause)
            return {"type": "view", "whole": True, **self.shown()}
        if kind == "drivers":
            return {"type": "drivers", "drivers": sheet.drivers(edits, self.pause)}
        if kind in ("diff", "save") and self.folder is not None:
            draft = sheet.draft(edits, self.folder)
            if kind == "save":
                return _saved(draft, edits, request["stamp"])
            return {"type": "diff", **draft.to_dict()}
        if kind != "page":
            raise UsageError("there is no file here to be written")
        return {"type": "page", "model": sheet.data["model"], "html": sheet.page(edits)}

    def _tell_some(self, number: Any, boxes: dict[str, list[ElementView]]) -> None:
        """A part of the answer to a request."""
        told = self._told({"boxes": boxes, "claims": None, "errors": {}})["boxes"]
        if told:
            self.tell({"type": SOME, "id": number, "boxes": told})

    def _check_allowed(self, keys: Iterable[str | None]) -> None:
        for key in keys:
            if (
                key is not None
                and self.calculator
                and self.sheet.editor.named(key) not in self.calculator
            ):
                raise UsageError(f"there is no '{key}' here")

    def _told(self, changed: Changed) -> Changed:
        """The part of a change that the page may be told: of a calculator what it shows."""
        only = self.calculator
        if not only:
            return changed
        boxes = {name: each for name, each in changed["boxes"].items() if name in only}
        return {**changed, "boxes": boxes, "claims": None}


def _saved(draft: Draft, edits: dict[str, str], stamp: str) -> dict[str, Any]:
    """Write what was shown, and nothing else."""
    if conflicts := draft.conflicts():
        return {"type": "conflict", "files": conflicts}
    if draft.stamp != stamp:
        raise UsageError("the edits have changed since they were shown; look at them again")
    return {"type": "saved", "files": draft.write(), "edits": edits}
