"""The interval that Guesstimate shows: percentiles of the draws below and above the mean."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from guessmodel.estimators import replicates as estimators


def draws(replicates: int = 8, n: int = 500) -> NDArray[np.float64]:
    return np.random.default_rng(0).gamma(2.0, 3.0, (replicates, n))


def displayed(values: list[float]) -> tuple[float, float]:
    """Guesstimate's rule in plain Python."""
    mean = sum(values) / len(values)
    below = sorted(x for x in values if x < mean)
    above = sorted(x for x in values if x >= mean)
    return below[math.floor(0.1 * len(below))], above[math.floor(0.9 * len(above))]


@pytest.mark.parametrize("n", [3, 500, 2**14])
def test_guesstimate_interval_is_the_published_rule(n: int) -> None:
    values = draws(8, n)
    low, high = estimators.guesstimate_interval(values, unit="USD")
    assert (low.value, high.value) == displayed(values.ravel().tolist())
    assert (low.unit, low.estimator) == ("USD", "order statistics")


def test_guesstimate_interval_of_an_exponential() -> None:
    # F(mean) = 1 − 1/e; F(low) = 0.1 F(mean), F(high) = 0.9 + 0.1 F(mean)
    values = stats.expon.ppf((np.arange(8 * 2**13).reshape(-1, 8).T + 0.5) / (8 * 2**13))
    low, high = estimators.guesstimate_interval(values)
    split = 1 - 1 / math.e
    assert low.value == pytest.approx(stats.expon.ppf(0.1 * split), rel=1e-3)
    assert high.value == pytest.approx(stats.expon.isf(0.1 * (1 - split)), rel=1e-3)


def test_an_atom_at_the_mean_is_on_either_side_of_guesstimates_split() -> None:
    """Of a Poisson number of rate 3 the mean of draws is above 3 in some runs: then 0.647 are below
    it, whose 10th percentile is 1, else 0.423, for which it is 0."""
    seen = []
    for seed in range(8):
        u = (np.arange(512) + np.random.default_rng(seed).random((8, 512))) / 512
        values = stats.poisson.ppf(u, 3.0)
        low, mean = estimators.guesstimate_interval(values).low, estimators.mean(values)
        assert low.value == (1.0 if values.mean() > 3.0 else 0.0)
        if mean.low < 3.0 < mean.high:
            seen.append(low.value)
            assert (low.low, low.high) == (0.0, 1.0)
    assert len(seen) > 5 and set(seen) == {0.0, 1.0}
    low = estimators.guesstimate_interval(stats.poisson.ppf(u, 3.5)).low
    assert (low.low, low.value, low.high) == (1.0, 1.0, 1.0)


def test_guesstimate_interval_counts_the_error_of_the_split() -> None:
    # Replicates with the same CDF at both ends, but different means: only the split is uncertain.
    values = np.tile(np.linspace(0, 1, 1000), (8, 1))
    middle = (values > 0.3) & (values < 0.7)
    moved = values + np.where(middle, np.linspace(-0.2, 0.2, 8)[:, None], 0.0)
    still = estimators.guesstimate_interval(values).low
    assert estimators.guesstimate_interval(moved).low.error > 3 * still.error


def test_guesstimate_interval_splits_each_replicate_at_its_own_mean() -> None:
    # The CDFs agree up to the 99th percentile; the replicates' means do not.
    values = np.tile(np.linspace(0, 1, 1000), (8, 1))
    still = estimators.guesstimate_interval(values).low
    values[:, -10:] += 5 * np.arange(8)[:, None]
    assert estimators.guesstimate_interval(values).low.error > 3 * still.error


def test_without_a_mean_there_is_no_guesstimate_interval() -> None:
    both = estimators.guesstimate_interval(draws(), tail_index=1.0)
    assert str(both) == "the mean does not exist"


def test_non_finite_draws_are_left_out() -> None:
    values = draws()
    values[0, :20] = np.nan
    values[5, 100:400] = np.inf
    kept = values[np.isfinite(values)]
    found = estimators.guesstimate_interval(values)
    assert (found.low.value, found.high.value) == displayed(kept.tolist())
