"""Lines between bounds, followed through sums, products, minima and maxima; their moments against
closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.clipped import Clipped, followed, moments_between
from guessmodel.estimators.closed_form import Closed, ClosedForms
from guessmodel.graph.coordinates import Element
from guessmodel.graph.quantity import Quantity

STEPS = {
    "plus": (lambda x, c: x + c, lambda x, c: x + c),
    "minus": (lambda x, c: x - c, lambda x, c: x - c),
    "from": (lambda x, c: c - x, lambda x, c: c - x),
    "times": (lambda x, c: x * c, lambda x, c: x * c),
    "over": (lambda x, c: x / c, lambda x, c: x / c),
    "negative": (lambda x, c: -x, lambda x, c: -x),
    "minimum": (lambda x, c: gm.minimum(c, x), np.minimum),
    "maximum": (lambda x, c: gm.maximum(x, c), np.maximum),
}
NUMBERS = st.sampled_from([-3.0, -0.5, 0.25, 1.0, 7.0])


@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), NUMBERS), max_size=7))
def test_a_chain_of_steps_is_what_numpy_makes_of_it(chain: list[tuple[str, float]]) -> None:
    draw = gm.student_t(-1, 9, df=5)
    x = np.linspace(-20.0, 20.0, 41)
    made, values = draw, x
    for name, number in chain:
        of_quantity, of_array = STEPS[name]
        made, values = of_quantity(made, number), of_array(values, number)
    base, line = followed(ClosedForms.of([made]), Element(made, ()))
    assert base.node is draw
    assert line(x) == pytest.approx(values, rel=1e-12, abs=1e-12)


def test_conversions_are_followed_and_what_is_uncertain_is_not() -> None:
    warm = gm.student_t(1, 9, "kelvin", df=5)
    base, line = followed(ClosedForms.of([(far := warm.to("degC").to("degF"))]), Element(far, ()))
    assert base.node is warm
    assert line(300.0) == pytest.approx(1.8 * (300 - 273.15) + 32)
    draw = gm.student_t(1, 9, df=5)
    for made in (draw * gm.normal(1, 2), draw * 0, 0 * draw, gm.exp(draw), draw / draw, 1 / draw):
        base, _ = followed(ClosedForms.of([made]), Element(made, ()))
        assert base.node is made


def closed(draw: Quantity) -> Closed:
    found = ClosedForms.of([draw]).at(draw)
    assert found is not None
    return found


def test_a_layer_of_an_exponential_variable() -> None:
    """Of min(max(X - d, 0), l): E = m (exp(-d/m) - exp(-(d + l)/m)), E of its square by integrating
    2 t P(X > d + t) by parts."""
    m, d, most = 10.0, 5.0, 20.0
    first = m * (math.exp(-d / m) - math.exp(-(d + most) / m))
    second = 2 * m * (first - most * math.exp(-(d + most) / m))
    for sign in (1.0, -1.0):
        form = closed(sign * (gm.exponential(mean=m) - d))
        ends = (0.0, most) if sign > 0 else (-most, 0.0)
        mean, sd = moments_between(form, *ends) or (0.0, 0.0)
        assert mean == pytest.approx(sign * first, rel=1e-10)
        assert sd == pytest.approx(math.sqrt(second - first**2), rel=1e-10)
    mean, sd = moments_between(closed(gm.exponential(mean=m) - d), 0.0, math.inf) or (0.0, 0.0)
    assert mean == pytest.approx(m * math.exp(-0.5), rel=1e-10)
    assert sd == pytest.approx(math.sqrt(2 * m * m * math.exp(-0.5) - mean**2), rel=1e-10)


@pytest.mark.parametrize("bound", [0.5, 3.0, 50.0])
def test_limited_expected_values(bound: float) -> None:
    """E[min(X, d)^k] of a lognormal and of a Pareto variable (Klugman, Panjer and Willmot, "Loss
    Models", appendix A)."""
    mu, sigma = 0.7, 1.2
    z = (math.log(bound) - mu) / sigma
    limited = [
        math.exp(k * mu + (k * sigma) ** 2 / 2) * stats.norm.cdf(z - k * sigma)
        + bound**k * stats.norm.sf(z)
        for k in (1, 2)
    ]
    mean, sd = moments_between(closed(gm.lognormal(mu=mu, sigma=sigma)), -math.inf, bound) or (0, 0)
    assert mean == pytest.approx(limited[0], rel=1e-9)
    assert sd == pytest.approx(math.sqrt(limited[1] - limited[0] ** 2), rel=1e-8)
    if bound > 1.0:  # scale 1 and shape 1.5: E = a / (a - 1) - d^(1 - a) / (a - 1)
        mean, _ = moments_between(closed(gm.pareto(scale=1, shape=1.5)), -math.inf, bound) or (0, 0)
        assert mean == pytest.approx(3.0 - 2.0 * bound**-0.5, rel=1e-8)


def test_bounds_beyond_all_values_and_without_any() -> None:
    form = closed(gm.uniform(1, 2))
    assert moments_between(form, 5.0, 9.0) == (5.0, 0.0)
    assert moments_between(form, -9.0, -5.0) == (-5.0, 0.0)
    assert moments_between(form, -9.0, 9.0) == pytest.approx((1.5, 12**-0.5), rel=1e-9)
    assert moments_between(form, -math.inf, math.inf) == pytest.approx((1.5, 12**-0.5))
    assert moments_between(closed(gm.poisson(3)), 1.0, 2.0) is None
    assert Clipped().at_least(3.0).at_most(1.0)(7.0) == 1.0
