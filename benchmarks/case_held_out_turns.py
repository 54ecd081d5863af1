"""How often intervals hold what is true of excesses and comparisons that hardly any draw meets, on
models that are in no test. What is true are closed forms, and integrals by SciPy's quadrature."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from scipy import stats

import guessmodel as gm
from benchmarks.measure import Section
from benchmarks.turned import Turned, integral, measured

__all__ = ["TURNS", "run"]


def _uniforms() -> Turned:
    """P(excess > t) = (0.03 - t)³/6."""
    low, high = 0.0, 1.0

    def quantity() -> gm.Quantity:
        total = sum((gm.uniform(low, high) for _ in range(2)), gm.uniform(low, high))
        return gm.maximum(total - 2.97, 0)

    return Turned(quantity, 0.03**4 / 24, 0.03**5 / 60)


def _both_waits() -> Turned:
    """Beyond 8 each of two exponentials begins anew: 16 and a gamma variable of shape 2."""

    def quantity() -> gm.Quantity:
        a, b = gm.exponential(mean=1), gm.exponential(mean=1)
        return gm.where(gm.minimum(a, b) > 8, (a + b) * 1e6, 0)

    p = math.exp(-16)
    return Turned(quantity, 1e6 * p * 18, 1e12 * p * (18**2 + 2))


def _apart() -> Turned:
    """One of two exponentials that are 14 apart. If it is the larger one it is 14 + Exp(2) +
    Exp(1), else Exp(2)."""

    def quantity() -> gm.Quantity:
        a, b = gm.exponential(mean=1), gm.exponential(mean=1)
        return gm.where(gm.abs(a - b) > 14, a, 0)

    half = math.exp(-14) / 2
    return Turned(quantity, half * (15.5 + 0.5), half * (15.5**2 + 1.25 + 0.5))


def _product() -> Turned:
    def quantity() -> gm.Quantity:
        a, b, c = (gm.lognormal(mu=0, sigma=sigma) for sigma in (1, 1, 0.5))
        return gm.where(a * b * c > math.exp(7.5), 2e6, 0)

    p = float(stats.norm.sf(7.5 / 1.5))
    return Turned(quantity, 2e6 * p, 4e12 * p)


def _counts() -> Turned:
    def quantity() -> gm.Quantity:
        number = gm.poisson(3) + gm.poisson(2)
        return gm.where(number >= 19, 1e4, 0) * gm.lognormal(mu=0, sigma=0.3)

    p = float(stats.poisson(5).sf(18))
    return Turned(quantity, 1e4 * p * math.exp(0.045), 1e8 * p * math.exp(0.18))


def _paretos() -> Turned:
    """E (X - t)⁺ of a Pareto variable of scale 1 and shape 5 is t^-4/4 from t = 1 on, and the mean
    of the square t^-3/6."""

    def beyond(t: float) -> float:
        return t**-4 / 4 if t >= 1 else 1 / 4 + 1 - t

    def squared(t: float) -> float:
        return t**-3 / 6 if t >= 1 else 1 / 6 + (1 - t) / 2 + (1 - t) ** 2

    def quantity() -> gm.Quantity:
        total = gm.pareto(scale=1, shape=5) + gm.pareto(scale=1, shape=5)
        return gm.maximum(total - 20, 0)

    def of_sum(f: Callable[[float], float]) -> float:
        return integral(lambda x: 5 * x**-6 * f(20 - x), 1, 2, 19, 100, 1e4)

    return Turned(quantity, of_sum(beyond), of_sum(squared))


def _either() -> Turned:
    """A sum with a common normal variable that is far above, or far below."""

    def quantity() -> gm.Quantity:
        a, b, common = (gm.normal(mean=0, sd=1) for _ in range(3))
        return gm.where((a + common > 6.5) | (common - b < -7), 1e7, 0)

    def share(q: float) -> float:
        above, below = stats.norm.sf(6.5 - q), stats.norm.sf(q + 7)
        return float(stats.norm.pdf(q) * (above + below - above * below))

    p = integral(share, -12, -3.5, 0, 3.2, 12)
    return Turned(quantity, 1e7 * p, 1e14 * p)


def _ratio() -> Turned:
    def quantity() -> gm.Quantity:
        ratio = gm.normal(mean=0, sd=1) / gm.gamma(shape=3, scale=1)
        return gm.where(ratio > 200, 1e6, 0) + gm.uniform(0, 2)

    size = stats.gamma(3)
    p = integral(lambda g: float(stats.norm.sf(200 * g) * size.pdf(g)), 0, 0.01, 0.05, 0.2)
    return Turned(quantity, 1 + 1e6 * p, 4 / 3 + p * (1e12 + 2e6))


def _by_label() -> Turned:
    """Of six labels and what they share, the excess of a sum of two exponentials each; the square
    has those of pairs, too, which are as far out only if what they share is."""
    limit = 24.0
    both = stats.gamma(2)

    def quantity() -> gm.Quantity:
        own = gm.exponential(mean={f"{k}": 1.0 for k in range(6)}, dim="line")
        return gm.maximum(own + gm.exponential(mean=1) - limit, 0).sum("line")

    def given(x: float) -> float:  # E (E - t)⁺ of an exponential variable
        t = limit - x
        return math.exp(-t) if t > 0 else 1 - t

    mean = 6 * (2 * float(stats.gamma(3).sf(limit)) - limit * float(both.sf(limit)))
    square = 6 * integral(lambda s: (s - limit) ** 2 * float(both.pdf(s)), limit, 60, 200)
    pairs = 30 * integral(lambda x: math.exp(-x) * given(x) ** 2, 0, limit, 60, 200)
    return Turned(quantity, mean, square + pairs)


def _shared_load() -> Turned:
    """What a Weibull load costs where it is above a lognormal strength."""
    load, strength = stats.weibull_min(2), stats.lognorm(0.15, scale=6.5)

    def quantity() -> gm.Quantity:
        x = gm.weibull(shape=2, scale=1)
        return gm.where(x > gm.lognormal(mu=math.log(6.5), sigma=0.15), x**2 * 1e6, 0)

    def moment(k: int) -> float:
        def share(x: float) -> float:
            return (x**2 * 1e6) ** k * float(load.pdf(x) * strength.cdf(x))

        return integral(share, 1, 4, 6, 12)

    return Turned(quantity, moment(1), moment(2))


TURNS: Final[dict[str, Callable[[], Turned]]] = {
    "excess of three uniforms": _uniforms,
    "two waits that are both long": _both_waits,
    "exponentials far apart": _apart,
    "product of three lognormals above a limit": _product,
    "sum of counts, times a lognormal": _counts,
    "excess of two Paretos": _paretos,
    "one or the other, with a normal they share": _either,
    "normal over a gamma above a limit, and noise": _ratio,
    "excesses of six labels that share a draw": _by_label,
    "cost of a load above an uncertain strength": _shared_load,
}


def run(quick: bool) -> list[Section]:
    """One table: mean and deviation by numbers of draws."""
    return [measured("excesses and comparisons that hardly any draw meets", TURNS, quick)]
