"""Negative binomial distribution: failures before the given number of successes, k = 0, 1, 2, …"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.checks import forbid
from guessmodel.distributions.integer_valued import IntegerValued, refuse_multiples
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import Form, construct
from guessmodel.distributions.quantiles import beta_cdf, beta_sf
from guessmodel.graph.domains import POSITIVE, SOME_CHANCE
from guessmodel.graph.ends import Ends, exponential
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.kernels import beta_kernel
from guessmodel.units import Unit

__all__ = ["NEGATIVE_BINOMIAL", "NegativeBinomial", "negative_binomial"]


@final
class NegativeBinomial(IntegerValued):
    """Number of failures before `successes` successes, of probability p each:
    P(k) = Γ(k + r) / (Γ(r) k!) p**r (1 - p)**k with r = successes, any number above 0.
    """

    name = "negative_binomial"
    parameters: ClassVar = {"successes": POSITIVE, "p": SOME_CHANCE}

    def ends(self, successes: float, p: float) -> Ends:
        return Ends(exponential(-math.log1p(-p) if p < 1.0 else math.inf))

    def support(self, successes: Any, p: Any) -> tuple[FloatArray, FloatArray]:
        p = np.asarray(p + 0.0 * np.asarray(successes), dtype=np.float64)
        return np.zeros(p.shape), np.where(p == 1.0, 0.0, np.inf)

    def mean(self, successes: Any, p: Any) -> FloatArray:
        p = np.asarray(p, dtype=np.float64)
        return np.asarray(successes * (1.0 - p) / p)

    def variance(self, successes: Any, p: Any) -> FloatArray:
        p = np.asarray(p, dtype=np.float64)
        return np.asarray(successes * (1.0 - p) / p / p)

    def _skewness(self, successes: Any, p: Any) -> FloatArray:
        return np.asarray((2.0 - p) / np.sqrt(successes * (1.0 - np.asarray(p))))

    def _pmf(self, k: FloatArray, successes: Any, p: Any) -> FloatArray:
        rest = 1.0 - np.asarray(p)
        return np.asarray(beta_kernel(p, rest, successes, k + 1.0) / ((k + successes) * rest))

    def _cdf(self, k: FloatArray, successes: Any, p: Any) -> FloatArray:
        return np.asarray(beta_cdf(successes, k + 1.0, p))

    def _sf(self, k: FloatArray, successes: Any, p: Any) -> FloatArray:
        return np.asarray(beta_sf(successes, k + 1.0, p))


NEGATIVE_BINOMIAL = NegativeBinomial()


def _from_dispersion(mean: Any, dispersion: Any) -> Sequence[Any]:
    return dispersion, dispersion / (dispersion + mean)


def _from_moments(mean: Any, sd: Any) -> Sequence[Any]:
    variance = sd * sd
    forbid(
        variance <= mean,
        "negative_binomial: sd² must exceed the mean; a count whose variance is its mean is "
        "gm.poisson(mean)",
    )
    return mean * mean / (variance - mean), mean / variance


_FORMS = (
    Form({"successes": 0, "p": 0}),
    Form(
        {"mean": 1, "dispersion": 0},
        _from_dispersion,
        {"mean": POSITIVE, "dispersion": POSITIVE},
    ),
    Form({"mean": 1, "sd": 1}, _from_moments, {"mean": POSITIVE}),
)


@constructor(DrawOptions)
def negative_binomial(
    successes: Value | None = None,
    p: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mean: Value | None = None,
    dispersion: Value | None = None,
    sd: Value | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Number of *failures* before so many successes, each trial succeeding with probability `p`.

    The number of trials is this plus `successes`, which may be any number above 0. As an
    overdispersed count it is given by mean and dispersion (variance = mean + mean² / dispersion:
    a Poisson count whose mean is gamma distributed of shape `dispersion`), or by mean and sd:
    successes = mean² / (sd² - mean) and p = mean / sd².

    Raises ModelError for a probability outside (0, 1], and where sd² is not above the mean.

    >>> print(negative_binomial(mean=20, sd=8, unit="request").sample(8).sd())
    8 request
    """
    given = {"successes": successes, "p": p, "mean": mean, "dispersion": dispersion, "sd": sd}
    node = construct(NEGATIVE_BINOMIAL, _FORMS, given, unit, **options)
    return refuse_multiples(node)
