"""What products are warned of: of a probability and an impact, of a number and one draw, of a
quantity and a number that hides a unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from guessmodel.graph.elementwise import Elementwise
from guessmodel.graph.quantity import Constant, Quantile, Quantity
from guessmodel.method.looked_at import LookedAt, head, is_draw, plain, values_of, words
from guessmodel.method.rules import Found
from guessmodel.units import Unit
from guessmodel.units.currencies import CURRENCIES

__all__ = ["products"]

_CHANCE: Final = frozenset(
    (
        *("probability", "probabilities", "prob", "probs", "chance", "chances", "likelihood"),
        *("frequency", "incidence"),
    )
)
_COMPARED: Final = frozenset({"relative", "excess", "attributable"})  # no such risk is a chance
_AVERAGED: Final = frozenset(
    (
        *("average", "averaged", "mean", "median", "typical", "expected", "usual", "per", "rate"),
        *("price", "prices", "fee", "fees", "wage", "wages", "salary", "salaries", "tariff"),
        *("charge", "share", "fraction", "factor", "ratio"),
    )
)
"""Words of what is the same for all, or an average over them."""
_ONE: Final = re.compile(
    r"\b(one|each|every|single|individual)\b|"
    r"\bof an? (person|human|man|woman|child|adult|patient|passenger|guest|visitor|customer|client|"
    r"user|employee|worker|player|pupil|student|animal|parcel|package|bag|suitcase)\b",
    re.IGNORECASE,
)
"""What is said of one of many that differ. (Of a machine it is mostly what all have.)"""
_COUNTS: Final = ("poisson", "binomial", "negative_binomial", "geometric")
_TIMES: Final = frozenset(
    (
        *("s", "ms", "us", "ns", "minute", "hour", "day"),
        *("week", "month", "quarter", "year", "decade"),
    )
)
_HIDDEN: Final = {
    7: ("day", "week"),
    12: ("month", "year"),
    24: ("hour", "day"),
    30: ("day", "month"),
    52: ("week", "year"),
    60: ("s", "minute", "hour"),
    365: ("day", "year"),
    365.25: ("day", "year"),
    1440: ("minute", "day"),
    3600: ("s", "hour"),
    8760: ("hour", "year"),
    86400: ("s", "day"),
}
"""Numbers between units of time, and the units that they are between."""
_DIVISORS: Final = (1e3, 1e6, 1e9, 1e12)


def products(seen: LookedAt) -> Iterator[Found]:
    """All that is to be said of products and quotients in a model's file."""
    for node in seen.nodes:
        operation = node.operation
        if not isinstance(operation, Elementwise):
            continue
        if operation.ufunc is np.multiply:
            for a, b in (node.operands, node.operands[::-1]):
                yield from _hidden(node, a, b, divides=False)
                if _is_impact(seen, node, plain(a), b):
                    yield "expected-impact", node, {}
                if _counts_one(seen, plain(a), plain(b)):
                    yield "count-times-draw", node, {}
        elif operation.ufunc is np.divide:
            yield from _hidden(node, node.operands[1], node.operands[0], divides=True)


# --- numbers that hide a unit ---------------------------------------------------------------------


def _hidden(node: Quantity, number: Quantity, other: Quantity, *, divides: bool) -> Iterator[Found]:
    operation = number.operation
    if not isinstance(operation, Constant) or not operation.literal or operation.value.size != 1:
        return
    value = float(operation.value.ravel()[0])
    names = {name for name, _ in other.unit.powers}
    one = values_of(other)
    if one is not None and np.all(one == 1.0):
        return  # an amount is made, such as 30 * gm.constant(1, "day")
    between = not names.isdisjoint(_HIDDEN.get(value, ()))
    thousands = divides and value in _DIVISORS and not other.unit.is_dimensionless
    hundredth = "percent" in names and value == (100.0 if divides else 0.01)
    if between or thousands or hundredth:
        does = "divides" if divides else "multiplies"
        more = {"does": does, "unit": str(other.unit), "number": f"{value:g}"}
        yield "hidden-unit", node, more


# --- probability times impact ---------------------------------------------------------------------


def _is_impact(seen: LookedAt, node: Quantity, chance: Quantity, impact: Quantity) -> bool:
    if not _is_chance(seen.names.get(chance, "")) or not chance.unit.is_dimensionless:
        return False
    operation = chance.operation
    if isinstance(operation, Quantile) and operation.family.discrete:
        return False  # the event itself
    if isinstance(operation, Elementwise) and operation.compares:
        return False
    made = words(seen.title(node))
    return _is_amount(impact.unit) and _AVERAGED.isdisjoint(made)


def _is_chance(name: str) -> bool:
    """`fire_probability`, `p_fire`, `risk_of_fire`; but not `risk_free_rate`."""
    said = words(name)
    risk = head(said) == "risk" and _COMPARED.isdisjoint(said)
    return said[:1] == ["p"] or risk or not _CHANCE.isdisjoint(said)


def _is_amount(unit: Unit) -> bool:
    """Money, time, mass and the like: of people and things so many are to be expected."""
    return any(name in CURRENCIES or name in _TIMES for name, _ in unit.powers)


# --- a number times one draw ----------------------------------------------------------------------


def _counts_one(seen: LookedAt, count: Quantity, size: Quantity) -> bool:
    """Whether a random number of events, or many of something that is described as one, are all
    given one draw."""
    if not is_draw(size) or not isinstance(size.operation, Quantile):
        return False
    if size.operation.family.discrete or size.unit.is_dimensionless:
        return False
    name = seen.names.get(size, "")
    said = f"{name.replace('_', ' ')} {seen.model.doc_of(name) or '' if name else ''}"
    if not _AVERAGED.isdisjoint(re.findall(r"[a-z']+", said.lower())):
        return False
    counted = {unit for unit, exponent in count.unit.powers if exponent == 1}
    per = {unit for unit, exponent in size.unit.powers if exponent < 0}
    if per != counted and (per or counted):
        return False
    operation = count.operation
    if isinstance(operation, Quantile):
        return operation.family.name in _COUNTS
    values = values_of(count)
    whole = values is not None and bool(np.all((values >= 2.0) & (values == np.floor(values))))
    return whole and _ONE.search(said) is not None
