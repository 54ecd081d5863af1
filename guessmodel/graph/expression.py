"""A quantity without a name, written as the expression that made it: "cost / words"."""

from __future__ import annotations

from collections.abc import Mapping

from guessmodel.graph.along_dims import Take
from guessmodel.graph.elementwise import Convert, Placed
from guessmodel.graph.operation import Operation
from guessmodel.graph.quantity import Constant, Quantile, Quantity, Variate, first_variate
from guessmodel.graph.scores import Scores, ScoresAlong
from guessmodel.units.figures import with_unit
from guessmodel.units.formats import format_written

__all__ = ["expression"]

_DEEPEST = 3
_INFIX = {"+", "-", "*", "/", "//", "%", "**", "<", "<=", ">", ">=", "==", "!=", "&", "|", "^"}


def expression(quantity: Quantity, names: Mapping[Quantity, str], *, inner: bool = False) -> str:
    """The expression down to named quantities; "…" where it goes deeper than three steps.

    In brackets, where it needs them, if it is `inner` to another expression.

    >>> import guessmodel as gm
    >>> cost, words = gm.normal(2, 3, "USD"), gm.normal(4, 5, "word")
    >>> expression(2 * cost / words, {cost: "cost", words: "words"})
    '2 * cost / words'
    """
    return _written(quantity, names, _DEEPEST, inner=inner)


def _written(node: Quantity, names: Mapping[Quantity, str], depth: int, *, inner: bool) -> str:
    if node in names or node.name is not None:
        return names.get(node) or str(node.name)
    operation = node.operation
    if isinstance(operation, Constant):
        if node.dims:
            return "constant"
        if node.categories:
            return repr(node.categories[int(operation.value)])
        return with_unit(format_written(float(operation.value)), str(node.unit))
    if isinstance(operation, Quantile) and isinstance(node.operands[0].operation, Scores):
        return f"{node.label}{_correlated(node.operands[0], names)}"
    if isinstance(operation, Quantile | Variate):
        return node.label
    if isinstance(operation, Convert | Placed):
        return _written(node.operands[0], names, depth, inner=inner)
    if depth == 0:
        return "…"
    return _operation(operation, node, names, depth, inner=inner)


def _correlated(number: Quantity, names: Mapping[Quantity, str]) -> str:
    """The draws that a draw is correlated with, and the weights of normal scores (see `scores`)."""
    if isinstance(number.operation, ScoresAlong):
        return f", {number.operation.name}"
    half = len(number.operands) // 2
    owners = {q.variate: name for q, name in names.items() if q.variate is not None}
    terms = []
    for score, weight in zip(number.operands[1:half], number.operands[half + 1 :], strict=True):
        size = "…"
        if isinstance(weight.operation, Constant) and not weight.dims:
            size = f"{float(weight.operation.value):.3g}"
        terms.append(f"{size} {owners.get(first_variate(score), 'another')}")
    return f", correlated: {' + '.join(terms)}" if terms else ""


def _operation(
    operation: Operation,
    node: Quantity,
    names: Mapping[Quantity, str],
    depth: int,
    *,
    inner: bool,
) -> str:
    infix = operation.name in _INFIX and len(node.operands) == 2
    parts = [
        # Only the left side of an infix may go without brackets, and only beside its like.
        _written(child, names, depth - 1, inner=infix and (i > 0 or not _alike(node, child)))
        for i, child in enumerate(node.operands)
    ]
    if infix:
        text = f" {operation.name} ".join(parts)
        return f"({text})" if inner else text
    if isinstance(operation, Take) and isinstance(operation.positions, int):
        dims = {dim.name: dim for dim in node.operands[0].dims}
        return f"{parts[0]}[{dims[operation.dim].labels[operation.positions]}]"
    return f"{operation.name}({', '.join(parts)})"


def _alike(node: Quantity, child: Quantity) -> bool:
    """Whether both are products and quotients, or both sums and differences."""
    while isinstance(child.operation, Convert):
        child = child.operands[0]
    signs = [getattr(q.operation, "name", "") for q in (node, child)]
    return any(set(signs) <= like for like in ({"*", "/"}, {"+", "-"}))
