"""How far an interval for a mean over nets reaches to either side.

What is left of the error on a net comes from the few draws with the farthest values. Where these
fall off slowly, a run may have missed the ones that matter, and all its replicates then err to the
same side, by more than they differ. How slowly is told by Hill's estimator (1975, "A simple general
approach to inference about the tail of a distribution"): the mean of ln(d_i / d_k) over the k
largest deviations d. Values that are bounded by 0 and 1, and get there, have none to miss, and it
is 0 for them.
"""

from __future__ import annotations

import math

import numpy as np

from guessmodel.graph.elementwise import FloatArray

__all__ = ["reaches"]

_BLOCKS = 64  # the farthest draw of each is looked at, which takes no sorting of all draws
_FARTHEST = 16  # of these tell of a tail; fewer if there are few draws
_LIGHT = 0.08  # of Hill's estimate: up to it, measured coverage needs nothing
_STEEP = 6.0  # fitted to measured coverage: 21 outputs, 1% to 99%, 8 x 512 and 8 x 1024 draws
_MOST = 4.0
_FITTED = 8  # replicates; skewness averages out over more


def reaches(values: FloatArray, mean: float) -> tuple[float, float]:
    """Factors, 1 to 4, for the half-width of the interval for a mean, downwards and upwards.

    Parameters
    ----------
    values : draws of shape (R, N)
    mean : their mean
    """
    few = min(_FARTHEST, values.size // _BLOCKS)
    if few < 2:
        return 1.0, 1.0
    blocks = values.ravel()[: values.size // _BLOCKS * _BLOCKS].reshape(_BLOCKS, -1)
    lowest, highest = np.sort(blocks.min(axis=1)), np.sort(blocks.max(axis=1))
    share = math.sqrt(_FITTED / max(len(values), _FITTED))
    below = _factor(mean - lowest[: few + 1])
    above = _factor(highest[-1 : -2 - few : -1] - mean)
    return 1.0 + (below - 1.0) * share, 1.0 + (above - 1.0) * share


def _factor(deviations: FloatArray) -> float:
    """From the largest deviations in descending order."""
    largest, least = float(deviations[0]), float(deviations[-1])
    if largest <= 0.0:
        return 1.0
    if least <= 0.0:  # nearly all of the draws are on the other side of the mean
        return _MOST
    hill = float(np.log(deviations / least).sum()) / (deviations.size - 1)
    return min(1.0 + _STEEP * max(hill - _LIGHT, 0.0), _MOST)
