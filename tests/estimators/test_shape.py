"""Skewness, kurtosis and shortfall of draws, against scipy.stats and closed forms."""

import math

import numpy as np
import pytest
from scipy import stats

from guessmodel.estimators.shape import Shortfall, kurtosis, skewness
from guessmodel.estimators.stratified import Stratum

DRAWS = np.random.default_rng(5).gamma(2.0, size=(8, 4096))


def test_values_are_those_of_scipy() -> None:
    rows = [Stratum(1.0, DRAWS)]
    flat = DRAWS.ravel()
    assert skewness(rows).value == pytest.approx(stats.skew(flat), rel=1e-9)
    assert kurtosis(rows).value == pytest.approx(stats.kurtosis(flat, fisher=False), rel=1e-9)
    q = float(np.quantile(flat, 0.9))
    beyond = flat[flat > q].mean()
    assert Shortfall(q, 0.1)(rows).value == pytest.approx(beyond, rel=1e-3)
    below = flat[flat < np.quantile(flat, 0.1)].mean()
    lower = Shortfall(float(np.quantile(flat, 0.1)), 0.1, upper=False)(rows)
    assert lower.value == pytest.approx(below, rel=1e-3)


def test_scale_and_place_do_not_matter() -> None:
    here, there = [Stratum(1.0, DRAWS)], [Stratum(1.0, 1e6 - 3.0 * DRAWS)]
    assert skewness(there).value == pytest.approx(-skewness(here).value, rel=1e-6)
    assert kurtosis(there).value == pytest.approx(kurtosis(here).value, rel=1e-6)


def test_strata_weigh_what_they_are(rng: np.random.Generator) -> None:
    # A hundredth lies at 100, the rest is normal: moments of the mixture by hand.
    rows = rng.standard_normal((8, 1 << 14))
    far = np.full((8, 16), 100.0) + 1e-6 * rng.standard_normal((8, 16))
    p = 0.01
    mean, variance = 100 * p, (1 - p) + 100**2 * p * (1 - p)
    third = p * (100 - mean) ** 3 + (1 - p) * (-3 * mean - mean**3)
    found = skewness([Stratum(1 - p, rows), Stratum(p, far)])
    assert found.estimator == "stratified"
    assert found.value == pytest.approx(third / variance**1.5, rel=1e-3)


def test_draws_that_are_lost_and_draws_that_are_constant() -> None:
    some = DRAWS.copy()
    some[:, ::7] = np.nan
    kept = some[np.isfinite(some)]
    assert skewness([Stratum(1.0, some)]).value == pytest.approx(stats.skew(kept), rel=1e-9)
    refused = kurtosis([Stratum(1.0, np.full((8, 16), 0.1))])
    assert math.isnan(refused.value)
    assert refused.note == "a constant has no shape"


def test_differences_of_strata_that_no_variable_has_are_refused() -> None:
    """What rare events add, less what is usual there: too few of these may tell a variance below
    0, or a kurtosis below 1."""
    signs, ones = Stratum(1.0, np.sign(DRAWS - np.median(DRAWS))), np.ones((8, 4))

    def added(y: float, usual: float) -> Stratum:
        return Stratum(1.0, y * ones, weights=0.01 * ones, usual=usual * ones)

    assert skewness([signs, added(0.0, 30.0)]).note == "a constant has no shape"
    refused = kurtosis([signs, added(0.0, 3.0)])
    assert math.isnan(refused.value)
    assert refused.note == "rare events were met too seldom"


def test_a_skewness_that_is_too_large_for_the_kurtosis_is_refused() -> None:
    """Of no variable is the kurtosis below 1 + skewness² (Pearson 1916); of two values it is that
    (p and 1 - p: skewness (1 - 2p)/sqrt(p(1 - p)), kurtosis 1/(p(1 - p)) - 3)."""
    ones = np.ones((8, 4))
    base = Stratum(1.0, np.sign(DRAWS - np.median(DRAWS)))
    more = Stratum(1.0, 4.0 * ones, weights=0.02 * ones, usual=0.0 * ones)
    less = Stratum(1.0, 0.0 * ones, weights=0.01 * ones, usual=-4.2 * ones)
    strata = [base, more, less]
    for of in (skewness, kurtosis):
        refused = of(strata)
        assert math.isnan(refused.value)
        assert refused.note == "rare events were met too seldom"
    p = 0.03
    two = [Stratum(1.0 - p, 0.0 * ones), Stratum(p, ones)]
    assert skewness(two).value == pytest.approx((1 - 2 * p) / math.sqrt(p * (1 - p)), rel=1e-9)
    assert kurtosis(two).value == pytest.approx(1 / (p * (1 - p)) - 3, rel=1e-9)
