"""Walks over the graph of quantities: order, users, rewiring. Iterative and linear."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import TypeVar

from guessmodel.graph.elementwise import Convert
from guessmodel.graph.quantity import Constant, Quantity, Variate
from guessmodel.graph.random_sum import on_operands

__all__ = [
    "ancestors",
    "depth_first",
    "drawn_variate",
    "nearest",
    "reached",
    "remade",
    "rewired",
    "variates",
    "with_operands",
]

Node = TypeVar("Node", bound=Hashable)


def depth_first(
    roots: Iterable[Node],
    operands: Callable[[Node], Iterable[Node]],
    seen: set[Node] | None = None,
) -> Iterator[Node]:
    """The roots and all they depend on, each once and after its operands; without what was `seen`
    before, to which they are added."""
    seen = set() if seen is None else seen
    for root in roots:
        path = []  # from the root to where the walk is, each with the operands that are left
        if root not in seen:
            seen.add(root)
            path.append((root, iter(operands(root))))
        while path:
            for child in path[-1][1]:
                if child not in seen:
                    seen.add(child)
                    path.append((child, iter(operands(child))))
                    break
            else:
                yield path.pop()[0]


def reached(
    roots: Iterable[Node],
    operands: Callable[[Node], Iterable[Node]],
    seen: set[Node] | None = None,
) -> Iterator[Node]:
    """The same, each before its operands: for walks that stop when they have found something."""
    seen = set() if seen is None else seen
    stack = [*roots][::-1]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            yield node
            stack.extend([*operands(node)][::-1])


def ancestors(roots: Iterable[Quantity]) -> list[Quantity]:
    """The roots and all they depend on, each after its operands."""
    return list(depth_first(roots, attrgetter("operands")))


def nearest(target: Quantity, known: Container[Quantity]) -> list[Quantity]:
    """The known quantities that one is computed from, through steps that are not known."""
    walk = reached(target.operands, lambda node: () if node in known else node.operands)
    return [node for node in walk if node in known]


def variates(roots: Iterable[Quantity]) -> set[Quantity]:
    """What quantities are random by."""
    return {node for node in ancestors(roots) if isinstance(node.operation, Variate)}


def rewired(
    roots: Iterable[Quantity], replacements: Mapping[Quantity, Quantity]
) -> dict[Quantity, Quantity]:
    """The same graph with some quantities replaced: old quantity -> new one.

    Units stay (replacements have the unit of what they replace); labelled axes are worked out
    anew. Raises DimensionError where a replacement's labels do not fit.
    """
    new: dict[Quantity, Quantity] = {}
    for node in ancestors(roots):
        if node in replacements:
            new[node] = replacements[node]
            continue
        new[node] = remade(node, tuple(new[child] for child in node.operands))
    return new


def remade(node: Quantity, operands: tuple[Quantity, ...]) -> Quantity:
    """A quantity of other operands; itself, if they are the same."""
    if all(a is b for a, b in zip(operands, node.operands, strict=True)):
        return node
    random_sum = on_operands(node, operands)
    return with_operands(node, operands) if random_sum is None else random_sum


def with_operands(node: Quantity, operands: tuple[Quantity, ...]) -> Quantity:
    """The same operation on other operands, whose labelled axes it gets."""
    assert not isinstance(node.operation, Constant | Variate)
    axes = node.operation.axes([operand.axes for operand in operands])
    return replace(node, operands=operands, axes=axes)


def drawn_variate(node: Quantity) -> Quantity | None:
    """The variate of a draw, also behind conversions into another unit; None for all else."""
    while isinstance(node.operation, Convert):
        node = node.operands[0]
    return node.variate
