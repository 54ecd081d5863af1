"""An output at several values of an input, on common draws."""

import json
import re

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import UsageError, WrongKind
from guessmodel.numerics.normal import ppf

Z95 = float(ppf(0.95))
PRICE = gm.constant(3, "USD")
CUPS = gm.normal(mean=10, sd=2)
RENT = gm.normal(mean=20, sd=3, unit="USD")
NOTHING = gm.constant(0, "USD")
MODEL = gm.Model(price=PRICE, cups=CUPS, rent=RENT, profit=PRICE * CUPS - RENT)


def test_statistics_are_those_of_the_closed_form() -> None:
    """price · N(10, 2) - N(20, 3): a normal with mean 10 price - 20, variance 4 price² + 9."""
    found = MODEL.sweep({"price": "1..5:5"})
    for row in found.rows:
        price = row.labels["price"]
        mean, sd = 10.0 * price - 20.0, (4.0 * price**2 + 9.0) ** 0.5
        assert row.mean.value == pytest.approx(mean, abs=1e-9)
        assert row.p5.value == pytest.approx(mean - Z95 * sd)
        assert row.p95.value == pytest.approx(mean + Z95 * sd)
    assert [row.labels["price"] for row in found.rows] == [1, 2, 3, 4, 5]


def test_crossings_are_those_of_the_closed_form() -> None:
    """The 5% of the profit is 0 where 10 p - 20 = z √(4p² + 9), a quadratic in p."""
    found = {each.statistic: each.at.value for each in MODEL.sweep({"price": "1..5:5"}).crossings}
    z = Z95**2
    roots = np.roots([100 - 4 * z, -400, 400 - 9 * z])
    assert set(found) == {"mean", "p5", "p50", "p95"}
    assert found["mean"].value == pytest.approx(2.0)
    assert found["p5"].value == pytest.approx(max(roots))
    assert found["p95"].value == pytest.approx(min(roots))
    assert found["p5"].is_exact and found["p5"].unit == "USD"


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_draws_are_those_of_a_run_with_that_value(method: str) -> None:
    """Common draws: bit by bit those of each model by itself."""
    units = gm.lognormal(5, 20)
    model = gm.Model(price=PRICE, units=units, cost=gm.ceil(units * CUPS) * PRICE)
    swept = model.sweep({"price": [2, 5, 7]}, "cost", n=1024, seed=3, method=method)
    for value, result in swept.result.by_label.items():
        alone = model.with_(price=value).sample(1024, seed=3, method=method)["cost"]
        assert np.array_equal(result.draws, alone.draws)


def test_the_bound_of_a_lognormal_can_be_swept() -> None:
    """The median of a lognormal from low to high is √(low · high), at any low."""
    low = gm.constant(5, "USD")
    price = gm.lognormal(low, 20, "USD")
    model = gm.Model(low=low, price=price, twice=2 * price)
    found = model.sweep({"low": "2..18:3"}, "twice")
    for row in found.rows:
        assert row.p50.value == pytest.approx(2 * (row.labels["low"] * 20) ** 0.5)
        assert row.p5.value == pytest.approx(2 * row.labels["low"])
    first, *others = np.argsort(found.result.draws, axis=1)
    assert all(np.array_equal(first, other) for other in others)  # one random number at all


def test_a_draw_can_be_held_at_values() -> None:
    found = MODEL.sweep({"cups": [5, 10]})
    assert [row.mean.value for row in found.rows] == pytest.approx([-5.0, 10.0])


def test_two_inputs_at_once() -> None:
    found = MODEL.sweep({"price": [1, 3], "rent": ["10 USD", "30 USD"]})
    seen = {tuple(row.labels.values()): row.mean.value for row in found.rows}
    assert seen == pytest.approx({(1, 10): 0, (1, 30): -20, (3, 10): 20, (3, 30): 0})
    assert found.to_dict()["over"] == {"price": [1, 3], "rent": [10, 30]}
    assert found.crossings == ()
    with pytest.raises(UsageError, match="crossings are told of a sweep over one input"):
        MODEL.sweep({"price": [1, 3], "rent": [10, 30]}, crosses=5)


def test_labels_of_the_output_are_nested() -> None:
    share = gm.constant({"here": 1, "there": 2}, dim="place")
    model = gm.Model(price=PRICE, share=share, sales=PRICE * share * CUPS - RENT)
    found = model.sweep({"price": [1, 2, 3]}, "sales")
    first = json.loads(json.dumps(found.to_dict()))["values"][0]
    assert first["price"] == 1
    assert first["mean"]["here"]["value"] == pytest.approx(-10)
    assert first["mean"]["there"]["value"] == pytest.approx(0)
    crossed = [each.labels["place"] for each in found.crossings if each.statistic == "mean"]
    assert crossed == ["here", "there"]


def test_a_labelled_input_has_the_value_at_each_label() -> None:
    share = gm.constant({"here": 1, "there": 2}, dim="place")
    model = gm.Model(share=share, sales=(share * CUPS).sum("place"))
    found = model.sweep({"share": [1, 4]}, "sales")
    assert [row.mean.value for row in found.rows] == pytest.approx([20, 80])


def test_an_input_that_is_called_as_a_dimension() -> None:
    year = gm.constant(1)
    growth = gm.constant({2020: 1, 2021: 2}, dim="year")
    model = gm.Model(year=year, sales=year * growth * CUPS)
    with pytest.raises(UsageError, match="'year' is the name of a dimension too"):
        model.sweep({"year": [1, 2]}, "sales")


def test_an_indicator_has_its_probability() -> None:
    model = gm.Model(price=PRICE, dear=PRICE * CUPS - RENT > NOTHING)
    found = model.sweep({"price": [1, 2, 4]}, "dear", crosses="50%")
    assert found.rows[1].mean.value == pytest.approx(0.5)
    assert [(c.statistic, round(c.at.value.value, 6)) for c in found.crossings] == [("mean", 2.0)]


def test_what_an_answer_looks_like() -> None:
    found = MODEL.sweep({"price": [1, 3]})
    assert str(found).splitlines()[1].split() == ["price", "[USD]", "mean", "5%", "50%", "95%"]
    assert "mean of profit crosses 0 USD at price = 2 USD" in str(found)
    assert repr(found) == str(found)
    assert '<th scope="row">1</th><td>-10</td>' in found._repr_html_()
    frame = found.to_pandas()
    assert list(frame["price"]) == [1, 3] and list(frame["mean"]) == pytest.approx([-10, 10])
    assert list(found.to_dict()) == ["output", "over", "values", "crossings"]
    none = MODEL.sweep({"price": [1, 3]}, crosses="1000 USD")
    assert "no statistic of profit crosses 1000 USD between these values" in str(none)


def test_other_sweeps_are_refused() -> None:
    with pytest.raises(WrongKind, match="a sweep is over values by name"):
        MODEL.sweep([1, 2])  # type: ignore[arg-type]
    with pytest.raises(WrongKind, match="a sweep is over values by name"):
        MODEL.sweep({})
    with pytest.raises(UsageError, match="did you mean 'price'"):
        MODEL.sweep({"pric": [1, 2]})
    with pytest.raises(UsageError, match="over one input or two, not 3"):
        MODEL.sweep({"price": [1, 2], "cups": [1, 2], "rent": [1, 2]})
    with pytest.raises(UsageError, match="'profit' is the output"):
        MODEL.sweep({"profit": [1, 2]})
    with pytest.raises(UsageError, match="'cups' does not depend on 'price'"):
        MODEL.sweep({"price": [1, 2]}, "cups")
    with pytest.raises(UsageError, match="'price' is swept twice"):
        MODEL.sweep({"price": [1, 2], PRICE: [1, 2]})


def test_what_is_yes_or_no_is_swept_over_these_alone() -> None:
    rain = gm.bernoulli(0.3)
    model = gm.Model(rain=rain, cost=gm.where(rain, 10, 0))
    assert [row.mean.value for row in model.sweep({"rain": [0, 1]}).rows if row.mean] == [0, 10]
    with pytest.raises(UsageError, match=r"rain: .* for another chance write bernoulli\(0\.5\)"):
        model.sweep({"rain": [0, 0.5, 1]})


FLOW = gm.normal(-9, 8, "USD", dim={"month": [1, 2, 3]}, name="flow")
START = gm.constant(2, "USD")
CASH = START + FLOW.cumsum("month")
SHOP = gm.Model(
    start=START,
    flow=FLOW,
    cash=CASH,
    ruin=CASH.first_where(CASH < 0, "month"),
    end=CASH.sel(month=3),
)


def test_a_label_of_the_output_is_that_row_of_the_whole() -> None:
    whole = SHOP.sweep({"start": [-5, 5, 15]}, "cash", n=1024)
    part = SHOP.sweep({"start": [-5, 5, 15]}, "cash[2]", n=1024)
    assert (part.output, part.whole, dict(part.labels)) == ("cash[2]", "cash", {"month": 2})
    there = [row for row in whole.rows if row.labels["month"] == 2]
    assert [row.mean for row in part.rows] == [row.mean for row in there]
    assert [each.at.value for each in part.crossings] == [
        each.at.value for each in whole.crossings if each.labels["month"] == 2
    ]
    assert "mean of cash[2] crosses 0 USD at start = " in str(part)
    assert part.result.dims[0].name == "start" and len(part.result.dims) == 1
    with pytest.raises(gm.GuessmodelError, match=r"dimension 'month' has no label '9'"):
        SHOP.sweep({"start": [1, 2]}, "cash[9]")


def test_a_label_of_the_output_in_all_scenarios_and_in_one() -> None:
    low = gm.scenario("low", {"flow": "-12 to 2 USD"})
    beside = gm.Model.side_by_side(SHOP, [low])
    both = beside.sweep({"start": [1, 12]}, "cash[3]", n=1024)
    assert [row.labels["scenario"] for row in both.rows] == ["base", "base", "low", "low"]
    titles = set(re.findall(r"of (cash\S* \S*) crosses", str(both)))
    assert titles == {"cash[base, 3]", "cash[low, 3]"}
    one = beside.sweep({"start": [1, 12]}, "cash[low, 3]", n=1024)
    assert [row.mean for row in one.rows] == [row.mean for row in both.rows[2:]]


def test_labels_that_no_draw_has_are_left_out_of_the_table_alone() -> None:
    swept = SHOP.sweep({"flow": [-1, 5]}, "ruin", n=1024)
    table = str(swept)
    assert "2 labels that no draw has at any of these values are left out" in table
    assert {line.split()[1] for line in table.splitlines()[2:6]} == {"3", "never"}
    assert list(swept.to_dict()["values"][0]["mean"]) == ["1", "2", "3", "never"]


def test_a_category_says_how_it_is_set() -> None:
    with pytest.raises(gm.GuessmodelError) as caught:
        SHOP.sweep({"ruin": [1, 2]}, "cash")
    assert "For a label of it write --set 'ruin=1', in Python model.with_(ruin=1)" in str(
        caught.value
    )
