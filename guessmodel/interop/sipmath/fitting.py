"""The metalog, or the table of values, that comes nearest to draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np

from guessmodel.distributions.metalog_curve import basis, to_line
from guessmodel.distributions.metalog_family import Metalog
from guessmodel.numerics.arrays import FloatArray

__all__ = ["Fit", "fitted"]

_TABLED: Final = 64
"""So many values are written one by one, with the probability of each."""
_MOST_TERMS: Final = 10
_POINTS: Final = 1000
_LARGEST_COUNT: Final = 2.0**40
"""Larger whole numbers are amounts: of these all that are large enough are whole as floats."""
_RESOLUTION: Final = 0.5 / _POINTS
"""Errors that differ by less are taken for equal."""
_CURVE: Final = 4000
"""Points at which a fitted curve is looked at."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What stands for draws: a metalog by its coefficients and bounds, or a table of values."""

    coefficients: tuple[float, ...] = ()
    bounds: Mapping[str, float] | None = None
    rounded: bool = False  # to the nearest whole number
    table: tuple[tuple[float, float], ...] = ()  # probability of at most a value, and the value
    error: float = 0.0


def fitted(draws: FloatArray, support: tuple[float, float]) -> Fit:
    """What comes nearest to some draws, all finite, of a quantity with a known support (infinite
    where it is not).

    Of metalogs of 2 to 10 terms, without bounds or with those of the support or at 0, it is that of
    the fewest terms whose distribution function is nearest to that of the draws, to 0.0005 or so:
    coefficients by least squares on 1000 quantiles (Keelin 2016, equation (7)), the error at all
    points between.
    """
    ordered = np.sort(draws)
    values, counts = np.unique(ordered, return_counts=True)
    if values.size <= _TABLED:
        at_most = np.cumsum(counts) / ordered.size
        at_most[-1] = 1.0
        return Fit(table=tuple(zip(at_most.tolist(), values.tolist(), strict=True)))
    if np.all(values == np.rint(values)) and np.abs(values).max() < _LARGEST_COUNT:
        # Rounded, the curve has to pass midway between a value and the next.
        chosen = np.unique(np.linspace(0, values.size - 2, _POINTS).astype(int))
        points = np.cumsum(counts)[chosen] / ordered.size
        x, rounded = values[chosen] + 0.5, True
    else:
        points = (np.arange(_POINTS) + 0.5) / _POINTS
        x, rounded = np.quantile(ordered, points, method="hazen"), False
    tested = _tested(ordered, values, rounded=rounded)
    found = [
        Fit(coefficients, bounds, rounded, error=_error(coefficients, bounds, tested))
        for bounds in _bounds(ordered, support)
        for coefficients in _curves(points, x, bounds)
    ]
    enough = min(fit.error for fit in found) + _RESOLUTION
    return min((f for f in found if f.error <= enough), key=lambda fit: len(fit.coefficients))


def _tested(ordered: FloatArray, values: FloatArray, *, rounded: bool) -> tuple[Any, Any, Any]:
    """Values, and the shares of draws that are below each and at most each."""
    if rounded:  # where the curve passes midway to the next
        share = np.searchsorted(ordered, values[:-1], "right") / ordered.size
        return values[:-1] + 0.5, share, share
    between = np.arange(1, _POINTS) / _POINTS
    x = np.concatenate((ordered[:1], np.quantile(ordered, between), ordered[-1:]))
    below, at_most = (
        np.searchsorted(ordered, x, side) / ordered.size for side in ("left", "right")
    )
    return x, below, at_most


def _bounds(ordered: FloatArray, support: tuple[float, float]) -> list[dict[str, float]]:
    """What may be tried: the support, 0 as an end, both ends of what lies within 0 and 1, none."""
    low, high = float(ordered[0]), float(ordered[-1])
    known = {
        key: end for key, end in zip(("lower", "upper"), support, strict=True) if np.isfinite(end)
    }
    tried = [{}, known]
    if low > 0.0:
        tried.append({"lower": 0.0})
        if high < 1.0:
            tried.append({"lower": 0.0, "upper": 1.0})
    if high < 0.0:
        tried.append({"upper": 0.0})
    inside = [
        each
        for each in tried
        if each.get("lower", -np.inf) < low and high < each.get("upper", np.inf)
    ]
    return [each for i, each in enumerate(inside) if each not in inside[:i]]


def _curves(
    points: FloatArray, x: FloatArray, bounds: Mapping[str, float]
) -> list[tuple[float, ...]]:
    """Increasing curves through points, one a number of terms. Two terms of a positive slope always
    are; these are the least that is said."""
    with np.errstate(all="ignore"):
        line = np.asarray(to_line(x, bounds), dtype=np.float64)
    kept = np.isfinite(line)
    q, r = np.linalg.qr(np.array([basis(float(y), _MOST_TERMS) for y in points[kept]]))
    target = q.T @ line[kept]
    found = []
    for terms in range(2, min(_MOST_TERMS, int(kept.sum())) + 1):
        solution = np.linalg.solve(r[:terms, :terms], target[:terms])
        family = Metalog(terms, tuple(bounds))
        if bool(family.valid(*solution, *bounds.values())):
            found.append(tuple(solution.tolist()))
    return found


def _error(
    coefficients: Sequence[float], bounds: Mapping[str, float], tested: tuple[Any, Any, Any]
) -> float:
    x, below, at_most = tested
    t = np.linspace(-20.0, 20.0, _CURVE)
    y = 1.0 / (1.0 + np.exp(-t))
    family = Metalog(len(coefficients), tuple(bounds))
    curve = family.ppf(y, *coefficients, *bounds.values())
    found = np.interp(x, curve, y, 0.0, 1.0)
    return float(max(np.max(found - below), np.max(at_most - found)))
