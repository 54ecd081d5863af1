"""Variants of a model in one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError, UsageError
from guessmodel.model.side_by_side import base_of, joined

TEXT = """
import guessmodel as gm
price = gm.constant(3, "USD")
cups = gm.normal(mean=10_000, sd=1000, unit="1/year")
rent = gm.lognormal(15_000, 25_000, "USD/year")
fee = gm.lognormal({"a": (1, 2), "b": (3, 4)}, dim="case", unit="USD/year", name="fee")
profit = (price * cups - rent - fee.sum("case")).formatted("USD/year,0")
best = fee.idxmin("case")
gm.scenario("corner", {rent: "gamma(8K to 10K)"})
gm.scenario("sold", {price: "3 to 5 USD", "fee[a]": 7})
gm.scenario("nothing", {price: 3})
"""


@pytest.fixture
def model(tmp_path: Path) -> gm.Model:
    file = tmp_path / "stand.py"
    file.write_text(TEXT)
    return gm.Model.from_file(file)


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_a_scenario_has_the_draws_that_it_has_alone(model: gm.Model, method: str) -> None:
    """For `random` a draw in place of a constant may be made otherwise: of the variate of the
    first scenario that has one; here there is one alone."""
    run = model.sample(512, method=method, scenarios=True)
    for name in ("base", *model.scenarios):
        one = model if name == "base" else model.in_scenario(name)
        alone = one.sample(512, method=method)
        for quantity in model.quantities:
            result, other = run[quantity], alone[quantity]
            shown = result.values
            if result.dims and result.dims[0].name == "scenario":
                shown = shown[result.dims[0].index(name)]
            np.testing.assert_array_equal(shown, other.values)
            assert result.unit == other.unit


def test_what_no_scenario_touches_has_no_labels(model: gm.Model) -> None:
    together = model.side_by_side()
    assert together.quantities["cups"] is model.quantities["cups"]
    dims = {name: [d.name for d in q.dims] for name, q in together.quantities.items()}
    assert dims == {
        "price": ["scenario"],
        "cups": [],
        "rent": ["scenario"],
        "fee": ["scenario", "case"],
        "profit": ["scenario"],
        "best": ["scenario"],
    }
    assert together.quantities["best"].categories == ("a", "b")
    assert together.quantities["profit"].format == "USD/year,0"
    assert together.outputs == model.outputs
    assert base_of(together) is model and base_of(model) is model


def test_a_model_has_its_own_numbers_beside_its_scenarios(model: gm.Model) -> None:
    together, alone = model.sample(512, scenarios=["corner"]), model.sample(512)
    assert together["profit"].dims[0].labels == ("base", "corner")
    np.testing.assert_array_equal(
        together["profit"].sel(scenario="base").values, alone["profit"].values
    )


def test_changes_are_made_in_each(model: gm.Model) -> None:
    run = model.side_by_side("corner").with_(price=7, cups=100).sample(64)
    base, corner = run["profit"].by_label.values()
    assert run["price"].mean().value == 7
    # 7 * 100 - rent: the rents differ alone
    assert corner.mean().value > base.mean().value
    together = model.side_by_side("corner")
    changed = together.with_({together.quantities["rent"]: 5})
    pieces = changed.sample(64)["rent"].by_label.values()
    assert [piece.mean().value for piece in pieces] == [5, 5]


def test_some_by_name_or_as_themselves(model: gm.Model) -> None:
    more = gm.scenario("more", {"cups": 0})
    run = model.sample(64, scenarios=["sold", more], quantities=["price", "cups"])
    assert run["price"].dims[0].labels == ("base", "sold", "more")
    assert run["cups"].sel(scenario="more").mean().value == 0


def test_variates_in_place_of_constants_are_one() -> None:
    price, cups = gm.constant(3), gm.normal(1, 2)
    model = gm.Model(price=price, cups=cups, sales=price * cups)
    low = gm.scenario("low", {price: "1 to 2"})
    high = gm.scenario("high", {price: "uniform(5, 6)"})
    for method in ("nets", "lhs", "random"):
        values = model.sample(256, scenarios=[low, high], method=method)["price"].values
        assert (np.diff(values[2][np.argsort(values[1])]) >= 0).all()


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (["sold", "sold"], "the scenario 'sold' is named twice"),
        (["base"], "there is no scenario 'base'|'base' is named twice"),
        (["solt"], "there is no scenario 'solt'; did you mean 'sold'"),
        ([], "stand has no scenarios; write gm.scenario"),
    ],
)
def test_refusals(model: gm.Model, chosen: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        model.side_by_side(chosen)


def test_more_refusals(model: gm.Model) -> None:
    with pytest.raises(UsageError, match="side by side already"):
        model.side_by_side().side_by_side("sold")
    with pytest.raises(UsageError, match="model has no scenarios; write gm.scenario"):
        gm.Model(a=gm.normal(1, 2)).sample(8, scenarios=True)
    cost = gm.normal(1, 2, dim={"scenario": ["x", "y"]})
    own = gm.Model(cost=cost)
    with pytest.raises(
        DimensionError, match="has a dimension 'scenario' itself.*call it by another name"
    ):
        own.side_by_side(gm.scenario("x", {cost: 3}))


def test_labels_of_its_own_in_one_variant() -> None:
    """A draw that has other labels there keeps random numbers of its own."""
    cost = gm.normal(1, 2, name="cost")
    model = gm.Model(cost=cost)
    other = model.with_(cost=gm.normal(1, 2, dim={"case": ["x", "y"]}))
    run = joined({"base": model, "other": other}).sample(64)["cost"]
    assert [dim.name for dim in run.dims] == ["scenario", "case"]
    assert len({piece.mean().value for piece in run.by_label.values()}) == 1
