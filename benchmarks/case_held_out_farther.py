"""How often intervals hold what is true where no formula tells what hardly any draw meets:
functions of one's own, steep functions, labels that are chosen. The models are in no test. What is
true are closed forms, and integrals by SciPy's quadrature."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from scipy import special, stats

import guessmodel as gm
from benchmarks.measure import Section
from benchmarks.turned import Turned, integral, measured

__all__ = ["FARTHER", "run"]


def _bridge() -> Turned:
    """A loss if the load, a gamma variable, exceeds the strength, a Weibull one, as NumPy says."""
    load, strength = stats.gamma(3, scale=0.5), stats.weibull_min(8, scale=12)
    p = integral(lambda x: float(load.pdf(x) * strength.cdf(x)), 0, 2, 5, 10, 20)

    def quantity() -> gm.Quantity:
        def loss(load: Any, strength: Any) -> Any:
            return np.where(load > strength, 5e7, 0.0)

        draws = gm.gamma(shape=3, scale=0.5), gm.weibull(shape=8, scale=12)
        return gm.apply(loss, *draws) + gm.uniform(100, 200)

    return Turned(quantity, 5e7 * p + 150, p * 25e14 + 2 * 5e7 * p * 150 + 7e4 / 3)


def _vote() -> Turned:
    """A loss if all of four draws are above a level, of normal numbers with a mean of 1."""
    p = float(stats.norm.sf(2.6 - 1.0)) ** 4 * float(stats.norm.sf(1.0))

    def quantity() -> gm.Quantity:
        votes = [gm.normal(mean=1, sd=1) for _ in range(4)]
        other = gm.normal(mean=0, sd=1)

        def lost(*x: Any) -> Any:
            return np.where((np.minimum.reduce(x[:4]) > 2.6) & (x[4] > 1.0), 1e9, 0.0)

        return gm.apply(lost, *votes, other)

    return Turned(quantity, 1e9 * p, 1e18 * p)


def _dose() -> Turned:
    """A smooth step of a sum of lognormal doses in their logarithms: what SciPy calls expit."""
    mu, sd, at, slope = 1.0, math.hypot(0.4, 0.3), 3.6, 25.0

    def moment(k: int) -> float:
        def told(u: float) -> float:
            share = float(special.expit(slope * (u - at)))
            return share**k * float(stats.norm.pdf(u, mu, sd))

        return integral(told, at - 1, at - 0.2, at, at + 0.2, at + 1, at + 3)

    def quantity() -> gm.Quantity:
        dose = gm.lognormal(mu=mu, sigma=0.4) * gm.lognormal(mu=0, sigma=0.3)
        found: gm.Quantity = special.expit(slope * (gm.log(dose) - at))
        return 2e8 * found

    return Turned(quantity, 2e8 * moment(1), 4e16 * moment(2))


def _route() -> Turned:
    """Of four routes one is hardly ever the fastest; taken, it has a price of its own."""
    slow, fast = 30.0, stats.norm(10, 1)
    p = integral(
        lambda u: float(stats.norm.pdf(u, slow, 4)) * float(fast.sf(u)) ** 3, 2, 8, 10, 12, 20
    )

    def quantity() -> gm.Quantity:
        means = {"a": 10.0, "b": 10.0, "c": 10.0, "d": slow}
        spread = {"a": 1.0, "b": 1.0, "c": 1.0, "d": 4.0}
        time = gm.normal(mean=means, sd=spread, dim="route")
        return gm.where(time.idxmin("route") == "d", 1e8, 20.0)

    return Turned(quantity, 20 + (1e8 - 20) * p, 400 + (1e16 - 400) * p)


def _largest() -> Turned:
    """The largest of forty: thirty-nine are exponential, one is what hardly any draw shows."""
    many, one = 39, stats.norm(-3000, 700)

    def largest(x: float) -> float:
        return -math.expm1(many * math.log1p(-math.exp(-x))) if x > 0 else 1.0

    def moment(k: int) -> float:
        def beyond(x: float) -> float:
            return k * x ** (k - 1) * (largest(x) + (1 - largest(x)) * float(one.sf(x)))

        return integral(beyond, 0, 1, 3, 6, 12, 25, 40, 150, 400, 1200, 4000)

    def quantity() -> gm.Quantity:
        places = range(many + 1)
        usual = gm.exponential(mean=1, dim={"place": places})
        odd = gm.constant({k: 1.0 if k == 7 else 0.0 for k in places}, dim="place")
        each = usual * (1 - odd) + gm.normal(mean=-3000, sd=700) * odd
        return each.max("place")

    return Turned(quantity, moment(1), moment(2))


def _growth() -> Turned:
    """A power that takes over: of an exponential number plus a gamma one, which is a gamma one."""
    total, at, slope = stats.gamma(3), 24.0, 80.0

    def moment(k: int) -> float:
        def told(u: float) -> float:
            return float(special.expit(slope * math.log(u / at))) ** k * float(total.pdf(u))

        return integral(told, 8, 16, 20, 23, 24, 25, 30, 60)

    def quantity() -> gm.Quantity:
        x = (gm.exponential(mean=1) + gm.gamma(shape=2, scale=1)) / at
        return 1e10 * (1 - 1 / (1 + x**slope))

    return Turned(quantity, 1e10 * moment(1), 1e20 * moment(2))


def _claims() -> Turned:
    """More than 21 claims in two regions together, of Poisson numbers, cost 1e7 apiece."""
    number, limit = stats.poisson(6), 21

    def moment(k: int) -> float:
        counts = np.arange(limit + 1, 120)
        return float(np.sum(number.pmf(counts) * (counts - limit) ** k))

    def quantity() -> gm.Quantity:
        def beyond(a: Any, b: Any) -> Any:
            return 1e7 * np.clip(a + b - limit, 0, None)

        return gm.apply(beyond, gm.poisson(2), gm.poisson(4))

    return Turned(quantity, 1e7 * moment(1), 1e14 * moment(2))


def _cold_years() -> Turned:
    """A loss of the coldest years, given that they begin cold."""
    begin, level = -1.0, 6.4
    share = float(stats.norm.cdf(begin))
    p = (
        integral(
            lambda w: float(stats.norm.pdf(w) * stats.norm.sf(level + w)), -9, -6, -4, -2, begin
        )
        / share
    )

    def quantities() -> dict[str, gm.Quantity]:
        first, second = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
        lost = gm.apply(lambda a, b: np.where(b - a > level, 1e8, 0.0), first, second)
        return {"first": first, "y": lost}

    return Turned(quantities, 1e8 * p, 1e16 * p, f"first < {begin}")


FARTHER: Final[dict[str, Callable[[], Turned]]] = {
    "load above strength, in a function": _bridge,
    "four votes and another, in a function": _vote,
    "smooth step of a product of lognormals": _dose,
    "route that is hardly ever the fastest": _route,
    "largest of forty, one of another kind": _largest,
    "power of a sum that takes over": _growth,
    "excess of claims, in a function": _claims,
    "loss of years that begin cold, in a function": _cold_years,
}


def run(quick: bool) -> list[Section]:
    """One table: mean and deviation by numbers of draws."""
    return [measured("what lies farther out than all draws", FARTHER, quick)]
