"""Student's t distribution with df degrees of freedom, moved and scaled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.location_scale import LocationScale
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import INTERVAL, Form, construct
from guessmodel.distributions.quantiles import log_beta_near_zero
from guessmodel.graph.domains import POSITIVE, REAL
from guessmodel.graph.ends import Ends, power
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.kernels import beta_kernel
from guessmodel.units import Unit

__all__ = ["StudentT", "student_t"]

_LOST = 1e140  # beyond, SciPy's quantiles are wrong: they stop at 1e152 or change sign


@final
class StudentT(LocationScale):
    """Student's t distribution by degrees of freedom, location and scale.

    Z² / (df + Z²) is a beta variate with shapes 1/2 and df / 2.
    """

    name = "student_t"
    parameters: ClassVar = {"df": POSITIVE, "location": REAL, "scale": POSITIVE}

    def ends(self, df: float, location: float, scale: float) -> Ends:
        return Ends(power(df), power(df))

    def standard_mean(self, df: Any) -> Any:
        return np.where(np.greater(df, 1.0), 0.0, np.nan)

    def standard_variance(self, df: Any) -> Any:
        beyond = np.where(np.greater(df, 1.0), np.inf, np.nan)
        return np.where(np.greater(df, 2.0), df / (df - 2.0), beyond)

    def standard_pdf(self, z: FloatArray, df: Any) -> Any:
        size = np.maximum(np.abs(z), 1e-100)  # the density is flat at 0, its formula 0 / 0
        square = np.square(size) / df
        rest = 1.0 / (1.0 + square)
        share = np.where(np.isinf(square), 1.0, square * rest)
        return beta_kernel(share, rest, 0.5, 0.5 * np.asarray(df)) / size

    def standard_cdf(self, z: FloatArray, df: Any) -> Any:
        from scipy.special import stdtr

        return stdtr(df, z)

    def standard_sf(self, z: FloatArray, df: Any) -> Any:
        from scipy.special import stdtr

        return stdtr(df, -z)

    def standard_ppf(self, p: FloatArray, df: Any) -> Any:
        from scipy.special import stdtrit

        z = stdtrit(df, p)
        lost = ~np.less(np.abs(z), _LOST)
        if not np.any(lost):
            return z
        # Beyond, 2p is the probability that a beta variate with shapes df / 2 and 1/2, which is
        # df / (df + Z²), is below it.
        nearer = np.minimum(p, 1.0 - np.asarray(p))
        rest = log_beta_near_zero(df / 2.0, 0.5, np.log(2.0 * nearer))
        size = np.exp((np.log(df) - rest) / 2.0)
        return np.where(lost, np.where(np.less(p, 0.5), -size, size), z)

    def standard_isf(self, q: FloatArray, df: Any) -> Any:
        return -self.standard_ppf(q, df)


def _from_interval(low: Any, high: Any, df: Any, p: float, q: float) -> Sequence[Any]:
    from scipy.special import stdtrit

    at_low, at_high = stdtrit(df, p), stdtrit(df, q)
    scale = (high - low) / (at_high - at_low)
    return df, low - at_low * scale, scale


def _from_location(df: Any, location: Any = 0.0, scale: Any = 1.0) -> Sequence[Any]:
    return df, location, scale


_FAMILY = StudentT()
_FORMS = (
    Form({**INTERVAL, "df": 0}, _from_interval),
    Form({"df": 0, "location": 1, "scale": 1}, _from_location),
    Form({"df": 0}, _from_location),
)


@constructor(DrawOptions)
def student_t(
    low: Value | None = None,
    high: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mass: float | None = None,
    df: Value | None = None,
    location: Value | None = None,
    scale: Value | None = None,
    quantiles: Mapping[float, Value] | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Student's t draw with `df` degrees of freedom: by the central interval that holds `mass`
    (0.9: 5th and 95th percentile), by location and scale (0 and 1 if left out), or by two
    quantiles.

    With t(p) the standard quantile, values low and high at probabilities p and q give
    scale = (high - low) / (t(q) - t(p)) and location = low - t(p) scale. The mean exists for
    df > 1, the variance, df / (df - 2) scale², is finite for df > 2.

    Raises ModelError for swapped or equal bounds, and for anything but one complete set.

    >>> print(student_t(8, 12, "USD", df=4).sample(8).mean())
    10 USD
    """
    given = {"low": low, "high": high, "df": df, "location": location, "scale": scale}
    return construct(_FAMILY, _FORMS, given, unit, mass=mass, quantiles=quantiles, **options)
