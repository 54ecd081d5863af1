"""Sums of events whose distribution or moments are exact, against published ones and formulas."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import special, stats

import guessmodel as gm
from guessmodel.estimators.closed_form import Closed, ClosedForms
from guessmodel.estimators.exact import exact_of
from guessmodel.graph.quantity import Quantity
from guessmodel.simulation import Result


def known(total: Quantity) -> Closed:
    found = ClosedForms.of([total]).at(total)
    assert found is not None
    return found


def polya_aeppli(x: int, often: float, p: float) -> float:
    """P(S = x) of a Poisson number of sizes that are geometric from 1 on (Johnson, Kemp and Kotz,
    "Univariate Discrete Distributions", 9.7): e^-m Σ m^j / j! C(x - 1, j - 1) p^j q^(x - j)."""
    if x == 0:
        return math.exp(-often)
    j = np.arange(1, x + 1)
    terms = j * math.log(often * p) - special.gammaln(j + 1) + (x - j) * math.log1p(-p)
    terms += special.gammaln(x) - special.gammaln(j) - special.gammaln(x - j + 1)
    return math.exp(-often) * float(np.exp(terms).sum())


def panjer(a: float, b: float, sizes: np.ndarray, most: int) -> np.ndarray:
    """Probabilities of a sum of whole sizes, by the recursion of Panjer (ASTIN Bulletin 12, 1981):
    g(s) = Σ (a + b x / s) f(x) g(s - x) / (1 - a f(0)), from the generating function at f(0) on."""
    f = sizes[0]
    g = np.zeros(most + 1)
    g[0] = math.exp(b * (f - 1)) if a == 0 else ((1 - a) / (1 - a * f)) ** (1 + b / a)
    for s in range(1, most + 1):
        x = np.arange(1, min(s, sizes.size - 1) + 1)
        g[s] = np.sum((a + b * x / s) * sizes[x] * g[s - x]) / (1 - a * f)
    return g


def test_polya_aeppli() -> None:
    total = known(gm.compound(gm.poisson(3), gm.geometric(0.3)))
    expected = np.array([polya_aeppli(x, 3, 0.3) for x in range(60)])
    for x in range(60):
        assert total.cdf(x) == pytest.approx(expected[: x + 1].sum(), rel=1e-10)
        more = total.share(x, above=True, including=True)
        assert more == pytest.approx(1 - expected[:x].sum(), rel=1e-9, abs=1e-12)
    assert total.mean() == pytest.approx(3 / 0.3, rel=1e-12)


def test_a_poisson_number_of_logarithmic_sizes_is_negative_binomial() -> None:
    theta, r = 0.6, 2.5
    k = np.arange(1, 150)
    sizes = gm.empirical(k, weights=-(theta**k) / (k * math.log1p(-theta)))
    total = known(gm.compound(gm.poisson(-r * math.log1p(-theta)), sizes))
    for x in (0, 1, 5, 20, 60):
        assert total.cdf(x) == pytest.approx(stats.nbinom(r, 1 - theta).cdf(x), rel=1e-10)
        more = total.share(x, above=True, including=False)
        assert more == pytest.approx(stats.nbinom(r, 1 - theta).sf(x), rel=1e-9)


DENTAL = [0.150, 0.200, 0.250, 0.125, 0.075, 0.050, 0.050, 0.050, 0.025, 0.025]
FAMILIES = [0.05, 0.10, 0.15, 0.20, 0.25, 0.15, 0.06, 0.03, 0.01]


def test_group_dental_insurance() -> None:
    """Klugman, Panjer and Willmot, "Loss Models", chapter 9: claims in units of 25 USD; the mean is
    12.58 units, the variance 58.7464, and the first probabilities are .05, .015, .02338, .03468."""
    number = gm.empirical(range(9), weights=FAMILIES)
    claim = gm.empirical(25 * np.arange(1, 11), "USD", weights=DENTAL)
    total = gm.compound(number, claim).sample(64)
    assert total.mean().estimator == "exact"
    assert total.mean().value == pytest.approx(25 * 12.58, rel=1e-12)
    assert total.sd().value == pytest.approx(25 * math.sqrt(58.7464), rel=1e-12)
    cumulated = np.cumsum([0.05, 0.015, 0.02338, 0.03468])
    for k, expected in enumerate(cumulated):
        assert total.cdf(25 * k).value == pytest.approx(expected, abs=1e-5)
        assert total.cdf(25 * k).estimator == "exact"


@pytest.mark.parametrize(
    ("count", "a", "b"),
    [
        (lambda: gm.poisson(3), 0.0, 3.0),
        (lambda: gm.binomial(6, 0.4), -2 / 3, 7 * 2 / 3),
        (lambda: gm.negative_binomial(successes=2.5, p=0.4), 0.6, 1.5 * 0.6),
        (lambda: gm.poisson(gm.gamma(shape=2.5, scale=1.5)), 0.6, 1.5 * 0.6),
    ],
)
def test_panjers_class(count: Callable[[], Quantity], a: float, b: float) -> None:
    """Frequencies with p(n) = (a + b / n) p(n - 1), the last a Poisson one at an uncertain rate;
    sizes with a deductible and a limit, in steps of 0.5."""
    paid = gm.compound(
        count(), lambda: 0.5 * (1 + gm.poisson(2)), deductible=0.5, limit=2, aggregate_limit=7
    )
    plain = stats.poisson(2).pmf(range(60))
    sizes = np.array([*plain[:4], plain[4:].sum()])  # 0, 0.5, …, 2
    g = panjer(a, b, sizes, 400)
    total = known(paid)
    cumulated = np.cumsum(g)
    for x in (0.0, 0.5, 3.0, 6.5):
        assert total.cdf(x) == pytest.approx(cumulated[int(2 * x)], rel=1e-9)
        assert total.cdf(x + 0.4) == total.cdf(x)
    assert total.cdf(7.0) == 1.0
    mean = float(np.minimum(np.arange(g.size) / 2, 7) @ g)
    assert total.mean() == pytest.approx(mean, rel=1e-9)


def exact(result: Result, mean: float, sd: float) -> None:
    assert result.mean().estimator == result.sd().estimator == "exact"
    assert result.mean().value == pytest.approx(mean, rel=1e-9)
    assert result.sd().value == pytest.approx(sd, rel=1e-9)


def test_moments_of_layers_of_events() -> None:
    """Of Y = min(max(X - d, 0), l) of an exponential X: E[Y] = m (e^(-d/m) - e^(-(d + l)/m)), and
    E[Y²] = 2 m (E[Y] - l e^(-(d + l)/m)); the sum of a Poisson number has λ E[Y], λ E[Y²]."""
    layer = gm.compound(
        gm.poisson(2), gm.exponential(mean=10, unit="USD"), deductible="5 USD", limit="20 USD"
    )
    mean = 10 * (math.exp(-0.5) - math.exp(-2.5))
    second = 20 * (mean - 20 * math.exp(-2.5))
    exact(layer.sample(64), 2 * mean, math.sqrt(2 * second))
    turned = gm.Model(left=gm.constant(90, "USD") - 3 * layer).sample(64)["left"]
    exact(turned, 90 - 6 * mean, 3 * math.sqrt(2 * second))


def test_moments_at_an_uncertain_rate() -> None:
    """Var[N] = E[L] + Var[L] of a Poisson N at the rate L, whatever L is."""
    rate = gm.lognormal(mean=4, sd=3)
    total = gm.compound(gm.poisson(rate), gm.lognormal(mean=5, sd=2))
    exact(total.sample(64), 20, math.sqrt(4 * 4 + (4 + 9) * 25))
    shared = gm.compound(gm.poisson(rate), lambda: rate * gm.lognormal(mean=5, sd=2))
    assert shared.sample(64).mean().estimator != "exact"  # rate and sizes go together
    number = gm.poisson(gm.gamma(shape=2, scale=3)).sample(64)
    for p in (0.1, 0.5, 0.99):
        assert number.quantile(p).value == stats.nbinom(2, 0.25).ppf(p)
        assert number.quantile(p).estimator == "exact"


def test_events_of_a_known_seed_are_not_random() -> None:
    """As where the input `total/uniform#1` is held: all but the first event are hashed from it."""
    total = gm.compound(3, gm.exponential(mean=2))
    count, _, *others = total.operands
    held = replace(total, operands=(count, gm.constant(0.3) * 1, *others))
    assert ClosedForms.of([total]).at(total) is not None
    assert ClosedForms.of([held]).at(held) is None
    assert exact_of(ClosedForms.of([held]), held, ()) is None
    draws = held.sample(4096, method="random").values
    assert draws.std() == pytest.approx(2, rel=0.1)  # of the first alone


def test_the_larger_of_whole_numbers_and_a_constant() -> None:
    kept = gm.maximum(gm.minimum(gm.binomial(4, 0.5), 3), 1).sample(64)
    assert kept.mean().value == pytest.approx((5 * 1 + 6 * 2 + 5 * 3) / 16, rel=1e-12)
    assert kept.cdf(1).value == pytest.approx(5 / 16, rel=1e-12)
    assert kept.median().estimator == "exact"


@pytest.mark.parametrize(
    ("count", "number", "estimator"),
    [
        (lambda: gm.binomial(5, 0.4), stats.binom(5, 0.4), "exact"),
        (lambda: gm.poisson(40), stats.poisson(40), "fft"),
    ],
)
def test_shortfalls_of_mixtures(count, number, estimator: str) -> None:
    """E[X; X > q] = k m P(gamma(k + 1) > q) of a gamma(k) variable. Where there are many parts, it
    would take seconds to search all quantiles, so that the grid's bounds are told; the shortest
    interval is that of the draws."""
    total = gm.compound(count(), gm.exponential(mean=2)).sample(64)
    k = np.arange(1, 150)
    for p in (0.9, 0.99):
        q = total.quantile(p)
        assert q.estimator == "exact"
        beyond = number.pmf(k) * 2 * k @ stats.gamma.sf(q.value, k + 1, scale=2) / (1 - p)
        found = total.shortfall(p)
        assert found.estimator == estimator
        assert found.low - 1e-7 <= beyond <= found.high + 1e-7
        assert found.error <= 0.2 * beyond
    assert (total.hdi().low.estimator == "exact") is (estimator == "exact")
