"""Options that several functions take: their names and types stand once, in a TypedDict, and each
function shows them one by one, so that `help`, notebooks and documentation do."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from guessmodel.errors import WrongKind, caller, did_you_mean, no_argument, public

__all__ = ["refuse_unknown", "taking"]


class _Taken(NamedTuple):
    """Names of what a function takes."""

    own: list[str]
    options: list[str]


_taken: dict[str, _Taken] = {}

Function = TypeVar("Function", bound=Callable[..., Any])


def taking(options: type, defaults: Mapping[str, Any]) -> Callable[[Function], Function]:
    """Decorator of a function that users call, and that ends in `**options: Unpack[…]`: its
    signature shows those of the options that are in the TypedDict, in the order of `defaults`.

    Python lets any name pass to such a function: it must call `refuse_unknown`.
    """
    shown = [
        inspect.Parameter(
            key,
            inspect.Parameter.KEYWORD_ONLY,
            default=default,
            annotation=options.__annotations__[key].__forward_arg__,
        )
        for key, default in defaults.items()
        if key in options.__annotations__
    ]

    def decorated(function: Function) -> Function:
        plain = inspect.signature(function)
        own = [each for each in plain.parameters.values() if each.name != "options"]
        function.__signature__ = plain.replace(parameters=[*own, *shown])  # type: ignore[attr-defined]
        names = [each.name for each in own], [each.name for each in shown]
        _taken[function.__name__] = _Taken(*names)
        return public(function)

    return decorated


def refuse_unknown(name: str, options: Mapping[str, object], forms: str = "") -> None:
    """Raise WrongKind, with the user's line, for an option that the function `name` does not have.

    `forms` are the sets of arguments that it takes, as text.
    """
    if name not in _taken:  # Python has refused what its signature does not have
        return
    own, shared = _taken[name]
    for key in options:
        if key in shared:
            continue
        option = did_you_mean(key, shared, slips=bool(forms))
        if not forms or (option and not did_you_mean(key, own)):
            takes = ", ".join([*own, *(f"{each}=" for each in shared)])
            raise WrongKind(no_argument(name, key, [*own, *shared], takes), caller())
        raise WrongKind(no_argument(name, key, own, forms), caller())
