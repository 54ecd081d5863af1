"""What is given by name: in a mapping, as arguments, or both."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any

from guessmodel.errors import ModelError, UsageError, WrongKind, article, caller
from guessmodel.escaping import is_harmless
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.values import is_number

__all__ = ["merged", "named_quantities"]


def merged(first: Mapping[Any, Any], named: Mapping[str, Any]) -> dict[Any, Any]:
    """What was given in a mapping and by name; UsageError where a name is in both."""
    if not isinstance(first, Mapping):
        raise WrongKind(f"changes go by name, as in with_(cost=3), not as {first!r}", caller())
    twice = [name for name in named if name in first]
    if twice:
        raise UsageError(f"'{twice[0]}' is given twice, in the mapping and by name", caller())
    return {**first, **named}


def named_quantities(
    quantities: Mapping[str, Quantity] | None, named: Mapping[str, Quantity]
) -> dict[str, Quantity]:
    """The quantities of a model made by hand; WrongKind or ModelError for what is none."""
    if quantities is not None and not isinstance(quantities, Mapping):
        if isinstance(quantities, str | PathLike):
            way = f"a model in a file is gm.Model.from_file({str(quantities)!r})"
            raise WrongKind(way, caller())
        raise WrongKind("quantities need names: gm.Model(cost=cost)", caller())
    given = merged(quantities or {}, named)
    if not given:
        raise ModelError("a model needs a quantity: gm.Model(cost=cost)", caller())
    for name, quantity in given.items():
        if not isinstance(name, str) or not name:
            raise ModelError(f"{name!r} is no name; write gm.Model(cost=cost)", caller())
        if not is_harmless(name):
            raise ModelError(f"{name!r} has characters that cannot be shown", caller())
        if not isinstance(quantity, Quantity):
            told = f"'{name}' is {article(type(quantity).__name__)}, not a quantity"
            way = f"; write gm.constant({quantity!r})" if is_number(quantity) else ""
            raise ModelError(told + way, caller())
    return given
