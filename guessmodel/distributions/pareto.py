"""Pareto distribution: survival function (scale / x)^shape for x >= scale."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.location_scale import LocationScale
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import INTERVAL, Form, construct
from guessmodel.graph.domains import POSITIVE
from guessmodel.graph.ends import Ends, power
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.graph.variates import EXPONENTIAL
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import Unit

__all__ = ["Pareto", "pareto"]


@final
class Pareto(LocationScale):
    """Pareto distribution by its smallest value (scale) and its tail index (shape)."""

    name = "pareto"
    parameters: ClassVar = {"scale": POSITIVE, "shape": POSITIVE}
    base = EXPONENTIAL
    lower = 1.0

    def ends(self, scale: float, shape: float) -> Ends:
        return Ends(power(shape))

    def standard_mean(self, shape: Any) -> Any:
        return np.where(np.greater(shape, 1.0), shape / (shape - 1.0), np.inf)

    def standard_variance(self, shape: Any) -> Any:
        finite = shape / ((shape - 1.0) ** 2 * (shape - 2.0))
        return np.where(np.greater(shape, 2.0), finite, np.inf)

    def standard_pdf(self, z: FloatArray, shape: Any) -> Any:
        return shape * z ** (-shape - 1.0)

    def standard_cdf(self, z: FloatArray, shape: Any) -> Any:
        return -np.expm1(-shape * np.log(z))

    def standard_sf(self, z: FloatArray, shape: Any) -> Any:
        return z**-shape

    def from_base(self, z: FloatArray, out: FloatArray | None, shape: Any) -> Any:
        return np.exp(np.divide(z, shape, out=out), out=out)


def _from_interval(low: Any, high: Any, p: float, q: float) -> Sequence[Any]:
    at_low, at_high = -math.log1p(-p), -math.log1p(-q)
    shape = (at_high - at_low) / (np.log(high) - np.log(low))
    return low * np.exp(-at_low / shape), shape


def _from_moments(mean: Any, sd: Any) -> Sequence[Any]:
    shape = 1.0 + np.sqrt(1.0 + (mean / sd) ** 2)
    return mean * (shape - 1.0) / shape, shape


_FAMILY = Pareto()
_FORMS = (
    Form(INTERVAL, _from_interval, {"low": POSITIVE, "high": POSITIVE}),
    Form({"mean": 1, "sd": 1}, _from_moments, {"mean": POSITIVE}),
    Form({"scale": 1, "shape": 0}),
)


@constructor(DrawOptions)
def pareto(
    low: Value | None = None,
    high: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mass: float | None = None,
    mean: Value | None = None,
    sd: Value | None = None,
    scale: Value | None = None,
    shape: Value | None = None,
    quantiles: Mapping[float, Value] | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Pareto draw: by the central interval that holds `mass` (0.9: 5th and 95th percentile), by
    mean and sd, by the smallest value (scale) and the tail index (shape), or by two quantiles.

    With e(p) = -log(1 - p), values low and high at probabilities p and q give
    shape = (e(q) - e(p)) / log(high / low) and scale = low exp(-e(p) / shape); mean and sd give
    shape = 1 + sqrt(1 + (mean / sd)²) and scale = mean (shape - 1) / shape. The mean is infinite
    for shape <= 1, the variance for shape <= 2.

    Raises ModelError for swapped, equal or non-positive bounds, and for anything but one
    complete set.

    >>> print(pareto(scale=1, shape=1.5, unit="USD").sample(8).mean())  # shape/(shape - 1)
    3 USD
    """
    given = {"low": low, "high": high, "mean": mean, "sd": sd, "scale": scale, "shape": shape}
    return construct(_FAMILY, _FORMS, given, unit, mass=mass, quantiles=quantiles, **options)
