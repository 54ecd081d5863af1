"""Chi-squared distribution: the sum of the squares of df standard normal variates."""

from __future__ import annotations

from typing import Any, ClassVar, Unpack, final

from guessmodel.distributions.gamma import GammaLike
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import Form, construct
from guessmodel.graph.domains import POSITIVE
from guessmodel.graph.ends import Ends, exponential
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.units import Unit

__all__ = ["Chi2", "chi2"]


@final
class Chi2(GammaLike):
    """Chi-squared distribution by degrees of freedom: twice a gamma variate of shape df / 2."""

    name = "chi2"
    parameters: ClassVar = {"df": POSITIVE}

    def ends(self, df: float) -> Ends:
        return Ends(exponential(0.5), at_low=df / 2.0)

    def split(self, df: Any) -> tuple[Any, Any, tuple[Any, ...]]:
        return 0.0, 2.0, (df / 2.0,)


_FAMILY = Chi2()
_FORMS = (Form({"df": 0}),)


@constructor(DrawOptions)
def chi2(
    df: Value | None = None,
    unit: str | Unit | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Chi-squared draw with `df` degrees of freedom (mean df, variance 2 df), a plain number.

    Raises ModelError for df that is not above 0, UnitError for a unit.

    >>> print(chi2(df=4).sample(8).mean())
    4
    """
    given = {"df": df}
    return construct(_FAMILY, _FORMS, given, unit, dimensionless=True, **options)
