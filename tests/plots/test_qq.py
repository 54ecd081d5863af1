"""Q–Q plots."""

import numpy as np

import guessmodel as gm
from guessmodel.plots import qq
from guessmodel.plots.qq import qq_in_words

DATA = [3.0, 1.0, 2.0, 5.0, 9.0]
FIT = gm.fit(DATA, ["normal", "gamma"], unit="USD")


def test_values_stand_above_quantiles_of_their_ranks() -> None:
    ax = qq(FIT, "normal")
    line, points = ax.lines
    assert list(points.get_ydata()) == sorted(DATA)
    expected = FIT["normal"].distribution.ppf(np.array([0.1, 0.3, 0.5, 0.7, 0.9]))
    assert np.allclose(points.get_xdata(), expected)
    assert np.array_equal(line.get_xdata(), line.get_ydata())
    assert ax.get_xlabel() == "quantile of normal [USD]"
    assert "5 values against gamma" in qq_in_words(FIT)
