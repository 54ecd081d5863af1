"""Random graphs against plain NumPy: no statistic disagrees beyond both errors."""

from __future__ import annotations

import pytest
from numpy_graphs import Case, Graph, check, noticed, without_labels

GRAPHS = 300


def random_graph(seed: int) -> list[Case]:
    """The last node and a comparison of a random graph, both without labels."""
    graph = Graph(seed)
    graph.draw_inputs(1, 3)
    if graph.rng.random() < 0.3:
        graph.labelled()
    graph.take_steps({"unary": 0.35, "binary": 0.4, "where": 0.15, "reduced": 0.1}, 1, 6)
    return [without_labels(case) for case in (graph.nodes[-1], graph.compared())]


@pytest.mark.parametrize("first", range(0, GRAPHS, 50))
def test_random_graphs(first: int) -> None:
    check(random_graph, range(first, first + 50))


def test_a_wrong_answer_is_noticed() -> None:
    assert noticed(random_graph, range(60)) >= 20
