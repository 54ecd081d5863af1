"""Uniform distribution: density 1 / (high - low) between its bounds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.from_quantiles import bounds_from_quantiles
from guessmodel.distributions.location_scale import LocationScale
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import INTERVAL, Form, construct
from guessmodel.graph.domains import REAL
from guessmodel.graph.ends import Ends
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.graph.variates import UNIFORM
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import Unit

__all__ = ["UNIFORM_FAMILY", "Uniform", "uniform"]


@final
class Uniform(LocationScale):
    """Uniform distribution by its bounds."""

    name = "uniform"
    parameters: ClassVar = {"low": REAL, "high": REAL}
    base = UNIFORM
    lower, upper, clipped = 0.0, 1.0, True

    def ends(self, low: float, high: float) -> Ends:
        return Ends()

    def split(self, low: Any, high: Any) -> tuple[Any, Any, tuple[Any, ...]]:
        return low, high - low, ()

    def support(self, low: Any, high: Any) -> tuple[FloatArray, FloatArray]:
        return low + 0.0 * np.asarray(high), high + 0.0 * np.asarray(low)

    def standard_mean(self) -> float:
        return 0.5

    def standard_variance(self) -> float:
        return 1.0 / 12.0

    def standard_pdf(self, z: FloatArray) -> Any:
        return np.ones_like(z)

    def standard_cdf(self, z: FloatArray) -> Any:
        return z

    def standard_sf(self, z: FloatArray) -> Any:
        return 1.0 - z


def _from_moments(mean: Any, sd: Any) -> Sequence[Any]:
    half = math.sqrt(3.0) * sd
    return mean - half, mean + half


def _from_interval(low: Any, high: Any, p: float, q: float) -> Sequence[Any]:
    return bounds_from_quantiles(low, high, p, q)


UNIFORM_FAMILY = Uniform()
_FORMS = (
    Form({"low": 1, "high": 1}, bounds=True),
    Form(INTERVAL, _from_interval),
    Form({"mean": 1, "sd": 1}, _from_moments),
)


@constructor(DrawOptions)
def uniform(
    low: Value | None = None,
    high: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mass: float | None = None,
    mean: Value | None = None,
    sd: Value | None = None,
    quantiles: Mapping[float, Value] | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Uniform draw: by its bounds, which it never leaves, by the central interval that holds
    `mass`, by two quantiles, or by mean and sd.

    Quantiles low and high at probabilities p and q make it (high - low) / (q - p) wide. Mean and sd
    give the bounds mean - sqrt(3) sd and mean + sqrt(3) sd.

    Raises ModelError for swapped or equal bounds, and for anything but one complete set.

    >>> print(uniform(30, 50, "percent").sample(8).mean())
    40%
    >>> print(uniform(10, 20, mass=0.8).sample().quantile(0.9))
    20
    """
    given = {"low": low, "high": high, "mean": mean, "sd": sd}
    return construct(UNIFORM_FAMILY, _FORMS, given, unit, mass=mass, quantiles=quantiles, **options)
