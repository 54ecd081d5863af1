"""The options that constructors share: their types, and what a misspelt one is answered."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypedDict, TypeVar

from guessmodel.errors import WrongKind, caller, did_you_mean, no_argument, public
from guessmodel.graph.dims import Labels

__all__ = ["DrawOptions", "TextOptions", "constructor", "refuse_unknown"]


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
_parameters: dict[str, list[str]] = {}

Constructor = TypeVar("Constructor", bound=Callable[..., Any])


def constructor(options: type) -> Callable[[Constructor], Constructor]:
    """Decorator of a constructor that ends in `**options: Unpack[…]`: its signature shows these
    options one by one, so that `help`, notebooks and documentation do."""
    shown = [
        inspect.Parameter(
            key,
            inspect.Parameter.KEYWORD_ONLY,
            default=default,
            annotation=options.__annotations__[key].__forward_arg__,
        )
        for key, default in _DEFAULTS.items()
        if key in options.__annotations__
    ]

    def decorated(function: Constructor) -> Constructor:
        plain = inspect.signature(function)
        own = [each for each in plain.parameters.values() if each.name != "options"]
        function.__signature__ = plain.replace(parameters=[*own, *shown])  # type: ignore[attr-defined]
        _parameters[function.__name__] = [each.name for each in (*own, *shown)]
        return public(function)

    return decorated


def refuse_unknown(name: str, options: Mapping[str, object], forms: str = "") -> None:
    """Raise WrongKind, with the user's line, for an option that the constructor does not have.

    `forms` are the sets of arguments that it takes, as text.
    """
    known = _parameters.get(name, list(_DEFAULTS))
    for key in options:
        if key not in known:
            own = [each for each in known if each not in _DEFAULTS]
            shared = [each for each in known if each in _DEFAULTS]
            option = did_you_mean(key, shared, slips=bool(forms))
            nearest = did_you_mean(key, own)
            if not forms or (option and not nearest):
                takes = ", ".join([*own, *(f"{each}=" for each in shared)])
                raise WrongKind(no_argument(name, key, known, takes), caller())
            raise WrongKind(no_argument(name, key, own, forms), caller())
