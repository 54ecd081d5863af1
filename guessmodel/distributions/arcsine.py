"""Arcsine distribution: density 1 / (pi sqrt((x - low) (high - x))) between its bounds."""

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

__all__ = ["Arcsine", "arcsine"]


@final
class Arcsine(LocationScale):
    """Arcsine distribution by its bounds: a sine wave seen at a random time."""

    name = "arcsine"
    parameters: ClassVar = {"low": REAL, "high": REAL}
    base = UNIFORM
    lower, upper, clipped = 0.0, 1.0, True

    def ends(self, low: float, high: float) -> Ends:
        return Ends(at_low=0.5, at_high=0.5)

    def split(self, low: Any, high: Any) -> tuple[Any, Any, tuple[Any, ...]]:
        return low, high - low, ()

    def support(self, low: Any, high: Any) -> tuple[FloatArray, FloatArray]:
        return low + 0.0 * np.asarray(high), high + 0.0 * np.asarray(low)

    def standard_mean(self) -> float:
        return 0.5

    def standard_variance(self) -> float:
        return 0.125

    def standard_pdf(self, z: FloatArray) -> Any:
        return 1.0 / (math.pi * np.sqrt(z * (1.0 - z)))

    def standard_cdf(self, z: FloatArray) -> Any:
        # The angle whose sine and cosine are the roots of z and 1 - z: precise at both ends.
        return np.arctan2(np.sqrt(z), np.sqrt(1.0 - z)) * (2.0 / math.pi)

    def standard_sf(self, z: FloatArray) -> Any:
        return np.arctan2(np.sqrt(1.0 - z), np.sqrt(z)) * (2.0 / math.pi)

    def standard_isf(self, q: FloatArray) -> Any:
        return np.square(np.cos((0.5 * math.pi) * q))

    def from_base(self, z: FloatArray, out: FloatArray | None) -> Any:
        angle = np.multiply(z, 0.5 * math.pi, out=out)
        return np.square(np.sin(angle, out=out), out=out)


def _from_interval(low: Any, high: Any, p: float, q: float) -> Sequence[Any]:
    z_low, z_high = (float(_FAMILY.standard_ppf(np.asarray(level))) for level in (p, q))
    return bounds_from_quantiles(low, high, z_low, z_high)


def _from_moments(mean: Any, sd: Any) -> Sequence[Any]:
    half = math.sqrt(2.0) * sd
    return mean - half, mean + half


_FAMILY = Arcsine()
_FORMS = (
    Form({"low": 1, "high": 1}, bounds=True),
    Form(INTERVAL, _from_interval),
    Form({"mean": 1, "sd": 1}, _from_moments),
)


@constructor(DrawOptions)
def arcsine(
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
    """Arcsine draw, a sine wave between two bounds seen at a random time: by the bounds, by the
    central interval that holds `mass`, by two quantiles, or by mean and sd.

    Quantile low + (high - low) sin(pi p / 2)²; mean (low + high) / 2, variance (high - low)² / 8.
    What swings about a setting, as a temperature that is controlled, is given it: JCGM 101:2008,
    6.4.6 (U-shaped).

    Raises ModelError for swapped or equal bounds, and for anything but one complete set.

    >>> print(arcsine(19, 21, "degC").sample(8).sd())  # (high - low)/sqrt(8)
    0.7071 delta_degC
    """
    given = {"low": low, "high": high, "mean": mean, "sd": sd}
    return construct(_FAMILY, _FORMS, given, unit, mass=mass, quantiles=quantiles, **options)
