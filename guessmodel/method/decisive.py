"""Constants that an output hangs on more than on any draw.

The graph is evaluated once, with a column for each case: all draws at their medians; each draw at
its 5th and its 95th percentile; each constant a tenth smaller and larger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from guessmodel.engine.plan import aligned
from guessmodel.graph import dims as dimensions
from guessmodel.graph.elementwise import Elementwise
from guessmodel.graph.operation import Operation
from guessmodel.graph.quantity import Constant, Quantile, Quantity, Variate
from guessmodel.graph.scores import Scores
from guessmodel.graph.traversal import ancestors
from guessmodel.graph.variates import NORMAL
from guessmodel.method.looked_at import LookedAt, is_chosen, values_of
from guessmodel.method.rules import Found
from guessmodel.numerics.arrays import FloatArray
from guessmodel.simulation.headline import headlines_of

__all__ = ["decisive", "evaluated"]

_OFF: Final = 0.1
_LOW, _HIGH = 0.05, 0.95
_MOST: Final = 200  # inputs, beyond which the question is left


def decisive(seen: LookedAt) -> Iterator[Found]:
    """Constants of the file that the first headline, or each output, moves more with than with any
    draw."""
    told: set[Quantity] = set()
    for output in _outputs(seen):
        behind = ancestors([output])
        draws = [node for node in behind if isinstance(node.operation, Variate)]
        constants = [node for node in behind if _is_estimate(seen, node)]
        if not draws or not constants or len(draws) + len(constants) > _MOST:
            continue
        moved = _moved(output, draws, constants)
        most = np.max([moved[draw] for draw in draws], axis=0)
        for node in constants:
            if node not in told and np.any(most > 0.0) and np.all(moved[node] > most):
                told.add(node)
                yield "decisive-constant", node, {"output": seen.names[output]}


def _outputs(seen: LookedAt) -> list[Quantity]:
    asked = [each.quantity for each in headlines_of(seen.model).values()]
    named = asked or [seen.own[name] for name in seen.model.outputs]
    return [
        each
        for each in dict.fromkeys(named)
        if each in seen.uncertain
        and each.kind == "derived"
        and not each.categories
        and not (isinstance(each.operation, Elementwise) and each.operation.compares)
    ]


def _is_estimate(seen: LookedAt, node: Quantity) -> bool:
    """A named constant of the file that may be wrong by some percent: no count, no unit, no date
    and nothing that is chosen."""
    values = values_of(node)
    name = seen.names.get(node, "")
    if values is None or name not in seen.own or node.format == "year":
        return False
    whole = bool(np.all(values == np.floor(values)))
    counted = whole and (node.unit.is_countable or bool(np.all(np.abs(values) < 100.0)))
    return not (is_chosen(name) or counted or node.dims)


def _moved(
    output: Quantity, draws: Sequence[Quantity], constants: Sequence[Quantity]
) -> dict[Quantity, FloatArray]:
    """How far the output moves between the two cases of each input, at each of its labels."""
    columns = {node: 1 + 2 * k for k, node in enumerate([*draws, *constants])}
    found = evaluated(output, columns)
    return {
        node: np.abs(found[..., first] - found[..., first + 1]).ravel()
        for node, first in columns.items()
    }


def evaluated(output: Quantity, columns: Mapping[Quantity, int]) -> FloatArray:
    """The output in the case that all draws are at their medians (column 0), and in two cases for
    each input."""
    cases = 1 + 2 * len(columns)
    values: dict[Quantity, FloatArray] = {}
    with np.errstate(all="ignore"):
        for node in ancestors([output]):
            operation, first = node.operation, columns.get(node)
            shape = (*dimensions.shape(node.dims), cases)
            if isinstance(operation, Variate):
                made = np.full(shape, 0.5)
                if first is not None:
                    made[..., first], made[..., first + 1] = _LOW, _HIGH
            elif isinstance(operation, Constant):
                made = np.repeat(operation.value[..., None], cases, axis=-1)
                if first is not None:
                    made[..., first] *= 1.0 - _OFF
                    made[..., first + 1] *= 1.0 + _OFF
            elif isinstance(operation, Quantile):
                made = _drawn(node, operation, values)
            else:
                made = _computed(operation, node, values, np.empty(shape))
            values[node] = made
    return values[output]


def _computed(
    operation: Operation,
    node: Quantity,
    values: Mapping[Quantity, FloatArray],
    made: FloatArray,
) -> FloatArray:
    given = [values[child] for child in node.operands]
    if isinstance(operation, Scores):  # of normal scores
        given = [
            NORMAL.ppf(x) if isinstance(child.operation, Variate) else x
            for child, x in zip(node.operands, given, strict=True)
        ]
    axes = [child.axes for child in node.operands]
    operation.evaluate(aligned(operation, given, axes, node.axes), axes, made)
    return made


def _drawn(node: Quantity, draw: Quantile, values: Mapping[Quantity, FloatArray]) -> FloatArray:
    number, *parameters = (
        dimensions.broadcast(values[child], child.dims, node.dims) for child in node.operands
    )
    if isinstance(node.operands[0].operation, Scores):
        number = NORMAL.cdf(number)
    return draw.family.draw(number, *parameters)
