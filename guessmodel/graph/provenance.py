"""Where a quantity's inputs come from: stated by a source, or inferred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from guessmodel.graph.along_dims import Stack, Take
from guessmodel.graph.dims import Label
from guessmodel.graph.elementwise import Pointwise
from guessmodel.graph.quantity import Quantile, Quantity

__all__ = ["rests_on_inference"]

_INFERRED = "inferred"


def rests_on_inference(roots: Iterable[Quantity], labels: Mapping[str, Label]) -> bool:
    """Whether some quantities, at some labels, depend on one whose source begins with "inferred".

    Of stacked quantities only the one at the label counts, as long as the label keeps its
    meaning on the way: not behind a sum over the dimension, or a shift along it.
    """
    seen: set[tuple[Quantity, tuple[tuple[str, Label], ...]]] = set()
    stack = [(root, _kept(root, labels)) for root in roots]
    while stack:
        node, fixed = stack.pop()
        mark = (node, tuple(fixed.items()))
        if mark in seen:
            continue
        seen.add(mark)
        if node.source is not None and node.source.lstrip().lower().startswith(_INFERRED):
            return True
        stack.extend(_operands(node, fixed))
    return False


def _operands(
    node: Quantity, fixed: Mapping[str, Label]
) -> Iterator[tuple[Quantity, dict[str, Label]]]:
    operation = node.operation
    if isinstance(operation, Stack) and operation.dim.name in fixed:
        chosen = node.operands[operation.dim.index(fixed[operation.dim.name])]
        yield chosen, _kept(chosen, fixed)
        return
    if isinstance(operation, Take) and isinstance(operation.positions, int):
        child = node.operands[0]
        labels = next(dim.labels for dim in child.dims if dim.name == operation.dim)
        yield child, {**_kept(child, fixed), operation.dim: labels[operation.positions]}
        return
    if isinstance(operation, Quantile):  # components may be part of the family
        for child in operation.given.get("components", ()):
            if isinstance(child, Quantity):
                yield child, _kept(child, fixed)
    keeps = isinstance(operation, Pointwise | Quantile | Take)
    for child in node.operands:
        yield child, _kept(child, fixed) if keeps else {}


def _kept(node: Quantity, labels: Mapping[str, Label]) -> dict[str, Label]:
    return {dim.name: labels[dim.name] for dim in node.dims if dim.name in labels}
