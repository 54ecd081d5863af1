"""The options that constructors share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypedDict, TypeVar

from guessmodel.graph.dims import Labels
from guessmodel.options import taking

__all__ = ["DrawOptions", "TextOptions", "constructor"]


class TextOptions(TypedDict, total=False):
    """What a quantity is called, and said to be."""

    name: str | None
    doc: str | None
    source: str | None
    format: str | None


class DrawOptions(TextOptions, total=False):
    """The same, and the labels of a draw."""

    dim: str | Labels | None
    shared: str | Sequence[str]


_DEFAULTS: Final[Mapping[str, Any]] = {
    "dim": None,
    "shared": (),
    "name": None,
    "doc": None,
    "source": None,
    "format": None,
}

Constructor = TypeVar("Constructor", bound=Callable[..., Any])


def constructor(options: type) -> Callable[[Constructor], Constructor]:
    """Decorator of a constructor that ends in `**options: Unpack[…]`, see `taking`."""
    return taking(options, _DEFAULTS)
