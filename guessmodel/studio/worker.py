"""A process for one model: what it executes can hang or crash, and the server goes on.

A worker loads its file, tells what it shows, and answers one request after the other: JSON, a
message each way. A request that has been overtaken by a newer one is given up.
"""

from __future__ import annotations

import gc
import json
import os
import threading
import traceback
from collections.abc import Iterable, Sequence
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Final, final

from guessmodel.errors import GuessmodelError, UsageError, reason
from guessmodel.escaping import shown_in_json
from guessmodel.studio.calculator import check_names, reduced
from guessmodel.studio.sheet import Changed, Sheet, Superseded

__all__ = ["encoded", "failure", "work"]

_AWAY: Final = {"text": "the model cannot do that at present"}
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


def work(connection: Connection, path: str, folder: str, calculator: Sequence[str] = ()) -> None:
    """Load a model file and answer until the connection ends. Runs in a process of its own. A
    `calculator` names all that leaves it."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        sheet = Sheet.of(Path(path))
        check_names(sheet.model, calculator)
    except (GuessmodelError, MemoryError, RecursionError, OSError) as error:
        told = failure(error) if not calculator or isinstance(error, UsageError) else _AWAY
        connection.send_bytes(encoded({"type": "broken", "error": told}))
        return
    desk = _Desk(connection, sheet, Path(folder), frozenset(calculator))
    connection.send_bytes(encoded({"type": "view", "whole": False, **desk.shown()}))
    gc.freeze()  # what is there now stays; no pause to look at it while a hand moves
    desk.serve()


def _line(file: Path, number: int) -> str:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        return lines[number - 1]
    except (OSError, IndexError):
        return ""


def _end_with_parent() -> None:
    """A model that never ends must not outlive a server that was killed."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


@final
class _Desk:
    """Requests to one sheet."""

    def __init__(
        self, connection: Connection, sheet: Sheet, folder: Path, calculator: frozenset[str]
    ) -> None:
        self.connection = connection
        self.sheet = sheet
        self.folder = folder
        self.calculator = calculator

    def shown(self) -> dict[str, Any]:
        """What a page begins with."""
        sheet, only = self.sheet, self.calculator
        inputs, view = sheet.inputs, sheet.shown
        if only:
            view = reduced(view, inputs, only)
            inputs = {name: each for name, each in inputs.items() if name in only}
        scenarios = [] if only else list(sheet.model.scenarios)
        told = {"view": view, "inputs": inputs, "scenarios": scenarios}
        return {**told, "calculator": bool(only)}

    def serve(self) -> None:
        while True:
            try:
                request = json.loads(self.connection.recv_bytes())
            except EOFError:
                return
            try:
                answer = self._answer(request)
            except Superseded:
                answer = {"type": "superseded"}
            except (GuessmodelError, MemoryError, OSError) as error:
                told = _AWAY if self.calculator else failure(error)
                answer = {"type": "failed", "error": told}
            self.connection.send_bytes(encoded({**answer, "id": request.get("id")}))

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
        self._pause()
        if kind == "compare":
            return {"type": "compared", "variants": sheet.compared(request["variants"])}
        if kind == "settle":
            told = self._told(sheet.settled(edits, self._pause))
            return {"type": "changed", "settled": True, **told}
        if kind == "whole":
            sheet.whole(self._pause)
            return {"type": "view", "whole": True, **self.shown()}
        if kind == "drivers":
            return {"type": "drivers", "drivers": sheet.drivers(edits)}
        if kind == "diff":
            return {"type": "diff", **sheet.draft(edits, self.folder).to_dict()}
        if kind == "save":
            return self._saved(edits, request["stamp"])
        return {"type": "page", "model": sheet.data["model"], "html": sheet.page(edits)}

    def _check_allowed(self, keys: Iterable[str | None]) -> None:
        for key in keys:
            if key is not None and self.calculator and self.sheet.named(key) not in self.calculator:
                raise UsageError(f"there is no '{key}' here")

    def _told(self, changed: Changed) -> Changed:
        """Of a calculator what it shows."""
        only = self.calculator
        if not only:
            return changed
        boxes = {name: each for name, each in changed["boxes"].items() if name in only}
        return {**changed, "boxes": boxes, "claims": None}

    def _saved(self, edits: dict[str, str], stamp: str) -> dict[str, Any]:
        """Write what was shown, and nothing else."""
        draft = self.sheet.draft(edits, self.folder)
        if conflicts := draft.conflicts():
            return {"type": "conflict", "files": conflicts}
        if draft.stamp != stamp:
            raise UsageError("what would be written is not what was shown; look at it again")
        return {"type": "saved", "files": draft.write(), "edits": edits}

    def _pause(self) -> None:
        """A newer request waits: the one at hand is given up."""
        if self.connection.poll():
            raise Superseded
