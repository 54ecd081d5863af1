"""Layered layout of the graph of a model: who stands where, and how the edges run.

The layers, the order within them and the coordinates are those of fast-sugiyama (network simplex,
crossing minimisation, Brandes and Köpf (2001), "Fast and simple horizontal coordinate assignment").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import final

from fast_sugiyama import from_edges

__all__ = ["Layout", "Place", "compacted", "layered"]

Place = tuple[int, float]  # layer, position within it
_SWEEPS = 16
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
    """The layout of a connected part: places of its nodes 0 to count - 1, and the gaps that each
    edge runs through. (Of several parts at once the library numbers the gaps of one like nodes of
    another.)"""
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


# --- closer together ------------------------------------------------------------------------------


def compacted(layout: Layout, gap: float = 0.3) -> Layout:
    """The same layers in the same order, as high as the fullest of them: a gap that an edge runs
    through takes `gap` of a step. Each node stands as near to the mean of its neighbours as the
    order allows, by turns from either side.
    """
    nodes = list(layout.nodes)
    heights = [1.0] * len(nodes)
    chains: list[list[int]] = []
    for a, b, gaps in layout.edges:
        chain = [a, *range(len(nodes), len(nodes) + len(gaps)), b]
        nodes += gaps
        heights += [gap] * len(gaps)
        chains.append(chain)
    layers: list[list[int]] = [[] for _ in range(layout.layers)]
    for i in sorted(range(len(nodes)), key=lambda i: nodes[i][1]):
        layers[nodes[i][0]].append(i)
    beside: list[tuple[list[int], list[int]]] = [([], []) for _ in nodes]
    for chain in chains:
        for a, b in pairwise(chain):
            beside[b][0].append(a)
            beside[a][1].append(b)
    top = max((sum(heights[i] for i in layer) for layer in layers), default=0.0)
    at = [0.0] * len(nodes)
    for layer in layers:
        free = (top - sum(heights[i] for i in layer)) / 2.0
        for i in layer:
            at[i] = free + heights[i] / 2.0
            free += heights[i]
    for sweep in range(_SWEEPS):
        side = sweep % 2
        for layer in layers if side == 0 else reversed(layers):
            wanted = [
                sum(at[j] for j in near) / len(near) if (near := beside[i][side]) else at[i]
                for i in layer
            ]
            places = _apart(wanted, [heights[i] for i in layer], top)
            for i, place in zip(layer, places, strict=True):
                at[i] = place
    placed = [(layer, at[i] - 0.5) for i, (layer, _) in enumerate(nodes)]
    return Layout(
        tuple(placed[: len(layout.nodes)]),
        tuple(
            (a, b, tuple(placed[i] for i in chain[1:-1]))
            for (a, b, _), chain in zip(layout.edges, chains, strict=True)
        ),
    )


def _apart(wanted: Sequence[float], heights: Sequence[float], top: float) -> list[float]:
    """Middles of things in this order within 0 and `top` that do not overlap, as near as can be to
    what is wanted (pool adjacent violators)."""
    before = [0.0, *accumulate((a + b) / 2.0 for a, b in pairwise(heights))]
    blocks: list[tuple[float, int]] = []  # means of what is wanted, and of how many
    for place, offset in zip(wanted, before, strict=False):
        mean, count = place - offset, 1
        while blocks and blocks[-1][0] >= mean:
            other, more = blocks.pop()
            mean, count = (mean * count + other * more) / (count + more), count + more
        blocks.append((mean, count))
    low, high = heights[0] / 2.0, top - before[-1] - heights[-1] / 2.0
    starts = [min(max(mean, low), high) for mean, count in blocks for _ in range(count)]
    return [start + offset for start, offset in zip(starts, before, strict=False)]
