"""Means and deviations with rare events whose probabilities are uncertain, against closed forms."""

import math

import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.graph.quantity import Quantity
from guessmodel.testing import assert_true_value

N = 1 << 12
SIGMA = 0.8


def chance(size: float) -> Quantity:
    """A probability with this mean."""
    return gm.lognormal(mu=math.log(size) - SIGMA**2 / 2, sigma=SIGMA)


def loss() -> Quantity:
    """With a mean of 1e6 and a mean square of 1e12 e."""
    return gm.lognormal(mu=math.log(1e6) - 0.5, sigma=1, unit="USD")


def usual() -> Quantity:
    return gm.normal(mean=15, sd=1, unit="USD")


NOTHING = gm.constant(0, "USD")


def test_an_event_of_an_uncertain_probability_counts_for_what_it_weighs() -> None:
    p = 1e-6
    hit = gm.bernoulli(chance(p))
    result = gm.Model(hit=hit, y=gm.where(hit, loss(), NOTHING) + usual()).sample(N)
    assert result["hit"].mean().value == pytest.approx(p, rel=1e-6)
    assert result["hit"].probability().value == pytest.approx(p, rel=1e-6)
    assert result["y"].mean().value == pytest.approx(15 + p * 1e6, rel=1e-6)
    square = p * (1e12 * math.e + 2 * 15e6) + 15**2 + 1
    found = result["y"].sd()
    assert found.low <= math.sqrt(square - (15 + p * 1e6) ** 2) <= found.high


def test_a_fault_tree_of_uncertain_rates() -> None:
    p, q, r = 1e-6, 1e-4, 1e-2
    rates = [chance(p), chance(q), chance(r)]
    a, b, c = (gm.bernoulli(rate) for rate in rates)
    top = (a > 0) | ((b > 0) & (c > 0))
    model = gm.Model(both=(b > 0) & (c > 0), top=top, loss=gm.where(top, loss(), NOTHING))
    result = model.sample(N)
    assert result["both"].probability().value == pytest.approx(q * r, rel=1e-6)
    true = 1 - (1 - p) * (1 - q * r)
    assert result["top"].probability().value == pytest.approx(true, rel=1e-6)
    assert result["loss"].mean().value == pytest.approx(true * 1e6, rel=1e-6)


def test_a_common_cause() -> None:
    """The probability of one event hangs on another, which is taken out after it."""
    q, p = 1e-4, 1e-5
    cause = gm.bernoulli(chance(q))
    fails = gm.bernoulli(gm.where(cause > 0, 0.5, p))
    true = q * 0.5 + (1 - q) * p
    result = gm.Model(fails=fails, y=gm.where(fails > 0, loss(), NOTHING) + usual()).sample(N)
    assert result["fails"].probability().value == pytest.approx(true, rel=1e-6)
    assert result["y"].mean().value == pytest.approx(15 + true * 1e6, rel=1e-6)


def test_rare_events_that_happen_together() -> None:
    # Each is met a few times in a run, both together hardly ever.
    a, b = gm.bernoulli(0.001), gm.bernoulli(0.002)
    both = gm.where((a > 0) & (b > 0), gm.constant(1e9, "USD"), NOTHING) + usual()
    result = gm.Model(y=both).sample(1 << 16)["y"]
    assert result.mean().value == pytest.approx(15 + 2e-6 * 1e9)
    second = 2e-6 * (1e18 + 2 * 15 * 1e9) + 15**2 + 1
    assert result.sd().value == pytest.approx(math.sqrt(second - (15 + 2e3) ** 2))


def test_a_poisson_number_of_an_uncertain_rate() -> None:
    size = 1e-5
    number = gm.poisson(chance(size))
    for seed in range(3):
        result = gm.Model(n=number, y=number * loss() + usual()).sample(N, seed=seed)
        for found, true in ((result["n"].mean(), size), (result["y"].mean(), 15 + size * 1e6)):
            assert found.value == pytest.approx(true, rel=0.2)
            holds = found.low - found.error < true < found.high + found.error
            assert holds or not found.reliable  # few large losses may hold most of it


def test_the_draws_of_what_is_not_exact_tell_its_error() -> None:
    """The share of one of two that are alike is 1/2 in the mean, times the chance; no parts of it
    are independent."""
    p, a, b = 1e-5, gm.lognormal(mu=0, sigma=1), gm.lognormal(mu=0, sigma=1)
    y = gm.where(gm.bernoulli(chance(p)), a / (a + b) * 1e6, 0.0)
    found = [gm.Model(y=y).sample(N, seed=seed)["y"].mean() for seed in range(40)]
    assert all(each.reliable for each in found)
    assert sum(each.low <= p * 1e6 / 2 <= each.high for each in found) >= 30


@pytest.mark.parametrize(
    "hit",
    [
        gm.hurdle(gm.uniform(1, 2), 1 - chance(1e-6)),
        gm.mixture([0, 1], [1 - (p := chance(1e-6)), p], dim={"i": range(2)}).sum("i"),
    ],
)
def test_those_that_cannot_be_taken_out_are_told(hit: Quantity) -> None:
    found = gm.Model(y=hit * loss() + usual()).sample(1 << 16)["y"]
    for estimate in (found.mean(), found.skewness()):
        assert estimate.note is not None
        assert "not looked at" in estimate.note


@pytest.mark.parametrize(
    "hit",
    [
        gm.bernoulli(chance(1e-6) + gm.constant({"a": 0, "b": 1e-6}, dim="i")).sum("i"),
        gm.binomial(3, chance(1e-6)),
    ],
)
def test_those_that_cannot_be_taken_out_are_gone_to(hit: Quantity) -> None:
    """A number of 3e-6 in the mean, of losses of 1e6 USD, beside 15."""
    found = gm.Model(y=hit * loss() + usual()).sample(1 << 16)["y"].mean()
    assert found.reliable
    assert_true_value(found, 18.0)
    assert found.error < 1.0


def test_components_of_uncertain_weights() -> None:
    """A mixture is what is usual with a chance of 1 - p, and else one of the others."""
    p = 1e-6
    rare = chance(p)
    parts = gm.dirichlet({"usual": 1e6 - 1, "rare": 1}, dim="part")
    of_two = gm.mixture([usual(), loss()], [1 - rare, rare])
    of_three = gm.mixture([usual(), loss(), 3 * loss()], [1 - 2 * rare, rare, rare])
    shares = [parts.sel(part="usual"), parts.sel(part="rare")]
    model = gm.Model(
        of_two=of_two + usual(),
        of_three=of_three + usual(),
        inflated=gm.zero_inflated(loss(), 1 - rare),
        by_shares=gm.mixture([usual(), loss()], shares) + usual(),
    )
    result = model.sample(N)
    more = p * (1e6 - 15)
    true = {
        "of_two": 30 + more,
        "of_three": 30 + more + p * (3e6 - 15),
        "inflated": p * 1e6,
        "by_shares": 30 + more,
    }
    for name, value in true.items():
        mean = result[name].mean()
        assert mean.reliable
        assert mean.value == pytest.approx(value, abs=3 * mean.error + 1e-9)
        assert mean.error < 0.3
    variance = 1 + (1 - p) * (15**2 + 1) + p * 1e12 * math.e - (15 + more) ** 2
    assert_true_value(result["of_two"].sd(), math.sqrt(variance))


def test_likely_events_and_absolute_units() -> None:
    likely = gm.Model(y=gm.bernoulli(chance(0.3)) * loss()).sample(N)["y"].mean()
    assert likely.estimator == "replicates"
    hot = gm.where(gm.bernoulli(chance(1e-4)), gm.constant(120, "degC"), gm.constant(20, "degC"))
    found = gm.Model(y=hot).sample(N)["y"].mean()
    assert found.value == pytest.approx(20.01, rel=1e-3)
    assert found.unit == "degC"


def test_a_comparison_of_several_quantities() -> None:
    """Normals: P(load > strength) is that of their difference; two exponentials: that of a gamma
    variable of shape 2."""
    load, strength = gm.normal(mean=0, sd=1), gm.normal(mean=5.5, sd=0.6)
    size = gm.constant(1e12, "USD")
    waits = gm.exponential(mean=1) + gm.exponential(mean=1)
    failure = stats.norm.sf(5.5 / math.hypot(1, 0.6))
    rows = {
        "fails": (load > strength, failure),
        "holds": (~(strength >= load), failure),
        "late": (waits > 18, stats.gamma(2).sf(18)),
    }
    for name, (event, p) in rows.items():
        y = gm.where(event, size, NOTHING) + usual()
        found = [gm.Model(y=y).sample(1 << 14, seed=seed)["y"].mean() for seed in range(10)]
        assert all(each.reliable for each in found), name
        held = sum(each.low <= 15 + p * 1e12 <= each.high for each in found)
        assert held >= 6, name
        middle = sorted(each.value - 15 for each in found)[5]
        assert middle == pytest.approx(p * 1e12, rel=0.25), name
