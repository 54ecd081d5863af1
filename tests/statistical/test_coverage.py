"""Measured coverage of the printed errors, whole way from a model to its Estimates.

Nominal 90%. Each case must measure at least 85%, within what 100 runs tell: the bounds are those
of a binomial with a false-alarm probability of 1e-6. (Too wide an interval is caught by the twins
of the estimators' own tests.) True values are closed forms, or quadrature where it says so. The
twin at the end shows that intervals of less than half the width fail.
"""

import math

import numpy as np
import pytest
from scipy import integrate, optimize, stats

import guessmodel as gm
from guessmodel.testing import assert_coverage

METHODS = ["sobol", "lhs", "random"]
RUNS, N = 100, 512


def skewed():
    """log Y = sum of three normals + log of a uniform on (1, 2): quadrature over the uniform."""
    parts = [gm.lognormal(mu=0, sigma=0.6) for _ in range(3)]
    y = parts[0] * parts[1] / parts[2] * gm.uniform(1, 2)
    s = 0.6 * math.sqrt(3)

    def cdf(t):
        return integrate.quad(lambda u: stats.norm.cdf(math.log(t / u) / s), 1, 2)[0]

    return y, math.exp(s * s / 2) * 1.5, cdf


def bimodal():
    """A half-half choice between N(0, 1) and N(6, 1), plus N(0, 1)."""
    y = gm.where(gm.uniform(0, 1) < 0.5, gm.normal(mean=0, sd=1), gm.normal(mean=6, sd=1))
    y = y + gm.normal(mean=0, sd=1)

    def cdf(t):
        s = math.sqrt(2)
        return 0.5 * stats.norm.cdf(t / s) + 0.5 * stats.norm.cdf((t - 6) / s)

    return y, 3.0, cdf


def twenty():
    """|N(0, 1)| summed with 19 other normals, as |X| + S."""
    x = gm.normal(mean=0, sd=1)
    y = gm.abs(x)
    for _ in range(19):
        y = y + gm.normal(mean=0, sd=0.25)
    s = math.sqrt(19) * 0.25

    def cdf(t):
        return integrate.quad(
            lambda v: 2 * stats.norm.pdf(v) * stats.norm.cdf((t - v) / s), 0, 9, points=[1, 3]
        )[0]

    return y, math.sqrt(2 / math.pi), cdf


def hierarchical():
    """A normal with a lognormal scale."""
    scale = gm.lognormal(mu=0, sigma=0.5)
    y = gm.normal(mean=0, sd=scale) + 5

    def cdf(t):
        return integrate.quad(
            lambda z: stats.norm.pdf(z) * stats.norm.cdf((t - 5) / math.exp(0.5 * z)), -8, 8
        )[0]

    return y, 5.0, cdf


MODELS = {f.__name__: f for f in (skewed, bimodal, twenty, hierarchical)}


def positive(cdf):
    return lambda t: cdf(t) if t > 0 else 0.0


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("build", MODELS.values(), ids=MODELS)
def test_coverage(build, method):
    y, mean, cdf = build()
    cdf = positive(cdf) if build is skewed else cdf
    quantiles = {p: optimize.brentq(lambda t, p=p: cdf(t) - p, -30, 100) for p in (0.05, 0.5, 0.95)}
    model = gm.Model(y=y, high=y > quantiles[0.95])
    sims = [model.sample(N, seed=seed, method=method) for seed in range(RUNS)]
    assert_coverage(lambda seed: sims[seed]["y"].mean(), mean, runs=RUNS)
    assert_coverage(lambda seed: sims[seed]["high"].probability(), 0.05, runs=RUNS)
    for p, truth in quantiles.items():
        assert_coverage(lambda seed, p=p: sims[seed]["y"].quantile(p), truth, runs=RUNS)


@pytest.mark.parametrize("method", METHODS)
def test_coverage_with_atoms(method):
    # The number of trials among 12 that succeed, plus an independent one: binomial(19, 0.3).
    total = gm.binomial(12, p=0.3) + gm.binomial(7, p=0.3)
    model = gm.Model(total=total, many=total >= 12)
    reference = stats.binom(19, 0.3)
    sims = [model.sample(N, seed=seed, method=method) for seed in range(RUNS)]
    for p in (0.05, 0.5, 0.95):
        truth = reference.ppf(p)
        assert_coverage(lambda seed, p=p: sims[seed]["total"].quantile(p), truth, runs=RUNS)
    rare = reference.sf(11)
    assert_coverage(lambda seed: sims[seed]["many"].probability(), rare, runs=RUNS)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("threshold", [0.5, 2.6, 3.3])
def test_coverage_of_events_in_one_dimension(method, threshold):
    model = gm.Model(event=gm.ceil(100 * gm.normal(mean=0, sd=1)) > 100 * threshold)
    truth = stats.norm.sf(math.floor(100 * threshold) / 100)
    assert_coverage(
        lambda seed: model.sample(512, seed=seed, method=method)["event"].probability(),
        truth,
        runs=100,
    )


def test_a_mean_that_cannot_be_told_is_marked():
    heavy = gm.lognormal(mu=0, sigma=3) + 0 * gm.abs(gm.normal(0, 1))
    mean = heavy.sample(2**12).mean()
    assert mean.estimator != "exact"
    assert not mean.reliable
    assert "unreliable" in mean.note


def test_intervals_of_half_the_width_fail():
    y, mean, _ = skewed()
    model = gm.Model(y=y)

    def halved(seed):
        e = model.sample(N, seed=seed)["y"].mean()
        third = e.error / 2.5
        return gm.Estimate(e.value, e.value - third, e.value + third, e.estimator)

    with pytest.raises(AssertionError, match="intervals hold"):
        assert_coverage(halved, mean, runs=RUNS)


def test_the_true_values_are_right():
    # Independent check of the closed forms and quadratures above: plain draws of NumPy.
    rng = np.random.default_rng(1)
    z = rng.normal(size=(3, 400_000))
    y = np.exp(0.6 * (z[0] + z[1] - z[2])) * rng.uniform(1, 2, 400_000)
    _, mean, cdf = skewed()
    assert y.mean() == pytest.approx(mean, rel=0.02)
    assert (y <= 2.0).mean() == pytest.approx(cdf(2.0), abs=0.005)
