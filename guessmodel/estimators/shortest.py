"""The shortest interval that holds a share of the draws: of a density with one peak its
highest-density interval."""

from __future__ import annotations

import math

import numpy as np

from guessmodel.estimators.estimate import Estimate, Interval, too_few
from guessmodel.estimators.half_widths import COVERAGE, half_width, half_widths
from guessmodel.estimators.replicates import probability
from guessmodel.numerics.arrays import FloatArray, IndexArray
from guessmodel.numerics.confidence import student_t_half_width
from guessmodel.numerics.rounding_noise import only_rounding
from guessmodel.numerics.sorting import ties

__all__ = ["densest", "shortest"]


ESTIMATOR = "shortest interval"
_FEWEST = 10.0  # draws of a replicate that are left out, or in
_NEAR = 0.01  # beyond the smallest width, up to which widths are smoothed
_COARSE = 4.0  # times as far: what that moves is taken for what the smoothing does
_DEGREE = 5  # of the polynomial
_FEWEST_WIDTHS = 16
_SCATTERED = 4  # times as many widths in all as small ones
_FLAT = 0.5  # beyond the smallest width, up to which widths may be the smallest after all
_STARTS = 257  # that are compared
_FARTHER = 2.0  # half-widths, beyond which those that may be count
_ALIKE = 16  # draws for each value there is, from which on values are atoms
_ROUNDING = 1e-9  # of the range


def densest(ordered: FloatArray, mass: float) -> tuple[float, float]:
    """The ends of the shortest interval that holds a share of draws that ascend."""
    widths = _widths(ordered, mass)
    first = int(widths.argmin())
    return float(ordered[first]), float(ordered[first + ordered.size - widths.size])


def shortest(values: FloatArray, mass: float, unit: str = "") -> Interval:
    """The shortest interval that holds `mass` of draws of shape (R, N).

    The width between the quantiles at u and u + mass, as a function of u, is flat where it is
    smallest, and the draws blur it; so a polynomial is laid through it, over all u at which it is
    nearly as small. Errors are Student's t over the replicates' ends, taken to fall like n^(-1/3)
    (Kim and Pollard 1990), slower than those of a mean; and what a coarser polynomial changes. Of a
    density that is nearly flat one replicate's interval says little of another's. So where others
    are not longer, by a test at 10% (Student's t over the replicates' differences of widths), and
    begin twice as far off as those errors reach, all of them may be the shortest one.

    Of atoms, such as whole numbers, there are a few intervals, and often several as short: each
    end's interval holds all that may be its, as far as the error of the share inside goes.

    >>> x = np.random.default_rng(0).exponential(size=(8, 4096))
    >>> low, high = shortest(x, 0.9)  # of the exponential distribution it begins at 0
    >>> low.value < 0.01, high.low < math.log(10.0) < high.high
    (True, True)
    """
    rows = [np.sort(row[np.isfinite(row)]) for row in values]
    rows = [row for row in rows if row.size]
    if len(rows) < 2:
        return Interval(*[Estimate.refused("no finite draws", ESTIMATOR, unit)] * 2)
    size = min(row.size for row in rows)
    if size * min(mass, 1.0 - mass) < _FEWEST:
        enough = 2 ** math.ceil(math.log2(_FEWEST / min(mass, 1.0 - mass))) * len(rows)
        return Interval(*[Estimate.refused(too_few(enough), ESTIMATOR, unit)] * 2)
    ordered = np.sort(np.concatenate(rows))
    if only_rounding(float(ordered[0]), float(ordered[-1])):
        value = float(ordered[0])
        return Interval(*[Estimate(value, value, value, ESTIMATOR, unit)] * 2)
    counts = ties(ordered)[1]
    if _ALIKE * counts.size <= ordered.size:
        return _of_atoms(values, ordered, counts, mass, unit)
    ends = _smoothed(ordered, mass, _NEAR)
    coarse = _smoothed(ordered, mass, _COARSE * _NEAR)
    own = np.array([_smoothed(row, mass, _NEAR) for row in rows])
    slower = len(rows) ** (1.0 / 6.0)
    rivals = _not_longer(rows, ordered, mass, ends[0])
    found = []
    for k, end in enumerate(ends):
        half = half_width(own[:, k], np.ones(len(rows))) * slower + abs(coarse[k] - end)
        low, high = end - half, end + half
        first, last = (float(each) for each in (rivals[:, k].min(), rivals[:, k].max()))
        if max(end - first, last - end) > _FARTHER * half:
            low, high = min(low, first), max(high, last)
        found.append(Estimate(end, low, high, ESTIMATOR, unit))
    return Interval(*found)


def _not_longer(
    rows: list[FloatArray], ordered: FloatArray, mass: float, start: float
) -> FloatArray:
    """The ends of intervals that hold the mass and are not shown to be longer than the one from
    `start` on: shape (intervals, 2)."""
    widths = _widths(ordered, mass)
    near = np.flatnonzero(widths <= (1.0 + _FLAT) * widths.min()) / (ordered.size - 1)
    begin = min(np.searchsorted(ordered, start) / (ordered.size - 1), 1.0 - mass)
    starts = np.append(np.linspace(near[0], near[-1], _STARTS), begin)
    starts = np.minimum(starts, 1.0 - mass)

    def between(draws: FloatArray) -> FloatArray:
        at = np.stack([starts, starts + mass], axis=1) * (draws.size - 1)
        found: FloatArray = np.interp(at, np.arange(draws.size), draws)
        return found

    each = np.array([np.diff(between(row))[:, 0] for row in rows])
    longer = (each - each[:, -1:]).T
    errors = np.multiply(half_widths(longer, np.ones(len(rows))), _one_sided(len(rows)))
    rivals: FloatArray = between(ordered)[longer.mean(axis=1) <= errors]
    return rivals


def _one_sided(replicates: int) -> float:
    """The half-width of a one-sided interval, in half-widths of one with two sides."""
    one, two = 2.0 * COVERAGE - 1.0, COVERAGE
    df = replicates - 1
    return student_t_half_width(one, df) / student_t_half_width(two, df)


def _of_atoms(
    values: FloatArray, ordered: FloatArray, counts: IndexArray, mass: float, unit: str
) -> Interval:
    before = np.concatenate([[0], np.cumsum(counts)])
    atoms = ordered[before[:-1]]
    slack = _ROUNDING * float(atoms[-1] - atoms[0])

    def last(share: float) -> tuple[IndexArray, FloatArray]:
        """The last atom of the shortest interval that begins at each atom and holds a share, and
        its width; infinite where so much is not left."""
        wanted = before[:-1] + max(share, 0.0) * ordered.size
        end = np.maximum(np.searchsorted(before, wanted - 0.5) - 1, np.arange(atoms.size))
        left = end < atoms.size
        end = np.minimum(end, atoms.size - 1)
        return end, np.where(left, atoms[end] - atoms, np.inf)

    end, width = last(mass)
    short = np.flatnonzero(width <= width.min() + slack)
    inside = before[end[short] + 1] - before[short]
    first = int(short[inside.argmax()])
    low, high = float(atoms[first]), float(atoms[end[first]])
    share = probability(((values >= low) & (values <= high)).astype(np.float64))
    nearest, least = last(mass - (share.high - share.value))
    farthest, most = last(mass + (share.value - share.low))
    longest = min(float(most.min()), float(atoms[-1] - atoms[0])) + slack
    rivals = np.flatnonzero(least <= longest)
    reach = np.searchsorted(atoms, atoms[rivals] + longest, side="right") - 1
    lows, highs = atoms[rivals], atoms[np.minimum(farthest[rivals], reach)]
    return Interval(
        Estimate(low, float(lows[0]), float(lows[-1]), ESTIMATOR, unit),
        Estimate(high, float(atoms[nearest[rivals]].min()), float(highs.max()), ESTIMATOR, unit),
    )


def _widths(ordered: FloatArray, mass: float) -> FloatArray:
    inside = min(math.ceil(mass * ordered.size), ordered.size - 1)
    widths: FloatArray = ordered[inside:] - ordered[: ordered.size - inside]
    return widths


def _smoothed(ordered: FloatArray, mass: float, reach: float) -> tuple[float, float]:
    """The ends, where the widths that are nearly the smallest are smoothed by a polynomial."""
    widths = _widths(ordered, mass)
    inside = ordered.size - widths.size
    first = int(widths.argmin())
    near = np.flatnonzero(widths <= (1.0 + reach) * widths[first])
    start, stop = int(near[0]), int(near[-1]) + 1
    best = float(first)
    # Few widths give no curve, and neither do those of two peaks, with others between them.
    if _FEWEST_WIDTHS <= stop - start <= _SCATTERED * near.size:
        x = np.linspace(0.0, 1.0, stop - start)
        curve = np.polynomial.Polynomial.fit(x, widths[start:stop], _DEGREE)
        roots = [complex(root) for root in curve.deriv().roots()]
        flat = [root.real for root in roots if abs(root.imag) < 1e-9 and 0.0 < root.real < 1.0]
        spots = [0.0, 1.0, *flat]
        best = start + min(spots, key=lambda t: float(curve(t))) * (stop - 1 - start)
    at = np.interp([best, best + inside], np.arange(ordered.size), ordered)
    return float(at[0]), float(at[1])
