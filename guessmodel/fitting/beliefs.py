"""Families that an expert's quantiles are fitted by: least squares of probabilities.

θ minimises Σ (F(xᵢ; θ) − pᵢ)² over the quantiles xᵢ at pᵢ (A. O'Hagan and others 2006, "Uncertain
Judgements", section 6.3, as SHELF has it).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, final

import numpy as np
from scipy import optimize, stats

from guessmodel.fitting.families import FITTABLE
from guessmodel.numerics import normal as standard
from guessmodel.numerics.arrays import FloatArray

__all__ = ["BELIEFS", "Belief", "Known", "Support", "fitted"]


_DF: Final = 3  # of Student's t: tails of one who may be wrong


class Known(Protocol):
    """A distribution: probabilities and quantiles."""

    def cdf(self, x: Any) -> Any: ...
    def ppf(self, p: Any) -> Any: ...


@final
@dataclass(frozen=True, slots=True)
class Support:
    """Bounds that a quantity never leaves; infinite where there are none."""

    lower: float = -math.inf
    upper: float = math.inf

    @property
    def ends(self) -> str:
        """The ends that there are, in words."""
        one, other = math.isfinite(self.lower), math.isfinite(self.upper)
        return {(False, False): "none", (True, True): "both"}.get((one, other), "one")


@final
@dataclass(frozen=True, slots=True)
class Belief:
    """A family with two parameters: where it lives, its distribution, and a first guess from the
    location and spread of a normal variable (of logarithms, above 0; of logits, between 0 and 1).
    """

    name: str
    parameters: tuple[str, ...]
    ends: str  # "none", "one" or "both"
    positive: tuple[bool, ...]
    distribution: Callable[[FloatArray], Any]
    guess: Callable[[float, float], tuple[float, float]]


def _frozen(name: str) -> Callable[[FloatArray], Any]:
    return FITTABLE[name].frozen


BELIEFS: Final[Mapping[str, Belief]] = {
    each.name: each
    for each in (
        Belief(
            *("beta", ("alpha", "beta"), "both", (True, True)),
            lambda p: stats.beta(*p),
            lambda m, s: (2.0 / s**2 / (1.0 + math.exp(-m)), 2.0 / s**2 / (1.0 + math.exp(m))),
        ),
        Belief(
            *("lognormal", ("mu", "sigma"), "one", (False, True)),
            _frozen("lognormal"),
            lambda m, s: (m, s),
        ),
        Belief(
            *("gamma", ("shape", "scale"), "one", (True, True)),
            _frozen("gamma"),
            lambda m, s: (1.0 / (s * s), math.exp(m) * s * s),
        ),
        Belief(
            *("weibull", ("shape", "scale"), "one", (True, True)),
            _frozen("weibull"),
            lambda m, s: (1.2 / s, math.exp(m + 0.4 * s)),
        ),
        Belief(
            *("normal", ("mean", "sd"), "none", (False, True)),
            _frozen("normal"),
            lambda m, s: (m, s),
        ),
        Belief(
            *("student_t", ("location", "scale"), "none", (False, True)),
            lambda p: stats.t(_DF, *p),
            lambda m, s: (m, s),
        ),
        Belief(
            *("logistic", ("location", "scale"), "none", (False, True)),
            _frozen("logistic"),
            lambda m, s: (m, 0.55 * s),
        ),
    )
}
"""By name, in the order in which families that fit alike are preferred."""


def fitted(belief: Belief, x: FloatArray, p: FloatArray) -> FloatArray:
    """Parameters of the family, of quantiles x at p on its own support: (−∞, ∞), (0, ∞) or (0, 1).

    >>> x, p = np.array([30.0, 40.0, 50.0]), np.array([0.25, 0.5, 0.75])
    >>> fitted(BELIEFS["normal"], x, p).round(3)
    array([40.   , 14.826])
    """
    scale = 1.0
    if belief.ends == "none":
        scale = float(x[-1] - x[0])  # so that steps are of the order of 1
        line = x / scale
    else:
        line = np.log(x) if belief.ends == "one" else np.log(x) - np.log1p(-x)
    z = np.array([standard.quantile(each) for each in p])
    spread = float((line[-1] - line[0]) / (z[-1] - z[0]))
    first = belief.guess(float(line[0]) - float(z[0]) * spread, spread)
    start = [math.log(v) if above else v for v, above in zip(first, belief.positive, strict=True)]
    within = x / scale

    def parameters(u: FloatArray) -> FloatArray:
        bounded = np.clip(u, -700.0, 700.0)
        return np.where(belief.positive, np.exp(np.where(belief.positive, bounded, 0.0)), u)

    def off(u: FloatArray) -> FloatArray:
        with np.errstate(all="ignore"):
            return np.asarray(belief.distribution(parameters(u)).cdf(within) - p)

    found = optimize.least_squares(off, start, xtol=1e-14, ftol=1e-14, gtol=1e-14, max_nfev=500)
    made = parameters(found.x)
    if belief.ends == "none":
        made = made * scale
    return made
