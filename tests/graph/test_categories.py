"""Comparisons of categories against NumPy on labels; arithmetic and statistics are refused."""

import operator
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import GuessmodelError
from guessmodel.graph.traversal import ancestors

LABELS = (2, 3.5, 7, 10)
WALK = gm.normal(0, 1, dim={"month": LABELS}).cumsum("month")
FIRST = WALK.first_where(WALK > 1, "month")
ALWAYS = WALK.first_where(
    (WALK > 1) | (gm.constant(dict(zip(LABELS, (0, 0, 0, 1), strict=True)), dim="month") > 0),
    "month",
)
WORDS = gm.normal({"a": (1, 2), "b": (1, 3)}, dim="way").idxmin("way")
DOWN = gm.normal(0, 1, dim={"month": (3, 2, 1)})
FALLING = DOWN.first_where(DOWN > 0, "month")
SIGNS = (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne)
ORDERS = SIGNS[:4]


def labels_of(first: gm.Quantity, **others: gm.Quantity) -> tuple[Any, Any]:
    """A run, and the labels in each draw as numbers, "never" as infinity."""
    run = gm.Model(first=first, **others).sample(512)
    numbers = [np.inf if label == "never" else label for label in first.categories]
    return run, np.array(numbers)[run["first"].values.astype(int)]


@pytest.mark.parametrize("first", [FIRST, ALWAYS])
@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("limit", [-1, 2, 3, 3.5, 5.0, 7, np.int64(7), np.float64(7.5), 10, 11])
def test_labels_are_compared(first: gm.Quantity, sign: Callable[..., Any], limit: Any) -> None:
    as_quantity = gm.constant(float(limit))
    made = {"right": sign(first, as_quantity), "left": sign(as_quantity, first)}
    if limit in LABELS or sign in ORDERS:
        made |= {"plain": sign(first, limit), "before": sign(limit, first)}
    run, labels = labels_of(first, **made)
    for name in made:
        sides = (limit, labels) if name in ("left", "before") else (labels, limit)
        assert np.array_equal(run[name].values, sign(*sides)), name


@pytest.mark.parametrize("ufunc", [np.less, np.less_equal, np.greater, np.greater_equal])
def test_functions_of_numpy_compare_labels(ufunc: np.ufunc) -> None:
    run, labels = labels_of(FIRST, a=ufunc(FIRST, 7), b=ufunc(7, FIRST))
    assert np.array_equal(run["a"].values, ufunc(labels, 7))
    assert np.array_equal(run["b"].values, ufunc(7, labels))


def test_uncertain_thresholds_and_other_categories() -> None:
    other = WALK.first_where(WALK > 2, "month")
    limit = gm.uniform(0, 12)
    made = {"limit": limit, "below": limit >= FIRST, "sooner": other > FIRST}
    run, labels = labels_of(FIRST, **made)
    assert np.array_equal(run["below"].values, run["limit"].values >= labels)
    _, others = labels_of(other)
    assert run["sooner"].values.sum() > 0
    assert others.size == labels.size


@pytest.mark.parametrize("sign", SIGNS)
def test_a_quantity_in_percent_is_the_label_that_it_rounds_to(sign: Callable[..., Any]) -> None:
    parts = {1: 0.001, 2: 0.002, 3: 0.003, 7: 0.007}
    assert parts[3] < (0.1 * 3) / 100
    walk = gm.normal(0, 1, dim={"part": parts.values()}).cumsum("part")
    first = walk.first_where(walk > 1, "part")
    made = {f"at_{k}": sign(first, gm.constant(0.1, "percent") * k) for k in parts}
    run, labels = labels_of(first, **made)
    for k, label in parts.items():
        assert np.array_equal(run[f"at_{k}"].values, sign(labels, label)), label


@pytest.mark.parametrize("sign", SIGNS)
def test_thresholds_with_labels_and_lost_draws(sign: Callable[..., Any]) -> None:
    limit = gm.filtered(gm.normal(mean={"x": 3, "y": 8}, sd=4, dim="case"), low=0)
    run, labels = labels_of(FIRST, limit=limit, made=sign(FIRST, limit))
    limits = run["limit"].values
    expected = np.where(np.isnan(limits), np.nan, sign(labels, limits))
    assert np.isnan(limits).any()
    assert np.array_equal(run["made"].values, expected, equal_nan=True)


def test_a_threshold_takes_one_operation_whatever_the_number_of_labels() -> None:
    def made(months: int) -> int:
        walk = gm.normal(0, 1, dim={"month": range(months)}).cumsum("month")
        return len(list(ancestors([walk.first_where(walk > 1, "month") < gm.uniform(0, 12)])))

    assert made(120) == made(3)


def test_thresholds_with_units_are_refused() -> None:
    with pytest.raises(GuessmodelError, match="cannot compare month and a plain number"):
        FIRST.__lt__(gm.constant(3, "month"))


def test_labels_without_never() -> None:
    assert FIRST.categories == (*LABELS, "never")
    never_last = (FIRST > 10).sample(512).probability().value
    assert never_last == pytest.approx((FIRST == "never").sample(512).probability().value)
    assert (FIRST <= 1e9).sample(512).probability().value == pytest.approx(1 - never_last)


def test_a_selected_label_is_a_category() -> None:
    steps = gm.normal(0, 1, dim={"case": ("x", "y"), "month": (5, 6)})
    first = steps.first_where(steps > 0, "month")
    assert first.sel(case="x").categories == (5, 6, "never")
    assert gm.stack({"p": FIRST, "q": FIRST}, dim="d").categories == FIRST.categories
    run = gm.Model(first=first, low=first.sel(case="y") <= 5).sample(512)
    assert np.array_equal(run["low"].values, run["first"].values[1] == 0)


def test_conditions_in_text() -> None:
    run = gm.Model(first=FIRST, walk=WALK).sample(512)
    share = np.mean(run["first"].values < 2)
    for text in ("first < 5", "5 > first", "first <= 3.5"):
        assert run.given(text).run.kept == pytest.approx(512 * share)


@pytest.mark.parametrize("sign", ORDERS)
def test_labels_without_order(sign: Callable[..., Any]) -> None:
    for call in (lambda: sign(WORDS, 1), lambda: sign(gm.normal(0, 1), WORDS)):
        with pytest.raises(GuessmodelError, match="are no numbers and have no order; write == 'a'"):
            call()
    with pytest.raises(GuessmodelError, match="are not in ascending order; write == 3"):
        sign(FALLING, 2)


@pytest.mark.parametrize(
    "call",
    [
        lambda: FIRST + 1,
        lambda: 1 - FIRST,
        lambda: -FIRST,
        lambda: FIRST & (WALK.sel(month=2) > 0),
        lambda: np.exp(FIRST),
        lambda: gm.minimum(FIRST, 5),
        lambda: gm.interpolate(FIRST, {0: 1, 5: 2}),
        lambda: gm.filtered(FIRST, 1, 3),
        lambda: gm.where(WALK.sel(month=2) > 0, FIRST, 1),
        lambda: gm.apply(np.sin, FIRST),
        lambda: gm.stack({"a": FIRST, "b": 1}, dim="d"),
        lambda: round(FIRST),
        lambda: gm.normal(mean=FIRST, sd=1),
        lambda: gm.scan(lambda s: s + 1, FIRST, dim={"year": (1, 2)}),
    ],
)
def test_arithmetic_is_refused(call: Callable[[], Any]) -> None:
    text = "takes numbers, and min over month is a category; compare it (== 2), or gm.choose({2: 1,"
    with pytest.raises(GuessmodelError, match=re.escape(text)):
        call()


@pytest.mark.parametrize("other", [FALLING, WORDS])
def test_other_labels_are_no_sides(other: gm.Quantity) -> None:
    with pytest.raises(GuessmodelError):
        FIRST.__lt__(other)
    with pytest.raises(GuessmodelError, match="two categories of different labels"):
        FIRST.__eq__(other)


STATISTICS: dict[str, Callable[[Any], Any]] = {
    "mean": lambda r: r.mean(),
    "median": lambda r: r.median(),
    "sd": lambda r: r.sd(),
    "quantile": lambda r: r.quantile(0.9),
    "interval": lambda r: r.interval(),
    "guesstimate_interval": lambda r: r.guesstimate_interval(),
    "probability": lambda r: r.probability(),
    "skewness": lambda r: r.skewness(),
    "kurtosis": lambda r: r.kurtosis(),
    "mode": lambda r: r.mode(),
    "hdi": lambda r: r.hdi(),
    "cdf": lambda r: r.cdf(1),
    "exceedance": lambda r: r.exceedance(1),
    "shortfall": lambda r: r.shortfall(),
    "lower shortfall": lambda r: r.shortfall(0.1, "lower"),
}


@pytest.mark.parametrize("name", STATISTICS)
def test_statistics_of_numbers_are_refused(name: str) -> None:
    with pytest.raises(
        GuessmodelError, match=r"no statistics of numbers; ask for .category_probability"
    ):
        STATISTICS[name](WORDS.sample(64))


def test_the_most_frequent_labels_are_shown() -> None:
    text = repr(gm.Model(first=FIRST).sample(512)["first"])
    assert text.startswith("<first: ")
    assert "mean" not in text
    assert " 10: 0.1" in text
