"""Labels and units from pandas."""

import numpy as np
import pandas as pd
import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError, UnitError, WrongKind

REGIONS = pd.Index(["north", "south"], name="region")
COST = pd.Series([3.0, None], index=REGIONS, name="cost [USD/day]")


def test_a_series_is_a_labelled_constant() -> None:
    cost = gm.constant(COST)
    assert str(cost.unit) == "USD/day"
    assert cost.dims[0].name == "region"
    assert cost.dims[0].labels == ("north", "south")
    results = gm.Model(cost=cost).sample(8)["cost"]
    assert results.sel(region="north").mean().value == 3.0
    assert results.sel(region="south").mean().note == "not applicable"


def test_parameters_and_arithmetic_take_them() -> None:
    mean = pd.Series([3, 4], index=REGIONS, name="mean [USD]")
    price = gm.normal(mean=mean, sd=gm.constant(1, "USD"))
    assert price.sample(8).sel(region="south").mean().value == 4.0
    factor = pd.Series([2, 3], index=REGIONS)
    assert (price * gm.constant(factor)).sample(8).sel(region="south").mean().value == 12.0


def test_a_frame_has_two_dimensions_and_dates_are_labels() -> None:
    days = pd.date_range("2025-01-01", periods=2, name="day")
    frame = pd.DataFrame([[1, 2], [3, 4]], days, pd.Index(["a", "b"], name="site"))
    found = gm.constant(frame, "kg")
    assert [dim.name for dim in found.dims] == ["day", "site"]
    assert found.dims[0].labels == ("2025-01-01", "2025-01-02")
    assert found.sum("site").sel(day="2025-01-02").sample(8).mean().value == 7.0


def test_what_is_refused() -> None:
    with pytest.raises(DimensionError, match=r"has no name.*write data.rename_axis\('region'\)"):
        gm.constant(pd.Series([1, 2]))
    with pytest.raises(DimensionError, match="columns of the DataFrame has no name"):
        gm.constant(pd.DataFrame([[1, 2]], pd.Index([1], name="i")))
    several = pd.Series([1], pd.MultiIndex.from_tuples([(1, 2)], names=["a", "b"]))
    with pytest.raises(DimensionError, match=r"several levels; write .unstack\(\) first"):
        gm.constant(several)
    with pytest.raises(UnitError, match="test_labelled_data.py.*unknown unit 'florin'"):
        gm.constant(pd.Series([1, 2], REGIONS, name="cost [florin]"))
    with pytest.raises(WrongKind, match="neither a number nor a quantity"):
        gm.constant(pd.Series(["x", "y"], REGIONS))


def test_a_run_as_a_frame() -> None:
    way = gm.stack({"a": gm.normal(0, 1), "b": 0.0}, dim="way").idxmin("way")
    x = gm.normal({"a": (1, 2), "b": (2, 3)}, dim="k", unit="USD")
    simulation = gm.Model(x=x, way=way).sample(64)
    frame = simulation.to_pandas()
    assert list(frame.columns) == ["x[a]", "x[b]", "way"]
    assert frame.index.names == ["replicate", "draw"]
    assert frame.attrs["units"]["x[a]"] == "USD"
    np.testing.assert_array_equal(frame["x[b]"], simulation["x"].values[1])
    assert set(frame["way"]) == {"a", "b"}


def test_dim_names_an_index_without_a_name() -> None:
    data = pd.Series([1.0, 2.0], index=["a", "b"], name="cost [USD]")
    found = gm.constant(data, dim="region")
    assert found.dims[0].name == "region"
    assert found.dims[0].labels == ("a", "b")
    assert str(found.unit) == "USD"
    assert data.index.name is None
    assert gm.normal(mean=data, sd=gm.constant(1, "USD"), dim="region").dims == found.dims
    with pytest.raises(DimensionError, match="has no name"):
        gm.constant(data)
