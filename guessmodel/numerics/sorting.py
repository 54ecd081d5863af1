"""Quantiles, ranks and ties of a sample by sorting it.

`np.quantile` and `np.unique` do the same and more, but take `numpy.ma` along, whose import takes
longer than all that a small model asks of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from guessmodel.numerics.arrays import FloatArray, IndexArray

__all__ = ["centred_ranks", "sample_quantiles", "ties"]


def sample_quantiles(values: FloatArray, ps: Sequence[float]) -> FloatArray:
    """Quantiles by linear interpolation: at p lies rank 1 + p (n − 1), type 7 of Hyndman and Fan
    (1996), "Sample quantiles in statistical packages".

    >>> sample_quantiles(np.array([3.0, 1.0, 2.0]), [0.25, 0.5]).tolist()
    [1.5, 2.0]
    """
    ordered = np.sort(values)
    return np.interp(np.multiply(ps, ordered.size - 1), np.arange(ordered.size), ordered)


def centred_ranks(values: FloatArray) -> FloatArray:
    """Ranks among all values, less their mean, in the shape of the values. Equal ones share the
    mean of their ranks. (`scipy.stats.rankdata` does the same, after half a second of imports.)

    >>> centred_ranks(np.array([[3.0, 1.0], [3.0, 2.0]])).tolist()
    [[1.0, -1.5], [1.0, -0.5]]
    """
    flat = values.ravel()
    order = np.argsort(flat)
    ordered = flat[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    counts = np.diff(np.concatenate((first, [flat.size])))
    ranks = np.empty(flat.size)
    ranks[order] = np.repeat(first + (counts - flat.size) / 2.0, counts)
    return ranks.reshape(values.shape)


def ties(values: NDArray[np.generic]) -> tuple[IndexArray, IndexArray]:
    """For each of some values (as a flat array) the number of smaller distinct values, and how
    often each distinct value is there, from the smallest. All nan are one value, the largest.

    >>> place, counts = ties(np.array([2.0, 1.0, 2.0]))
    >>> place.tolist(), counts.tolist()
    ([1, 0, 1], [1, 2])
    """
    flat = values.ravel()
    order = np.argsort(flat, kind="stable")
    ordered = flat[order]
    first = np.ones(flat.size, dtype=np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    missing = int(np.count_nonzero(ordered != ordered))  # nan stand last
    first[max(flat.size - missing, 0) + 1 :] = False
    place = np.empty(flat.size, dtype=np.intp)
    place[order] = np.cumsum(first) - 1
    return place, np.diff(np.flatnonzero(np.append(first, True)))
