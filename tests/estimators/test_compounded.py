"""Bounds of sums of events on a grid, and of layers of them, hold closed forms and convolutions."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import integrate, stats

import guessmodel as gm
from guessmodel.estimators.closed_form import ClosedForms
from guessmodel.estimators.compounded import Compounded, compounded_of
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.estimator import Candidate
from guessmodel.estimators.exact import ThresholdEvent, exact_of
from guessmodel.graph.quantity import Quantity

PS = (0.02, 0.2, 0.5, 0.9, 0.99, 0.999)
ROOM = 1e-9  # for the last digit of what is equal


def transformed(total: Quantity) -> Compounded:
    found = compounded_of(ClosedForms.of([total]), total, (), None)
    assert isinstance(found, Compounded)
    return found


def holds(answer: Candidate | None, exact: float, scale: float, wide: float = 1e-3) -> Estimate:
    """That the bounds hold the exact number and are close by, and no more than bounds."""
    assert answer is not None
    estimate = answer.estimate
    assert estimate.estimator == "fft"
    room = ROOM * scale
    assert estimate.low - room <= exact <= estimate.high + room
    assert estimate.high - estimate.low <= wide * scale
    assert estimate.value == pytest.approx((estimate.low + estimate.high) / 2)
    return estimate


# An exponential sum: a geometric number (1, 2, ...) of exponential events with mean 2.
MEAN = 8.0
TIMES: list[Callable[[Quantity], Quantity]] = [
    lambda total: total,
    lambda total: 100 - 3 * total,
    lambda total: (total / 2 + 1) * 10,
]
SIGNS = [(1.0, 0.0), (-3.0, 100.0), (5.0, 10.0)]


def exponential_sum(severity: Callable[[], Quantity] | None = None, **terms: float) -> Quantity:
    # No family of its own: so it is not known exactly.
    made = severity or (lambda: gm.weibull(scale=2, shape=1))
    return gm.compound(gm.geometric(0.25), made, **terms)


@pytest.mark.parametrize(("times", "line"), list(zip(TIMES, SIGNS, strict=True)))
@pytest.mark.parametrize("p", PS)
def test_an_exponential_sum_and_lines_of_it(
    times: Callable[[Quantity], Quantity], line: tuple[float, float], p: float
) -> None:
    """Beyond x its mean is x + m, below x it is m - x q / p of p = P(S <= x), q = 1 - p."""
    found = transformed(times(exponential_sum()))
    (factor, shift), known = line, stats.expon(scale=MEAN)
    own = p if factor > 0 else 1 - p
    x = known.ppf(own)
    at, scale = factor * x + shift, abs(factor) * MEAN
    holds(found.quantile(p, ""), at, scale, 4e-3)
    for including in (True, False):
        holds(found.share(at, above=False, including=including), p, 1.0, 3e-4)
        holds(found.share(at, above=True, including=including), 1 - p, 1.0, 3e-4)
    beyond, within = x + MEAN, MEAN - x * (1 - own) / own
    for upper, share in ((True, 1 - p), (False, p)):
        mean = beyond if upper == (factor > 0) else within
        # What all events are rounded by counts for the share alone.
        wide = 2e-3 + 1e-3 / share
        holds(found.shortfall(share, "", upper=upper), factor * mean + shift, scale, wide)


@pytest.mark.parametrize("times", TIMES)
def test_layers_of_an_exponential_sum(times: Callable[[Quantity], Quantity]) -> None:
    """Integrals over the density of S, by QUADPACK, with the bounds as break points."""
    low, high, known = 3.0, 20.0, stats.expon(scale=MEAN)

    def expected(f: Callable[[float], float]) -> float:
        return integrate.quad(lambda x: f(x) * known.pdf(x), 0, 200, points=[low, high])[0]

    for name, terms, ends in (
        ("both", {"aggregate_deductible": low, "aggregate_limit": high - low}, (low, high)),
        ("deductible", {"aggregate_deductible": low}, (low, math.inf)),
        ("limit", {"aggregate_limit": high}, (0.0, high)),
    ):
        layer = exponential_sum(**terms)
        found = transformed(times(layer))
        factor, shift = SIGNS[TIMES.index(times)]
        nothing = ends[0]

        def paid(x: float, ends=ends, nothing=nothing) -> float:
            return min(max(x, ends[0]), ends[1]) - nothing

        mean = expected(paid)
        sd = math.sqrt(expected(lambda x: (paid(x) - mean) ** 2))  # noqa: B023
        scale = abs(factor) * sd
        holds(found.mean(""), factor * mean + shift, scale)
        holds(found.sd(""), abs(factor) * sd, scale, 2e-3)
        nought = known.cdf(ends[0])
        at = shift
        if name != "limit":
            above, including = factor > 0, False
            holds(found.share(at, above=above, including=including), 1 - nought, 1.0, 3e-4)
            holds(found.share(at, above=not above, including=True), nought, 1.0, 3e-4)
        if ends[1] < math.inf:
            top = factor * (high - nothing) + shift
            holds(found.share(top, above=factor > 0, including=True), known.sf(high), 1.0, 3e-4)
            assert holds(found.share(top, above=factor > 0, including=False), 0.0, 1.0).high == 0.0
        for share in (0.02, 0.3):
            x = known.isf(share)
            largest = expected(lambda y: max(paid(y) - paid(x), 0.0)) / share + paid(x)  # noqa: B023
            tail = found.shortfall(share, "", upper=factor > 0)
            holds(tail, factor * largest + shift, scale, 2e-3 + 1e-3 / share)
            x = known.ppf(share)
            smallest = paid(x) - expected(lambda y: max(paid(x) - paid(y), 0.0)) / share  # noqa: B023
            tail = found.shortfall(share, "", upper=factor < 0)
            holds(tail, factor * smallest + shift, scale, 2e-3 + 1e-3 / share)


def test_a_limit_beyond_the_grid() -> None:
    """E[min(S, l)] = m (1 - exp(-l / m)), with l = 100 m: there is hardly a difference to m."""
    found = transformed(exponential_sum(aggregate_limit=100 * MEAN))
    holds(found.mean(""), MEAN * (1 - math.exp(-100)), MEAN)
    holds(found.sd(""), MEAN, MEAN)
    holds(found.shortfall(0.05, "", upper=True), MEAN * (1 - math.log(0.05)), MEAN, 3e-2)
    heavy = gm.compound(gm.poisson(3), gm.pareto(scale=1, shape=1.5), aggregate_limit=1e9)
    answer = transformed(heavy).mean("")
    assert answer is not None
    assert answer.estimate.low < 9.0 <= answer.estimate.high  # 3 * 1.5 / 0.5, nearly


def gamma_sum(p_of: np.ndarray, x: float, scale: float) -> float:
    """P(S <= x) of a number of exponential events: each number has a gamma distribution."""
    k = np.arange(1, p_of.size)
    return float(p_of[0] + p_of[1:] @ stats.gamma.cdf(x, k, scale=scale))


@pytest.mark.parametrize(
    ("count", "shares"),
    [
        (lambda: gm.constant(3), np.array([0, 0, 0, 1.0])),
        (lambda: gm.poisson(3), stats.poisson(3).pmf(range(60))),
        (lambda: gm.binomial(5, 0.4), stats.binom(5, 0.4).pmf(range(6))),
        (lambda: gm.bernoulli(0.4), np.array([0.6, 0.4])),
        (lambda: gm.negative_binomial(successes=2, p=0.3), stats.nbinom(2, 0.3).pmf(range(200))),
        (lambda: 1 + gm.poisson(2), np.append(0.0, stats.poisson(2).pmf(range(50)))),
        (lambda: gm.empirical([0, 2, 7], weights=[2, 4, 2]), np.array([2, 0, 4, *[0] * 4, 2]) / 8),
        # The rate is not certain: negative binomial (Greenwood and Yule 1920).
        (lambda: gm.poisson(gm.gamma(shape=2, scale=1.5)), stats.nbinom(2, 0.4).pmf(range(150))),
    ],
)  # fmt: skip
def test_numbers_of_events(count: Callable[[], Quantity], shares: np.ndarray) -> None:
    found = transformed(gm.compound(count(), lambda: gm.weibull(scale=2, shape=1)))
    for x in (0.0, 0.5, 4.0, 15.0):
        exact = gamma_sum(shares, x, 2.0)
        holds(found.share(x, above=False, including=True), exact, 1.0, 3e-4)
        holds(found.share(x, above=True, including=False), 1 - exact, 1.0, 3e-4)
    for p in PS:
        answer = found.quantile(p, "")
        assert answer is not None
        low, high = answer.estimate.low, answer.estimate.high
        assert high - low <= 1e-3 * max(high, 4.0)
        assert low == 0.0 or gamma_sum(shares, low - ROOM, 2.0) <= p + ROOM
        assert gamma_sum(shares, high + ROOM, 2.0) >= p - ROOM


def test_layers_of_events() -> None:
    """Above a deductible d exponential events are as many fewer, and as large as before. Of two
    events up to 3 the sum is at most s below 3 as without a limit, and with f = P(X <= 3) from 3 on
    one may be 3: f² less the corner of both below 3 that lies above s, and 2 (1 - f) F(s - 3)."""
    layered = gm.compound(gm.poisson(3), gm.exponential(mean=10), deductible=5)
    fewer = gm.compound(gm.poisson(3 * math.exp(-0.5)), gm.exponential(mean=10)).sample(64)
    for p in PS:
        exact = fewer.quantile(p)
        assert exact.estimator == "exact"
        holds(transformed(layered).quantile(p, ""), exact.value, 10.0, 5e-3)
    capped = transformed(gm.compound(2, gm.exponential(mean=10), limit=3))
    one = stats.expon(scale=10)
    f = one.cdf(3)
    for s in (1.0, 2.9, 3.5, 5.0, 5.9):
        if s < 3:
            exact = stats.gamma(2, scale=10).cdf(s)
        else:
            both = integrate.quad(lambda x, s=s: one.pdf(x) * one.cdf(min(3, s - x)), 0, 3)[0]
            exact = both + 2 * (1 - f) * one.cdf(s - 3)
        holds(capped.share(s, above=False, including=True), exact, 1.0, 3e-4)
    assert holds(capped.quantile(0.999, ""), 6.0, 1.0).value == pytest.approx(6.0, abs=1e-4)


def test_negative_events_are_losses() -> None:
    gains = transformed(gm.compound(gm.poisson(3), gm.lognormal(1, 9)))
    losses = transformed(gm.compound(gm.poisson(3), lambda: -gm.lognormal(1, 9)))
    for p in PS:
        gain, loss = gains.quantile(p, ""), losses.quantile(1 - p, "")
        assert gain is not None and loss is not None
        assert loss.estimate.value == pytest.approx(-gain.estimate.value, abs=1e-3)


def test_units_and_functions_of_the_sum_follow() -> None:
    gm.unit("blaze")
    total = gm.compound(
        gm.poisson(3, "blaze"), gm.lognormal(1, 9, "thousand USD/blaze"), limit=None
    )
    half = (total / 2 + gm.constant(1, "USD")).to("million USD")
    found = gm.Model(total=total, half=half).sample(64)
    for ask in (
        lambda result: result.quantile(0.9),
        lambda result: result.mean(),
        lambda result: result.shortfall(0.9),
    ):
        expected = (ask(found["total"]).value / 2 + 1) / 1e6
        assert ask(found["half"]).value == pytest.approx(expected, rel=1e-9)
    at = found["total"].cdf("20K USD")
    assert at.estimator == "fft"
    assert found["half"].cdf("10001 USD").value == pytest.approx(at.value, abs=1e-9)


def test_events_of_a_model_have_the_probability_of_the_grid() -> None:
    total = exponential_sum()
    run = gm.Model(
        total=total,
        high=total > 16,
        low=total <= 16,
        reverse=gm.constant(16) < total,
        ruin=100 - total < 0,
        plain=gm.normal(mean=0, sd=1) > 1,
        whole=gm.compound(2, gm.bernoulli(0.5)) >= 1,
    ).sample(64)
    expected = {"high": math.exp(-2), "low": 1 - math.exp(-2), "reverse": math.exp(-2)}
    expected |= {"ruin": math.exp(-12.5), "plain": stats.norm.sf(1), "whole": 0.75}
    for name, exact in expected.items():
        found = run[name].probability()
        assert found.low - 1e-12 <= exact <= found.high + 1e-12
        assert found.high - found.low < 2e-4
        assert found.estimator == ("exact" if name in ("plain", "whole") else "fft")
        assert run[name].mean().value == found.value
    assert run["total"].exceedance(16).value == run["high"].probability().value


def test_what_is_not_known_is_left_to_the_draws() -> None:
    mean = gm.lognormal(2, 4)
    for total in (
        gm.compound(gm.poisson(mean), gm.lognormal(1, 9)),  # uncertain frequency
        gm.compound(gm.poisson(3), lambda: gm.lognormal(1, 9) + gm.gamma(1, 2)),  # two draws
        gm.compound(gm.poisson(3), gm.student_t(-1, 9, df=5)),  # of both signs
        gm.compound(gm.poisson(dict.fromkeys(range(20), 2), dim="k"), gm.lognormal(1, 9)),
    ):
        place = (0,) * len(total.dims)
        assert compounded_of(ClosedForms.of([total]), total, place, None) is None
        event = total > 5
        found = exact_of(ClosedForms.of([event]), event, place)
        assert not isinstance(found, ThresholdEvent) or found.probability() is None
    heavy = transformed(gm.compound(gm.poisson(3), gm.pareto(scale=1, shape=1.2)))
    assert heavy.quantile(0.99999, "") is None  # beyond the grid
    assert heavy.share(1e12, above=True, including=False) is None
    assert heavy.quantile(0.5, "") is not None
    assert heavy.shortfall(0.5, "", upper=True) is not None  # by the mean, 3 * 1.2 / 0.2
    endless = transformed(gm.compound(gm.poisson(3), gm.pareto(scale=1, shape=0.9)))
    assert endless.shortfall(0.5, "", upper=True) is None
    assert endless.mean("") is None and endless.sd("") is None


def test_bounds_that_are_wide_are_compared_with_the_draws() -> None:
    """Of 3000 events the rounding of each adds up, so that counting is better."""
    few = transformed(gm.compound(gm.poisson(3), gm.lognormal(1, 9))).quantile(0.5, "")
    many = transformed(gm.compound(gm.poisson(3000), gm.lognormal(1, 9)))
    median = many.quantile(0.5, "")
    assert few is not None and few.settled
    assert median is not None and not median.settled
    share = many.share(3 * 3749.65, above=True, including=False)
    assert share is not None and not share.settled
