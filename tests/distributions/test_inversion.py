"""The inverse of increasing functions with jumps."""

from __future__ import annotations

import numpy as np
import pytest

from guessmodel.distributions.inversion import smallest_reaching
from guessmodel.numerics.arrays import FloatArray


def test_of_a_smooth_function_the_last_digit_is_right() -> None:
    level = np.random.default_rng(3).uniform(-50.0, 50.0, 500)
    root = smallest_reaching(
        lambda x, at: x**3 - at, level, np.full(500, -10.0), np.full(500, 10.0)
    )
    assert np.all(root**3 >= level)
    assert np.all(np.nextafter(root, -np.inf) ** 3 < level)


def test_at_a_jump_it_is_the_jump() -> None:
    jumps = np.array([-3.5, 0.0, 1e-300, 0.1, 7.0, 1e200])
    rounds = []

    def steps(x: FloatArray, at: FloatArray) -> FloatArray:
        rounds.append(x.size)
        return np.searchsorted(jumps, x, side="right") - at

    level = np.arange(1.0, 7.0)
    low, high = np.full(6, -1e300), np.full(6, 1e300)
    assert smallest_reaching(steps, level, low, high).tolist() == jumps.tolist()
    assert len(rounds) <= 160  # there are 2**64 numbers; halving distances takes thousands


def test_over_many_orders_of_magnitude() -> None:
    level = np.array([-200.0, 0.0, 250.0])
    root = smallest_reaching(
        lambda x, at: np.log10(x) - at, level, np.full(3, 1e-300), np.full(3, 1e300)
    )
    assert root == pytest.approx([1e-200, 1.0, 1e250], rel=1e-13)


def test_few_evaluations_where_it_is_smooth() -> None:
    calls = []

    def excess(x: FloatArray, at: FloatArray) -> FloatArray:
        calls.append(x.size)
        return np.tanh(x) - at

    smallest_reaching(excess, np.linspace(-0.9, 0.9, 100), np.full(100, -5.0), np.full(100, 5.0))
    assert sum(calls) < 100 * 40


def test_ends_of_the_bracket() -> None:
    level = np.array([0.0, 2.0])
    low, high = np.array([0.5, 0.5]), np.array([1.0, 1.0])
    # The first is reached at `low` already; the second nowhere, so that `high` must do.
    assert smallest_reaching(lambda x, at: x - at, level, low, high).tolist() == [0.5, 1.0]
