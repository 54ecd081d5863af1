"""Any univariate distribution of PreliZ, frozen at its parameters: what was elicited there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Unpack, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.distributions.draws import draw_from
from guessmodel.distributions.from_scipy import FromScipy
from guessmodel.distributions.options import TextOptions, constructor
from guessmodel.errors import GuessmodelError, ModelError, WrongKind, caller, located
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Labels
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics.arrays import FloatArray
from guessmodel.options import refuse_unknown
from guessmodel.units import Unit

__all__ = ["from_preliz"]

_KINDS = ("continuous", "discrete")


@constructor(TextOptions)
def from_preliz(
    distribution: Any,
    unit: str | Unit | None = None,
    *,
    dim: Labels | None = None,
    **options: Unpack[TextOptions],
) -> Quantity:
    """Draw from a distribution of PreliZ, `gm.from_preliz(preliz.Gamma(2, 3), "day")`, also one
    that `preliz.maxent` or `quartile` has fitted.

    It is drawn through its quantile function. `dim={"month": range(1, 13)}` draws anew at each
    label.

    Raises WrongKind for anything but a univariate distribution of PreliZ, ModelError for one
    without parameters.
    """
    where = caller()
    try:
        refuse_unknown("from_preliz", options)
        own = type(distribution)
        if not any(each.__module__.startswith("preliz.") for each in own.__mro__):
            raise WrongKind(
                f"from_preliz takes a distribution such as preliz.Gamma(2, 3), not {own.__name__}; "
                "those of scipy.stats go into gm.from_scipy"
            )
        if getattr(distribution, "kind", None) not in _KINDS:
            raise WrongKind(
                f"from_preliz takes univariate distributions, and {own.__name__} is none"
            )
        if not distribution.is_frozen:
            raise ModelError(f"from_preliz: preliz.{own.__name__} has no parameters yet")
        adapted = _Adapted(distribution)
        if np.ndim(adapted.ppf(0.5)) or not np.isfinite(adapted.ppf(0.5)):
            raise ModelError(f"from_preliz: {own.__name__} has no distribution for its parameters")
        family = FromScipy(adapted, distribution.kind == "discrete", f"preliz {own.__name__}")
        names = distribution.param_names
        given = dict(zip(names, map(float, distribution.params), strict=False))
        along = dimensions.along(dim)
        return draw_from(family, (), unit, where, given=given, along=along, **options)
    except GuessmodelError as error:
        raise located(error, where) from None


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Adapted:
    """The methods of scipy.stats, from those of PreliZ."""

    distribution: Any

    def support(self) -> tuple[float, float]:
        low, high = self.distribution.support
        return float(low), float(high)

    def mean(self) -> FloatArray:
        return self._numbers(self.distribution.mean())

    def var(self) -> FloatArray:
        return self._numbers(self.distribution.var())

    def pdf(self, x: ArrayLike) -> FloatArray:
        return self._at("pdf", x)

    def pmf(self, x: ArrayLike) -> FloatArray:
        return self._at("pdf", x)  # one name for both there

    def cdf(self, x: ArrayLike) -> FloatArray:
        return self._at("cdf", x)

    def sf(self, x: ArrayLike) -> FloatArray:
        return self._at("sf", x)

    def ppf(self, p: ArrayLike) -> FloatArray:
        return self._at("ppf", p)

    def isf(self, q: ArrayLike) -> FloatArray:
        return self._at("isf", q)

    def _at(self, method: str, x: ArrayLike) -> FloatArray:
        return self._numbers(getattr(self.distribution, method)(np.asarray(x, dtype=np.float64)))

    def _numbers(self, found: Any) -> FloatArray:
        return np.asarray(found, dtype=np.float64)
