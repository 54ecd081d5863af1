"""Conditional quantiles and probabilities against distributions known by other means."""

import math

import numpy as np
import pytest
from scipy import optimize, stats

import guessmodel as gm
from guessmodel.distributions.exponential import exponential
from guessmodel.estimators.conditional.cdf import ESTIMATOR


def within(estimate, truth, widths=4.0):
    # The interval is a 90% one; four times its width leaves less than 1e-6 to chance.
    return abs(estimate.value - truth) <= widths * estimate.error + 1e-9


def conditional(quantity, *ps, n=2**12):
    estimates = quantity.sample(n).quantiles(*ps)
    assert {e.estimator for e in estimates} == {ESTIMATOR}
    return estimates


PS = (0.05, 0.5, 0.95)


def test_a_quotient_of_normals_is_cauchy():
    # The sign of the denominator differs from draw to draw.
    x, y = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
    for p, estimate in zip(PS, conditional(x / y, *PS), strict=True):
        assert within(estimate, stats.cauchy.ppf(p))


def test_the_larger_of_two_normals():
    x, y = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
    # A branch jumps in the other draw, so that here order statistics may have the smaller error.
    for p in PS:
        assert within(gm.maximum(x, y).sample(2**12).quantile(p), stats.norm.ppf(math.sqrt(p)))
        low = stats.norm.ppf(1 - math.sqrt(1 - p))
        assert within(gm.minimum(x, y).sample(2**12).quantile(p), low)


def test_a_hierarchical_normal():
    mean = gm.normal(mean=1, sd=3)
    y = gm.normal(mean=mean, sd=4)
    for p, estimate in zip(PS, conditional(y * 1.0, *PS), strict=True):
        assert within(estimate, stats.norm(1, 5).ppf(p))


def test_a_scale_mixture_of_normals_is_laplace():
    # sqrt(2 E) Z with E standard exponential is a standard Laplace variable.
    y = gm.sqrt(2 * exponential(mean=1)) * gm.normal(mean=0, sd=1)
    for p, estimate in zip((0.05, 0.95), conditional(y, 0.05, 0.95), strict=True):
        assert within(estimate, stats.laplace.ppf(p))
    assert within(y.sample(2**12).median(), 0.0)


@pytest.mark.parametrize(
    ("build", "truth"),
    [
        (lambda x: 1 / x, lambda q: 1 / q(0.95)),
        (lambda x: -3 / x, lambda q: -3 / q(0.05)),
        (lambda x: x**-2, lambda q: q(0.95) ** -2),
        (lambda x: gm.sqrt(x), lambda q: math.sqrt(q(0.05))),
        (lambda x: gm.log(x), lambda q: math.log(q(0.05))),
        (lambda x: gm.log10(x), lambda q: math.log10(q(0.05))),
        (lambda x: gm.log1p(x), lambda q: math.log1p(q(0.05))),
        (lambda x: gm.exp(-x), lambda q: math.exp(-q(0.95))),
        (lambda x: gm.expm1(x / 10), lambda q: math.expm1(q(0.05) / 10)),
        (lambda x: gm.clip(x, 0.01, 100), lambda q: q(0.05)),
        (lambda x: (x - 50) ** 3, lambda q: (q(0.05) - 50) ** 3),
        (lambda x: np.reciprocal(x) + 2, lambda q: 1 / q(0.95) + 2),
        (lambda x: np.cbrt(x), lambda q: q(0.05) ** (1 / 3)),
        (lambda x: np.square(x), lambda q: q(0.05) ** 2),
    ],
)
def test_every_invertible_step(build, truth):
    # A sum of two lognormals has no closed form here, so the steps are applied to y = x (1 + e)
    # with e far below the error: the quantile is that of x to 1e-9.
    x = gm.lognormal(mu=1, sigma=0.5)
    tiny = 1 + 1e-12 * gm.normal(mean=0, sd=1)
    sim = gm.Model(y=build(x) * tiny).sample(2**12)
    estimate = sim["y"].quantile(0.05)
    expected = truth(stats.lognorm(0.5, scale=math.e).ppf)
    assert estimate.value == pytest.approx(expected, rel=1e-6, abs=4 * estimate.error)
    assert estimate.error < 0.01 * abs(expected)


def test_where_with_the_draw_in_one_branch():
    coin, x = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
    y = gm.where(coin > 0, x, 10.0 + gm.normal(mean=0, sd=1))
    # 3/4 is the median of the upper half, N(10, 1).
    assert within(y.sample(2**12).quantile(0.75), 10.0)


@pytest.mark.parametrize("seed", range(4))
def test_an_interval_reaches_across_the_gap_between_two_regimes(seed):
    coin, noise = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
    y = gm.where(coin > 0, noise, 20.0 + gm.normal(mean=0, sd=1))
    # The CDF is 1/2 from about 4 to about 16: the draws cannot tell which of these is the median.
    estimate = y.sample(2**10, seed=seed).median()
    assert estimate.low < 4.0
    assert estimate.high > 16.0


def test_probabilities_of_comparisons():
    x, y = gm.normal(mean=0, sd=3), gm.normal(mean=1, sd=4)
    for event, truth in (
        (x < y, stats.norm.cdf(1 / 5)),
        (y <= x, stats.norm.cdf(-1 / 5)),
        (x > 14 - y, stats.norm.sf(13 / 5)),
    ):
        estimate = event.sample(2**12).probability()
        assert estimate.estimator == ESTIMATOR
        assert abs(estimate.value - truth) <= 4 * estimate.error + 1e-9


def test_an_event_of_one_draw_is_exact():
    x = gm.normal(mean=0, sd=3)
    for event, truth in ((gm.constant(9) < x, stats.norm.sf(3)), (gm.exp(x) < 0, 0.0)):
        estimate = event.sample(64).probability()
        assert estimate.is_exact
        assert estimate.value == pytest.approx(truth, rel=1e-9)


@pytest.mark.parametrize("n", [8, 64, 512])
def test_an_event_that_no_draw_says_anything_of_is_counted_instead(n):
    # Given any of so few y, the normal never tail_factors it: the shares are 0 to the last digit.
    x, y = gm.normal(mean=0, sd=1), gm.lognormal(200, 1e5)
    often, rare = gm.normal(mean=0, sd=1) < 0.1, x > y
    # P(x > y) = E[P(y < x | x)], by quadrature.
    spread = math.log(1e5 / 200) / 2 / stats.norm.ppf(0.95)
    middle = (math.log(200) + math.log(1e5)) / 2
    truth = stats.norm.expect(
        lambda z: stats.norm.cdf((math.log(max(z, 1e-300)) - middle) / spread), lb=0
    )
    estimate = rare.sample(n).probability()
    assert estimate.low <= truth <= estimate.high
    estimate = (~rare & (often | ~often)).sample(n).probability()
    assert estimate.low <= 1 - truth <= estimate.high


def test_rare_events_have_an_error_far_below_one_hit():
    x, y = gm.normal(mean=0, sd=0.5), gm.normal(mean=0, sd=4)
    estimate = (x > 16 - y).sample(2**12).probability()
    assert estimate.estimator == ESTIMATOR
    assert abs(estimate.value - stats.norm.sf(16 / math.sqrt(16.25))) <= 4 * estimate.error
    assert estimate.error < 0.1 / 2**12


def test_an_event_that_no_draw_meets_is_told_with_an_error_that_covers():
    x, y = gm.normal(mean=0, sd=3), gm.normal(mean=0, sd=4)
    model = gm.Model(far=x > 25 - y)
    true = stats.norm.sf(5)  # 2.9e-7
    found = [model.sample(2**12, seed=seed)["far"].probability() for seed in range(40)]
    # At a coverage of 85% fewer than 22 of 40 have a probability below 1e-6.
    assert sum(each.low <= true <= each.high for each in found) >= 22
    assert np.median([each.error for each in found]) < 3 * true  # none was met: counted, 7e-4


def test_labelled_outputs_label_by_label():
    spans = gm.normal({"a": (0, 1), "b": (5, 9)}, dim="case")
    shift = gm.lognormal(mu=0, sigma=1e-9)
    sim = gm.Model(y=spans * shift).sample(2**12)
    for label, (low, high) in {"a": (0, 1), "b": (5, 9)}.items():
        interval = sim["y"].sel(case=label).interval()
        assert interval.low.value == pytest.approx(low, abs=1e-6)
        assert interval.high.value == pytest.approx(high, rel=1e-6)


def test_atoms_fall_back_to_order_statistics():
    x, y = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
    estimate = gm.clip(x + y, 0, None).sample(2**12).quantile(0.3)
    assert estimate.value == 0.0


def test_lost_draws_disqualify():
    x, y = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
    assert (gm.sqrt(x) + y).sample(2**12).median().estimator != ESTIMATOR


def test_a_wrong_cdf_would_be_seen(monkeypatch):
    import guessmodel.estimators.conditional.shares as module

    right = module.normal_cdf
    monkeypatch.setattr(module, "normal_cdf", lambda z: right(z * 1.01))
    x, y = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
    estimate = (x / y).sample(2**12).quantile(0.95)
    assert not within(estimate, stats.cauchy.ppf(0.95))


def test_far_out_the_most_extreme_draw_is_integrated_out():
    y = gm.lognormal(mu=0, sigma=1) + gm.pareto(scale=1, shape=1.2)
    simulation = gm.Model(y=y).sample(2**12)
    at = simulation["y"]._conditional.integrations.at
    assert [len(at(p, 512).integration.paths) for p in (0.01, 0.05, 0.5, 0.95, 0.99)] == [
        *(2, 1, 1, 1, 2)
    ]
    assert len(at(0.95, 64).integration.paths) == 2  # of which 3 are beyond
    found = simulation["y"].quantile(0.99)
    # By the trapezoidal rule: 47.99..., with 5 draws of a replicate beyond.
    u = np.linspace(-9.0, 9.0, 4001)
    weights = stats.norm.pdf(u) * (u[1] - u[0])
    true = optimize.brentq(
        lambda t: weights @ stats.pareto(1.2).sf(t - np.exp(u)) - 0.01, 20.0, 100.0
    )
    assert found.estimator == ESTIMATOR and found.reliable
    assert within(found, true) and found.error < 0.02 * true


def test_what_few_draws_of_a_run_are_beyond_is_not_told():
    x, y = gm.normal(mean=0, sd=1), gm.student_t(df=3, location=0, scale=1)
    run = gm.Model(y=x + y).sample(2**11)
    assert run["y"].quantile(0.002).estimator == ESTIMATOR
    assert run["y"].quantile(0.001).note == "needs 8192 samples or more"
