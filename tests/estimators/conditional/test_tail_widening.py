"""The reach of an interval for a mean against tails whose index is known."""

import math

import numpy as np
import pytest
from scipy import stats

from guessmodel.estimators.conditional.tail_widening import count_factors, tail_factors

# 4,096 draws on strata, in random order: what is expected of the 16 farthest is then nearly exact.
U = np.random.default_rng(5).permutation((np.arange(4096) + 0.5) / 4096).reshape(8, 512)


def hill(deviations):
    """Hill's estimate from the 16 largest, of all draws sorted."""
    largest = np.sort(deviations.ravel())[::-1]
    return float(np.mean(np.log(largest[:16] / largest[16])))


@pytest.mark.parametrize("index", [3.0, 5.0, 8.0])
def test_a_slow_tail_gets_a_longer_side(index):
    values = 0.9 - 0.01 * stats.pareto(index).ppf(U)
    down, up = tail_factors(values, values.mean())
    # Of a Pareto tail the estimate is 1 / index, but for the mean that deviations are from.
    exact = 1.0 + 6.0 * (hill(values.mean() - values) - 0.08)
    assert down == pytest.approx(exact, rel=0.2)
    assert 1.0 + 6.0 * (0.8 / index - 0.08) < down
    assert up == 1.0
    assert tail_factors(1.0 - values, 1.0 - values.mean()) == pytest.approx((up, down))


@pytest.mark.parametrize("family", [stats.uniform, stats.beta(0.1, 0.1), stats.arcsine])
def test_values_that_reach_their_bounds_have_nothing_to_miss(family):
    values = family.ppf(U)
    assert tail_factors(values, values.mean()) == (1.0, 1.0)


def test_the_farthest_is_told_from_all_replicates():
    values = np.full((8, 512), 0.5)
    values[3, 17] = 0.0
    assert tail_factors(values, values.mean())[0] == 4.0  # one draw decides
    assert tail_factors(np.full((8, 512), 0.5), 0.5) == (1.0, 1.0)


def test_with_more_replicates_the_excess_shrinks():
    values = 0.9 - 0.01 * stats.pareto(4.0).ppf(U)
    down, _ = tail_factors(values, values.mean())
    assert tail_factors(values.reshape(32, 128), values.mean())[0] == pytest.approx(
        1 + (down - 1) / 2
    )


def test_a_handful_of_draws_tells_nothing():
    assert tail_factors(np.geomspace(1e-9, 1.0, 64).reshape(8, 8), 0.05) == (1.0, 1.0)


@pytest.mark.parametrize("hits", [2, 5, 20, 60])
def test_of_equal_weights_the_limits_are_those_of_a_count(hits):
    values = np.zeros((8, 512))
    values.ravel()[:hits] = 1.0
    z = stats.norm.ppf(0.95)
    half = z * math.sqrt(hits) / 4096  # of a Poisson number
    down, up = count_factors(values, hits / 4096, half)
    low, high = stats.gamma.ppf(0.05, hits), stats.gamma.ppf(0.95, hits + 1)
    assert (hits - down * half * 4096) == pytest.approx(low, abs=0.06)
    assert (hits + up * half * 4096) == pytest.approx(high, abs=0.06)


def test_what_a_net_leaves_of_the_error_it_leaves_of_the_heaviest():
    values = np.zeros((8, 512))
    values.ravel()[:8] = 1.0
    half = stats.norm.ppf(0.95) * math.sqrt(8) / 4096
    _, up = count_factors(values, 8 / 4096, half / 100)
    assert 1.0 < up < 1.4  # another draw would be 60 times the half-width


def test_a_count_without_an_error_has_no_factors():
    assert count_factors(np.zeros((8, 512)), 0.0, 1e-3) == (1.0, 1.0)
    assert count_factors(np.full((8, 512), 0.01), 0.01, 0.0) == (1.0, 1.0)
