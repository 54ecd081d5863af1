"""How the draws of a run were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from guessmodel.model.model import Model
    from guessmodel.simulation.simulation import Simulation

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
    def planned(self) -> int:
        """Draws that it was to have: more than `samples` where it was interrupted."""
        return self.samples if self.asked is None else self.asked

    def again(self, model: Model, name: str) -> Simulation:
        """A quantity of a model on the points of this run, with all its draws."""
        return model.sample(
            self.planned, seed=self.seed, method=self.method, quantities=[name], keep=True
        )

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
