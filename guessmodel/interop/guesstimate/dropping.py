"""Which cells of a sheet may drop draws, and where that would not be passed on by itself.

In Guesstimate a draw that any input drops is dropped. Here what is not chosen plays no part: the
other branch of a condition, the other scenarios.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from guessmodel.interop.guesstimate.formulas import Applied, Items, Node, Reference
from guessmodel.interop.guesstimate.sheet import Entry

__all__ = ["dropping", "drops_itself", "hidden_in_choices"]

_FILTERS = frozenset({"filterLessThan", "filterGreaterThan", "filterBetween"})
_PAYBACK = frozenset({"PP"})  # of cash flows that never pay back there is none


def drops_itself(entry: Entry) -> bool:
    """Whether the formula of a cell leaves draws without a value on purpose."""
    nodes = () if entry.node is None else _nodes(entry.node)
    return any(isinstance(node, Applied) and node.name in _FILTERS | _PAYBACK for node in nodes)


def dropping(entries: Iterable[Entry]) -> frozenset[str]:
    """Ids of the cells that may drop draws; entries follow those that they use."""
    found: set[str] = set()
    for entry in entries:
        if drops_itself(entry) or not found.isdisjoint(entry.inputs):
            found.add(entry.cell.id)
    return frozenset(found)


def hidden_in_choices(node: Node, cells: Set[str]) -> tuple[str, ...]:
    """Which of some cells stand where a choice may pass them over, in order of appearance."""
    found: list[str] = []
    for each in _nodes(node):
        if isinstance(each, Applied) and each.name in ("?:", "scenarios", "pickRandom"):
            parts = each.arguments[1:] if each.name == "?:" else each.arguments[:1]
            inside = (n for part in parts for n in _nodes(part) if isinstance(n, Reference))
            found += [n.cell for n in inside if n.cell in cells]
    return tuple(dict.fromkeys(found))


def _nodes(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Applied):
            stack.extend(reversed(node.arguments))
        elif isinstance(node, Items):
            stack.extend(reversed(node.items))
