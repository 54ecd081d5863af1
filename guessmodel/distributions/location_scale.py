"""The template of families that are a location plus a scale times a variate of shapes alone.

Such a family writes down the standard variate, and the template does the rest: units of location
and scale, points outside the support, overflow in a tail.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.graph.domains import POSITIVE
from guessmodel.graph.family import Family
from guessmodel.numerics.arrays import BoolArray, FloatArray

__all__ = ["LocationScale"]


class LocationScale(Family):
    """Abstract: the draw is location + scale * Z, and Z depends on the shapes alone.

    By name, a canonical parameter `location` or `scale` is that, all others are shapes; families
    that write their bounds instead override `split` and `support`.
    """

    lower: ClassVar[float] = -np.inf  # ends of the support of Z
    upper: ClassVar[float] = np.inf
    clipped: ClassVar[bool] = False  # rounding may step over the upper bound: hold draws below it

    # --- what a family gives ----------------------------------------------------------------------

    @abstractmethod
    def standard_mean(self, *shapes: Any) -> Any:
        """Mean of Z."""

    @abstractmethod
    def standard_variance(self, *shapes: Any) -> Any:
        """Variance of Z."""

    @abstractmethod
    def standard_pdf(self, z: FloatArray, *shapes: Any) -> Any:
        """Density of Z inside its support."""

    @abstractmethod
    def standard_cdf(self, z: FloatArray, *shapes: Any) -> Any:
        """Probability of Z at most `z`, inside its support."""

    @abstractmethod
    def standard_sf(self, z: FloatArray, *shapes: Any) -> Any:
        """Probability of Z above `z`, inside its support."""

    def standard_ppf(self, p: FloatArray, *shapes: Any) -> Any:
        """Quantile of Z at `p`: that of the base variate, carried over."""
        assert self.base is not None
        return self.from_base(self.base.ppf(p), None, *shapes)

    def standard_isf(self, q: FloatArray, *shapes: Any) -> Any:
        """Quantile of Z at `1 - q`."""
        assert self.base is not None
        return self.from_base(self.base.isf(q), None, *shapes)

    def from_base(self, z: FloatArray, out: FloatArray | None, *shapes: Any) -> Any:
        """Z from the base variate, of which it is an increasing function; `out` may be `z`."""
        return z

    def shapes_fit(self, *shapes: Any) -> Any:
        """True where the shapes that bounds and a mode make are those of a distribution."""
        return True

    def split(self, *parameters: Any) -> tuple[Any, Any, tuple[Any, ...]]:
        """(location, scale, shapes) of the canonical parameters."""
        named = dict(zip(self.parameters, parameters, strict=True))
        location, scale = named.pop("location", 0.0), named.pop("scale", 1.0)
        return location, scale, tuple(named.values())

    # --- the template -----------------------------------------------------------------------------

    @final
    def fit_together(self, *parameters: Any) -> Any:
        if type(self).split is LocationScale.split:
            return True  # location and scale are parameters themselves
        _, scale, shapes = self._split(parameters)
        return POSITIVE.holds(scale) & self.shapes_fit(*shapes)

    def support(self, *parameters: Any) -> tuple[FloatArray, FloatArray]:
        location, scale, shapes = self.split(*parameters)
        flat = np.zeros(np.broadcast(location, scale, *shapes).shape)
        return flat + location + scale * self.lower, flat + location + scale * self.upper

    @final
    def mean(self, *parameters: Any) -> FloatArray:
        with np.errstate(all="ignore"):
            location, scale, shapes = self._split(parameters)
            return np.asarray(location + scale * self.standard_mean(*shapes), dtype=np.float64)

    @final
    def variance(self, *parameters: Any) -> FloatArray:
        with np.errstate(all="ignore"):
            location, scale, shapes = self._split(parameters)
            variance = np.square(scale) * self.standard_variance(*shapes)
            return np.asarray(variance + 0.0 * location, dtype=np.float64)

    @final
    def pdf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        with np.errstate(all="ignore"):
            z, scale, shapes, below, above = self._locate(x, parameters)
            density = self.standard_pdf(z, *shapes) / scale
            return np.where(below | above, 0.0, density)

    @final
    def cdf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        with np.errstate(all="ignore"):
            z, _, shapes, below, above = self._locate(x, parameters)
            return np.where(below, 0.0, np.where(above, 1.0, self.standard_cdf(z, *shapes)))

    @final
    def sf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        with np.errstate(all="ignore"):
            z, _, shapes, below, above = self._locate(x, parameters)
            return np.where(below, 1.0, np.where(above, 0.0, self.standard_sf(z, *shapes)))

    @final
    def ppf(self, p: ArrayLike, *parameters: Any) -> FloatArray:
        with np.errstate(all="ignore"):
            location, scale, shapes = self._split(parameters)
            z = self.standard_ppf(np.asarray(p, dtype=np.float64), *shapes)
            return np.asarray(self._held(location + scale * z, parameters), dtype=np.float64)

    @final
    def isf(self, q: ArrayLike, *parameters: Any) -> FloatArray:
        with np.errstate(all="ignore"):
            location, scale, shapes = self._split(parameters)
            z = self.standard_isf(np.asarray(q, dtype=np.float64), *shapes)
            return np.asarray(self._held(location + scale * z, parameters), dtype=np.float64)

    @final
    def transform(self, z: FloatArray, *parameters: Any, out: FloatArray | None = None) -> Any:
        if self.base is None:
            return super().transform(z, *parameters, out=out)
        location, scale, shapes = self.split(*parameters)
        result = np.multiply(self.from_base(z, out, *shapes), scale, out=out)
        if not (isinstance(location, float) and location == 0.0):
            result = np.add(result, location, out=out)
        return self._held(result, parameters, out)

    def _split(self, parameters: tuple[Any, ...]) -> tuple[Any, Any, tuple[Any, ...]]:
        # As NumPy's numbers: Python's own raise an error where these give inf or NaN.
        return self.split(*(np.asarray(x, dtype=np.float64) for x in parameters))

    def _held(self, x: Any, parameters: tuple[Any, ...], out: FloatArray | None = None) -> Any:
        return np.minimum(x, self.support(*parameters)[1], out=out) if self.clipped else x

    def _locate(
        self, x: ArrayLike, parameters: tuple[Any, ...]
    ) -> tuple[FloatArray, Any, tuple[Any, ...], BoolArray, BoolArray]:
        """(z, scale, shapes, whether x is below and above the support)."""
        x = np.asarray(x, dtype=np.float64)
        location, scale, shapes = self._split(parameters)
        low, high = self.support(*parameters)
        z = (x - location) / scale
        return np.clip(z, self.lower, self.upper), scale, shapes, x < low, x > high
