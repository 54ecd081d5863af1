"""What goes along with a model's quantities, and how a model file says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from guessmodel.errors import calling_module
from guessmodel.graph.quantity import Quantity
from guessmodel.loading import ATTACHED

if TYPE_CHECKING:
    from guessmodel.model.model import Model

__all__ = ["Attached", "Fitting", "attach"]


@runtime_checkable
class Attached(Protocol):
    """What is said of quantities of a model, such as a claim, and goes along where they change."""

    @property
    def subjects(self) -> tuple[Quantity, ...]:
        """The quantities."""

    def rewired(self, new: Mapping[Quantity, Quantity]) -> Attached:
        """The same of quantities that took their place."""


@runtime_checkable
class Fitting(Protocol):
    """What tells whether it fits its model, once all names of the file are known."""

    def check_in(self, model: Model) -> None:
        """Raise GuessmodelError where it does not."""


def attach(made: Attached) -> None:
    """Let something belong to the model in the calling module."""
    calling_module().setdefault(ATTACHED, []).append(made)
