"""Which inputs a quantity has, what they are called, and their own random numbers."""

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.analysis.inputs import Inputs

METHODS = ["nets", "lhs", "random"]


def inputs_of(model: gm.Model, name: str, method: str = "nets", n: int = 1 << 13) -> Inputs:
    return Inputs.of(model, name, method, n, 0, 8)


def names(inputs: Inputs, *position: int) -> list[str]:
    return sorted(one.name for one in inputs.behind[position])


def test_only_what_an_output_depends_on() -> None:
    a, b, c = (gm.normal(0, 1) for _ in range(3))
    model = gm.Model(a=a, b=b, c=c, both=a + b, other=c * 2)
    assert names(inputs_of(model, "both")) == ["a", "b"]
    assert names(inputs_of(model, "other")) == ["c"]
    assert names(inputs_of(model, "a")) == ["a"]


def test_a_label_depends_on_its_own_draws() -> None:
    price = gm.lognormal({1: 5, 2: 6, 3: 7}, {1: 10, 2: 11, 3: 12}, dim="year")
    fee = gm.normal(1, 2)
    total = price.cumsum("year") + fee
    model = gm.Model(price=price, fee=fee, total=total, last=total.sel(year=3))
    found = inputs_of(model, "total")
    assert names(found, 0) == ["fee", "price[1]"]
    assert names(found, 1) == ["fee", "price[1]", "price[2]"]
    assert names(inputs_of(model, "last")) == ["fee", "price[1]", "price[2]", "price[3]"]


def test_a_label_without_a_draw_is_no_input() -> None:
    price = gm.lognormal({1: 5, 2: None, 3: 7}, {1: 10, 2: None, 3: 12}, dim="year")
    model = gm.Model(price=price, total=price.sum("year"))
    assert names(inputs_of(model, "total")) == ["price[1]", "price[3]"]


def test_one_number_for_all_labels_is_one_input() -> None:
    price = gm.normal({1: 5, 2: 6}, {1: 10, 2: 11}, dim="year", shared="year")
    model = gm.Model(price=price, total=price.sum("year"))
    assert names(inputs_of(model, "total")) == ["price"]


def test_draws_without_a_name_are_called_by_their_place() -> None:
    model = gm.Model(cost=gm.normal(1, 2) * gm.uniform(0, 1))
    assert names(inputs_of(model, "cost")) == ["cost/normal#1", "cost/uniform#1"]


def test_a_draw_in_another_unit_keeps_its_name() -> None:
    model = gm.Model(length=gm.normal(1, 2, "km").to("m"))
    (one,) = inputs_of(model, "length").all
    assert (one.name, one.unit) == ("length", "m")
    assert one.closed is not None
    assert one.closed.quantile(0.05) == pytest.approx(1000.0)


def test_uncertain_parameters_are_inputs_too() -> None:
    middle = gm.normal(0, 1)
    model = gm.Model(middle=middle, x=gm.normal(middle, middle + 2))
    found = inputs_of(model, "x")
    assert names(found) == ["middle", "x"]
    own = next(one for one in found.all if one.name == "x")
    assert own.closed is None


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "draw",
    [
        gm.normal(0, 1),
        gm.lognormal(5, 10),
        gm.uniform(2, 3),
        gm.exponential(mean=3),
        gm.beta(alpha=2, beta=5),
        gm.poisson(3.3),
        gm.mixture([gm.normal(0, 1), gm.normal(5, 6)], weights=[0.3, 0.7]),
    ],
    ids=lambda draw: draw.label,
)
def test_the_value_increases_with_its_own_uniform_number(draw: gm.Quantity, method: str) -> None:
    model = gm.Model(x=draw)
    found = inputs_of(model, "x", method)
    (one,) = found.all
    u, x = found.variate(one)
    assert u.shape == x.shape == (8, 1024)
    simulated = model.sample(1 << 13, method=method)["x"].by_replicate
    np.testing.assert_allclose(x, simulated, rtol=1e-12)
    # Tables are interpolated, so neighbours may be out of order by a hair; within a stratum that
    # holds a jump, where the value falls has a random number of its own.
    hair = 1e-2 * (np.quantile(x, 0.95) - np.quantile(x, 0.05))
    if method == "random":
        values = x.ravel()[np.argsort(u, axis=None)]
        assert (-np.diff(values)).max() < hair
        return
    k = np.floor(u * 1024).astype(int)
    assert all(sorted(row) == list(range(1024)) for row in k)
    by_stratum = np.take_along_axis(x, np.argsort(k, axis=1), axis=1)
    above, below = by_stratum[:, 1:].min(axis=0), by_stratum[:, :-1].max(axis=0)
    assert (below - above).max() < hair
