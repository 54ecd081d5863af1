"""Some outputs of a model, and the run in which they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from guessmodel.estimators.program import Program, program_of

if TYPE_CHECKING:
    from guessmodel.model.model import Model

__all__ = ["ModelRun"]


@final
@dataclass(frozen=True, slots=True)
class ModelRun:
    """A run of `samples` draws of some outputs of a model, by name.

    It holds no draws: what is asked of rare events is worked out from the model, and in runs beside
    this one.
    """

    model: Model
    names: tuple[str, ...]
    method: str
    seed: int
    samples: int

    @property
    def program(self) -> Program:
        """What is worked out once of the model."""
        return program_of(self.model)
