"""Shifts and multiples of a family, against SciPy; and where nothing is left but the shift."""

import math

import numpy as np
import pytest
from scipy import stats

from guessmodel.distributions.exponential import Exponential
from guessmodel.distributions.lognormal import LOGNORMAL
from guessmodel.distributions.normal import Normal
from guessmodel.distributions.poisson import Poisson
from guessmodel.estimators.closed import Closed

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
