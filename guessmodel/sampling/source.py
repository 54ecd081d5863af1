"""Variates as the sampler sees them: a quantile function, accurate in both tails."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Final, final

import numpy as np
import numpy.typing as npt

from guessmodel.sampling import normal

__all__ = ["CAUCHY", "EXPONENTIAL", "LOGISTIC", "NORMAL", "UNIFORM", "FloatArray", "Source"]

FloatArray = npt.NDArray[np.float64]

_LEAST = 2.0**-54


def fill_uniform(generator: np.random.Generator, out: FloatArray) -> None:
    """Fill with uniform numbers strictly between 0 and 1."""
    generator.random(out=out)
    np.maximum(out, _LEAST, out=out)


class Source(ABC):
    """A variate given by its quantile function.

    Equal sources share their tables, so a source is hashable, best a frozen dataclass of its
    parameters. The quantile function may have jumps, flats and kinks anywhere.
    """

    discrete: ClassVar[bool] = False
    """Takes isolated values only, so that nothing may be interpolated between two of them."""

    @abstractmethod
    def ppf(self, p: FloatArray) -> FloatArray:
        """Quantiles at `p` in (0, 1); precise for small `p`."""

    @abstractmethod
    def isf(self, q: FloatArray) -> FloatArray:
        """Values exceeded with probability `q` in (0, 1); precise for small `q`."""

    def fill_random(self, generator: np.random.Generator, out: FloatArray) -> None:
        """Fill `out` (one axis) with independent draws: inverse transform through a table."""
        from guessmodel.sampling.interpolation import quantile_table

        fill_uniform(generator, out)
        quantile_table(self).evaluate(out, out)


@final
@dataclass(frozen=True, slots=True)
class Normal(Source):
    """Standard normal."""

    def ppf(self, p: FloatArray) -> FloatArray:
        return normal.ppf(p)

    def isf(self, q: FloatArray) -> FloatArray:
        return normal.isf(q)

    def fill_random(self, generator: np.random.Generator, out: FloatArray) -> None:
        # Box and Muller with the tangent t of half the angle: NumPy's tan and log are vectorised,
        # its sin and cos are not. With s = 2r/(1 + t²), r·cos = s - r and r·sin = t·s.
        half = (out.size + 1) // 2
        radius = generator.random(half)
        np.subtract(1.0, radius, out=radius)
        np.log(radius, out=radius)
        radius *= -2.0
        np.sqrt(radius, out=radius)
        t = generator.random(half)
        t *= np.pi
        np.tan(t, out=t)
        s = t * t
        s += 1.0
        np.divide(radius, s, out=s)
        s += s
        np.subtract(s, radius, out=out[:half])
        rest = out.size - half
        np.multiply(t[:rest], s[:rest], out=out[half:])


@final
@dataclass(frozen=True, slots=True)
class Uniform(Source):
    """Uniform on (0, 1)."""

    def ppf(self, p: FloatArray) -> FloatArray:
        return np.asarray(p, dtype=np.float64)

    def isf(self, q: FloatArray) -> FloatArray:
        return np.asarray(1.0 - q)

    def fill_random(self, generator: np.random.Generator, out: FloatArray) -> None:
        fill_uniform(generator, out)


@final
@dataclass(frozen=True, slots=True)
class Exponential(Source):
    """Exponential of mean 1."""

    def ppf(self, p: FloatArray) -> FloatArray:
        return -np.log1p(-p)

    def isf(self, q: FloatArray) -> FloatArray:
        return -np.log(q)

    def fill_random(self, generator: np.random.Generator, out: FloatArray) -> None:
        fill_uniform(generator, out)
        np.log(out, out=out)
        np.negative(out, out=out)


@final
@dataclass(frozen=True, slots=True)
class Logistic(Source):
    """Logistic of location 0 and scale 1."""

    def ppf(self, p: FloatArray) -> FloatArray:
        return np.log(p) - np.log1p(-p)

    def isf(self, q: FloatArray) -> FloatArray:
        return np.log1p(-q) - np.log(q)

    def fill_random(self, generator: np.random.Generator, out: FloatArray) -> None:
        fill_uniform(generator, out)
        np.divide(out, 1.0 - out, out=out)
        np.log(out, out=out)


@final
@dataclass(frozen=True, slots=True)
class Cauchy(Source):
    """Cauchy of location 0 and scale 1."""

    def ppf(self, p: FloatArray) -> FloatArray:
        # −cot(πp), which keeps its precision for small p where tan(π(p − ½)) does not.
        return np.where(p == 0.5, 0.0, -1.0 / np.tan(np.pi * p))

    def isf(self, q: FloatArray) -> FloatArray:
        return -self.ppf(q)

    def fill_random(self, generator: np.random.Generator, out: FloatArray) -> None:
        fill_uniform(generator, out)
        out -= 0.5
        out *= np.pi
        np.tan(out, out=out)


NORMAL: Final = Normal()
UNIFORM: Final = Uniform()
EXPONENTIAL: Final = Exponential()
LOGISTIC: Final = Logistic()
CAUCHY: Final = Cauchy()
