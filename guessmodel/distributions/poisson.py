"""Poisson distribution: P(k) = exp(-mean) mean**k / k!, k = 0, 1, 2, …"""

from __future__ import annotations

from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.integer_valued import IntegerValued, refuse_multiples
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import Form, construct
from guessmodel.distributions.quantiles import gamma_cdf, gamma_sf
from guessmodel.graph.domains import NOT_NEGATIVE
from guessmodel.graph.ends import GAUSSIAN, Ends
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.kernels import gamma_kernel
from guessmodel.units import Unit

__all__ = ["POISSON", "Poisson", "poisson"]


@final
class Poisson(IntegerValued):
    """Poisson distribution by its mean; the CDF is an incomplete gamma function.

    SciPy's loses digits at means above 3e5, more than 4.5 standard deviations above the mean (4%
    of the tail probability at 1e7, which moves a quantile by 0.01 standard deviations).
    """

    name = "poisson"
    parameters: ClassVar = {"mean": NOT_NEGATIVE}

    def ends(self, mean: float) -> Ends:
        return Ends(GAUSSIAN)

    def support(self, mean: Any) -> tuple[FloatArray, FloatArray]:
        mean = np.asarray(mean, dtype=np.float64)
        return np.zeros(mean.shape), np.where(mean == 0.0, 0.0, np.inf)

    def mean(self, mean: Any) -> FloatArray:
        return np.asarray(mean, dtype=np.float64)

    def variance(self, mean: Any) -> FloatArray:
        return np.asarray(mean, dtype=np.float64)

    def _skewness(self, mean: Any) -> FloatArray:
        return 1.0 / np.sqrt(np.asarray(mean, dtype=np.float64))

    def _pmf(self, k: FloatArray, mean: Any) -> FloatArray:
        return np.asarray(gamma_kernel(mean, k + 1.0) / mean)

    def _cdf(self, k: FloatArray, mean: Any) -> FloatArray:
        return np.asarray(gamma_sf(k + 1.0, mean))

    def _sf(self, k: FloatArray, mean: Any) -> FloatArray:
        return np.asarray(gamma_cdf(k + 1.0, mean))


POISSON = Poisson()


_FORMS = (Form({"mean": 1}),)


@constructor(DrawOptions)
def poisson(
    mean: Value | None = None,
    unit: str | Unit | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Count of events that happen independently, `mean` of them on average: 0, 1, 2, …

    Mean and variance are equal. For a rate, multiply first: `poisson(rate * duration)`.

    Raises ModelError for a negative mean, and for a unit that counts multiples (million).

    >>> print(poisson(3, "request").sample(8).sd())  # sqrt(3)
    1.732 request
    """
    node = construct(POISSON, _FORMS, {"mean": mean}, unit, **options)
    return refuse_multiples(node)
