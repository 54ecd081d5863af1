"""The first label at which a condition holds, and that it never does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from guessmodel.errors import DimensionError, UsageError, WrongKind, caller
from guessmodel.graph.categories import NEVER
from guessmodel.graph.dims import Dim
from guessmodel.graph.functions import where
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.labelled import Labelled
from guessmodel.graph.quantity import Quantity, constant_node
from guessmodel.graph.values import is_number
from guessmodel.units import DIMENSIONLESS

__all__ = ["NEVER", "first_where"]


def first_where(
    quantity: Labelled, condition: Quantity, dim: str, never: float | None = None
) -> Quantity:
    """See `Labelled.first_where`."""
    at = caller()
    if not isinstance(condition, Quantity):
        raise WrongKind(
            f"first_where takes a condition such as cash < 0, not {condition!r}; write "
            "cash.first_where(cash < 0, 'month')",
            at,
        )
    if not is_indicator(condition):
        raise WrongKind(
            f"first_where takes a condition, and {condition.label} is a number; compare it, as in "
            "cash.first_where(cash < 0, 'month')",
            at,
        )
    along = next((each for each in condition.dims if each.name == dim), None)
    if along is None:
        known = ", ".join(f"'{each.name}'" for each in condition.dims) or "none"
        raise DimensionError(
            f"first_where: the condition has no dimension {dim!r}; its dimensions: {known}", at
        )
    size = len(along)
    numbers = np.arange(float(size)) if never is None else _increasing(along, never)
    place = constant_node(numbers, (along,), DIMENSIONLESS, at)
    assert isinstance(quantity, Quantity)
    if quantity.axes.mask is not None:
        there = np.where(quantity.axes.mask, 1.0, np.nan)
        place = place * constant_node(there, quantity.dims, DIMENSIONLESS, at)
    first = where(condition, place, float(size) if never is None else float(never)).min(dim)
    if never is not None:
        return first
    if NEVER in map(str, along.labels):
        raise DimensionError(f"first_where: '{dim}' has a label 'never' itself; rename it", at)
    return replace(first, categories=(*along.labels, NEVER))


def _increasing(along: Dim, never: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if not all(isinstance(label, int | float) for label in along.labels):
        raise UsageError(
            f"first_where: the labels of '{along.name}' are no numbers, so never= has no place "
            "among them; leave it out, and the answer is a category",
            caller(),
        )
    numbers = np.array(along.labels, dtype=np.float64)
    above = is_number(never) and float(never) > numbers[-1]
    if not above or np.any(np.diff(numbers) <= 0.0):
        raise UsageError(
            f"first_where: never={never!r} must be a number above all labels of '{along.name}', "
            "which must rise; leave it out, and the answer is a category",
            caller(),
        )
    return numbers
