"""What goes along with a model's quantities, and how a model file says it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol, runtime_checkable

from guessmodel.graph.quantity import Quantity

__all__ = ["REGISTRY", "Attached", "attach", "calling_module"]

REGISTRY: Final = "__guessmodel_attached__"
"""Name of the list, in the globals of the module that says it, that it is appended to."""

_PACKAGE = str(Path(__file__).parent.parent)


@runtime_checkable
class Attached(Protocol):
    """What is said of quantities of a model, such as a claim, and goes along where they change."""

    @property
    def subjects(self) -> tuple[Quantity, ...]:
        """The quantities."""

    def rewired(self, new: Mapping[Quantity, Quantity]) -> Attached:
        """The same of quantities that took their place."""


def attach(made: Attached) -> None:
    """Let something belong to the model in the calling module."""
    calling_module().setdefault(REGISTRY, []).append(made)


def calling_module() -> dict[str, Any]:
    """Globals of the innermost code that is not guessmodel's own."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return frame.f_globals
