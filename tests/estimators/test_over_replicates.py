"""Functions of several means: the delta method, by hand and by SciPy."""

import math
import operator

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from guessmodel.estimators import replicates as estimators
from guessmodel.estimators.over_replicates import correlation, over_replicates

Array = NDArray[np.float64]


def pair(seed: int = 0) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    a = rng.normal(20.0, 3.0, (8, 500))
    return a, a / 2.0 + rng.normal(5.0, 1.0, a.shape)


def test_a_ratio_has_the_residuals_of_its_draws() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.uniform(15.0, 25.0, (8, 500)), rng.uniform(12.0, 18.0, (8, 500))
    found = over_replicates(operator.truediv, a, b, unit="USD")
    ratio = a.mean() / b.mean()
    residuals = (a - ratio * b).mean(axis=1) / b.mean()
    half = float(stats.t.ppf(0.95, 7) * stats.sem(residuals))  # no tail, no gap
    assert found.value == pytest.approx(ratio, rel=1e-14)
    assert (found.low, found.high) == pytest.approx((ratio - half, ratio + half), rel=1e-9)
    assert (found.unit, found.estimator, found.note) == ("USD", "replicates", None)


def test_a_difference_is_the_mean_of_the_differences() -> None:
    a, b = pair()
    found, expected = over_replicates(operator.sub, a, b), estimators.mean(a - b)
    ends = (expected.value, expected.low, expected.high)
    assert (found.value, found.low, found.high) == pytest.approx(ends, rel=1e-12)


def test_the_error_does_not_depend_on_scales() -> None:
    a, b = pair()
    one = over_replicates(operator.truediv, a, b)
    other = over_replicates(operator.truediv, 1e200 * a, 1e-9 * b)
    assert other.error / other.value == pytest.approx(one.error / one.value, rel=1e-9)


def test_it_reaches_as_far_as_a_mean_over_tails_and_gaps() -> None:
    heavy = np.exp(pair()[0] - 20.0)
    found, alone = over_replicates(operator.truediv, heavy, 2.0), estimators.mean(heavy)
    ends = (alone.low / 2.0, alone.high / 2.0)
    assert (found.low, found.high) == pytest.approx(ends, rel=1e-9)
    assert (found.high - found.value) / (found.value - found.low) > 1.3
    # All replicates count 50 of 500 draws beyond a gap: they agree, and say nothing of the share.
    event = np.where(np.arange(500) < 50, 1000.0, 1.0) + np.zeros((8, 1))
    found = over_replicates(operator.truediv, event, 2.0)
    assert found.error == pytest.approx(1.07 / (500 * math.sqrt(8)) * 999.0 / 2.0)


def test_what_is_the_same_in_each_draw_has_no_tail_that_could_be_marked() -> None:
    """The rounding errors of products of skewed draws look like a tail of their own."""
    skewed = np.random.default_rng(0).lognormal(0.0, 1.0, (8, 500))
    for factor in (2.0, -0.3):
        a, b = skewed - skewed.mean(), factor * skewed + 1.0
        found = correlation(a, b - b.mean())
        assert found.note is None and found.error < 1e-12
        assert found.value == pytest.approx(math.copysign(1.0, factor), rel=1e-12)
    other = skewed - skewed.mean() + np.random.default_rng(1).normal(0.0, 1e-3, skewed.shape)
    assert correlation(skewed - skewed.mean(), other).error > 1e-12


def test_a_mean_that_is_known_has_no_error() -> None:
    a, _ = pair()
    found = over_replicates(operator.truediv, a, 4.0)
    assert found.error == pytest.approx(estimators.mean(a).error / 4.0, rel=1e-9)
    assert over_replicates(operator.truediv, 3.0, 4.0).is_exact
    assert over_replicates(operator.mul, a, 0.0, means=(20.0, 0.0)).error == 0.0
    assert over_replicates(operator.truediv, a, 0.0).note == "does not exist at these means"


def test_draws_that_are_not_finite_are_left_out() -> None:
    a, b = pair()
    b[:, 0] = np.inf
    found = over_replicates(operator.truediv, a, b)
    assert found.value == pytest.approx(a.mean() / b[:, 1:].mean(), rel=1e-12)
    assert 0.0 < found.error < 0.01


def test_a_correlation_is_that_of_scipy() -> None:
    a, b = pair()
    found = correlation(a - a.mean(), b - b.mean())
    expected = stats.pearsonr(a.ravel(), b.ravel())
    assert found.value == pytest.approx(float(expected.statistic), rel=1e-12)
    low, high = expected.confidence_interval(0.9)  # Fisher's, for independent normal draws
    assert found.low == pytest.approx(low, abs=0.005)
    assert found.high == pytest.approx(high, abs=0.005)
    exact = correlation(a, 2.0 * a)
    assert exact.value == pytest.approx(1.0, abs=1e-15)
    assert exact.high == 1.0
