"""The shortest interval that holds a share of the draws: of a density with one peak its
highest-density interval."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from guessmodel.estimators.estimate import Estimate, Interval
from guessmodel.estimators.replicates import half_width
from guessmodel.numerics.rounding_noise import only_rounding

__all__ = ["densest", "shortest"]

FloatArray = NDArray[np.float64]

ESTIMATOR = "shortest interval"
_FEWEST = 10.0  # draws of a replicate that are left out, or in
_NEAR = 0.01  # beyond the smallest width, up to which widths are smoothed
_COARSE = 4.0  # times as far: what that moves is taken for what the smoothing does
_DEGREE = 5  # of the polynomial
_FEWEST_WIDTHS = 16
_SCATTERED = 4  # times as many widths in all as small ones


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
    (Kim and Pollard 1990), slower than those of a mean; and what a coarser polynomial changes.

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
        return Interval(*[Estimate.refused(f"needs n >= {enough}", ESTIMATOR, unit)] * 2)
    ordered = np.sort(np.concatenate(rows))
    if only_rounding(float(ordered[0]), float(ordered[-1])):
        value = float(ordered[0])
        return Interval(*[Estimate(value, value, value, ESTIMATOR, unit)] * 2)
    ends = _smoothed(ordered, mass, _NEAR)
    coarse = _smoothed(ordered, mass, _COARSE * _NEAR)
    own = np.array([_smoothed(row, mass, _NEAR) for row in rows])
    slower = len(rows) ** (1.0 / 6.0)
    found = []
    for k, end in enumerate(ends):
        half = half_width(own[:, k], np.ones(len(rows))) * slower + abs(coarse[k] - end)
        found.append(Estimate(end, end - half, end + half, ESTIMATOR, unit))
    return Interval(*found)


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
