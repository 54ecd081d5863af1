"""Geometric distribution: trials up to and including the first success, k = 1, 2, 3, …"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.checks import forbid
from guessmodel.distributions.integer_valued import IntegerValued, refuse_multiples
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import Form, construct
from guessmodel.graph.domains import SOME_CHANCE
from guessmodel.graph.ends import Ends, exponential
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import Unit

__all__ = ["Geometric", "geometric"]


@final
class Geometric(IntegerValued):
    """Number of trials up to and including the first success: P(k) = (1 - p)**(k - 1) p."""

    name = "geometric"
    parameters: ClassVar = {"p": SOME_CHANCE}

    def ends(self, p: float) -> Ends:
        return Ends(exponential(-math.log1p(-p) if p < 1.0 else math.inf))

    def support(self, p: Any) -> tuple[FloatArray, FloatArray]:
        p = np.asarray(p, dtype=np.float64)
        return np.ones(p.shape), np.where(p == 1.0, 1.0, np.inf)

    def mean(self, p: Any) -> FloatArray:
        return np.asarray(1.0 / np.asarray(p, dtype=np.float64))

    def variance(self, p: Any) -> FloatArray:
        p = np.asarray(p, dtype=np.float64)
        return np.asarray((1.0 - p) / p / p)

    def _skewness(self, p: Any) -> FloatArray:
        return np.asarray((2.0 - p) / np.sqrt(1.0 - np.asarray(p)))

    def _pmf(self, k: FloatArray, p: Any) -> FloatArray:
        return np.asarray(np.exp((k - 1.0) * np.log1p(-np.asarray(p))) * p)

    def _cdf(self, k: FloatArray, p: Any) -> FloatArray:
        return np.asarray(-np.expm1(k * np.log1p(-np.asarray(p))))

    def _sf(self, k: FloatArray, p: Any) -> FloatArray:
        return np.asarray(np.exp(k * np.log1p(-np.asarray(p))))


_GEOMETRIC = Geometric()


def _from_mean(mean: Any) -> Sequence[Any]:
    forbid(
        mean < 1,
        "geometric: mean is below 1, but the first success takes at least one trial; "
        "for the failures before it write gm.negative_binomial(1, p)",
    )
    return (1.0 / mean,)


_FORMS = (Form({"p": 0}), Form({"mean": 1}, _from_mean))


@constructor(DrawOptions)
def geometric(
    p: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mean: Value | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Number of independent trials up to and *including* the first success: 1, 2, 3, …

    By the probability `p` of success in one trial, or by mean = 1 / p. The number of failures
    before the first success, which starts at 0, is `geometric(p) - 1` or
    `negative_binomial(1, p)`.

    Raises ModelError for a probability outside (0, 1] and for a mean below 1.

    >>> print(geometric(0.2).sample(8).mean())  # 1/p
    5
    """
    node = construct(_GEOMETRIC, _FORMS, {"p": p, "mean": mean}, unit, **options)
    return refuse_multiples(node)
