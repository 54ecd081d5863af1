"""Graphs between two versions of a model: some names defined as in the new one, the rest as in the
old one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final, final

from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import depth_first, with_operands

__all__ = ["Hybrids"]

_OLD: Final = 0
_NEW: Final = 1
_Node = tuple[int, Quantity]  # the version that a node is from, and the node


@final
class Hybrids:
    """The quantities of two versions, by names that they share. Parts that hybrids have in common
    are one object, so that they are computed once.

    Parameters
    ----------
    old, new : the quantities of both versions by name
    edited : names whose definition differs; the others are taken from the old version
    made : called with each node that is made, and the one that it is made from, and its version
    """

    def __init__(
        self,
        old: Mapping[str, Quantity],
        new: Mapping[str, Quantity],
        edited: Collection[str],
        made: Callable[[Quantity, Quantity, int], None],
    ) -> None:
        self._named = (old, new)
        self._names = tuple({node: name for name, node in each.items()} for each in (old, new))
        self._edited = frozenset(edited)
        self._made = made
        self._known: dict[tuple[Quantity, tuple[Quantity, ...]], Quantity] = {}

    def of(self, name: str, chosen: Collection[str]) -> Quantity:
        """The quantity of a name where the `chosen` edits are made, and no others.

        Raises DimensionError where labels do not fit. No cycle may close (see `analysis`).
        """
        chosen = frozenset(chosen)
        root = self._source(_OLD, name, chosen)
        built: dict[_Node, Quantity] = {}
        for source in depth_first([root], lambda each: self._operands(each, chosen)):
            version, node = source
            operands = tuple(built[each] for each in self._operands(source, chosen))
            built[source] = self._rebuilt(version, node, operands)
        return built[root]

    def _rebuilt(self, version: int, node: Quantity, operands: tuple[Quantity, ...]) -> Quantity:
        key = node, operands
        if key not in self._known:
            new = node
            if any(a is not b for a, b in zip(operands, node.operands, strict=True)):
                new = with_operands(node, operands)
            self._known[key] = new
            self._made(new, node, version)
        return self._known[key]

    def _operands(self, source: _Node, chosen: frozenset[str]) -> list[_Node]:
        version, node = source
        named = [(operand, self._names[version].get(operand)) for operand in node.operands]
        return [
            (version, operand) if name is None else self._source(version, name, chosen)
            for operand, name in named
        ]

    def _source(self, version: int, name: str, chosen: frozenset[str]) -> _Node:
        old, new = self._named
        if name in old and name in new:
            version = _NEW if name in self._edited and name in chosen else _OLD
        return version, self._named[version][name]
