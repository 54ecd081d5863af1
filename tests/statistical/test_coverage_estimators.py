"""Measured coverage of the intervals for sampling error, against closed forms.

A run is 8 replicates of 128 draws, on points made here; the 90% interval of each statistic either
holds the true value or does not. Coverage must be between 85 and 95% (at least 85% where outputs
have atoms, or events are rare); what a `Watch` (conftest.py) tells from that is below 80% or above
97.5%, with a false-alarm probability of 1e-6 for all watches together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from itertools import count
from typing import Any, final

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize, special, stats
from scipy.stats import qmc

from guessmodel.estimators import replicates as estimators
from guessmodel.estimators.estimate import Estimate

Array = NDArray[np.float64]

REPLICATES, DRAWS, INPUTS = 8, 128, 20
METHODS = ("nets", "lhs", "random")
NET = (qmc.Sobol(INPUTS, scramble=False).random(DRAWS) * DRAWS).astype(np.int64)


def points(method: str, rng: np.random.Generator) -> Array:
    """Points of all replicates of a run, of shape (8, 128, 20): strata, and uniform in these."""
    jitter = rng.random((REPLICATES, DRAWS, INPUTS))
    if method == "random":
        return jitter
    if method == "lhs":
        columns = np.broadcast_to(np.arange(DRAWS)[:, None], jitter.shape)
        return (rng.permuted(columns, axis=1) + jitter) / DRAWS
    shift = rng.integers(0, DRAWS, (REPLICATES, 1, INPUTS))  # a digital one, of SciPy's net
    return ((NET ^ shift) + jitter) / DRAWS


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


def regimes(u: Array) -> Array:
    """One draw decides; of every 128 draws 5.05 are far off, so that most nets have 5 of them."""
    return np.where(u[..., 0] < RARE, 50 - special.ndtri(u[..., 1]), special.ndtri(u[..., 1]))


def regimes_cdf(x: float) -> float:
    return float((1 - RARE) * special.ndtr(x) + RARE * special.ndtr(x - 50))


def ratio(u: Array) -> Array:
    above, below = special.gammaincinv(3, u[..., 4]), special.gammaincinv(8, u[..., 5])
    return np.asarray((above / 3) / (below / 8))


RARE = 5.05 / DRAWS
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
    "2 or 5": Output(
        lambda u: np.where(product(u) <= 1, 2.0, 5.0),
        3.5,
        1.5,
        lambda p: 2.0 if p <= 0.5 else 5.0,
        lambda x: 0.5 if x < 5 else 1.0,
        atoms=True,
    ),
    "two regimes": Output(
        regimes,
        50 * RARE,
        np.sqrt(1 + RARE * (1 - RARE) * 2500),
        lambda p: float(optimize.brentq(lambda x: regimes_cdf(x) - p, -20, 80, xtol=1e-13)),
        regimes_cdf,
        atoms=True,
    ),
    "one input": Output(
        lambda u: special.ndtri(u[..., 0]), 0.0, 1.0, stats.norm.ppf, stats.norm.cdf, atoms=True
    ),
}


PS = (0.05, 0.5, 0.95)
EVENTS = (0.6, 0.9, 0.9995)
Interval = Callable[[Array], Estimate]


def statistics(output: Output) -> dict[str, tuple[float, Interval]]:
    """True value and estimator, by name."""
    found: dict[str, tuple[float, Interval]] = {"mean": (output.mean, estimators.mean)}
    if not np.isnan(output.sd):
        found["sd"] = output.sd, estimators.sd
    for p in PS:
        found[f"quantile {p}"] = output.at(p)[0], partial(estimators.quantile, p=p)
    for p in EVENTS:
        x, share = output.at(p)
        kind = "rare event" if p > 0.99 else "probability"
        found[f"{kind} {p}"] = share, lambda draws, x=x: estimators.probability(draws <= x)
    return found


def lumpy(name: str, statistic: str) -> bool:
    """Whether an interval is a discrete count's, so that coverage cannot be set to 90%."""
    return OUTPUTS[name].atoms or statistic.startswith("rare event")


def held(found: Estimate, true: float, scale: float) -> bool:
    """Whether an interval that is so many times as wide holds the true value."""
    low, high = (found.value + scale * (end - found.value) for end in (found.low, found.high))
    return bool(low <= true <= high)


Key = tuple[str, str]


def verdicts(method: str, watches: dict[Key, Any], scale: float = 1.0) -> dict[Key, str]:
    """Run until every watch has seen enough; what is wrong, and of what."""
    known = {name: statistics(OUTPUTS[name]) for name in {name for name, _ in watches}}
    found: dict[Key, str] = {}
    runs = count()
    while still := {key: watch for key, watch in watches.items() if key not in found}:
        u = points(method, np.random.default_rng([2024, METHODS.index(method), next(runs)]))
        draws = {name: OUTPUTS[name].of(u) for name in {name for name, _ in still}}
        for (name, statistic), watch in still.items():
            true, estimate = known[name][statistic]
            watch.see(held(estimate(draws[name]), true, scale))
            if (verdict := watch.verdict) is not None:
                found[name, statistic] = verdict
    return {key: verdict for key, verdict in found.items() if verdict}


@pytest.mark.parametrize("method", METHODS)
def test_coverage_is_what_is_said(method: str, watch: Callable[..., Any]) -> None:
    keys = [(name, what) for name, output in OUTPUTS.items() for what in statistics(output)]
    watches = {key: watch(bounded=not lumpy(*key)) for key in keys}
    assert verdicts(method, watches) == {}
    assert len(keys) * len(METHODS) < 200


@pytest.mark.parametrize(("scale", "fault"), [(0.7, "too narrow"), (1.6, "too wide")])
@pytest.mark.parametrize("method", METHODS)
def test_intervals_of_another_width_are_caught(
    method: str, scale: float, fault: str, watch: Callable[..., Any]
) -> None:
    name = "sum of 20 exponentials"
    keys = [(name, what) for what in ("mean", "quantile 0.5", "probability 0.6")]
    found = verdicts(method, {key: watch() for key in keys}, scale)
    assert found.keys() == set(keys)
    assert all(verdict.startswith(fault) for verdict in found.values())


def test_the_formula_for_independent_draws_is_caught_on_stratified_points(
    watch: Callable[..., Any],
) -> None:
    seen = watch()
    for run in range(2000):
        u = points("lhs", np.random.default_rng([7, run]))
        draws = OUTPUTS["sum of 20 exponentials"].of(u).ravel()
        seen.see(abs(draws.mean() - 20) <= 1.645 * draws.std() / np.sqrt(draws.size))
        if seen.verdict:
            break
    assert seen.verdict.startswith("too wide")


def test_a_mean_that_cannot_be_covered_is_marked() -> None:
    """A lone lognormal with σ = 3: Student's t over 8 nets covers its mean in 6 runs of 10."""
    marked = 0
    for run in range(40):
        u = points("nets", np.random.default_rng([11, run]))[..., 0]
        marked += not estimators.mean(np.exp(3 * special.ndtri(u))).reliable
    assert marked == 40
