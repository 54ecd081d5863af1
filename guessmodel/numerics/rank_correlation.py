"""Rank correlations under a Gaussian copula: which correlation of normal scores gives which.

Spearman's correlation is Pearson's of mid-ranks: of F(x), and where a value has a probability of
its own, of the middle of the step. Mid-ranks of a draw whose score is z are a staircase of z.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.numerics import normal
from guessmodel.numerics.arrays import FloatArray

__all__ = [
    "CONTINUOUS",
    "Steps",
    "attainable",
    "rank_at",
    "rank_of_scores",
    "score_correlation",
    "solved",
]


_CELLS: Final = 384
"""Steps that a distribution is taken apart into; finer ones are one."""
_WORK: Final = 1 << 20
"""Terms of a double sum, about; the fewer pairs of steps, the more nodes."""
_TOLERANCE: Final = 1e-12
_SHORT: Final = 0.05
"""An interval on which the density is nearly a polynomial of few degrees, unless it is steep."""
_FEW: Final = 8


def score_correlation(rank: ArrayLike) -> FloatArray:
    """2 sin(πρ/6): Pearson's correlation of normal scores of two continuous variables whose
    Spearman correlation is ρ (K. Pearson 1907; Kruskal 1958); ±1 exactly at ±1, NaN beyond."""
    rank = np.asarray(rank, dtype=np.float64)
    inside = np.where(np.abs(rank) <= 1.0, rank, np.nan)
    return np.where(np.abs(inside) == 1.0, inside, 2.0 * np.sin(np.pi / 6.0 * inside))


def rank_of_scores(correlation: ArrayLike) -> FloatArray:
    """(6/π) asin(r/2): the inverse of `score_correlation`."""
    r = np.asarray(correlation, dtype=np.float64)
    return np.where(np.abs(r) == 1.0, r, 6.0 / np.pi * np.arcsin(r / 2.0))


@final
@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """The mid-ranks of a distribution as a staircase of its normal score."""

    below: FloatArray
    """Probability of what lies below each step, in (0, 1)."""
    heights: FloatArray
    variance: float
    share: float = 1.0
    """Of the correlation of scores that is between the steps: √½ for a continuous variable, whose
    mid-rank Φ(z) is the probability that z exceeds a normal number of its own."""

    @staticmethod
    def of(
        ppf: Callable[[FloatArray], FloatArray], cdf: Callable[[FloatArray], FloatArray]
    ) -> Steps:
        """The steps of a distribution. Values rarer than 1/384 may be taken together."""
        grid = (np.arange(_CELLS) + 0.5) / _CELLS
        ends = np.ldexp(1.0, -np.arange(10, 40, 2))
        values = np.unique(ppf(np.concatenate((ends, grid, 1.0 - ends))))
        at_most = np.clip(np.asarray(cdf(values), dtype=np.float64), 0.0, 1.0)
        at_most[-1] = 1.0
        at_most = np.unique(at_most)
        masses = np.diff(at_most, prepend=0.0)
        heights = (masses[:-1] + masses[1:]) / 2.0
        return Steps(at_most[:-1], heights, float(1.0 - np.sum(masses**3)) / 12.0)


CONTINUOUS: Final = Steps(np.array([0.5]), np.array([1.0]), 1.0 / 12.0, math.sqrt(0.5))


def solved(rank: float, a: Steps, b: Steps) -> float | None:
    """The correlation of scores at which Spearman's correlation is `rank`; ±1 at ±1; None where
    none is (see `attainable`)."""
    if abs(rank) == 1.0 or rank == 0.0:
        return float(rank)
    if a is CONTINUOUS and b is CONTINUOUS:
        return float(score_correlation(rank))
    low, high = attainable(a, b)
    if not low <= rank <= high:
        return None
    share, scale = a.share * b.share, math.sqrt(a.variance * b.variance)
    begin, end = -math.asin(share), math.asin(share)
    theta = math.asin(share * float(score_correlation(rank)))
    reached = _integral(0.0, theta, a, b, _nodes_for(a, b))
    for _ in range(60):
        excess = reached / scale - rank
        if excess > 0.0:
            end = theta
        else:
            begin = theta
        slope = float(_density(np.array([theta]), a, b)[0]) / scale
        following = theta - excess / slope if slope > 0.0 else math.nan
        if abs(following - theta) < _TOLERANCE or end - begin < _TOLERANCE:
            break
        if not begin < following < end:
            following = (begin + end) / 2.0
        # What lies between is short, and needs few nodes.
        nodes = _nodes_for(a, b) if abs(following - theta) > _SHORT else _FEW
        reached += _integral(theta, following, a, b, nodes)
        theta = following
    return max(-1.0, min(1.0, math.sin(theta) / share))


def rank_at(correlation: float, a: Steps, b: Steps) -> float:
    """Spearman's correlation at a correlation of scores."""
    if abs(correlation) == 1.0:
        return float(correlation)
    if a is CONTINUOUS and b is CONTINUOUS:
        return float(rank_of_scores(correlation))
    theta = math.asin(a.share * b.share * correlation)
    return _covariance(theta, a, b) / math.sqrt(a.variance * b.variance)


def attainable(a: Steps, b: Steps) -> tuple[float, float]:
    """Spearman's correlation of countermonotone and of comonotone variables."""
    scale = math.sqrt(a.variance * b.variance)
    if not scale > 0.0:
        return 0.0, 0.0
    if a.share * b.share < 1.0:
        theta = math.asin(a.share * b.share)
        return _covariance(-theta, a, b) / scale, _covariance(theta, a, b) / scale
    p, q = a.below[:, np.newaxis], b.below
    weights = a.heights[:, np.newaxis] * b.heights
    low = float(np.sum(weights * (np.maximum(p + q - 1.0, 0.0) - p * q)))
    high = float(np.sum(weights * (np.minimum(p, q) - p * q)))
    return max(low / scale, -1.0), min(high / scale, 1.0)


def _covariance(theta: float, a: Steps, b: Steps) -> float:
    """Covariance of mid-ranks, at the correlation sin θ between the steps: Plackett's identity
    (1954), by Gauss and Legendre."""
    return _integral(0.0, theta, a, b, _nodes_for(a, b))


def _nodes_for(a: Steps, b: Steps) -> int:
    return min(max(_WORK // (a.below.size * b.below.size), 24), 256)


def _integral(begin: float, end: float, a: Steps, b: Steps, nodes: int) -> float:
    x, w = _nodes(nodes)
    half = (end - begin) / 2.0
    return float(_density(begin + half * (x + 1.0), a, b) @ w) * half


def _density(theta: FloatArray, a: Steps, b: Steps) -> FloatArray:
    """The derivative of the covariance of mid-ranks by θ."""
    h, k = normal.ppf(a.below)[:, np.newaxis], normal.ppf(b.below)
    weights = a.heights[:, np.newaxis] * b.heights / (2.0 * math.pi)
    squares, product = h * h + k * k, 2.0 * h * k
    found = np.empty(theta.shape)
    with np.errstate(under="ignore", divide="ignore", invalid="ignore"):
        for i, each in enumerate(theta.tolist()):
            exponent = (squares - product * math.sin(each)) / (-2.0 * math.cos(each) ** 2)
            found[i] = np.sum(weights * np.exp(exponent))
    return found


@lru_cache(maxsize=32)
def _nodes(count: int) -> tuple[FloatArray, FloatArray]:
    x, w = np.polynomial.legendre.leggauss(count)
    return x, w
