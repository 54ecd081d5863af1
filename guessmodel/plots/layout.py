"""Layered layout of the graph of a model: who stands where, and how the edges run.

The layers, the order within them and the coordinates are those of fast-sugiyama (network simplex,
crossing minimisation, Brandes and Köpf (2001), "Fast and simple horizontal coordinate assignment").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from fast_sugiyama import from_edges

__all__ = ["Layout", "Place", "layered"]

Place = tuple[int, float]  # layer, position within it
_COLUMNS = 4  # columns of nodes without edges, where no layers give their number


@final
@dataclass(frozen=True, slots=True)
class Layout:
    """Layer (from 0) and position within it (in steps, from 0) of each node, and the edges: from,
    to, and the gaps between nodes through which the edge passes."""

    nodes: tuple[Place, ...]
    edges: tuple[tuple[int, int, tuple[Place, ...]], ...]

    @property
    def layers(self) -> int:
        """Number of layers."""
        return 1 + max((layer for layer, _ in self.nodes), default=-1)


def layered(count: int, edges: Sequence[tuple[int, int]]) -> Layout:
    """Layout of an acyclic graph of nodes 0 to count - 1.

    Parts that are not connected stand below one another, and nodes without any edge in rows
    beneath them.
    """
    unique = sorted(set(edges))
    places: dict[int, Place] = {}
    routes: dict[tuple[int, int], tuple[Place, ...]] = {}
    top = 0.0
    for part in _connected(unique):
        joined = sorted({node for edge in part for node in edge})
        number = {node: i for i, node in enumerate(joined)}
        known, chains = _placed([(number[a], number[b]) for a, b in part], len(joined))
        places |= {joined[i]: (layer, top + at) for i, (layer, at) in known.items()}
        for (a, b), gaps in chains.items():
            routes[joined[a], joined[b]] = tuple((layer, top + at) for layer, at in gaps)
        reached = [at for _, at in known.values()] + [at for g in chains.values() for _, at in g]
        top += max(reached) + 1.0
    columns = 1 + max((layer for layer, _ in places.values()), default=_COLUMNS - 1)
    alone = [node for node in range(count) if node not in places]
    for i, node in enumerate(alone):
        places[node] = (i % columns, top + i // columns)
    return Layout(
        tuple(places[node] for node in range(count)),
        tuple((a, b, routes[a, b]) for a, b in unique),
    )


def _connected(edges: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The edges of each connected part, that of the first node first."""
    part: dict[int, int] = {}  # node -> a node of the same connected part

    def root(node: int) -> int:
        while part.setdefault(node, node) != node:
            node = part[node]
        return node

    for a, b in edges:
        first, second = sorted((root(a), root(b)))
        part[second] = first
    found: dict[int, list[tuple[int, int]]] = {}
    for edge in edges:
        found.setdefault(root(edge[0]), []).append(edge)
    return [found[node] for node in sorted(found)]


def _placed(
    edges: list[tuple[int, int]], count: int
) -> tuple[dict[int, Place], dict[tuple[int, int], tuple[Place, ...]]]:
    """Of a connected part: places of its nodes 0 to count - 1, and the gaps that each edge runs
    through. (Of several parts at once the library numbers the gaps of one like nodes of another.)
    """
    [(positions, _, _, segments)] = from_edges(
        edges,
        minimum_length=1,
        vertex_spacing=1.0,
        dummy_vertices=True,
        dummy_size=1.0,
        ranking_type="minimize",
    )
    last = max(y for _, (_, y) in positions)
    first = min(x for _, (x, _) in positions)
    places = {int(node): (round(last - y), x - first) for node, (x, y) in positions}
    after: dict[int, list[int]] = {}
    for a, b in segments or ():
        after.setdefault(int(a), []).append(int(b))
    chains = {}
    for start in range(count):
        for node in sorted(after.get(start, [])):
            gaps = []
            while node >= count:  # a gap, not a node
                gaps.append(places[node])
                node = after[node][0]
            chains[start, node] = tuple(gaps)
    return {node: place for node, place in places.items() if node < count}, chains
