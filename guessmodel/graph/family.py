"""The template of a family of distributions: formulas of its canonical parameters, no quantities.

A new family is a final subclass in a file of its own that gives its parameters with their domains,
the quantile function, the CDF and the moments, and a constructor that lists its parametrisations
(see `parametrisation.py`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.graph.domains import Domain
from guessmodel.graph.ends import Ends
from guessmodel.graph.variates import UNIFORM, QuantileFunction, StandardVariate
from guessmodel.numerics.arrays import BoolArray, FloatArray

__all__ = ["Family", "Frozen", "Transformed"]


class Family(ABC):
    """Abstract: all methods broadcast a point (or probability) against canonical parameters.
    `parameters` names these, in order, with the values that each may have.

    A family with a `base` is drawn by `transform` of that base variate, which is increasing in
    it; the others are drawn through their quantile function.
    """

    name: ClassVar[str]
    parameters: ClassVar[Mapping[str, Domain]]
    discrete: bool = False
    base: ClassVar[StandardVariate | None] = None

    @final
    @property
    def kind(self) -> StandardVariate:
        """The variate that a draw is made of where nothing else is said: the base, or a uniform."""
        return UNIFORM if self.base is None else self.base

    @property
    def has_density(self) -> bool:
        """Whether `pdf` tells all: no value has a probability of its own."""
        return not self.discrete

    # --- parameters -----------------------------------------------------------------------------

    def valid(self, *parameters: Any) -> BoolArray:
        """True where the parameters describe a distribution: each in its domain, and all of them
        together."""
        good: Any = True
        with np.errstate(all="ignore"):
            for domain, x in zip(self.parameters.values(), parameters, strict=True):
                good = good & domain.holds(x)
            return np.asarray(good & self.fit_together(*parameters), dtype=np.bool_)

    @final
    def as_inner(self) -> dict[str, Domain]:
        """The parameters under names for a family that is made of this one: it may have a `lower`
        of its own, and this one's `scale` does not scale it as a whole."""
        return {f"inner {name}": domain for name, domain in self.parameters.items()}

    def fit_together(self, *parameters: Any) -> Any:
        """True where parameters in their domains agree, as bounds do that increase. (So declared
        that families may name their parameters.)"""
        return True

    @abstractmethod
    def support(self, *parameters: Any) -> tuple[FloatArray, FloatArray]:
        """Smallest and largest value (infinite where there is none)."""

    def ends(self, *parameters: Any) -> Ends | None:
        """How it falls towards both ends, at parameters that are numbers; None: nothing is known,
        and moments are taken to exist. (So declared that families may name their parameters.)"""
        return None

    # --- statistics -----------------------------------------------------------------------------

    @abstractmethod
    def mean(self, *parameters: Any) -> FloatArray:
        """Mean; NaN where it does not exist, infinite where it diverges."""

    @abstractmethod
    def variance(self, *parameters: Any) -> FloatArray:
        """Variance; NaN where it does not exist, infinite where it diverges."""

    # --- evaluation -----------------------------------------------------------------------------

    @abstractmethod
    def pdf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        """Density, or probability of exactly `x` for a discrete family."""

    @abstractmethod
    def cdf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        """Probability of at most `x`."""

    @abstractmethod
    def sf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        """Probability of more than `x`, accurate where it is small."""

    @abstractmethod
    def ppf(self, p: ArrayLike, *parameters: Any) -> FloatArray:
        """Quantile at `p`, accurate where `p` is small."""

    @abstractmethod
    def isf(self, q: ArrayLike, *parameters: Any) -> FloatArray:
        """Quantile at `1 - q`, accurate where `q` is small."""

    def is_finite_at(self, p: float, *parameters: Any) -> bool:
        """Whether the quantiles at a small `p` and at `1 - p` are finite, at parameters that are
        numbers. (So declared that families may name their parameters.)"""
        return bool(np.isfinite([self.ppf(p, *parameters), self.isf(p, *parameters)]).all())

    # --- sampling -------------------------------------------------------------------------------

    def transform(self, *args: Any, **kwargs: Any) -> Any:
        """`transform(z, *parameters, out=None)`: the draw that belongs to a draw z of the base
        variate, increasing in z. (So declared that families may name their parameters.)"""
        raise NotImplementedError(f"{self.name} has no base variate")

    def jumps(self, *parameters: Any) -> Sequence[float]:
        """Probabilities of the base variate at which `transform` jumps, at parameters that are
        numbers; nan stands for one that is not constant. (So declared that families may name their
        parameters.)"""
        return ()

    @final
    def draw(self, p: FloatArray, *parameters: Any) -> FloatArray:
        """Quantile at `p` by whichever tail function is accurate there."""
        arrays = [np.asarray(x, dtype=np.float64) for x in (p, *parameters)]
        p = np.broadcast_to(arrays[0], np.broadcast_shapes(*(x.shape for x in arrays)))
        upper = p > 0.5
        out = np.empty(p.shape)
        # Each half alone: a quantile may cost microseconds.
        for half, quantile, tail in ((~upper, self.ppf, p), (upper, self.isf, 1.0 - p)):
            there = (
                x.reshape(()) if x.size == 1 else np.broadcast_to(x, p.shape)[half]
                for x in arrays[1:]
            )
            out[half] = quantile(tail[half], *there)
        return out


@final
@dataclass(frozen=True, slots=True)
class Frozen(QuantileFunction):
    """A family at constant parameters, as the source of a stratum table of its own."""

    family: Family
    parameters: tuple[float, ...]

    @property
    def discrete(self) -> bool:
        return self.family.discrete

    def ppf(self, p: FloatArray) -> FloatArray:
        return np.asarray(self.family.ppf(p, *self.parameters), dtype=np.float64)

    def isf(self, q: FloatArray) -> FloatArray:
        return np.asarray(self.family.isf(q, *self.parameters), dtype=np.float64)


@final
@dataclass(frozen=True, slots=True)
class Transformed(QuantileFunction):
    """A family at constant parameters, carried over from its base variate: the same draws as
    those of the base transformed one by one, but only the stratum table need be."""

    family: Family
    parameters: tuple[float, ...]

    @property
    def base(self) -> QuantileFunction:
        assert self.family.base is not None
        return self.family.base

    def transform_from_base(self, values: FloatArray) -> None:
        # A stratum table holds anything where it is never read.
        with np.errstate(all="ignore"):
            self.family.transform(values, *self.parameters, out=values)

    def ppf(self, p: FloatArray) -> FloatArray:
        return np.asarray(self.family.transform(self.base.ppf(p), *self.parameters))

    def isf(self, q: FloatArray) -> FloatArray:
        return np.asarray(self.family.transform(self.base.isf(q), *self.parameters))

    def transform(self, u: FloatArray, out: FloatArray) -> bool:
        done = self.base.transform(u, out)
        if done:
            self.transform_from_base(out)
        return done
