"""Gaps among draws, as between two regimes.

Draws beyond a gap add its width times their share to the mean. All replicates of a net may have the
same number of draws there, by chance. Their means then agree, and do not show the error of that
share.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from guessmodel.numerics.arrays import FloatArray

__all__ = ["widest_gap", "widest_gaps"]

_LOOKED_AT = 1 << 11  # draws, the first of each replicate, among which a gap is looked for first
_BEYOND = 20  # of these are on either side of a gap; nearer to the ends all draws are looked at
_FEWEST = 8  # of all draws are on either side of a gap; rarer events have runs of their own
_WIDE = 0.3  # standard deviations, the width of a gap; other neighbours are much nearer


@np.errstate(over="ignore", invalid="ignore")
def widest_gap(values: FloatArray) -> tuple[float, float]:
    """The draws, of shape (R, N), on both sides of the widest gap; twice the same number where
    there is no gap.

    >>> draws = np.arange(800.0).reshape(100, 8).T
    >>> widest_gap(draws), widest_gap(np.where(draws < 60, draws, draws + 200))
    ((0.0, 0.0), (59.0, 260.0))
    """
    some = _first_draws(values).ravel()
    finite = np.isfinite(some)
    ordered = np.sort(some if finite.all() else some[finite])
    return _widest(ordered[np.newaxis], [values], [None])[0]


@np.errstate(over="ignore", invalid="ignore")
def widest_gaps(
    stack: FloatArray, everything: Sequence[FloatArray | None]
) -> list[tuple[float, float]]:
    """The same of several draws, shape (K, R, N), that are all finite; `everything` has those of
    each in ascending order, where that is known."""
    ordered = np.sort(_first_draws(stack).reshape(len(stack), -1), axis=1)
    return _widest(ordered, stack, everything)


def _first_draws(values: FloatArray) -> FloatArray:
    return values[..., : math.ceil(_LOOKED_AT / values.shape[-2])]


def _widest(
    ordered: FloatArray,
    stack: Sequence[FloatArray] | FloatArray,
    everything: Sequence[FloatArray | None],
) -> list[tuple[float, float]]:
    """The widest gaps of a stack of draws, some of which are `ordered`, shape (K, some)."""
    middle = ordered[:, _BEYOND - 1 : ordered.shape[1] - _BEYOND + 1]
    if middle.shape[1] < 2:
        return [(0.0, 0.0)] * len(ordered)
    rows, at = np.arange(len(ordered)), (middle[:, 1:] - middle[:, :-1]).argmax(axis=1)
    found = []
    for line, low, high, least, values, known in zip(
        ordered, middle[rows, at].tolist(), middle[rows, at + 1].tolist(),
        _least_deviation(ordered), stack, everything, strict=True,
    ):  # fmt: skip
        best = low, high
        if _first_draws(values).size < values.size:
            for further in _outwards(line[_BEYOND - 1], line[-_BEYOND], values, known):
                steps = further[1:] - further[:-1]
                widest = int(steps.argmax()) if steps.size else 0
                if steps.size and steps[widest] > best[1] - best[0]:
                    best = float(further[widest]), float(further[widest + 1])
        width = best[1] - best[0]
        wide = width > _WIDE * least and width > _WIDE * float(line.std())
        found.append(best if wide else (0.0, 0.0))
    return found


def _least_deviation(ordered: FloatArray) -> list[float]:
    """A lower bound of their standard deviations, had in no time: a quarter of the draws lies
    beyond either quartile, and no mean is near both."""
    quarter = ordered.shape[1] // 4
    apart = ordered[:, -1 - quarter] - ordered[:, quarter]
    least: list[float] = (0.99 * apart / (2.0 * math.sqrt(2.0))).tolist()
    return least


def _outwards(
    first: float,
    last: float,
    values: FloatArray,
    everything: FloatArray | None,
) -> list[FloatArray]:
    """The ends of the middle with the draws beyond them, ascending, that have enough of all draws
    behind."""
    if everything is None:
        flat = values.ravel()
        # `compress` takes a third of the time of values[values > last].
        above, below = flat.compress(flat >= last), flat.compress(flat <= first)
        above, below = (np.sort(each[np.isfinite(each)]) for each in (above, below))
    else:
        above, below = everything, everything
    to, since = above.searchsorted(last, "right"), below.searchsorted(first)
    return [
        above[to - 1 : max(above.size - _FEWEST + 1, to)],
        below[min(_FEWEST - 1, since) : since + 1],
    ]
