"""Log-uniform (reciprocal) distribution: density 1 / (x log(high / low)) between its bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.checks import forbid
from guessmodel.distributions.location_scale import LocationScale
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import INTERVAL, Form, construct
from guessmodel.graph.domains import POSITIVE
from guessmodel.graph.ends import Ends
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.graph.variates import UNIFORM
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import Unit

__all__ = ["LogUniform", "loguniform"]

_WIDEST = 700.0  # exp(700) is finite


@final
class LogUniform(LocationScale):
    """Log-uniform distribution by its bounds: low times Z, whose logarithm is uniform."""

    name = "loguniform"
    parameters: ClassVar = {"low": POSITIVE, "high": POSITIVE}
    base = UNIFORM
    lower, clipped = 1.0, True

    def ends(self, low: float, high: float) -> Ends:
        return Ends()

    def split(self, low: Any, high: Any) -> tuple[Any, Any, tuple[Any, ...]]:
        return 0.0, low, (np.log(high) - np.log(low),)

    def support(self, low: Any, high: Any) -> tuple[FloatArray, FloatArray]:
        return low + 0.0 * np.asarray(high), high + 0.0 * np.asarray(low)

    def shapes_fit(self, width: Any) -> Any:
        return np.greater(width, 0.0) & np.less_equal(width, _WIDEST)

    def standard_mean(self, width: Any) -> Any:
        return np.expm1(width) / width

    def standard_variance(self, width: Any) -> Any:
        # e^w (sinh h / h) (cosh h - sinh h / h) with h = w / 2. The last factor cancels for small
        # h; its series is the sum of 2k h^2k / (2k + 1)!.
        h = np.asarray(width) / 2.0
        square = h * h
        series = 1.0 + square / 10.0 * (1.0 + square / 28.0 * (1.0 + square / 54.0))
        last = np.where(h < 0.1, square / 3.0 * series, np.cosh(h) - np.sinh(h) / h)
        return np.exp(width) * np.sinh(h) / h * last

    def standard_pdf(self, z: FloatArray, width: Any) -> Any:
        return 1.0 / (z * width)

    def standard_cdf(self, z: FloatArray, width: Any) -> Any:
        return np.log(z) / width

    def standard_sf(self, z: FloatArray, width: Any) -> Any:
        return 1.0 - np.log(z) / width

    def from_base(self, z: FloatArray, out: FloatArray | None, width: Any) -> Any:
        return np.exp(np.multiply(z, width, out=out), out=out)


def _from_bounds(low: Any, high: Any) -> Sequence[Any]:
    forbid(
        np.log(high) - np.log(low) > _WIDEST,
        "loguniform: the bounds are more than 304 decades apart; bring them nearer",
    )
    return low, high


def _from_interval(low: Any, high: Any, p: float, q: float) -> Sequence[Any]:
    ratio = (high / low) ** (1.0 / (q - p))
    return _from_bounds(low * ratio**-p, high * ratio ** (1.0 - q))


_FAMILY = LogUniform()
_FORMS = (
    Form({"low": 1, "high": 1}, _from_bounds, bounds=True),
    Form(INTERVAL, _from_interval),
)


@constructor(DrawOptions)
def loguniform(
    low: Value | None = None,
    high: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mass: float | None = None,
    quantiles: Mapping[float, Value] | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Log-uniform draw between two bounds above 0, or by the central interval that holds `mass`
    or by two quantiles: every factor between the bounds is equally likely.

    Quantiles low and high at probabilities p and q make the ratio of the bounds
    (high / low)^(1 / (q - p)).

    Raises ModelError for swapped, equal or non-positive bounds.

    >>> print(loguniform(1, 1000, "USD").sample(8).median())  # sqrt(1 · 1000)
    31.62 USD
    """
    given = {"low": low, "high": high}
    return construct(_FAMILY, _FORMS, given, unit, mass=mass, quantiles=quantiles, **options)
