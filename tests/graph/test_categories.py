"""Comparisons of categories against NumPy on labels; arithmetic and statistics are refused."""

import operator
import re
from collections.abc import Callable
from dataclasses import replace
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


@pytest.mark.parametrize("sign", SIGNS)
def test_uncertain_thresholds_and_other_categories(sign: Callable[..., Any]) -> None:
    other = WALK.first_where(WALK > 2, "month")
    limit = gm.uniform(0, 12)
    made = {
        "limit": limit,
        "other": other,
        "below": sign(limit, FIRST),
        "sooner": sign(other, FIRST),
    }
    run, labels = labels_of(FIRST, **made)
    others = np.array([*LABELS, np.inf])[run["other"].values.astype(int)]
    assert len(np.unique(labels)) > 1 and np.any(others != labels)  # all of them are met
    assert np.array_equal(run["below"].values, sign(run["limit"].values, labels))
    assert np.array_equal(run["sooner"].values, sign(others, labels))


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


def test_never_is_beyond_all_numbers() -> None:
    assert FIRST.categories == (*LABELS, "never")
    made = {"beyond": FIRST > 10, "never": FIRST == "never", "some": FIRST <= 1e9}
    run, labels = labels_of(FIRST, **made)
    assert 0 < np.isinf(labels).sum() < labels.size
    assert np.array_equal(run["beyond"].values, np.isinf(labels))
    assert np.array_equal(run["never"].values, np.isinf(labels))
    assert np.array_equal(run["some"].values, ~np.isinf(labels))


def test_a_selected_label_is_a_category() -> None:
    steps = gm.normal(0, 1, dim={"case": ("x", "y"), "month": (5, 6)})
    first = steps.first_where(steps > 0, "month")
    assert first.sel(case="x").categories == (5, 6, "never")
    assert gm.stack({"p": FIRST, "q": FIRST}, dim="d").categories == FIRST.categories
    run = gm.Model(first=first, low=first.sel(case="y") <= 5).sample(512)
    assert np.array_equal(run["low"].values, run["first"].values[1] == 0)


def test_conditions_in_text() -> None:
    run = gm.Model(first=FIRST, walk=WALK).sample(512)
    kept = np.count_nonzero(run["first"].values < 2)
    assert 0 < kept < 512
    for text in ("first < 5", "5 > first", "first <= 3.5"):
        assert run.given(text).run.kept == kept


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
        lambda: gm.hurdle(gm.poisson(2), FIRST),
        lambda: gm.zero_inflated(gm.poisson(2), FIRST),
        lambda: gm.zero_inflated(FIRST, 0.5),
        lambda: gm.compound(FIRST, gm.gamma(1, 2)),
        lambda: gm.mixture([FIRST, FIRST]),
        lambda: gm.where(FIRST, 1, 2),
        lambda: FIRST.to("percent"),
        lambda: gm.stack({"a": 1, "b": FIRST}, dim="d"),
    ],
)
def test_arithmetic_is_refused(call: Callable[[], Any]) -> None:
    text = "takes numbers, and min over month is a category; compare it (== 2), or gm.choose({2: 1,"
    with pytest.raises(GuessmodelError, match=re.escape(text)):
        call()


CASES = gm.stack({"p": FIRST, "q": ALWAYS}, dim="case")
STATE_AND_NUMBER = {
    "a number": (0, lambda s: FIRST),
    "a category (2, 3.5, 7, 10, 'never')": (FIRST, lambda s: 1),
}


def test_operations_along_labels_of_categories() -> None:
    for call, what in (
        (lambda: CASES.max("case"), "max over case"),
        (lambda: CASES.idxmax("case"), "idxmax over case"),
        (lambda: CASES.median("case"), "median over case"),
        (lambda: CASES.cumsum("case"), "cumsum along case"),
        (lambda: CASES.diff("case"), "-"),
        (lambda: CASES.shift(0, case=1), "shift case by 1"),
    ):
        with pytest.raises(GuessmodelError, match=f"{what} takes numbers, and stack case is"):
            call()
    assert CASES.shift(case=1).categories == FIRST.categories


def test_numbers_have_formats_and_categories_have_none() -> None:
    with pytest.raises(GuessmodelError, match="format='year' says how numbers are written"):
        FIRST.formatted("year")


def test_categories_are_chosen_among() -> None:
    heads = gm.bernoulli(0.5)
    made = {
        "where": gm.where(heads, FIRST, ALWAYS),
        "choose": gm.choose({1: FIRST, 0: ALWAYS}, by=heads, otherwise=ALWAYS),
    }
    run, _ = labels_of(FIRST, always=ALWAYS, heads=heads, **made)
    expected = np.where(run["heads"].values, run["first"].values, run["always"].values)
    for name, quantity in made.items():
        assert quantity.categories == FIRST.categories
        assert np.array_equal(run[name].values, expected)
    with pytest.raises(GuessmodelError, match=r"different labels, .* and \('a', 'b'\), do not mix"):
        gm.where(heads, FIRST, WORDS)


def test_a_state_that_is_a_category() -> None:
    stays = gm.normal(0, 1, dim={"year": (1, 2, 3)})
    state = gm.scan(
        lambda now, x: gm.where((x > 0) | (now == 2), now, ALWAYS), FIRST, stays, dim="year"
    )
    assert state.categories == FIRST.categories
    run, _ = labels_of(FIRST, always=ALWAYS, stays=stays, state=state)
    now = run["first"].values
    for x, found in zip(run["stays"].values, run["state"].values, strict=True):
        now = np.where((x > 0) | (now == 0), now, run["always"].values)
        assert np.array_equal(found, now)


@pytest.mark.parametrize("kind", STATE_AND_NUMBER)
def test_states_stay_of_one_kind(kind: str) -> None:
    init, step = STATE_AND_NUMBER[kind]
    with pytest.raises(
        GuessmodelError, match=re.escape(f"scan: init is {kind}, and the step gives")
    ):
        gm.scan(step, init, dim={"year": (1, 2)})
    with pytest.raises(GuessmodelError, match="state or slice of gm.scan is a category; compare"):
        gm.scan(lambda s: s + 1, FIRST, dim={"year": (1, 2)})


def test_the_size_of_an_event_may_hang_on_a_category() -> None:
    loss = gm.compound(1, lambda: gm.normal(mean=gm.where(FIRST == 2, 5, 1), sd=1e-9))
    run, labels = labels_of(FIRST, loss=loss)
    assert run["loss"].values == pytest.approx(np.where(labels == 2, 5, 1), abs=1e-6)


def test_no_rewriting_of_the_graph_makes_a_category_a_number() -> None:
    x = gm.normal(0, 1)
    total = x + 1
    with pytest.raises(
        GuessmodelError, match="x: it is a number, and what is given a category of 2, 3.5"
    ):
        gm.Model(x=x, total=total).with_({x: FIRST})
    with pytest.raises(GuessmodelError, match="takes numbers"):
        replace(total, operands=(FIRST, total.operands[1]))
    with pytest.raises(GuessmodelError, match="takes numbers"):
        replace(FIRST == 2, operands=(FIRST, gm.constant(0)))


def test_never_is_after_all() -> None:
    run, labels = labels_of(FIRST, before=FIRST < "never", up_to=FIRST <= "never")
    assert np.array_equal(run["before"].values, labels < np.inf)
    assert run["up_to"].values.all()
    with pytest.raises(GuessmodelError, match="'nev' is none of the labels; write one of 2, "):
        FIRST.__lt__("nev")
    with pytest.raises(GuessmodelError, match="are no numbers and have no order"):
        WORDS.__lt__("a")


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
    found = gm.Model(first=FIRST).sample(512)["first"]
    counts = np.bincount(found.values.astype(int), minlength=5)
    assert len(set(counts.tolist())) == 5
    most = [FIRST.categories[code] for code in np.argsort(-counts)[:3]]
    shares = [f"{label}: {found.category_probability(label)}" for label in most]
    assert repr(found) == f"<first: {', '.join(shares)}>"
    for label, count in zip(FIRST.categories, counts, strict=True):
        assert found.category_probability(label).value == count / 512
