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
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, final

from guessmodel.errors import GuessmodelError, UsageError, reason
from guessmodel.escaping import shown_in_json
from guessmodel.studio.sheet import Sheet, Superseded

__all__ = ["encoded", "failure", "work"]


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


def work(connection: Connection, path: str, folder: str) -> None:
    """Load a model file and answer until the connection ends. Runs in a process of its own."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        sheet = Sheet.of(Path(path))
    except (GuessmodelError, MemoryError, RecursionError, OSError) as error:
        connection.send_bytes(encoded({"type": "broken", "error": failure(error)}))
        return
    connection.send_bytes(encoded({"type": "view", "whole": False, **_shown(sheet)}))
    gc.freeze()  # what is there now stays; no pause to look at it while a hand moves
    _Desk(connection, sheet, Path(folder)).serve()


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


def _shown(sheet: Sheet) -> dict[str, Any]:
    return {"view": sheet.shown, "inputs": sheet.inputs}


@final
class _Desk:
    """Requests to one sheet."""

    def __init__(self, connection: Connection, sheet: Sheet, folder: Path) -> None:
        self.connection = connection
        self.sheet = sheet
        self.folder = folder

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
                answer = {"type": "failed", "error": failure(error)}
            self.connection.send_bytes(encoded({**answer, "id": request.get("id")}))

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        kind, edits, sheet = request["type"], request["edits"], self.sheet
        if kind == "move":  # while an input is dragged, each answer is shown
            return {"type": "moved", **sheet.preview(edits, request["moved"])}
        if kind == "hold":
            sheet.hold(edits, request["moved"])
            return {"type": "held"}
        if kind == "edit":
            return {"type": "changed", "settled": False, **sheet.changed(edits)}
        self._pause()
        if kind == "settle":
            return {"type": "changed", "settled": True, **sheet.settled(edits, self._pause)}
        if kind == "whole":
            sheet.whole(self._pause)
            return {"type": "view", "whole": True, **_shown(sheet)}
        if kind == "drivers":
            return {"type": "drivers", "drivers": sheet.drivers(edits)}
        if kind == "diff":
            return {"type": "diff", **sheet.draft(edits, self.folder).to_dict()}
        if kind == "save":
            return self._saved(edits, request["stamp"])
        return {"type": "page", "model": sheet.data["model"], "html": sheet.page(edits)}

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
