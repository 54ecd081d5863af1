"""What it would take, as a picture."""

import numpy as np
import pytest
from matplotlib.container import ErrorbarContainer
from matplotlib.patches import Rectangle

import guessmodel as gm
from guessmodel.errors import UsageError
from guessmodel.plots.seek import seek_in_words

PRICE, CUPS = gm.constant(3, "USD"), gm.normal(mean=100, sd=10)
MODEL = gm.Model(price=PRICE, cups=CUPS, profit=PRICE * CUPS - gm.constant(600, "USD"))


def test_the_points_the_target_and_where_it_is_met() -> None:
    """The mean is 100 times the price less 600 USD: 0 at 6."""
    found = MODEL.seek("profit", "mean", 0, by="price", between=(1, 21), n=1024)
    ax = gm.plots.seek(found)
    points, crossing, target = ax.get_lines()
    assert points.get_linestyle() == "None"  # between them nothing was looked at
    xs, ys = np.asarray(points.get_data(), dtype=float)
    assert ys == pytest.approx(100 * xs - 600, rel=1e-6, abs=1e-3)
    assert np.all(np.diff(xs) > 0)
    assert xs.min() <= 3
    assert 9 <= xs.max() <= 10
    assert np.ravel(crossing.get_data()) == pytest.approx([6, 0], rel=1e-6, abs=1e-9)
    assert list(target.get_ydata()) == [0, 0]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("price [USD]", "mean of profit [USD]")
    assert seek_in_words(found) == ("The mean of profit against price, as points. 0 USD at 6 USD.")


def test_errors_are_bars_and_where_it_is_met_lies_in_a_band() -> None:
    """The probability of a profit is that of more than 600 / price cups."""
    wins = gm.Model(price=PRICE, cups=CUPS, win=gm.constant(600, "USD") < PRICE * CUPS)
    found = wins.seek("win", "probability", "50%", by="price", between=(5, 7), n=1024)
    ax = gm.plots.seek(found)
    looked = [e for x, e in found.looked if ax.get_xlim()[0] <= x <= ax.get_xlim()[1]]
    (bars,) = (each for each in ax.containers if isinstance(each, ErrorbarContainer))
    (segments,) = bars.lines[2]
    spans = [sorted(path[:, 1]) for path in segments.get_segments()]
    assert np.ravel(spans) == pytest.approx(np.ravel([(e.low, e.high) for e in looked]))
    (band,) = ax.patches
    assert isinstance(band, Rectangle)
    (crossing,) = found.found
    ends = [band.get_x(), band.get_x() + band.get_width()]
    assert ends == pytest.approx([crossing.value.low, crossing.value.high])
    ax.figure.draw_without_rendering()
    assert "40%" in [text.get_text() for text in ax.get_yticklabels()]
    assert seek_in_words(found).endswith("50% at 6 USD.")


def test_scenarios_have_a_line_each() -> None:
    many = gm.scenario("many", {CUPS: gm.normal(mean=200, sd=10)})
    none = gm.scenario("none", {CUPS: 0})
    found = MODEL.seek("profit", "mean", 0, by="price", scenarios=[many, none], n=1024)
    ax = gm.plots.seek(found)
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["base", "many", "none"]
    assert "base: 0 USD at 6 USD; many: 0 USD at 3 USD; none: nowhere" in seek_in_words(found)


def test_without_a_crossing_all_that_was_searched_is_shown() -> None:
    found = MODEL.seek("profit", "mean", 1e6, by="price", between=(1, 5), n=64)
    assert gm.plots.seek(found).get_xlim() == (1, 5)
    assert "nowhere on target" in seek_in_words(found)


def test_a_curve_of_no_points_is_refused() -> None:
    root = gm.Model(price=PRICE, out=(gm.constant(0.0) * PRICE / gm.constant(1, "USD") + CUPS))
    found = root.seek("out", "mean", 100, by="price", between=(1, 5), n=64)
    empty = type(found)(**{f: getattr(found, f) for f in found.__slots__} | {"looked": ()})
    with pytest.raises(UsageError, match="no picture: too few values of price have a mean"):
        gm.plots.seek(empty)
