"""Whether a family's formulas agree with each other, and with an independent implementation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.errors import public
from guessmodel.graph.family import Family
from guessmodel.numerics.arrays import FloatArray

__all__ = ["Reference", "check_family"]

_EPS = float(np.finfo(np.float64).eps)
_LEAST = float(np.finfo(np.float64).tiny)
_MANY = 1e6


class Reference(Protocol):
    """What `check_family` asks of an independent implementation: a frozen `scipy.stats`
    distribution has it all."""

    def cdf(self, x: Any) -> Any: ...
    def sf(self, x: Any) -> Any: ...
    def ppf(self, p: Any) -> Any: ...
    def isf(self, q: Any) -> Any: ...
    def mean(self) -> Any: ...
    def var(self) -> Any: ...


@public
def check_family(
    family: Family,
    parameters: Sequence[float],
    *,
    reference: Reference | None = None,
    tail: float = 1e-12,
    rtol: float = 1e-9,
    moments: bool = True,
) -> None:
    """Check the formulas of a continuous family, or of one of whole numbers, at some parameters.

    Support, density, CDF and quantile function must belong together, in both tails down to
    `tail`; mean and variance must be those of the quantile function, by numerical integration;
    `transform` of the base variate must be the quantile function again; NaN parameters (labels
    that are not applicable) must give NaN.

    Parameters
    ----------
    family : Family
    parameters : sequence of float
        Its canonical parameters.
    reference : scipy.stats frozen distribution, optional
        An independent implementation; its CDF, quantiles and moments are then compared as well.
    tail : float
        The smallest probability that is tried at either end.
    rtol : float
        Relative tolerance of probabilities and quantiles, beyond what rounding of the argument
        does to them.
    moments : bool
        Integrate the quantile function. Leave out where a moment converges too slowly, such as
        the variance of a Pareto of shape 2.01.

    Raises
    ------
    AssertionError
        Naming the family, its parameters, the formula and the point.

    Examples
    --------
    >>> from scipy import stats
    >>> from guessmodel.distributions.normal import Normal
    >>> check_family(Normal(), (3.0, 2.0), reference=stats.norm(3.0, 2.0))
    >>> check_family(Normal(), (3.0, 2.0), reference=stats.norm(3.0, 2.02))
    Traceback (most recent call last):
      ...
    AssertionError: normal(mean=3, sd=2): cdf at ... is ..., but the reference has ...
    """
    with np.errstate(all="ignore"):
        check = _Check.create(family, tuple(float(x) for x in parameters), tail, rtol)
        check.parameters_and_support()
        if family.discrete:
            check.counts()
        else:
            check.round_trip()
            check.density()
        if family.base is not None:
            check.base()
        if moments:
            check.moments()
        if reference is not None:
            check.reference(reference)


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Check:
    family: Family
    at: tuple[float, ...]
    rtol: float
    p: FloatArray  # probabilities from nearly 1/2 down to the tail
    low: FloatArray  # the quantiles at p
    high: FloatArray  # the quantiles at 1 - p
    spread: float  # between them, in the middle of the distribution
    largest: float  # size of the terms that a value is the sum of

    @staticmethod
    def create(family: Family, at: tuple[float, ...], tail: float, rtol: float) -> _Check:
        # No round numbers: formulas often have special cases there.
        steps = np.arange(0.0, 12.0 * -math.log10(2.0 * tail) + 1.0)
        p = np.maximum(0.4999 * 10.0 ** (-steps / 12.0), tail)
        low = np.asarray(family.ppf(p, *at), dtype=np.float64)
        high = np.asarray(family.isf(p, *at), dtype=np.float64)
        ends = [abs(float(end)) for end in family.support(*at)]
        largest = max([abs(float(low[0])), *(x for x in ends if math.isfinite(x))])
        return _Check(family, at, rtol, p, low, high, float(high[3] - low[3]), largest)

    # --- parts ------------------------------------------------------------------------------------

    def parameters_and_support(self) -> None:
        family, at = self.family, self.at
        if not np.all(family.valid(*at)):
            self.fail("valid() says that these are no parameters of it")
        for i, (name, domain) in enumerate(family.parameters.items()):
            for outside in domain.outside():
                if np.any(family.valid(*at[:i], outside, *at[i + 1 :])):
                    self.fail(f"valid() allows {name}={outside:g}, outside its domain {domain}")
        low, high = (float(x) for x in family.support(*at))
        if not low <= high:
            self.fail(f"support is {low:g} to {high:g}")
        for name, x in (("ppf", self.low), ("isf", self.high)):
            if not np.all((x >= low) & (x <= high)):
                self.fail(f"{name} leaves the support {low:g} to {high:g}")
        if np.any(np.diff(self.low) > 0.0) or np.any(np.diff(self.high) < 0.0):
            self.fail("quantiles are not increasing in the probability")
        if not self.low[0] <= self.high[0]:
            self.fail(f"ppf({self.p[0]}) lies above isf of the same")
        for end, above in ((low, 0.0), (high, 1.0)):
            if math.isfinite(end):
                beyond = end + (2.0 * above - 1.0) * (1.0 + abs(end))
                self.same("cdf", beyond, family.cdf(beyond, *at), above, 0.0)
                self.same("sf", beyond, family.sf(beyond, *at), 1.0 - above, 0.0)
                self.same("pdf", beyond, family.pdf(beyond, *at), 0.0, 0.0)
        if not at:
            return
        column = tuple(np.full((3, 1), value) for value in at)
        table = family.ppf(self.p[:5], *column)
        if table.shape != (3, 5) or not np.allclose(table, self.low[:5], rtol=1e-13, atol=0.0):
            self.fail("ppf over arrays of parameters differs from that at each of them")
        missing = tuple(math.nan for _ in at)
        for name in ("ppf", "isf", "cdf", "sf", "pdf"):
            if not np.isnan(getattr(family, name)(0.3, *missing)):
                self.fail(f"{name} at parameters that are NaN is not NaN")

    def round_trip(self) -> None:
        family, at = self.family, self.at
        for name, there, x, other in (
            ("cdf(ppf(p))", family.cdf, self.low, family.sf),
            ("sf(isf(q))", family.sf, self.high, family.cdf),
        ):
            known = self.inside(x)
            x, p = x[known], self.p[known]
            self.same(name, x, there(x, *at), p, self.slack(x, p))
            self.same(f"1 - {name}", x, other(x, *at), 1.0 - p, self.slack(x, 1.0 - p))

    def density(self) -> None:
        """The density is the slope of whichever tail is small, over a small part of its length."""
        family, at = self.family, self.at
        for there, x, sign in ((family.cdf, self.low, 1.0), (family.sf, self.high, -1.0)):
            known = self.inside(x)
            x, p = x[known], self.p[known]
            density = np.asarray(family.pdf(x, *at), dtype=np.float64)
            if not np.all(density >= 0.0):
                self.fail("pdf is negative or NaN")
            step = 1e-4 * p / density
            # Rounding is larger than so small a step: the slope is not known there.
            told = np.isfinite(step) & (step > 1e6 * self.rounding(x)) & (step > 1e6 * _LEAST)
            x, step, density = x[told], step[told], density[told]
            above, below = x + step, x - step
            slope = sign * (there(above, *at) - there(below, *at)) / (above - below)
            smooth = ~self.kinks(x, step, density)
            x, density, slope = x[smooth], density[smooth], slope[smooth]
            self.same("pdf", x, density, slope, 1e-5 * slope, "the slope of the CDF is")

    def kinks(self, x: FloatArray, step: FloatArray, density: FloatArray) -> Any:
        """Where the density itself changes too fast, or jumps, for a slope to be told."""
        near = [self.family.pdf(x + s * step, *self.at) for s in (-1.0, 1.0)]
        return np.max([np.abs(np.asarray(n) / density - 1.0) for n in near], axis=0) > 1e-2

    def base(self) -> None:
        family, at = self.family, self.at
        assert family.base is not None
        for name, wanted, z in (
            ("ppf", self.low, family.base.ppf(self.p)),
            ("isf", self.high, family.base.isf(self.p)),
        ):
            got = family.transform(z, *at, out=np.empty_like(z))
            slack = self.rtol * (np.abs(wanted) + self.spread)
            self.same(f"transform(base.{name})", self.p, got, wanted, slack)
            again = z.copy()
            family.transform(again, *at, out=again)
            if not np.array_equal(again, got):
                self.fail("transform in place differs from transform")

    def counts(self) -> None:
        """Whole numbers: the quantile is the first that has the probability."""
        family, at = self.family, self.at
        one = 1.0 + 1e3 * _EPS
        low, high = self.low, self.high
        if not np.array_equal(low, np.round(low)) or not np.array_equal(high, np.round(high)):
            self.fail("quantiles are not whole numbers")
        for name, met, missed in (
            ("ppf", family.cdf(low, *at) * one >= self.p, family.cdf(low - 1, *at) < self.p * one),
            ("isf", family.sf(high, *at) <= self.p * one, family.sf(high - 1, *at) * one > self.p),
        ):
            if not np.all(met & missed):
                bad = np.flatnonzero(~(met & missed))[0]
                self.fail(f"{name}({self.p[bad]:g}) is not the first value with that probability")
        values = self.values()
        mass = np.asarray(family.pdf(values, *at))
        rise = np.where(
            values < low[0],
            family.cdf(values, *at) - family.cdf(values - 1.0, *at),
            family.sf(values - 1.0, *at) - family.sf(values, *at),
        )
        self.same("probability", values, mass, rise, self.rtol * mass + 8.0 * _EPS)
        self.same("density between counts", 0.5, family.pdf(values[:1] + 0.5, *at), 0.0, 0.0)

    def values(self) -> FloatArray:
        """The whole numbers that matter, or the first million of them."""
        low, high = float(self.low[-1]), float(self.high[-1])
        return low + np.arange(min(high - low + 1.0, _MANY))

    def moments(self) -> None:
        family, at = self.family, self.at
        mean, variance = float(family.mean(*at)), float(family.variance(*at))
        if math.isnan(mean) != math.isnan(variance) or variance < 0.0:
            self.fail(f"mean is {mean:g} and variance is {variance:g}")
        if not math.isfinite(mean):
            return
        if family.discrete and self.high[-1] - self.low[-1] < _MANY:
            values = self.values()
            weights = np.asarray(family.pdf(values, *at))
        else:
            values, weights = self.nodes()
        centre = float(np.sum(weights * values) / np.sum(weights))
        scale = math.sqrt(variance) if math.isfinite(variance) else abs(self.high[0] - self.low[-1])
        self.same("mean", "", mean, centre, 1e-6 * scale + 1e-12 * abs(mean))
        if math.isfinite(variance):
            square = float(np.sum(weights * (values - centre) ** 2) / np.sum(weights))
            self.same("variance", "", variance, square, 1e-5 * square)

    def nodes(self) -> tuple[FloatArray, FloatArray]:
        """Values and weights: Gauss–Legendre in -log(2p) from each end, where tails are smooth."""
        from numpy.polynomial.legendre import leggauss

        points, weights = leggauss(12)
        edges = np.concatenate([np.linspace(0.0, 4.0, 161), np.geomspace(4.1, 680.0, 160)])
        half = np.diff(edges) / 2.0
        t = ((edges[:-1] + half)[:, None] + half[:, None] * points).ravel()
        weight = (half[:, None] * weights).ravel() * np.exp(-t) / 2.0
        p = np.exp(-t) / 2.0
        values = [self.family.ppf(p, *self.at), self.family.isf(p, *self.at)]
        x, w = np.concatenate(values), np.concatenate([weight, weight])
        known = np.isfinite(x)
        return x[known], w[known]

    def reference(self, other: Reference) -> None:
        family, at = self.family, self.at
        for name, x in (("cdf", self.low), ("sf", self.high)):
            known = self.inside(x)
            got, wanted = getattr(family, name)(x, *at), getattr(other, name)(x)
            p = np.maximum(self.p, _LEAST)
            slack = self.slack(x, p) + 10.0 * self.rtol * p + 2.0 * _EPS
            text = "the reference has"
            self.same(name, x[known], got[known], wanted[known], slack[known], text)
        for name, x in (("ppf", self.low), ("isf", self.high)):
            wanted = getattr(other, name)(self.p)
            slack = 100.0 * self.rtol * (np.abs(wanted) + self.spread) + _LEAST
            slack = slack + 8.0 * _EPS / np.asarray(family.pdf(x, *at))
            self.same(name, self.p, x, wanted, slack, "the reference has")
        # Others may compute the variance as a difference of squares.
        rounding = 16.0 * _EPS * float(np.nan_to_num(np.square(family.mean(*at)), posinf=0.0))
        for name, got, wanted, slack in (
            ("mean", family.mean(*at), other.mean(), _EPS * self.spread),
            ("variance", family.variance(*at), other.var(), rounding),
        ):
            if np.isfinite(got) or np.isfinite(wanted):
                slack = slack + 1e-8 * np.abs(wanted)
                self.same(name, "", got, wanted, slack, "the reference has")

    # --- tools ------------------------------------------------------------------------------------

    def inside(self, x: FloatArray) -> Any:
        """Quantiles that the float range holds, away from the ends of the support."""
        low, high = self.family.support(*self.at)
        return np.isfinite(x) & (x > low) & (x < high) & ((np.abs(x) > _LEAST) | (x == 0.0))

    def rounding(self, x: FloatArray) -> Any:
        """What rounding does to a value, and to the sum of location and multiple behind it."""
        return 4.0 * _EPS * np.maximum(np.abs(x), self.largest)

    def slack(self, x: FloatArray, p: FloatArray) -> Any:
        """Tolerance of a probability: relative, and what rounding of the value does to it."""
        return self.rtol * p + self.rounding(x) * np.asarray(self.family.pdf(x, *self.at))

    def same(
        self, what: str, at: Any, got: ArrayLike, wanted: ArrayLike, slack: Any, other: str = "not"
    ) -> None:
        here, there = np.broadcast_arrays(np.asarray(got, float), np.asarray(wanted, float))
        good = (np.abs(here - there) <= slack) | (here == there)
        if np.all(good):
            return
        i = int(np.flatnonzero(~good.ravel())[0])
        place = "" if isinstance(at, str) else f" at {np.broadcast_to(at, good.shape).flat[i]:.6g}"
        but = "" if other == "not" else "but "
        self.fail(f"{what}{place} is {here.flat[i]:.12g}, {but}{other} {there.flat[i]:.12g}")

    def fail(self, why: str) -> NoReturn:
        pairs = zip(self.family.parameters, self.at, strict=True)
        shown = ", ".join(f"{key}={value:g}" for key, value in pairs)
        raise AssertionError(f"{self.family.name}({shown}): {why}")
