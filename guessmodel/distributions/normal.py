"""Normal distribution: density exp(-((x - mean) / sd)**2 / 2) / (sd sqrt(2 pi))."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Unpack, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import INTERVAL, Form, construct
from guessmodel.graph.domains import POSITIVE, REAL
from guessmodel.graph.ends import GAUSSIAN, Ends
from guessmodel.graph.family import Family
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.graph.variates import NORMAL
from guessmodel.numerics import normal as standard
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import Unit

__all__ = ["Normal", "normal"]


@final
class Normal(Family):
    """Normal distribution by mean and standard deviation."""

    name = "normal"
    parameters: ClassVar = {"mean": REAL, "sd": POSITIVE}
    base = NORMAL

    def ends(self, mean: float, sd: float) -> Ends:
        return Ends(GAUSSIAN, GAUSSIAN)

    def support(self, mean: Any, sd: Any) -> tuple[FloatArray, FloatArray]:
        flat = np.zeros(np.broadcast(mean, sd).shape)
        return flat - np.inf, flat + np.inf

    def mean(self, mean: Any, sd: Any) -> FloatArray:
        return np.asarray(mean + 0.0 * np.asarray(sd), dtype=np.float64)

    def variance(self, mean: Any, sd: Any) -> FloatArray:
        return np.asarray(np.square(sd) + 0.0 * np.asarray(mean), dtype=np.float64)

    def pdf(self, x: ArrayLike, mean: Any, sd: Any) -> FloatArray:
        with np.errstate(over="ignore"):
            z = (np.asarray(x) - mean) / sd
            return np.asarray(np.exp(-0.5 * z * z) / (sd * math.sqrt(2.0 * math.pi)))

    def cdf(self, x: ArrayLike, mean: Any, sd: Any) -> FloatArray:
        return standard.sf((mean - np.asarray(x)) / sd)

    def sf(self, x: ArrayLike, mean: Any, sd: Any) -> FloatArray:
        return standard.sf((np.asarray(x) - mean) / sd)

    def ppf(self, p: ArrayLike, mean: Any, sd: Any) -> FloatArray:
        return np.asarray(mean + sd * standard.ppf(p))

    def isf(self, q: ArrayLike, mean: Any, sd: Any) -> FloatArray:
        return np.asarray(mean + sd * standard.isf(q))

    def transform(self, z: FloatArray, mean: Any, sd: Any, *, out: FloatArray | None = None) -> Any:
        scaled = np.multiply(z, sd, out=out)
        return np.add(scaled, mean, out=out)


def _from_interval(low: Any, high: Any, p: float, q: float) -> Sequence[Any]:
    z_low, z_high = standard.quantile(p), standard.quantile(q)
    sd = (high - low) / (z_high - z_low)
    if math.isclose(z_low, -z_high, rel_tol=1e-12):  # the usual case: without rounding
        return (low + high) / 2.0, sd
    return low - z_low * sd, sd


NORMAL_FAMILY = Normal()
_FORMS = (Form(INTERVAL, _from_interval), Form({"mean": 1, "sd": 1}))


@constructor(DrawOptions)
def normal(
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
    """Normal draw: by the central interval that holds `mass`, by mean and sd, or by two quantiles.

    With z(p) the standard normal quantile, values low and high at probabilities p and q give
    sd = (high - low) / (z(q) - z(p)) and mean = low - z(p) sd.

    Raises ModelError for swapped or equal bounds, and for anything but one complete set.

    >>> print(normal(8, 12, "USD/hour").sample(8).mean())
    10 USD/hour
    """
    given = {"low": low, "high": high, "mean": mean, "sd": sd}
    return construct(NORMAL_FAMILY, _FORMS, given, unit, mass=mass, quantiles=quantiles, **options)
