"""A call of a constructor, as a text means it, before the quantity is made.

A text can so be looked at, and written into a model file, without making what it means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, final

from guessmodel.distributions.mixture import alone
from guessmodel.errors import GuessmodelError, caller
from guessmodel.graph.number_in import number_node
from guessmodel.graph.quantity import Quantity
from guessmodel.units import DIMENSIONLESS, Unit
from guessmodel.units.figures import Figure

__all__ = ["Argument", "Spelled", "constructor", "hinting"]


@final
@dataclass(frozen=True, slots=True)
class Spelled:
    """A call of a constructor, before it is made."""

    function: str
    arguments: Mapping[str, Argument]
    unit: Unit | None
    """None: it takes none."""
    hint: str = field(default="", repr=False, compare=False)
    """What is said where there is no such quantity."""

    def made(self) -> Quantity:
        """The quantity."""
        with hinting(self.hint):
            return self._made()

    def _made(self) -> Quantity:
        if self.function == "constant":
            (value,) = self.arguments.values()
            assert isinstance(value, int | float)
            return number_node(value, self.unit or DIMENSIONLESS, caller())
        make = constructor(self.function)
        given = {key: _made(value) for key, value in self.arguments.items()}
        if self.function in ("mixture", "zero_inflated"):  # whose components nobody else can name
            return alone(make(**given))
        return make(**given) if self.unit is None else make(**given, unit=self.unit)


def constructor(name: str) -> Callable[..., Quantity]:
    """The function that makes draws of a family, which has a module of its own."""
    made: Callable[..., Quantity] = getattr(import_module(f"guessmodel.distributions.{name}"), name)
    return made


Argument = float | str | Sequence["float | Spelled"] | Mapping[Any, float] | Figure | Spelled


def _made(value: Argument) -> Any:
    if isinstance(value, Spelled):
        return value.made()
    if isinstance(value, Figure):
        return number_node(value.value, value.unit, caller())
    if isinstance(value, list):
        return [_made(each) for each in value]
    return value


@contextmanager
def hinting(hint: str) -> Iterator[None]:
    """What an error says beside itself, if anything."""
    try:
        yield
    except GuessmodelError as error:
        if not hint:
            raise
        raise type(error)(f"{error.message}\n{hint}") from None
