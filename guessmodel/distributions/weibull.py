"""Weibull distribution: survival function exp(-(x / scale)^shape) for x >= 0."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.location_scale import LocationScale
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import INTERVAL, Form, construct
from guessmodel.graph.domains import POSITIVE
from guessmodel.graph.ends import Ends, exponential
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.graph.variates import EXPONENTIAL
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import Unit

__all__ = ["Weibull", "weibull"]


@final
class Weibull(LocationScale):
    """Weibull distribution by shape and scale: an exponential variate to the power 1 / shape."""

    name = "weibull"
    parameters: ClassVar = {"shape": POSITIVE, "scale": POSITIVE}
    base = EXPONENTIAL
    lower = 0.0

    def ends(self, shape: float, scale: float) -> Ends:
        rate = 1.0 / scale if shape == 1.0 else 0.0 if shape < 1.0 else math.inf
        return Ends(exponential(rate), at_low=shape)

    def standard_mean(self, shape: Any) -> Any:
        from scipy.special import gamma

        return gamma(1.0 + 1.0 / shape)

    def standard_variance(self, shape: Any) -> Any:
        # gamma(1 + 2h) - gamma(1 + h)² with h = 1 / shape, which cancels for small h: there by
        # log gamma(1 + h) = -0.577 h + sum of zeta(k) (-h)^k / k.
        from scipy.special import gammaln, zeta

        h = 1.0 / np.asarray(shape, dtype=np.float64)
        small = np.minimum(h, 0.05)
        series = sum(zeta(k) * (2.0**k - 2.0) / k * (-small) ** k for k in range(2, 14))
        exact = gammaln(1.0 + 2.0 * h) - 2.0 * gammaln(1.0 + h)
        return np.exp(2.0 * gammaln(1.0 + h)) * np.expm1(np.where(h < 0.05, series, exact))

    def standard_pdf(self, z: FloatArray, shape: Any) -> Any:
        power = z**shape  # far out it is infinite, as its derivative, and the density is 0
        return np.where(power < np.inf, shape * z ** (shape - 1.0) * np.exp(-power), 0.0)

    def standard_cdf(self, z: FloatArray, shape: Any) -> Any:
        return -np.expm1(-(z**shape))

    def standard_sf(self, z: FloatArray, shape: Any) -> Any:
        return np.exp(-(z**shape))

    def from_base(self, z: FloatArray, out: FloatArray | None, shape: Any) -> Any:
        return np.power(z, 1.0 / shape, out=out)


def _from_interval(low: Any, high: Any, p: float, q: float) -> Sequence[Any]:
    at_low, at_high = -math.log1p(-p), -math.log1p(-q)
    shape = math.log(at_high / at_low) / (np.log(high) - np.log(low))
    return shape, high / at_high ** (1.0 / shape)


_FAMILY = Weibull()
_FORMS = (
    Form(INTERVAL, _from_interval, {"low": POSITIVE, "high": POSITIVE}),
    Form({"shape": 0, "scale": 1}),
)


@constructor(DrawOptions)
def weibull(
    low: Value | None = None,
    high: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mass: float | None = None,
    shape: Value | None = None,
    scale: Value | None = None,
    quantiles: Mapping[float, Value] | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Weibull draw: by the central interval that holds `mass` (0.9: 5th and 95th percentile), by
    shape and scale, or by two quantiles.

    With e(p) = -log(1 - p), values low and high at probabilities p and q give
    shape = log(e(q) / e(p)) / log(high / low) and scale = high / e(q)^(1 / shape).

    Raises ModelError for swapped, equal or non-positive bounds, and for anything but one
    complete set.

    >>> print(weibull(shape=1.5, scale=10, unit="year").sample(8).mean())  # 10 Γ(1 + 1/1.5)
    9.027 year
    """
    given = {"low": low, "high": high, "shape": shape, "scale": scale}
    return construct(_FAMILY, _FORMS, given, unit, mass=mass, quantiles=quantiles, **options)
