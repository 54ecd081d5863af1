"""Quantities within bounds: what lies beyond becomes the bound (`clip`), or is dropped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from guessmodel import units
from guessmodel.errors import GuessmodelError, ModelError, caller, public
from guessmodel.graph.elementwise import Filtered
from guessmodel.graph.functions import maximum, minimum
from guessmodel.graph.number_in import Amount, amount, number_in
from guessmodel.graph.quantity import Operand, Quantity, as_quantity, wire
from guessmodel.graph.values import in_short

__all__ = ["clip", "filtered"]


@public
def clip(x: Operand, low: Amount | None = None, high: Amount | None = None) -> Quantity:
    """x kept between `low` and `high` (either may be None), draw by draw: draws beyond a bound
    become that bound. Bounds may be quantities, or text such as `"5 USD"`.

    Raises ModelError without a bound, or for bounds in the wrong order; UnitError for bounds of
    another dimension.

    >>> import guessmodel as gm
    >>> print(gm.clip(gm.uniform(0, 10), 5).sample().mean())
    6.25
    """
    if low is None and high is None:
        raise ModelError("clip needs a bound: gm.clip(x, low=0)", caller())
    result = as_quantity(x)
    _refuse_swapped("clip", low, high, result.unit)
    if low is not None:
        result = maximum(result, amount(low))
    return result if high is None else minimum(result, amount(high))


@public
def filtered(x: Operand, low: Amount | None = None, high: Amount | None = None) -> Quantity:
    """x, given that it lies in [low, high] (either may be None): draws beyond the bounds are
    dropped.

    What is made of the result drops them too, so that a sum with it is under the same condition;
    x itself and what else is made of x keep all draws. Statistics are of the draws that are left,
    and tell the share that was dropped. Works for any quantity; of a draw alone `gm.truncated`
    is exact and wastes none. Bounds may be quantities or text such as `"5 USD"`; plain numbers are
    counted in the unit of x.
    The definition of conditional probability:
    P(x ≤ t | low ≤ x ≤ high) = P(low ≤ x ≤ min(t, high)) / P(low ≤ x ≤ high).

    Raises ModelError without a bound, or for bounds in the wrong order; UnitError for bounds of
    another dimension.

    >>> import guessmodel as gm
    >>> profit = gm.normal(mean=0, sd=1) + gm.normal(mean=0, sd=1)
    >>> simulation = gm.Model(gain=gm.filtered(profit, low=0)).sample()
    >>> print(simulation["gain"].mean())  # sqrt(2) * sqrt(2 / pi)
    1.128...
    >>> print(simulation.problems()[0])
    gain: 50% of the draws are dropped (filtered, ...)
    """
    given = [(np.less, low), (np.greater, high)]
    bounds = [(beyond, end) for beyond, end in given if end is not None]
    if not bounds:
        raise ModelError("filtered needs a bound: gm.filtered(x, low=0)", caller())
    quantity = as_quantity(x)
    _refuse_swapped("filtered", low, high, quantity.unit)

    def counted(end: Amount) -> Quantity:
        node = amount(end)
        plain = not isinstance(end, Quantity) and node.unit == units.DIMENSIONLESS
        return replace(node, unit=quantity.unit) if plain else node

    ends = [counted(end) for _, end in bounds]
    return wire(Filtered(tuple(beyond for beyond, _ in bounds)), quantity, *ends)


def _refuse_swapped(
    function: str, low: Amount | None, high: Amount | None, unit: units.Unit
) -> None:
    """Raise ModelError for bounds in the wrong order; those of quantities may change."""
    ends = []
    for end in (low, high):
        if end is None or isinstance(end, Quantity):
            return
        try:
            ends.append(number_in(unit, end))
        except GuessmodelError:  # infinite, labelled, or of another unit, as wiring it will tell
            return
    if ends[0] > ends[1]:
        first, last = (
            end if isinstance(end, str) else in_short(number)
            for end, number in zip((low, high), ends, strict=True)
        )
        told = f"{function}: low ({first}) lies above high ({last}); swap them"
        raise ModelError(told, caller())
