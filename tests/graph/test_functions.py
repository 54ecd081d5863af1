"""Typed functions agree with NumPy on the same draws."""

import math

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError, ModelError, UnitError, WrongKind


@pytest.mark.parametrize(
    "name", ["exp", "expm1", "log", "log1p", "log10", "log2", "sqrt", "sin", "cos", "tan", "tanh"]
)
def test_elementary_functions(name):
    x = gm.lognormal(0.5, 2)
    sim = gm.Model(x=x, y=getattr(gm, name)(x)).sample(256)
    np.testing.assert_array_equal(sim["y"].values, getattr(np, name)(sim["x"].values))


@pytest.mark.parametrize("name", ["ceil", "floor", "trunc", "sign", "abs"])
def test_rounding_functions_count_in_the_unit(name):
    x = gm.normal(-5, 5, "USD")
    y = getattr(gm, name)(x)
    sim = gm.Model(x=x, y=y).sample(256)
    np.testing.assert_array_equal(sim["y"].values, getattr(np, name)(sim["x"].values))
    assert str(y.unit) == ("" if name == "sign" else "USD")


@pytest.mark.parametrize(
    ("function", "x", "unit", "to", "expected"),
    [
        # 12 nodes, 27% of them: 3.24 nodes are meant, not 324 percent of one
        (gm.ceil, 3.24, "node", None, (4, "node")),
        (gm.ceil, 324, "percent", None, (4, "")),
        (gm.floor, 2.5005, "thousand", None, (2500, "")),
        (gm.trunc, -2.5, "thousand", "thousand", (-2, "thousand")),
        (gm.ceil, 12.3, "percent", "percent", (13, "percent")),
        (gm.round, 100, "minute", "hour", (2, "hour")),
        (gm.floor, 1.605, "USD", "cent", (160, "cent")),
        (gm.ceil, 61, "minute", "hour", (2, "hour")),
    ],
)
def test_whole_numbers_are_counted_in_the_unit_named(function, x, unit, to, expected):
    for quantity in (gm.constant(x, unit), gm.uniform(x - 1e-9, x, unit)):
        rounded = function(quantity, to=to)
        assert (rounded.sample(64).values[0], str(rounded.unit)) == expected


def test_round_counts_digits_in_the_unit_named():
    x = gm.normal(0.05, 0.2)
    sim = gm.Model(x=x, y=gm.round(x, 1, to="percent"), z=gm.round(x, 2)).sample(256)
    np.testing.assert_allclose(sim["y"].values, np.round(sim["x"].values * 100, 1), atol=1e-12)
    np.testing.assert_allclose(sim["z"].values, np.round(sim["x"].values, 2), atol=1e-15)
    hundreds = gm.round(gm.constant(1250, "USD"), -2)
    assert hundreds.sample(8).values[0] == 1200


def test_a_unit_to_round_in_must_fit():
    with pytest.raises(UnitError, match=r"test_functions.py:\d+: cannot convert node to day"):
        gm.ceil(gm.constant(1, "node"), to="day")
    with pytest.raises(UnitError, match=r"test_functions.py:\d+: unknown unit 'nodde'; did you"):
        gm.round(gm.constant(1, "node"), to="nodde")


def test_apply_wraps_any_function_of_draws():
    x = gm.lognormal(1, 3, "USD")
    y = gm.apply(lambda a, b: a + 2 * b, x, 5, unit="USD")
    sim = gm.Model(x=x, y=y).sample(256)
    np.testing.assert_array_equal(sim["y"].values, sim["x"].values + 10)
    assert str(y.unit) == "USD"


def test_apply_gets_percent_as_a_plain_number_as_numpys_functions_do():
    share = gm.beta(20, 40, "percent")
    sim = gm.Model(ours=gm.apply(np.exp, share), numpys=np.exp(share)).sample(64)
    np.testing.assert_array_equal(sim["ours"].values, sim["numpys"].values)


def test_apply_catches_a_function_that_mixes_draws():
    def centred(a):
        return a - a.mean()

    with pytest.raises(ModelError, match=r"test_functions.py:\d+: gm.apply: centred mixes draws"):
        gm.apply(centred, gm.normal(0, 1)).sample(256)


def test_apply_does_not_let_a_function_write_into_the_draws_of_others():
    def positive_part(a):
        a[a < 0] = 0
        return a

    x = gm.normal(-1, 1)
    with pytest.raises(ModelError, match=r"positive_part failed with ValueError: .* read-only"):
        gm.Model(x=x, part=gm.apply(positive_part, x)).sample(256)


def test_apply_says_how_a_function_of_one_number_takes_arrays():
    def taxed(amount):
        return 2 * amount if amount > 0 else amount

    x = gm.normal(-1, 1)
    with pytest.raises(
        ModelError, match=r"; write np.where\(condition, a, b\) for if; np.vectorize"
    ):
        gm.apply(taxed, x).sample(256)
    with pytest.raises(ModelError, match=r"; NumPy's functions take them, not those of math; np."):
        gm.apply(math.exp, x).sample(256)


def test_apply_needs_a_function_and_a_quantity():
    with pytest.raises(WrongKind, match=r"gm.apply\(function, a, b\)"):
        gm.apply(gm.normal(0, 1))  # type: ignore[arg-type]
    with pytest.raises(WrongKind, match="apply needs a quantity"):
        gm.apply(np.exp)


def test_stack_joins_and_broadcasts():
    a = gm.constant(1, "day")
    b = gm.constant({"x": 12, "y": 24}, "hour", dim="case")
    both = gm.stack({"first": a, "second": b}, dim="which")
    assert str(both.unit) == "day"
    values = both.sample(8).values[..., 0]
    np.testing.assert_array_equal(values, [[1, 1], [0.5, 1]])
    with pytest.raises(UnitError, match="cannot stack day and USD along 'which'"):
        gm.stack({"a": a, "b": gm.constant(1, "USD")}, dim="which")
    with pytest.raises(DimensionError, match="has the dimension 'case' already"):
        gm.stack({"a": b}, dim="case")
    with pytest.raises(WrongKind, match="stack takes labels"):
        gm.stack([a, a], dim="which")  # type: ignore[arg-type]


@pytest.mark.parametrize("digits", ["x", 1.5, None])
def test_digits_are_whole_numbers(digits):
    with pytest.raises(WrongKind, match="round takes a whole number of digits, not"):
        gm.round(gm.normal(0, 1), digits)


def test_a_function_of_arrays_keeps_their_labels():
    """A sum over the first axis would be repeated at each label; a number stands for all."""
    sales = gm.normal({"a": (1, 2), "b": (3, 4)}, dim="site")
    wrong = gm.apply(lambda values: values.sum(axis=0), sales)
    with pytest.raises(ModelError, match=r"has 1 dimension and not 2, labels first.*q.sum\(…\)"):
        wrong.sample(64).sel(site="a").mean()
    fixed = gm.apply(lambda values: 3.0, sales).sample(64)
    assert fixed.sel(site="b").mean().value == 3.0
    beside = gm.apply(lambda one, each: one * 2, gm.normal(1, 3), sales).sample(64)
    assert beside.sel(site="a").mean().value == pytest.approx(4, abs=0.1)
