"""Half-widths of intervals, from replicates that are independent of each other."""

from __future__ import annotations

import math

import numpy as np

from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.confidence import student_t_half_width

__all__ = ["COVERAGE", "half_width", "half_widths", "student"]

COVERAGE = 0.9
"""Nominal coverage of the interval [low, high] of every estimate."""


def half_width(totals: FloatArray, counts: FloatArray) -> float:
    """Half-width of the interval for Σ totals / Σ counts, by Student's t with R − 1 degrees of
    freedom. All errors that are estimated from replicates are estimated here, or by `student` from
    residuals that are known otherwise.

    Where draws are not finite, replicates differ in size; so the residuals are those of a ratio.
    """
    return half_widths(totals[np.newaxis], counts)[0]


def half_widths(totals: FloatArray, counts: FloatArray) -> list[float]:
    """The same of several totals, each of all replicates: shape (K, R)."""
    replicates = counts.size
    whole = float(counts.sum())
    residuals = totals - counts * (totals.sum(axis=1, keepdims=True) / whole)
    t, scale = _student(replicates)
    return [t * math.hypot(*row) * scale / whole for row in residuals.tolist()]


def student(residuals: float, replicates: int) -> float:
    """The half-width of a sum over replicates, of whose residuals this is the root of the sum of
    squares, by Student's t with R − 1 degrees of freedom."""
    t, scale = _student(replicates)
    return t * residuals * scale


def _student(replicates: int) -> tuple[float, float]:
    t = student_t_half_width(COVERAGE, replicates - 1)
    return t, math.sqrt(replicates / (replicates - 1))
