"""What a Dataset says beside its draws."""

import guessmodel as gm
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
