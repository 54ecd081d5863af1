"""Families that data are fitted by: maximum likelihood for many samples at once.

All take samples (B, n) and give parameters (B, k), so that a parametric bootstrap is one call.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
from scipy import special, stats

from guessmodel.fitting.counts import dispersion, levels, mean, whole
from guessmodel.graph.variates import QuantileFunction
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.squarable import power_of
from guessmodel.sampling.interpolation import QuantileTable

__all__ = ["FITTABLE", "FittableFamily"]


_ROUNDS: Final = 60
_SETTLED: Final = 1e-10
_SMALLEST, _LARGEST = 1e-3, 1e4  # shapes
_MANY: Final = 1 << 16  # numbers, from which on a table costs less
_LARGEST_OF_GAMMA: Final = 1e8  # their spread is then 1e-4 of the mean


@final
@dataclass(frozen=True, slots=True)
class FittableFamily:
    """A family: how it is estimated, and its distribution at parameters (k, …)."""

    name: str
    parameters: tuple[str, ...]
    above_0: bool
    estimate: Callable[[FloatArray], FloatArray]
    scipy: Any
    arguments: Callable[[FloatArray], Mapping[str, Any]]
    least: float | None = None
    """Of counts: the smallest there is."""
    largest: float | None = None
    """Of the first parameter, a shape, beyond which its equation is rounding noise."""

    @property
    def counts(self) -> bool:
        """Whether its values are whole numbers."""
        return self.least is not None

    def refusal(self, x: FloatArray) -> str | None:
        """Why these data cannot come from it."""
        if self.least is not None:
            return whole(x, self.least)
        if self.above_0 and not (x > 0.0).all():
            return "not all data are above 0"
        if self.largest is not None and self.estimate(x[None])[0, 0] >= self.largest:
            return f"the data vary too little beside their size for its {self.parameters[0]}"
        return None

    def possible(self, x: FloatArray) -> bool:
        """Whether there is a density by the fit to x: not where a spread is none."""
        return self.counts or len(self.parameters) == 1 or x.min() < x.max()

    def log_density(self, distribution: Any, x: FloatArray) -> FloatArray:
        """Logarithm of the density, or of the probability of a count."""
        with np.errstate(over="ignore"):  # SciPy's power in the far tail of a Weibull
            return np.asarray(distribution.logpmf(x) if self.counts else distribution.logpdf(x))

    def drawn(self, distribution: Any, u: FloatArray) -> FloatArray:
        """Quantiles at random numbers; zeros of what is above 0 are the least number there is."""
        if not self.counts:
            draws = _quantiles(distribution, u)
            return np.maximum(draws, np.finfo(np.float64).tiny) if self.above_0 else draws
        low, high = distribution.ppf([u.min(), u.max()])
        values = levels(low, high, u.size)
        if values is None:
            return np.asarray(distribution.ppf(u))
        place = np.searchsorted(np.asarray(distribution.cdf(values)), u)
        return np.asarray(values[np.minimum(place, values.size - 1)])

    def place(self, distribution: Any, x: FloatArray) -> FloatArray:
        """P(X < x) + P(X = x)/2."""
        if not self.counts:
            return np.asarray(distribution.cdf(x))
        values = levels(float(x.min()), float(x.max()), x.shape[-1])
        with np.errstate(divide="ignore"):  # SciPy's log(1 - p) of a geometric count at p = 1
            if values is None:
                return 0.5 * np.asarray(distribution.cdf(x) + distribution.cdf(x - 1.0))
            at = np.broadcast_to(values, (*x.shape[:-1], values.size))
            known = 0.5 * np.asarray(distribution.cdf(at) + distribution.cdf(at - 1.0))
        return np.take_along_axis(known, (x - values[0]).astype(np.intp), axis=-1)

    def frozen(self, parameters: FloatArray) -> Any:
        """The distribution of SciPy's at one set of parameters, or at (B, k) for values (B, n)."""
        columns = parameters if parameters.ndim == 1 else parameters.T[:, :, None]
        return self.scipy(**self.arguments(columns))


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Known(QuantileFunction):
    """A distribution of SciPy's."""

    distribution: Any

    def ppf(self, p: FloatArray) -> FloatArray:
        return np.asarray(self.distribution.ppf(p))

    def isf(self, q: FloatArray) -> FloatArray:
        return np.asarray(self.distribution.isf(q))


def _quantiles(distribution: Any, u: FloatArray) -> FloatArray:
    """Quantiles at random numbers, of which many are looked up in a table."""
    known = _Known(distribution)
    if u.size < _MANY:
        return known.ppf(u)
    out = np.empty(u.shape)
    QuantileTable.create(known).evaluate(u, out)
    return out


def _normal(x: FloatArray) -> FloatArray:
    power = power_of(x)  # as squares of large and of small numbers are no numbers
    near = np.ldexp(x, -power)
    found = np.stack([near.mean(axis=1), near.std(axis=1)], axis=1)
    return np.asarray(np.ldexp(found, power))


def _lognormal(x: FloatArray) -> FloatArray:
    return _normal(np.log(x))


def _exponential(x: FloatArray) -> FloatArray:
    return np.asarray(x.mean(axis=1, keepdims=True))


def _gamma(x: FloatArray) -> FloatArray:
    """Newton's method for log k − ψ(k) = log mean − mean log, in log k."""
    gap = np.maximum(np.log(x.mean(axis=1)) - np.log(x).mean(axis=1), 0.5 / _LARGEST_OF_GAMMA)
    k = (3.0 - gap + np.sqrt((gap - 3.0) ** 2 + 24.0 * gap)) / (12.0 * gap)
    for _ in range(_ROUNDS):
        wrong = np.log(k) - special.digamma(k) - gap
        step = wrong / (1.0 - k * special.polygamma(1, k))
        k = np.clip(k * np.exp(-np.clip(step, -1.0, 1.0)), _SMALLEST, _LARGEST_OF_GAMMA)
        if np.abs(step).max() < _SETTLED:
            break
    return np.stack([k, x.mean(axis=1) / k], axis=1)


def _weibull(x: FloatArray) -> FloatArray:
    """Newton's method for Σ x^k log x / Σ x^k − 1/k = mean log x, in log k."""
    y = np.log(x)
    middle = y.mean(axis=1, keepdims=True)
    y = y - middle
    k = 1.28 / np.maximum(y.std(axis=1), 1.0 / _LARGEST)
    for _ in range(_ROUNDS):
        with np.errstate(over="ignore"):
            w = np.exp(k[:, None] * (y - y.max(axis=1, keepdims=True)))
        total = w.sum(axis=1)
        first, second = (w * y).sum(axis=1) / total, (w * y * y).sum(axis=1) / total
        wrong = first - 1.0 / k
        step = wrong / (k * (second - first**2) + 1.0 / k)
        k = np.clip(k * np.exp(-np.clip(step, -1.0, 1.0)), _SMALLEST, _LARGEST)
        if np.abs(step).max() < _SETTLED:
            break
    top = y.max(axis=1)
    mean = np.log(np.exp(k[:, None] * (y - top[:, None])).mean(axis=1)) / k + top
    return np.stack([k, np.exp(mean + middle[:, 0])], axis=1)


def _logistic(x: FloatArray) -> FloatArray:
    """Fisher scoring: the information is 1/(3 s²) for the location, (3 + π²)/9 for log s."""
    location = np.median(x, axis=1)
    spread = _normal(x)[:, 1]
    s = np.maximum(spread * math.sqrt(3.0) / math.pi, np.finfo(np.float64).tiny)
    for _ in range(4 * _ROUNDS):
        z = (x - location[:, None]) / s[:, None]
        t = np.tanh(0.5 * z)
        move = 3.0 * t.mean(axis=1)
        grow = ((z * t).mean(axis=1) - 1.0) * 9.0 / (3.0 + math.pi**2)
        location = location + s * move
        s = s * np.exp(np.clip(grow, -1.0, 1.0))
        if max(np.abs(move).max(), np.abs(grow).max()) < _SETTLED:
            break
    return np.stack([location, s], axis=1)


FITTABLE: Final[Mapping[str, FittableFamily]] = {
    each.name: each
    for each in (
        FittableFamily(
            *("normal", ("mean", "sd"), False, _normal, stats.norm),
            lambda p: {"loc": p[0], "scale": p[1]},
        ),
        FittableFamily(
            *("lognormal", ("mu", "sigma"), True, _lognormal, stats.lognorm),
            lambda p: {"s": p[1], "scale": np.exp(p[0])},
        ),
        FittableFamily(
            *("exponential", ("mean",), True, _exponential, stats.expon),
            lambda p: {"scale": p[0]},
        ),
        FittableFamily(
            *("gamma", ("shape", "scale"), True, _gamma, stats.gamma),
            lambda p: {"a": p[0], "scale": p[1]},
            largest=_LARGEST_OF_GAMMA,
        ),
        FittableFamily(
            *("weibull", ("shape", "scale"), True, _weibull, stats.weibull_min),
            lambda p: {"c": p[0], "scale": p[1]},
            largest=_LARGEST,
        ),
        FittableFamily(
            *("logistic", ("location", "scale"), False, _logistic, stats.logistic),
            lambda p: {"loc": p[0], "scale": p[1]},
        ),
        FittableFamily(
            *("poisson", ("mean",), False, mean, stats.poisson),
            lambda p: {"mu": p[0]},
            least=0.0,
        ),
        FittableFamily(
            *("negative_binomial", ("mean", "dispersion"), False, dispersion, stats.nbinom),
            lambda p: {"n": p[1], "p": p[1] / (p[1] + p[0])},
            least=0.0,
        ),
        FittableFamily(
            *("geometric", ("mean",), False, mean, stats.geom),
            lambda p: {"p": 1.0 / np.maximum(p[0], 1.0)},
            least=1.0,
        ),
    )
}
"""By name."""
