"""Layers of a graph."""

from itertools import combinations, pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guessmodel.plots.layout import compacted, layered

graphs = st.integers(1, 25).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.lists(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] < e[1]),
            max_size=60,
        ),
    )
)


@given(graphs)
@example((6, [(0, 5), (1, 2), (1, 3), (1, 4), (2, 3), (2, 4)]))  # two parts, one with gaps
def test_edges_run_forward_and_nothing_stands_on_another(
    graph: tuple[int, list[tuple[int, int]]],
) -> None:
    count, edges = graph
    layout = layered(count, edges)
    assert len(layout.nodes) == count
    assert {(a, b) for a, b, _ in layout.edges} == set(edges)
    for start, end, gaps in layout.edges:
        layers = [layout.nodes[start][0], *(layer for layer, _ in gaps), layout.nodes[end][0]]
        assert layers == list(range(layers[0], layers[0] + len(layers)))
    taken = [*layout.nodes, *(gap for _, _, gaps in layout.edges for gap in gaps)]
    for (layer, at), (other, there) in combinations(taken, 2):
        assert layer != other or abs(at - there) > 0.99


def test_inputs_stand_beside_what_uses_them() -> None:
    """0 -> 1 -> 2 -> 3, and 4, which only 3 uses."""
    layout = layered(5, [(0, 1), (1, 2), (2, 3), (4, 3)])
    assert [layer for layer, _ in layout.nodes] == [0, 1, 2, 3, 2]


def test_parts_stand_below_one_another_and_single_nodes_last() -> None:
    layout = layered(6, [(0, 1), (2, 3)])
    rows = [at for _, at in layout.nodes]
    assert rows[0] != rows[2]
    assert min(rows[4], rows[5]) > max(rows[:4])


def test_no_edges_at_all() -> None:
    assert layered(3, []).nodes == ((0, 0.0), (1, 0.0), (2, 0.0))
    assert layered(0, []).layers == 0


@given(graphs)
def test_compacted_keeps_the_order_and_nothing_overlaps(
    graph: tuple[int, list[tuple[int, int]]],
) -> None:
    layout = layered(*graph)
    closer = compacted(layout)
    assert [layer for layer, _ in closer.nodes] == [layer for layer, _ in layout.nodes]
    for layer in range(layout.layers):
        before, after = (
            [(at, 1.0) for on, at in each.nodes if on == layer]
            + [(at, 0.3) for *_, gaps in each.edges for on, at in gaps if on == layer]
            for each in (layout, closer)
        )
        order = sorted(range(len(before)), key=lambda i: before[i][0])
        for i, j in pairwise(order):
            assert after[j][0] - after[i][0] >= (after[i][1] + after[j][1]) / 2.0 - 1e-9
    # All of it is as high as the fullest layer.
    heights = [0.0] * layout.layers
    for layer, _ in layout.nodes:
        heights[layer] += 1.0
    for *_, gaps in layout.edges:
        for layer, _ in gaps:
            heights[layer] += 0.3
    places = [at for _, at in closer.nodes]
    assert min(places) >= -1e-9 and max(places) + 1.0 <= max(heights) + 1e-9


def test_a_node_stands_at_the_mean_of_its_neighbours_where_there_is_room() -> None:
    closer = compacted(layered(4, [(0, 3), (1, 3), (2, 3)]))
    assert closer.nodes[3][1] == pytest.approx(sum(at for _, at in closer.nodes[:3]) / 3)
