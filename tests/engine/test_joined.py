"""Joined conditions against what was written, draw by draw."""

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.engine.conditions import is_combined
from guessmodel.engine.joined import joined
from guessmodel.graph.elementwise import Where
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import ancestors


def kinds() -> dict[str, Quantity]:
    x, y, z = (gm.normal(mean=0, sd=1, name=name) for name in "xyz")
    flags = gm.constant({"a": 0.5, "b": -0.5}, dim="i")
    cost = gm.where(y > 0.1, gm.normal(mean=5, sd=1, unit="USD"), gm.constant(1, "USD"))
    return {
        "one branch": gm.where(x > 0, gm.where(y > 0, z, 2), 3),
        "the other": gm.where(x > 0, z, gm.where(y > 0, 2, x)),
        "both": gm.where(x > 0, gm.where(y > 0, z, 2), gm.where(z > 0, x, y)),
        "arithmetic": gm.where(x > 0, 2 * gm.where(y > z, z * gm.where(z > 1, x, 1), 2) + y, 3),
        "shared": gm.where(x > 0, gm.where(y > 0, z, 2), 3) * gm.where(y > 0, z, 2),
        "labels": gm.where(x > 0, gm.where(y > flags, z, flags), 3),
        "products": 3 * (x > 0) * z * (y > 0) * gm.where(z > 0, y, 0),
        "excesses": gm.maximum(x, 0) * gm.maximum(0, y) * (z > flags),
        "units": gm.where(x > 0, cost, gm.constant(2, "USD")) * (y > 0) * (z > 0),
        "many": gm.where(x > 0, _deep(y, z, 8), 1),
    }


def _deep(y: Quantity, z: Quantity, levels: int) -> Quantity:
    found: Quantity = z
    for k in range(levels):
        found = gm.where(y > k / 10, found + 1, gm.where(z < -k / 10, found - 1, k))
    return found


@pytest.mark.parametrize("kind", list(kinds()))
def test_they_are_the_same_numbers(kind: str) -> None:
    written = kinds()[kind]
    made = joined({"y": written})["y"]
    assert (made.unit, made.dims) == (written.unit, written.dims)
    assert any(is_combined(node) for node in ancestors([made]))
    draws = gm.Model(y=written, made=made).sample(1 << 8)
    np.testing.assert_allclose(draws["made"].values, draws["y"].values, rtol=1e-12, atol=1e-12)


def test_what_is_not_within_another_stays_as_it_is() -> None:
    x, y = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
    for written in (gm.where(x > 0, x, y) + gm.where(y > 0, 1, 2), x * y * (x > 0), gm.abs(x)):
        assert joined({"y": written})["y"] is written


def test_a_long_chain_of_choices_stays_of_a_size() -> None:
    state: Quantity = gm.constant(0.0) * 1.0
    for _ in range(100):
        state = gm.where(gm.normal(mean=0, sd=1) > 1, state + 1, state)
    made = ancestors([joined({"y": state})["y"]])
    assert sum(isinstance(node.operation, Where) for node in made) < 1000
