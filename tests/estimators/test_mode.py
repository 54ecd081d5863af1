"""The mode of draws: atoms, peaks, ends of the support."""

import math

import numpy as np
import pytest

from guessmodel.estimators.mode import mode


def test_atoms_are_counted(rng: np.random.Generator) -> None:
    x = rng.poisson(3.5, (8, 4096)).astype(float)  # P(3) is the largest: 0.2158
    found = mode(x)
    assert (found.value, found.low, found.high) == (3.0, 3.0, 3.0)
    tied = rng.poisson(3.0, (8, 512)).astype(float)  # P(2) = P(3)
    found = mode(tied)
    assert found.value in (2.0, 3.0)
    assert (found.low, found.high) == (2.0, 3.0)
    capped = np.minimum(rng.lognormal(size=(8, 4096)), 5.0)
    assert mode(capped).value == 5.0  # a cap has an infinite density


@pytest.mark.parametrize("size", [64, 1024, 8192])
def test_peaks(size: int, rng: np.random.Generator) -> None:
    for x, peak in (
        (rng.normal(2.0, 3.0, (8, size)), 2.0),
        (rng.lognormal(0.0, 1.0, (8, size)), math.exp(-1.0)),
        (rng.exponential(1.0, (8, size)), 0.0),
        (5.0 - rng.exponential(1.0, (8, size)), 5.0),
    ):
        found = mode(x)
        reach = 3.0 * max(found.error, 1e-9)  # of a 90% interval: far beyond chance
        assert abs(found.value - peak) <= reach


def test_two_peaks_alike_make_a_wide_interval(rng: np.random.Generator) -> None:
    x = np.where(
        rng.random((8, 2048)) < 0.5, rng.normal(0, 1, (8, 2048)), rng.normal(9, 1, (8, 2048))
    )
    found = mode(x)
    assert found.high - found.low > 3.0


def test_nothing_finite() -> None:
    assert mode(np.full((8, 4), np.nan)).note == "no finite draws"
