"""The assertions hold of right draws, and fail on wrong ones: each has its twin."""

import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.errors import UsageError
from guessmodel.testing import (
    assert_coverage,
    assert_follows,
    assert_same_draws,
    assert_true_value,
)


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_draws_follow_their_distribution_and_not_another(method):
    draws = gm.lognormal(mu=0, sigma=1).sample(2**14, method=method).values
    assert_follows(draws, stats.lognorm(1).cdf)
    with pytest.raises(AssertionError, match=r"draws lie between its 0\.000 and 0\.016 quantile"):
        assert_follows(draws, stats.lognorm(1.1).cdf)


@pytest.mark.parametrize("method", ["nets", "random"])
def test_atoms_are_counted_value_by_value(method):
    draws = gm.poisson(mean=3).sample(2**14, method=method).values
    assert_follows(draws, stats.poisson(3).cdf, atoms=True)
    with pytest.raises(AssertionError, match="draws lie at"):
        assert_follows(draws, stats.poisson(3.2).cdf, atoms=True)


def test_too_few_draws_are_refused():
    with pytest.raises(UsageError, match="64 draws are too few for 64 bins; take 512 or more"):
        assert_follows(gm.normal(0, 1).sample(64).values, stats.norm.cdf)


def test_true_values_are_told_from_others():
    total = gm.lognormal(mu=0, sigma=0.5) + gm.normal(mean=1, sd=1)
    estimate = total.sample(4096).mean()
    truth = stats.lognorm(0.5).mean() + 1
    assert_true_value(estimate, truth)
    with pytest.raises(AssertionError, match="from the true"):
        assert_true_value(estimate, truth * 1.05)


def test_coverage_of_honest_and_of_halved_intervals():
    x, y = gm.normal(mean=0, sd=1), gm.lognormal(mu=0, sigma=0.5)
    model = gm.Model(total=gm.abs(x) + y)
    truth = (2 / 3.141592653589793) ** 0.5 + stats.lognorm(0.5).mean()

    def honest(seed):
        return model.sample(512, seed=seed)["total"].mean()

    def halved(seed):
        e = honest(seed)
        half = e.error / 3
        return gm.Estimate(e.value, e.value - half, e.value + half, e.estimator)

    assert assert_coverage(honest, truth, runs=100) > 0.8
    with pytest.raises(AssertionError, match="of 100 intervals hold"):
        assert_coverage(halved, truth, runs=100)


def test_same_draws_are_told_from_others():
    first = gm.Model(a=gm.normal(0, 1), b=gm.normal(0, 1))
    second = gm.Model(b=gm.normal(0, 1), c=gm.normal(0, 1))
    assert_same_draws(first, second, ["b"])
    with pytest.raises(AssertionError, match="draws of 'b' differ under random"):
        assert_same_draws(first, gm.Model(b=gm.normal(0, 2)), ["b"])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda: assert_true_value(3.4, 3), "such as result.mean(), not a float"),
        (lambda: assert_true_value(gm.normal(1, 2).sample(64), 3), "not a Result"),
        (
            lambda: assert_coverage(gm.normal(1, 2).sample(64).mean(), 3),
            "takes a function of the s",
        ),
        (lambda: assert_coverage(lambda seed: seed, 3), "such as result.mean(), not an int"),
    ],
)
def test_what_is_no_estimate_is_told(wrong, told: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(gm.GuessmodelError) as caught:
        wrong()
    assert told in str(caught.value)
