"""What inputs and outputs are warned of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from guessmodel.graph.elementwise import Elementwise
from guessmodel.graph.quantity import Constant, Quantile, Quantity
from guessmodel.graph.traversal import ancestors
from guessmodel.method.looked_at import LookedAt, head, is_chosen, is_draw, plain, values_of, words
from guessmodel.method.written import Written

__all__ = ["Found", "fits", "negative_normals", "outputs", "unsourced"]

Found = tuple[str, Quantity, dict[str, str]]  # code, what it is about, what its reason names

_ROOMY: Final = ("normal", "student_t", "logistic")  # families whose numbers have no least one
_MASS: Final = 0.01  # below 0
_LOGS: Final = (np.log, np.log2, np.log10)
_AMOUNTS: Final = frozenset(
    (
        *("price", "prices", "fee", "fees", "tariff", "tariffs", "wage", "wages", "salary"),
        *("salaries", "rent", "rents", "count", "counts", "number", "headcount", "population"),
        *("people", "persons", "users", "customers", "subscribers", "visitors", "patients"),
        *("passengers", "employees", "workers", "staff", "households", "age"),
        *("share", "shares", "fraction", "proportion", "probability", "chance", "likelihood"),
    )
)


def unsourced(seen: LookedAt) -> Iterator[Found]:
    """Inputs without a source. Left out are what makes units and counts (1 year, the months 1 to
    36), what is chosen, such as a threshold, helpers, and draws of a process, whose parameters are
    quantities themselves."""
    for name, quantity in seen.own.items():
        if quantity.source is not None or name.startswith("_"):
            continue
        if isinstance(quantity.operation, Constant):
            if not (_counts(quantity) or is_chosen(name)):
                yield "unsourced-input", quantity, {}
        elif _is_input(quantity) and not any(
            each in seen.names for each in ancestors(quantity.operands)
        ):
            yield "unsourced-input", quantity, {}


def _counts(quantity: Quantity) -> bool:
    values = values_of(quantity)
    assert values is not None
    if np.all((values == 0.0) | (values == 1.0)):
        return True
    labels = [label for dim in quantity.dims for label in dim.labels]
    return len(quantity.dims) == 1 and labels == values.tolist()


def _is_input(quantity: Quantity) -> bool:
    if is_draw(quantity):
        return True
    draws = [n for n in ancestors([quantity]) if isinstance(n.operation, Quantile)]
    return bool(draws) and all(
        isinstance(n.operation, Quantile) and n.operation.inner for n in draws
    )


def fits(seen: LookedAt, text: Written) -> Iterator[Found]:
    """Draws whose parameters are fitted in the statement that makes them."""
    here = str(seen.file)
    for name, quantity in seen.own.items():
        where = quantity.location
        if where.file == here and text.fitted.get(text.span(where.line)[0]) == name:
            yield "plain-fit", quantity, {}


def outputs(seen: LookedAt) -> Iterator[Found]:
    """Draws that nothing uses, in a model that computes something; and what is computed of
    constants alone, not all of which a source states, in a model that draws something."""
    own = seen.own
    derived = [
        n for n in seen.model.outputs if own[n] in seen.uncertain and own[n].kind == "derived"
    ]
    for name in seen.model.outputs:
        quantity = own[name]
        if quantity in seen.asked or name in seen.elsewhere or not derived or name.startswith("_"):
            continue
        if is_draw(quantity):
            yield "unused-draw", quantity, {}
        elif quantity.kind == "derived" and quantity not in seen.uncertain and _guessed(quantity):
            yield "certain-output", quantity, {}


def _guessed(quantity: Quantity) -> bool:
    """Whether one of the constants that it is made of is not what a source states."""
    return any(
        isinstance(node.operation, Constant)
        and not node.operation.literal
        and not _counts(node)
        and (node.source is None or node.source.startswith("inferred"))
        for node in ancestors([quantity])
    )


def negative_normals(seen: LookedAt) -> Iterator[Found]:
    """Draws with more than 1% below 0 that are divided by, logged, or named as what cannot be."""
    for node in seen.nodes:
        if not is_draw(node) or not _is_roomy(node):
            continue
        share = _below_zero(node)
        if share > _MASS and (_named_as_amount(seen, node) or _needs_positive(seen, node)):
            yield "negative-normal", node, {"share": f"{100.0 * share:.2g}%"}


def _is_roomy(node: Quantity) -> bool:
    return isinstance(node.operation, Quantile) and node.operation.family.name in _ROOMY


def _below_zero(node: Quantity) -> float:
    assert isinstance(node.operation, Quantile)
    parameters = [values_of(plain(each)) for each in node.parameters]
    known = [values for values in parameters if values is not None]
    if len(known) < len(parameters) or len({v.size for v in known if v.size != 1}) > 1:
        return 0.0
    return float(np.max(node.operation.family.cdf(0.0, *known), initial=0.0))


def _named_as_amount(seen: LookedAt, node: Quantity) -> bool:
    """`node_price`, `number_of_users`; but not `price_change`."""
    return head(words(seen.names.get(node, ""))) in _AMOUNTS


def _needs_positive(seen: LookedAt, node: Quantity) -> bool:
    for user, place in seen.users.get(node, ()):
        operation = user.operation
        if isinstance(operation, Elementwise):
            divided = operation.ufunc in (np.divide, np.floor_divide) and place == 1
            if divided or operation.ufunc in _LOGS:
                return True
    return False
