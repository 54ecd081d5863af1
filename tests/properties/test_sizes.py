"""Numbers of any size: a power of two scales every statistic, as far as digits go."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import guessmodel as gm


def statistics(power: int) -> dict[str, float]:
    """Statistics of numbers near 2^power, counted in 2^power."""
    x = gm.normal(mean=1, sd=0.5, name="x") * gm.uniform(1, 2, name="u") * 2.0**power
    y = x + gm.normal(mean=0, sd=1, name="e") * 2.0**power
    simulation = gm.Model(x=x, y=y).sample(256)
    result, unit = simulation["x"], 2.0**-power
    assert result.sd().reliable
    assert result.mean().reliable
    return {
        "mean": result.mean().value * unit,
        "sd": result.sd().value * unit,
        "error": result.sd().error * unit,
        "median": result.median().value * unit,
        "mode": result.mode().value * unit,
        "shortfall": result.shortfall(0.9).value * unit,
        "skewness": result.skewness().value,
        "kurtosis": result.kurtosis().value,
        "correlation": simulation.correlation("x", "y").value,
        "rank": simulation.rank_correlation("x", "y").value,
    }


@given(power=st.integers(-900, 900))
@example(power=-900)
@example(power=260)  # of squares alone the numbers are too large for their products
@example(power=700)
@settings(max_examples=10, deadline=None)
def test_statistics_are_those_of_numbers_near_1(power: int) -> None:
    found, known = statistics(power), statistics(0)
    for searched in ("median", "shortfall"):  # to a small part of its error
        assert found.pop(searched) == pytest.approx(known.pop(searched), rel=1e-5)
    assert found == pytest.approx(known, rel=1e-12, abs=0.0)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_a_draw_has_a_deviation(size: float) -> None:
    """Of a normal draw the standard deviation is a parameter, the skewness 0, the kurtosis 3."""
    result = gm.normal(mean=size, sd=size / 2).sample(4096)
    assert abs(result.sd().value / size - 0.5) <= 3 * result.sd().error / size + 1e-15 < 0.1
    assert abs(result.skewness().value) <= 3 * result.skewness().error + 1e-9 < 0.5
    assert abs(result.kurtosis().value - 3.0) <= 3 * result.kurtosis().error + 1e-9 < 1.0


def test_a_variance_that_is_infinite_stays_so() -> None:
    for size in (1e-200, 1.0, 1e200):
        result = gm.pareto(scale=size, shape=1.5).sample(1024)
        assert result.sd().note == "the variance is infinite"


KINDS = {
    "data": lambda size: gm.empirical([size, 2 * size, 3 * size, 5 * size, 8 * size]),
    "multiple": lambda size: gm.exponential(mean=1) * size,
    "sum": lambda size: gm.exponential(mean=size) + gm.gamma(shape=2, scale=size),
    "events": lambda size: gm.compound(gm.poisson(3), gm.exponential(mean=size)),
    "data of events": lambda size: gm.compound(gm.poisson(3), gm.empirical([size, 3 * size])),
    "truncated": lambda size: gm.truncated(gm.gamma(shape=3, scale=size), upper=2 * size),
    "mixture": lambda size: gm.mixture([0, gm.exponential(mean=size)], [0.5, 0.5]),
    "choice": lambda size: gm.where(gm.bernoulli(0.3), gm.exponential(mean=size), 0),
}


@pytest.mark.parametrize("size", [1e-200, 1e200])
@pytest.mark.parametrize("kind", KINDS)
def test_all_kinds_of_quantities_may_have_any_size(kind: str, size: float) -> None:
    """Those of data were 0, of multiples and sums of events there was an internal error."""
    large, known = (KINDS[kind](each).sample(1024) for each in (size, 1.0))
    for name, unit in (("mean", size), ("sd", size), ("skewness", 1.0), ("kurtosis", 1.0)):
        found, expected = getattr(large, name)(), getattr(known, name)()
        assert found.reliable == expected.reliable
        slack = 3 * (found.error / unit + expected.error)
        assert found.value / unit == pytest.approx(expected.value, rel=1e-7, abs=slack)


@pytest.mark.parametrize("power", [-700, 700])
def test_runs_that_keep_no_draws_may_have_any_size(power: int) -> None:
    """Their moments are counted in a power of two: the deviation of numbers near 1e-200 was 0."""

    def moments(power: int) -> list[float]:
        a, b = gm.lognormal(2, 9, name="a"), gm.normal(-3, 5, name="b")
        made = gm.apply(lambda x, y: np.ldexp(x * y, power), a, b)
        run = gm.Model(made=made).sample(2**14, keep=False)["made"]
        ends = run.mean(), run.sd(), run.quantile(0.95)
        return [np.ldexp(x, -power) for end in ends for x in (end.low, end.value, end.high)]

    assert moments(power) == pytest.approx(moments(0), rel=1e-12)
