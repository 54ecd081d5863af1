"""The distribution of a mixture whose components are known: their weighted CDF and its inverse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.distributions.inversion import smallest_reaching
from guessmodel.graph.family import Family
from guessmodel.numerics.arrays import FloatArray

__all__ = ["KnownMixture", "MixtureComponent"]

_ROUNDING = 1e-12


@final
@dataclass(frozen=True, slots=True)
class MixtureComponent:
    """`scale` times a variate of the family at these parameters; without family, `scale` itself."""

    weight: float
    family: Family | None
    parameters: tuple[float, ...]
    scale: float

    def weighing(self, weight: float) -> MixtureComponent:
        """The same part with another weight."""
        return replace(self, weight=weight)

    @property
    def discrete(self) -> bool:
        """Whether it takes isolated values only."""
        return self.family is None or self.family.discrete

    @property
    def has_density(self) -> bool:
        """Whether no value has a probability of its own."""
        return self.family is not None and self.family.has_density

    def moment(self, which: str) -> float:
        """Mean or variance."""
        if self.family is None:
            return self.scale if which == "mean" else 0.0
        power = 1 if which == "mean" else 2
        return float(getattr(self.family, which)(*self.parameters)) * self.scale**power

    def support(self) -> tuple[float, float]:
        """Smallest and largest value."""
        if self.family is None:
            return self.scale, self.scale
        low, high = self.family.support(*self.parameters)
        return float(low) * self.scale, float(high) * self.scale

    def probability(self, which: str, x: FloatArray) -> FloatArray:
        """CDF or survival function."""
        if self.family is None:
            below = x < self.scale
            return np.asarray(below if which == "sf" else ~below, dtype=np.float64)
        return np.asarray(getattr(self.family, which)(x / self.scale, *self.parameters))

    def quantile(self, which: str, level: FloatArray) -> FloatArray:
        """Quantile function or inverse survival function."""
        if self.family is None:
            return np.full(level.shape, self.scale)
        return np.asarray(getattr(self.family, which)(level, *self.parameters)) * self.scale


@final
@dataclass(frozen=True)
class KnownMixture(Family):
    """Weighted sum of the parts' distributions; weights are above 0 and sum to 1.

    The quantile at p is the smallest floating-point number whose CDF, as computed, is at least p:
    exact at atoms and jumps, to the last digit of the CDF elsewhere.
    """

    parts: tuple[MixtureComponent, ...]

    name = "mixture"
    parameters: ClassVar = {}

    @property
    def discrete(self) -> bool:  # type: ignore[override]
        """Whether all parts are."""
        return all(part.discrete for part in self.parts)

    @property
    def has_density(self) -> bool:
        """Whether all parts have one."""
        return all(part.has_density for part in self.parts)

    def support(self) -> tuple[FloatArray, FloatArray]:
        ends = [part.support() for part in self.parts]
        return np.asarray(min(low for low, _ in ends)), np.asarray(max(high for _, high in ends))

    def mean(self) -> FloatArray:
        return np.asarray(sum(part.weight * part.moment("mean") for part in self.parts))

    def variance(self) -> FloatArray:
        mean = self.mean()
        if not np.isfinite(mean):
            return np.abs(mean)
        return np.asarray(
            sum(
                part.weight * (part.moment("variance") + (part.moment("mean") - mean) ** 2)
                for part in self.parts
            )
        )

    def pdf(self, x: ArrayLike) -> FloatArray:
        """Density of what is continuous; probability of exactly `x` if all parts are discrete."""
        x = np.asarray(x, dtype=np.float64)
        total = np.zeros(x.shape)
        for part in self.parts:
            if part.family is not None and (self.discrete or not part.discrete):
                density = np.asarray(part.family.pdf(x / part.scale, *part.parameters))
                total += part.weight * density / (1.0 if part.discrete else part.scale)
            elif part.family is None and self.discrete:
                total += part.weight * (x == part.scale)
        return np.where(np.isnan(x), np.nan, total)

    def cdf(self, x: ArrayLike) -> FloatArray:
        return self._sum("cdf", np.asarray(x, dtype=np.float64))

    def sf(self, x: ArrayLike) -> FloatArray:
        return self._sum("sf", np.asarray(x, dtype=np.float64))

    def ppf(self, p: ArrayLike) -> FloatArray:
        low, high = self.support()
        return self._quantile(np.asarray(p, dtype=np.float64), "ppf", low, high)

    def isf(self, q: ArrayLike) -> FloatArray:
        low, high = self.support()
        return self._quantile(np.asarray(q, dtype=np.float64), "isf", high, low)

    def is_finite_at(self, p: float) -> bool:
        """Whether the quantile is finite: where those of all parts are, as it lies between them."""
        level = np.array(p)
        ends = [[part.quantile(which, level) for which in ("ppf", "isf")] for part in self.parts]
        return bool(np.isfinite(ends).all())

    def _quantile(
        self, level: FloatArray, which: str, first: FloatArray, last: FloatArray
    ) -> FloatArray:
        def excess(x: FloatArray, at: FloatArray) -> FloatArray:
            return self.cdf(x) - at if which == "ppf" else at - self.sf(x)

        out = np.full(level.shape, np.nan)
        out[level == 0.0], out[level == 1.0] = first, last
        inside = (level > 0.0) & (level < 1.0)
        sought = level[inside]
        # The quantile lies between the smallest and the largest of the parts' quantiles.
        ends = [part.quantile(which, sought) for part in self.parts]
        low, high = np.min(ends, axis=0), np.max(ends, axis=0)
        # They are rounded, and so may lie on the wrong side of it.
        low, high = low - _ROUNDING * np.abs(low), high + _ROUNDING * np.abs(high)
        for part in self.parts:
            if part.family is None:
                value = np.full(sought.shape, part.scale)
                here = excess(value, sought) >= 0.0
                before = excess(np.nextafter(value, -np.inf), sought) >= 0.0
                high = np.where(here, np.minimum(high, value), high)
                low = np.where(here & ~before, value, np.where(here, low, np.maximum(low, value)))
        out[inside] = smallest_reaching(excess, sought, low, high)
        return out

    def _sum(self, which: str, x: FloatArray) -> FloatArray:
        total = np.zeros(x.shape)
        for part in self.parts:
            total += part.weight * part.probability(which, x)
        return np.where(np.isnan(x), np.nan, np.minimum(total, 1.0))
