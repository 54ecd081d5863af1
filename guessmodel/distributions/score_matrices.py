"""From rank correlations to weights of scores; or what is nearest to those that cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from guessmodel.errors import ModelError
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.correlation_matrix import factor, nearest_correlation
from guessmodel.numerics.rank_correlation import Steps, attainable, rank_at, solved

__all__ = ["factored", "score_at"]

_LEAST = 1e-4  # eigenvalue of the matrix that is proposed, so that its digits can be cut
_SHOWN = 6  # rows of a matrix that is written out


def score_at(rank: float, a: Steps, b: Steps, titles: Sequence[str]) -> float:
    """The correlation of scores that gives a rank correlation; ModelError where none does."""
    score = solved(rank, a, b)
    if score is None:
        low, high = attainable(a, b)
        raise ModelError(
            f"{titles[0]} and {titles[1]} cannot have a rank correlation of {rank:g}: their values "
            f"allow {_cut(low)} to {_cut(high)}, and 1 or -1 for as close as can be"
        )
    return score


def factored(ranks: FloatArray, titles: Sequence[str], steps: Sequence[Steps]) -> FloatArray:
    """L, lower triangular, with L Lᵀ the correlations of scores that give rank correlations.

    Raises ModelError, with the nearest rank correlations that can be, where these cannot.
    """
    size = len(ranks)
    scores = np.eye(size)
    for i, j in combinations(range(size), 2):
        pair = [titles[i], titles[j]]
        scores[i, j] = scores[j, i] = score_at(ranks[i, j].item(), steps[i], steps[j], pair)
    lower = factor(scores)
    if lower is not None:
        return lower
    nearest = _nearest(scores, steps)
    off = np.abs(nearest - ranks)
    i, j = divmod(int(np.argmax(off)), size)
    shown = "; ".join(f"[{', '.join(f'{x:g}' for x in row)}]" for row in nearest[:_SHOWN])
    more = "; …" if size > _SHOWN else ""
    raise ModelError(
        "no draws have these rank correlations together; most off is that of "
        f"{titles[min(i, j)]} and {titles[max(i, j)]}, {ranks[i, j]:g}, which can be "
        f"{nearest[i, j]:g}\nthe nearest matrix that can be (Higham): {shown}{more}"
    )


def _nearest(scores: FloatArray, steps: Sequence[Steps]) -> FloatArray:
    """Rank correlations that can be, in the fewest digits that still can."""
    found = nearest_correlation(scores, _LEAST)
    size = len(found)
    ranks = np.eye(size)
    pairs = list(combinations(range(size), 2))
    for i, j in pairs:
        ranks[i, j] = ranks[j, i] = rank_at(found[i, j].item(), steps[i], steps[j])
    for digits in range(2, 8):
        rounded = np.round(ranks, digits)
        again = np.eye(size)
        for i, j in pairs:
            score = solved(rounded[i, j].item(), steps[i], steps[j])
            again[i, j] = again[j, i] = np.nan if score is None else score
        if np.isfinite(again).all() and factor(again) is not None:
            return rounded
    return ranks


def _cut(end: float) -> str:
    """An end of a range in few digits, inside of it."""
    return f"{np.trunc(end * 1e4) / 1e4:g}"
