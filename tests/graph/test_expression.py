"""Expressions without a name, as people would write them."""

import pytest

import guessmodel as gm
from guessmodel.graph.expression import expression

A = gm.normal(1, 2, "USD")
B = gm.normal(1, 2, "word")
LIMIT = gm.constant(5, "USD")
NAMES = {A: "a", B: "b"}


def test_infix() -> None:
    assert expression(A / B, NAMES) == "a / b"
    assert expression(A / (B * 2), NAMES) == "a / (b * 2)"
    assert expression(A / B * 2, NAMES) == "a / b * 2"
    assert expression((A + A) * B, NAMES) == "(a + a) * b"
    assert expression(A - (A + A), NAMES) == "a - (a + a)"
    assert expression(A > LIMIT, NAMES) == "a > 5 USD"


def test_numbers_are_those_that_were_written() -> None:
    year = gm.normal({2024: 1, 2025: 2}, {2024: 3, 2025: 4}, dim="year").idxmax("year")
    assert expression(year == 2025, {year: "best"}) == "best == 2025"
    assert expression(B * 1.2345, NAMES) == "b * 1.2345"
    assert expression(A * 2_600_000, NAMES) == "a * 2.6M"


MONTHS = (1, 2, 3, 4)
WALK = gm.normal(0, 1, dim={"month": MONTHS}).cumsum("month")
FIRST = WALK.first_where(WALK > 1, "month")
WAY = gm.normal({"a": (1, 2), "b": (1, 3)}, dim="way").idxmin("way")
SHARE = gm.uniform(0, 500, "percent")
CATEGORIES = {FIRST: "w", WAY: "k", SHARE: "share"}


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (FIRST < 3, "w < 3"),
        (FIRST <= 2.5, "w <= 2.5"),
        (FIRST > 70, "w > 70"),
        (FIRST == 2, "w == 2"),
        (FIRST != 4, "w != 4"),
        (FIRST == "never", "w == 'never'"),
        (FIRST < "never", "w < 'never'"),
        (WAY == "b", "k == 'b'"),
        (FIRST < SHARE, "w < share"),
        (SHARE >= FIRST, "share >= w"),
        (FIRST < SHARE + 1, "w < (share + 1)"),
        (gm.constant(300, "percent") <= FIRST, "300% <= w"),
        ((FIRST < 3) & (WAY == "b"), "(w < 3) & (k == 'b')"),
    ],
)
def test_categories_are_compared_with_labels(condition: gm.Quantity, text: str) -> None:
    assert expression(condition, CATEGORIES) == text


def test_brackets_where_it_is_part_of_something() -> None:
    assert expression(A / B, NAMES, inner=True) == "(a / b)"
    assert expression(A, NAMES, inner=True) == "a"


def test_functions_labels_and_conversions() -> None:
    assert expression(gm.ceil(A), NAMES) == "ceil(a)"
    assert expression((A * 24).to("million USD"), NAMES) == "a * 24"
    both = gm.stack({"x": A, "y": A}, dim="kind")
    assert expression(both.sel(kind="y"), {**NAMES, both: "both"}) == "both[y]"


def test_what_has_no_name_shows_its_kind() -> None:
    assert expression(gm.lognormal(1, 2) + gm.normal(1, 2, name="c"), {}) == "lognormal + c"
    assert expression(gm.constant({"x": 1, "y": 2}, dim="kind"), {}) == "constant"


def test_deep_expressions_are_cut() -> None:
    assert expression(gm.exp(gm.exp(gm.exp(gm.exp(A / A)))), NAMES) == "exp(exp(exp(…)))"
    chain = A
    for _ in range(10_000):
        chain = chain + A
    assert expression(chain, NAMES) == "… + a + a + a"


def test_correlated_draws_say_with_what_and_by_what_weights() -> None:
    """2 sin(π/12) = 0.518 of the first, for a rank correlation of 1/2."""
    a, b = gm.correlate([gm.normal(1, 2), gm.gamma(1, 3)], rank=0.5)
    names = {a: "a", b: "b"}
    assert expression(b, {a: "a"}) == "gamma, correlated: 0.518 a"
    assert expression(a, {b: "b"}) == "normal"
    months = gm.correlate(gm.normal(1, 2, dim={"month": range(3)}), along="month", ar1=0.5)
    assert expression(months, names) == "normal, correlated along month"
    _, c = gm.correlate([gm.normal(1, 2), gm.gamma(1, 3)], rank=gm.constant(0.5, name="rho"))
    assert expression(c, {}) == "gamma, correlated: … another"
