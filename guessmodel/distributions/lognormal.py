"""Lognormal distribution: the logarithm is normal with mean mu and standard deviation sigma."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Unpack, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import INTERVAL, Form, construct
from guessmodel.graph.domains import POSITIVE, REAL
from guessmodel.graph.ends import Ends, exponential
from guessmodel.graph.family import Family
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.graph.variates import NORMAL
from guessmodel.numerics import normal as standard
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import Unit

__all__ = ["LOGNORMAL", "Lognormal", "lognormal"]

_RARE = 1e-16  # no draw lies this far out in a tail


@final
class Lognormal(Family):
    """Lognormal distribution by mean and standard deviation of the logarithm."""

    name = "lognormal"
    parameters: ClassVar = {"mu": REAL, "sigma": POSITIVE}
    base = NORMAL

    def ends(self, mu: float, sigma: float) -> Ends:
        # exp(X) has no moments. With a small sigma no draw lies so far out that this would show.
        z = -standard.quantile(_RARE)
        return Ends(
            exponential(z / (sigma * math.exp(min(mu + sigma * z, 700.0)))), at_low=math.inf
        )

    def support(self, mu: Any, sigma: Any) -> tuple[FloatArray, FloatArray]:
        flat = np.zeros(np.broadcast(mu, sigma).shape)
        return flat, flat + np.inf

    def mean(self, mu: Any, sigma: Any) -> FloatArray:
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(mu + 0.5 * np.square(sigma)))

    def variance(self, mu: Any, sigma: Any) -> FloatArray:
        squared = np.square(sigma)
        with np.errstate(over="ignore"):  # one factor alone can overflow, so that zero meets no inf
            return np.asarray(-np.expm1(-squared) * np.exp(2.0 * (mu + squared)))

    def pdf(self, x: ArrayLike, mu: Any, sigma: Any) -> FloatArray:
        x = np.asarray(x, dtype=np.float64)
        inside = x > 0.0
        safe = np.where(inside, x, 1.0)
        z = (np.log(safe) - mu) / sigma
        density = np.exp(-0.5 * z * z) / (safe * sigma * math.sqrt(2.0 * math.pi))
        return np.where(inside, density, 0.0)

    def cdf(self, x: ArrayLike, mu: Any, sigma: Any) -> FloatArray:
        return standard.sf((mu - _log(x)) / sigma)

    def sf(self, x: ArrayLike, mu: Any, sigma: Any) -> FloatArray:
        return standard.sf((_log(x) - mu) / sigma)

    def ppf(self, p: ArrayLike, mu: Any, sigma: Any) -> FloatArray:
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(mu + sigma * standard.ppf(p)))

    def isf(self, q: ArrayLike, mu: Any, sigma: Any) -> FloatArray:
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(mu + sigma * standard.isf(q)))

    def transform(
        self, z: FloatArray, mu: Any, sigma: Any, *, out: FloatArray | None = None
    ) -> Any:
        logarithm = np.multiply(z, sigma, out=out)
        logarithm = np.add(logarithm, mu, out=out)
        return np.exp(logarithm, out=out)


def _log(x: ArrayLike) -> FloatArray:
    x = np.asarray(x, dtype=np.float64)
    return np.where(x > 0.0, np.log(np.where(x > 0.0, x, 1.0)), -np.inf)


def _from_interval(low: Any, high: Any, p: float, q: float) -> Sequence[Any]:
    z_low, z_high = standard.quantile(p), standard.quantile(q)
    sigma = (np.log(high) - np.log(low)) / (z_high - z_low)
    return np.log(low) - z_low * sigma, sigma


def _from_moments(mean: Any, sd: Any) -> Sequence[Any]:
    variance = np.log1p((sd / mean) ** 2)
    return np.log(mean) - variance / 2.0, np.sqrt(variance)


LOGNORMAL = Lognormal()
_FORMS = (
    Form(INTERVAL, _from_interval, {"low": POSITIVE, "high": POSITIVE}),
    Form({"mean": 1, "sd": 1}, _from_moments, {"mean": POSITIVE}),
    Form({"mu": 0, "sigma": 0}),
)


@constructor(DrawOptions)
def lognormal(
    low: Value | None = None,
    high: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mass: float | None = None,
    mean: Value | None = None,
    sd: Value | None = None,
    mu: Value | None = None,
    sigma: Value | None = None,
    quantiles: Mapping[float, Value] | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Lognormal draw: by the central interval that holds `mass` (0.9: 5th and 95th percentile),
    by mean and sd of the variable itself, by mu and sigma of its logarithm, or by two quantiles.

    With z(p) the standard normal quantile, values low and high at probabilities p and q give
    sigma = log(high / low) / (z(q) - z(p)) and mu = log(low) - z(p) sigma; mean and sd give
    sigma² = log(1 + (sd / mean)²) and mu = log(mean) - sigma² / 2.

    Raises ModelError for swapped, equal or non-positive bounds, and for anything but one
    complete set.

    >>> print(lognormal(5, 10, "USD").sample(8).median())  # sqrt(5 · 10)
    7.071 USD
    """
    given = {"low": low, "high": high, "mean": mean, "sd": sd, "mu": mu, "sigma": sigma}
    return construct(LOGNORMAL, _FORMS, given, unit, mass=mass, quantiles=quantiles, **options)
