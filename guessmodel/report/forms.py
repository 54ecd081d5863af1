"""Which results have the form of another: its constant multiples, and what is constant over it.

A cost per day and per year, or a ratio and its inverse, say the same: they share pictures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guessmodel.claims.report_format import Document, QuantityData, SameFormData
from guessmodel.graph.dims import Dim
from guessmodel.graph.elementwise import Convert
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import ancestors
from guessmodel.model.model import Model
from guessmodel.report.numbers import at, coordinates

__all__ = ["same_as", "same_forms", "shown_alone", "words_for"]

Factors = frozenset[tuple[Quantity, int]]
Dims = tuple[Dim, ...]

_MOST_FACTORS = 40  # of a product that is taken apart


def same_forms(
    model: Model, quantities: Mapping[str, QuantityData], first: Iterable[str]
) -> dict[str, SameFormData]:
    """For each result that has the form of another which is before it in `first`: the other."""
    names = list(first)
    forms = _forms([model.quantities[name] for name in names])
    known: dict[tuple[Dims, Factors], str] = {}
    found: dict[str, SameFormData] = {}
    for name in names:
        quantity = model.quantities[name]
        if not _varies(quantities[name]):
            continue
        form = forms[quantity]
        inverse = frozenset((node, -power) for node, power in form)
        same, other = (known.get((quantity.dims, each)) for each in (form, inverse))
        before = same or other
        if before is None:
            known[quantity.dims, form] = name
        elif form and _sign(quantities[name]) == _sign(quantities[before]) != 0:
            found[name] = {"name": before, "inverse": same is None}
    return found


def _forms(wanted: Iterable[Quantity]) -> dict[Quantity, Factors]:
    """What quantities are products of, with the power of each factor, but for factors that are one
    number, whatever is drawn."""
    forms: dict[Quantity, Factors] = {}
    fixed: dict[Quantity, bool] = {}
    for node in ancestors(wanted):
        drawn = node.kind in ("draw", "variate")
        fixed[node] = not drawn and all(fixed[each] for each in node.operands)
        name = getattr(node.operation, "name", "")
        found = {node: 1}
        if fixed[node] and not node.dims:
            found = {}
        elif isinstance(node.operation, Convert):
            found = dict(forms[node.operands[0]])
        elif name in ("*", "/") and len(node.operands) == 2:
            found = dict(forms[node.operands[0]])
            for factor, power in forms[node.operands[1]]:
                found[factor] = found.get(factor, 0) + (power if name == "*" else -power)
        if len(found) > _MOST_FACTORS:
            found = {node: 1}
        forms[node] = frozenset((each, power) for each, power in found.items() if power)
    return forms


def _varies(entry: QuantityData) -> bool:
    """Whether there is a form to be shown."""
    pairs = [[at(entry, key, labels) for key in ("p5", "p95")] for labels in coordinates(entry)]
    return any(low and high and low["value"] != high["value"] for low, high in pairs)


def _sign(entry: QuantityData) -> int:
    """1 or -1 where all of a quantity lies on that side of 0; 0 elsewhere."""
    ends = [
        given["value"]
        for labels in coordinates(entry)
        for key in ("p5", "p95")
        if (given := at(entry, key, labels)) is not None and given["value"] is not None
    ]
    return 0 if not ends else 1 if min(ends) > 0.0 else -1 if max(ends) < 0.0 else 0


def shown_alone(document: Document, name: str) -> bool:
    """Whether a quantity has pictures of its own."""
    return "same_form_as" not in document["quantities"][name]


def same_as(document: Document, name: str) -> dict[str, bool]:
    """The quantities that the pictures of one stand for too, and whether they are its inverse."""
    return {
        other: same["inverse"]
        for other, entry in document["quantities"].items()
        if (same := entry.get("same_form_as")) is not None and same["name"] == name
    }


def words_for(entry: QuantityData) -> str:
    """What is said in place of showing a form once more; empty for others."""
    same = entry.get("same_form_as")
    if same is None:
        return ""
    return f"{'a constant over' if same['inverse'] else 'a constant times'} {same['name']}"
