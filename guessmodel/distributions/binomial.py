"""Binomial distribution: P(k) = C(trials, k) p**k (1 - p)**(trials - k), k = 0, …, trials."""

from __future__ import annotations

from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.integer_valued import (
    IntegerValued,
    refuse_multiples,
)
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import Form, construct
from guessmodel.distributions.quantiles import beta_cdf, beta_sf
from guessmodel.errors import ModelError, caller
from guessmodel.graph.domains import COUNT, PROBABILITY
from guessmodel.graph.ends import Ends
from guessmodel.graph.quantity import Quantile, Quantity, Value
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.kernels import beta_kernel
from guessmodel.units import Unit

__all__ = ["BINOMIAL", "Binomial", "binomial"]


@final
class Binomial(IntegerValued):
    """Binomial distribution by number of trials and probability; the CDF is an incomplete beta
    function."""

    name = "binomial"
    parameters: ClassVar = {"trials": COUNT, "p": PROBABILITY}

    def ends(self, trials: float, p: float) -> Ends:
        return Ends()

    def support(self, trials: Any, p: Any) -> tuple[FloatArray, FloatArray]:
        trials, p = np.asarray(trials, dtype=np.float64), np.asarray(p, dtype=np.float64)
        low = np.where(p == 1.0, np.rint(trials), 0.0)
        high = np.where(p == 0.0, 0.0, np.rint(trials))
        return low, high

    def mean(self, trials: Any, p: Any) -> FloatArray:
        return np.asarray(np.rint(trials) * p, dtype=np.float64)

    def variance(self, trials: Any, p: Any) -> FloatArray:
        return np.asarray(np.rint(trials) * p * (1.0 - np.asarray(p)), dtype=np.float64)

    def _skewness(self, trials: Any, p: Any) -> FloatArray:
        return np.asarray((1.0 - 2.0 * p) / np.sqrt(self.variance(trials, p)))

    def _pmf(self, k: FloatArray, trials: Any, p: Any) -> FloatArray:
        n, rest = np.rint(trials), 1.0 - np.asarray(p)
        return np.asarray(beta_kernel(p, rest, k + 1.0, n - k + 1.0) / ((n + 1.0) * p * rest))

    def _cdf(self, k: FloatArray, trials: Any, p: Any) -> FloatArray:
        return np.asarray(beta_sf(k + 1.0, np.rint(trials) - k, p))

    def _sf(self, k: FloatArray, trials: Any, p: Any) -> FloatArray:
        return np.asarray(beta_cdf(k + 1.0, np.rint(trials) - k, p))


BINOMIAL = Binomial()


_FORMS = (Form({"trials": 1, "p": 0}),)


@constructor(DrawOptions)
def binomial(
    trials: Value | None = None,
    p: Value | None = None,
    unit: str | Unit | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Number of successes in so many independent trials, each with probability `p`.

    `trials` is a whole number, or a quantity that draws whole numbers; draws that are not whole
    are counted as failed.

    Raises ModelError for a probability outside [0, 1] and for trials that are not whole.

    >>> print(binomial(1000, 0.02, "user").sample(8).mean())
    20 user
    """
    if isinstance(trials, Quantity) and isinstance(trials.operation, Quantile):
        family = trials.operation.family
        if not family.discrete:
            raise ModelError(
                f"binomial: trials is a {family.name} draw, which is no whole number; "
                "write gm.round(trials)",
                caller(),
            )
    if isinstance(trials, float) and isinstance(p, int | float) and 0.0 < trials < 1.0 <= p:
        raise ModelError(
            f"binomial: the number of trials comes first; write binomial({p:g}, {trials:g})",
            caller(),
        )
    node = construct(BINOMIAL, _FORMS, {"trials": trials, "p": p}, unit, **options)
    return refuse_multiples(node)
