"""Truncation: a distribution given that the value lies between bounds (not clamping to them)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Unpack, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.distributions.checks import finite, ordered
from guessmodel.distributions.draws import (
    constant_value,
    draw_from,
    known_valid,
    magnitude_in,
    scalar_value,
    shared_dims,
    taken,
)
from guessmodel.distributions.empirical import Empirical
from guessmodel.distributions.known_mixture import KnownMixture, MixtureComponent
from guessmodel.distributions.mixture import MIXTURE, closed_mixture
from guessmodel.distributions.options import TextOptions, constructor
from guessmodel.distributions.parametrisation import read
from guessmodel.errors import GuessmodelError, ModelError, WrongKind, caller, located
from guessmodel.graph.dims import NOWHERE, Along
from guessmodel.graph.domains import EXTENDED, Domain
from guessmodel.graph.ends import BOUNDED, Ends
from guessmodel.graph.family import Family
from guessmodel.graph.number_in import Amount, amount
from guessmodel.graph.quantity import Quantile, Quantity
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.quadrature import moments
from guessmodel.options import refuse_unknown

__all__ = ["Truncated", "truncated"]

_SUMMED = 1_000_000


class _Frame(NamedTuple):
    """Probabilities of the inner family beyond the bounds, and of what remains."""

    below: FloatArray  # P(X < lower)
    above: FloatArray  # P(X > upper)
    to_upper: FloatArray  # P(X <= upper)
    from_lower: FloatArray  # P(X >= lower)
    mass: FloatArray


@final
@dataclass(frozen=True)
class Truncated(Family):
    """Another family given that its value lies in [lower, upper], one bound or both.

    With F and S the inner CDF and survival function, and F(lower-) the probability below the lower
    bound, the CDF is (F(x) - F(lower-)) / (F(upper) - F(lower-)), or the same with S, whichever
    tail is the nearer: so truncation far out in a tail costs no digits.
    """

    inner: Family
    bounds: tuple[str, ...]

    @property
    def name(self) -> str:  # type: ignore[override]
        """`truncated normal`."""
        return f"truncated {self.inner.name}"

    @property
    def discrete(self) -> bool:  # type: ignore[override]
        """As the inner family."""
        return self.inner.discrete

    @property
    def has_density(self) -> bool:
        """As the inner family."""
        return self.inner.has_density

    @property
    def parameters(self) -> dict[str, Domain]:  # type: ignore[override]
        """The parameters of the inner family, then the bounds."""
        return {**self.inner.as_inner(), **dict.fromkeys(self.bounds, EXTENDED)}

    def fit_together(self, *parameters: Any) -> Any:
        inner, _ = self._split(parameters)
        return self.inner.valid(*inner) & (self.probability(*parameters) > 0.0)

    def probability(self, *parameters: Any) -> FloatArray:
        """Probability of the inner family between the bounds."""
        inner, bounds = self._split(parameters)
        return self._frame(inner, bounds).mass

    def support(self, *parameters: Any) -> tuple[FloatArray, FloatArray]:
        if self.discrete:
            return self.ppf(0.0, *parameters), self.isf(0.0, *parameters)
        inner, bounds = self._split(parameters)
        low, high = self.inner.support(*inner)
        return (
            np.maximum(low, bounds.get("lower", -np.inf)),
            np.minimum(high, bounds.get("upper", np.inf)),
        )

    def ends(self, *parameters: float) -> Ends | None:
        """As the inner family, but that its density is positive at a bound inside its support."""
        inner, bounds = self._split(parameters)
        ends = self.inner.ends(*inner)
        if ends is None:
            return None
        low, high = (float(end) for end in self.inner.support(*inner))
        if bounds.get("lower", -np.inf) > low:
            ends = ends._replace(down=BOUNDED, at_low=1.0)
        if bounds.get("upper", np.inf) < high:
            ends = ends._replace(up=BOUNDED, at_high=1.0)
        return ends

    def mean(self, *parameters: Any) -> FloatArray:
        return self._moments(parameters)[0]

    def variance(self, *parameters: Any) -> FloatArray:
        return self._moments(parameters)[1]

    def pdf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        inner, bounds = self._split(parameters)
        x = np.asarray(x, dtype=np.float64)
        outside = (x < bounds.get("lower", -np.inf)) | (x > bounds.get("upper", np.inf))
        density = self.inner.pdf(x, *inner) / self._frame(inner, bounds).mass
        return np.where(outside, 0.0, density)

    def cdf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        inner, bounds = self._split(parameters)
        frame = self._frame(inner, bounds)
        lower = self.inner.cdf(x, *inner) - frame.below
        upper = frame.from_lower - self.inner.sf(x, *inner)
        return np.clip(np.where(frame.below > 0.5, upper, lower) / frame.mass, 0.0, 1.0)

    def sf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        inner, bounds = self._split(parameters)
        frame = self._frame(inner, bounds)
        lower = frame.to_upper - self.inner.cdf(x, *inner)
        upper = self.inner.sf(x, *inner) - frame.above
        return np.clip(np.where(frame.above > 0.5, lower, upper) / frame.mass, 0.0, 1.0)

    def ppf(self, p: ArrayLike, *parameters: Any) -> FloatArray:
        p = np.asarray(p, dtype=np.float64)
        return self._quantile(p, 1.0 - p, parameters)

    def isf(self, q: ArrayLike, *parameters: Any) -> FloatArray:
        q = np.asarray(q, dtype=np.float64)
        return self._quantile(1.0 - q, q, parameters)

    def _split(self, parameters: Sequence[Any]) -> tuple[Sequence[Any], dict[str, Any]]:
        count = len(parameters) - len(self.bounds)
        return parameters[:count], dict(zip(self.bounds, parameters[count:], strict=True))

    def _frame(self, inner: Sequence[Any], bounds: dict[str, Any]) -> _Frame:
        below, from_lower = np.asarray(0.0), np.asarray(1.0)
        to_upper, above = np.asarray(1.0), np.asarray(0.0)
        if "lower" in bounds:
            before = bounds["lower"]
            if self.discrete:
                before = np.nextafter(np.asarray(before, dtype=np.float64), -np.inf)
            below, from_lower = self.inner.cdf(before, *inner), self.inner.sf(before, *inner)
        if "upper" in bounds:
            to_upper = self.inner.cdf(bounds["upper"], *inner)
            above = self.inner.sf(bounds["upper"], *inner)
        mass = np.where(below > 0.5, from_lower - above, to_upper - below)
        return _Frame(below, above, to_upper, from_lower, mass)

    def _quantile(self, p: FloatArray, q: FloatArray, parameters: Sequence[Any]) -> FloatArray:
        inner, bounds = self._split(parameters)
        frame = self._frame(inner, bounds)
        # Rounding must not carry a quantile beyond a bound, to the next value of a discrete family.
        lower = np.minimum(frame.below + p * frame.mass, frame.to_upper)
        upper = np.maximum(frame.above + q * frame.mass, frame.above)
        if self.discrete:
            # The quantile at P(X < lower) itself is the value before the lower bound.
            lower = np.maximum(lower, np.nextafter(frame.below, 1.0))
            upper = np.minimum(upper, np.nextafter(frame.from_lower, 0.0))
        far = lower > 0.5
        x = np.where(
            far,
            self.inner.isf(np.where(far, upper, 0.5), *inner),
            self.inner.ppf(np.where(far, 0.5, lower), *inner),
        )
        end = np.asarray(bounds.get("upper", np.inf))
        # Where the probability above the bound underflows, counts have no quantile there.
        x = np.where(x > end, np.floor(end) if self.discrete else end, x)
        x = np.maximum(x, bounds.get("lower", -np.inf))
        return np.where((p >= 0.0) & (p <= 1.0), x, np.nan)

    def _moments(self, parameters: Sequence[Any]) -> tuple[FloatArray, FloatArray]:
        arrays = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in parameters))
        flat = [array.ravel() for array in arrays]
        mean, variance = moments(lambda p: self.ppf(p, *flat), lambda q: self.isf(q, *flat))
        if self.discrete:
            for place_, each in enumerate(zip(*(x.tolist() for x in flat), strict=True)):
                summed = self._summed(each)
                if summed is not None:
                    mean[place_], variance[place_] = summed
        return mean.reshape(arrays[0].shape), variance.reshape(arrays[0].shape)

    def _summed(self, parameters: Sequence[float]) -> tuple[float, float] | None:
        """Mean and variance of whole-number steps, summed while there are at most a million."""
        low, high = float(self.ppf(0.0, *parameters)), float(self.isf(1e-30, *parameters))
        if not high - low <= _SUMMED:
            return None
        k = np.arange(low, high + 1.0)
        share = self.pdf(k, *parameters)
        mean = float(share @ k)
        return mean, float(share @ np.square(k - mean))


@constructor(TextOptions)
def truncated(
    q: Quantity,
    lower: Amount | None = None,
    upper: Amount | None = None,
    **options: Unpack[TextOptions],
) -> Quantity:
    """A new draw from the distribution of the draw `q`, given that it lies in [lower, upper].

    Draws are moved, none pile up at the bounds (`gm.clip` does that). Plain numbers as bounds are
    counted in the unit of q; bounds may be quantities or text such as `"5 USD"`. `q` itself stays
    what it was: use the result in its place. Mean and variance are integrals of the quantile
    function (sums for counts).

    Raises ModelError if q is not a draw, or has no probability between the bounds.

    >>> from guessmodel.distributions.normal import normal
    >>> half = truncated(normal(mean=0, sd=1, unit="hour"), lower=0)
    >>> print(half.sample(8).mean())  # sqrt(2 / pi)
    0.7979 hour
    """
    where = caller()
    try:
        refuse_unknown("truncated", options)
        if not isinstance(q, Quantity):
            raise WrongKind("truncated takes a draw: gm.truncated(gm.normal(2, 10), lower=0)")
        draw = taken(
            "truncated",
            q,
            "truncate the draws that it is made of, or clamp it with gm.clip(q, low, high)",
        )
        written = {"lower": lower, "upper": upper}
        written = {key: amount(x, where) if isinstance(x, str) else x for key, x in written.items()}
        bounds = {key: read(x, NOWHERE, where) for key, x in written.items() if x is not None}
        if not bounds:
            raise ModelError("truncated needs a bound: gm.truncated(q, lower=0)")
        bounds = {key: magnitude_in(bound, q.unit) for key, bound in bounds.items()}
        found = {key: constant_value(bound) for key, bound in bounds.items()}
        values = {key: x for key, x in found.items() if x is not None}
        finite("truncated", labelled=any(bound.dims for bound in bounds.values()), **values)
        if len(values) == 2:
            ordered("truncated", **values)
        family, operands = _family(q, draw, bounds)
        _check_mass(family, operands, draw, values)
        given = {"q": q, **{key: x for key, x in written.items() if x is not None}}
        return draw_from(
            family,
            operands,
            q.unit,
            where,
            given=given,
            along=Along(dims=draw.dims),
            shared=shared_dims(q),
            **options,
        )
    except GuessmodelError as error:
        raise located(error, where) from None


def _family(
    q: Quantity, draw: Quantile, bounds: dict[str, Quantity]
) -> tuple[Family, tuple[Quantity, ...]]:
    """Data and known mixtures are truncated piece by piece, all else through its CDF."""
    inner = closed_mixture(q) if draw.family is MIXTURE else draw.family
    if inner is None:
        raise ModelError("truncated: the components of this mixture vary; truncate them one by one")
    if not isinstance(inner, KnownMixture | Empirical):
        return Truncated(inner, tuple(bounds)), (*q.parameters, *bounds.values())
    ends = {key: scalar_value(bound) for key, bound in bounds.items()}
    given = {key: end for key, end in ends.items() if end is not None}
    if len(given) < len(ends):
        what = "data" if isinstance(inner, Empirical) else "a mixture"
        raise ModelError(
            f"truncated: the bounds of {what} must be numbers; "
            "for bounds that vary write gm.clip(q, low, high)"
        )
    return _pieces_within(inner, given.get("lower", -np.inf), given.get("upper", np.inf)), ()


def _pieces_within(family: Empirical | KnownMixture, low: float, high: float) -> Family:
    if isinstance(family, Empirical):
        inside = (family.values >= low) & (family.values <= high)
        if not inside.any():
            raise ModelError("truncated: no datum lies between the bounds; widen them")
        return Empirical.of(family.values[inside], family.shares[inside])
    parts = [cut for part in family.parts if (cut := _cut(part, low, high)) is not None]
    if not parts:
        raise ModelError("truncated: the mixture has no probability between the bounds; widen them")
    total = sum(part.weight for part in parts)
    return KnownMixture(tuple(part.weighing(part.weight / total) for part in parts))


def _cut(part: MixtureComponent, low: float, high: float) -> MixtureComponent | None:
    """A part within the bounds, its weight times the probability that it is; None if never."""
    if part.family is None:
        return part if low <= part.scale <= high else None
    low, high = low / part.scale, high / part.scale
    ends = {key: x for key, x in (("lower", low), ("upper", high)) if np.isfinite(x)}
    family = Truncated(part.family, tuple(ends))
    parameters = (*part.parameters, *ends.values())
    mass = float(family.probability(*parameters))
    if not mass > 0.0:
        return None
    weight = part.weight * mass
    if isinstance(part.family, Empirical | KnownMixture):
        return MixtureComponent(weight, _pieces_within(part.family, low, high), (), part.scale)
    return MixtureComponent(weight, family, parameters, part.scale)


def _check_mass(
    family: Family, operands: Sequence[Quantity], draw: Quantile, bounds: dict[str, FloatArray]
) -> None:
    """Raise ModelError where known parameters and bounds leave no probability."""
    if not known_valid(family, operands):
        shown = " and ".join(f"{key}={x.flat[0]:g}" for key, x in bounds.items())
        raise ModelError(
            f"truncated: the {draw.family.name} has no probability left with {shown}; "
            "move the bounds towards its values"
        )
