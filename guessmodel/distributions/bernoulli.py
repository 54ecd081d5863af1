"""Bernoulli distribution: 1 with probability p, else 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Unpack, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import Form, construct
from guessmodel.graph.domains import PROBABILITY
from guessmodel.graph.ends import Ends
from guessmodel.graph.family import Family
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.graph.variates import UNIFORM
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import Unit

__all__ = ["BERNOULLI", "Bernoulli", "bernoulli"]


@final
class Bernoulli(Family):
    """Bernoulli distribution by the probability of 1."""

    name = "bernoulli"
    parameters: ClassVar = {"p": PROBABILITY}
    discrete = True
    base = UNIFORM

    def ends(self, p: float) -> Ends:
        return Ends()

    def support(self, p: Any) -> tuple[FloatArray, FloatArray]:
        return np.floor(np.asarray(p, dtype=np.float64)), np.ceil(np.asarray(p, dtype=np.float64))

    def mean(self, p: Any) -> FloatArray:
        return np.asarray(p, dtype=np.float64)

    def variance(self, p: Any) -> FloatArray:
        return np.asarray(np.asarray(p) * (1.0 - np.asarray(p)))

    def pdf(self, x: ArrayLike, p: Any) -> FloatArray:
        x, p = np.asarray(x, dtype=np.float64), np.asarray(p, dtype=np.float64)
        return self._known(x, p, np.where(x == 1.0, p, np.where(x == 0.0, 1.0 - p, 0.0)))

    def cdf(self, x: ArrayLike, p: Any) -> FloatArray:
        x, p = np.asarray(x, dtype=np.float64), np.asarray(p, dtype=np.float64)
        return self._known(x, p, np.where(x < 0.0, 0.0, np.where(x < 1.0, 1.0 - p, 1.0)))

    def sf(self, x: ArrayLike, p: Any) -> FloatArray:
        x, p = np.asarray(x, dtype=np.float64), np.asarray(p, dtype=np.float64)
        return self._known(x, p, np.where(x < 0.0, 1.0, np.where(x < 1.0, p, 0.0)))

    def ppf(self, p: ArrayLike, share: Any) -> FloatArray:
        p, share = np.asarray(p, dtype=np.float64), np.asarray(share, dtype=np.float64)
        inside = np.where((p >= 0.0) & (p <= 1.0), p, np.nan)
        one = (p > 1.0 - share) | (share == 1.0)
        return self._known(inside, share, one.astype(np.float64))

    def isf(self, q: ArrayLike, share: Any) -> FloatArray:
        q, share = np.asarray(q, dtype=np.float64), np.asarray(share, dtype=np.float64)
        inside = np.where((q >= 0.0) & (q <= 1.0), q, np.nan)
        one = (q < share) | (share == 1.0)
        return self._known(inside, share, one.astype(np.float64))

    def transform(self, z: FloatArray, p: Any, out: FloatArray | None = None) -> Any:
        return np.greater(z, 1.0 - np.asarray(p), out=out)

    def jumps(self, p: float) -> Sequence[float]:
        return (1.0 - p,) if 0.0 < p < 1.0 else ()

    def _known(self, x: FloatArray, p: FloatArray, value: FloatArray) -> FloatArray:
        return np.where(np.isnan(x) | ~self.valid(p), np.nan, value)


BERNOULLI = Bernoulli()


_FORMS = (Form({"p": 0}),)


@constructor(DrawOptions)
def bernoulli(
    p: Value | None = None,
    unit: str | Unit | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Indicator that is 1 with probability `p`, else 0; it can stand in `gm.where` and `& | ~`.

    It is a plain number: times a quantity, it says whether that counts.

    Raises ModelError for a probability outside [0, 1], UnitError for a unit.

    >>> print(bernoulli(0.3).sample(8).mean())
    0.3
    """
    return construct(BERNOULLI, _FORMS, {"p": p}, unit, dimensionless=True, **options)
