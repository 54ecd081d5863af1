"""Where turns are taken, by label and draw; against the comparison itself."""

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.engine.margins import Margin
from guessmodel.engine.run import run_plan
from guessmodel.engine.taken import Taken, draws_of
from guessmodel.engine.turns import turns_of
from guessmodel.estimators.program import program_of

LABELS = ["a", "b", "c"]
N = 1 << 10


@pytest.fixture(scope="module")
def beyond() -> tuple[Taken, np.ndarray]:
    """Where draws are beyond limits that few reach, as it is told and as it is: (labels, draws)."""
    far = gm.constant({"a": 3.2, "b": 3.5, "c": 3.0}, dim="i")
    hit = gm.normal(mean=0, sd=1, dim={"i": LABELS}) + gm.normal(mean=0, sd=1) > far
    model = gm.Model(y=hit)
    (turn,) = turns_of([hit])
    plan = program_of(model).compiled({f"{k}": node for k, node in enumerate(turn.needed)})
    points = plan.points("sobol", N, 0)
    whole = program_of(model).plan(["y"])
    draws, _ = run_plan(whole, whole.points("sobol", N, 0))

    def of(margin_of: int) -> Margin:
        values, _ = run_plan(plan, points)
        numbers = {node: values[f"{k}"] for k, node in enumerate(turn.needed)}
        margin = Margin.of(turn, numbers.__getitem__, 0.25)
        assert margin is not None
        return margin

    margin = of(0)
    taken = Taken.of(margin, draws_of(margin, plan, points), (points.replicates, points.size))
    return taken, draws["y"] == 1.0


def test_where_it_is_taken(beyond: tuple[Taken, np.ndarray]) -> None:
    taken, true = beyond
    assert 0 < true.sum() < 0.1 * true.size
    assert np.array_equal(taken.times(), true.sum(axis=1))
    for labels in ([True, False, True], [False, True, False], [False] * 3):
        some = np.array(labels)
        assert np.array_equal(taken.at(some).ravel(), true[some].any(axis=0))


def test_how_many_draws_tell() -> None:
    """As many as there are, of equal weights that are spread evenly; where all lie in one replicate
    of eight, 8 m² / s² = 1."""
    draw = np.arange(0, 800, 10)
    label = np.zeros(draw.size, dtype=np.intp)
    even = Taken(label, draw, (8, 100), 2)
    assert even.telling(np.ones((8, 100))) == pytest.approx([80, 0])
    one = Taken(label, np.arange(80), (8, 100), 2)
    assert one.telling(np.ones((8, 100))) == pytest.approx([1, 0])
    weights = np.ones((8, 100))
    weights[:, 0] = 1000.0  # one of each replicate: eight that count
    assert even.telling(weights)[0] == pytest.approx(8, rel=0.05)
