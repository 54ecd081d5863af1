"""The named quantities of a model and what each is computed from: the content of its picture."""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal, final

from guessmodel.graph.naming import written_once
from guessmodel.graph.quantity import Quantile, Quantity
from guessmodel.graph.traversal import ancestors, nearest
from guessmodel.model.model import Model

__all__ = ["Network", "Node", "Role", "network_of"]

Role = Literal["constant", "draw", "derived", "output"]


@final
@dataclass(frozen=True, slots=True)
class Node:
    """A quantity in the picture."""

    name: str
    role: Role
    own: bool  # defined in the model's own file
    named: bool = True


@final
@dataclass(frozen=True, slots=True)
class Network:
    """Nodes in the order of the model, and edges from operand to user, by position."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int], ...]

    def named(self, role: Role) -> list[str]:
        """Names of the nodes of a role."""
        return [node.name for node in self.nodes if node.role == role]


def network_of(model: Model, names: Sequence[str] = (), *, everything: bool = False) -> Network:
    """Named quantities and unnamed draws; the unnamed steps between them are left out.

    With names, only these and what they depend on. Of other files' quantities only those that
    the model's own use directly, unless everything is wanted. Raises UsageError for an unknown
    name.
    """
    wanted = [model.find(name) for name in names]
    titles: dict[Quantity, str] = {}
    for name, quantity in model.quantities.items():
        titles.setdefault(quantity, name)
    roots = [model.quantities[name] for name in wanted] or list(titles)
    reached = ancestors(roots)
    visible = dict.fromkeys(q for q in reached if q in titles or isinstance(q.operation, Quantile))
    sources = {q: nearest(q, visible) for q in visible}
    visible, sources = _written_once(visible, sources, titles)
    if not everything:
        own = {q for q, name in titles.items() if model.entries[name].own} | set(
            roots[: len(wanted)]
        )
        unnamed = {s for q in visible if q in own for s in sources[q] if s not in titles}
        inside = {q for q in visible if q in own or q in unnamed}
        visible = dict.fromkeys([*inside, *(s for q in inside for s in sources[q])])
        sources = {q: sources[q] if q in inside else [] for q in visible}
    shown = sorted(visible, key=lambda q: q.serial)
    place = {quantity: i for i, quantity in enumerate(shown)}
    outputs = set(wanted or model.outputs)
    nodes = tuple(_node(model, quantity, titles.get(quantity), outputs) for quantity in shown)
    edges = [(place[s], place[q]) for q in shown for s in sources[q]]
    return Network(nodes, tuple(edges))


def _written_once(
    visible: Iterable[Quantity],
    sources: Mapping[Quantity, Sequence[Quantity]],
    titles: Container[Quantity],
) -> tuple[dict[Quantity, None], dict[Quantity, list[Quantity]]]:
    """Draws that are written once, in the step of a recurrence: one for all labels."""
    first: dict[Hashable, Quantity] = {}
    one: dict[Quantity, Quantity] = {}
    joined: dict[Quantity, dict[Quantity, None]] = {}
    for node in visible:
        one[node] = node
        if node.variate is not None and node not in titles:
            group = written_once(node.variate)
            if group is not node.variate:
                one[node] = first.setdefault((group, node.location), node)
    for node in visible:
        found = joined.setdefault(one[node], {})
        found |= {one[each]: None for each in sources[node] if one[each] is not one[node]}
    return dict.fromkeys(joined), {node: list(found) for node, found in joined.items()}


def _node(model: Model, quantity: Quantity, title: str | None, outputs: Set[str]) -> Node:
    if title is None:
        assert isinstance(quantity.operation, Quantile)
        return Node(quantity.name or quantity.operation.family.name, "draw", True, False)
    kind = quantity.kind
    role: Role = "constant" if kind == "constant" else "draw" if kind == "draw" else "derived"
    if role == "derived" and title in outputs:
        role = "output"
    return Node(title, role, model.entries[title].own)
