"""Random graphs against plain NumPy: no statistic disagrees beyond both errors."""

from __future__ import annotations

import pytest
from numpy_graphs import Case, Graph, check, noticed, without_labels

GRAPHS = 300


def random_graph(seed: int) -> list[Case]:
    """The last node and a comparison of a random graph, both without labels."""
    graph = Graph(seed)
    rng = graph.rng
    for _ in range(rng.integers(1, 4)):
        (graph.continuous if rng.random() < 0.6 else graph.discrete)()
    if rng.random() < 0.3:
        graph.labelled()
    for _ in range(rng.integers(1, 7)):
        step = rng.choice(["unary", "binary", "where", "reduced"], p=(0.35, 0.4, 0.15, 0.1))
        getattr(graph, step)()
    cases = [graph.nodes[-1], graph.compared()]
    return [without_labels(case) for case in cases]


@pytest.mark.parametrize("first", range(0, GRAPHS, 50))
def test_random_graphs(first: int) -> None:
    check(random_graph, range(first, first + 50))


def test_a_wrong_answer_is_noticed() -> None:
    assert noticed(random_graph, range(60)) >= 20
