"""Exponential distribution: density exp(-x / mean) / mean for x >= 0."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.location_scale import LocationScale
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import Form, construct
from guessmodel.graph.domains import POSITIVE
from guessmodel.graph.ends import Ends, Fall
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.graph.variates import EXPONENTIAL
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import Unit

__all__ = ["Exponential", "exponential"]


@final
class Exponential(LocationScale):
    """Exponential distribution by its scale, which is its mean."""

    name = "exponential"
    parameters: ClassVar = {"scale": POSITIVE}
    base = EXPONENTIAL
    lower = 0.0

    def ends(self, scale: float) -> Ends:
        return Ends(Fall(math.inf, 1.0 / scale))

    def standard_mean(self) -> float:
        return 1.0

    def standard_variance(self) -> float:
        return 1.0

    def standard_pdf(self, z: FloatArray) -> Any:
        return np.exp(-z)

    def standard_cdf(self, z: FloatArray) -> Any:
        return -np.expm1(-z)

    def standard_sf(self, z: FloatArray) -> Any:
        return np.exp(-z)


def _from_mean(mean: Any) -> Sequence[Any]:
    return (mean,)


def _from_rate(rate: Any) -> Sequence[Any]:
    return (1.0 / rate,)


_FAMILY = Exponential()
_FORMS = (
    Form({"mean": 1}, _from_mean, {"mean": POSITIVE}),
    Form({"rate": -1}, _from_rate, {"rate": POSITIVE}),
)


@constructor(DrawOptions)
def exponential(
    low: Value | None = None,
    high: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mean: Value | None = None,
    rate: Value | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Exponential draw: by its mean, or by the rate of events, 1 / mean.

    A rate is counted per `unit`: `rate=2, unit="day"` is 2 events a day. One number decides the
    whole distribution, so an interval (low, high) is an error.

    Raises ModelError for a mean or rate that is not above 0, and for anything but one of them.

    >>> print(exponential(mean=3, unit="day").sample(8).median())  # 3 log(2)
    2.079 day
    """
    given = {"low": low, "high": high, "mean": mean, "rate": rate}
    return construct(_FAMILY, _FORMS, given, unit, **options)
