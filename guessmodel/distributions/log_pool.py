"""Logarithmic pool: density in proportion to the product of densities, each to the power of its
weight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.distributions.known_mixture import KnownMixture, MixtureComponent
from guessmodel.graph.family import Family
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.quadrature import moments

__all__ = ["LogPool"]

_LEVELS = np.concatenate(
    [np.geomspace(1e-30, 1e-3, 120, endpoint=False), np.linspace(1e-3, 0.5, 160)]
)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
_HALVINGS = 60


class _Table(NamedTuple):
    """Panels, and probabilities up to and from each of their ends."""

    ends: FloatArray
    below: FloatArray
    above: FloatArray
    log_total: float


def _quantiles(part: MixtureComponent) -> Iterator[FloatArray]:
    """Quantiles of a part, or of the parts of a mixture, where the density may jump."""
    if isinstance(part.family, KnownMixture):
        for inner in part.family.parts:
            for quantiles in _quantiles(inner):
                yield quantiles * part.scale
    else:
        yield from (part.quantile(which, _LEVELS) for which in ("ppf", "isf"))


@final
@dataclass(frozen=True)
class LogPool(Family):
    """Π f_i(x)^w_i, divided by its integral; weights are above 0 and sum to 1.

    The integral is taken panel by panel, by Gauss and Legendre's rule of ten points, between the
    quantiles of all parts. C. Genest and J. V. Zidek 1986, "Combining probability distributions",
    Statistical Science 1.
    """

    parts: tuple[MixtureComponent, ...]

    name = "log pool"
    parameters: ClassVar = {}

    @cached_property
    def _table(self) -> _Table:
        low, high = (float(end) for end in self.support())
        inner = [quantiles for part in self.parts for quantiles in _quantiles(part)]
        ends = np.unique(np.concatenate(inner))
        ends = ends[np.isfinite(ends) & (ends >= low) & (ends <= high)]
        ends = np.unique(np.concatenate([ends, [end for end in (low, high) if np.isfinite(end)]]))
        if ends.size < 2:
            return _Table(ends, ends, ends, -np.inf)
        half = np.diff(ends)[:, None] / 2.0
        logs = self._log_density(ends[:-1, None] + half * (1.0 + _NODES))
        top = float(logs.max())
        if not np.isfinite(top):
            return _Table(ends, ends, ends, -np.inf)
        mass = np.sum(np.exp(logs - top) * _WEIGHTS * half, axis=1)
        total = mass.sum()
        below = np.concatenate([[0.0], np.cumsum(mass)]) / total
        above = np.concatenate([np.cumsum(mass[::-1])[::-1], [0.0]]) / total
        return _Table(ends, below, above, top + float(np.log(total)))

    @property
    def possible(self) -> bool:
        """Whether there are values that all parts hold possible."""
        return bool(np.isfinite(self._table.log_total))

    def support(self) -> tuple[FloatArray, FloatArray]:
        ends = [part.support() for part in self.parts]
        return np.asarray(max(low for low, _ in ends)), np.asarray(min(high for _, high in ends))

    def mean(self) -> FloatArray:
        return np.asarray(moments(self.ppf, self.isf)[0][0])

    def variance(self) -> FloatArray:
        return np.asarray(moments(self.ppf, self.isf)[1][0])

    def pdf(self, x: ArrayLike) -> FloatArray:
        x = np.asarray(x, dtype=np.float64)
        low, high = self.support()
        with np.errstate(all="ignore"):
            density = np.exp(self._log_density(x) - self._table.log_total)
        return np.where((x < low) | (x > high), 0.0, density)

    def cdf(self, x: ArrayLike) -> FloatArray:
        return self._probability(np.asarray(x, dtype=np.float64), upper=False)

    def sf(self, x: ArrayLike) -> FloatArray:
        return self._probability(np.asarray(x, dtype=np.float64), upper=True)

    def ppf(self, p: ArrayLike) -> FloatArray:
        return self._quantile(np.asarray(p, dtype=np.float64), upper=False)

    def isf(self, q: ArrayLike) -> FloatArray:
        return self._quantile(np.asarray(q, dtype=np.float64), upper=True)

    def _log_density(self, x: Any) -> FloatArray:
        total = np.zeros(np.shape(x))
        with np.errstate(all="ignore"):
            for part in self.parts:
                assert part.family is not None
                density = np.asarray(part.family.pdf(x / part.scale, *part.parameters))
                total = total + part.weight * np.log(density / part.scale)
        return total

    def _within(self, start: FloatArray, stop: FloatArray) -> FloatArray:
        """Probability between points of one panel."""
        half = (stop - start)[..., None] / 2.0
        logs = self._log_density(start[..., None] + half * (1.0 + _NODES))
        with np.errstate(all="ignore"):
            return np.asarray(
                np.sum(np.exp(logs - self._table.log_total) * _WEIGHTS * half, axis=-1)
            )

    def _probability(self, x: FloatArray, *, upper: bool) -> FloatArray:
        table = self._table
        at = np.clip(x, table.ends[0], table.ends[-1])
        at = np.where(np.isnan(at), table.ends[0], at)
        k = np.clip(np.searchsorted(table.ends, at, side="right") - 1, 0, table.ends.size - 2)
        if upper:
            found = table.above[k + 1] + self._within(at, table.ends[k + 1])
        else:
            found = table.below[k] + self._within(table.ends[k], at)
        low, high = self.support()
        found = np.where(x <= low, float(upper), np.where(x >= high, float(not upper), found))
        return np.where(np.isnan(x), np.nan, np.clip(found, 0.0, 1.0))

    def _quantile(self, level: FloatArray, *, upper: bool) -> FloatArray:
        """The panel in which the level lies, and its halves until they are one number."""
        table = self._table
        inside = np.where((level >= 0.0) & (level <= 1.0), level, 0.5)
        reached = -table.above if upper else table.below
        sought = -inside if upper else inside
        k = np.clip(np.searchsorted(reached, sought, side="right") - 1, 0, table.ends.size - 2)
        low, high = table.ends[k], table.ends[k + 1]
        rest = inside - (table.above[k + 1] if upper else table.below[k])
        start, stop = low.copy(), high.copy()
        x = 0.5 * (start + stop)
        for _ in range(_HALVINGS):
            got = self._within(x, high) if upper else self._within(low, x)
            beyond = (got > rest) != upper
            stop, start = np.where(beyond, x, stop), np.where(beyond, start, x)
            with np.errstate(all="ignore"):
                density = np.exp(self._log_density(x) - table.log_total)
                step = x - (got - rest) / (-density if upper else density)
            middle = 0.5 * (start + stop)
            new = np.where((step > start) & (step < stop), step, middle)
            if np.all((np.abs(new - x) <= 2.0 * np.spacing(np.abs(x))) | (start >= stop)):
                break
            x = new
        ends = self.support()
        first, last = (ends[1], ends[0]) if upper else ends
        x = np.where(level == 0.0, first, np.where(level == 1.0, last, x))
        return np.where((level >= 0.0) & (level <= 1.0), x, np.nan)
