"""F distribution: the ratio of two mean squares with df1 and df2 degrees of freedom."""

from __future__ import annotations

from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.location_scale import LocationScale
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import Form, construct
from guessmodel.distributions.quantiles import beta_isf, beta_ppf
from guessmodel.graph.domains import POSITIVE
from guessmodel.graph.ends import Ends, power
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.kernels import beta_kernel
from guessmodel.units import Unit

__all__ = ["F", "f"]


@final
class F(LocationScale):
    """F distribution by degrees of freedom of numerator and denominator.

    With Z of this distribution, y = df1 Z / (df1 Z + df2) is a beta variate with shapes df1 / 2
    and df2 / 2. Both y and 1 - y are computed, for either may be too close to 1 to tell the other.
    """

    name = "f"
    parameters: ClassVar = {"df1": POSITIVE, "df2": POSITIVE}
    lower = 0.0

    def ends(self, df1: float, df2: float) -> Ends:
        return Ends(power(df2 / 2.0), at_low=df1 / 2.0)

    def standard_mean(self, df1: Any, df2: Any) -> Any:
        finite = df2 / (df2 - 2.0) + 0.0 * df1
        return np.where(np.greater(df2, 2.0), finite, np.inf)

    def standard_variance(self, df1: Any, df2: Any) -> Any:
        finite = 2.0 * (df2 / (df2 - 2.0)) ** 2 * ((df1 + df2 - 2.0) / (df2 - 4.0)) / df1
        return np.where(np.greater(df2, 4.0), finite, np.inf)

    def standard_pdf(self, z: FloatArray, df1: Any, df2: Any) -> Any:
        at_zero = np.where(np.less(df1, 2.0), np.inf, np.where(np.equal(df1, 2.0), 1.0, 0.0))
        y, rest = _shares(z, df1, df2)
        inside = beta_kernel(y, rest, df1 / 2.0, df2 / 2.0) / z
        return np.where(z == 0.0, at_zero, inside)

    def standard_cdf(self, z: FloatArray, df1: Any, df2: Any) -> Any:
        from scipy.special import betainc, betaincc

        y, rest = _shares(z, df1, df2)
        a, b = df1 / 2.0, df2 / 2.0
        return np.where(y < 0.5, betainc(a, b, y), betaincc(b, a, rest))

    def standard_sf(self, z: FloatArray, df1: Any, df2: Any) -> Any:
        from scipy.special import betainc, betaincc

        y, rest = _shares(z, df1, df2)
        a, b = df1 / 2.0, df2 / 2.0
        return np.where(y < 0.5, betaincc(a, b, y), betainc(b, a, rest))

    def standard_ppf(self, p: FloatArray, df1: Any, df2: Any) -> Any:
        a, b = df1 / 2.0, df2 / 2.0
        y = beta_ppf(a, b, p)
        # For y above 1/2, 1 - y loses digits and is computed by its own inverse. That is costly:
        # elsewhere it gets p = 0, which takes no time.
        rest = np.where(y < 0.5, 1.0 - y, beta_isf(b, a, np.where(y < 0.5, 0.0, p)))
        return df2 / df1 * y / rest

    def standard_isf(self, q: FloatArray, df1: Any, df2: Any) -> Any:
        return 1.0 / self.standard_ppf(q, df2, df1)


def _shares(z: FloatArray, df1: Any, df2: Any) -> tuple[Any, Any]:
    ratio = z * (df1 / df2)
    return np.where(np.isinf(ratio), 1.0, ratio / (1.0 + ratio)), 1.0 / (1.0 + ratio)


_FAMILY = F()
_FORMS = (Form({"df1": 0, "df2": 0}),)


@constructor(DrawOptions)
def f(
    df1: Value | None = None,
    df2: Value | None = None,
    unit: str | Unit | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """F draw with `df1` and `df2` degrees of freedom, a plain number.

    The mean, df2 / (df2 - 2), is infinite for df2 <= 2, the variance for df2 <= 4.
    Raises ModelError for degrees of freedom that are not above 0, UnitError for a unit.

    >>> print(f(df1=4, df2=10).sample(8).mean())  # df2/(df2 - 2)
    1.25
    """
    given = {"df1": df1, "df2": df2}
    return construct(_FAMILY, _FORMS, given, unit, dimensionless=True, **options)
