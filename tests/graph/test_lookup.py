"""Choosing by a category, and tables of numbers, against NumPy on the same draws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.errors import GuessmodelError, ModelError, UnitError, UsageError, WrongKind

COSTS = gm.normal({"fast": (2, 4), "safe": (1, 6)}, dim="way", unit="USD")
WAY = COSTS.idxmin("way")
FAST, SAFE = gm.constant(1, "day"), gm.normal(2, 4, "day")
X = gm.normal(mean=0, sd=1)


def test_the_option_of_the_category_in_each_draw() -> None:
    days = gm.choose({"fast": FAST, "safe": SAFE}, by=WAY)
    simulation = gm.Model(costs=COSTS, safe=SAFE, days=days).sample(1024)
    fast, safe = simulation["costs"].values
    expected = np.where(fast <= safe, 1.0, simulation["safe"].values)
    np.testing.assert_array_equal(simulation["days"].values, expected)
    assert str(days.unit) == "day"
    other = gm.choose({"safe": SAFE}, by=WAY, otherwise=FAST)
    np.testing.assert_array_equal(
        gm.Model(costs=COSTS, safe=SAFE, days=other).sample(1024)["days"].values, expected
    )


YEAR = gm.stack({2025: X, 2026: 0 * X}, dim="year").idxmax("year")


def test_by_numbers() -> None:
    price = gm.choose({2025: 1, 2026: 2}, by=YEAR)
    first = gm.stack({"p": YEAR, "q": YEAR}, dim="case").min("case")
    heads = gm.bernoulli(0.25)
    made = {
        "price": price,
        "same": gm.choose({2025: 1, 2026: 2}, by=first),
        "either": gm.choose({1: X, 0: 5}, by=heads),
    }
    run = gm.Model(x=X, heads=heads, **made).sample(1024)
    expected = np.where(run["x"].values >= 0, 1.0, 2.0)
    np.testing.assert_array_equal(run["price"].values, expected)
    np.testing.assert_array_equal(run["same"].values, expected)
    either = np.where(run["heads"].values == 1, run["x"].values, 5.0)
    np.testing.assert_array_equal(run["either"].values, either)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.floats(-3, 3).map(lambda x: round(x, 2)), st.floats(-10, 10), min_size=2, max_size=6
    )
)
def test_straight_lines_are_those_of_numpy(table: dict[float, float]) -> None:
    model = gm.Model(
        x=X, held=gm.interpolate(X, table, beyond="hold"), lost=gm.interpolate(X, table)
    )
    simulation = model.sample(64)
    x = simulation["x"].values
    knots = sorted(table)
    expected = np.interp(x, knots, [table[knot] for knot in knots])
    np.testing.assert_allclose(simulation["held"].values, expected, rtol=1e-9, atol=1e-9)
    inside = (x >= knots[0]) & (x <= knots[-1])
    np.testing.assert_array_equal(np.isfinite(simulation["lost"].values), inside)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.floats(-3, 3).map(lambda x: round(x, 2)),
        st.floats(-10, 10).map(lambda x: round(x, 1)),
        min_size=2,
        max_size=6,
    )
)
def test_at_its_points_it_is_what_the_table_says_to_the_last_digit(
    table: dict[float, float],
) -> None:
    """As it is beyond the ends: a chance of at most the value there must not be one of less."""
    knots = sorted(table)
    x = gm.stack({i: gm.constant(knot) for i, knot in enumerate([-4.0, *knots, 4.0])}, dim="i")
    for unit in ("", "km", "degC"):
        found = gm.interpolate(x, table, unit, beyond="hold").sample(8).values[:, 0]
        expected = [table[knots[0]], *(table[knot] for knot in knots), table[knots[-1]]]
        np.testing.assert_array_equal(found, expected)


def test_units_of_tables() -> None:
    distance = gm.constant(2500, "m")
    fare = gm.interpolate(distance, {"0 km": "3 USD", "5 km": "500 cent"})
    assert str(fare.unit) == "USD"
    assert fare.sample(8).mean().value == pytest.approx(4.0)
    warm = gm.interpolate(gm.constant(20, "degC"), {"10 degC": "1 USD", 30: "2 USD"})
    assert warm.sample(8).mean().value == pytest.approx(1.5)
    by_unit = gm.interpolate(distance, {0: 1, 5000: 2}, "hour")
    assert str(by_unit.sample(8).mean()) == "1.5 hour"


def test_draws_beyond_the_table_are_told() -> None:
    simulation = gm.Model(y=gm.interpolate(X, {0: 1, 5: 2})).sample(1024)
    assert simulation.problems()[0].startswith("y: 50% of the draws are dropped (filtered, ")
    assert simulation["y"].mean().value == pytest.approx(1 + 0.2 * np.sqrt(2 / np.pi), abs=1e-3)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: gm.choose({}, by=WAY), WrongKind, "choose takes options by label"),
        (lambda: gm.choose({"a": 1}, by="way"), WrongKind, "by= is a category such as"),
        (lambda: gm.choose({"fast": 1, "saf": 2}, by=WAY), UsageError, "did you mean 'safe'?"),
        (lambda: gm.choose({"fast": 1}, by=WAY), UsageError, "there is no option for 'safe'; add"),
        (
            lambda: gm.choose({1: 1}, by=X),
            UsageError,
            "may have other values, for it is no category; give otherwise=",
        ),
        (lambda: gm.choose({2025: 1}, by=YEAR), UsageError, "there is no option for 2026; add one"),
        (lambda: gm.choose({2052: 1}, by=YEAR, otherwise=0), UsageError, "did you mean '2026'"),
        (lambda: gm.choose({1: 1}, by=gm.bernoulli(0.5)), UsageError, "there is no option for 0"),
        (lambda: gm.choose({"fast": FAST, "safe": 3}, by=WAY), UnitError, ""),
        (lambda: gm.interpolate(3, {0: 1, 1: 2}), WrongKind, "looks up a quantity"),
        (lambda: gm.interpolate(X, {0: 1}), UsageError, "a table of two points at least"),
        (lambda: gm.interpolate(X, {0: 1, "0": 2}), ModelError, "two values at one point"),
        (lambda: gm.interpolate(X, {0: 1, 1: "x"}), GuessmodelError, "cannot read 'x' as a figure"),
        (lambda: gm.interpolate(X, {"0 kg": 1, 1: 2}), UnitError, "cannot convert kg"),
        (lambda: gm.interpolate(X, {0: 1, 1: 2}, beyond="x"), UsageError, "'drop' or 'hold'"),
    ],
)
def test_what_is_refused(call, kind: type[GuessmodelError], message: str) -> None:
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value)
    assert "test_lookup.py" in str(caught.value)
