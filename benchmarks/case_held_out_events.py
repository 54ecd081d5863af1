"""How often intervals hold what is true near jumps and events that are seldom or never met, of sums
of events, and of ratios of means; on models on which no constant was chosen and which are in no
test. What is true are closed forms, and integrals over one input by SciPy's quadrature."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, final

import numpy as np
from scipy import integrate, optimize, stats

import guessmodel as gm
from benchmarks.covered import EXPLANATION, covered
from benchmarks.measure import Section, table
from guessmodel.claims.claim import Claim
from guessmodel.claims.verdicts import judge
from guessmodel.estimators.estimate import Estimate

__all__ = ["JUMPS", "RATIOS", "SUMS", "run"]

_LEVELS: Final = (0.05, 0.3, 0.5, 0.7, 0.95)
_SIZES: Final = ((1 << 12, 100), (1 << 16, 40))  # draws, and runs
_NORMAL: Final = stats.norm()


@final
@dataclass(frozen=True)
class Jump:
    """A quantity whose CDF is known, and two values between which all that is asked for lies."""

    quantity: Callable[[], gm.Quantity]
    cdf: Callable[[float], float]
    low: float
    high: float

    def quantile(self, p: float) -> float:
        return float(
            optimize.brentq(lambda t: self.cdf(t) - p, self.low, self.high, xtol=1e-13, rtol=1e-13)
        )


def _mean(share: Callable[[float], float], known: Any, *turns: float) -> float:
    """E[share(X)], by quadrature between the places where it turns."""
    low, high = float(known.ppf(1e-15)), float(known.isf(1e-15))
    edges = sorted({low, *(t for t in turns if low < t < high), float(known.median()), high})
    return sum(
        float(integrate.quad(lambda x: share(x) * known.pdf(x), *ends, epsabs=1e-13, limit=200)[0])
        for ends in pairwise(edges)
    )


def _normal(mean: float, sd: float) -> gm.Quantity:
    return gm.normal(mean=mean, sd=sd)


def _larger(other: Callable[[], gm.Quantity], known: Any) -> Jump:
    """The larger of a standard normal number and another."""
    return Jump(
        lambda: gm.maximum(_normal(0, 1), other()),
        lambda t: float(_NORMAL.cdf(t) * known.cdf(t)),
        -9.0,
        1e3,
    )


def _capped() -> Jump:
    """A demand up to an uncertain capacity, and noise."""
    demand, capacity = stats.lognorm(0.5, scale=math.exp(4)), stats.norm(120, 10)

    def cdf(t: float) -> float:
        return _mean(lambda e: float(1 - demand.sf(t - e) * capacity.sf(t - e)), stats.norm(0, 3))

    return Jump(
        lambda: (
            gm.minimum(gm.lognormal(mu=4, sigma=0.5), _normal(120, 10)) + gm.normal(mean=0, sd=3)
        ),
        cdf,
        -20.0,
        300.0,
    )


def _newsvendor() -> Jump:
    """What is earned by a stock of an uncertain size."""
    demand, stock = stats.norm(100, 20), stats.norm(130, 8)

    def cdf(t: float) -> float:
        def share(s: float) -> float:
            return 1.0 if 5 * s <= t else float(demand.cdf((t + 5 * s) / 10))

        return _mean(share, stock, t / 5)

    def quantity() -> gm.Quantity:
        stock = _normal(130, 8)
        return 10 * gm.minimum(_normal(100, 20), stock) - 5 * stock

    return Jump(quantity, cdf, -2000.0, 2000.0)


def _over(above: Any, below: Any) -> Callable[[float], float]:
    """CDF of one over another of either sign: where Y < 0, X / Y <= t is X >= t Y."""

    def cdf(t: float) -> float:
        return _mean(lambda y: float((above.cdf if y > 0 else above.sf)(t * y)), below, 0.0)

    return cdf


def _surcharge() -> Jump:
    """A price, a tenth more and a fee beyond a limit, and noise."""
    price = stats.lognorm(0.6, scale=2.0)

    def paid(s: float) -> float:
        return float(price.cdf(min(s, 3.0) if s < 5.3 else (s - 2.0) / 1.1))

    def cdf(t: float) -> float:
        return _mean(lambda e: paid(t - e), stats.norm(0, 0.2), t - 3.0, t - 5.3)

    def quantity() -> gm.Quantity:
        x = gm.lognormal(mu=math.log(2), sigma=0.6)
        return gm.where(x > 3, 1.1 * x + 2, x) + gm.normal(mean=0, sd=0.2)

    return Jump(quantity, cdf, -2.0, 50.0)


def _claims() -> Jump:
    """A number of claims of one size."""
    number, size = stats.poisson(8).pmf(np.arange(60)), stats.weibull_min(0.8, scale=3)

    def cdf(t: float) -> float:
        return float(number[0] + number[1:] @ size.cdf(t / np.arange(1, 60)))

    return Jump(lambda: gm.poisson(8) * gm.weibull(shape=0.8, scale=3), cdf, 1e-12, 1e4)


JUMPS: Final[dict[str, Jump]] = {
    **{
        f"larger of a normal and another {shift} below": _larger(
            lambda shift=shift: _normal(-shift, 1),  # type: ignore[misc]
            stats.norm(-shift, 1),
        )
        for shift in (2, 4, 8)
    },
    "larger of a normal and a lognormal less 30": _larger(
        lambda: gm.lognormal(mu=1, sigma=0.8) - 30, stats.lognorm(0.8, -30, math.e)
    ),
    "larger of a normal and a gamma less 20": _larger(
        lambda: gm.gamma(shape=2, scale=1) - 20, stats.gamma(2, -20)
    ),
    "larger of a normal and a Student's t(3) 50 below": _larger(
        lambda: gm.student_t(df=3, location=-50, scale=1), stats.t(3, -50)
    ),
    "larger of a normal and a Student's t(2) 300 below": _larger(
        lambda: gm.student_t(df=2, location=-300, scale=1), stats.t(2, -300)
    ),
    "demand up to a capacity, and noise": _capped(),
    "newsvendor with an uncertain stock": _newsvendor(),
    "normal, and 30 more with probability 1e-6": Jump(
        lambda: _normal(0, 1) + 30 * gm.bernoulli(1e-6),
        lambda t: float((1 - 1e-6) * _NORMAL.cdf(t) + 1e-6 * _NORMAL.cdf(t - 30)),
        -9.0,
        50.0,
    ),
    "gamma over a uniform of either sign": Jump(
        lambda: gm.gamma(shape=2, scale=1) / gm.uniform(-1, 2.3),
        _over(stats.gamma(2), stats.uniform(-1, 3.3)),
        -1e3,
        1e3,
    ),
    "lognormal over a normal of either sign": Jump(
        lambda: gm.lognormal(mu=0, sigma=0.4) / _normal(2, 1.5),
        _over(stats.lognorm(0.4), stats.norm(2, 1.5)),
        -1e3,
        1e3,
    ),
    "a price with a surcharge, and noise": _surcharge(),
    "a number of claims of one size": _claims(),
}


def _shared_driver() -> tuple[gm.Quantity, float]:
    """Ten events, each where a driver that all share makes its own exponential pass 4."""
    driver = gm.uniform(0.5, 1.5)
    total = sum((k + 1) * (gm.exponential(mean=1) * driver > 4) for k in range(10))
    share = _mean(lambda d: math.exp(-4 / d), stats.uniform(0.5, 1))
    return total + gm.constant(0), 55 * share


def _labelled(count: int, p: float) -> tuple[gm.Quantity, float]:
    """Lognormals beyond a threshold, each as likely as the others."""
    threshold = float(stats.lognorm(0.5).isf(p))
    over = gm.lognormal(mu=0, sigma=0.5, dim={"i": range(count)}) > threshold
    return over.sum("i") * 1.0, count * p


def _named(p: float, count: int) -> tuple[gm.Quantity, float]:
    """Weibulls beyond a threshold, with losses of 1, 2, …"""
    threshold = float(stats.weibull_min(1.5).isf(p))
    total = gm.constant(0)
    for k in range(count):
        total = total + (k + 1) * (gm.weibull(shape=1.5, scale=1) > threshold)
    return total, count * (count + 1) / 2 * p


SUMS: Final[dict[str, Callable[[], tuple[gm.Quantity, float]]]] = {
    "10 risks of 1%": lambda: _named(0.01, 10),
    "10 risks of 20%": lambda: _named(0.2, 10),
    "3 risks of 5%": lambda: _named(0.05, 3),
    "10 risks of some 3% with a driver they share": _shared_driver,
    "100 labelled risks of 1%": lambda: _labelled(100, 0.01),
    "300 labelled risks of 7%": lambda: _labelled(300, 0.07),
}


def _regimes(p: float, size: float) -> gm.Quantity:
    return gm.where(gm.uniform(0, 1) < p, size, 1.0) * gm.uniform(0.9, 1.1)


def _factors() -> tuple[gm.Quantity, gm.Quantity, float]:
    a, b, c = (gm.lognormal(mu=0, sigma=0.8) for _ in range(3))
    return a * b * c, a, math.exp(0.64)


RATIOS: Final[dict[str, Callable[[], tuple[gm.Quantity, gm.Quantity, float]]]] = {
    "far regimes over a normal": lambda: (_regimes(0.04, 100), _normal(3, 0.5), (4 + 0.96) / 3),
    "regimes over regimes": lambda: (_regimes(0.12, 1000), _regimes(0.23, 50), 120.88 / 12.27),
    "three lognormals over one of them": _factors,
    "exponential over itself and another": lambda: (
        (x := gm.exponential(mean=2)),
        x + gm.weibull(shape=2, scale=1),
        2 / (2 + math.gamma(1.5)),
    ),
}


def _ratio(claim: Claim, simulation: Any) -> Estimate:
    (statement,) = claim.statements
    return judge(claim, statement, ("a", "b"), simulation).estimate


def _jumps(name: str, n: int, runs: int) -> Iterator[str]:
    jump = JUMPS[name]
    model = gm.Model(y=jump.quantity())
    found = [model.sample(n, seed=seed)["y"].quantiles(*_LEVELS) for seed in range(runs)]
    return map(covered, zip(*found, strict=True), map(jump.quantile, _LEVELS))


def _means(n: int, runs: int) -> Iterator[list[str]]:
    for name, build in SUMS.items():
        quantity, true = build()
        model = gm.Model(y=quantity)
        found = [model.sample(n, seed=seed)["y"].mean() for seed in range(runs)]
        yield ["mean", name, covered(found, true)]
    for name, both in RATIOS.items():
        a, b, true = both()
        model = gm.Model(a=a, b=b)
        claim = gm.claim_ratio_of_means(a, b, true, rtol=0.1)
        found = [_ratio(claim, model.sample(n, seed=seed)) for seed in range(runs)]
        yield ["ratio of means", name, covered(found, true)]


def run(quick: bool) -> list[Section]:
    """For each number of draws a table of percentiles near jumps, and one of means."""
    sections = []
    for n, runs in _SIZES:
        runs = runs // 4 if quick else runs
        text = (
            f"Percent of {runs} runs of {n:,} draws on nets whose interval holds what is true. "
            f"{EXPLANATION}\n\n"
        )
        rows = [[name, *_jumps(name, n, runs)] for name in JUMPS]
        columns = ["quantity", *(f"{p:.0%}" for p in _LEVELS)]
        title = f"Measured coverage: percentiles near jumps, {n:,} draws"
        sections.append(Section(title, text + table(columns, rows)))
        columns = ["statistic", "of", "percent"]
        title = f"Measured coverage: sums of events, and ratios of means, {n:,} draws"
        sections.append(Section(title, text + table(columns, [*_means(n, runs)])))
    return sections
