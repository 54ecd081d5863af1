"""Moments by quadrature over normal scores, against closed forms."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from guessmodel.numerics.score_quadrature import moments_over_scores


def by_quantiles(known: object) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    return lambda u, rest: np.where(u < 0.5, known.ppf(u), known.isf(rest))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "known",
    [
        stats.norm(3, 2), stats.lognorm(0.8), stats.lognorm(2.0), stats.expon(), stats.gamma(0.3),
        stats.uniform(-1, 2), stats.pareto(6), stats.weibull_min(0.7),
    ],
)  # fmt: skip
def test_families(known: object) -> None:
    mean, variance, skewness, excess = map(float, known.stats("mvsk"))  # type: ignore[attr-defined]
    found = moments_over_scores(by_quantiles(known), 4)
    assert found is not None
    assert found.mean == pytest.approx(mean, rel=1e-9, abs=1e-12)
    assert found.second == pytest.approx(variance, rel=1e-9)
    assert found.third == pytest.approx(skewness * variance**1.5, rel=1e-8, abs=1e-9)
    assert found.fourth == pytest.approx((excess + 3.0) * variance**2, rel=1e-8)


def test_kinks_and_jumps() -> None:
    # The excess of an exponential over 2 has moments k! exp(-2); above 1 there are exp(-1) of them.
    excess = moments_over_scores(lambda u, rest: np.maximum(-np.log(rest) - 2.0, 0.0), 2)
    p = math.exp(-2.0)
    assert excess is not None
    assert excess.mean == pytest.approx(p, rel=1e-9)
    assert excess.second == pytest.approx(2 * p - p * p, rel=1e-9)
    event = moments_over_scores(lambda u, rest: (-np.log(rest) > 1.0).astype(float), 4)
    p = math.exp(-1.0)
    assert event is not None
    assert event.mean == pytest.approx(p, rel=1e-9)
    assert event.third == pytest.approx(p * (1 - p) * (1 - 2 * p), rel=1e-8)


def test_what_has_no_such_moment_is_not_told() -> None:
    pareto = by_quantiles(stats.pareto(3))
    assert moments_over_scores(pareto, 4) is None
    assert moments_over_scores(pareto, 2) is not None
    with np.errstate(all="ignore"):
        assert moments_over_scores(lambda u, rest: 1.0 / (u - 0.3), 2) is None
        assert moments_over_scores(lambda u, rest: np.log(u - 0.3), 2) is None
