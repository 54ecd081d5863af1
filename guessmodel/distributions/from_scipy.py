"""Any distribution of scipy.stats, frozen at its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Unpack, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.distributions.draws import draw_from
from guessmodel.distributions.options import TextOptions, constructor, refuse_unknown
from guessmodel.errors import GuessmodelError, ModelError, WrongKind, caller, located
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Labels
from guessmodel.graph.family import Family, FloatArray
from guessmodel.graph.quantity import Quantity
from guessmodel.units import Unit

__all__ = ["FromScipy", "from_scipy"]


@final
@dataclass(frozen=True, eq=False)
class FromScipy(Family):
    """A frozen distribution of scipy.stats, as precise as it is there."""

    frozen: Any
    discrete: bool

    parameters: ClassVar = {}

    @property
    def name(self) -> str:  # type: ignore[override]
        """Its name in scipy.stats."""
        return f"scipy {self.frozen.dist.name}"

    def support(self) -> tuple[FloatArray, FloatArray]:
        low, high = self.frozen.support()
        return np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)

    def mean(self) -> FloatArray:
        return np.asarray(self.frozen.mean(), dtype=np.float64)

    def variance(self) -> FloatArray:
        return np.asarray(self.frozen.var(), dtype=np.float64)

    def pdf(self, x: ArrayLike) -> FloatArray:
        return np.asarray(self.frozen.pmf(x) if self.discrete else self.frozen.pdf(x))

    def cdf(self, x: ArrayLike) -> FloatArray:
        return np.asarray(self.frozen.cdf(x))

    def sf(self, x: ArrayLike) -> FloatArray:
        return np.asarray(self.frozen.sf(x))

    def ppf(self, p: ArrayLike) -> FloatArray:
        # At probability 0 SciPy answers one less than a discrete distribution's smallest value.
        return np.asarray(np.maximum(self.frozen.ppf(p), self.support()[0]))

    def isf(self, q: ArrayLike) -> FloatArray:
        return np.asarray(np.maximum(self.frozen.isf(q), self.support()[0]))


@constructor(TextOptions)
def from_scipy(
    distribution: Any,
    unit: str | Unit | None = None,
    *,
    dim: Labels | None = None,
    **options: Unpack[TextOptions],
) -> Quantity:
    """Draw from a frozen distribution, `gm.from_scipy(scipy.stats.gumbel_r(5, 2), "day")`.

    It is drawn through its quantile function. Use guessmodel's own families where there are any:
    they know units, labels and uncertain parameters, and need no import of scipy.stats.
    `dim={"month": range(1, 13)}` draws anew at each label.

    Raises WrongKind for anything but a frozen univariate distribution, ModelError for parameters
    that describe none.

    >>> from scipy.stats import gumbel_r
    >>> from_scipy(gumbel_r(5, 2), "day")
    <draw scipy gumbel_r, ... [day]>
    """
    where = caller()
    try:
        refuse_unknown("from_scipy", options)
        family = FromScipy(distribution, _is_discrete(distribution))
        median = np.asarray(distribution.ppf(0.5), dtype=np.float64)
        if median.ndim:
            raise ModelError(
                f"from_scipy: {family.name} has arrays as parameters; "
                "write one gm.from_scipy a label and join them with gm.stack"
            )
        if np.isnan(median):
            raise ModelError(f"from_scipy: {family.name} has no distribution for its parameters")
        given = {"args": distribution.args, **distribution.kwds}
        along = dimensions.along(dim)
        return draw_from(family, (), unit, where, given=given, along=along, **options)
    except GuessmodelError as error:
        raise located(error, where) from None


def _is_discrete(distribution: Any) -> bool:
    from scipy.stats import rv_continuous, rv_discrete

    if isinstance(distribution, rv_continuous | rv_discrete):
        raise WrongKind(
            f"from_scipy takes a frozen distribution: write scipy.stats.{distribution.name}(…) "
            "with its parameters"
        )
    family = getattr(distribution, "dist", None)
    if not isinstance(family, rv_continuous | rv_discrete):
        raise WrongKind(
            "from_scipy takes a frozen distribution such as scipy.stats.gumbel_r(5, 2), "
            f"not a {type(distribution).__name__}"
        )
    if hasattr(family, "xk"):
        raise ModelError(
            "from_scipy: a table of values is written gm.empirical(values, weights=probabilities)"
        )
    return isinstance(family, rv_discrete)
