"""How the draws of a run were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

__all__ = ["Run"]


@final
@dataclass(frozen=True, slots=True)
class Run:
    """How the draws were made."""

    method: str
    seed: int
    replicates: int
    size: int  # draws per replicate

    asked: int | None = None  # draws it should have had, where it was interrupted
    given: str = ""  # the condition that draws must meet, and how many do
    kept: int | None = None  # draws that meet it

    @property
    def samples(self) -> int:
        """Draws in all: the number asked for, rounded up to what the method takes."""
        return self.replicates * self.size

    @property
    def partial(self) -> bool:
        """Whether it was interrupted."""
        return self.asked is not None

    @property
    def heading(self) -> str:
        """A line on how the draws were made."""
        number = f"{self.samples:,}"
        if self.asked is not None:
            number = f"interrupted after {number} of {self.asked:,}"
        given = f"; {self.given}" if self.given else ""
        return f"{number} samples, {self.method}, seed {self.seed}{given}; ± is the sampling error"
