"""Walks over the graph of quantities: order, users, rewiring. Iterative and linear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from guessmodel.graph.elementwise import Convert
from guessmodel.graph.quantity import Constant, Quantity, Variate

__all__ = ["ancestors", "consumers", "drawn_variate", "first_variate", "rewired"]


def ancestors(roots: Iterable[Quantity]) -> list[Quantity]:
    """The roots and all they depend on, each after its operands (depth first)."""
    done: set[Quantity] = set()
    order: list[Quantity] = []
    for root in roots:
        stack = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in done:
                done.add(node)
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(node.operands))
    return order


def consumers(order: Iterable[Quantity]) -> dict[Quantity, list[Quantity]]:
    """For each quantity, those that use it directly (once per use)."""
    users: dict[Quantity, list[Quantity]] = {}
    for node in order:
        users.setdefault(node, [])
        for child in node.operands:
            users.setdefault(child, []).append(node)
    return users


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
        operands = tuple(new[child] for child in node.operands)
        if all(a is b for a, b in zip(operands, node.operands, strict=True)):
            new[node] = node
        else:
            assert not isinstance(node.operation, Constant | Variate)
            axes = node.operation.axes([operand.axes for operand in operands])
            new[node] = replace(node, operands=operands, axes=axes)
    return new


def first_variate(number: Quantity) -> Quantity:
    """The variate that owns a random number, which others may be part of (see `scores`)."""
    while not isinstance(number.operation, Variate):
        number = number.operands[0]
    return number


def drawn_variate(node: Quantity) -> Quantity | None:
    """The variate of a draw, also behind conversions into another unit; None for all else."""
    while isinstance(node.operation, Convert):
        node = node.operands[0]
    return node.variate
