"""The base variates against scipy.stats, and what a source owes the sampler."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy import stats

from guessmodel.graph.variates import CAUCHY, EXPONENTIAL, LOGISTIC, NORMAL, UNIFORM

BASES = {
    NORMAL: stats.norm,
    UNIFORM: stats.uniform,
    EXPONENTIAL: stats.expon,
    LOGISTIC: stats.logistic,
    CAUCHY: stats.cauchy,
}
bases = pytest.mark.parametrize("source", BASES, ids=lambda source: type(source).__name__)


@bases
def test_quantiles_match_scipy_down_to_tiny_probabilities(source):
    p = np.concatenate((np.logspace(-18, -2, 200), np.linspace(0.01, 0.99, 99)))
    near_zero = {"rtol": 1e-13, "atol": 1e-15}
    np.testing.assert_allclose(source.ppf(p), BASES[source].ppf(p), **near_zero)
    np.testing.assert_allclose(source.isf(p), BASES[source].isf(p), **near_zero)


@bases
def test_probabilities_match_scipy_down_to_tiny_ones(source):
    p = np.concatenate((np.logspace(-18, -2, 200), np.linspace(0.01, 0.5, 99)))
    low, high = BASES[source].ppf(p), BASES[source].isf(p)
    np.testing.assert_allclose(source.cdf(low), BASES[source].cdf(low), rtol=1e-13)
    np.testing.assert_allclose(source.sf(high), BASES[source].sf(high), rtol=1e-13)


@bases
def test_lower_and_upper_quantiles_meet(source):
    p = np.linspace(0.01, 0.99, 99)
    np.testing.assert_allclose(source.ppf(p), source.isf(1.0 - p), rtol=1e-12, atol=1e-14)


@bases
def test_sources_are_values(source):
    copy = pickle.loads(pickle.dumps(source))
    assert copy == source
    assert hash(copy) == hash(source)
    assert not source.discrete


@bases
@pytest.mark.parametrize("shape", [(1,), (2,), (7,), (3, 8), (2, 5)])
def test_transforms_fill_every_place_with_finite_draws(source, shape):
    u = np.random.default_rng(1).random(shape)
    out = np.full(shape, np.nan)
    source.transform(u, out)
    assert np.isfinite(out).all()


@bases
def test_transforms_of_the_extreme_uniform_numbers_are_finite(source):
    least, most = 2.0**-54, 1.0 - 2.0**-53
    for first in (least, most):
        for second in (least, 0.5, most):
            out = np.empty(2)
            source.transform(np.array([first, second]), out)
            assert np.isfinite(out).all()
            if source is EXPONENTIAL or source is UNIFORM:
                assert (out > 0.0).all()
