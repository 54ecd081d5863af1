"""The picture of a sweep."""

import guessmodel as gm
from guessmodel.plots.sweep import sweep_in_words

PRICE, CUPS = gm.constant(3, "USD"), gm.normal(90, 110)
FEE = gm.constant({"a": 1, "b": 2}, "USD", dim="case")
MODEL = gm.Model(price=PRICE, cups=CUPS, fee=FEE, sales=PRICE * CUPS, profit=PRICE * CUPS - FEE)


def test_a_fan_over_one_input() -> None:
    """The median is 100 times the price, the 5th and 95th percentile 90 and 110 times."""
    swept = MODEL.sweep({"price": [1, 2]}, "sales", n=1024)
    (ax,) = gm.plots.sweep(swept).axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("price [USD]", "sales [USD]")
    assert list(ax.get_lines()[0].get_ydata()) == [100, 200]
    assert sweep_in_words(swept) == (
        "sales in USD along price. at 1: median 100, 90% interval 90 to 110; "
        "at 2: median 200, 90% interval 180 to 220."
    )


def test_a_panel_for_each_label() -> None:
    swept = MODEL.sweep({"price": [1, 2]}, "profit", n=1024)
    figure = gm.plots.sweep(swept)
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["a", "b"]
    assert "price [USD]" in [text.get_text() for text in figure.texts]
    assert sweep_in_words(swept).startswith("profit in USD by ")


def test_a_heat_map_over_two_inputs() -> None:
    swept = MODEL.sweep({"price": [1, 2], "cups": [100, 200]}, "sales", n=64)
    ax, _ = gm.plots.sweep(swept).axes
    assert {ax.get_xlabel(), ax.get_ylabel()} == {"price [USD]", "cups"}
    assert sweep_in_words(swept) == (
        "Heat map of the mean of sales in USD over price and cups: "
        "least 100 at price 1, cups 100; most 400 at price 2, cups 200."
    )
