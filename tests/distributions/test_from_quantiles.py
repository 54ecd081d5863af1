"""Shapes from two quantiles, over the whole range of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.distributions.from_quantiles import beta_from_quantiles, gamma_from_quantiles
from guessmodel.errors import GuessmodelError, ModelError


def test_a_quantile_of_the_standard_variate_may_underflow() -> None:
    # So wide an interval that low / scale is far below the smallest number.
    shape, scale = gamma_from_quantiles("gamma", 1e-150, 1e150, 0.05, 0.95, rest=0.05)
    made = stats.gamma(float(shape), scale=float(scale))
    assert made.sf(1e150) == pytest.approx(0.05, rel=1e-8)
    # P(shape, x) is x^shape / gamma(1 + shape) for small x.
    log_p = shape * (math.log(1e-150) - math.log(scale)) - math.lgamma(1 + shape)
    assert math.exp(log_p) == pytest.approx(0.05, rel=1e-8)


def test_labels_that_are_not_applicable_stay_so() -> None:
    low, high = np.array([1.0, np.nan, 3.0]), np.array([2.0, 5.0, np.nan])
    shape, scale = gamma_from_quantiles("gamma", low, high, 0.05, 0.95, rest=0.05)
    assert np.isnan(shape).tolist() == np.isnan(scale).tolist() == [False, True, True]


@pytest.mark.parametrize(("p", "q"), [(0.05, 0.95), (0.98, 0.99), (0.01, 0.02), (1e-6, 0.5)])
@pytest.mark.parametrize("width", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("logit", [-20.0, 0.0, 5.0])
def test_beta_meets_both_quantiles(logit: float, width: float, p: float, q: float) -> None:
    low, high = (1.0 / (1.0 + math.exp(-x)) for x in (logit - width, logit + width))
    alpha, beta = beta_from_quantiles(low, high, p, q)
    made = stats.beta(float(alpha), float(beta))
    assert made.cdf(low) == pytest.approx(p, rel=1e-6)
    assert made.sf(high) == pytest.approx(1.0 - q, rel=1e-6)


@pytest.mark.parametrize("gap", [2.0**-53, 1e-14])
def test_bounds_that_rounding_cannot_tell_apart_are_refused(gap: float) -> None:
    with pytest.raises(ModelError, match="too close or too far apart"):
        beta_from_quantiles(0.5, 0.5 + 2 * gap, 0.05, 0.95)
    with pytest.raises(ModelError, match="too close or too far apart"):
        gamma_from_quantiles("gamma", 0.5, 0.5 + 2 * gap, 0.05, 0.95, rest=0.05)


# --- bounds ---------------------------------------------------------------------------------------

# What SciPy calls each family with bounds, at its canonical parameters.
KNOWN: dict[str, Callable[..., Any]] = {
    "uniform": lambda low, high: stats.uniform(low, high - low),
    "loguniform": lambda low, high: stats.loguniform(low, high),
    "arcsine": lambda low, high: stats.arcsine(low, high - low),
    "triangular": lambda low, mode, high: stats.triang(
        (mode - low) / (high - low), low, high - low
    ),
    "pert": lambda low, mode, high, weight: stats.beta(
        1.0 + weight * (mode - low) / (high - low),
        1.0 + weight * (high - mode) / (high - low),
        low,
        high - low,
    ),
}
WITH_MODE: list[tuple[str, dict[str, float]]] = [
    ("triangular", {}),
    ("pert", {}),
    ("pert", {"weight": 0.3}),
    ("pert", {"weight": 50.0}),
]


def canonical(made: Any) -> list[float]:
    return [float(each.operation.value) for each in made.parameters]


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize(("p", "q"), [(0.05, 0.95), (0.1, 0.5), (0.6, 0.61), (1e-4, 0.3)])
def test_bounds_from_two_percentiles(name: str, p: float, q: float) -> None:
    made = getattr(gm, name)(quantiles={q: 8.0, p: 3.0}, unit="USD")
    assert str(made.unit) == "USD"
    assert KNOWN[name](*canonical(made)).cdf([3.0, 8.0]) == pytest.approx([p, q], rel=1e-8)


@pytest.mark.parametrize("name", KNOWN)
def test_mass_makes_percentiles_of_bounds(name: str) -> None:
    make = getattr(gm, name)
    known = KNOWN[name](*canonical(make(3.0, 8.0, mass=0.5)))
    assert known.cdf([3.0, 8.0]) == pytest.approx([0.25, 0.75], rel=1e-9)
    assert canonical(make(3.0, 8.0))[0] == 3.0  # without, they are bounds as ever
    with pytest.raises(GuessmodelError, match="mass is 80, not between 0 and 1; write mass=0.8"):
        make(3.0, 8.0, mass=80)


@pytest.mark.parametrize("name", KNOWN)
def test_percentiles_may_be_quantities(name: str) -> None:
    low = gm.uniform(2.0, 3.0)
    made = getattr(gm, name)(low, 2.0 * low, mass=0.8)
    assert np.isfinite(made.sample(64).values).all()


@pytest.mark.parametrize(("name", "more"), WITH_MODE)
@pytest.mark.parametrize(("p", "q"), [(0.05, 0.95), (0.1, 0.9), (0.3, 0.4), (1e-4, 0.6)])
@pytest.mark.parametrize("mode", [3.0, 3.001, 4.0, 7.5, 8.0])
def test_bounds_from_two_percentiles_and_a_mode(
    name: str, more: dict[str, float], p: float, q: float, mode: float
) -> None:
    made = canonical(getattr(gm, name)(quantiles={p: 3.0, q: 8.0}, mode=mode, **more))
    assert KNOWN[name](*made).cdf([3.0, 8.0]) == pytest.approx([p, q], rel=1e-7)
    assert made[1] == mode
    assert made[0] <= mode <= made[2]


@pytest.mark.parametrize("below", [0.3, 0.5, 0.8])
def test_a_double_triangle_by_percentiles_and_mode(below: float) -> None:
    # Each triangle by itself: P(X < x) = below ((x - low)/(mode - low))².
    low, mode, high, share = canonical(
        gm.double_triangular(quantiles={0.1: 3.0, 0.9: 8.0}, mode=4.0, below=below)
    )
    assert (mode, share) == (4.0, below)
    assert below * ((3.0 - low) / (mode - low)) ** 2 == pytest.approx(0.1, rel=1e-9)
    assert (1.0 - below) * ((high - 8.0) / (high - mode)) ** 2 == pytest.approx(0.1, rel=1e-9)
    assert canonical(gm.double_triangular(3.0, 5.0, mass=0.5))[1] == pytest.approx(4.0)


def test_labels_have_bounds_of_their_own() -> None:
    made: Any = gm.triangular({"a": (3, 8), "b": None, "c": (1, 9)}, dim="x", mode=4, mass=0.8)
    lows = made.parameters[0].operation.value
    assert lows[0] == pytest.approx(canonical(gm.triangular(3, 8, mode=4, mass=0.8))[0])
    assert np.isnan(lows[1])
    assert lows[2] == pytest.approx(canonical(gm.triangular(1, 9, mode=4, mass=0.8))[0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: gm.triangular(2, 8, mode=9, mass=0.8),
            "triangular: the mode lies outside low to high, which are quantiles; for bounds write "
            "triangular(low, high, mode=…)",
        ),
        (
            lambda: gm.double_triangular(2, 8, mode=4, below=0.05, mass=0.8),
            "double_triangular: no bounds give the quantiles 2 and 8 and the mode 4; the "
            "probability below the mode must lie between theirs",
        ),
        (
            lambda: gm.pert(2, 8, mode=gm.uniform(3, 5), mass=0.8),
            "pert: low, high, mode are solved for numerically, so they must be numbers; a "
            "parameter that is a quantity goes in (low, high[, mode=[, weight=]][, mass=])",
        ),
        (
            lambda: gm.uniform(mean=3, sd=1, mass=0.8),
            "uniform: mass goes with low and high; leave it out",
        ),
    ],
)
def test_percentiles_that_no_bounds_have(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(GuessmodelError) as caught:
        call()
    assert message in caught.value.message
