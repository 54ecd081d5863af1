"""Hurdle: zero with some probability, else a value above zero from another family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Unpack, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.distributions.checks import within
from guessmodel.distributions.draws import draw_from, known_valid, scalar_value, shared_dims, taken
from guessmodel.distributions.mixture import MIXTURE, closed_mixture
from guessmodel.distributions.options import TextOptions, constructor
from guessmodel.errors import GuessmodelError, ModelError, WrongKind, caller, located
from guessmodel.graph.dims import Along
from guessmodel.graph.domains import PROBABILITY, Domain
from guessmodel.graph.ends import BOUNDED, Ends
from guessmodel.graph.family import Family
from guessmodel.graph.number_in import Amount, amount
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics.arrays import FloatArray
from guessmodel.options import refuse_unknown
from guessmodel.units import DIMENSIONLESS

__all__ = ["Hurdle", "hurdle"]


@final
@dataclass(frozen=True)
class Hurdle(Family):
    """0 with probability p_zero, else the inner family given that its value is above 0.

    With S the inner survival function, that of the hurdle at x >= 0 is
    (1 - p_zero) S(x) / S(0) (J. Mullahy 1986, "Specification and testing of some modified count
    data models", Journal of Econometrics 33).
    """

    inner: Family

    @property
    def name(self) -> str:  # type: ignore[override]
        """`hurdle poisson`."""
        return f"hurdle {self.inner.name}"

    @property
    def discrete(self) -> bool:  # type: ignore[override]
        """As the inner family."""
        return self.inner.discrete

    @property
    def has_density(self) -> bool:
        """No: 0 has a probability."""
        return False

    @property
    def parameters(self) -> dict[str, Domain]:  # type: ignore[override]
        """The probability of 0, then those of the inner family."""
        return {"p_zero": PROBABILITY, **self.inner.as_inner()}

    def fit_together(self, p_zero: Any, *inner: Any) -> Any:
        low = self.inner.support(*inner)[0]
        return self.inner.valid(*inner) & (low >= 0.0) & (self.inner.sf(0.0, *inner) > 0.0)

    def support(self, p_zero: Any, *inner: Any) -> tuple[FloatArray, FloatArray]:
        low, high = self.inner.support(*inner)
        if self.discrete:  # the first value above 0
            low = self.inner.isf(np.nextafter(self.inner.sf(0.0, *inner), 0.0), *inner)
        p_zero = np.asarray(p_zero)
        return np.where(p_zero > 0.0, 0.0, low), np.where(p_zero < 1.0, high, 0.0)

    def ends(self, p_zero: float, *inner: float) -> Ends | None:
        """Above as the inner family; 0 itself has a probability."""
        ends = self.inner.ends(*inner)
        if ends is None or p_zero == 0.0:
            return ends
        return ends._replace(down=BOUNDED, at_low=0.0)

    def mean(self, p_zero: Any, *inner: Any) -> FloatArray:
        return np.asarray(self._passed(p_zero, inner) * self.inner.mean(*inner))

    def variance(self, p_zero: Any, *inner: Any) -> FloatArray:
        passed, mean = self._passed(p_zero, inner), self.inner.mean(*inner)
        # passed E[X²] - (passed E[X])², without a difference of large numbers
        return np.asarray(passed * self.inner.variance(*inner) + passed * (1.0 - passed) * mean**2)

    def pdf(self, x: ArrayLike, p_zero: Any, *inner: Any) -> FloatArray:
        """Density of what is continuous; probability of exactly `x` if the inner family is one of
        counts."""
        x = np.asarray(x, dtype=np.float64)
        above = self._passed(p_zero, inner) * self.inner.pdf(x, *inner)
        at_zero = np.where(x == 0.0, p_zero, 0.0) if self.discrete else 0.0
        return np.where(x > 0.0, above, np.where(np.isnan(x + above), np.nan, at_zero))

    def cdf(self, x: ArrayLike, p_zero: Any, *inner: Any) -> FloatArray:
        x = np.asarray(x, dtype=np.float64)
        none = self.inner.cdf(0.0, *inner)
        above = p_zero + self._passed(p_zero, inner) * (self.inner.cdf(x, *inner) - none)
        return np.where(x < 0.0, 0.0, np.clip(above, 0.0, 1.0))

    def sf(self, x: ArrayLike, p_zero: Any, *inner: Any) -> FloatArray:
        x = np.asarray(x, dtype=np.float64)
        above = self._passed(p_zero, inner) * self.inner.sf(x, *inner)
        return np.where(x < 0.0, 1.0, np.clip(above, 0.0, 1.0))

    def ppf(self, p: ArrayLike, p_zero: Any, *inner: Any) -> FloatArray:
        p = np.asarray(p, dtype=np.float64)
        return self._quantile(p, 1.0 - p, p_zero, inner)

    def isf(self, q: ArrayLike, p_zero: Any, *inner: Any) -> FloatArray:
        q = np.asarray(q, dtype=np.float64)
        return self._quantile(1.0 - q, q, p_zero, inner)

    def _passed(self, p_zero: Any, inner: Any) -> Any:
        return (1.0 - np.asarray(p_zero)) / self.inner.sf(0.0, *inner)

    def _quantile(self, p: FloatArray, q: FloatArray, p_zero: Any, inner: Any) -> FloatArray:
        passed = self._passed(p_zero, inner)
        none, some = self.inner.cdf(0.0, *inner), self.inner.sf(0.0, *inner)
        with np.errstate(divide="ignore", invalid="ignore"):  # where all is 0
            # At the probability of 0 itself, rounding must not give 0 again.
            below = np.maximum(none + (p - p_zero) / passed, np.nextafter(none, 1.0))
            above = np.minimum(q / passed, np.nextafter(some, 0.0))
        zero = (p <= p_zero) | (q >= 1.0 - np.asarray(p_zero))
        far = below > 0.5
        x = np.where(
            far,
            self.inner.isf(np.where(far & ~zero, above, 0.5), *inner),
            self.inner.ppf(np.where(far | zero, 0.5, below), *inner),
        )
        x = np.where(zero & ~np.isnan(x), 0.0, x)
        return np.where((p >= 0.0) & (p <= 1.0), x, np.nan)


@constructor(TextOptions)
def hurdle(q: Quantity, p_zero: Amount, **options: Unpack[TextOptions]) -> Quantity:
    """A new draw: 0 with probability `p_zero`, else a value above 0 from the distribution of the
    draw `q`.

    `p_zero`, a number or text such as `"70%"`, is the probability of 0 itself; in `zero_inflated`
    the zeros of a count come on top of it. P(0) = p_zero, mean (1 - p_zero) E[q] / P(q > 0). `q`
    stays what it was: use the result in its place.

    Raises ModelError if q is not a draw, may fall below 0, or is never above it, and for a
    probability outside [0, 1].

    >>> from guessmodel.distributions.poisson import poisson
    >>> claims = hurdle(poisson(2), 0.7)
    >>> print(claims.sample().quantile(0.7), claims.sample().quantile(0.71))
    0 1
    """
    where = caller()
    try:
        refuse_unknown("hurdle", options)
        if not isinstance(q, Quantity):
            raise WrongKind("hurdle takes a draw: gm.hurdle(gm.poisson(2), 0.7)")
        draw = taken("hurdle", q, "make it of the draws behind it, or write gm.zero_inflated")
        p = amount(p_zero, where).to(DIMENSIONLESS)
        inner, parameters = draw.family, q.parameters
        if inner is MIXTURE:
            known = closed_mixture(q)
            if known is None:
                raise ModelError("hurdle: the components of this mixture vary; write the zeros in")
            inner, parameters = known, ()
        family, operands = Hurdle(inner), (p, *parameters)
        value = scalar_value(p)
        if value is not None:
            within("hurdle", PROBABILITY, p_zero=value)
        if not known_valid(family, operands):
            raise ModelError(
                f"hurdle: the {inner.name} is not above 0 throughout; "
                "cut it first with gm.truncated(q, lower=0)"
            )
        return draw_from(
            family,
            operands,
            q.unit,
            where,
            given={"q": q, "p_zero": p if isinstance(p_zero, str) else p_zero},
            along=Along(dims=draw.dims),
            shared=shared_dims(q),
            **options,
        )
    except GuessmodelError as error:
        raise located(error, where) from None
