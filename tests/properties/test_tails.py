"""Tail indices of random products and sums of powers, against what closed forms say of them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.estimators.tails.index import TailIndex
from guessmodel.estimators.tails.light import facts_of
from guessmodel.graph.coordinates import Element

shapes = st.floats(0.3, 6.0)
exponents = st.sampled_from([-3.0, -2.0, -1.0, -0.5, 0.5, 1.0, 2.0, 3.0])
FAMILIES = st.sampled_from(["pareto", "gamma", "inverse_gamma", "lognormal", "uniform", "f"])


@st.composite
def factors(draw: st.DrawFn) -> tuple[gm.Quantity, float]:
    """A power of a positive draw, with its index: E X^(ck) exists for 0 < k < index."""
    family, shape, c = draw(FAMILIES), draw(shapes), draw(exponents)
    orders = {  # of the moments that exist: from, to
        "pareto": (-math.inf, shape),
        "gamma": (-shape, math.inf),
        "inverse_gamma": (-math.inf, shape),
        "lognormal": (-math.inf, math.inf),
        "uniform": (-1.0, math.inf),
        "f": (-shape / 2, shape / 2 + 0.1),
    }
    x = {
        "pareto": lambda: gm.pareto(scale=2, shape=shape),
        "gamma": lambda: gm.gamma(shape=shape, scale=3),
        "inverse_gamma": lambda: gm.inverse_gamma(shape=shape, scale=3),
        "lognormal": lambda: gm.lognormal(mu=0, sigma=1),
        "uniform": lambda: gm.uniform(0, 3),
        "f": lambda: gm.f(df1=shape, df2=shape + 0.2),
    }[family]()
    low, high = orders[family]
    return x**c, high / c if c > 0 else low / c


def found(quantity: gm.Quantity) -> tuple[float, float]:
    """By the algebra, also where `facts_of` would have spared it: the two must agree."""
    tails = TailIndex().tails(Element(quantity, ()))
    assert tails is not None
    if facts_of(quantity, {}).light:
        assert tails.tail_index.least == math.inf
    return tails.tail_index


@given(st.lists(factors(), min_size=1, max_size=4))
def test_a_product_falls_as_its_slowest_factor(parts: list[tuple[gm.Quantity, float]]) -> None:
    """E of the product to the k is the product of the factors'."""
    total = gm.constant(1.0)
    for x, _ in parts:
        total = total * x
    wanted = min(index for _, index in parts)
    assert found(total) == pytest.approx((wanted, wanted), rel=1e-9)


@given(st.lists(st.tuples(factors(), st.sampled_from([-2.0, 1.0])), min_size=1, max_size=4))
def test_a_sum_falls_as_its_slowest_term(
    parts: list[tuple[tuple[gm.Quantity, float], float]],
) -> None:
    """For k up to the index, E|X + Y|^k is within a factor of E|X|^k + E|Y|^k."""
    total = gm.constant(1.0)
    for (x, _), weight in parts:
        total = total + weight * x
    wanted = min(index for (_, index), _ in parts)
    assert found(total) == pytest.approx((wanted, wanted), rel=1e-9)


@given(st.lists(factors(), min_size=2, max_size=4))
def test_largest_and_smallest(parts: list[tuple[gm.Quantity, float]]) -> None:
    """P(min > x) is the product of the tails, whose indices add up."""
    largest = smallest = parts[0][0]
    for x, _ in parts[1:]:
        largest, smallest = gm.maximum(largest, x), gm.minimum(smallest, x)
    indices = [index for _, index in parts]
    assert found(largest) == pytest.approx((min(indices), min(indices)), rel=1e-9)
    assert found(smallest) == pytest.approx((sum(indices), sum(indices)), rel=1e-9)


@given(factors(), factors())
def test_bounds_of_numbers_that_share_a_draw(
    one: tuple[gm.Quantity, float], other: tuple[gm.Quantity, float]
) -> None:
    """X (X Y) is X² Y, and X + X Y is X (1 + Y): both bounds hold."""
    (x, a), (y, b) = one, other
    least, most = found(x * (x * y))
    true = min(a / 2, b)
    assert least <= true * (1 + 1e-9) and most >= true * (1 - 1e-9)
    least, most = found(x + x * y)
    true = min(a, b)
    assert least <= true * (1 + 1e-9) and most >= true * (1 - 1e-9)
    least, most = found(x * y / x + y)
    assert least <= b * (1 + 1e-9) and most >= b * (1 - 1e-9)
