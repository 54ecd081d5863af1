"""Closed forms answer without draws, or say what does not exist."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.closed_form import Closed
from guessmodel.estimators.exact import Exact


def exact(quantity: gm.Quantity) -> Exact:
    found = quantity.sample(64)._exact
    assert found is not None
    return found


def test_all_statistics_of_a_lognormal_quantity() -> None:
    # R. Aitchison and J. Brown, "The Lognormal Distribution" (1957): mean exp(mu + sigma^2 / 2).
    found = exact(gm.lognormal(mu=1, sigma=0.5))
    assert found.mean("USD").estimate.value == pytest.approx(math.exp(1.125))
    sd = math.exp(1.125) * math.sqrt(math.expm1(0.25))
    assert found.sd("USD").estimate.value == pytest.approx(sd)
    median = found.quantile(0.5, "USD")
    assert median.settled
    assert median.estimate.is_exact
    assert median.estimate.value == pytest.approx(math.e)
    # Guesstimate's interval: 10% of what is below the mean, 90% of what is above.
    below = stats.norm.cdf(0.25)
    interval = found.guesstimate_interval("USD")
    assert interval is not None
    ends = stats.lognorm(0.5, scale=math.e).ppf([0.1 * below, below + 0.9 * (1.0 - below)])
    assert [end.value for end in interval] == pytest.approx(list(ends))


def test_what_does_not_exist_is_refused() -> None:
    cauchy = exact(gm.cauchy(location=0, scale=1))
    assert cauchy.mean("").estimate.note == "the mean does not exist"
    assert cauchy.sd("").estimate.note == "the variance is infinite"
    assert cauchy.guesstimate_interval("") is None


def test_a_discrete_quantity_has_no_interval_of_guesstimates_kind() -> None:
    assert Exact(Closed(None, shift=3.0)).guesstimate_interval("") is None
    assert exact(gm.bernoulli(0.25)).probability().estimate.value == 0.25


@pytest.mark.parametrize(
    ("made", "also"),
    [
        (lambda x: x * 0.1, lambda k: k * 0.1),
        (lambda x: x * 0.7 + 0.1, lambda k: k * 0.7 + 0.1),
        (lambda x: 1 - x / 3, lambda k: 1 - k / 3),
        (lambda x: x / 49 * 7, lambda k: k / 49 * 7),
        (
            lambda x: (
                x * gm.constant(90, "minute") * gm.constant(2, "USD/hour") / gm.constant(10, "cent")
            ),
            lambda k: k * 30,
        ),
    ],
)
def test_isolated_values_that_are_moved_and_scaled_are_where_the_draws_are(
    made: Callable[[gm.Quantity], gm.Quantity], also: Callable[[float], float]
) -> None:
    """Rounding decides on which side of a number each value is, and the comparison of a draw
    with that number says the same. The probabilities are SciPy's."""
    y = made(gm.poisson(3))
    result = gm.Model(y=y).sample(64)["y"]
    values, chances = np.array([also(k) for k in range(60)]), stats.poisson(3).pmf(range(60))
    for t in (also(k) for k in range(10)):
        sides = values <= t, values < t, values > t, values >= t
        asked = [
            result.share(t, above=above, including=including)
            for above, including in ((False, True), (False, False), (True, False), (True, True))
        ]
        events = [(event).sample(64).probability() for event in (y <= t, y < t, y > t, y >= t)]
        for side, share, event in zip(sides, asked, events, strict=True):
            assert share.estimator == event.estimator == "exact"
            assert share.value == pytest.approx(chances[side].sum(), rel=1e-9)
            assert event.value == pytest.approx(chances[side].sum(), rel=1e-9)


def test_a_value_of_a_mixture_that_is_scaled_is_where_the_draws_are() -> None:
    """Three times 0.1 is above 0.3; a continuous part is no value by itself."""
    y = gm.mixture([0.1, gm.uniform(1, 2)], [0.25, 0.75]) * 3
    run = gm.Model(y=y).sample(64)["y"]
    assert (run.cdf(0.3).value, run.exceedance(0.3).value) == (0.0, 1.0)
    assert run.cdf(4.5).value == pytest.approx(0.625)
