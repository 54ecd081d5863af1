"""Quantities that are made of one draw alone: which they are, and what they are at a draw."""

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.one_draw.function import OneDraw
from guessmodel.graph.coordinates import Element

MOST = 64


def made(quantity: gm.Quantity, *position: int) -> OneDraw | None:
    return OneDraw.of(Element(quantity, position), MOST)


def long(steps: int) -> gm.Quantity:
    quantity = gm.normal(mean=0, sd=1) * 1.0
    for _ in range(steps):
        quantity = gm.exp(quantity)
    return quantity


def of_two() -> gm.Quantity:
    a, b = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
    return a + b


def of_correlated() -> gm.Quantity:
    a, b = gm.correlate([gm.normal(mean=0, sd=1), gm.gamma(shape=2, scale=1)], rank=0.5)
    return a**2 + 0 * b


@pytest.mark.parametrize(
    "quantity",
    [
        gm.constant(3) * 2,
        of_two(),
        gm.normal(mean=gm.normal(mean=0, sd=1), sd=1),
        of_correlated(),
        gm.apply(np.sin, gm.normal(mean=0, sd=1)),
        gm.filtered(gm.normal(mean=0, sd=1), 0),
        gm.normal(mean=0, sd=1, dim={"i": [1, 2, 3]}).sum("i"),
        long(MOST),
    ],
)
def test_what_is_made_of_none_or_of_several_is_none(quantity: gm.Quantity) -> None:
    assert made(quantity) is None


def test_steps_are_followed_at_labels_too() -> None:
    x = gm.lognormal(mu=0, sigma=1)
    growth = gm.constant({1: 1.0, 2: 1.5, 3: 2.0}, dim="year")
    z = np.array([-20.0, -1.0, 0.0, 2.0, 20.0])
    u = np.exp(z)
    cases = [
        (made(x**2 + x), u**2 + u),
        (made(x * growth, 2), 2.0 * u),
        (made((x * growth).sum("year")), 4.5 * u),
        (made((x * growth).max("year") - x), u),
        (made(gm.where(x > 1, x, -x)), np.where(u > 1, u, -u)),
    ]
    for one, expected in cases:
        assert one is not None and not one.discrete
        assert one.at_scores(z)[-1] == pytest.approx(expected, rel=1e-12)
        assert one.at(stats.norm.cdf(z), stats.norm.sf(z)) == pytest.approx(expected, rel=1e-12)


def test_isolated_values_have_probabilities() -> None:
    k = gm.poisson(2)
    one = made((k - 1) ** 2)
    assert one is not None and one.discrete
    values, shares, _ = one.atoms() or (np.empty(0), np.empty(0), ())
    known = stats.poisson(2).pmf
    assert shares[values == 1.0].sum() == pytest.approx(known(0) + known(2), rel=1e-12)
    assert values @ shares == pytest.approx(2 + 1, rel=1e-12)  # the variance and (2 - 1)²
