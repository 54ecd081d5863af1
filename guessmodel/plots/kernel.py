"""Kernel density by diffusion on a grid, with a bandwidth that does not assume one normal peak.

Z. I. Botev, J. F. Grotowski, D. P. Kroese (2010), "Kernel density estimation via diffusion",
Annals of Statistics 38(5), 2916-2957, section 5 and appendix E: the improved Sheather-Jones rule.
The cosine transform reflects at the ends of the grid, so nothing leaks beyond them.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from guessmodel.numerics.arrays import FloatArray

__all__ = ["density", "narrow_bandwidth"]

_GRID = 1 << 10
_STAGES = 7
_QUARTER = 0.6372787  # width of the middle quarter of a normal variable, in standard deviations
_TINY, _WIDEST = 1e-12, 0.1  # of the squared bandwidth, as a share of the squared range


def density(
    draws: FloatArray, low: float, high: float, *, roughly: bool = False
) -> tuple[FloatArray, FloatArray, float]:
    """Density of the draws that lie between low and high, in all of which it integrates to 1.

    Parameters
    ----------
    draws : in ascending order, none outside [low, high]; at least 2 that differ
    roughly : with the bandwidth of `narrow_bandwidth`

    Returns
    -------
    centres of the grid's cells, the density there, and the bandwidth of the normal kernel.
    """
    from scipy.fft import dct, idct

    edges = np.linspace(low, high, _GRID + 1)
    counts = np.histogram(draws, edges)[0].astype(np.float64)
    shares = counts / counts.sum()
    waves = dct(shares)
    squares = np.arange(1, _GRID, dtype=np.float64) ** 2
    if roughly and len(draws) > 3:
        time = (narrow_bandwidth(draws) / (high - low)) ** 2
    else:
        time = _bandwidth(squares, np.square(waves[1:] / 2.0), len(draws))
    smooth = waves * np.exp(-0.5 * np.square(np.arange(_GRID) * math.pi) * time)
    cell = (high - low) / _GRID
    found = np.maximum(idct(smooth) / cell, 0.0)
    return (edges[:-1] + edges[1:]) / 2.0, found, math.sqrt(time) * (high - low)


def narrow_bandwidth(x: FloatArray) -> float:
    """A bandwidth at once, for pictures that move: that of a normal peak (Silverman 1986, section
    3.4) in which a quarter of the numbers lies as closely as here where they lie most closely. So
    one of several narrow peaks is not smeared over the others.

    Parameters
    ----------
    x : in ascending order, at least 4
    """
    quarter = len(x) // 4
    closest = float((x[quarter:] - x[: len(x) - quarter]).min())
    return 0.9 * closest / _QUARTER * math.pow(len(x), -0.2)


def _bandwidth(squares: FloatArray, power: FloatArray, n: int) -> float:
    """Squared bandwidth on the unit interval."""
    from scipy.optimize import brentq

    def gap(time: float) -> float:
        return time - _next(time, squares, power, n)

    # The smallest fixed point is wanted: coarse steps upwards bracket it.
    steps = np.geomspace(_TINY, _WIDEST, 60)
    before = gap(steps[0])
    for left, right in pairwise(steps):
        after = gap(right)
        if before < 0.0 <= after:
            return float(brentq(gap, left, right, rtol=1e-4))
        before = after
    return (
        float(0.28 * n ** (-0.4)) ** 2
    )  # nothing stands out from the noise: the bandwidth of one broad peak


def _next(time: float, squares: FloatArray, power: FloatArray, n: int) -> float:
    def roughness(order: int, at: float) -> float:
        decay = np.exp(-squares * math.pi**2 * at)
        terms = squares**order * power * decay
        return 2.0 * math.pi ** (2 * order) * float(terms.sum())

    f = roughness(_STAGES, time)
    for order in range(_STAGES - 1, 1, -1):
        if f <= 0.0:
            return time
        odd = math.prod(range(1, 2 * order, 2)) / math.sqrt(2.0 * math.pi)
        factor = (1.0 + 0.5 ** (order + 0.5)) / 3.0
        at = (2.0 * factor * odd / (n * f)) ** (2.0 / (3.0 + 2.0 * order))
        f = roughness(order, at)
    return float((2.0 * n * math.sqrt(math.pi) * f) ** (-0.4)) if f > 0.0 else time
