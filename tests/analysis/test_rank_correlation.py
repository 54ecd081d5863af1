"""Rank correlations of inputs and results."""

import math

import pytest

import guessmodel as gm
from guessmodel.analysis.rank_correlation import dependence


def spearman(rho: float) -> float:
    """Of a bivariate normal pair with correlation rho: 6/pi asin(rho/2) (Pearson 1907)."""
    return 6.0 / math.pi * math.asin(rho / 2.0)


def test_sum_of_normals() -> None:
    a, b, c = (gm.normal(-1, 1, name=name) for name in "abc")
    model = gm.Model(a=a, b=b, c=c, total=a - 2 * b + 0.01 * c)
    (entry,) = dependence(model, model.sample(), ["total"])
    assert (entry.output, entry.labels) == ("total", {})
    assert [name for name, _ in entry.inputs] == ["b", "a"]  # c is below 0.05
    size = math.sqrt(5.0001)
    for (_, e), rho in zip(entry.inputs, (-2 / size, 1 / size), strict=True):
        assert e.value == pytest.approx(spearman(rho), abs=2e-3)
        assert e.low <= e.value <= e.high


def test_draws_that_were_not_kept() -> None:
    a, b = gm.normal(-1, 1, name="a"), gm.normal(-1, 1, name="b")
    model = gm.Model(a=a, b=b, total=a + gm.maximum(b, -9))
    (entry,) = dependence(model, model.sample(1 << 18, keep=False), ["total"])
    for _, e in entry.inputs:
        assert e.value == pytest.approx(spearman(math.sqrt(0.5)), abs=2e-3)


def test_a_wrong_sign_would_be_seen() -> None:
    a, b = gm.normal(-1, 1, name="a"), gm.normal(-1, 1, name="b")
    model = gm.Model(a=a, b=b, total=a + 2 * b)
    (entry,) = dependence(model, model.sample(), ["total"])
    assert entry.inputs[0][1].value > 0.5


def test_labels_are_matched() -> None:
    a = gm.normal({"x": (1, 2), "y": (1, 2)}, dim="at", name="a")
    b = gm.normal({1: (1, 2), 2: (1, 2)}, dim="step", name="b")
    model = gm.Model(a=a, b=b, out=a * b.sum("step"))
    found = dependence(model, model.sample(8192), ["out"])
    assert [entry.labels for entry in found] == [{"at": "x"}, {"at": "y"}]
    for entry, label in zip(found, "xy", strict=True):
        assert {name for name, _ in entry.inputs} == {f"a[{label}]", "b[1]", "b[2]"}


def test_inputs_at_other_labels_are_left_out_even_where_they_move_together() -> None:
    a = gm.normal({"x": (1, 2), "y": (1, 3)}, dim="at", name="a", shared="at")
    model = gm.Model(a=a, out=2 * a)
    x, y = dependence(model, model.sample(1024), ["out"])
    assert [name for name, _ in x.inputs] == ["a[x]"]
    assert [name for name, _ in y.inputs] == ["a[y]"]


def test_what_does_not_vary_and_what_is_drawn_has_none() -> None:
    a = gm.normal(1, 2, name="a")
    model = gm.Model(a=a, fixed=gm.constant(2) * 3, none=a - a)
    assert dependence(model, model.sample(1024), ["a", "fixed", "none"]) == []
