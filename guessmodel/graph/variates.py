"""Variates as the sampler sees them: a quantile function, accurate in both tails."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from guessmodel.numerics import normal
from guessmodel.numerics.arrays import FloatArray

__all__ = [
    "CAUCHY",
    "EXPONENTIAL",
    "LOGISTIC",
    "NORMAL",
    "UNIFORM",
    "QuantileFunction",
    "StandardVariate",
]


class QuantileFunction(ABC):
    """A variate given by its quantile function.

    Equal sources share their tables, so a source is hashable, best a frozen dataclass of its
    parameters. The quantile function may have jumps, flats and kinks anywhere.
    """

    @property
    def discrete(self) -> bool:
        """Takes isolated values only, so that nothing may be interpolated between two of them."""
        return False

    @property
    def base(self) -> QuantileFunction:
        """The one whose tables serve this one as well, through `transform_from_base`."""
        return self

    def transform_from_base(self, values: FloatArray) -> None:
        """Turn values of the base into values of this source, in place."""
        return

    @abstractmethod
    def ppf(self, p: FloatArray) -> FloatArray:
        """Quantiles at `p` in (0, 1); precise for small `p`."""

    @abstractmethod
    def isf(self, q: FloatArray) -> FloatArray:
        """Values exceeded with probability `q` in (0, 1); precise for small `q`."""

    def transform(self, u: FloatArray, out: FloatArray) -> bool:
        """Turn independent uniform numbers into independent draws.

        Parameters
        ----------
        u : ndarray
            Numbers strictly between 0 and 1, shape (…, k); may be overwritten.
        out : ndarray
            Of the same shape. Draws may use the numbers of others on the last axis.

        Returns
        -------
        bool : False, with nothing done, where the quantile function is all there is
        """
        return False


class StandardVariate(QuantileFunction):
    """A standard variate that families are drawn from, and carried over from."""

    @abstractmethod
    def cdf(self, x: FloatArray) -> FloatArray:
        """Probability of at most `x`; precise where it is small."""

    @abstractmethod
    def sf(self, x: FloatArray) -> FloatArray:
        """Probability of more than `x`; precise where it is small."""


@final
@dataclass(frozen=True, slots=True)
class Normal(StandardVariate):
    """Standard normal."""

    def ppf(self, p: FloatArray) -> FloatArray:
        return normal.ppf(p)

    def isf(self, q: FloatArray) -> FloatArray:
        return normal.isf(q)

    def cdf(self, x: FloatArray) -> FloatArray:
        return normal.sf(-x)

    def sf(self, x: FloatArray) -> FloatArray:
        return normal.sf(x)

    def transform(self, u: FloatArray, out: FloatArray) -> bool:
        # Box and Muller with the tangent t of half the angle: NumPy's tan and log are vectorised,
        # its sin and cos are not. With s = 2r/(1 + t²), r·cos = s - r and r·sin = t·s.
        pairs, odd = divmod(u.shape[-1], 2)
        radius = np.log(u[..., :pairs])
        radius *= -2.0
        np.sqrt(radius, out=radius)
        t = u[..., pairs : 2 * pairs] * np.pi
        np.tan(t, out=t)
        s = t * t
        s += 1.0
        np.divide(radius, s, out=s)
        s += s
        np.subtract(s, radius, out=out[..., :pairs])
        np.multiply(t, s, out=out[..., pairs : 2 * pairs])
        if odd:
            out[..., -1] = normal.ppf(u[..., -1])
        return True


@final
@dataclass(frozen=True, slots=True)
class Uniform(StandardVariate):
    """Uniform on (0, 1)."""

    def ppf(self, p: FloatArray) -> FloatArray:
        return np.asarray(p, dtype=np.float64)

    def isf(self, q: FloatArray) -> FloatArray:
        return np.asarray(1.0 - q)

    def cdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(x, dtype=np.float64)

    def sf(self, x: FloatArray) -> FloatArray:
        return np.asarray(1.0 - x)

    def transform(self, u: FloatArray, out: FloatArray) -> bool:
        np.copyto(out, u)
        return True


@final
@dataclass(frozen=True, slots=True)
class Exponential(StandardVariate):
    """Exponential of mean 1."""

    def ppf(self, p: FloatArray) -> FloatArray:
        return -np.log1p(-p)

    def isf(self, q: FloatArray) -> FloatArray:
        return -np.log(q)

    def cdf(self, x: FloatArray) -> FloatArray:
        return -np.expm1(-x)

    def sf(self, x: FloatArray) -> FloatArray:
        return np.exp(-x)

    def transform(self, u: FloatArray, out: FloatArray) -> bool:
        np.log(u, out=out)
        np.negative(out, out=out)
        return True


@final
@dataclass(frozen=True, slots=True)
class Logistic(StandardVariate):
    """Logistic of location 0 and scale 1."""

    def ppf(self, p: FloatArray) -> FloatArray:
        return np.log(p) - np.log1p(-p)

    def isf(self, q: FloatArray) -> FloatArray:
        return np.log1p(-q) - np.log(q)

    def cdf(self, x: FloatArray) -> FloatArray:
        return 1.0 / (1.0 + np.exp(-x))

    def sf(self, x: FloatArray) -> FloatArray:
        return self.cdf(-x)

    def transform(self, u: FloatArray, out: FloatArray) -> bool:
        np.subtract(1.0, u, out=out)
        u /= out
        np.log(u, out=out)
        return True


@final
@dataclass(frozen=True, slots=True)
class Cauchy(StandardVariate):
    """Cauchy of location 0 and scale 1."""

    def ppf(self, p: FloatArray) -> FloatArray:
        # −cot(πp), which keeps its precision for small p where tan(π(p − ½)) does not.
        return np.where(p == 0.5, 0.0, -1.0 / np.tan(np.pi * p))

    def isf(self, q: FloatArray) -> FloatArray:
        return -self.ppf(q)

    def cdf(self, x: FloatArray) -> FloatArray:
        return np.arctan2(1.0, -x) / np.pi

    def sf(self, x: FloatArray) -> FloatArray:
        return self.cdf(-x)

    def transform(self, u: FloatArray, out: FloatArray) -> bool:
        u -= 0.5
        u *= np.pi
        np.tan(u, out=out)
        return True


NORMAL: Final = Normal()
UNIFORM: Final = Uniform()
EXPONENTIAL: Final = Exponential()
LOGISTIC: Final = Logistic()
CAUCHY: Final = Cauchy()
