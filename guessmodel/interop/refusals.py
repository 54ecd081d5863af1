"""Cells of a sheet that cannot be imported, all told at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from guessmodel.errors import ModelError
from guessmodel.escaping import shown_line

__all__ = ["Refusal", "Refused", "refused"]

_CARET = 36  # characters shown on either side of the one that is pointed at
_MOST = 100


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


def refused(what: str, refusals: Sequence[object], one: str = "cell") -> ModelError:
    """The error that lists all refusals (the first hundred of more), each of `one` part of what
    was to be imported."""
    count = len(refusals)
    parts = f"1 {one} cannot" if count == 1 else f"{count:,} {one}s cannot"
    lines = [f"  {refusal}" for refusal in refusals[:_MOST]]
    if count > _MOST:
        lines.append(f"  and {count - _MOST:,} more")
    return ModelError("\n".join([f"{what}: {parts} be imported; nothing was written", *lines]))
