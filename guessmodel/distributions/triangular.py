"""Triangular distribution: a density that rises from low to the mode and falls to high."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.checks import forbid
from guessmodel.distributions.from_quantiles import bounds_about_mode, bounds_from_quantiles
from guessmodel.distributions.location_scale import LocationScale
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import INTERVAL, Form, construct
from guessmodel.graph.domains import REAL
from guessmodel.graph.ends import Ends
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.graph.variates import UNIFORM
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import Unit

__all__ = ["Triangular", "forbid_mode_outside", "midpoint", "triangular"]


@final
class Triangular(LocationScale):
    """Triangular distribution by low, mode and high; shape: where the mode lies, from 0 to 1."""

    name = "triangular"
    parameters: ClassVar = {"low": REAL, "mode": REAL, "high": REAL}
    base = UNIFORM
    lower, upper, clipped = 0.0, 1.0, True

    def ends(self, low: float, mode: float, high: float) -> Ends:
        return Ends(at_low=2.0 if mode > low else 1.0, at_high=2.0 if mode < high else 1.0)

    def split(self, low: Any, mode: Any, high: Any) -> tuple[Any, Any, tuple[Any, ...]]:
        return low, high - low, ((mode - low) / (high - low),)

    def support(self, low: Any, mode: Any, high: Any) -> tuple[FloatArray, FloatArray]:
        flat = np.zeros(np.broadcast(low, mode, high).shape)
        return flat + low, flat + high

    def shapes_fit(self, at: Any) -> Any:
        return np.greater_equal(at, 0.0) & np.less_equal(at, 1.0)

    def standard_mean(self, at: Any) -> Any:
        return (1.0 + at) / 3.0

    def standard_variance(self, at: Any) -> Any:
        return (1.0 - at + at * at) / 18.0

    def standard_pdf(self, z: FloatArray, at: Any) -> Any:
        return np.where(_rising(z, at), 2.0 * z / at, 2.0 * (1.0 - z) / (1.0 - at))

    def standard_cdf(self, z: FloatArray, at: Any) -> Any:
        return np.where(_rising(z, at), z * z / at, 1.0 - (1.0 - z) ** 2 / (1.0 - at))

    def standard_sf(self, z: FloatArray, at: Any) -> Any:
        return np.where(_rising(z, at), 1.0 - z * z / at, (1.0 - z) ** 2 / (1.0 - at))

    def standard_isf(self, q: FloatArray, at: Any) -> Any:
        return 1.0 - self.from_base(q, None, 1.0 - at)

    def from_base(self, z: FloatArray, out: FloatArray | None, at: Any) -> Any:
        rising, falling = np.sqrt(at * z), 1.0 - np.sqrt((1.0 - at) * (1.0 - z))
        return np.where(z < at, rising, falling)


def _rising(z: FloatArray, at: Any) -> Any:
    return np.less(z, at) | np.greater_equal(at, 1.0)


def midpoint(low: Any, high: Any) -> Any:
    """The mode where none is given."""
    return low + (high - low) / 2.0


def forbid_mode_outside(family: str, low: Any, mode: Any, high: Any) -> None:
    """Raise ModelError where the mode lies beyond a bound."""
    message = f"{family}: the mode lies outside low to high; write {family}(low, high, mode=…)"
    forbid(mode < low, message)
    forbid(mode > high, message)


def _from_bounds(low: Any, high: Any) -> Sequence[Any]:
    return low, midpoint(low, high), high


def _from_mode(low: Any, high: Any, mode: Any) -> Sequence[Any]:
    forbid_mode_outside("triangular", low, mode, high)
    return low, mode, high


def _from_interval(low: Any, high: Any, p: float, q: float) -> Sequence[Any]:
    return _from_bounds(*bounds_from_quantiles(low, high, *_standard(p, q, 0.5)))


def _from_interval_and_mode(low: Any, high: Any, mode: Any, p: float, q: float) -> Sequence[Any]:
    first, last = bounds_about_mode("triangular", partial(_standard, p, q), low, high, mode)
    return first, mode, last


def _standard(p: float, q: float, at: float) -> tuple[float, float]:
    z_low, z_high = _FAMILY.standard_ppf(np.array([p, q]), at)
    return float(z_low), float(z_high)


_FAMILY = Triangular()
_FORMS = (
    Form({"low": 1, "high": 1}, _from_bounds, bounds=True),
    Form({"low": 1, "high": 1, "mode": 1}, _from_mode, bounds=True),
    Form(INTERVAL, _from_interval),
    Form({**INTERVAL, "mode": 1}, _from_interval_and_mode, needs_numbers=True),
)


@constructor(DrawOptions)
def triangular(
    low: Value | None = None,
    high: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mode: Value | None = None,
    mass: float | None = None,
    quantiles: Mapping[float, Value] | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Triangular draw: by its bounds, which it never leaves, and the mode (the midpoint if left
    out); with `mass`, low and high are the ends of the central interval that holds it, and
    `quantiles` are any two.

    Mean (low + mode + high) / 3. With a mode, the bounds that have two quantiles are solved for
    numerically, so that all must be numbers.

    Raises ModelError for swapped or equal bounds, and for a mode outside them or the quantiles.

    >>> print(triangular(1, 9, "month", mode=3).sample(8).mean())  # (low + mode + high)/3
    4.333 month
    >>> print(triangular(2, 8, mode=4, mass=0.8).sample().quantile(0.1))
    2
    """
    given = {"low": low, "high": high, "mode": mode}
    return construct(_FAMILY, _FORMS, given, unit, mass=mass, quantiles=quantiles, **options)
