"""Factors of correlation matrices, and the nearest ones."""

import numpy as np
import pytest

from guessmodel.numerics.correlation_matrix import factor, nearest_correlation


def random_correlation(seed: int, size: int, rank: int | None = None) -> np.ndarray:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(size, rank or size))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    return np.asarray(x @ x.T)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rank", [1, 2, 6])
def test_factors_multiply_to_the_matrix(seed: int, rank: int) -> None:
    matrix = random_correlation(seed, 6, rank)
    lower = factor(matrix)
    assert lower is not None
    assert np.allclose(lower, np.tril(lower))
    assert lower @ lower.T == pytest.approx(matrix, abs=1e-6)
    assert np.linalg.norm(lower, axis=1) == pytest.approx(np.ones(6), abs=1e-15)


def test_factors_are_numpys_where_the_matrix_is_definite() -> None:
    matrix = random_correlation(7, 5)
    assert factor(matrix) == pytest.approx(np.linalg.cholesky(matrix), abs=1e-12)


def test_copies_are_exact() -> None:
    assert np.array_equal(factor(np.ones((3, 3))), [[1, 0, 0], [1, 0, 0], [1, 0, 0]])
    assert np.array_equal(factor(np.array([[1.0, -1.0], [-1.0, 1.0]])), [[1, 0], [-1, 0]])


def test_what_cannot_be_has_no_factor() -> None:
    assert factor(np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])) is None
    assert factor(np.array([[1.0, 1.0, 0.5], [1.0, 1.0, 0.4], [0.5, 0.4, 1.0]])) is None


def test_the_example_of_highams_paper() -> None:
    """N. J. Higham (2002), section 4: 0.7607 and 0.1573, at a distance of 0.5278."""
    matrix = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]])
    found = nearest_correlation(matrix)
    expected = [[1.0, 0.7607, 0.1573], [0.7607, 1.0, 0.7607], [0.1573, 0.7607, 1.0]]
    assert found == pytest.approx(np.array(expected), abs=5e-5)
    assert np.linalg.norm(found - matrix) == pytest.approx(0.5278, abs=5e-5)


@pytest.mark.parametrize("seed", range(4))
def test_nothing_near_is_nearer(seed: int) -> None:
    """The best of a convex set: any step towards another of its matrices is a step away."""
    rng = np.random.default_rng(seed)
    matrix = np.clip(random_correlation(seed, 5) + rng.normal(0.0, 0.5, (5, 5)), -1.0, 1.0)
    matrix = (matrix + matrix.T) / 2.0
    np.fill_diagonal(matrix, 1.0)
    found = nearest_correlation(matrix)
    assert np.linalg.eigvalsh(found).min() > -1e-8
    for other in range(20):
        step = random_correlation(100 + other, 5) - found
        assert np.sum((found - matrix) * step) > -1e-6


def test_eigenvalues_can_be_kept_away_from_zero() -> None:
    found = nearest_correlation(np.array([[1.0, 1.0], [1.0, 1.0]]), 1e-3)
    assert np.linalg.eigvalsh(found).min() == pytest.approx(1e-3, abs=1e-6)
