"""Lazy draws are the same draws."""

import pytest
import xarray

import guessmodel as gm
from guessmodel.errors import UsageError


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_lazy_draws_are_the_same(method: str) -> None:
    a = gm.lognormal(1, 3, "USD", doc="a price")
    spans = gm.lognormal({"p": (1, 2), "q": (3, 9)}, dim="case")
    model = gm.Model(a=a, parts=spans * a, k=gm.constant(3.0))
    found = model.lazy(1 << 10, seed=5, method=method)
    assert found["parts"].chunks == ((1,) * 8, (128,), (2,))
    expected = model.sample(1 << 10, seed=5, method=method).to_xarray()
    with pytest.raises(AssertionError):
        xarray.testing.assert_identical(found.compute(), 2 * expected)
    xarray.testing.assert_identical(found.compute(scheduler="synchronous"), expected)


def test_large_runs_are_drawn_where_they_are_asked_for() -> None:
    model = gm.Model(x=gm.ceil(gm.lognormal(1, 3)))
    found = model.lazy(1 << 26, quantities=["x"])
    assert found.sizes == {"replicate": 1 << 9, "draw": 1 << 17}
    few = model.lazy(1 << 21)
    one = few["x"][9, :100].compute()
    assert (one == model.sample(1 << 21).to_xarray()["x"][9, :100]).all()


def test_lazy_draws_need_dask_and_a_model_that_can_be_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(UsageError, match="0 samples: write a whole number from 1 upwards"):
        gm.Model(x=gm.normal(0, 1)).lazy(0)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError) as error:
        gm.Model(x=gm.normal(0, 1)).lazy(64)
    assert str(error.value) == "this needs the package dask: pip install 'guessmodel[dask]'"
