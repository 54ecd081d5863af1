"""Operations along labelled dimensions, against xarray's of the same name."""

import numpy as np
import pytest

import guessmodel as gm

YEARS = {2024: 3.0, 2025: None, 2026: 5.0, 2027: 8.0}


@pytest.mark.parametrize("by", [-5, -4, -1, 0, 1, 3, 4, 7])
@pytest.mark.parametrize("fill", [0.0, float("nan")])
def test_shift_is_that_of_xarray_in_values_and_in_what_is_not_applicable(by, fill):
    xarray = pytest.importorskip("xarray")
    years = gm.constant(YEARS, dim="year")
    cases = gm.constant({"a": 1.0, "b": 10.0}, dim="case")
    quantity = (cases * years).shift(fill, year=by)
    values = np.array([np.nan if v is None else v for v in YEARS.values()])
    array = xarray.DataArray(np.outer([1.0, 10.0], values), dims=["case", "year"])
    expected = array.shift(year=by, fill_value=fill).to_numpy()
    np.testing.assert_array_equal(quantity.sample(8).values[..., 0], expected)
    mask = quantity.axes.mask
    assert mask is None or mask.dtype == bool
    np.testing.assert_array_equal(
        np.ones(expected.shape, bool) if mask is None else mask, ~np.isnan(expected)
    )
