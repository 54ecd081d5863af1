"""Closed forms answer without draws, or say what does not exist."""

import math

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
