"""poisson: its formulas and messages; SciPy is the independent method."""

from __future__ import annotations

import pytest
from scipy import stats

from guessmodel.distributions.gamma import gamma
from guessmodel.distributions.parametrisation import constant
from guessmodel.distributions.poisson import Poisson, poisson
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize("mean", [1e-9, 0.1, 1.0, 7.5, 300.0, 1e5])
def test_formulas_agree_with_each_other_and_with_scipy(mean: float) -> None:
    # SciPy's quantile is not the smallest value where rounding decides; ours is checked to be.
    check_family(Poisson(), (mean,), reference=stats.poisson(mean))


def test_probabilities_keep_their_digits_at_a_large_mean() -> None:
    # P(mean) = 1 / sqrt(2 pi mean) (1 - 1 / (12 mean) + 1 / (288 mean²) …), Stirling's series.
    mean = 1e8
    stirling = (1.0 - 1.0 / (12.0 * mean)) / (2.0 * 3.141592653589793 * mean) ** 0.5
    assert float(Poisson().pdf(mean, mean)) == pytest.approx(stirling, rel=1e-12)


def test_no_events_at_all() -> None:
    assert Poisson().ppf([0.0, 0.5, 1.0], 0.0).tolist() == [0.0, 0.0, 0.0]
    assert Poisson().pdf([0.0, 1.0], 0.0).tolist() == [1.0, 0.0]


def test_a_count_may_have_a_unit() -> None:
    rate, duration = constant(2, "request/hour"), constant(1, "day")
    assert str(poisson(rate * duration).unit) == "request"
    assert poisson(rate * duration).sample(64).mean().value == pytest.approx(48.0)


def test_a_gamma_mean_gives_a_negative_binomial() -> None:
    shape, mean = 3.0, 20.0
    count = poisson(gamma(shape=shape, scale=mean / shape)).sample(2**13)
    expected = stats.nbinom(shape, shape / (shape + mean))
    assert count.mean().value == pytest.approx(mean, rel=0.02)
    assert count.sd().value == pytest.approx(expected.std(), rel=0.05)


def test_a_gamma_mean_and_more_gives_none() -> None:
    """Twice the gamma's scale has a closed form; above a least mean only the moments are known."""
    rate = gamma(shape=3, scale=2)
    assert poisson(2 * rate).sample(64).quantile(0.9).value == stats.nbinom(3, 1 / 5).ppf(0.9)
    assert poisson(rate + 1).sample(64).quantile(0.9).estimator != "exact"
    assert poisson(100 - rate).sample(64).quantile(0.9).estimator != "exact"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1,), "poisson: mean is -1; it must not be below 0"),
        ((3, "million request"), "poisson counts one by one, not in million*request"),
        ((), "poisson takes (mean=); got nothing"),
    ],
)
def test_a_mistake_says_what_to_write(arguments: tuple[float, ...], message: str) -> None:
    with pytest.raises(GuessmodelError) as caught:
        poisson(*arguments)
    assert message in str(caught.value)
