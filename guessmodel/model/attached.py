"""What goes along with a model's quantities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from guessmodel.graph.quantity import Quantity

__all__ = ["Attached"]


@runtime_checkable
class Attached(Protocol):
    """What is said of quantities of a model, such as a claim, and goes along where they change."""

    @property
    def subjects(self) -> tuple[Quantity, ...]:
        """The quantities."""

    def rewired(self, new: Mapping[Quantity, Quantity]) -> Attached:
        """The same of quantities that took their place."""
