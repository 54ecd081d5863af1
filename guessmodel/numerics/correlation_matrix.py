"""Matrices of correlations: whether they can be, their factors, and the nearest that can."""

from __future__ import annotations

from typing import Final

import numpy as np

from guessmodel.numerics.arrays import FloatArray

__all__ = ["factor", "nearest_correlation"]


_ROUNDING: Final = 1e-12
"""What is left of a variance of 1 where nothing is."""
_INVALID: Final = -1e-9
"""A pivot that is not rounding."""
_COUPLED: Final = 1e-7
"""A covariance with what has no variance left: the square root of a pivot's rounding."""
_ITERATIONS: Final = 10_000


def factor(matrix: FloatArray) -> FloatArray | None:
    """L, lower triangular, with L Lᵀ = matrix and rows of length 1 (Cholesky); None where the
    matrix is not positive semidefinite. A row that depends on those above it ends in 0."""
    size = len(matrix)
    lower = np.zeros((size, size))
    for i in range(size):
        for j in range(i):
            rest = matrix[i, j] - float(np.sum(lower[i, :j] * lower[j, :j]))
            if lower[j, j] > 0.0:
                lower[i, j] = rest / lower[j, j]
            elif abs(rest) > _COUPLED:
                return None
        rest = matrix[i, i] - float(np.sum(lower[i, :i] ** 2))
        if rest < _INVALID:
            return None
        if rest > _ROUNDING:
            lower[i, i] = np.sqrt(rest)
        elif abs(np.abs(lower[i]).max() - 1.0) < _ROUNDING:  # another's copy, or its opposite
            lower[i] = np.rint(lower[i])
        else:
            lower[i] /= np.sqrt(np.sum(lower[i] ** 2))
    return lower


def nearest_correlation(matrix: FloatArray, least: float = 0.0) -> FloatArray:
    """The nearest correlation matrix, by the sum of squares, with eigenvalues of `least` or more:
    alternating projections with Dykstra's correction (N. J. Higham, "Computing the nearest
    correlation matrix", IMA J. Numer. Anal. 22, 2002)."""
    nearest = np.array(matrix, dtype=np.float64)
    correction = np.zeros_like(nearest)
    for _ in range(_ITERATIONS):
        corrected = nearest - correction
        values, vectors = np.linalg.eigh(corrected)
        projected = (vectors * np.maximum(values, least)) @ vectors.T
        correction = projected - corrected
        following = projected.copy()
        np.fill_diagonal(following, 1.0)
        moved = float(np.abs(following - nearest).max())
        nearest = following
        if moved < 1e-10:
            break
    return np.asarray((nearest + nearest.T) / 2.0)
