"""Wiring builds the graph and checks units at once; NumPy's functions wire too."""

import copy
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import guessmodel as gm
from guessmodel.errors import DimensionError, UnitError, WrongKind
from guessmodel.graph.quantity import Quantity


def draws(quantity: Quantity, n: int = 1024) -> np.ndarray:
    return quantity.sample(n).values


@pytest.fixture
def x() -> Quantity:
    return gm.normal(-1, 2)


@pytest.fixture
def y() -> Quantity:
    return gm.lognormal(1, 3)


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
    for mistake, text in (
        (lambda: days + 2.5, r"cannot add day and a plain number; write gm.constant\(2.5, 'day'\)"),
        (lambda: 7 - days, r"write gm.constant\(7, 'day'\) or check the wiring"),
        (lambda: gm.maximum(days, 3), r"cannot take maximum of day and a plain number; write"),
        (lambda: days + gm.normal(0, 1), "a plain number; convert one of them or check"),
        (lambda: gm.normal(3, 5, "degC") > 4, "convert one of them or check the wiring"),
    ):
        with pytest.raises(UnitError, match=text):
            mistake()
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


def test_copies_are_the_same_object_and_the_hash_is_identity(x):
    assert copy.copy(x) is x
    assert copy.deepcopy([x])[0] is x
    assert hash(x) != hash(gm.normal(-1, 2))
    with pytest.raises(AttributeError):
        x.name = "y"


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


@pytest.mark.parametrize("name", ["", " ", 5])
def test_a_name_is_text(name):
    message = rf"test_quantity.py:\d+: name={name!r} names nothing; write text such as name='cost'"
    with pytest.raises(WrongKind, match=message):
        gm.normal(1, 2, name=name)
    with pytest.raises(WrongKind, match=message):
        gm.constant(1, name=name)


def test_errors_and_quantities_tell_the_users_line(x):
    assert Path(x.location.file).name == "test_quantity.py"
    assert "normal, " in repr(x)
    assert "test_quantity.py" in repr(x)


def test_deep_graphs_neither_recurse_nor_slow_down():
    total = gm.normal(0, 1)
    for _ in range(10_000):
        total = total + 1
    assert total.sample(8).mean().value == pytest.approx(10_000.5)


def test_text_is_no_quantity_but_a_figure_makes_one():
    cost = gm.normal(1, 2, "USD")
    with pytest.raises(TypeError, match=r"'3 USD' is not a quantity; write gm.constant\('3 USD'\)"):
        _ = cost > "3 USD"
    with pytest.raises(TypeError, match=r"write a number, or unit='USD' for a unit"):
        gm.normal(1, "USD")


def test_dates_of_a_data_array_are_labels_as_text():
    days = np.array(["2025-01-31", "2025-02-28"], dtype="datetime64[ns]")
    rate = gm.constant(xr.DataArray([1.0, 2.0], dims="day", coords={"day": days}))
    assert rate.dims[0].labels == ("2025-01-31", "2025-02-28")


@pytest.mark.parametrize("make", [gm.normal, gm.uniform])
@pytest.mark.parametrize("key", ["doc", "source"])
def test_descriptions_are_text(make, key):
    where = r"test_quantity.py:\d+: "
    with pytest.raises(WrongKind, match=f"{where}{key}= takes text, not 3; write {key}='…'$"):
        make(1, 2, **{key: 3})
    assert getattr(make(1, 2, **{key: "x"}), key) == "x"
    with pytest.raises(WrongKind, match=rf"{key}= takes text, not \['x'\]; "):
        gm.constant(1, **{key: ["x"]})
