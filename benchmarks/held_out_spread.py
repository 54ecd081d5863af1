"""Skewed quantities whose moments no sum or product of parts tells exactly, and their true standard
deviation, skewness and kurtosis: by integrals over normal scores, and over survival functions. No
constant was chosen on them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray
from scipy import integrate, stats

import guessmodel as gm

__all__ = ["SPREADS", "Spread"]

FloatArray = NDArray[np.float64]

_Z: Final = np.linspace(-14.0, 14.0, 5601)
_WEIGHTS: Final = stats.norm.pdf(_Z) * (_Z[1] - _Z[0])
_LEAST: Final = 1e-43  # of a weight, below which nothing counts


@final
@dataclass(frozen=True)
class Spread:
    """A model of `y`, E[y^k] of k from 0 to 4, and what is given."""

    quantities: Callable[[], dict[str, gm.Quantity]]
    moments: Callable[[], Sequence[float]]
    given: str = ""

    @cached_property
    def truth(self) -> list[float]:
        _, m, m2, m3, m4 = self.moments()
        sd = math.sqrt(m2 - m * m)
        third, fourth = m3 - 3 * m * m2 + 2 * m**3, m4 - 4 * m * m3 + 6 * m * m * m2 - 3 * m**4
        return [sd, third / sd**3, fourth / sd**4]


def _at(known: Any) -> FloatArray:
    """Quantiles at the scores."""
    with np.errstate(all="ignore"):
        lower, upper = known.ppf(stats.norm.cdf(_Z)), known.isf(stats.norm.sf(_Z))
    found: FloatArray = np.where(_Z < 0.0, lower, upper)
    return found


def _of(f: Callable[[FloatArray], FloatArray], known: Any) -> list[float]:
    """Moments of a function of one draw."""
    y = f(_at(known))
    return [float(_WEIGHTS @ y**k) for k in range(5)]


def _of_two(f: Callable[[float, FloatArray], FloatArray], first: Any, second: Any) -> list[float]:
    """Moments of a function of two draws."""
    found = np.zeros(5)
    for x, weight in zip(_at(first).tolist(), _WEIGHTS.tolist(), strict=True):
        if weight > _LEAST:
            y = f(x, _at_second(second))
            found += weight * np.array([_WEIGHTS @ y**k for k in range(5)])
    return [float(each) for each in found]


_SECONDS: Final[dict[Any, FloatArray]] = {}


def _at_second(known: Any) -> FloatArray:
    if known not in _SECONDS:
        _SECONDS[known] = _at(known)
    return _SECONDS[known]


def _largest(*several: Any) -> list[float]:
    """Moments of the largest of independent draws: k y^(k-1) P(Y > y), integrated over log y."""
    logs = np.linspace(-30.0, 20.0, 400_001)
    y = np.exp(logs)
    below = sum(np.log1p(-np.minimum(each.sf(y), 1.0 - 1e-16)) for each in several)
    above = -np.expm1(below)
    return [1.0, *(float(integrate.simpson(k * y**k * above, x=logs)) for k in range(1, 5))]


def _times(*several: Sequence[float]) -> list[float]:
    return [math.prod(each) for each in zip(*several, strict=True)]


def _plus(x: Sequence[float], y: Sequence[float]) -> list[float]:
    return [sum(math.comb(k, j) * x[j] * y[k - j] for j in range(k + 1)) for k in range(5)]


def _raw(known: Any) -> list[float]:
    return _of(lambda x: x, known)


def _known(sigma: float, mu: float = 0.0) -> Any:
    return stats.lognorm(sigma, scale=math.exp(mu))


def _lognormal(sigma: float, mu: float = 0.0) -> gm.Quantity:
    return gm.lognormal(mu=mu, sigma=sigma)


def _margins() -> dict[str, gm.Quantity]:
    volume, factor = gm.gamma(shape=1, scale=3), _lognormal(0.6)
    price, cost = gm.uniform(4, 8), gm.triangular(1, 3, mode=2)
    other = factor * gm.normal(mean=1, sd=1)
    return {"y": volume * factor * price - volume * factor * cost + other}


def _of_margins() -> list[float]:
    margin = _plus(_raw(stats.uniform(4, 4)), _raw(stats.triang(0.5, -3, 2)))
    inner = _plus(_times(_raw(stats.expon(scale=3)), margin), _raw(stats.norm(1, 1)))
    return _times(_raw(_known(0.6)), inner)


def _poisson() -> list[float]:
    _, m, m2, m3, m4 = _raw(_known(0.8, 1.0))
    return [1.0, m, m2 + m, m3 + 3 * m2 + m, m4 + 6 * m3 + 7 * m2 + m]


def _sum_above_3() -> dict[str, gm.Quantity]:
    a, b = gm.exponential(mean=1), gm.exponential(mean=1)
    return {"y": a * _lognormal(0.8), "w": a + b}


def _part_of_sum() -> list[float]:
    """Of one exponential given that two have a sum above 3: its density is 1/4 up to 3."""
    flat = [3.0 ** (k + 1) / (k + 1) / 4.0 for k in range(5)]
    beyond = [
        integrate.quad(lambda x, k=k: x**k * math.exp(3.0 - x) / 4.0, 3.0, 80.0)[0]
        for k in range(5)
    ]
    return _times([a + b for a, b in zip(flat, beyond, strict=True)], _raw(_known(0.8)))


def _dependent() -> dict[str, gm.Quantity]:
    x = gm.normal(mean=0, sd=1)
    return {"y": gm.exp(0.7 * x + gm.normal(mean=0, sd=0.6)), "w": x}


def _of_dependent() -> list[float]:
    tail = stats.norm.sf
    above = [math.exp((0.7 * k) ** 2 / 2) * float(tail(1 - 0.7 * k) / tail(1)) for k in range(5)]
    return _times(_raw(_known(0.6)), above)


def _largest_of_three() -> gm.Quantity:
    two = gm.maximum(gm.gamma(shape=0.6, scale=3), gm.exponential(mean=2))
    return gm.maximum(two, _lognormal(0.8))


def _larger_and_more() -> gm.Quantity:
    larger = gm.maximum(gm.exponential(mean=2), _lognormal(0.6))
    return larger * _lognormal(0.7) + gm.gamma(shape=2, scale=1)


SPREADS: Final[dict[str, Spread]] = {
    "excess of a gamma by a lognormal": Spread(
        lambda: {"y": gm.maximum(gm.gamma(shape=1.5, scale=2) * _lognormal(0.6) - 4, 0)},
        lambda: _of_two(
            lambda a, b: np.maximum(a * b - 4, 0), stats.gamma(1.5, scale=2), _known(0.6)
        ),
    ),
    "excess of a Weibull and a lognormal": Spread(
        lambda: {"y": gm.maximum(gm.weibull(shape=0.8, scale=1) + _lognormal(0.8) - 4, 0)},
        lambda: _of_two(lambda a, b: np.maximum(a + b - 4, 0), stats.weibull_min(0.8), _known(0.8)),
    ),
    "a lognormal over a sum": Spread(
        lambda: {"y": (_lognormal(0.9) + 1) / (gm.uniform(1, 2) + gm.triangular(0, 2, mode=1))},
        lambda: _times(
            _of(lambda x: x + 1, _known(0.9)),
            _of_two(lambda a, b: 1 / (a + b), stats.uniform(1, 1), stats.triang(0.5, 0, 2)),
        ),
    ),
    "largest of three": Spread(
        lambda: {"y": _largest_of_three()},
        lambda: _largest(stats.gamma(0.6, scale=3), stats.expon(scale=2), _known(0.8)),
    ),
    "the larger times a lognormal, and a gamma": Spread(
        lambda: {"y": _larger_and_more()},
        lambda: _plus(
            _times(_largest(stats.expon(scale=2), _known(0.6)), _raw(_known(0.7))),
            _raw(stats.gamma(2)),
        ),
    ),
    "Poisson number at a lognormal rate": Spread(
        lambda: {"y": gm.poisson(_lognormal(0.8, 1.0)) + 0}, _poisson
    ),
    "margins that share volume and rate": Spread(_margins, _of_margins),
    "power of a sum": Spread(
        lambda: {"y": (gm.exponential(mean=1) + gm.exponential(mean=1)) ** 1.5},
        lambda: [math.gamma(2 + 1.5 * k) for k in range(5)],
    ),
    "a part times a lognormal, of a sum above 3": Spread(_sum_above_3, _part_of_sum, "w > 3"),
    "a power of what is above 1, and noise": Spread(_dependent, _of_dependent, "w > 1"),
}
