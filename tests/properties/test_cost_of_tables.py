"""What a table of quantiles costs: a bounded number of evaluations, however extreme the family."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.graph.family import Frozen
from guessmodel.graph.quantity import Constant, Quantile, Quantity
from guessmodel.graph.variates import QuantileFunction
from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling.interpolation import QuantileTable

EXTREMES: dict[str, Callable[[], Quantity]] = {
    "beta, both shapes tiny": lambda: gm.beta(alpha=1e-6, beta=2e-6),
    "beta, one tiny": lambda: gm.beta(alpha=0.01, beta=50),
    "beta, the other tiny": lambda: gm.beta(alpha=1e6, beta=1e-3),
    "beta, both huge": lambda: gm.beta(alpha=1e6, beta=1e6),
    "gamma, tiny": lambda: gm.gamma(shape=1e-6, scale=1),
    "gamma, small": lambda: gm.gamma(shape=0.02, scale=1),
    "gamma, huge": lambda: gm.gamma(shape=1e7, scale=1),
    "inverse gamma": lambda: gm.inverse_gamma(shape=0.01, scale=1),
    "Student's t, tiny": lambda: gm.student_t(df=0.01),
    "Student's t, huge": lambda: gm.student_t(df=1e6),
    "Weibull, tiny": lambda: gm.weibull(shape=0.01, scale=1),
    "Weibull, huge": lambda: gm.weibull(shape=1e4, scale=1),
    "chi-squared": lambda: gm.chi2(df=0.001),
    "F": lambda: gm.f(df1=0.01, df2=0.01),
    "Poisson, huge": lambda: gm.poisson(1e9),
    "Poisson, tiny": lambda: gm.poisson(1e-9),
    "binomial, huge": lambda: gm.binomial(10**9, 0.5),
    "geometric, rare": lambda: gm.geometric(1e-9),
}


class Counted(QuantileFunction):
    """A source that counts its evaluations."""

    def __init__(self, source: QuantileFunction) -> None:
        self.source, self.count = source, 0

    @property
    def discrete(self) -> bool:
        return self.source.discrete

    def ppf(self, p: FloatArray) -> FloatArray:
        self.count += np.size(p)
        return self.source.ppf(p)

    def isf(self, q: FloatArray) -> FloatArray:
        self.count += np.size(q)
        return self.source.isf(q)


@pytest.mark.parametrize("make", EXTREMES.values(), ids=EXTREMES)
def test_few_cells_are_halved(make: Callable[[], Quantity]) -> None:
    draw = make()
    assert isinstance(draw.operation, Quantile)
    family = draw.operation.family
    given = [x.operation for x in draw.parameters[-len(family.parameters) :]]
    values = tuple(float(x.value) for x in given if isinstance(x, Constant))
    source = Counted(Frozen(family, values))
    QuantileTable.create(source)
    assert source.count < 10_000  # 7360 where no cell is halved
