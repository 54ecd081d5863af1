"""The reach of an interval for a mean against tails whose index is known."""

import numpy as np
import pytest
from scipy import stats

from guessmodel.estimators.conditional.tail_widening import tail_factors

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
