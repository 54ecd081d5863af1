"""The first label at which a condition holds; "never" is an answer of its own."""

import re

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError, UsageError, WrongKind

WALK = gm.normal(mean=0, sd=1, dim={"month": range(1, 5)}).cumsum("month")


def test_each_label_and_never_have_their_probability() -> None:
    first = WALK.first_where(WALK > 1, "month")
    assert first.categories == (1, 2, 3, 4, "never")
    run = gm.Model(walk=WALK, first=first).sample(1024)
    over = run["walk"].values > 1.0
    expected = np.where(over.any(axis=0), over.argmax(axis=0), 4)  # by NumPy
    assert np.array_equal(run["first"].values, expected)
    for code, label in enumerate(first.categories):
        hit = gm.Model(walk=WALK, hit=first == label).sample(1024)["hit"]
        assert np.array_equal(hit.values, expected == code)
        assert hit.probability().value == np.mean(expected == code) > 0.0


def test_numbers_are_compared_with_labels_and_not_with_places() -> None:
    stock = gm.constant({2030: 1, 2031: 9}, dim="year")
    first = stock.first_where(stock > 5, "year")
    assert (first == 2031).sample(8).mean().value == 1.0
    with pytest.raises(WrongKind, match="1 is none of the labels; write one of 2030, 2031"):
        first == 1  # noqa: B015


def test_never_is_a_number_where_one_is_given() -> None:
    first = WALK.first_where(WALK > 1, "month", never=5)
    run = gm.Model(walk=WALK, first=first).sample(512)
    over = run["walk"].values > 1.0
    expected = np.where(over.any(axis=0), over.argmax(axis=0) + 1, 5)
    assert np.array_equal(run["first"].values, expected)


def test_labels_at_which_the_quantity_is_not_applicable_do_not_count() -> None:
    stock = gm.constant({"a": 1, "b": None, "c": 3}, dim="site")
    level = gm.constant({"a": 0, "b": 9, "c": 9}, dim="site")
    first = stock.first_where(level > 5, "site")
    assert (first == "c").sample(8).mean().value == 1.0


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: WALK.first_where(WALK > 1, "year"), DimensionError, "has no dimension 'year'"),
        (
            lambda: WALK.first_where(WALK, "month"),
            WrongKind,
            "a condition, and cumsum along month is",
        ),
        (lambda: WALK.first_where(3, "month"), WrongKind, "takes a condition such as cash < 0"),
        (lambda: WALK.first_where(WALK > 1, "month", never=4), UsageError, "above all labels"),
        (
            lambda: WALK.first_where(gm.constant({"a": 1, "never": 0}, dim="x") > 0.5, "x"),
            DimensionError,
            "has a label 'never' itself",
        ),
        (
            lambda: WALK.first_where(gm.constant({"a": 1, "b": 0}, dim="x") > 0.5, "x", never=9),
            UsageError,
            "are no numbers",
        ),
        (lambda: WALK.diff(3), WrongKind, "diff goes along one dimension"),
        (lambda: WALK.growth("year"), DimensionError, "no dimension 'year'"),
    ],
)
def test_refusals(call, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=re.escape(text)):
        call()


def test_differences_and_growth() -> None:
    stock = gm.constant({"may": 5, "june": 8, "july": 6}, "USD", dim="month")
    change, growth = stock.diff("month"), stock.growth("month")
    assert str(change.unit) == "USD"
    assert growth.unit.is_dimensionless
    np.testing.assert_array_equal(change.sample(8).values[:, 0], [np.nan, 3.0, -2.0])
    np.testing.assert_allclose(growth.sample(8).values[:, 0], [np.nan, 0.6, -0.25])
    assert str(gm.constant({1: 20, 2: 21}, "degC", dim="t").diff("t").unit) == "delta_degC"
