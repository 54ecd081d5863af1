"""What follows from conditions: a table, and all draws of random ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.graph.coordinates import Element
from guessmodel.graph.implied import Implied
from guessmodel.graph.quantity import Quantity

X, Y, N = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1), gm.poisson(mean=2)
YES = gm.bernoulli(0.5)
ROWS = gm.stack({"a": X, "b": Y}, dim="row")
length = gm.normal(mean=2, sd=1, unit="m")
BEST = ROWS.idxmax("row")


def _implied(condition: Quantity, of: Quantity) -> float | None:
    return Implied.by([Element(condition, ())]).value(Element(of, ()))


@pytest.mark.parametrize(
    ("condition", "of", "value"),
    [
        (X > 1, X > 1, 1.0),
        (X > 1, X >= 1, 1.0),
        (X >= 1, X > 1, None),
        (X > 1, ~(X <= 1), 1.0),
        (X > 1, X > 2, None),
        (X > 1, X < 0.5, 0.0),
        (X > 1, X == 1, 0.0),
        (X > 1, X != 0, 1.0),
        (X > Y, Y < X, 1.0),
        (X > Y, X <= Y, 0.0),
        (X > Y, X == Y, None),
        ((X > 1) & (Y > 1), Y > 0, 1.0),
        ((X > 1) | (Y > 1), X > 1, None),
        (~((X > 1) | YES), YES, 0.0),
        (YES, YES, 1.0),
        (YES, YES * 3, None),
        (YES, YES > 0.5, 1.0),
        (YES, YES & (X > 0), None),
        (YES, YES | (X > 0), 1.0),
        (YES & (X > 0), YES ^ (X > 0), 0.0),
        (X * 2 + Y > 1, X * 2 + Y > 0, 1.0),
        (X * 2 > 1, Y * 2 > 1, None),
        (N & (X > 0), N, None),  # it is not 0, which does not tell how many it is
        (N & (X > 0), X > 0, 1.0),
        (N <= 3, N < 3, None),
        (N <= 3, N <= 4, 1.0),
        (N < 3, N <= 3, 1.0),
        (N >= 3, N > 3, None),
        (N == 3, N, 3.0),
        (N == 3, N > 2, 1.0),
        (BEST == "a", BEST == "b", 0.0),
        (ROWS.sel(row="a") > 1, X > 0, 1.0),
        (X > 1, ROWS.sel(row="a") > 0, 1.0),
        (X > 1, ROWS.sel(row="b") > 0, None),
        (length > gm.constant(2, "m"), length > gm.constant(1, "m"), 1.0),
        (length > gm.constant(200, "cm"), length > gm.constant(200, "cm"), 1.0),
    ],
)
def test_what_follows(condition: Quantity, of: Quantity, value: float | None) -> None:
    assert _implied(condition, of) == value


_LIMITS = st.sampled_from([0.0, 1.0, 2.0])
_COMPARED = st.builds(
    lambda a, sign, b: {
        "<": a < b,
        "<=": a <= b,
        ">": a > b,
        ">=": a >= b,
        "==": a == b,
        "!=": a != b,
    }[sign],
    st.sampled_from([N, N, X, YES]),
    st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
    _LIMITS | st.just(X),
)
_CONDITIONS = st.recursive(
    _COMPARED | st.just(YES),
    lambda inner: (
        st.builds(lambda a: ~a, inner)
        | st.builds(lambda a, b: a & b, inner, inner)
        | st.builds(lambda a, b: a | b, inner, inner)
        | st.builds(lambda a, b: a ^ b, inner, inner)
    ),
    max_leaves=4,
)


@settings(max_examples=200, deadline=None)
@given(condition=_CONDITIONS, of=_CONDITIONS)
def test_no_draw_in_which_conditions_hold_says_otherwise(condition: Quantity, of: Quantity) -> None:
    value = _implied(condition, of)
    run = gm.Model(condition=condition & True, of=of & True).sample(512)
    holds = run["condition"].values == 1.0
    if value is not None:
        np.testing.assert_array_equal(run["of"].values[holds], value)
    assert _implied(condition, condition) == 1.0
    assert _implied(condition, ~condition) == 0.0
