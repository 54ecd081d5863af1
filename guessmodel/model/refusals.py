"""What a model is not: a table of its quantities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from guessmodel.attributes import Told
from guessmodel.errors import WrongKind, caller
from guessmodel.graph.quantity import Quantity

__all__ = ["NoTable"]


class NoTable(Told):
    """Abstract: refuses what a table of quantities would have, and names the table."""

    quantities: Mapping[str, Quantity]

    def _named(self, name: str) -> str | None:
        if name not in self.__dict__.get("quantities", ()):
            return None
        return f"model.quantities['{name}'], or model.sample()['{name}'] for its result"

    def __getitem__(self, name: Any) -> NoReturn:
        self._refuse(f"[…]; write model.quantities[{name!r}], or model.sample()[{name!r}]")

    def __iter__(self) -> NoReturn:
        self._refuse("loops; write for name, quantity in model.quantities.items()")

    def _refuse(self, what: str) -> NoReturn:
        raise WrongKind(f"a model has no {what}", caller())
