"""Labels of draws: of every constructor those that it is given, one draw for each of them."""

from __future__ import annotations

import numpy as np
import pytest
from constructor_forms import ALL, FORMS, Arguments, call

import guessmodel as gm
from guessmodel.errors import GuessmodelError
from guessmodel.graph.quantity import Quantity


@pytest.mark.parametrize(
    ("function", "form"), [(name, form) for name, forms in ALL.items() for form in forms]
)
def test_a_dimension_without_labels_is_an_error(function: str, form: Arguments) -> None:
    if function in ("hurdle", "pool", "truncated", "zero_inflated"):
        return  # have the labels of the quantity that they are made of
    if function == "multivariate_normal" and "dim" in form:
        return  # gives several quantities without
    with pytest.raises(GuessmodelError, match="write|no dimension|need the name"):
        call(function, {**form, "dim": "month"} if "dim" not in form else {**form, "dim": None})


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
@pytest.mark.parametrize(("function", "forms"), FORMS.items())
def test_labels_of_a_dimension_are_those_of_the_parameters(
    function: str, forms: list[Arguments], method: str
) -> None:
    # The same draws as with the parameters written at each label.
    form = next(form for form in forms if "quantiles" not in form)
    name = next(name for name, value in form.items() if isinstance(value, float | int))
    written = {**form, name: dict.fromkeys((1, 2, 3), form[name]), "dim": "month"}
    along = {**form, "dim": {"month": range(1, 4)}}
    one, other = (
        gm.Model(x=call(function, each)).sample(1024, method=method)["x"].values
        for each in (written, along)
    )
    assert one.shape == (3, 1024)
    np.testing.assert_array_equal(one, other)
    assert len({row.tobytes() for row in one}) == 3


def largest_correlation(made: Quantity) -> float:
    rows = gm.Model(x=made).sample(1 << 14, method="random")["x"].values.reshape(6, -1)
    return float(np.abs(np.corrcoef(rows) - np.eye(6)).max())


@pytest.mark.parametrize("function", ["empirical", "from_scipy", "mixture", "normal"])
def test_draws_are_independent_from_label_to_label(function: str) -> None:
    # Of independent draws a correlation has the sd 1/128: 6 of them in one of 1e7 pairs.
    dims = {"month": range(3), "place": ["a", "b"]}
    form = ALL[function][0]
    assert largest_correlation(call(function, {**form, "dim": dims})) < 6.0 / 128.0
    one = call(function, form)
    same = one * gm.constant(1.0, dim=dims)
    assert largest_correlation(same) > 6.0 / 128.0  # the measure would see a draw that is shared


def test_a_draw_keeps_its_dimensions_where_others_are_made_of_it() -> None:
    price = gm.normal(5, 8, "USD", dim={"month": range(3)})
    model = gm.Model(price=price, cut=gm.truncated(price, lower=6), total=price.sum("month"))
    for changed in (model, model.with_(price="6 to 9 USD")):
        assert changed.sample(64)["cut"].values.shape == (3, 64)
        assert len({row.tobytes() for row in changed.sample(64)["price"].values}) == 3
    mean = gm.normal(5, 8)
    linked = gm.Model(mean=mean, x=gm.normal(mean=mean, sd=1, dim={"month": range(3)}))
    assert linked.with_(mean=7).sample(64)["x"].values.shape == (3, 64)


def test_a_mixture_does_not_give_one_draw_to_all_labels() -> None:
    with pytest.raises(GuessmodelError, match="normal is one draw for all labels of 'month'"):
        gm.mixture([0, gm.normal(5, 8)], [0.9, 0.1], dim={"month": range(3)})
    fine = gm.normal(5, 8, dim={"month": range(3)})
    assert gm.mixture([0, fine], [0.9, 0.1]).dims == fine.dims


def test_a_dimension_that_repeats_labels_is_an_error() -> None:
    trend = gm.constant({1: 0.2, 2: 0.3}, dim="month")
    for dim in ("month", {"month": (1, 2)}, {"month": (1, 2), "place": ("x", "y")}):
        for make in (
            lambda dim: gm.normal(mean=trend, sd=1, dim=dim),
            lambda dim: gm.beta(mean=trend, sd={1: 0.1, 2: 0.2}, dim=dim).sel(month=9),
            lambda dim: gm.mixture([0, trend], [0.1, 0.9], dim=dim),
            lambda dim: gm.categorical({"a": trend, "b": 1 - trend}, dim=dim),
        ):
            with pytest.raises(
                GuessmodelError, match="has no effect, for .* has a 'month' alr|has no label 9"
            ):
                make(dim)
    assert len(gm.normal(mean=trend, sd=1, dim={"place": ("x", "y")}).dims) == 2
