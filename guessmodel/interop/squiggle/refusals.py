"""What keeps a script from being imported: where, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from guessmodel.escaping import shown_line
from guessmodel.interop.squiggle.syntax import Place

__all__ = ["Refusal", "Refused"]


@final
@dataclass(frozen=True, slots=True)
class Refusal:
    """A place of a script, and the reason why it cannot be imported."""

    place: Place
    reason: str
    file: str = ""

    def __str__(self) -> str:
        where = f"line {self.place.line}, column {self.place.column}"
        file = f"{self.file}, " if self.file else ""
        return shown_line(f"{file}{where}: {self.reason}")


@final
class Refused(Exception):
    """Ends the import of a statement; caught where the next one is taken up."""

    def __init__(
        self,
        reason: str,
        place: Place | None = None,
        *,
        thrown: bool = False,
        silent: bool = False,
        final: bool = False,
    ) -> None:
        self.reason = reason
        self.place = place
        self.thrown = thrown  # by the script itself, which may catch it
        self.silent = silent  # follows from another one, which is told
        self.final = final  # ends the whole import: there is too much to do
        super().__init__(reason)

    def at(self, place: Place) -> Refused:
        """The same, at a place unless it has one already."""
        if self.place is None:
            self.place = place
        return self
