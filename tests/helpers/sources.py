"""Quantile functions for tests of sampling, by SciPy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from scipy import special, stats

from guessmodel.graph.variates import QuantileFunction

__all__ = ["Gamma", "Poisson"]


@final
@dataclass(frozen=True)
class Gamma(QuantileFunction):
    """A gamma variate of scale 1."""

    shape: float

    def ppf(self, p: Any) -> Any:
        return special.gammaincinv(self.shape, p)

    def isf(self, q: Any) -> Any:
        return special.gammainccinv(self.shape, q)


@final
@dataclass(frozen=True)
class Poisson(QuantileFunction):
    """A count of events that happen independently."""

    mean: float

    @property
    def discrete(self) -> bool:
        return True

    def ppf(self, p: Any) -> Any:
        return np.asarray(stats.poisson.ppf(p, self.mean), dtype=float)

    def isf(self, q: Any) -> Any:
        return np.asarray(stats.poisson.isf(q, self.mean), dtype=float)
