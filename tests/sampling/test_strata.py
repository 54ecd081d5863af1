"""Values by stratum: numbered from both ends, jittered, never at probability 0 or 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
import pytest
from scipy import stats

from guessmodel.graph.variates import CAUCHY, EXPONENTIAL, NORMAL, UNIFORM, QuantileFunction
from guessmodel.sampling import Stream, design
from guessmodel.sampling.outer_strata import OUTER


@final
@dataclass(frozen=True)
class Binomial(QuantileFunction):
    trials: int

    @property
    def discrete(self):
        return True

    def ppf(self, p):
        return np.asarray(stats.binom.ppf(p, self.trials, 0.4), dtype=float)

    def isf(self, q):
        return np.asarray(stats.binom.isf(q, self.trials, 0.4), dtype=float)


@final
@dataclass(frozen=True)
class Gap(QuantileFunction):
    """Exponential with probability 2/3, else at least 100 more."""

    def ppf(self, p):
        return np.where(p < 2 / 3, -np.log1p(-p), 100.0 - np.log1p(-p))

    def isf(self, q):
        return np.where(q > 1 / 3, -np.log(q), 100.0 - np.log(q))


@final
@dataclass(frozen=True)
class Overflowing(QuantileFunction):
    """Grows so fast that the upper tenth cannot be written down."""

    def ppf(self, p):
        with np.errstate(over="ignore"):
            return np.exp(800.0 * np.asarray(p) - 10.0)

    def isf(self, q):
        return self.ppf(1.0 - np.asarray(q))


def column(method, n, source, replicate=0, key="a"):
    points = design(method, n, 0, [Stream((key,), False, (source,))])
    out = np.empty(points.size)
    points.replicate(replicate).fill(0, 0, points.size, out)
    return out


@pytest.mark.parametrize("method", ["nets", "lhs"])
@pytest.mark.parametrize("source", [NORMAL, EXPONENTIAL, CAUCHY, UNIFORM])
def test_tails_are_finite(method, source):
    for n in (8, 500, 8 * 2**14):
        for r in range(8):
            assert np.isfinite(column(method, n, source, r)).all()


@pytest.mark.parametrize("method", ["nets", "lhs"])
@pytest.mark.parametrize("n", [800, 1024, 8 * 4096, 40_000])
def test_interior_jitter_is_shared_by_keys_and_outer_jitter_is_not(method, n):
    a, b = (np.sort(column(method, n, NORMAL, 2, key)) for key in ("a", "b"))
    inner = slice(OUTER, a.size - OUTER)
    assert np.array_equal(a[inner], b[inner])
    outer = np.r_[: min(OUTER, a.size // 2), max(a.size - OUTER, a.size // 2) : a.size]
    assert (a[outer] != b[outer]).all()


@pytest.mark.parametrize("method", ["nets", "lhs"])
def test_jitter_differs_between_replicates(method):
    a, b = (np.sort(column(method, 8 * 1024, NORMAL, r)) for r in (0, 1))
    assert (a != b).all()


@pytest.mark.parametrize("method", ["nets", "lhs"])
def test_jitter_is_uniform_within_strata(method):
    size = 2**14
    place = np.concatenate([column(method, 8 * size, UNIFORM, r) * size % 1.0 for r in range(8)])
    # The Dvoretzky-Kiefer-Wolfowitz bound at 1e-6.
    bound = np.sqrt(np.log(2e6) / 2.0 / place.size)
    assert stats.kstest(place, "uniform").statistic < bound
    assert stats.kstest(place**1.05, "uniform").statistic > bound


@pytest.mark.parametrize("method", ["nets", "lhs"])
@pytest.mark.parametrize("n", [700, 1024, 8 * 2**13])
def test_discrete_values_have_their_counts_to_one(method, n):
    # With a point in every stratum, the number at or below k is N·F(k) to within one.
    for r in range(4):
        values = column(method, n, Binomial(20), r)
        k = np.arange(21)
        count = (values[:, None] <= k).sum(axis=0)
        assert set(values.tolist()) <= set(k.tolist())
        assert (np.abs(count - values.size * stats.binom.cdf(k, 20, 0.4)) <= 1.0).all()


@pytest.mark.parametrize("method", ["nets", "lhs"])
def test_the_stratum_of_a_jump_falls_on_either_side_by_its_share(method):
    # 2/3 of N = 1024 are 682.67 strata: 683 low values with probability 0.67, else 682.
    low = []
    for seed in range(50):
        few = design(method, 8 * 1024, seed, [Stream(("a",), False, (Gap(),))])
        out = np.empty(few.size)
        for r in range(8):
            few.replicate(r).fill(0, 0, few.size, out)
            low.append((out < 50.0).sum())
    assert set(low) == {682, 683}
    more = sum(count == 683 for count in low)
    assert stats.binomtest(more, len(low), 2 / 3).pvalue > 1e-6


@pytest.mark.parametrize("n", [700, 8 * 1024])
def test_linear_interpolation_stays_within_the_stratum(n):
    for source, family in ((NORMAL, stats.norm), (EXPONENTIAL, stats.expon)):
        values = np.sort(column("lhs", n, source))
        strata = family.cdf(values) * values.size
        # To 0.4% of the width of a stratum, as the module states.
        assert (strata > np.arange(values.size) - 0.004).all()
        assert (strata < np.arange(values.size) + 1.004).all()


def test_one_source_to_each_coordinate():
    sources = (NORMAL, Binomial(5), CAUCHY, NORMAL)
    keys = tuple(f"x[{i}]" for i in range(4))
    points = design("lhs", 8 * 256, 0, [Stream(keys, True, sources)])
    both = np.empty((4, points.size))
    points.replicate(1).fill(0, 0, points.size, both)
    for i, source in enumerate(sources):
        alone = design("lhs", 8 * 256, 0, [Stream(keys[i : i + 1], True, (source,))])
        out = np.empty((1, points.size))
        alone.replicate(1).fill(0, 0, points.size, out)
        assert np.array_equal(both[i], out[0])


@pytest.mark.parametrize("method", ["nets", "lhs"])
def test_infinite_quantiles_stay_infinite_and_spread_no_further(method):
    # exp(800 p - 10) overflows from p = 0.8997 on: log(1.797e308) = 709.78.
    with np.errstate(over="ignore"):
        values = np.sort(column(method, 8 * 1000, Overflowing()))
    assert not np.isnan(values).any()
    assert abs(np.isfinite(values).mean() - (709.78 + 10.0) / 800.0) < 1.1 / values.size


@final
@dataclass(frozen=True)
class Doubled(QuantileFunction):
    """Twice a normal variate, made of the normal's table."""

    @property
    def base(self):
        return NORMAL

    def transform_from_base(self, values):
        values *= 2.0

    def ppf(self, p):
        return 2.0 * NORMAL.ppf(p)

    def isf(self, q):
        return 2.0 * NORMAL.isf(q)


@pytest.mark.parametrize("method", ["nets", "lhs"])
@pytest.mark.parametrize("n", [100, 8 * 300])
def test_a_source_that_is_carried_over_has_the_draws_of_its_root_carried_over(method, n):
    for r in range(3):
        assert np.array_equal(column(method, n, Doubled(), r), 2.0 * column(method, n, NORMAL, r))
