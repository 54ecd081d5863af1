"""arcsine: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.arcsine import Arcsine, arcsine
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize("at", [(0.0, 1.0), (-5.0, -1.0), (0.0, 1e6), (100.0, 101.0)])
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, float]) -> None:
    check_family(Arcsine(), at, reference=stats.arcsine(at[0], at[1] - at[0]), tail=1e-7)


def test_near_zero_it_is_the_square_of_the_angle() -> None:
    # sin(x)² is x² for small x: SciPy's is not precise there.
    p = np.geomspace(1e-150, 1e-9, 20)
    assert Arcsine().ppf(p, 0.0, 1.0) == pytest.approx(np.square(np.pi * p / 2), rel=1e-12)
    assert Arcsine().cdf(np.square(np.pi * p / 2), 0.0, 1.0) == pytest.approx(p, rel=1e-12)


def test_the_uncertainty_of_a_sine_is_its_half_width_by_the_root_of_two() -> None:
    # JCGM 101:2008, 6.4.6.2: variance (b - a)²/8.
    assert arcsine(19, 21, "degC").sample().sd().value == pytest.approx(1 / np.sqrt(2), rel=1e-12)
    assert parameters(arcsine(mean=20, sd=1 / np.sqrt(2))) == pytest.approx([19, 21], rel=1e-12)


def test_two_quantiles() -> None:
    low, high = parameters(arcsine(quantiles={0.1: 3, 0.6: 8}))
    assert stats.arcsine(low, high - low).cdf([3, 8]) == pytest.approx([0.1, 0.6], rel=1e-9)
    low, high = parameters(arcsine(3, 8, mass=0.8))
    assert stats.arcsine(low, high - low).cdf([3, 8]) == pytest.approx([0.1, 0.9], rel=1e-9)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((2, 1), {}, "low (2) lies above high (1); swap them, or write mean=2, sd=1"),
        ((1,), {}, "arcsine takes one of (low, high[, mass=]) or (quantiles={p: low, q: high}) or"),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        arcsine(*arguments, **options)
    assert message in str(caught.value)
