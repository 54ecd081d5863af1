"""Tornado: bars, ends, the line, and what is written."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import guessmodel as gm
from guessmodel.analysis.drivers import Sensitivity
from guessmodel.errors import UsageError
from guessmodel.estimators.estimate import Estimate
from guessmodel.plots import new_axes, tornado
from guessmodel.plots.tornado import swings, tornado_in_words


def answer(*, of: str = "mean") -> Sensitivity:
    x, y, z = gm.normal(10, 20, "USD"), gm.uniform(2, 4), gm.normal(-1, 1, "USD")
    middle = gm.normal(0, 1, "USD")
    model = gm.Model(
        x=x, y=y, z=z, late=gm.normal(middle, middle + gm.constant(2, "USD")), middle=middle
    ).extended({})
    cost = x * y - z * 4 + model.quantities["late"] * 0.01
    return model.extended({"cost": cost}).sample(4096).sensitivity("cost", of=of)


def test_bars_run_from_end_to_end_and_the_largest_is_on_top() -> None:
    found = answer()
    ax = tornado(found)
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names[:3] == ["x [USD]", "y", "z [USD]"]  # units of the values at the ends
    names = [name.removesuffix(" [USD]") for name in names]
    assert set(names) == set(found.inputs)
    low, high = ax.get_ylim()
    assert low > high
    (line,) = ax.lines
    assert next(iter(line.get_xdata())) == pytest.approx(found.base)
    for row, name in enumerate(names):
        swing = found[name].tornado
        assert swing is not None
        reached = [
            bar.get_x() + bar.get_width()  # type: ignore[attr-defined]
            for bar in ax.patches
            if bar.get_y() < row < bar.get_y() + bar.get_height()  # type: ignore[attr-defined]
        ]
        assert sorted(reached) == pytest.approx(sorted([swing.at_p5.value, swing.at_p95.value]))


def test_the_input_s_own_values_stand_at_the_ends() -> None:
    texts = [text.get_text() for text in tornado(answer()).texts]
    assert texts[:6] == ["10", "20", "2.1", "3.9", "1", "-1"]  # z works downwards
    assert {"5%", "95%"} < set(texts)  # of a draw whose parameters are uncertain


def test_no_text_is_cut_off() -> None:
    ax = tornado(answer())
    figure = ax.get_figure(root=True)
    assert figure is not None
    FigureCanvasAgg(figure).draw()
    width, height = figure.bbox.width, figure.bbox.height
    for text in [*ax.texts, *ax.get_yticklabels(), ax.xaxis.label]:
        box = text.get_window_extent()
        assert box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height, text


def test_the_axis_names_statistic_and_unit() -> None:
    assert tornado(answer(of="p95")).get_xlabel().startswith("p95 of cost [USD]\n")
    words = tornado_in_words(answer())
    assert words.startswith("Tornado of the mean of cost in USD")
    assert "x: 30 to 60" in words


def test_shares_have_their_percent_and_categories_their_labels() -> None:
    """A visitor who comes by car buys more often: 5% and 95% of the way are its labels."""
    way = gm.categorical({"train": 0.6, "car": 0.4})
    share = gm.choose({"train": gm.uniform(10, 20, "percent"), "car": gm.constant("30%")}, by=way)
    rate = gm.uniform(0, 20, "percent")
    model = gm.Model(way=way, rate=rate, all=share + rate).extended({})
    ax = tornado(model.sample(4096).sensitivity("all"))
    names = [label.get_text() for label in ax.get_yticklabels()]
    texts = [text.get_text() for text in ax.texts]
    assert {"way", "rate"} < set(names)
    assert {"train", "car", "1%", "19%"} < set(texts)


def test_of_yes_or_no_it_is_about_the_probability() -> None:
    x, y = gm.uniform(0, 1), gm.uniform(0, 1)
    found = gm.Model(x=x, y=y, late=x + y > 1).sample(4096).sensitivity("late")
    ax = tornado(found)
    assert ax.get_xlabel().startswith("probability of late\n")
    assert ax.get_xticklabels()[1].get_text().endswith("%")
    told = re.findall(r"[xy]: ([\d.]+)% to ([\d.]+)%", tornado_in_words(found))
    assert len(told) == 2  # P(y > 1 - x) is x: 5% and 95%
    assert np.array(told, dtype=float).T.tolist() == [
        pytest.approx([5] * 2, abs=0.5),
        pytest.approx([95] * 2, abs=0.5),
    ]


def test_what_is_left_out_is_told() -> None:
    ax = tornado(answer(), most=2)
    assert len(ax.get_yticklabels()) == 2
    assert ax.get_xlabel().endswith("\n3 more inputs swing less")


def test_refusals() -> None:
    found = answer()
    with pytest.raises(UsageError, match="most is a number of bars, not 0"):
        tornado(found, most=0)
    with pytest.raises(UsageError, match="style='dark' is that of new axes"):
        tornado(found, ax=new_axes(), style="dark")
    x = gm.cauchy(0, 1)
    rare = gm.Model(x=x, out=x * 2).sample(1024).sensitivity("out")
    assert math.isnan(rare.base) or tornado(rare)


def test_inputs_that_swing_alike_stay_in_the_order_of_the_answer() -> None:
    """0.3 and 0.1 + 0.2 are one number: that the second is larger by 6e-17 is rounding."""
    found = answer()
    sizes = dict(zip(found.inputs, (0.3, 0.1 + 0.2, 1.0, 0.2, 0.1), strict=True))
    drivers = [
        replace(each, tornado=replace(each.tornado, swing=Estimate.exact(sizes[name], "USD")))
        for name, each in found.inputs.items()
        if each.tornado is not None
    ]
    first, second, third, *others = drivers
    told = replace(found, pieces={(): replace(found.pieces[()], drivers=drivers)})
    assert swings(told) == [third, first, second, *others]
