"""Moments of sums, products and mixtures, against the moments of all pairs of isolated values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guessmodel.numerics.central_moments import CentralMoments

VALUES = st.lists(st.floats(-5, 5), min_size=1, max_size=4).map(np.array)


def of(values: np.ndarray, shares: np.ndarray | None = None) -> CentralMoments:
    shares = np.full(values.size, 1.0 / values.size) if shares is None else shares
    mean = float(values @ shares)
    return CentralMoments.of(mean, [float((values - mean) ** k @ shares) for k in (2, 3, 4)])


def agree(found: CentralMoments, true: CentralMoments) -> None:
    for a, b, power in zip(found[:4], true[:4], (1, 2, 3, 4), strict=True):
        if b is None:
            continue
        counted = np.ldexp(a, power * found.power)
        assert counted == pytest.approx(b, rel=1e-9, abs=1e-9 * 100.0**power)


@given(x=VALUES, y=VALUES)
def test_independent_variables(x: np.ndarray, y: np.ndarray) -> None:
    agree(of(x).plus(of(y)), of(np.add.outer(x, y).ravel()))
    agree(of(x).times(of(y)), of(np.multiply.outer(x, y).ravel()))
    agree(of(x).line(-2.0, 3.0), of(3.0 - 2.0 * x))
    both = np.concatenate((x, y))
    shares = np.concatenate((np.full(x.size, 0.3 / x.size), np.full(y.size, 0.7 / y.size)))
    agree(of(x).mixed(0.3, of(y)), of(both, shares))


@given(s=VALUES, x=VALUES, y=VALUES)
def test_a_choice_by_an_uncertain_share(s: np.ndarray, x: np.ndarray, y: np.ndarray) -> None:
    """S X + (1 - S) Y over all triples of values."""
    a, b, c = np.meshgrid(s, x, y, indexing="ij")
    found, true = of(x).weighed(of(s), of(y)), of((a * b + (1.0 - a) * c).ravel())
    agree(found, CentralMoments(true.mean, true.second, power=true.power))


@pytest.mark.parametrize("size", [1e-250, 1e-100, 1.0, 1e100, 1e250])
def test_numbers_of_any_size(size: float) -> None:
    x = of(np.array([1.0, 2.0, 4.0]))
    far = x.line(size).plus(x.line(size, size))
    near = x.plus(x.line(1.0, 1.0))
    assert far.value == pytest.approx(near.value * size)
    square = np.ldexp(np.sqrt(far.second), far.power)
    assert square == pytest.approx(np.sqrt(near.second) * size)
    # Back again: nothing was lost on the way.
    back = far.times(CentralMoments.certain(1.0 / size, 4))
    assert np.ldexp(np.cbrt(back.third), back.power) == pytest.approx(np.cbrt(near.third))


def test_cases_are_arrays() -> None:
    x, y = of(np.array([1.0, 2.0])), of(np.array([0.0, 5.0, 7.0]))
    holds = np.array([True, False])
    found = CentralMoments.chosen(holds, x, y)
    assert found.mean.tolist() == [x.mean, y.mean]
    assert found.second.tolist() == [x.second, y.second]
    assert found.is_finite
    scaled = x.line(np.array([1.0, 3.0]))
    assert scaled.second.tolist() == pytest.approx([x.second, 9.0 * x.second])


@pytest.mark.parametrize("size", [1e-250, 1e-100, 1e250])
def test_what_is_0_beside_numbers_of_any_size(size: float) -> None:
    """Draws that do not count are 0, and what is small was counted in their size: nothing of its
    variance was left."""
    small, nothing = of(np.array([1.0, 2.0, 4.0])).line(size), CentralMoments.certain(0.0, 4)
    holds = np.array([True, False])
    for found, place in (
        (CentralMoments.chosen(holds, small, nothing), 0),
        (CentralMoments.chosen(~holds, nothing, small), 0),
        (CentralMoments.chosen(holds, nothing, small), 1),
    ):
        root = np.ldexp(np.sqrt(np.broadcast_to(found.second, 2)), found.power)
        assert root[place] == pytest.approx(size * np.std([1.0, 2.0, 4.0]))
        assert root[1 - place] == 0.0
    assert nothing.plus(small).value == pytest.approx(small.value)
