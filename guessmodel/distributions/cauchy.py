"""Cauchy distribution: density 1 / (pi scale (1 + ((x - location) / scale)²))."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.location_scale import LocationScale
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import INTERVAL, Form, construct
from guessmodel.graph.domains import POSITIVE, REAL
from guessmodel.graph.ends import Ends, power
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.graph.variates import CAUCHY
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import Unit

__all__ = ["Cauchy", "cauchy"]


@final
class Cauchy(LocationScale):
    """Cauchy distribution by location (its median) and scale (half its interquartile range)."""

    name = "cauchy"
    parameters: ClassVar = {"location": REAL, "scale": POSITIVE}
    base = CAUCHY

    def ends(self, location: float, scale: float) -> Ends:
        return Ends(power(1.0), power(1.0))

    def standard_mean(self) -> float:
        return math.nan

    def standard_variance(self) -> float:
        return math.nan

    def standard_pdf(self, z: FloatArray) -> Any:
        return 1.0 / (math.pi * (1.0 + z * z))

    def standard_cdf(self, z: FloatArray) -> Any:
        return np.arctan2(1.0, -z) / math.pi

    def standard_sf(self, z: FloatArray) -> Any:
        return np.arctan2(1.0, z) / math.pi


def _from_interval(low: Any, high: Any, p: float, q: float) -> Sequence[Any]:
    at_low, at_high = -1.0 / math.tan(math.pi * p), -1.0 / math.tan(math.pi * q)
    scale = (high - low) / (at_high - at_low)
    return low - at_low * scale, scale


_FAMILY = Cauchy()
_FORMS = (
    Form(INTERVAL, _from_interval),
    Form({"location": 1, "scale": 1}),
)


@constructor(DrawOptions)
def cauchy(
    low: Value | None = None,
    high: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mass: float | None = None,
    location: Value | None = None,
    scale: Value | None = None,
    quantiles: Mapping[float, Value] | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Cauchy draw: by the central interval that holds `mass` (0.9: 5th and 95th percentile), by
    location and scale, or by two quantiles. It has neither mean nor variance.

    With c(p) = -1 / tan(pi p), values low and high at probabilities p and q give
    scale = (high - low) / (c(q) - c(p)) and location = low - c(p) scale.

    Raises ModelError for swapped or equal bounds, and for anything but one complete set.

    >>> print(cauchy(location=3, scale=1, unit="USD").sample(8).median())
    3 USD
    """
    given = {"low": low, "high": high, "location": location, "scale": scale}
    return construct(_FAMILY, _FORMS, given, unit, mass=mass, quantiles=quantiles, **options)
