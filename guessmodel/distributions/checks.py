"""Checks of what the user wrote: numbers that are finite, in their domains, and increasing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from guessmodel.errors import DimensionError, ModelError
from guessmodel.graph.dims import Along, Dims
from guessmodel.graph.domains import Domain
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.values import in_short

__all__ = ["finite", "forbid", "ordered", "ordered_at_labels", "refuse_repeated", "within"]


def forbid(bad: Any, message: str) -> None:
    """Raise ModelError where the condition holds; conditions on quantities wait for the draws,
    and labels that are not applicable (NaN) never meet it."""
    if not isinstance(bad, Quantity) and np.any(bad):
        raise ModelError(message)


def finite(family: str, *, labelled: bool = False, **values: Any) -> None:
    """Raise unless all values are finite numbers (NaN at a label means not applicable)."""
    for key, value in values.items():
        if isinstance(value, Quantity):
            continue
        bad = np.isinf(value) if labelled or np.ndim(value) else ~np.isfinite(value)
        if np.any(bad):
            raise ModelError(f"{family}: {key} is {in_short(value)}; write a finite number")


def ordered(family: str, **bounds: Any) -> None:
    """Raise unless the two values increase."""
    (first, low), (second, high) = bounds.items()
    if isinstance(low, Quantity) or isinstance(high, Quantity):
        return
    if np.any(np.greater(low, high)):
        raise ModelError(
            f"{family}: {first} ({in_short(low)}) lies above {second} ({in_short(high)}); swap them"
        )
    if np.any(np.equal(low, high)):
        raise ModelError(
            f"{family}: {first} and {second} are both {in_short(low)}; "
            f"for a known value write gm.constant({in_short(low)})"
        )


def within(family: str, domain: Domain, **values: Any) -> None:
    """Raise where a value lies outside its domain; NaN at a label is not applicable."""
    for key, value in values.items():
        array = np.asarray(value, dtype=np.float64)
        outside = array[~(domain.holds(array) | np.isnan(array))]
        if outside.size:
            worst = float(outside.flat[0])
            raise ModelError(f"{family}: {key} is {worst:g}{domain.mistake(worst)}")


def ordered_at_labels(family: str, low: Any, high: Any, dims: Dims) -> None:
    """Raise unless low lies below high at each label, and name the first where it does not."""
    low, high = np.broadcast_arrays(low, high)
    for position in np.argwhere(np.greater_equal(low, high))[:1]:
        labels = ", ".join(str(dim.labels[i]) for dim, i in zip(dims, position, strict=False))
        ordered(
            f"{family} at '{labels}'" if labels else family,
            low=low[tuple(position)],
            high=high[tuple(position)],
        )


def refuse_repeated(function: str, along: Along, values: Iterable[tuple[Any, Quantity]]) -> None:
    """DimensionError where `dim=` repeats what quantities have: of pairs of what the user wrote and
    what was read of it."""
    pairs = list(values)
    for name in [along.name] if along.name is not None else [dim.name for dim in along.dims]:
        have = [raw for raw, q in pairs if any(dim.name == name for dim in q.dims)]
        if have and all(isinstance(raw, Quantity) for raw in have):
            raise DimensionError(
                f"{function}: {along} has no effect, for {have[0].label} has a '{name}' already; "
                "leave it out"
            )
