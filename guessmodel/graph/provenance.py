"""Where a quantity's inputs come from: stated by a source, or inferred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from guessmodel.graph.along_dims import Stack, Take
from guessmodel.graph.dims import Label
from guessmodel.graph.operation import Pointwise
from guessmodel.graph.quantity import Quantile, Quantity
from guessmodel.graph.traversal import reached

__all__ = ["rests_on_inference"]

_INFERRED = "inferred"
_Place = tuple[Quantity, tuple[tuple[str, Label], ...]]


def rests_on_inference(roots: Iterable[Quantity], labels: Mapping[str, Label]) -> bool:
    """Whether some quantities, at some labels, depend on one whose source begins with "inferred".

    Of stacked quantities only the one at the label counts, as long as the label keeps its
    meaning on the way: not behind a sum over the dimension, or a shift along it.
    """
    walk = reached([_place(root, labels) for root in roots], _operands)
    sources = (node.source for node, _ in walk if node.source is not None)
    return any(source.lstrip().lower().startswith(_INFERRED) for source in sources)


def _operands(place: _Place) -> Iterator[_Place]:
    node, fixed = place[0], dict(place[1])
    operation = node.operation
    if isinstance(operation, Stack) and operation.dim.name in fixed:
        chosen = node.operands[operation.dim.index(fixed[operation.dim.name])]
        yield _place(chosen, fixed)
        return
    if isinstance(operation, Take) and isinstance(operation.positions, int):
        child = node.operands[0]
        labels = next(dim.labels for dim in child.dims if dim.name == operation.dim)
        yield _place(child, {**fixed, operation.dim: labels[operation.positions]})
        return
    if isinstance(operation, Quantile):  # components may be part of the family
        for child in operation.given.get("components", ()):
            if isinstance(child, Quantity):
                yield _place(child, fixed)
    keeps = isinstance(operation, Pointwise | Quantile | Take)
    for child in node.operands:
        yield _place(child, fixed if keeps else {})


def _place(node: Quantity, labels: Mapping[str, Label]) -> _Place:
    """A quantity at those of the labels that it has."""
    return node, tuple((dim.name, labels[dim.name]) for dim in node.dims if dim.name in labels)
