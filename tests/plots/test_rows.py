"""Rows of names: how many are shown, and where what is written beside them stands."""

import math

import numpy as np
import pytest

from guessmodel.errors import UsageError
from guessmodel.plots.rows import beside, checked_most, new_rows, put_in_rows


@pytest.mark.parametrize("most", [1, 3.0, np.int64(7)])
def test_a_number_of_rows(most: float) -> None:
    found = checked_most(most, "bars")
    assert found == most and isinstance(found, int)


@pytest.mark.parametrize("most", [0, -1, 1.5, math.nan, "3", None, True])
def test_what_is_no_number_of_rows(most: object) -> None:
    with pytest.raises(UsageError) as caught:
        checked_most(most, "bars")  # type: ignore[arg-type]
    assert caught.value.message == f"most is a number of bars, not {most!r}"


def test_names_have_room_and_the_first_is_on_top() -> None:
    names = ["short", "a name that is longer than the other one"]
    ax = new_rows(names, "light", width=3.0, bottom=0.5)
    put_in_rows(ax, names, 0.0, 10.0, (0.5, 1.0))
    assert ax.get_xlim() == (-0.5, 11.0)
    assert [label.get_text() for label in ax.get_yticklabels()] == names
    top, bottom = (ax.transData.transform((0.0, row))[1] for row in (0, 1))
    assert top > bottom
    assert ax.get_position().width * ax.figure.get_size_inches()[0] == pytest.approx(3.0)
    assert min(label.get_window_extent().x0 for label in ax.get_yticklabels()) > 0.0


def test_text_stands_beside_a_value_or_the_axes() -> None:
    ax = new_rows(["a"], "light", width=3.0, bottom=0.5, right=1.0)
    put_in_rows(ax, ["a"], 0.0, 10.0, (0.0, 0.0))
    beside(ax, 0, 5.0, "left", right=False)
    beside(ax, 0, 1.0, "$right", right=True, inside=False)
    left, right = (text.get_window_extent() for text in ax.texts)
    assert left.x1 < ax.transData.transform((5.0, 0.0))[0]
    assert right.x0 > ax.get_window_extent().x1
