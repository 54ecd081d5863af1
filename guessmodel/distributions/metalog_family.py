"""Metalog distributions: quantile functions that are linear in their coefficients.

T. W. Keelin, "The Metalog Distributions", Decision Analysis 13(4), 2016; see metalog_curve.py.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.distributions.metalog_curve import (
    curve,
    expit,
    from_line,
    polynomials,
    slope,
    spread,
    to_line,
)
from guessmodel.graph.domains import REAL, Domain
from guessmodel.graph.ends import BOUNDED, Ends, exponential, power
from guessmodel.graph.family import Family
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.numerics.quadrature import moments

__all__ = ["STEEPEST", "Metalog"]

STEEPEST: Final = 1.6671131192019293
"""Three terms are increasing where |a3| / a2 is below this: 1 / max(c + y (1 - y) L)."""

_FAR = 750.0  # exp(-750) is 0
_GRID = np.arange(-32.0, 32.25, 0.125)  # features of the slope are about 1 wide in t
_AT_ONCE = 2**18


@final
@dataclass(frozen=True)
class Metalog(Family):
    """Metalog of so many terms, bounded on no side, one or both.

    With a lower bound b the quantile is b + exp(M), with an upper bound b - exp(-M), with both
    (lower + upper exp(M)) / (1 + exp(M)).
    """

    terms: int
    bounds: tuple[str, ...] = ()

    name = "metalog"

    @property
    def parameters(self) -> dict[str, Domain]:  # type: ignore[override]
        """Coefficients a1, a2, …, then the bounds."""
        names = [*(f"a{k}" for k in range(1, self.terms + 1)), *self.bounds]
        return dict.fromkeys(names, REAL)

    def fit_together(self, *parameters: Any) -> Any:
        a, bounds = self._split(parameters)
        finite = np.asarray(np.isfinite(sum(np.asarray(x, dtype=np.float64) for x in parameters)))
        if len(bounds) == 2:
            finite = finite & (np.asarray(bounds["lower"]) < bounds["upper"])
        if self.terms == 2:
            return finite & (np.asarray(a[1]) > 0.0)
        if self.terms == 3:
            return finite & (np.abs(a[2]) < STEEPEST * np.asarray(a[1]))
        rising: BoolArray = finite
        pieces = max(1, _GRID.size * finite.size // _AT_ONCE)
        for piece in np.array_split(_GRID, min(pieces, _GRID.size)):
            t = piece.reshape(-1, *(1 for _ in finite.shape))
            rising = rising & np.all(slope(t, a) > 0.0, axis=0)
        for end in (-0.5, 0.5):
            rising = rising & (polynomials(np.asarray(end), a)[1] >= 0.0)
        return rising

    def support(self, *parameters: Any) -> tuple[FloatArray, FloatArray]:
        return self.ppf(0.0, *parameters), self.isf(0.0, *parameters)

    def ends(self, *parameters: float) -> Ends:
        """Far out M = location + scale * log p: an exponential tail, and with one bound its
        exponential, a power law. (Where the scale ends at 0, M is bounded by itself.)"""
        a, _ = self._split(parameters)
        scales = [float(polynomials(np.asarray(end), a)[1]) for end in (0.5, -0.5)]
        up, down = (1.0 / scale if scale > 0.0 else math.inf for scale in scales)
        fall = power if self.bounds else exponential
        return Ends(
            BOUNDED if "upper" in self.bounds else fall(up),
            BOUNDED if "lower" in self.bounds else fall(down),
            down,
            up,
        )

    def mean(self, *parameters: Any) -> FloatArray:
        return self._moments(parameters)[0]

    def variance(self, *parameters: Any) -> FloatArray:
        return self._moments(parameters)[1]

    def pdf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        a, bounds = self._split(parameters)
        x, t = self._logit(x, parameters)
        with np.errstate(all="ignore"):
            below = x - bounds.get("lower", 0.0)
            above = bounds.get("upper", 0.0) - x
            match self.bounds:
                case ("lower",):
                    stretch = below
                case ("upper",):
                    stretch = above
                case ("lower", "upper"):
                    stretch = below * above / (bounds["upper"] - bounds["lower"])
                case _:
                    stretch = np.ones(t.shape)
            density = spread(t) / (slope(t, a) * stretch)
        return np.where(np.isnan(t), np.nan, np.where(np.abs(t) < _FAR, density, 0.0))

    def cdf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        return expit(self._logit(x, parameters)[1])

    def sf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        return expit(-self._logit(x, parameters)[1])

    def ppf(self, p: ArrayLike, *parameters: Any) -> FloatArray:
        p = np.asarray(p, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            return self._value(p - 0.5, np.log(p) - np.log1p(-p), parameters)

    def isf(self, q: ArrayLike, *parameters: Any) -> FloatArray:
        q = np.asarray(q, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            return self._value(0.5 - q, np.log1p(-q) - np.log(q), parameters)

    def _split(self, parameters: Sequence[Any]) -> tuple[Sequence[Any], dict[str, Any]]:
        bounds = dict(zip(self.bounds, parameters[self.terms :], strict=True))
        return parameters[: self.terms], bounds

    def _value(self, c: FloatArray, logit: FloatArray, parameters: Sequence[Any]) -> FloatArray:
        a, bounds = self._split(parameters)
        location, scale = polynomials(c, a)
        with np.errstate(over="ignore", invalid="ignore"):
            # A curve whose scale is 0 at an end has a bound there of its own.
            return from_line(np.where(scale == 0.0, location, location + scale * logit), bounds)

    def _logit(self, x: ArrayLike, parameters: Sequence[Any]) -> tuple[FloatArray, FloatArray]:
        """The value and log(y / (1 - y)) at which it is the quantile, by bracketed Newton steps."""
        a, bounds = self._split(parameters)
        x = np.asarray(x, dtype=np.float64)
        low, high = bounds.get("lower", -np.inf), bounds.get("upper", np.inf)
        with np.errstate(all="ignore"):
            target = np.asarray(to_line(np.clip(x, low, high), bounds), dtype=np.float64)
            target, *rest = np.broadcast_arrays(target, *a)
            below, above = np.full(target.shape, -_FAR), np.full(target.shape, _FAR)
            t = np.clip((target - rest[0]) / rest[1], -30.0, 30.0)
            for _ in range(100):
                excess = curve(t, rest) - target
                below, above = np.where(excess <= 0.0, t, below), np.where(excess >= 0.0, t, above)
                step = t - excess / slope(t, rest)
                inside = (step > below) & (step < above)
                step = np.where(inside, step, 0.5 * (below + above))
                done = np.abs(step - t) <= 1e-15 * (1.0 + np.abs(t))
                t = step
                if np.all(done | np.isnan(target)):
                    break
        t = np.where(curve(np.asarray(-_FAR), rest) >= target, -np.inf, t)
        t = np.where(curve(np.asarray(_FAR), rest) <= target, np.inf, t)
        return x, np.where(np.isnan(x) | ~self.valid(*parameters), np.nan, t)

    def _moments(self, parameters: Sequence[Any]) -> tuple[FloatArray, FloatArray]:
        arrays = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in parameters))
        flat = [array.ravel() for array in arrays]
        mean, variance = moments(lambda p: self.ppf(p, *flat), lambda q: self.isf(q, *flat))
        return mean.reshape(arrays[0].shape), variance.reshape(arrays[0].shape)
