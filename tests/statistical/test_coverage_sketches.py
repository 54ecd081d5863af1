"""Measured coverage of the intervals of sketches, for distributions whose quantiles are known.

400 seeds of 8 replicates of 512 draws. If coverage is 90%, fewer than 328 of 400 hits happen with
a chance below 1e-6 (binomial distribution). The interval holds whole steps between thresholds, so
that it may cover more.
"""

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.estimate import Estimate

RUNS = 400
LEAST = int(stats.binom.ppf(1e-6, RUNS, 0.9))
PS = (0.05, 0.3, 0.5, 0.95)


@pytest.fixture(scope="module", params=["nets", "random"])
def found(request: pytest.FixtureRequest) -> list[list[Estimate]]:
    # abs keeps closed forms and conditional estimates away: |sum of normals| is half-normal.
    total = abs(gm.normal(mean=0, sd=1) + gm.normal(mean=0, sd=2) + gm.normal(mean=0, sd=2))
    model = gm.Model(total=total)
    runs = []
    for seed in range(RUNS):
        result = model.sample(1 << 12, seed=seed, method=request.param, keep=False)["total"]
        runs.append(result._sampled().quantiles(PS, ""))
    return runs


@pytest.mark.parametrize("k", range(len(PS)))
def test_intervals_cover(found: list[list[Estimate]], k: int) -> None:
    exact = stats.halfnorm.ppf(PS[k], scale=3.0)
    hits = sum(run[k].low <= exact <= run[k].high for run in found)
    assert hits >= LEAST
    # Twins: of another distribution, or half as wide, they do not.
    other = stats.halfnorm.ppf(PS[k], scale=3.75)
    assert sum(run[k].low <= other <= run[k].high for run in found) < LEAST
    narrow = [
        (e.value + 0.4 * (e.low - e.value), e.value + 0.4 * (e.high - e.value))
        for e in (run[k] for run in found)
    ]
    assert sum(low <= exact <= high for low, high in narrow) < LEAST


def test_errors_are_not_far_too_large(found: list[list[Estimate]]) -> None:
    exact = stats.halfnorm.ppf(PS, scale=3.0)
    values = np.array([[e.value for e in run] for run in found])
    errors = np.array([[e.error for e in run] for run in found])
    # 1.645 standard deviations of the values themselves, the wider for 7 degrees of freedom.
    spread = 1.645 * np.sqrt(np.mean((values - exact) ** 2, axis=0))
    assert np.all(np.median(errors, axis=0) < 2.0 * spread)
