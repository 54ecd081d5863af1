"""Statistics of what is made of one draw alone, by closed forms and SciPy's optimisation."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import optimize, stats

import guessmodel as gm
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.quantity import Quantity
from guessmodel.simulation.statistics import statistic

NORMAL = stats.norm()
Q = gm.Quantity


def result(quantity: Q, n: int = 1024) -> gm.Result:
    return gm.Model(y=quantity).sample(n)["y"]


def exactly(found: Estimate, expected: float) -> None:
    assert found.is_exact
    assert found.value == pytest.approx(expected, rel=1e-8, abs=1e-12)


def normal() -> Q:
    return gm.normal(mean=0, sd=1)


def window() -> Q:
    x = normal()
    return gm.where((x > 0.5) & (x < 0.5001), 1e4, 0)


def stop_loss(limit: float) -> float:
    """E[(X - limit)+] of a lognormal X of sigma 1 (Black and Scholes 1973)."""
    d = -np.log(limit)
    return float(np.exp(0.5) * NORMAL.cdf(d + 1) - limit * NORMAL.cdf(d))


def squares_from(limit: float) -> float:
    """The mean of Z² beyond its quantile `limit`, of a share 2 sf(√limit)."""
    z = np.sqrt(limit)
    return float(1 + z * NORMAL.pdf(z) / NORMAL.sf(z))


CASES: dict[str, tuple[Callable[[], Q], dict[str, float]]] = {
    "a square": (
        lambda: normal() ** 2 - 1,
        {
            "mean": 0.0,
            "sd": np.sqrt(2),
            "p5": stats.chi2(1).ppf(0.05) - 1,
            "p50": stats.chi2(1).ppf(0.5) - 1,
            "p95": stats.chi2(1).ppf(0.95) - 1,
            "P(> 1)": 2 * NORMAL.sf(np.sqrt(2)),
            "shortfall(0.95)": squares_from(stats.chi2(1).ppf(0.95)) - 1,
        },
    ),
    "a wave": (
        lambda: gm.sin(gm.uniform(0, 6 * np.pi)) * 2 + 1,
        {
            "mean": 1.0,
            "sd": np.sqrt(2),
            "p5": 1 - 2 * np.cos(0.05 * np.pi),
            "p50": 1.0,
            "p95": 1 + 2 * np.cos(0.05 * np.pi),
            "P(< 0)": 1 / 3,
            "shortfall(0.95)": 1 + 2 * np.sin(0.05 * np.pi) / (0.05 * np.pi),
        },
    ),
    "an excess": (
        lambda: gm.maximum(gm.lognormal(mu=0, sigma=1) - 40, 0),
        {"mean": stop_loss(40), "p50": 0.0, "p99.99": stats.lognorm(1).isf(1e-4) - 40},
    ),
    "a window": (
        window,
        {"mean": 1e4 * (NORMAL.cdf(0.5001) - NORMAL.cdf(0.5)), "p50": 0.0, "p99.998": 1e4},
    ),
    "a cut draw": (
        lambda: gm.clip(gm.exponential(mean=1), 0.1, 2),
        {
            "p5": 0.1,
            "p50": np.log(2),
            "p95": 2.0,
            "mean": 0.1 + np.exp(-0.1) - np.exp(-2),
            "P(>= 2)": np.exp(-2),
            "P(> 2)": 0.0,
        },
    ),
    "a function of a count": (
        lambda: (k := gm.poisson(3)) * (k - 2),
        {"mean": 6.0, "p50": 3.0, "P(< 0)": 3 * np.exp(-3), "P(<= 0)": 8.5 * np.exp(-3)},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_statistics_are_exact(case: str) -> None:
    build, expected = CASES[case]
    found = result(build())
    for name, value in expected.items():
        exactly(statistic(name)(found), value)


def test_the_shortest_interval_of_what_never_turns() -> None:
    """By SciPy's minimisation of the width."""
    x = gm.lognormal(mu=0, sigma=1)
    known = stats.lognorm(1)

    def end(u: float) -> float:
        return float(known.ppf(u) + known.ppf(u) ** 2)

    at = optimize.minimize_scalar(
        lambda u: end(u + 0.9) - end(u), bounds=(1e-9, 0.0999), method="bounded",
        options={"xatol": 1e-12},
    ).x  # fmt: skip
    for sign in (1.0, -1.0):
        found = result(sign * (x + x**2)).hdi(0.9)
        ends = sorted((sign * end(at), sign * end(at + 0.9)))
        assert found.low.is_exact and found.high.is_exact
        assert [found.low.value, found.high.value] == pytest.approx(ends, rel=1e-5)


def parabola(y: float) -> float:
    """P(x + x² <= y) of a standard normal x."""
    root = float(np.sqrt(0.25 + y))
    return float(NORMAL.cdf(root - 0.5) - NORMAL.cdf(-root - 0.5))


def saddle(y: float) -> float:
    """P(x³ - x <= y), of y beyond 0.385, where it turns."""
    (root,) = (float(x.real) for x in np.roots([1.0, 0.0, -1.0, -y]) if abs(x.imag) < 1e-9)
    return float(NORMAL.cdf(root))


TURNING: dict[str, tuple[Callable[[], Q], Callable[[], tuple[float, float]]]] = {
    # The density is infinite where the parabola turns, and falls from there on.
    "parabola": (
        lambda: (x := normal()) + x**2,
        lambda: (-0.25, optimize.brentq(lambda y: parabola(y) - 0.9, -0.25, 9.0, xtol=1e-13)),
    ),
    # This one is symmetric, and its density falls outwards beyond both turns.
    "saddle": (
        lambda: (x := normal()) ** 3 - x,
        lambda: (
            -(end := float(optimize.brentq(lambda y: saddle(y) - 0.95, 0.4, 9.0, xtol=1e-13))),
            end,
        ),
    ),
    # Its density is infinite at both ends; only a tenth of the uniform number is before 0.5.
    "wave": (lambda: gm.cos(gm.uniform(0, 5)), lambda: (-1.0, float(np.cos(0.5)))),
}


@pytest.mark.parametrize("case", TURNING)
def test_the_shortest_interval_of_what_turns(case: str) -> None:
    build, expected = TURNING[case]
    found = result(build()).hdi(0.9)
    assert found.low.is_exact and found.high.is_exact
    assert [found.low.value, found.high.value] == pytest.approx(expected(), rel=1e-6)


def test_the_shortest_interval_of_what_one_draw_decides_in_a_large_model() -> None:
    """On a net the replicates' ends are off alike, so that draws do not tell their error."""
    x = gm.lognormal(mu=0, sigma=1)
    others = {f"y{k}": gm.normal(mean=k, sd=1) for k in range(400)}
    alone = result(x + x**2).hdi(0.9)
    found = gm.Model(x=x, out=x + x**2, **others).sample(64)["out"].hdi(0.9)
    assert found.low.is_exact and found.high.is_exact
    assert (found.low.value, found.high.value) == (alone.low.value, alone.high.value)


def test_the_shortest_interval_does_not_begin_at_a_value_of_no_probability() -> None:
    """The sign is 0 at 0 alone, where no draw is; and no positive number is at most its half."""
    x = gm.beta(alpha=1, beta=3)
    found = result(x - gm.sign(x)).hdi(0.9)
    expected = -1.0, float(stats.beta.ppf(0.9, 1, 3)) - 1.0
    assert (found.low.value, found.high.value) == pytest.approx(expected, rel=1e-6)
    never = result(x / 2 >= x).hdi(0.9)
    assert (never.low.value, never.high.value) == (0.0, 0.0)


def test_the_shortest_interval_of_isolated_values_holds_its_mass() -> None:
    """At 0 alone, which no draw is, it is 0.64."""
    whole = gm.ceil(gm.minimum(gm.exponential(mean=1), 1.34) * 2)
    found = result(gm.abs(whole - 0.64)).hdi(0.9)
    assert (found.low.value, found.high.value) == (0.36, 2.36)


def test_what_holds_of_a_draw_has_a_probability() -> None:
    x = normal()
    both = NORMAL.cdf(0.4) - NORMAL.cdf(0.3)
    sim = gm.Model(both=(x > 0.3) & (x < 0.4), odd=x**2 > x + 2).sample(64)
    exactly(sim["both"].probability(), both)
    exactly(sim["both"].mean(), both)
    exactly(sim["odd"].probability(), NORMAL.sf(2) + NORMAL.cdf(-1))


def test_moments_that_do_not_exist_are_not_told() -> None:
    for quantity in (1 / normal(), gm.student_t(df=1) ** 3, 1 / (normal() + 1) ** 2):
        assert not result(quantity).mean().is_exact
    exists = result(gm.pareto(shape=1.5, scale=1) ** 1.1)  # with an infinite variance
    assert not exists.mean().is_exact and not exists.sd().is_exact
    exactly(exists.quantile(0.9), 10 ** (1.1 / 1.5))


def test_neither_under_a_condition_nor_of_draws_that_are_lost() -> None:
    x, other = normal(), normal()
    sim = gm.Model(y=x**2, lost=gm.sqrt(x), other=other).sample(4096)
    assert not sim.given(other > x)["y"].quantile(0.5).is_exact
    assert not sim["lost"].quantile(0.5).is_exact


@pytest.mark.parametrize("function", [gm.sin, gm.tanh, gm.round])
def test_in_large_models_draws_tell(function: Callable[[Quantity], Quantity]) -> None:
    """Where nothing else would be looked for: of a square, which is steep near 0, parts tell."""
    assert gm.Model(x0=function(normal())).sample(64)["x0"].mean().is_exact
    names = {f"x{k}": function(normal()) for k in range(400)}
    assert not gm.Model(**names).sample(64)["x0"].mean().is_exact


@pytest.mark.parametrize("shape", [7.1, 6.4])
def test_a_heavy_tail_through_what_never_ends_to_turn(shape: float) -> None:
    """Whether the whole part is odd: the sum of P(k <= X < k + 1) over odd k, of SciPy's
    inverse gamma. Out where nobody comes it turns more often than can be looked at."""
    odd = np.arange(1.0, 4001.0, 2.0)
    law = stats.invgamma(shape, scale=1.6)
    p = float((law.sf(odd) - law.sf(odd + 1.0)).sum())
    made = gm.floor(gm.inverse_gamma(shape=shape, scale=1.6)) % 2
    found = gm.Model(y=made).sample(512)["y"]
    assert found.mean().value == pytest.approx(p, rel=1e-8)
    assert found.sd().value == pytest.approx(math.sqrt(p * (1.0 - p)), rel=1e-8)
    assert found.exceedance(0.5).value == pytest.approx(p, rel=1e-8)
