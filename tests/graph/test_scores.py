"""Normal scores that are made of others: weights, labels, axes."""

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError
from guessmodel.graph.coordinates import Element, scores_of, variates_of
from guessmodel.graph.dims import Dim
from guessmodel.graph.operation import LabelledAxes
from guessmodel.graph.scores import ScoreCorrelation, ScoresAlong, WeightedScores

MONTHS = LabelledAxes((Dim("month", (1, 2, 3)),), None)
Z = np.random.default_rng(0).normal(size=(3, 50))


def evaluated(operation: ScoresAlong) -> np.ndarray:
    out = np.empty_like(Z)
    operation.evaluate([Z], [MONTHS], out)
    return out


def test_a_coefficient_is_the_matrix_of_an_autoregressive_process() -> None:
    """Cholesky of φ^|i-j|, and the row at each label is what its weights say."""
    powers = 0.6 ** np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
    lower = np.linalg.cholesky(powers)
    rows = tuple(tuple(row[: i + 1].tolist()) for i, row in enumerate(lower))
    by_rows, by_coefficient = ScoresAlong("month", rows), ScoresAlong("month", ar1=0.6)
    assert evaluated(by_rows) == pytest.approx(lower @ Z, abs=1e-12)
    assert evaluated(by_coefficient) == pytest.approx(lower @ Z, abs=1e-12)
    for label in range(3):
        assert by_coefficient.weights(label) == pytest.approx(lower[label, : label + 1])


def test_labels_that_do_not_fit_are_an_error() -> None:
    with pytest.raises(DimensionError, match="'month' has 3 labels, and correlations of 2"):
        ScoresAlong("month", ((1.0,), (0.6, 0.8))).axes([MONTHS])


def test_weighted_scores_are_a_sum() -> None:
    out = np.empty_like(Z)
    weights = [np.full((3, 1), 0.6), np.full((3, 1), 0.8)]
    WeightedScores().evaluate([Z, Z[::-1], *weights], [MONTHS] * 4, out)
    assert out == pytest.approx(0.6 * Z + 0.8 * Z[::-1])


def test_a_rank_beyond_one_is_no_number() -> None:
    out = np.empty(3)
    ScoreCorrelation().evaluate([np.array([1.0, -1.0, 1.1])], [LabelledAxes((), None)], out)
    assert out.tolist()[:2] == [1.0, -1.0]
    assert np.isnan(out[2])


def test_what_a_draw_is_made_of_at_a_label() -> None:
    draw = gm.normal(1, 2, dim={"month": range(3)})
    other = gm.gamma(1, 3)
    rho = gm.uniform(0.1, 0.4)
    months = gm.correlate(draw, along="month", ar1=0.5)
    number = Element(months.operands[0], (1,))
    assert [element.position for element, _ in scores_of(number)] == [(0,), (1,)]
    assert {element.position for element in variates_of(number)} == {(0,), (1,)}
    _, pair = gm.correlate([other, gm.normal(1, 2)], rank=rho)
    behind = {element.node for element in variates_of(Element(pair.operands[0], ()))}
    assert behind == {pair.variate, other.variate, rho.variate}
