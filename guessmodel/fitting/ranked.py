"""What fits to data and to an expert's quantiles have in common: families by name, the one to take
first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, Protocol, TypeVar

from guessmodel.errors import UsageError, suggested
from guessmodel.graph.quantity import Quantity
from guessmodel.tables import Tabled

__all__ = ["OfFamily", "Ranked", "families_asked"]


class OfFamily(Protocol):
    """One family, fitted."""

    @property
    def family(self) -> str:
        """The family's name."""

    @property
    def line(self) -> str:
        """A line of a model."""

    @property
    def quantity(self) -> Quantity:
        """What the line makes."""


_F = TypeVar("_F", bound=OfFamily)


class Ranked(Tabled, Generic[_F]):
    """Fits of families, the one to take first."""

    __slots__ = ()
    families: tuple[_F, ...]

    @property
    def best(self) -> _F:
        """The family to take, the first."""
        return self.families[0]

    @property
    def line(self) -> str:
        """The line of model of the best family."""
        return self.best.line

    @property
    def quantity(self) -> Quantity:
        """The quantity that the line makes."""
        return self.best.quantity

    def __getitem__(self, family: str) -> _F:
        found = {each.family: each for each in self.families}
        if family not in found:
            raise UsageError(f"'{family}' was not fitted{suggested(family, found)}")
        return found[family]


def families_asked(who: str, wanted: str | Sequence[str] | None, known: Iterable[str]) -> list[str]:
    """Names of families, each once; all that there are where none is named.

    Raises UsageError for one that is not there.
    """
    names = [wanted] if isinstance(wanted, str) else list(wanted or known)
    for name in names:
        if name not in known:
            raise UsageError(f"{who}: no family {name!r}{suggested(name, known)}")
    return list(dict.fromkeys(names))
