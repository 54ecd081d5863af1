"""Means of few costly numbers, by the known mean of a cheap one that goes with them."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

FALSE_ALARM = 1e-6


def controlled(seen: ArrayLike, beside: ArrayLike, mean: float) -> tuple[float, float]:
    """The mean of `seen`, and how far it may be off: what is `beside` each has a known mean, and
    what a straight line says of its deviation is taken off (Lavenberg and Welch 1981)."""
    y, x = np.asarray(seen), np.asarray(beside)
    slope, _ = np.polyfit(x, y, 1)
    rest = y - slope * (x - mean)
    far = float(stats.t.isf(FALSE_ALARM / 2, y.size - 2))
    return float(rest.mean()), far * float(rest.std(ddof=2)) / y.size**0.5
