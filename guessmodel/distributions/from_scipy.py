"""Any distribution of scipy.stats, frozen at its parameters."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Unpack, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.distributions.draws import draw_from
from guessmodel.distributions.options import TextOptions, constructor
from guessmodel.errors import GuessmodelError, ModelError, WrongKind, caller, located
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Labels
from guessmodel.graph.ends import BOUNDED, Ends, Fall, power
from guessmodel.graph.family import Family
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics.arrays import FloatArray
from guessmodel.options import refuse_unknown
from guessmodel.units import Unit

__all__ = ["FromScipy", "from_scipy"]


_FAR = np.log([1e-10, 1e-12, 1e-14])  # probabilities in a tail
_NEAR = np.log([1e-5, 1e-6, 1e-7])  # and at a finite end, from where rounding is far
_SAME = 0.005
_GROWS = 1.05
_End = tuple[Fall, float]


@final
@dataclass(frozen=True, eq=False)
class FromScipy(Family):
    """A frozen distribution of scipy.stats, or what has its methods, as precise as it is there."""

    frozen: Any
    discrete: bool
    title: str = ""  # of what is no distribution of scipy.stats

    parameters: ClassVar = {}

    @property
    def name(self) -> str:  # type: ignore[override]
        """The library, and its name in it."""
        return self.title or f"scipy {self.frozen.dist.name}"

    def support(self) -> tuple[FloatArray, FloatArray]:
        low, high = self.frozen.support()
        return np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)

    def ends(self) -> Ends | None:
        """The ends, where one tail falls like a power of x and the other so or at a finite end: the
        exponents are read off far out, where they have settled. Else nothing is said."""
        if self.discrete:
            return None
        low, high = (float(end) for end in self.frozen.support())
        if math.isfinite(low) and math.isfinite(high):
            return None
        up, at_high = self._end(self.frozen.isf, high, -1.0)
        down, at_low = self._end(self.frozen.ppf, low, 1.0)
        if math.isnan(up.power + at_high + down.power + at_low):
            return None
        return Ends(up, down, at_low, at_high)

    def _end(self, quantile: Callable[[FloatArray], Any], end: float, side: float) -> _End:
        """How the density falls towards an infinite end, or how it begins at a finite one; nan
        where that is not told."""
        with np.errstate(all="ignore"):
            if math.isinf(end):
                return power(-_exponent(_FAR, -side * np.asarray(quantile(np.exp(_FAR))))), math.inf
            near = _FAR if end == 0.0 else _NEAR
            return BOUNDED, _exponent(near, side * (np.asarray(quantile(np.exp(near))) - end))

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


@final
@dataclass(frozen=True, eq=False, slots=True)
class _New:
    """A distribution of SciPy's new infrastructure, such as scipy.stats.Normal(mu=3, sigma=2), by
    the methods of a frozen one."""

    own: Any

    def support(self) -> tuple[Any, Any]:
        low, high = self.own.support()
        return low, high

    def mean(self) -> Any:
        return self.own.mean()

    def var(self) -> Any:
        return self.own.variance()

    def pdf(self, x: ArrayLike) -> Any:
        return self.own.pdf(x)

    def pmf(self, x: ArrayLike) -> Any:
        return self.own.pmf(x)

    def cdf(self, x: ArrayLike) -> Any:
        return self.own.cdf(x)

    def sf(self, x: ArrayLike) -> Any:
        return self.own.ccdf(x)

    def ppf(self, p: ArrayLike) -> Any:
        return self.own.icdf(p)

    def isf(self, q: ArrayLike) -> Any:
        return self.own.iccdf(q)


def _exponent(logarithms: FloatArray, x: FloatArray) -> float:
    """The exponent k of a power law p ~ x^k, at three probabilities by their logarithms: infinite
    where it grows from the first two to the last two, and nan where it is not the same."""
    first, second = np.diff(logarithms) / np.diff(np.log(x))
    if abs(second - first) < _SAME * abs(second):
        return round(float(second), 2)
    return math.inf if second > _GROWS * first > 0.0 else math.nan


@constructor(TextOptions)
def from_scipy(
    distribution: Any,
    unit: str | Unit | None = None,
    *,
    dim: Labels | None = None,
    **options: Unpack[TextOptions],
) -> Quantity:
    """Draw from a frozen distribution, `gm.from_scipy(scipy.stats.gumbel_r(5, 2), "day")`, from one
    of the new kind, `scipy.stats.Normal(mu=3, sigma=2)`, or a histogram, `rv_histogram(counts)`.

    It is drawn through its quantile function. Use guessmodel's own families where there are any:
    they know units, labels and uncertain parameters, and need no import of scipy.stats.
    `dim={"month": range(1, 13)}` draws anew at each label.

    Raises WrongKind for anything but a frozen univariate distribution, ModelError for parameters
    that describe none.

    >>> from scipy.stats import gumbel_r
    >>> print(from_scipy(gumbel_r(5, 2), "day").sample(8).mean())  # 5 + 2 · 0.5772
    6.154 day
    """
    where = caller()
    try:
        refuse_unknown("from_scipy", options)
        family, given = _family(distribution)
        median = np.asarray(family.frozen.ppf(0.5), dtype=np.float64)
        if median.ndim:
            raise ModelError(
                f"from_scipy: {family.name} has arrays as parameters; "
                "write one gm.from_scipy a label and join them with gm.stack"
            )
        if np.isnan(median):
            raise ModelError(f"from_scipy: {family.name} has no distribution for its parameters")
        along = dimensions.along(dim)
        return draw_from(family, (), unit, where, given=given, along=along, **options)
    except GuessmodelError as error:
        raise located(error, where) from None


def _family(distribution: Any) -> tuple[FromScipy, dict[str, Any]]:
    """The family of a distribution, and what it was made of."""
    from scipy import stats

    if isinstance(distribution, stats.rv_histogram):  # it has no parameters
        distribution = distribution()
    kind = type(distribution).__name__
    if all(hasattr(distribution, name) for name in ("icdf", "iccdf", "ccdf")):
        if np.ndim(distribution.icdf(0.5)):
            raise ModelError(
                f"from_scipy: {kind} has arrays as parameters; write one gm.from_scipy a label and "
                "join them with gm.stack"
            )
        discrete = any(
            each.__name__ == "DiscreteDistribution" for each in type(distribution).__mro__
        )
        family = FromScipy(_New(distribution), discrete, f"scipy {kind}")
        return family, {"args": (str(distribution),)}
    family = FromScipy(distribution, _is_discrete(distribution))
    return family, {"args": distribution.args, **distribution.kwds}


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
