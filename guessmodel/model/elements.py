"""Names of quantities and their labels, as people write them: `cost[twitter]`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.graph import dims as dimensions

if TYPE_CHECKING:
    from guessmodel.graph.quantity import Quantity
    from guessmodel.model.model import Model

__all__ = ["extended_by", "listed", "pick"]

_MOST_NAMED = 8


def pick(model: Model, text: str) -> tuple[str, dict[str, dimensions.Label]]:
    """Name of a quantity, and labels: `cost[twitter]` as the table of `run` shows it. Of scenarios
    side by side it may be `cost[cheap, twitter]`, or `cost[twitter]` in all of them."""
    try:
        return model.find(text), {}
    except GuessmodelError:
        head, bracket, tail = text.partition("[")
        if not bracket or not tail.endswith("]"):
            raise
    name = model.find(head)
    dims = model.quantities[name].dims
    wanted = [label.strip() for label in tail[:-1].split(",")]
    if model.variants:
        _, base = model.variants[0]
        own = base.quantities[name].dims
        dims = own if len(wanted) == len(own) else dims
    if len(wanted) != len(dims):
        has = dimensions.describe(dims) or "no dimensions"
        raise UsageError(f"'{text}': give one label a dimension; '{name}' has {has}")
    chosen = {}
    for dim, label in zip(dims, wanted, strict=True):
        known = {str(each): each for each in dim.labels}
        if label not in known:
            raise UsageError(
                f"'{text}': dimension '{dim.name}' has no label '{label}'; it has "
                f"{listed(list(known))}"
            )
        chosen[dim.name] = known[label]
    return name, chosen


def extended_by(model: Model, name: str, quantity: Quantity) -> tuple[Model, str]:
    """The model with one more quantity, and its name there: with marks behind it, as `cost'`, where
    the model has one of that name."""
    while name in model.quantities:
        name += "'"
    return model.extended({name: quantity}), name


def listed(names: Sequence[str]) -> str:
    """The first few names, for messages."""
    more = ", …" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
