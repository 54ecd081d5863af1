"""Functions of one draw, which turn and jump: the probability that they are beyond a number, by the
CDFs of the draws."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.one_draw.cells import Cells, cells_of
from guessmodel.estimators.one_draw.function import OneDraw
from guessmodel.estimators.one_draw.turns import edges_of
from guessmodel.graph.coordinates import Element

NORMAL = stats.norm()
LOGNORMAL = stats.lognorm(0.8, scale=np.e)
Q = gm.Quantity


def one_of(quantity: Q) -> OneDraw:
    found = OneDraw.of(Element(quantity, ()), 512)
    assert found is not None
    return found


def cells(quantity: Q) -> Cells:
    found = cells_of(one_of(quantity))
    assert found is not None
    return found


def window(low: float, high: float) -> Callable[[Q], Q]:
    return lambda x: gm.where((x > low) & (x < high), 100.0, x)


def within(low: float, high: float) -> float:
    return float(NORMAL.cdf(high) - NORMAL.cdf(low))


ODD = sum(within(k / 3, (k + 1) / 3) for k in range(-60, 60, 2))  # that ceil(3 Z) is odd


ABOVE: list[tuple[Callable[[Q], Q], float, float]] = [
    (lambda x: x**2, 2.0, 2 * NORMAL.sf(np.sqrt(2))),
    (lambda x: x**2, 1e-12, 1 - within(-1e-6, 1e-6)),
    (lambda x: x**2 - x, 0.75, NORMAL.sf(1.5) + NORMAL.cdf(-0.5)),
    (lambda x: gm.abs(x - 0.3), 0.01, 1 - within(0.29, 0.31)),
    (window(0.5, 0.501), 50.0, within(0.5, 0.501)),
    (window(0.5, 0.500001), 50.0, within(0.5, 0.500001)),
    (window(3.3, 3.31), 3.305, within(3.3, 3.31) + NORMAL.sf(3.31)),
    (lambda x: (x**2 < 1e-6) * 1.0, 0.5, within(-1e-3, 1e-3)),
    (lambda x: (gm.abs(x - 0.3) < 1e-5) * 1.0, 0.5, within(0.29999, 0.30001)),
    (lambda x: gm.minimum(x, 1), 0.999, NORMAL.sf(0.999)),
    (lambda x: gm.minimum(x, 1), 1.0, 0.0),
    (lambda x: gm.maximum(x, 1 - x), 0.8, NORMAL.sf(0.8) + NORMAL.cdf(0.2)),
    (lambda x: gm.ceil(x * 3) % 2, 0.5, ODD),
    (lambda x: gm.exp(gm.where(x > 9, 1.0, 0.0)), 2.0, NORMAL.sf(9)),
    (lambda x: gm.where(x > 0, x - 5, x), 0.0, NORMAL.sf(5)),
    (lambda x: gm.sin(7 * x), 2.0, 0.0),
    (lambda x: 1 / (x - 0.3), 2.0, within(0.3, 0.8)),
    (lambda x: 3 + 2 / (x - 0.3), -2e4, 1 - within(0.3 - 2 / 20003, 0.3)),
    (lambda x: (x - 0.3) ** -3, -1e12, 1 - within(0.2999, 0.3)),
    (lambda x: (x - 0.3) ** -2, 1e8, within(0.2999, 0.3001)),
    (lambda x: (x - 0.3) ** 2 * 1.5 + 1, 2.5, 1 - within(-0.7, 1.3)),
    (lambda x: 0.5 ** ((x - 0.3) ** 2), 0.5, within(-0.7, 1.3)),
    (lambda x: gm.log(1 / (1 + x**2)), -np.log(2), within(-1, 1)),
    (lambda x: 1 / (1 + gm.abs(x - 0.3)) * 4 - 1, 1.0, within(-0.7, 1.3)),
]  # fmt: skip


@pytest.mark.parametrize(("f", "x", "expected"), ABOVE)
def test_probabilities_of_functions_that_turn_and_jump(
    f: Callable[[Q], Q], x: float, expected: float
) -> None:
    found = cells(f(gm.normal(mean=0, sd=1)))
    assert found.share(x, above=True, including=False) == pytest.approx(expected, rel=1e-9)
    rest = found.share(x, above=False, including=True)
    assert rest == pytest.approx(1 - expected, abs=1e-12)


def test_a_value_with_a_probability_counts_where_it_is_included() -> None:
    found = cells(gm.clip(gm.lognormal(mu=1, sigma=0.8), 2, 5))
    for above, x, more, at in (
        (True, 5.0, 0.0, LOGNORMAL.sf(5)),
        (False, 2.0, 0.0, LOGNORMAL.cdf(2)),
    ):
        assert found.share(x, above=above, including=False) == more
        assert found.share(x, above=above, including=True) == pytest.approx(at, rel=1e-9)
    assert found.rising and not found.falling


def test_what_is_not_resolved_is_not_told() -> None:
    x = gm.normal(mean=0, sd=1)
    for quantity in (gm.sin(1000 * x), gm.uniform(0, 1) * 1e4 % 1, gm.ceil(x * 1e5)):
        assert cells_of(one_of(quantity)) is None
    assert edges_of(one_of(gm.uniform(0, 1) * 1e4 % 1)) is None


def test_edges_are_where_it_jumps_has_kinks_and_turns() -> None:
    x = gm.normal(mean=0, sd=1)
    assert edges_of(one_of(gm.exp(2 * x) - 1)).size == 0
    found = edges_of(one_of(gm.where((x > 0.5) & (x < 0.501), 1, 0) + gm.maximum(x - 2, 0)))
    for expected in (0.5, 0.501, 2.0):
        assert np.abs(found - expected).min() < 1e-12
    found = edges_of(one_of((x - 0.3) ** 2))
    for beside in (0.0, 4.0**-3, 4.0**-9):  # a peak that is made of it may be narrow
        assert np.abs(found - 0.3 - beside).min() < 1e-12


@pytest.mark.parametrize("p", [0.01, 0.2, 0.5, 0.8, 0.99])
@pytest.mark.parametrize(("f", "x", "expected"), ABOVE)
def test_quantiles_are_where_probabilities_are_met(
    f: Callable[[Q], Q], x: float, expected: float, p: float
) -> None:
    """The least value of which there is p or more up to it."""
    found = cells(f(gm.normal(mean=0, sd=1)))
    q = found.quantile(p)
    slack = 1e-9 * max(abs(q), 1.0)
    assert found.share(q + slack, above=False, including=True) >= p - 1e-12
    assert found.share(q - slack, above=False, including=True) <= p + 1e-12


@settings(max_examples=40)
@given(
    st.lists(st.floats(-2, 2).filter(lambda c: abs(c) > 1e-3), min_size=2, max_size=4),
    st.floats(-1.5, 1.5),
    st.floats(-3, 3),
)
def test_polynomials_of_a_cut_draw_by_their_roots(
    coefficients: list[float], cut: float, x: float
) -> None:
    """P(f(Z) > x), f a polynomial below the cut and its negative above, by the roots of NumPy's."""
    f = np.polynomial.Polynomial([0.0, *coefficients])
    z = gm.normal(mean=0, sd=1)
    value = sum(c * z**k for k, c in enumerate(coefficients, 1))
    found = cells_of(one_of(gm.where(z > cut, 0 - value, value)))
    assert found is not None
    roots = [r.real for side in (x, -x) for r in (f - side).roots() if abs(r.imag) < 1e-6]
    ends = np.array(sorted([-np.inf, cut, np.inf, *roots]))
    inner = np.clip(ends, -40.0, 40.0)
    middle = (inner[1:] + inner[:-1]) / 2
    holds = np.where(middle > cut, -f(middle), f(middle)) > x
    expected = float(np.diff(NORMAL.cdf(ends)) @ holds)
    assert found.share(x, above=True, including=False) == pytest.approx(expected, abs=1e-6)
