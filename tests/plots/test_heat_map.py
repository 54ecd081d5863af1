"""Means along two dimensions."""

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError

PRICE, COUNT = gm.constant(3, "USD"), gm.constant(2)
MODEL = gm.Model(price=PRICE, count=COUNT, cost=PRICE * COUNT * gm.normal(mean=1, sd=0.1))


def test_the_cells_are_the_means_at_each_pair() -> None:
    swept = MODEL.sweep({"price": [1, 2, 4], "count": [5, 7]}, n=1024)
    ax = gm.plots.heat_map(swept.result)
    (cells,) = ax.collections
    shown = np.asarray(cells.get_array()).reshape(2, 3)
    assert shown == pytest.approx(np.outer([5, 7], [1, 2, 4]))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "2", "4"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["5", "7"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("price", "count")


def test_other_dimensions_are_refused() -> None:
    with pytest.raises(DimensionError, match="two dimensions with numbers as labels.*has price"):
        gm.plots.heat_map(MODEL.sweep({"price": [1, 2]}, n=1024).result)
