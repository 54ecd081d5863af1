"""The models of the repository, loaded and sampled once; and draws that owe them nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import final

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

import guessmodel as gm

MODELS = Path(__file__).parents[2] / "models"
Z95 = float(stats.norm.ppf(0.95))


@cache
def _model(name: str) -> gm.Model:
    return gm.Model.from_file(MODELS / f"{name}.py")


@cache
def _simulation(name: str) -> gm.Simulation:
    return _model(name).sample(2**15)


@cache
def _published(name: str) -> gm.Simulation:
    return _model(name).in_scenario("as published").sample(2**15)


@pytest.fixture
def published() -> Callable[[str], gm.Simulation]:
    """A model in the scenario that reproduces its source, sampled."""
    return _published


@pytest.fixture
def model_of() -> Callable[[str], gm.Model]:
    return _model


@pytest.fixture
def sampled() -> Callable[[str], gm.Simulation]:
    return _simulation


@final
@dataclass
class Draws:
    """Plain Monte Carlo by NumPy: a second opinion on what a model computes."""

    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(20230728))
    n: int = 1_000_000

    def lognormal(self, low: float, high: float) -> NDArray[np.float64]:
        mu, sigma = (np.log(low) + np.log(high)) / 2, np.log(high / low) / (2 * Z95)
        return self.rng.lognormal(mu, sigma, self.n)

    def normal(self, low: float, high: float) -> NDArray[np.float64]:
        return self.rng.normal((low + high) / 2, (high - low) / (2 * Z95), self.n)

    def uniform(self, low: float, high: float) -> NDArray[np.float64]:
        return self.rng.uniform(low, high, self.n)


@pytest.fixture
def draws() -> Draws:
    return Draws()


@final
@dataclass(frozen=True)
class Lognormal:
    """Closed forms of products of lognormals: median and standard deviation of the logarithm."""

    median: float
    sigma: float

    @classmethod
    def between(cls, low: float, high: float) -> Lognormal:
        """With 5th and 95th percentile."""
        return cls(float(np.sqrt(low * high)), float(np.log(high / low) / (2 * Z95)))

    def __mul__(self, other: Lognormal | float) -> Lognormal:
        if isinstance(other, Lognormal):
            return Lognormal(self.median * other.median, float(np.hypot(self.sigma, other.sigma)))
        return Lognormal(self.median * other, self.sigma)

    __rmul__ = __mul__

    def inverse(self) -> Lognormal:
        return Lognormal(1 / self.median, self.sigma)

    def mean(self) -> float:
        return float(self.median * np.exp(self.sigma**2 / 2))

    def quantile(self, p: float) -> float:
        return float(self.median * np.exp(self.sigma * stats.norm.ppf(p)))

    def cdf(self, x: float) -> float:
        return float(stats.norm.cdf(np.log(x / self.median) / self.sigma))

    def guesstimate(self) -> tuple[float, float]:
        """10th percentile of what lies below the mean, 90th of what lies above."""
        split = self.cdf(self.mean())
        return self.quantile(0.1 * split), self.quantile(split + 0.9 * (1 - split))


@pytest.fixture
def lognormal() -> Callable[[float, float], Lognormal]:
    return Lognormal.between
