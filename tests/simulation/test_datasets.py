"""What a Dataset says beside its draws."""

import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError
from guessmodel.simulation import Run
from guessmodel.simulation.datasets import coordinates, run_attributes, variable_attributes


def test_attributes_say_where_draws_come_from() -> None:
    x = gm.lognormal({"a": (1, 2), "b": (3, 9)}, unit="USD", dim="case", doc="a price", source="s")
    model = gm.Model(x=x, y=x.sum("case"))
    assert variable_attributes(model, "x") == {
        "units": "USD",
        "kind": "draw",
        "description": "a price",
        "source": "s",
    }
    assert variable_attributes(model, "y") == {"units": "USD", "kind": "derived"}
    assert coordinates(model, ["x", "y"]) == {"case": ["a", "b"]}
    attributes = run_attributes(model, Run("lhs", 7, 8, 16))
    assert (attributes["seed"], attributes["method"]) == ("7", "lhs")
    assert attributes["guessmodel"] == gm.__version__


def test_a_quantity_called_like_a_dimension() -> None:
    y = gm.normal(1, 2)
    rows = gm.stack({"a": y, "b": 2 * y}, dim="year")
    model = gm.Model(year=rows)
    message = "^'year' is a quantity and a dimension, .*; rename one of them$"
    with pytest.raises(DimensionError, match=message):
        model.sample(64).to_xarray()
    model = gm.Model(rows=rows, year=y)
    with pytest.raises(DimensionError, match="^'year' is a quantity and a dimension of 'rows', "):
        model.sample(64).to_xarray()
    assert set(model.sample(64, quantities="rows").to_xarray().data_vars) == {"rows"}


def test_other_labels_along_one_dimension() -> None:
    y = gm.normal(1, 2)
    two = gm.stack({"a": y, "b": y}, dim="year")
    three = gm.stack({"a": y, "b": y, "c": y}, dim="year")
    with pytest.raises(DimensionError, match=r"apart: sample\(quantities=\['three'\]\)$"):
        gm.Model(two=two, three=three).sample(64).to_xarray()
