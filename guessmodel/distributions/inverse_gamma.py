"""Inverse gamma distribution: scale divided by a standard gamma variate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.from_quantiles import gamma_from_quantiles
from guessmodel.distributions.location_scale import LocationScale
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import INTERVAL, Form, construct
from guessmodel.distributions.quantiles import gamma_cdf, gamma_isf, gamma_ppf, gamma_sf
from guessmodel.graph.domains import POSITIVE
from guessmodel.graph.ends import Ends, power
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.kernels import gamma_kernel
from guessmodel.units import Unit

__all__ = ["InverseGamma", "inverse_gamma"]


@final
class InverseGamma(LocationScale):
    """Inverse gamma distribution by shape and scale."""

    name = "inverse_gamma"
    parameters: ClassVar = {"shape": POSITIVE, "scale": POSITIVE}
    lower = 0.0

    def ends(self, shape: float, scale: float) -> Ends:
        return Ends(power(shape), at_low=math.inf)

    def standard_mean(self, shape: Any) -> Any:
        return np.where(np.greater(shape, 1.0), 1.0 / (shape - 1.0), np.inf)

    def standard_variance(self, shape: Any) -> Any:
        finite = 1.0 / ((shape - 1.0) ** 2 * (shape - 2.0))
        return np.where(np.greater(shape, 2.0), finite, np.inf)

    def standard_pdf(self, z: FloatArray, shape: Any) -> Any:
        return np.where(z == 0.0, 0.0, gamma_kernel(1.0 / z, shape) / z)

    def standard_cdf(self, z: FloatArray, shape: Any) -> Any:
        return gamma_sf(shape, 1.0 / z)

    def standard_sf(self, z: FloatArray, shape: Any) -> Any:
        return gamma_cdf(shape, 1.0 / z)

    def standard_ppf(self, p: FloatArray, shape: Any) -> Any:
        return 1.0 / gamma_isf(shape, p)

    def standard_isf(self, q: FloatArray, shape: Any) -> Any:
        return 1.0 / gamma_ppf(shape, q)


def _from_interval(low: Any, high: Any, p: float, q: float) -> Sequence[Any]:
    shape, scale = gamma_from_quantiles(
        "inverse_gamma", 1.0 / high, 1.0 / low, 1.0 - q, 1.0 - p, rest=p
    )
    return shape, 1.0 / scale


def _from_moments(mean: Any, sd: Any) -> Sequence[Any]:
    shape = 2.0 + (mean / sd) ** 2
    return shape, mean * (shape - 1.0)


_FAMILY = InverseGamma()
_FORMS = (
    Form(INTERVAL, _from_interval, {"low": POSITIVE, "high": POSITIVE}, needs_numbers=True),
    Form({"mean": 1, "sd": 1}, _from_moments, {"mean": POSITIVE}),
    Form({"shape": 0, "scale": 1}),
)


@constructor(DrawOptions)
def inverse_gamma(
    low: Value | None = None,
    high: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mass: float | None = None,
    mean: Value | None = None,
    sd: Value | None = None,
    shape: Value | None = None,
    scale: Value | None = None,
    quantiles: Mapping[float, Value] | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Inverse gamma draw: by the central interval that holds `mass` (0.9: 5th and 95th percentile),
    by mean and sd, by shape and scale, or by two quantiles.

    The ratio of two quantiles decides the shape, which is solved for numerically, so that low and
    high must be numbers; mean and sd give shape = 2 + (mean / sd)² and scale = mean (shape - 1).
    The mean is infinite for shape <= 1, the variance for shape <= 2.

    Raises ModelError for swapped, equal or non-positive bounds, and for anything but one
    complete set.

    >>> print(inverse_gamma(shape=3, scale=4, unit="USD").sample(8).mean())  # scale/(shape - 1)
    2 USD
    """
    given = {"low": low, "high": high, "mean": mean, "sd": sd, "shape": shape, "scale": scale}
    return construct(_FAMILY, _FORMS, given, unit, mass=mass, quantiles=quantiles, **options)
