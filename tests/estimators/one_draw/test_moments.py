"""Standard deviations of what one draw decides, by closed forms: of yes or no √(p (1 - p))."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.one_draw.moments import moments_of_one
from guessmodel.graph.coordinates import Element

NORMAL = stats.norm()
Q = gm.Quantity


def window(low: float, high: float) -> Callable[[Q], Q]:
    return lambda x: (x > low) & (x < high)


ENDS = (0.5, 0.5001), (0.61, 0.62), (0.5, 0.55), (-3.31, -3.3), (-0.013, 0.021)
WINDOWS: list[tuple[Callable[[Q], Q], float, float]] = [
    *((window(*ends), *ends) for ends in ENDS),
    (lambda x: x**2 < 1e-4, -0.01, 0.01),
    (lambda x: gm.abs(x - 0.3) < 0.1, 0.2, 0.4),
    (lambda x: gm.maximum(x - 0.3, 0.3 - x) < 0.001, 0.299, 0.301),
    (lambda x: gm.floor(x * 20 - 0.3) == 4, 0.215, 0.265),
]  # fmt: skip


@pytest.mark.parametrize(("holds", "low", "high"), WINDOWS)
def test_a_window_of_a_draw_is_met(holds: Callable[[Q], Q], low: float, high: float) -> None:
    """No point of a rule of integration need lie in it."""
    x = gm.normal(mean=0, sd=1)
    p = NORMAL.cdf(high) - NORMAL.cdf(low)
    alone = gm.where(holds(x), 1e4, 0)
    result = gm.Model(alone=alone, more=alone + gm.normal(mean=0, sd=3)).sample(1024)
    found, more = result["alone"].sd(), result["more"].sd()
    assert found.is_exact and more.is_exact
    assert found.value == pytest.approx(1e4 * np.sqrt(p * (1 - p)), rel=1e-8)
    assert more.value == pytest.approx(np.sqrt(1e8 * p * (1 - p) + 9), rel=1e-8)


def test_whole_numbers_of_a_draw() -> None:
    """E[ceil(X)^k] of an exponential X by its geometric tail P(X > n) = exp(-n)."""
    found = gm.ceil(gm.exponential(mean=1)).sample(1024).sd()
    q = np.exp(-1.0)
    assert found.is_exact and found.value == pytest.approx(np.sqrt(q) / (1 - q), rel=1e-8)


@pytest.mark.parametrize("width", [1.0, 0.1, 1e-3, 1e-5])
def test_a_narrow_peak_of_a_draw_is_met(width: float) -> None:
    """E[exp(-((Z - c) w)²)] = exp(-(c w)² / (1 + 2 w²)) / √(1 + 2 w²), and likewise of squares."""
    w, c = 1.0 / width, 0.3

    def expected(w: float) -> float:
        return float(np.exp(-((c * w) ** 2) / (1 + 2 * w**2)) / np.sqrt(1 + 2 * w**2))

    peak = gm.exp(-(((gm.normal(mean=0, sd=1) - c) * w) ** 2))
    found = gm.Model(y=1e4 * peak).sample(1024)["y"]
    mean, square = expected(w), expected(math.sqrt(2) * w)
    assert found.mean().is_exact and found.sd().is_exact
    assert found.mean().value == pytest.approx(1e4 * mean, rel=1e-8)
    assert found.sd().value == pytest.approx(1e4 * math.sqrt(square - mean**2), rel=1e-8)


def test_what_costs_more_than_its_part_of_a_model_is_not_followed() -> None:
    """An epidemic of one unknown rate turns everywhere: of a large model it is not told. An excess
    is, by E[(Z - 1)+²] = 2 P(Z > 1) - φ(1)."""
    rate = gm.lognormal(0.2, 0.4)

    def day(state: tuple[Q, ...]) -> tuple[Q, ...]:
        healthy, ill = state
        new = rate * healthy * ill / 1000
        return healthy - new, ill + new - 0.1 * ill

    _, ill = gm.scan(day, (990, 10), dim={"day": range(1, 31)})
    fourth = Element(ill.isel(day=3), ())
    assert moments_of_one(fourth, 2, lambda x: x) is not None
    assert moments_of_one(fourth, 2, lambda x: x, 1 << 12) is None
    excess = gm.maximum(gm.normal(mean=0, sd=1) - 1, 0)
    found = moments_of_one(Element(excess, ()), 2, lambda x: x, 1 << 16)
    assert found is not None
    square = found.second + found.mean**2
    assert square == pytest.approx(2 * NORMAL.sf(1) - NORMAL.pdf(1), rel=1e-9)


def of_poisson(c: float, rate: float) -> tuple[float, float]:
    """E[c**N] = exp(rate (c - 1)), and the same of c² for the square."""
    mean = math.exp(rate * (c - 1.0))
    return mean, math.sqrt(math.exp(rate * (c * c - 1.0)) - mean * mean)


def of_binomial(c: float, n: int, p: float) -> tuple[float, float]:
    mean = (1.0 - p + p * c) ** n
    return mean, math.sqrt((1.0 - p + p * c * c) ** n - mean * mean)


GROWING = [
    (lambda: 2.0 ** gm.poisson(3), of_poisson(2, 3)),
    (lambda: 5.0 ** gm.binomial(1000, 0.001), of_binomial(5, 1000, 0.001)),
    (lambda: 100.0 ** gm.binomial(40, 0.02), of_binomial(100, 40, 0.02)),
    (lambda: 1.05 ** gm.geometric(0.1), (1.05 / 0.55, math.sqrt(441 / 31 - (21 / 11) ** 2))),
    (lambda: 30.0 ** gm.poisson(0.1), (math.exp(2.9), math.nan)),
    (lambda: 10.0 ** gm.poisson(5), (math.exp(45.0), math.nan)),
    (lambda: 1000.0 ** gm.poisson(0.1), (math.nan, math.nan)),
]


@pytest.mark.parametrize(("make", "expected"), GROWING)
def test_moments_of_what_grows_as_its_probabilities_fall(
    make: Callable[[], Q], expected: tuple[float, float]
) -> None:
    """Values that were rarer than 1e-17 were left out, and what was left called exact: a deviation
    of 3e6 for 3e19. What values rarer than 1e-300 decide is refused."""
    result = gm.Model(x=make()).sample(1024)["x"]
    for found, known in zip((result.mean(), result.sd()), expected, strict=True):
        if math.isnan(known):
            assert found.note == "values that hardly ever are decide it"
        else:
            assert found.is_exact and found.value == pytest.approx(known, rel=1e-9)
    assert result.median().is_exact


@pytest.mark.parametrize("least", [3, 12, 40])
def test_counts_above_what_hardly_any_reach(least: int) -> None:
    """(N - k)+ of a Poisson number by its series; from 12 on it was 0, and exact."""
    count = gm.poisson(0.1)
    k = np.arange(least + 1, least + 60)
    shares = stats.poisson.pmf(k, 0.1)
    mean, square = (float((k - least) ** j @ shares) for j in (1, 2))
    found = gm.maximum(count - least, 0).sample(1024)
    assert found.mean().is_exact
    assert found.mean().value == pytest.approx(mean, rel=1e-8, abs=0.0)
    assert found.sd().value == pytest.approx(math.sqrt(square - mean**2), rel=1e-8, abs=0.0)
