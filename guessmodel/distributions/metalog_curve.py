"""The curve of a metalog and its slope, and the maps between a bounded range and the whole line.

With y the probability, c = y - 1/2 and t = log(y / (1 - y)), the curve is
M = a1 + a2 t + a3 c t + a4 c + a5 c² + a6 c² t + a7 c³ + a8 c³ t + …
(T. W. Keelin, "The Metalog Distributions", Decision Analysis 13(4), 2016, equation (6)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from guessmodel.numerics.arrays import FloatArray

__all__ = ["basis", "curve", "expit", "from_line", "polynomials", "slope", "spread", "to_line"]


def basis(y: float, terms: int) -> list[float]:
    """The first so many basis functions at the probability `y`."""
    logit = float(np.log(y) - np.log1p(-y))
    return [(y - 0.5) ** power * (logit if scaled else 1.0) for power, scaled in _layout(terms)]


def to_line(x: Any, bounds: Mapping[str, Any]) -> Any:
    """Map values within the bounds to the whole line; with NumPy functions, so quantities too."""
    match tuple(bounds):
        case ("lower",):
            return np.log(x - bounds["lower"])
        case ("upper",):
            return -np.log(bounds["upper"] - x)
        case ("lower", "upper"):
            return np.log(x - bounds["lower"]) - np.log(bounds["upper"] - x)
    return x


def from_line(m: Any, bounds: Mapping[str, Any]) -> FloatArray:
    """Map the whole line to values within the bounds."""
    match tuple(bounds):
        case ("lower",):
            value = bounds["lower"] + np.exp(m)
        case ("upper",):
            value = bounds["upper"] - np.exp(-np.asarray(m))
        case ("lower", "upper"):
            low, high = bounds["lower"], bounds["upper"]
            below, above = 1.0 / (1.0 + np.exp(m)), 1.0 / (1.0 + np.exp(-np.asarray(m)))
            # From the nearer bound, for precision next to either.
            value = np.where(
                np.asarray(m) < 0.0, low + (high - low) * above, high - (high - low) * below
            )
        case _:
            value = m
    return np.asarray(value, dtype=np.float64)


def _layout(terms: int) -> list[tuple[int, bool]]:
    """Power of c, and whether t is a factor, of each term."""
    first = [(0, False), (0, True), (1, True), (1, False)]
    rest = [((k - 1) // 2, k % 2 == 0) for k in range(5, terms + 1)]
    return (first + rest)[:terms]


def polynomials(c: FloatArray, a: Sequence[Any]) -> tuple[Any, Any]:
    """Location and scale, M = location + scale * t, both polynomials in c."""
    location: Any = 0.0
    scale: Any = 0.0
    for value, (power, scaled) in zip(a, _layout(len(a)), strict=True):
        if scaled:
            scale = scale + value * c**power
        else:
            location = location + value * c**power
    return location, scale


def curve(t: FloatArray, a: Sequence[Any]) -> Any:
    """M at t = log(y / (1 - y)); t itself, and not y, keeps both tails apart."""
    location, scale = polynomials(0.5 * np.tanh(0.5 * t), a)
    return location + scale * t


def slope(t: FloatArray, a: Sequence[Any]) -> Any:
    """dM/dt at y = 1 / (1 + exp(-t))."""
    c, width = 0.5 * np.tanh(0.5 * t), spread(t)
    total: Any = polynomials(c, a)[1]
    for value, (power, scaled) in zip(a, _layout(len(a)), strict=True):
        if power:
            total = total + value * power * c ** (power - 1) * width * (t if scaled else 1.0)
    return total


def spread(t: FloatArray) -> FloatArray:
    """y (1 - y)."""
    small = np.exp(-np.abs(t))
    return np.asarray(small / np.square(1.0 + small))


def expit(t: FloatArray) -> FloatArray:
    """1 / (1 + exp(-t)), precise where it is small."""
    small = np.exp(-np.abs(t))
    return np.asarray(np.where(t >= 0.0, 1.0, small) / (1.0 + small))
