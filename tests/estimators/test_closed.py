"""Shifts and multiples of a family, and its events, against SciPy; and where nothing is left but
the shift."""

import math
import operator

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.distributions.exponential import Exponential
from guessmodel.distributions.lognormal import LOGNORMAL
from guessmodel.distributions.normal import Normal
from guessmodel.distributions.poisson import Poisson
from guessmodel.estimators.closed import Closed
from guessmodel.estimators.closed_form import ClosedForms

# What each is, and the same by SciPy: shift + scale * X.
SAME = [
    (Closed(Normal(), (3.0, 2.0), -1.5, 4.0), stats.norm(4 - 1.5 * 3, 1.5 * 2)),
    (Closed(LOGNORMAL, (1.0, 0.5), 2.0), stats.lognorm(0.5, scale=2 * math.e)),
    (Closed(Exponential(), (3.0,), 2.0, 1.0), stats.expon(1, 6)),
]


@pytest.mark.parametrize(("closed", "known"), SAME)
def test_as_scipy_says(closed: Closed, known: object) -> None:
    assert closed.mean() == pytest.approx(known.mean())  # type: ignore[attr-defined]
    assert closed.sd() == pytest.approx(known.std())  # type: ignore[attr-defined]
    for p in (1e-6, 0.05, 0.5, 0.95, 1 - 1e-6):
        x = known.ppf(p)  # type: ignore[attr-defined]
        assert closed.quantile(p) == pytest.approx(x, rel=1e-9, abs=1e-9)
        assert closed.cdf(x) == pytest.approx(p, rel=1e-6)
    assert not closed.discrete


def test_upside_down_counts_the_value_itself() -> None:
    closed = Closed(Poisson(), (2.0,), -1.0)  # -N <= -3 where N >= 3
    assert closed.cdf(-3.0) == pytest.approx(stats.poisson(2).sf(2))
    assert closed.cdf(-3.5) == pytest.approx(stats.poisson(2).sf(3))
    assert closed.discrete
    assert Closed(Poisson(), (2.0,)).probability_of(3.0) == pytest.approx(stats.poisson(2).pmf(3))


def test_a_constant() -> None:
    closed = Closed(None, shift=2.5)
    assert (closed.mean(), closed.sd(), closed.quantile(0.1)) == (2.5, 0.0, 2.5)
    assert (closed.cdf(2.4), closed.cdf(2.5), closed.discrete) == (0.0, 1.0, True)
    assert (closed.probability_of(2.5), closed.probability_of(2.4)) == (1.0, 0.0)
    assert closed.unless_constant() == 2.5


def test_what_is_left_of_larger_terms_is_0() -> None:
    """The 5th percentile of the normal variable between 0 and 2 is 0, but for rounding."""
    sd = 1.0 / stats.norm.ppf(0.95)
    assert Closed(Normal(), (1.0, sd)).quantile(0.05) == 0.0
    assert Closed(Normal(), (1.0, sd), shift=1e-6).quantile(0.05) == pytest.approx(1e-6, rel=1e-6)


@pytest.mark.parametrize("scale", [1.0, 1e-10, 1e-14, 1e-15, 1e-16, 1e-17, 1e-20, 5e-324, 0.0])
@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(
    ("family", "parameters", "draw"),
    [
        (Normal(), (0.0, 1.0), lambda rng: rng.normal(size=20_000)),
        (LOGNORMAL, (0.0, 1.0), lambda rng: rng.lognormal(size=20_000)),
        (LOGNORMAL, (-30.0, 0.1), lambda rng: rng.lognormal(-30.0, 0.1, size=20_000)),
        (LOGNORMAL, (30.0, 0.1), lambda rng: rng.lognormal(30.0, 0.1, size=20_000)),
    ],
)
def test_a_constant_is_what_all_draws_round_to(scale, sign, family, parameters, draw) -> None:
    """A constant only where no draw of NumPy's differs from the shift; and always where even the
    draws that are 40 times as far do not."""
    draws = draw(np.random.default_rng(1))
    found = Closed(family, parameters, sign * scale, 1.0).unless_constant()
    if isinstance(found, float):
        assert found == 1.0
        assert np.all(1.0 + sign * scale * draws == 1.0)
    else:
        assert found == Closed(family, parameters, sign * scale, 1.0)
        assert np.any(1.0 + 40.0 * sign * scale * draws != 1.0)


def test_a_chain_that_halves_its_spread_ends_as_a_constant() -> None:
    """m -> m / 2 + 1 has the limit 2."""
    found: Closed | float = Closed(Normal(), (10.0, 3.0))
    steps = 0
    while isinstance(found, Closed):
        found = Closed(Normal(), (10.0, 3.0), found.scale / 2.0, found.shift / 2.0 + 1.0)
        found, steps = found.unless_constant(), steps + 1
    assert found == 2.0
    assert 45 < steps < 75  # 2^-52 of 2, and draws that are 8 standard deviations out


# --- events ---------------------------------------------------------------------------------------


def form_of(quantity):
    return ClosedForms.of([quantity]).at(quantity)


COUNTED = {
    "poisson": (gm.poisson(3), stats.poisson(3)),
    "binomial": (gm.binomial(9, 0.3), stats.binom(9, 0.3)),
    "bernoulli": (gm.bernoulli(0.2), stats.bernoulli(0.2)),
    "mixture": (
        gm.mixture([0, 2, 5], [1, 1, 2]),
        stats.rv_discrete(values=([0, 2, 5], [0.25, 0.25, 0.5])),
    ),
    "data": (gm.empirical([1, 2, 2, 5]), stats.rv_discrete(values=([1, 2, 5], [0.25, 0.5, 0.25]))),
}
SIGNS = {
    operator.lt: lambda f, x: f.cdf(x) - f.pmf(x),
    operator.le: lambda f, x: f.cdf(x),
    operator.gt: lambda f, x: f.sf(x),
    operator.ge: lambda f, x: f.sf(x) + f.pmf(x),
    operator.eq: lambda f, x: f.pmf(x),
    operator.ne: lambda f, x: 1.0 - f.pmf(x),
}


@pytest.mark.parametrize("name", COUNTED)
@pytest.mark.parametrize("sign", SIGNS)
def test_events_of_counts_have_their_probability(name, sign) -> None:
    count, reference = COUNTED[name]
    mirrored = {operator.lt: operator.gt, operator.le: operator.ge}
    back = {**mirrored, **{b: a for a, b in mirrored.items()}}.get(sign, sign)
    for x in (-1, 0, 2, 2.5, 5, 40):
        event = sign(count, x)
        p = form_of(event).mean()
        assert p == pytest.approx(SIGNS[sign](reference, x), rel=1e-9, abs=1e-15)
        assert form_of(back(gm.constant(x), count)).mean() == p
        found = event.sample(512).probability()
        assert (found.estimator, found.value) == ("exact", p)


def test_events_of_categories_have_their_probability() -> None:
    way = gm.categorical({"train": 0.7, "car": 0.3})
    size = gm.categorical({1: 0.5, 2: 0.25, 4: 0.25})
    for event, p in (
        (way == "car", 0.3),
        (way != "car", 0.7),
        (size < 4, 0.75),
        (size <= 2, 0.75),
        (size > 1.5, 0.5),
        (size >= 9, 0.0),
        (gm.constant(2) == size, 0.25),
    ):
        assert form_of(event).mean() == pytest.approx(p, abs=1e-15)


def test_events_where_rounding_or_another_draw_decides_are_drawn() -> None:
    n = gm.poisson(3)
    share = gm.constant(300, "percent")
    for event in (3 * n > 6, n + 0.1 == 3.1, n > gm.poisson(2), gm.normal(0, 1) > 2, n == share):
        assert form_of(event) is None
    # The same count twice is one variable: neither of both, and all of one, as drawn.
    both = gm.Model(n=n, both=(n > 2) & (n < 2), either=(n > 2) | (n <= 2)).sample(512)
    assert both["both"].probability().value == 0
    assert both["either"].probability().value == 1
