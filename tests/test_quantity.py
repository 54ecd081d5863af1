"""Operators build the graph, check units at once, and refuse what a quantity is not."""

import copy
import math
import pickle
from pathlib import Path

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError, UnitError, WrongKind
from guessmodel.quantity import Quantity


def draws(quantity: Quantity, n: int = 1024) -> np.ndarray:
    return quantity.sample(n).values


@pytest.fixture
def x() -> Quantity:
    return gm.normal(-1, 2)


@pytest.fixture
def y() -> Quantity:
    return gm.lognormal(1, 3)


ARITHMETIC = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "floor divide": lambda a, b: a // b,
    "remainder": lambda a, b: a % b,
    "less": lambda a, b: a < b,
    "at most": lambda a, b: a <= b,
    "greater": lambda a, b: a > b,
    "at least": lambda a, b: a >= b,
    "equal": lambda a, b: a == b,
    "unequal": lambda a, b: a != b,
}


@pytest.mark.parametrize("name", ARITHMETIC)
def test_operators_do_what_numpy_does_on_the_same_draws(name, x, y):
    operate = ARITHMETIC[name]
    model = gm.Model(x=x, y=y, both=operate(x, y), right=operate(x, 0.7), left=operate(0.7, y))
    sim = model.sample(1024)
    a, b = sim["x"].values, sim["y"].values
    np.testing.assert_array_equal(sim["both"].values, operate(a, b))
    np.testing.assert_array_equal(sim["right"].values, operate(a, 0.7))
    np.testing.assert_array_equal(sim["left"].values, operate(0.7, b))


def test_powers_and_unary_operators(x, y):
    model = gm.Model(
        x=x, y=y, p=y**x, q=2**x, neg=-x, pos=+x, size=abs(x), near=round(x), tenth=round(x, 1)
    )
    sim = model.sample(512)
    a, b = sim["x"].values, sim["y"].values
    np.testing.assert_allclose(sim["p"].values, b**a)
    np.testing.assert_allclose(sim["q"].values, 2**a)
    np.testing.assert_array_equal(sim["neg"].values, -a)
    np.testing.assert_array_equal(sim["pos"].values, a)
    np.testing.assert_array_equal(sim["size"].values, np.abs(a))
    np.testing.assert_array_equal(sim["near"].values, np.round(a))
    np.testing.assert_allclose(sim["tenth"].values, np.round(a, 1))


def test_indicators_combine(x):
    high, low = x > 1, x < 0
    sim = gm.Model(x=x, any=high | low, none=~(high | low), both=high & low, one=high ^ low).sample(
        512
    )
    a = sim["x"].values
    np.testing.assert_array_equal(sim["any"].values, (a > 1) | (a < 0))
    np.testing.assert_array_equal(sim["none"].values, ~((a > 1) | (a < 0)))
    assert not sim["both"].values.any()
    np.testing.assert_array_equal(sim["one"].values, sim["any"].values)


@pytest.mark.parametrize("method", ["sobol", "lhs", "random"])
def test_the_same_object_is_the_same_draw(method, x):
    sim = gm.Model(zero=x - x, square=x * x, one=(x == x)).sample(4096, method=method)
    assert not sim["zero"].values.any()
    assert sim["square"].values.min() >= 0.0
    assert sim["one"].values.all()


def test_numpy_functions_of_quantities(x, y):
    quantities = {
        "exp": np.exp(x),
        "hyp": np.hypot(x, y),
        "where": np.where(x > 0, x, y),
        "clip": np.clip(x, 0, 1),
        "select": np.select([x > 1, x > 0], [y, x], -1),
        "top": np.maximum(x, y),
    }
    sim = gm.Model(x=x, y=y, **quantities).sample(512)
    a, b = sim["x"].values, sim["y"].values
    np.testing.assert_array_equal(sim["exp"].values, np.exp(a))
    np.testing.assert_array_equal(sim["hyp"].values, np.hypot(a, b))
    np.testing.assert_array_equal(sim["where"].values, np.where(a > 0, a, b))
    np.testing.assert_array_equal(sim["clip"].values, np.clip(a, 0, 1))
    np.testing.assert_array_equal(sim["select"].values, np.select([a > 1, a > 0], [b, a], -1))
    np.testing.assert_array_equal(sim["top"].values, np.maximum(a, b))


def test_units_are_checked_when_wired():
    price, days = gm.normal(8, 12, "USD/hour"), gm.constant(2, "day")
    assert str((price * days).unit) == "USD"
    assert (price * days).sample(64).values.mean() == pytest.approx(480, rel=0.05)
    with pytest.raises(UnitError, match=r"test_quantity.py:\d+: cannot add USD/hour and day"):
        _ = price + days
    with pytest.raises(UnitError, match="cannot compare day and a plain number"):
        _ = days > 5
    with pytest.raises(UnitError, match="exp needs a plain number but got day; divide by a unit"):
        gm.exp(days)
    with pytest.raises(UnitError, match="cannot be raised to an uncertain power"):
        _ = days ** gm.normal(1, 2)
    with pytest.raises(UnitError, match="cannot choose between day and USD/hour"):
        gm.where(days > 0, days, price)
    with pytest.raises(UnitError, match="cannot convert day to USD"):
        days.to("USD")


def test_units_of_an_operand_are_converted_to_the_first():
    total = gm.constant(1, "day") + gm.constant(12, "hour")
    assert str(total.unit) == "day"
    assert draws(total, 8)[0] == 1.5
    share = 1 - gm.constant(20, "percent")
    assert draws(share, 8)[0] == pytest.approx(0.8)
    area = gm.constant(3, "m") ** 2
    assert str(gm.sqrt(area).unit) == "m"


def test_literal_zero_fits_every_unit():
    parts = [gm.constant(1, "USD"), gm.constant(2, "USD")]
    assert draws(sum(parts), 8)[0] == 3.0
    assert str(sum(parts).unit) == "USD"
    assert draws(gm.maximum(parts[0], 0), 8)[0] == 1.0
    assert draws(gm.where(parts[0] > 0, 0, parts[1]), 8)[0] == 0.0


def test_a_quantity_is_not_a_number_list_or_array(x):
    for wrong in (bool, float, int, len, list):
        with pytest.raises(TypeError, match=r"test_quantity.py:\d+: a quantity \(normal"):
            wrong(x)
    with pytest.raises(TypeError, match=r"use gm.where\(condition, a, b\) for if"):
        max(x, x)
    with pytest.raises(TypeError, match=r"\(1 < q\) & \(q < 2\)"):
        _ = 1 < x < 2
    with pytest.raises(TypeError, match=r"gm.stack"):
        np.array([x, x])
    for function in (math.exp, math.floor, math.isnan):
        with pytest.raises(TypeError, match=r"test_quantity.py:\d+: .* use gm.exp, gm.log"):
            function(x)
    with pytest.raises(TypeError, match=r"test_quantity.py:\d+: .* use gm.trunc"):
        math.trunc(x)
    with pytest.raises(TypeError, match="no truth value"):
        _ = x in [gm.normal(0, 1)]
    with pytest.raises(TypeError, match="cannot be pickled; pickle model.plan"):
        pickle.dumps(x)
    with pytest.raises(TypeError, match="np.add.reduce does not work on quantities"):
        np.add.reduce(x)
    with pytest.raises(TypeError, match="arrays have no labels"):
        _ = np.ones(3) * x
    with pytest.raises(TypeError, match="neither a number nor a quantity"):
        _ = x + {1}


def test_copies_are_the_same_object_and_the_hash_is_identity(x):
    assert copy.copy(x) is x
    assert copy.deepcopy([x])[0] is x
    assert hash(x) != hash(gm.normal(-1, 2))
    with pytest.raises(AttributeError):
        x.name = "y"


def test_statistics_over_labels_need_a_dimension(x):
    with pytest.raises(TypeError, match=r"draws is simulation\[quantity\].mean\(\)"):
        x.mean()
    with pytest.raises(TypeError, match=r"sum\(\) goes .* of a dimension; this one has none$"):
        x.sum()
    with pytest.raises(TypeError, match=r"; write max\('case'\)$"):
        gm.constant({"a": 3, "b": 1}, dim="case").max()


def test_labels_and_positions_may_be_numpys():
    years = gm.constant({2024: 3.0, 2025: 1.0}, dim="year")
    for label in np.array([2025]):
        assert draws(years.sel(year=label), 8)[0] == 1
    for position in np.arange(1):
        assert draws(years.isel(year=position), 8)[0] == 3
    assert draws(years.sel(year=np.array([2025, 2024])), 8)[:, 0].tolist() == [1, 3]


def test_labelled_reductions_and_selections():
    costs = gm.constant({"a": 3, "b": 1, "c": 2}, "USD", dim="case")
    expected = {
        "sum": 6,
        "mean": 2,
        "min": 1,
        "max": 3,
    }
    for kind, value in expected.items():
        assert draws(getattr(costs, kind)("case"), 8)[0] == value
    assert draws(costs.cumsum("case"), 8)[:, 0].tolist() == [3, 4, 6]
    assert draws(costs.sel(case="b"), 8)[0] == 1
    assert draws(costs.sel(case=["c", "a"]), 8)[:, 0].tolist() == [2, 3]
    assert draws(costs.isel(case=-1), 8)[0] == 2
    assert draws(costs.idxmin("case") == "b", 8).all()
    plain = gm.constant({2020: 3.0, 2021: 2.0}, dim="year")
    assert draws(plain.prod("year"), 8)[0] == 6
    assert draws(plain.cumprod("year"), 8)[:, 0].tolist() == [3, 6]
    assert draws(plain.idxmax("year"), 8)[0] == 2020
    assert draws(plain.shift(year=1, fill=0), 8)[:, 0].tolist() == [0, 3]
    with pytest.raises(DimensionError, match="no label 'd'; it has"):
        costs.sel(case="d")
    with pytest.raises(DimensionError, match="no dimension 'year'; the quantity's dimensions: 'ca"):
        costs.sum("year")
    with pytest.raises(DimensionError, match="case=3 is outside 0 to 2"):
        costs.isel(case=3)
    with pytest.raises(DimensionError, match=r"test_quantity.py:\d+: case=0.5 is outside 0 to 2"):
        costs.isel(case=0.5)  # type: ignore[arg-type]
    with pytest.raises(DimensionError, match=r"test_quantity.py:\d+: no dimension 'year'"):
        costs.isel(year=0)
    with pytest.raises(DimensionError, match=r"has no label slice\('a', 'b', None\); it has"):
        costs.sel(case=slice("a", "b"))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="shift moves by a whole number of labels, not 0.5"):
        costs.shift(case=0.5)  # type: ignore[arg-type]
    with pytest.raises(UnitError, match="prod over case of USD"):
        costs.prod("case")
    with pytest.raises(WrongKind, match="known labels: 'a', 'b', 'c'"):
        _ = costs.idxmin("case") == "z"


def test_conflicting_labels_show_both():
    a = gm.constant({"p": 1, "q": 2}, dim="case")
    b = gm.constant({"p": 1, "r": 2}, dim="case")
    with pytest.raises(DimensionError, match=r"\['p', 'q'\] in one operand and \['p', 'r'\]"):
        _ = a + b


def test_labels_that_are_not_applicable_are_left_out():
    span = gm.constant({"a": 3, "b": None, "c": 1}, dim="case")
    assert draws(span.sum("case"), 8)[0] == 4
    assert draws(span.mean("case"), 8)[0] == 2
    assert draws((2 * span).max("case"), 8)[0] == 6
    result = span.sample(8)
    assert [piece.applicable for piece in result.by_label.values()] == [True, False, True]
    assert result.non_finite == 0.0


def test_dataarrays_are_labelled_constants():
    xarray = pytest.importorskip("xarray")
    array = xarray.DataArray([1.0, 2.0], dims=["case"], coords={"case": ["a", "b"]})
    x = gm.constant(3, "USD")
    assert draws(x * array, 8)[:, 0].tolist() == [3, 6]
    assert draws(np.multiply(array, x), 8)[:, 0].tolist() == [3, 6]
    with pytest.raises(TypeError, match=r"write quantity \* array"):
        _ = array * x
    with pytest.raises(DimensionError, match="has no coordinates"):
        _ = x * xarray.DataArray([1.0, 2.0], dims=["case"])


def test_errors_and_quantities_tell_the_users_line(x):
    assert Path(x.location.file).name == "test_quantity.py"
    assert "normal, " in repr(x)
    assert "test_quantity.py" in repr(x)


def test_deep_graphs_neither_recurse_nor_slow_down():
    total = gm.normal(0, 1)
    for _ in range(10_000):
        total = total + 1
    assert total.sample(8).mean().value == pytest.approx(10_000.5)
