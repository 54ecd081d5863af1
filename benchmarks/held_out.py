"""Small models of the kind that people write, on which no constant was chosen."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from scipy import stats

import guessmodel as gm
from benchmarks.held_out_truth import HeldOut, Input

__all__ = ["MODELS"]


def normal(mean: float, sd: float) -> Input:
    return Input(lambda **dim: gm.normal(mean=mean, sd=sd, **dim), stats.norm(mean, sd))


def lognormal(mu: float, sigma: float) -> Input:
    known = stats.lognorm(sigma, scale=math.exp(mu))
    return Input(lambda **dim: gm.lognormal(mu=mu, sigma=sigma, **dim), known)


def uniform(low: float, high: float) -> Input:
    return Input(lambda **dim: gm.uniform(low, high, **dim), stats.uniform(low, high - low))


def gamma(shape: float, scale: float) -> Input:
    known = stats.gamma(shape, scale=scale)
    return Input(lambda **dim: gm.gamma(shape=shape, scale=scale, **dim), known)


def beta(a: float, b: float) -> Input:
    return Input(lambda **dim: gm.beta(alpha=a, beta=b, **dim), stats.beta(a, b))


def exponential(mean: float) -> Input:
    return Input(lambda **dim: gm.exponential(mean=mean, **dim), stats.expon(scale=mean))


def triangular(low: float, mode: float, high: float) -> Input:
    known = stats.triang((mode - low) / (high - low), low, high - low)
    return Input(lambda **dim: gm.triangular(low=low, mode=mode, high=high, **dim), known)


def weibull(shape: float, scale: float) -> Input:
    known = stats.weibull_min(shape, scale=scale)
    return Input(lambda **dim: gm.weibull(shape=shape, scale=scale, **dim), known)


def pareto(shape: float, scale: float) -> Input:
    known = stats.pareto(shape, scale=scale)
    return Input(lambda **dim: gm.pareto(shape=shape, scale=scale, **dim), known)


def student_t(df: float, location: float, scale: float) -> Input:
    known = stats.t(df, location, scale)
    return Input(lambda **dim: gm.student_t(df=df, location=location, scale=scale, **dim), known)


def bernoulli(p: float) -> Input:
    return Input(lambda **dim: gm.bernoulli(p, **dim), stats.bernoulli(p))


def poisson(mean: float) -> Input:
    return Input(lambda **dim: gm.poisson(mean, **dim), stats.poisson(mean))


def _lindley(m: Any, *x: Any) -> Any:
    wait = 0.0 * x[0]
    for service, arrival in zip(x[:5], x[5:], strict=True):
        wait = m.maximum(wait + service - arrival, 0.0)
    return wait


def _events(m: Any, *x: Any) -> Any:
    return sum((k + 1.0) * (y > 15.3) for k, y in enumerate(x[:-1])) + x[-1]


def _of_three(m: Any, a: Any, b: Any, c: Any) -> Any:
    return m.maximum(m.minimum(a, b), m.minimum(m.maximum(a, b), c))


def _present_value(m: Any, cash: Any, rate: Any, invested: Any) -> Any:
    return m.total(cash / (1.0 + rate) ** m.each(range(1, 9))) - invested


def _of_sum(*known: Any) -> tuple[float, float]:
    """Standard deviation and skewness of a sum of independent numbers: their cumulants add up."""
    variance = sum(float(each.var()) for each in known)
    third = sum(float(each.stats("s")) * float(each.std()) ** 3 for each in known)
    return math.sqrt(variance), third / variance**1.5


def _perils() -> tuple[float, float, float]:
    """Each is a sum of independent numbers, whose cumulants add up."""
    mean, variance, third = 10.0, 1.0, 0.0
    for p, loss in (
        (0.05, stats.lognorm(0.8, scale=math.exp(3))),
        (0.02, stats.lognorm(0.5, scale=math.exp(4))),
    ):
        raw = [p * float(loss.moment(k)) for k in (1, 2, 3)]
        sd, skewness = _of_raw(*raw)
        mean += raw[0]
        variance += sd**2
        third += skewness * sd**3
    return mean, math.sqrt(variance), third / variance**1.5


def _of_raw(mean: float, square: float, cube: float) -> tuple[float, float]:
    """By E[X], E[X²] and E[X³]."""
    variance = square - mean**2
    return math.sqrt(variance), (cube - 3 * mean * square + 2 * mean**3) / variance**1.5


def _deductible() -> tuple[float, float]:
    z = np.linspace(-9.0, 9.0, 20_001)
    weights = stats.norm.pdf(z) * (z[1] - z[0])
    nodes, shares = np.polynomial.legendre.leggauss(60)
    paid = np.maximum(np.exp(1 + z) * (1 + 0.2 * nodes[:, None]) - 3, 0) * 0.8
    first, second, third = (float(shares / 2 @ (paid**k @ weights)) for k in (1, 2, 3))
    return _of_raw(first, second, third)


def _whole_nodes() -> tuple[float, float]:
    edges = np.linspace(8, 15, 1001)
    size = (edges[1:] + edges[:-1]) / 2
    shares = np.diff(stats.triang(2 / 7, 8, 7).cdf(edges))
    whole = np.arange(2000.0)  # of which P(ceil(load / size) > n) is summed
    loads = stats.lognorm(0.6, scale=math.exp(5))
    beyond = np.array([shares @ loads.sf(n * size) for n in whole])
    price = stats.lognorm(0.3, scale=math.e)
    powers = (((whole + 1) ** k - whole**k) @ beyond * price.moment(k) for k in (1, 2, 3))
    return _of_raw(*map(float, powers))


def _utilised(m: Any, arrivals: Any, capacity: Any) -> Any:
    load = m.clip(arrivals / capacity, 0.0, 0.95)
    return load / (1.0 - load) / capacity


_TASKS = (triangular(4, 6, 10), triangular(3, 5, 9), triangular(5, 6, 12), triangular(2, 4, 8))
_RATES = (beta(41, 960), beta(53, 948))
MODELS: Final[dict[str, HeldOut]] = {
    name: HeldOut(inputs, f, *moments)
    for name, inputs, f, *moments in (
        (
            "critical path of five tasks",
            (*_TASKS, triangular(1, 2, 4)),
            lambda m, a, b, c, d, e: m.maximum(a + b, c + d) + e,
        ),
        (
            "tasks, and rework now and then",
            (lognormal(1, 0.4), lognormal(0.5, 0.5), bernoulli(0.2), uniform(1, 6)),
            lambda m, a, b, again, more: a + b + m.where(again, more, 0),
        ),
        ("slowest of eight", (lognormal(1, 0.5).along(8),), lambda m, x: m.highest(x)),
        (
            "overrun of a budget",
            (lognormal(3, 0.3), gamma(4, 2), normal(10, 2)),
            lambda m, a, b, c: m.maximum(a + b + c - 45, 0),
        ),
        ("queue at a clipped load", (gamma(20, 0.4), gamma(50, 0.2)), _utilised),
        (
            "whole nodes at a price",
            (lognormal(5, 0.6), triangular(8, 10, 15), lognormal(1, 0.3)),
            lambda m, load, size, price: m.ceil(load / size) * price,
            _whole_nodes,
        ),
        ("wait of the fifth customer", (exponential(1),) * 5 + (exponential(1.2),) * 5, _lindley),
        (
            "layer of a Pareto loss",
            (pareto(2.5, 1), lognormal(0, 0.3)),
            lambda m, x, inflation: m.clip(x * inflation - 2, 0, 5),
        ),
        ("number times severity", (poisson(3), gamma(2, 1.5)), lambda m, k, x: k * x),
        (
            "deductible of a skewed loss",
            (lognormal(1, 1), uniform(0.8, 1.2)),
            lambda m, x, cost: m.maximum(x * cost - 3, 0) * 0.8,
            _deductible,
        ),
        (
            "two perils and other cost",
            (bernoulli(0.05), lognormal(3, 0.8), bernoulli(0.02), lognormal(4, 0.5), normal(10, 1)),
            lambda m, a, x, b, y, c: a * x + b * y + c,
            _perils,
        ),
        (
            "resistance by two readings",
            (normal(5, 0.02), normal(0.02, 1e-4), uniform(-1e-3, 1e-3)),
            lambda m, v, i, resolution: (v + resolution) / i,
        ),
        (
            "length at a temperature",
            (normal(50, 0.001), uniform(11e-6, 12e-6), normal(0, 0.5), uniform(-0.5, 0.5)),
            lambda m, x, rate, t, u: x * (1 + rate * (t + u) * 1000),
        ),
        ("ship if it is better", _RATES, lambda m, a, b: m.where(b > a, (b - a) * 100, 0)),
        (
            "newsvendor",
            (normal(100, 20), normal(110, 5), uniform(4, 6)),
            lambda m, demand, stock, cost: 10 * m.minimum(demand, stock) - cost * stock,
        ),
        (
            "clipped, and noise",
            (normal(0, 1.5), normal(0, 0.2)),
            lambda m, x, noise: m.clip(x, -1, 2) + noise,
        ),
        (
            "cheaper of two sources",
            (lognormal(1, 0.5), lognormal(1.2, 0.3), uniform(1, 2)),
            lambda m, a, b, c: m.where(a < b, a * c, b * 1.5),
        ),
        ("median of three", (normal(0, 1), normal(0.5, 1.5), normal(-0.2, 0.7)), _of_three),
        (
            "tiers of a price",
            (lognormal(2, 0.6), lognormal(0, 0.2)),
            lambda m, x, rate: m.where(x < 5, 10, m.where(x < 10, 15, 25)) * rate,
        ),
        ("six events alike, and noise", (weibull(1.5, 10),) * 6 + (normal(3, 0.5),), _events),
        (
            "product of skewed factors",
            (lognormal(0, 1), gamma(0.5, 2), beta(2, 5)),
            lambda m, a, b, c: a * b * c,
        ),
        (
            "sum of skewed parts",
            (lognormal(0, 1.2), lognormal(1, 0.7), gamma(0.4, 3)),
            lambda m, a, b, c: a + b + c,
            lambda: _of_sum(
                stats.lognorm(1.2), stats.lognorm(0.7, scale=math.e), stats.gamma(0.4, scale=3)
            ),
        ),
        (
            "ratio of sums",
            (lognormal(1, 0.3), lognormal(0.5, 0.4), gamma(5, 0.5), normal(4, 0.5)),
            lambda m, a, b, c, d: (a + b) / (c + d),
        ),
        (
            "portfolio of nine risks",
            (uniform(0, 1).along(9), lognormal(1, 0.7).along(9), normal(5, 1)),
            lambda m, u, x, c: m.total((u < 0.08) * x) + c,
        ),
        (
            "net present value",
            (normal(100, 25).along(8), normal(0.07, 0.015), normal(500, 30)),
            _present_value,
        ),
        (
            "t and a lognormal",
            (student_t(5, 0, 1), lognormal(0, 0.5)),
            lambda m, a, b: a + b,
            lambda: _of_sum(stats.t(5), stats.lognorm(0.5)),
        ),
        (
            "tariff by a curve",
            (lognormal(1, 0.7), uniform(0.9, 1.1)),
            lambda m, x, f: m.interpolate(x, {0: 1, 2: 3, 5: 4, 20: 12}) * f,
        ),
        (
            "season and noise",
            (uniform(0, 2 * math.pi), lognormal(0, 0.3), normal(0, 0.3)),
            lambda m, t, a, noise: a * m.sin(t) + noise,
        ),
    )
}
