"""Gamma distribution: density (x / scale)^(shape - 1) exp(-x / scale) / (scale gamma(shape))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.from_quantiles import gamma_from_quantiles
from guessmodel.distributions.location_scale import LocationScale
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import INTERVAL, Form, construct
from guessmodel.distributions.quantiles import gamma_cdf, gamma_isf, gamma_ppf, gamma_sf
from guessmodel.graph.domains import POSITIVE
from guessmodel.graph.ends import Ends, exponential
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.kernels import gamma_kernel
from guessmodel.units import Unit

__all__ = ["GAMMA", "Gamma", "GammaLike", "gamma"]


class GammaLike(LocationScale):
    """Abstract: a multiple of the standard gamma variate."""

    lower = 0.0

    @final
    def standard_mean(self, shape: Any) -> Any:
        return shape

    @final
    def standard_variance(self, shape: Any) -> Any:
        return shape

    @final
    def standard_pdf(self, z: FloatArray, shape: Any) -> Any:
        at_zero = np.where(np.less(shape, 1.0), np.inf, np.where(np.equal(shape, 1.0), 1.0, 0.0))
        return np.where(z == 0.0, at_zero, gamma_kernel(z, shape) / z)

    @final
    def standard_cdf(self, z: FloatArray, shape: Any) -> Any:
        return gamma_cdf(shape, z)

    @final
    def standard_sf(self, z: FloatArray, shape: Any) -> Any:
        return gamma_sf(shape, z)

    @final
    def standard_ppf(self, p: FloatArray, shape: Any) -> Any:
        return gamma_ppf(shape, p)

    @final
    def standard_isf(self, q: FloatArray, shape: Any) -> Any:
        return gamma_isf(shape, q)


@final
class Gamma(GammaLike):
    """Gamma distribution by shape and scale."""

    name = "gamma"
    parameters: ClassVar = {"shape": POSITIVE, "scale": POSITIVE}

    def ends(self, shape: float, scale: float) -> Ends:
        return Ends(exponential(1.0 / scale), at_low=shape)


def _from_interval(low: Any, high: Any, p: float, q: float) -> Sequence[Any]:
    return gamma_from_quantiles("gamma", low, high, p, q, rest=1.0 - q)


def _from_moments(mean: Any, sd: Any) -> Sequence[Any]:
    return (mean / sd) ** 2, sd**2 / mean


def _from_rate(shape: Any, rate: Any) -> Sequence[Any]:
    return shape, 1.0 / rate


GAMMA = Gamma()
_FORMS = (
    Form(INTERVAL, _from_interval, {"low": POSITIVE, "high": POSITIVE}, needs_numbers=True),
    Form({"mean": 1, "sd": 1}, _from_moments, {"mean": POSITIVE}),
    Form({"shape": 0, "scale": 1}),
    Form({"shape": 0, "rate": -1}, _from_rate, {"rate": POSITIVE}),
)


@constructor(DrawOptions)
def gamma(
    low: Value | None = None,
    high: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mass: float | None = None,
    mean: Value | None = None,
    sd: Value | None = None,
    shape: Value | None = None,
    scale: Value | None = None,
    rate: Value | None = None,
    quantiles: Mapping[float, Value] | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Gamma draw: by the central interval that holds `mass` (0.9: 5th and 95th percentile), by mean
    and sd, by shape and scale, by shape and rate = 1 / scale, or by two quantiles.

    The ratio of two quantiles decides the shape, which is solved for numerically, so that low and
    high must be numbers; mean and sd give shape = (mean / sd)² and scale = sd² / mean.

    Raises ModelError for swapped, equal or non-positive bounds, and for anything but one
    complete set.

    >>> print(gamma(shape=2, scale=3, unit="day").sample(8).sd())  # 3 sqrt(2)
    4.243 day
    """
    given = {
        "low": low,
        "high": high,
        "mean": mean,
        "sd": sd,
        "shape": shape,
        "scale": scale,
        "rate": rate,
    }
    return construct(GAMMA, _FORMS, given, unit, mass=mass, quantiles=quantiles, **options)
