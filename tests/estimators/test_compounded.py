"""Sums of events by the transform: closed forms and Panjer's recursion lie within its interval."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import optimize, stats

import guessmodel as gm
from guessmodel.distributions.exponential import exponential
from guessmodel.estimators import compounded
from guessmodel.estimators.closed_form import Closed, Forms
from guessmodel.estimators.compounded import Compounded, compounded_of
from guessmodel.graph.quantity import Quantity

PS = (0.02, 0.2, 0.5, 0.9, 0.99, 0.999)


def closed(draw: Quantity) -> Closed:
    found = Forms.of([draw]).at(draw)
    assert found is not None
    return found


def transformed(total: Quantity) -> Compounded:
    found = compounded_of(Forms.of([total]), total, (), None)
    assert isinstance(found, Compounded)
    return found


def interval(found: Compounded, p: float) -> tuple[float, float, float]:
    answer = found.quantile(p, "")
    assert answer is not None
    estimate = answer.estimate
    assert estimate.estimator == "fft"
    return estimate.low, estimate.value, estimate.high


@pytest.mark.parametrize("p", PS)
@pytest.mark.parametrize(
    ("count", "exact"),
    [
        # Of exponential events with mean 2: a geometric number of them has mean 2 / p, …
        (lambda: gm.geometric(0.25), lambda p: -8.0 * math.log1p(-p)),
        # … 3 of them a gamma distribution, …
        (lambda: gm.constant(3), lambda p: stats.gamma(3, scale=2).ppf(p)),
        # … and all others are a mixture of these.
        *[
            (make, lambda p, make=make: _mixed(make(), p))
            for make in (
                lambda: gm.poisson(3),
                lambda: gm.binomial(5, 0.4),
                lambda: gm.negative_binomial(successes=2, p=0.3),
                lambda: gm.bernoulli(0.4),
            )
        ],
    ],
)
def test_what_is_known_otherwise_lies_within(
    count: Callable[[], Quantity], exact: Callable[[float], float], p: float
) -> None:
    found = Compounded(closed(count()), closed(exponential(mean=2)), (), ())
    low, value, high = interval(found, p)
    assert low <= exact(p) <= high
    assert high - low <= 1e-3 * max(exact(0.9), value)
    assert value == pytest.approx(exact(p), abs=1e-4 * exact(0.9))


def _mixed(count: Quantity, p: float) -> float:
    own = closed(count)
    assert own.family is not None
    k = np.arange(1, 200)
    weights = own.family.pdf(k.astype(float), *own.parameters)
    nought = float(own.family.pdf(0.0, *own.parameters))
    if p <= nought:
        return 0.0
    return float(
        optimize.brentq(
            lambda x: nought + weights @ stats.gamma.cdf(x, k, scale=2) - p, 1e-9, 400, xtol=1e-9
        )
    )


def test_whole_sizes_agree_with_panjers_recursion() -> None:
    """g(s) = Σ (λ x / s) f(x) g(s - x) of a compound Poisson sum (Panjer 1981)."""
    sizes = np.concatenate([[0.0], stats.poisson(2).pmf(np.arange(60))])
    g = np.zeros(120)
    g[0] = math.exp(-3.0)
    for s in range(1, 120):
        x = np.arange(1, min(s, 60) + 1)
        g[s] = np.sum(3.0 * x / s * sizes[x] * g[s - x])
    total = gm.compound(gm.poisson(3), lambda: 1 + gm.poisson(2))
    found = transformed(total)
    for p in PS:
        low, _, high = interval(found, p)
        exact = float(np.searchsorted(np.cumsum(g), p))
        assert low <= exact <= high
        assert high - low < 0.05


@pytest.mark.parametrize("p", PS)
def test_layers_of_events_and_of_the_sum(p: float) -> None:
    """Above a deductible d exponential events are as many fewer, and as large as before."""
    layered = gm.compound(gm.poisson(3), gm.exponential(mean=10), deductible=5)
    fewer = gm.compound(gm.poisson(3 * math.exp(-0.5)), gm.exponential(mean=10))
    exact = closed(fewer).quantile(p)
    low, _, high = interval(transformed(layered), p)
    assert low <= exact <= high and high - low < 0.05
    of_sum = gm.compound(
        gm.poisson(3),
        gm.exponential(mean=10),
        deductible=5,
        aggregate_deductible=4,
        aggregate_limit=30,
    )
    low, _, high = interval(transformed(of_sum), p)
    assert low - 1e-9 <= min(max(exact - 4, 0), 30) <= high + 1e-9
    capped = gm.compound(2, gm.exponential(mean=10), limit=3)
    low, _, high = interval(transformed(capped), p)
    # Both are 3 with probability exp(-0.6); else the sum of those below is convolved.
    if p > 1 - math.exp(-0.6):
        assert low == pytest.approx(6.0, abs=1e-3) and high == pytest.approx(6.0, abs=1e-3)


def test_units_and_functions_of_the_sum_follow() -> None:
    gm.unit("blaze")
    total = gm.compound(
        gm.poisson(3, "blaze"), gm.lognormal(1, 9, "thousand USD/blaze"), limit=None
    )
    run = gm.Model(total=total, half=(total / 2 + gm.constant(1, "USD")).to("million USD"))
    found = run.sample(64)
    assert found["total"].quantile(0.9).estimator == "fft"
    expected = (found["total"].quantile(0.9).value / 2 + 1) / 1e6
    assert found["half"].quantile(0.9).value == pytest.approx(expected, rel=1e-9)
    draws = run.sample(2**15)["total"].values
    assert np.quantile(draws, 0.9) == pytest.approx(found["total"].quantile(0.9).value, rel=0.02)


def test_what_is_not_known_is_left_to_the_draws() -> None:
    mean = gm.gamma(2, 4)
    for total in (
        gm.compound(gm.poisson(mean), gm.lognormal(1, 9)),  # uncertain frequency
        gm.compound(gm.poisson(3), lambda: gm.lognormal(1, 9) + gm.gamma(1, 2)),  # two draws
        gm.compound(gm.poisson(3), gm.student_t(-1, 9, df=5)),  # below 0
        gm.compound(gm.poisson(dict.fromkeys(range(20), 2), dim="k"), gm.lognormal(1, 9)),
    ):
        place = (0,) * len(total.dims)
        assert compounded_of(Forms.of([total]), total, place, None) is None
    heavy = transformed(gm.compound(gm.poisson(3), gm.pareto(scale=1, shape=1.2)))
    assert heavy.quantile(0.99999, "") is None  # beyond the grid
    assert heavy.quantile(0.5, "") is not None


def test_a_quantile_that_is_rounded_the_wrong_way_is_noticed() -> None:
    """Only both roundings enclose: from the middle of the interval either misses somewhere."""
    found = Compounded(closed(gm.geometric(0.25)), closed(exponential(mean=2)), (), ())
    exact = [-8.0 * math.log1p(-p) for p in PS]
    lows, values, highs = zip(*(interval(found, p) for p in PS), strict=True)
    assert any(
        not low <= x <= value for low, x, value in zip(lows, exact, values, strict=True)
    ) or (any(not value <= x <= high for value, x, high in zip(values, exact, highs, strict=True)))
    assert all(low < high for low, high in zip(lows, highs, strict=True))


def test_grids_that_outlive_their_model_take_little_memory() -> None:
    """Two arrays of 8 · 131,072 bytes each."""
    found = Compounded(closed(gm.geometric(0.25)), closed(exponential(mean=2)), (), ())
    grid = compounded._grid(found.count, found.size, found.within)
    most = compounded._grid.cache_info().maxsize
    assert grid is not None and most is not None
    assert 16 <= most <= 40e6 / (grid[1].nbytes + grid[2].nbytes)  # 16: the labels of a quantity
