"""Logistic distribution: CDF 1 / (1 + exp(-(x - location) / scale))."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.location_scale import LocationScale
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import INTERVAL, Form, construct
from guessmodel.graph.domains import POSITIVE, REAL
from guessmodel.graph.ends import Ends, exponential
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.graph.variates import LOGISTIC
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import Unit

__all__ = ["Logistic", "logistic"]


@final
class Logistic(LocationScale):
    """Logistic distribution by location (its mean and median) and scale (sd sqrt(3) / pi)."""

    name = "logistic"
    parameters: ClassVar = {"location": REAL, "scale": POSITIVE}
    base = LOGISTIC

    def ends(self, location: float, scale: float) -> Ends:
        return Ends(exponential(1.0 / scale), exponential(1.0 / scale))

    def standard_mean(self) -> float:
        return 0.0

    def standard_variance(self) -> float:
        return math.pi**2 / 3.0

    def standard_pdf(self, z: FloatArray) -> Any:
        tail = np.exp(-np.abs(z))
        return tail / (1.0 + tail) ** 2

    def standard_cdf(self, z: FloatArray) -> Any:
        return np.exp(-np.logaddexp(0.0, -z))

    def standard_sf(self, z: FloatArray) -> Any:
        return np.exp(-np.logaddexp(0.0, z))


def _from_interval(low: Any, high: Any, p: float, q: float) -> Sequence[Any]:
    at_low, at_high = math.log(p) - math.log1p(-p), math.log(q) - math.log1p(-q)
    scale = (high - low) / (at_high - at_low)
    return low - at_low * scale, scale


def _from_moments(mean: Any, sd: Any) -> Sequence[Any]:
    return mean, math.sqrt(3.0) / math.pi * sd


_FAMILY = Logistic()
_FORMS = (
    Form(INTERVAL, _from_interval),
    Form({"mean": 1, "sd": 1}, _from_moments),
    Form({"location": 1, "scale": 1}),
)


@constructor(DrawOptions)
def logistic(
    low: Value | None = None,
    high: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mass: float | None = None,
    mean: Value | None = None,
    sd: Value | None = None,
    location: Value | None = None,
    scale: Value | None = None,
    quantiles: Mapping[float, Value] | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Logistic draw: by the central interval that holds `mass` (0.9: 5th and 95th percentile), by
    mean and sd, by location and scale, or by two quantiles.

    With l(p) = log(p / (1 - p)), values low and high at probabilities p and q give
    scale = (high - low) / (l(q) - l(p)) and location = low - l(p) scale; sd is pi scale / sqrt(3).

    Raises ModelError for swapped or equal bounds, and for anything but one complete set.

    >>> print(logistic(8, 12, "USD").sample(8).mean())
    10 USD
    """
    given = {
        "low": low,
        "high": high,
        "mean": mean,
        "sd": sd,
        "location": location,
        "scale": scale,
    }
    return construct(_FAMILY, _FORMS, given, unit, mass=mass, quantiles=quantiles, **options)
