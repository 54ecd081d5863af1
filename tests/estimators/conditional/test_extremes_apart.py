"""Extremes of two draws that lie apart, or nearly so: at some thresholds one of them tells nothing,
for all draws or for those of a block."""

from collections.abc import Callable
from typing import Any

import pytest
from scipy import optimize, stats

import guessmodel as gm

SMALL: dict[str, tuple[Callable[[], gm.Quantity], Any]] = {
    "beta": (lambda: gm.beta(alpha=1.3, beta=1.8), stats.beta(1.3, 1.8)),
    "uniform": (lambda: gm.uniform(0, 1), stats.uniform()),
    "exponential": (lambda: gm.exponential(mean=0.3), stats.expon(scale=0.3)),
}
LARGE: dict[str, tuple[Callable[[], gm.Quantity], Any]] = {
    "normal": (lambda: gm.normal(mean=60, sd=12), stats.norm(60, 12)),
    "weibull": (lambda: gm.weibull(shape=3.5, scale=29), stats.weibull_min(3.5, scale=29)),
    "near": (lambda: gm.normal(mean=3, sd=1), stats.norm(3, 1)),
}


@pytest.mark.parametrize("small", SMALL)
@pytest.mark.parametrize("large", LARGE)
@pytest.mark.parametrize("n", [256, 4096, 65536])
def test_percentiles_and_probabilities(small: str, large: str, n: int) -> None:
    """The smaller exceeds x with the product of the probabilities that each does; the larger is
    below with that of both."""
    (one, first), (other, second) = SMALL[small], LARGE[large]
    model = gm.Model(low=gm.minimum(one(), other()), high=gm.maximum(one(), other()))
    run = model.sample(n)
    cdfs: dict[str, Callable[[float], float]] = {
        "low": lambda x: float(1.0 - first.sf(x) * second.sf(x)),
        "high": lambda x: float(first.cdf(x) * second.cdf(x)),
    }
    for name, cdf in cdfs.items():
        for p in (0.01, 0.05, 0.5, 0.95, 0.99):
            true = optimize.brentq(lambda x, f=cdf, p=p: f(x) - p, -90.0, 200.0, xtol=1e-13)
            found = run[name].quantile(p)
            if found.note == "needs 1024 samples or more":
                continue
            assert abs(found.value - true) < max(5.0 * found.error, 1e-9 * abs(true))
            share = run[name].cdf(true)
            assert abs(share.value - p) < max(5.0 * share.error, 1e-9)
