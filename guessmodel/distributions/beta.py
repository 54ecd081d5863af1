"""Beta distribution: density x^(alpha - 1) (1 - x)^(beta - 1) / B(alpha, beta) on (0, 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.checks import forbid, ordered
from guessmodel.distributions.from_quantiles import beta_from_quantiles
from guessmodel.distributions.location_scale import LocationScale
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import INTERVAL, Form, construct
from guessmodel.distributions.quantiles import beta_isf, beta_ppf
from guessmodel.errors import ModelError, caller
from guessmodel.graph.domains import POSITIVE, REAL
from guessmodel.graph.ends import Ends
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.kernels import beta_kernel
from guessmodel.units import Unit

__all__ = ["Beta", "BetaLike", "beta"]


_PRIORS = {"uniform": 1.0, "jeffreys": 0.5, "none": 0.0}
_FEW = 0.1  # probability below which a difference from 1 loses digits


class BetaLike(LocationScale):
    """Abstract: a location plus a multiple of the standard beta variate."""

    lower, upper = 0.0, 1.0

    @final
    def standard_mean(self, alpha: Any, beta: Any) -> Any:
        return alpha / (alpha + beta)

    @final
    def standard_variance(self, alpha: Any, beta: Any) -> Any:
        n = alpha + beta
        return alpha / n * (beta / n) / (n + 1.0)

    @final
    def standard_pdf(self, z: FloatArray, alpha: Any, beta: Any) -> Any:
        inside = beta_kernel(z, 1.0 - z, alpha, beta) / (z * (1.0 - z))
        at_ends = np.where(z == 0.0, _at_end(alpha, beta), _at_end(beta, alpha))
        return np.where((z == 0.0) | (z == 1.0), at_ends, inside)

    @final
    def standard_cdf(self, z: FloatArray, alpha: Any, beta: Any) -> Any:
        from scipy.special import betainc

        return betainc(alpha, beta, z)

    @final
    def standard_sf(self, z: FloatArray, alpha: Any, beta: Any) -> Any:
        from scipy.special import betainc, betaincc

        above = np.array(1.0 - betainc(alpha, beta, z))
        # Where that is precise: with tiny shapes the other function takes fifty times as long.
        return betaincc(alpha, beta, z, out=above, where=above < _FEW)

    @final
    def standard_ppf(self, p: FloatArray, alpha: Any, beta: Any) -> Any:
        return beta_ppf(alpha, beta, p)

    @final
    def standard_isf(self, q: FloatArray, alpha: Any, beta: Any) -> Any:
        return beta_isf(alpha, beta, q)


def _at_end(near: Any, far: Any) -> Any:
    """Density at the end of the support that belongs to the shape `near`."""
    return np.where(np.less(near, 1.0), np.inf, np.where(np.equal(near, 1.0), far, 0.0))


@final
class Beta(BetaLike):
    """Beta distribution by its two shapes and its bounds: of a share 0 and 1, counted in the unit
    (100 for percent)."""

    name = "beta"
    parameters: ClassVar = {"alpha": POSITIVE, "beta": POSITIVE, "lower": REAL, "upper": REAL}
    clipped = True

    def ends(self, alpha: float, beta: float, lower: float, upper: float) -> Ends:
        return Ends(at_low=alpha, at_high=beta)

    def split(
        self, alpha: Any, beta: Any, lower: Any, upper: Any
    ) -> tuple[Any, Any, tuple[Any, ...]]:
        return lower, upper - lower, (alpha, beta)

    def support(
        self, alpha: Any, beta: Any, lower: Any, upper: Any
    ) -> tuple[FloatArray, FloatArray]:
        flat = np.zeros(np.broadcast(alpha, beta, lower, upper).shape)
        return flat + lower, flat + upper


def _from_interval(low: Any, high: Any, p: float, q: float, whole: float) -> Sequence[Any]:
    outside = (
        f"beta: low and high are its 5th and 95th percentile, between 0 and {whole:g}; "
        "shapes are written beta(alpha=…, beta=…)"
    )
    forbid(low <= 0, outside)
    forbid(high >= whole, outside)
    return *beta_from_quantiles(low / whole, high / whole, p, q), 0.0, whole


def _from_moments(mean: Any, sd: Any, whole: float) -> Sequence[Any]:
    outside = f"beta: the mean lies outside 0 to {whole:g}"
    forbid(mean <= 0, outside)
    forbid(mean >= whole, outside)
    return *_shapes(mean / whole, sd / whole), 0.0, whole


def _shapes(m: Any, s: Any) -> tuple[Any, Any]:
    """The shapes for mean m and standard deviation s."""
    n = m * (1.0 - m) / s**2 - 1.0
    forbid(
        n <= 0,
        "beta: sd is too large for this mean; it must be below sqrt((mean - lower) (upper - mean))",
    )
    return m * n, (1.0 - m) * n


def _from_shapes(alpha: Any, beta: Any, whole: float) -> Sequence[Any]:
    return alpha, beta, 0.0, whole


def _between_interval(
    low: Any, high: Any, lower: Any, upper: Any, p: float, q: float
) -> Sequence[Any]:
    _check_bounds(lower, upper)
    outside = "beta: low and high must lie between the bounds lower and upper"
    forbid(low <= lower, outside)
    forbid(high >= upper, outside)
    width = upper - lower
    shares = (low - lower) / width, (high - lower) / width
    return *beta_from_quantiles(*shares, p, q), lower, upper


def _between_moments(mean: Any, sd: Any, lower: Any, upper: Any) -> Sequence[Any]:
    _check_bounds(lower, upper)
    outside = "beta: the mean lies outside lower to upper"
    forbid(mean <= lower, outside)
    forbid(mean >= upper, outside)
    width = upper - lower
    return *_shapes((mean - lower) / width, sd / width), lower, upper


def _between_shapes(alpha: Any, beta: Any, lower: Any, upper: Any) -> Sequence[Any]:
    _check_bounds(lower, upper)
    return alpha, beta, lower, upper


def _check_bounds(lower: Any, upper: Any) -> None:
    ordered("beta", lower=lower, upper=upper)


def _from_trials(successes: Any, trials: Any, whole: float, *, prior: str | None) -> Sequence[Any]:
    if prior not in _PRIORS:
        raise ModelError(
            "beta: successes and trials need a prior: prior='uniform' is "
            "Beta(1 + successes, 1 + failures), prior='jeffreys' adds 1/2 to each, "
            "prior='none' is Beta(successes, failures)"
        )
    forbid(successes < 0, "beta: successes is below 0")
    forbid(successes > trials, "beta: there are more successes than trials")
    added = _PRIORS[prior]
    if added == 0.0:
        needs = "beta: without a prior neither successes nor failures may be 0; prior='uniform'"
        forbid(successes == 0, needs)
        forbid(successes == trials, needs)
    return successes + added, trials - successes + added, 0.0, whole


_FAMILY = Beta()
_BOUNDS = {"lower": 1, "upper": 1}
_FORMS = (
    Form(INTERVAL, _from_interval, needs_numbers=True, whole=True),
    Form({"mean": 1, "sd": 1}, _from_moments, whole=True),
    Form({"alpha": 0, "beta": 0}, _from_shapes, whole=True),
    Form({**INTERVAL, **_BOUNDS}, _between_interval, needs_numbers=True),
    Form({"mean": 1, "sd": 1, **_BOUNDS}, _between_moments),
    Form({"alpha": 0, "beta": 0, **_BOUNDS}, _between_shapes),
)


@constructor(DrawOptions)
def beta(
    low: Value | None = None,
    high: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mass: float | None = None,
    mean: Value | None = None,
    sd: Value | None = None,
    alpha: Value | None = None,
    beta: Value | None = None,
    successes: Value | None = None,
    trials: Value | None = None,
    lower: Value | None = None,
    upper: Value | None = None,
    prior: str | None = None,
    quantiles: Mapping[float, Value] | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Beta draw, a share between 0 and 1 (0 and 100 with unit "percent"): by the central interval
    that holds `mass` (0.9: 5th and 95th percentile), by mean and sd, by the shapes alpha and beta,
    by successes in trials, or by two quantiles. With bounds, `lower` and `upper`, it lies between
    these, in any unit.

    Two quantiles decide the shapes, which are solved for numerically, so that low and high must be
    numbers; mean m and sd s give alpha = m n and beta = (1 - m) n with n = m (1 - m) / s² - 1
    (with bounds, m and s are those of the share of the way between them).
    Successes and trials need the convention: `prior="uniform"` is Beta(1 + successes,
    1 + failures), the posterior after a uniform prior; `prior="jeffreys"` adds 1/2 to each in
    place of 1; `prior="none"` is Beta(successes, failures), whose mean is the observed share.

    Raises ModelError for bounds that are swapped, equal or outside 0 to 1, for an sd that no beta
    distribution has, and for anything but one complete set.

    >>> print(beta(20, 40, "percent").sample(8).interval())
    20 to 40%
    >>> print(beta(30, 50, "USD", lower=0, upper=100, mass=0.5).sample().quantile(0.25))
    30 USD
    >>> print(beta(successes=3, trials=10, prior="uniform").sample(8).mean())  # (1 + 3)/(2 + 10)
    0.3333
    """
    trial = partial(_from_trials, prior=prior)
    if prior is not None and successes is None:
        raise ModelError("beta: prior goes with successes and trials; leave it out", caller())
    given = {
        "low": low,
        "high": high,
        "mean": mean,
        "sd": sd,
        "alpha": alpha,
        "beta": beta,
        "successes": successes,
        "trials": trials,
        "lower": lower,
        "upper": upper,
    }
    return construct(
        _FAMILY,
        (*_FORMS, Form({"successes": 0, "trials": 0}, trial, whole=True)),
        given,
        unit,
        mass=mass,
        quantiles=quantiles,
        dimensionless=lower is None and upper is None,
        **options,
    )
