"""What keeps a cell from being imported: its text, where in it, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from guessmodel.escaping import shown_line

__all__ = ["Refusal", "Refused"]

_CARET = 36  # characters shown on either side of the one that is pointed at


@final
class Refused(Exception):
    """Why a text of a cell cannot be imported; `column` counts from 1."""

    def __init__(self, reason: str, column: int = 1) -> None:
        self.reason = reason
        self.column = column
        super().__init__(reason)


@final
@dataclass(frozen=True, slots=True)
class Refusal:
    """A cell that cannot be imported: what it is called, its text, where in it and why."""

    cell: str
    text: str
    column: int
    reason: str

    def __str__(self) -> str:
        head = f"{shown_line(self.cell)}, column {self.column}: {shown_line(self.reason)}"
        if not self.text:
            return head
        at = min(self.column - 1, len(self.text))
        start = max(0, at - _CARET)
        window = shown_line(self.text[start : start + 2 * _CARET])
        before = shown_line(self.text[start:at])
        return f"{head}\n    {window}\n    {' ' * len(before)}^"
