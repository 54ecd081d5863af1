"""Reductions, selections and shifts go by the name of a dimension."""

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError, UnitError, WrongKind
from guessmodel.graph.quantity import Quantity


def draws(quantity: Quantity, n: int = 1024) -> np.ndarray:
    return quantity.sample(n).values


@pytest.fixture
def x() -> Quantity:
    return gm.normal(-1, 2)


def test_statistics_over_labels_need_a_dimension(x):
    with pytest.raises(TypeError, match=r"draws is simulation\[quantity\].mean\(\)"):
        x.mean()
    with pytest.raises(TypeError, match=r"sum\(\) goes .* of a dimension; this one has none$"):
        x.sum()
    with pytest.raises(TypeError, match=r"; write max\('case'\)$"):
        gm.constant({"a": 3, "b": 1}, dim="case").max()


def test_labels_and_positions_may_be_numpys():
    years = gm.constant({2024: 3.0, 2025: 1.0}, dim="year")
    for label in np.array([2025]):
        assert draws(years.sel(year=label), 8)[0] == 1
    for position in np.arange(1):
        assert draws(years.isel(year=position), 8)[0] == 3
    assert draws(years.sel(year=np.array([2025, 2024])), 8)[:, 0].tolist() == [1, 3]


def test_labelled_reductions_and_selections():
    costs = gm.constant({"a": 3, "b": 1, "c": 2}, "USD", dim="case")
    expected = {
        "sum": 6,
        "mean": 2,
        "min": 1,
        "max": 3,
    }
    for kind, value in expected.items():
        assert draws(getattr(costs, kind)("case"), 8)[0] == value
    assert draws(costs.cumsum("case"), 8)[:, 0].tolist() == [3, 4, 6]
    assert draws(costs.sel(case="b"), 8)[0] == 1
    assert draws(costs.sel(case=["c", "a"]), 8)[:, 0].tolist() == [2, 3]
    assert draws(costs.isel(case=-1), 8)[0] == 2
    assert draws(costs.idxmin("case") == "b", 8).all()
    plain = gm.constant({2020: 3.0, 2021: 2.0}, dim="year")
    assert draws(plain.prod("year"), 8)[0] == 6
    assert draws(plain.cumprod("year"), 8)[:, 0].tolist() == [3, 6]
    assert draws(plain.idxmax("year"), 8)[0] == 2020
    assert draws(plain.shift(year=1, fill=0), 8)[:, 0].tolist() == [0, 3]
    with pytest.raises(DimensionError, match="no label 'd'; it has"):
        costs.sel(case="d")
    with pytest.raises(DimensionError, match="no dimension 'year'; the quantity's dimensions: 'ca"):
        costs.sum("year")
    with pytest.raises(DimensionError, match="case=3 is outside 0 to 2"):
        costs.isel(case=3)
    with pytest.raises(DimensionError, match=r"test_labelled.py:\d+: case=0.5 is outside 0 to 2"):
        costs.isel(case=0.5)  # type: ignore[arg-type]
    with pytest.raises(DimensionError, match=r"test_labelled.py:\d+: no dimension 'year'"):
        costs.isel(year=0)
    with pytest.raises(DimensionError, match=r"has no label slice\('a', 'b', None\); it has"):
        costs.sel(case=slice("a", "b"))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="shift moves by a whole number of labels, not 0.5"):
        costs.shift(case=0.5)  # type: ignore[arg-type]
    with pytest.raises(UnitError, match="prod over case of USD"):
        costs.prod("case")
    with pytest.raises(WrongKind, match="write one of 'a', 'b', 'c'"):
        _ = costs.idxmin("case") == "z"


def test_conflicting_labels_show_both():
    a = gm.constant({"p": 1, "q": 2}, dim="case")
    b = gm.constant({"p": 1, "r": 2}, dim="case")
    with pytest.raises(DimensionError, match=r"\['p', 'q'\] in one operand and \['p', 'r'\]"):
        _ = a + b


def test_labels_that_are_not_applicable_are_left_out():
    span = gm.constant({"a": 3, "b": None, "c": 1}, dim="case")
    assert draws(span.sum("case"), 8)[0] == 4
    assert draws(span.mean("case"), 8)[0] == 2
    assert draws((2 * span).max("case"), 8)[0] == 6
    result = span.sample(8)
    assert [piece.applicable for piece in result.by_label.values()] == [True, False, True]
    assert result.non_finite == 0.0


def test_categories_beside_a_dimension_of_that_name() -> None:
    costs = gm.stack({"x": gm.constant({"a": 3, "b": 1}, dim="case"), "y": 2}, dim="category")
    with pytest.raises(
        DimensionError, match=r"test_labelled.py:\d+: idxmin over case is one of several"
    ):
        costs.idxmin("case")
    assert costs.idxmin("category").categories == ("x", "y")


def test_labels_print_as_labels() -> None:
    cost = gm.normal({2024: 1, 2025: 2, 2026: 2}, {2024: 2, 2025: 3, 2026: 4}, dim="year")
    best = cost.idxmax("year")
    simulation = gm.Model(best=best, later=best + 1, cost=cost).sample(512)
    assert str(simulation["best"].median()) in ("2024", "2025", "2026")
    assert str(simulation["best"].mean()).startswith("202")
    assert not simulation["later"].median().plain  # a number like any other
    first = gm.stack({"a": best, "b": best}, dim="case").min("case")
    assert str(first.sample(512).interval()) == "2025 to 2026"


@pytest.mark.parametrize(
    "label",
    [
        datetime.date(2025, 1, 2),
        datetime.datetime(2025, 1, 2),
        np.datetime64("2025-01-02"),
        pd.Timestamp("2025-01-02"),
        "2025-01-02",
    ],
    ids=lambda label: type(label).__name__,
)
def test_dates_are_selected_as_they_are_kept(label: Any) -> None:
    days = (datetime.date(2025, 1, 1), datetime.date(2025, 1, 2))
    kept = gm.constant(dict(zip(days, (1.0, 2.0), strict=True)), dim="day")
    assert kept.sel(day=label).sample(8).mean().value == 2.0
    assert kept.sel(day=[label]).dims[0].labels == ("2025-01-02",)
    with pytest.raises(DimensionError, match="has no label '2024-01-01'"):
        kept.sel(day=datetime.date(2024, 1, 1))
