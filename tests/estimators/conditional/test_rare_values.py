"""How likely a value is that no draw of the run has, against closed forms."""

import math
from collections.abc import Callable

import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.conditional.rare_values import probability_elsewhere
from guessmodel.graph.coordinates import Element


def standard() -> gm.Quantity:
    return gm.normal(mean=0, sd=1)


def correlated(draw: gm.Quantity) -> list[gm.Quantity]:
    return list(gm.correlate([draw, standard()], rank=0.5))


@pytest.mark.parametrize(
    ("quantity", "known"),
    [
        (lambda: gm.constant(3), 0.0),
        (lambda: gm.bernoulli(1e-7), 1e-7),
        (lambda: gm.bernoulli(1 - 1e-7), 1e-7),
        (lambda: standard() > 5, stats.norm.sf(5)),
        (lambda: standard() < -5, stats.norm.sf(5)),
        (lambda: 2 * (standard() > 5) + 1, stats.norm.sf(5)),
        (lambda: (standard() > 5) + gm.bernoulli(1e-6), stats.norm.sf(5) + 1e-6),
        (lambda: gm.ceil(gm.normal(mean=0.5, sd=0.1)), 2 * stats.norm.sf(5)),
        (lambda: gm.poisson(1e-5), -math.expm1(-1e-5)),
        (lambda: correlated(standard())[0] > 5, stats.norm.sf(5)),
        (lambda: correlated(standard())[1] > 5, stats.norm.sf(5)),  # made of two variates
    ],
)
def test_of_one_draw_or_of_sums(quantity: Callable[[], gm.Quantity], known: float) -> None:
    found = probability_elsewhere(Element(quantity(), ()))
    assert known * (1 - 1e-9) <= found <= 1.1 * known  # distances from the ends are told to 9%


@pytest.mark.parametrize(
    "quantity",
    [
        lambda: standard(),  # every draw has a value of its own
        lambda: gm.bernoulli(gm.uniform(0, 1e-6)),  # a probability that is drawn
        lambda: standard() > standard(),
    ],
)
def test_of_more_than_one_draw_nothing_is_told(quantity: Callable[[], gm.Quantity]) -> None:
    assert probability_elsewhere(Element(quantity(), ())) == math.inf
