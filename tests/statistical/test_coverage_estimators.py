"""Measured coverage of the intervals for sampling error, on points by SciPy, against closed forms.

A run is 8 replicates; the 90% interval of each statistic either holds the true value or does not.
Over many runs the number that hold is binomial. A coverage between 85 and 95% (at least 85% where
outputs have atoms, or events are rare) must fall inside limits that such a binomial variable
leaves with probability 1e-6 in all the comparisons of this file together.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import final

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize, special, stats
from scipy.stats import qmc

from guessmodel.statistics import estimators
from guessmodel.statistics.estimate import Estimate

Array = NDArray[np.float64]

RUNS, REPLICATES, DRAWS, INPUTS = 400, 8, 128, 20
METHODS = ("sobol", "lhs", "random")
FALSE_ALARM = 1e-6 / 200  # in one comparison; there are fewer than 200


def points(method: str, rng: np.random.Generator) -> Array:
    """Points of all replicates of a run, of shape (8, 128, 20)."""
    if method == "random":
        return rng.random((REPLICATES, DRAWS, INPUTS))
    sampler = {"sobol": qmc.Sobol, "lhs": qmc.LatinHypercube}[method]
    return np.array([sampler(INPUTS, rng=rng).random(DRAWS) for _ in range(REPLICATES)])


@final
@dataclass(frozen=True)
class Output:
    """A function of up to 20 uniform inputs, with what is known of it."""

    of: Callable[[Array], Array]
    mean: float
    sd: float
    quantile: Callable[[float], float]
    cdf: Callable[[float], float]
    atoms: bool = False

    @cache  # noqa: B019  five outputs, for as long as the tests run
    def at(self, p: float) -> tuple[float, float]:
        """The p-quantile, and the share of draws up to it."""
        x = float(self.quantile(p))
        return x, float(self.cdf(x))


def product(u: Array) -> Array:
    return np.asarray(np.exp(special.ndtri(u[..., :3]) @ [0.5, 0.4, 0.3]))


def bimodal(u: Array) -> Array:
    first, second = special.ndtri(u[..., 1]) - 4, 0.5 * special.ndtri(u[..., 2]) + 3
    return np.where(u[..., 0] < 0.3, first, second)


def bimodal_cdf(x: float) -> float:
    return float(0.3 * special.ndtr(x + 4) + 0.7 * special.ndtr(2 * (x - 3)))


def bimodal_quantile(p: float) -> float:
    return float(optimize.brentq(lambda x: bimodal_cdf(x) - p, -20, 20, xtol=1e-13))


def ratio(u: Array) -> Array:
    above, below = special.gammaincinv(3, u[..., 4]), special.gammaincinv(8, u[..., 5])
    return np.asarray((above / 3) / (below / 8))


LOGNORMAL, SUM, RATIO = stats.lognorm(np.sqrt(0.5)), stats.gamma(20), stats.f(6, 16)
OUTPUTS = {
    "product of lognormals": Output(
        product, LOGNORMAL.mean(), LOGNORMAL.std(), LOGNORMAL.ppf, LOGNORMAL.cdf
    ),
    "two modes": Output(
        bimodal, 0.9, np.sqrt(0.3 * 17 + 0.7 * 9.25 - 0.81), bimodal_quantile, bimodal_cdf
    ),
    "sum of 20 exponentials": Output(
        lambda u: -np.log1p(-u).sum(axis=-1), SUM.mean(), SUM.std(), SUM.ppf, SUM.cdf
    ),
    "ratio of gammas": Output(ratio, RATIO.mean(), RATIO.std(), RATIO.ppf, RATIO.cdf),
    "whole product of lognormals": Output(
        lambda u: np.ceil(product(u)),
        float(LOGNORMAL.sf(np.arange(2000)).sum()),
        float("nan"),
        lambda p: float(np.ceil(LOGNORMAL.ppf(p))),
        lambda x: float(LOGNORMAL.cdf(np.floor(x))),
        atoms=True,
    ),
}


def statistics(output: Output, draws: Array) -> Iterator[tuple[str, float, Estimate]]:
    """Name, true value and estimate."""
    yield "mean", output.mean, estimators.mean(draws)
    if not np.isnan(output.sd):
        yield "sd", output.sd, estimators.sd(draws)
    ps = [0.05, 0.5, 0.95]
    for p, found in zip(ps, estimators.quantiles(draws, ps), strict=True):
        yield f"quantile {p}", output.at(p)[0], found
    for p in (0.6, 0.9, 0.9995):
        x, share = output.at(p)
        kind = "rare event" if p > 0.99 else "probability"
        yield f"{kind} {p}", share, estimators.probability(draws <= x)


@cache
def measure(method: str) -> dict[tuple[str, str], NDArray[np.bool_]]:
    """Whether the interval held, and whether half of it did: shape (2, runs) per statistic."""
    held: dict[tuple[str, str], list[tuple[bool, bool]]] = {}
    for run in range(RUNS):
        u = points(method, np.random.default_rng([2024, METHODS.index(method), run]))
        for name, output in OUTPUTS.items():
            for statistic, true, found in statistics(output, output.of(u)):
                half_low, half_high = found.value + found.low, found.value + found.high
                halved = half_low <= 2 * true <= half_high
                held.setdefault((name, statistic), []).append(
                    (found.low <= true <= found.high, halved)
                )
    return {key: np.array(pairs).T for key, pairs in held.items()}


def covers(hits: int, atoms: bool) -> bool:
    """Whether so many hits are in keeping with a coverage of 85 to 95%."""
    fewest = stats.binom.ppf(FALSE_ALARM, RUNS, 0.85)
    most = RUNS if atoms else stats.binom.isf(FALSE_ALARM, RUNS, 0.95)
    return bool(fewest <= hits <= most)


def is_lumpy(name: str, statistic: str) -> bool:
    return OUTPUTS[name].atoms or statistic.startswith("rare event")


@pytest.mark.parametrize("method", METHODS)
def test_coverage_is_what_is_said(method: str) -> None:
    measured = measure(method)
    failed = {
        key: f"{hits[0].mean():.1%}"
        for key, hits in measured.items()
        if not covers(hits[0].sum(), is_lumpy(*key))
    }
    assert failed == {}
    assert len(measured) * len(METHODS) < 200


@pytest.mark.parametrize("method", METHODS)
def test_intervals_of_half_the_width_are_caught(method: str) -> None:
    passed = [
        key
        for key, hits in measure(method).items()
        if not is_lumpy(*key) and covers(hits[1].sum(), False)
    ]
    assert passed == []


def test_the_formula_for_independent_draws_is_caught_on_stratified_points() -> None:
    hits = 0
    for run in range(RUNS):
        u = points("lhs", np.random.default_rng([7, run]))
        draws = OUTPUTS["sum of 20 exponentials"].of(u).ravel()
        half = 1.645 * draws.std() / np.sqrt(draws.size)
        hits += abs(draws.mean() - 20) <= half
    assert not covers(hits, False)


def test_a_mean_that_cannot_be_covered_is_marked() -> None:
    """A lone lognormal with σ = 3: Student's t over 8 nets covers its mean in 6 runs of 10."""
    marked = 0
    for run in range(40):
        u = points("sobol", np.random.default_rng([11, run]))[..., 0]
        marked += not estimators.mean(np.exp(3 * special.ndtri(u))).reliable
    assert marked == 40
