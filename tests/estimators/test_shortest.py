"""The shortest interval of draws, against closed forms."""

import math

import numpy as np
import pytest
from scipy import stats

from guessmodel.estimators.shortest import densest, shortest

RNG = np.random.default_rng(4)


def test_of_a_few_numbers_by_hand() -> None:
    ordered = np.array([0.0, 10.0, 11.0, 12.0, 13.0, 40.0, 90.0])
    assert densest(ordered, 0.5) == (10.0, 40.0) or densest(ordered, 0.5) == (0.0, 13.0)
    assert densest(ordered, 0.4) == (10.0, 13.0)


@pytest.mark.parametrize("mass", [0.5, 0.9])
def test_against_closed_forms(mass: float) -> None:
    z = stats.norm.ppf(0.5 + mass / 2)
    low, high = shortest(RNG.normal(3.0, 2.0, (8, 8192)), mass)
    for found, end in ((low, 3.0 - 2.0 * z), (high, 3.0 + 2.0 * z)):
        assert abs(found.value - end) < 3.0 * found.error
        assert found.error < 0.3
    low, high = shortest(RNG.exponential(1.0, (8, 8192)), mass)
    assert abs(low.value) < 1e-3
    assert abs(high.value + math.log(1.0 - mass)) < 3.0 * high.error


def test_what_is_refused() -> None:
    low, _ = shortest(RNG.normal(size=(8, 64)), 0.99)
    assert low.note == "needs n >= 8192"
    assert shortest(np.full((8, 16), np.nan), 0.5).high.note == "no finite draws"
    low, high = shortest(np.full((8, 1024), 0.1), 0.5)
    assert (low.value, high.value, low.error) == (0.1, 0.1, 0.0)


def test_two_peaks_are_not_smoothed_into_one() -> None:
    both = np.concatenate([RNG.normal(0, 1, (8, 4096)), RNG.normal(50, 1, (8, 4096))], axis=1)
    low, high = shortest(both, 0.4)
    assert high.value - low.value < 6.0
