"""A process for one model: what it executes can hang or crash, and the server goes on.

A worker loads its file, tells what it shows, and answers one request after the other: JSON, a
message each way. A request that has been overtaken by a newer one is given up.
"""

from __future__ import annotations

import gc
import json
import os
import threading
from collections.abc import Sequence
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.studio.answering import AWAY, Answering, encoded, failure
from guessmodel.studio.calculator import check_names
from guessmodel.studio.sheet import Sheet, Superseded

__all__ = ["work"]


def work(connection: Connection, path: str, folder: str, calculator: Sequence[str] = ()) -> None:
    """Load a model file and answer until the connection ends. Runs in a process of its own. A
    `calculator` names all that leaves it."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        sheet = Sheet.of(Path(path))
        check_names(sheet.model, calculator)
    except (GuessmodelError, MemoryError, RecursionError, OSError) as error:
        told = failure(error) if not calculator or isinstance(error, UsageError) else AWAY
        connection.send_bytes(encoded({"type": "broken", "error": told}))
        return

    def pause() -> None:
        """A newer request waits: the one at hand is given up."""
        if connection.poll():
            raise Superseded

    def tell(message: dict[str, Any]) -> None:
        connection.send_bytes(encoded(message))

    page = Answering(sheet, Path(folder), frozenset(calculator), pause, tell)
    connection.send_bytes(encoded({"type": "view", "whole": False, **page.shown()}))
    gc.freeze()  # what is there now stays; no pause to look at it while a hand moves
    while True:
        try:
            request = json.loads(connection.recv_bytes())
        except EOFError:
            return
        connection.send_bytes(encoded(page.answer(request)))


def _end_with_parent() -> None:
    """A model that never ends must not outlive a server that was killed."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
