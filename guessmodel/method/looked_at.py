"""A model as the rules look at it: what its own file names and makes, and what uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, final

import numpy as np

from guessmodel.graph.elementwise import Convert
from guessmodel.graph.quantity import Constant, Quantile, Quantity, Variate
from guessmodel.graph.traversal import ancestors
from guessmodel.model.model import Model
from guessmodel.numerics.arrays import FloatArray

__all__ = ["LookedAt", "head", "is_chosen", "is_draw", "plain", "values_of", "words"]

_CHOSEN: Final = frozenset(
    (
        *("threshold", "goal", "target", "budget", "deadline", "limit"),
        *("horizon", "span", "duration", "period", "year", "years"),
    )
)


@final
@dataclass(frozen=True, eq=False)
class LookedAt:
    """A model, and the names of its file that others use."""

    model: Model
    file: Path
    elsewhere: frozenset[str]

    @cached_property
    def own(self) -> Mapping[str, Quantity]:
        """Named quantities of the file itself."""
        return {n: e.quantity for n, e in self.model.entries.items() if e.own}

    @cached_property
    def names(self) -> Mapping[Quantity, str]:
        """The names of all quantities of the model."""
        return {quantity: name for name, quantity in self.model.quantities.items()}

    @cached_property
    def nodes(self) -> list[Quantity]:
        """All that the file makes, each after what it is made of."""
        here = str(self.file)
        return [node for node in self._all if node.location.file == here]

    @cached_property
    def _all(self) -> list[Quantity]:
        said = [each for about in self.model.attached for each in about.subjects]
        return ancestors([*self.own.values(), *said])

    @cached_property
    def uncertain(self) -> frozenset[Quantity]:
        """What a draw reaches, the draw included."""
        found: set[Quantity] = set()
        for node in self._all:
            if isinstance(node.operation, Variate) or not found.isdisjoint(node.operands):
                found.add(node)
        return frozenset(found)

    @cached_property
    def asked(self) -> frozenset[Quantity]:
        """What claims, headlines and scenarios are about, and all that this is made of."""
        return frozenset(ancestors(s for about in self.model.attached for s in about.subjects))

    @cached_property
    def users(self) -> Mapping[Quantity, list[tuple[Quantity, int]]]:
        """By quantity what is computed of it, and as which operand; through other units."""
        found: dict[Quantity, list[tuple[Quantity, int]]] = {}
        for node in self._all:
            for place, child in enumerate(node.operands):
                for each in _behind(child):
                    found.setdefault(each, []).append((node, place))
        return found

    def title(self, node: Quantity) -> str:
        """A quantity's name, or of what is not named that of the first quantity which is made of
        it."""
        seen = {node}
        queue = [node]
        for each in queue:
            if each in self.names:
                return self.names[each]
            for user, _ in self.users.get(each, ()):
                if user not in seen:
                    seen.add(user)
                    queue.append(user)
        return "a quantity"


def _behind(node: Quantity) -> Iterator[Quantity]:
    yield node
    while isinstance(node.operation, Convert):
        node = node.operands[0]
        yield node


def plain(node: Quantity) -> Quantity:
    """What a quantity is but for its unit."""
    *_, last = _behind(node)
    return last


def values_of(node: Quantity) -> FloatArray | None:
    """The values of a constant at all labels that have one; None of what is none."""
    if not isinstance(node.operation, Constant):
        return None
    values = node.operation.value.ravel()
    return values[~np.isnan(values)]


def words(name: str) -> list[str]:
    """`share_of_users` as its words."""
    return [word for word in name.lower().replace("[", "_").replace("]", "").split("_") if word]


def head(said: Sequence[str]) -> str:
    """The noun that the words of a name are about: of `share_of_users` and `user_share` it is
    share."""
    return said[0] if said[1:2] == ["of"] else said[-1] if said else ""


def is_chosen(name: str) -> bool:
    """Whether a name is one of what is decided on, and not estimated."""
    said = words(name)
    return "per" not in said and bool(said) and said[-1] in _CHOSEN


def is_draw(node: Quantity) -> bool:
    """Whether it is a draw, and not one that a constructor makes on its way."""
    return isinstance(node.operation, Quantile) and not node.operation.inner
