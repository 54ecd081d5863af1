"""Several quantities against each other."""

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import GuessmodelError
from guessmodel.plots import scatter_matrix, svg
from guessmodel.plots.scatter_matrix import scatter_matrix_in_words

A, B = gm.correlate([gm.normal(1, 2, "USD"), gm.lognormal(1, 1000)], rank=0.8)
ROWS = gm.normal({"x": (1, 2), "y": (2, 5)}, dim="case")
MODEL = gm.Model(a=A, b=B, total=A * B, rows=ROWS, best=ROWS.idxmax("case"))
RUN = MODEL.sample(4096)
THREE = RUN["a"], RUN["b"], RUN["total"]


def test_each_pair_has_points_and_a_correlation() -> None:
    figure = scatter_matrix(*THREE)
    grid = np.array(figure.axes, dtype=object).reshape(3, 3)
    (points,) = grid[2, 0].lines
    x, y = np.array(points.get_xdata()), np.array(points.get_ydata())
    assert len(x) == 600
    a, total = RUN["a"].values, RUN["total"].values
    where = {value: k for k, value in enumerate(a.tolist())}
    assert total[[where[each] for each in x.tolist()]].tolist() == y.tolist()
    shown = grid[0, 1].texts[0].get_text()
    assert float(shown.split(" ")[0]) == pytest.approx(0.8, abs=0.01)
    assert grid[2, 0].get_xlabel() == "a [USD]"
    assert grid[1, 0].get_ylabel() == "b"
    assert grid[1, 0].get_yscale() == "log"
    assert not grid[0, 2].axison


def test_the_words_say_what_the_picture_shows() -> None:
    words = scatter_matrix_in_words(*THREE)
    assert words.startswith("Scatter matrix. Spearman rank correlation of a and b 0.")
    assert words.count(";") == 2


def test_the_same_picture_has_the_same_bytes() -> None:
    assert svg(scatter_matrix(*THREE)) == svg(scatter_matrix(*THREE))


def test_what_is_refused() -> None:
    other = MODEL.sample(2048)
    for results, text in (
        (THREE[:1], "shows 2 to 8 quantities, not 1"),
        ((*THREE, RUN["rows"]), "shows no labels, and 'rows' has case: 2"),
        ((*THREE, RUN["best"]), "'best' is a category"),
        ((*THREE, other["a"]), "are of different runs"),
    ):
        with pytest.raises(GuessmodelError, match=text):
            scatter_matrix(*results)
