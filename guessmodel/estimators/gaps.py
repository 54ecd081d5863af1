"""Gaps among draws, as between two regimes.

Draws beyond a gap add its width times their share to the mean. All replicates of a net may have the
same number of draws there, by chance. Their means then agree, and do not show the error of that
share.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["widest_gap"]

_LOOKED_AT = 1 << 11  # draws, the first of each replicate, among which a gap is looked for first
_BEYOND = 20  # of these are on either side of a gap; nearer to the ends all draws are looked at
_FEWEST = 8  # of all draws are on either side of a gap; rarer events have runs of their own
_WIDE = 0.3  # standard deviations, the width of a gap; other neighbours are much nearer


@np.errstate(over="ignore", invalid="ignore")
def widest_gap(values: NDArray[np.float64]) -> tuple[float, float]:
    """The draws on both sides of the widest gap; twice the same number where there is no gap.

    Parameters
    ----------
    values : draws of shape (R, N)

    >>> draws = np.arange(800.0).reshape(100, 8).T
    >>> widest_gap(draws), widest_gap(np.where(draws < 60, draws, draws + 200))
    ((0.0, 0.0), (59.0, 260.0))
    """
    some = values[:, : math.ceil(_LOOKED_AT / len(values))].ravel()
    ordered = np.sort(some[np.isfinite(some)])
    middle = ordered[_BEYOND - 1 : ordered.size - _BEYOND + 1]
    if middle.size < 2:
        return 0.0, 0.0
    found = [middle]
    if some.size < values.size:
        first, last, flat = float(middle[0]), float(middle[-1]), values.ravel()
        # `compress` takes a third of the time of values[values > last].
        found.append(_outwards(last, flat.compress(flat > last)))
        found.append(-_outwards(-first, -flat.compress(flat < first))[::-1])
    best = (0.0, 0.0)
    for line in found:
        steps = line[1:] - line[:-1]
        widest = int(np.argmax(steps)) if steps.size else 0
        if steps.size and steps[widest] > best[1] - best[0]:
            best = float(line[widest]), float(line[widest + 1])
    width = best[1] - best[0]
    if width <= _WIDE * _least_deviation(ordered):
        return 0.0, 0.0
    return best if width > _WIDE * float(ordered.std()) else (0.0, 0.0)


def _least_deviation(ordered: NDArray[np.float64]) -> float:
    """A lower bound of their standard deviation, had in no time: a quarter of the draws lies beyond
    either quartile, and no mean is near both."""
    quarter = ordered.size // 4
    apart = float(ordered[ordered.size - 1 - quarter] - ordered[quarter])
    return 0.99 * apart / (2.0 * math.sqrt(2.0))


def _outwards(start: float, beyond: NDArray[np.float64]) -> NDArray[np.float64]:
    """`start` and the draws above it, ascending, that have enough of them behind."""
    ordered = np.sort(beyond[np.isfinite(beyond)])
    inner: NDArray[np.float64] = np.append(start, ordered[: max(ordered.size - _FEWEST + 1, 0)])
    return inner
