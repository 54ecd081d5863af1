"""How often intervals hold what is true where conditions that are combined hardly ever hold, on
models that are in no test. What is true are closed forms, and integrals by SciPy's quadrature."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from scipy import stats

import guessmodel as gm
from benchmarks.measure import Section
from benchmarks.turned import Turned, integral, measured

__all__ = ["CONDITIONS", "run"]


def _pumps() -> Turned:
    """At least three of five, by the binomial distribution, or all by a common cause."""
    own, cause, scale = 0.01, 2e-6, 1e6
    p = cause + (1 - cause) * float(stats.binom.sf(2, 5, own))

    def quantity() -> gm.Quantity:
        fails = gm.bernoulli(own, dim={"pump": list("abcde")}) | gm.bernoulli(cause)
        return (fails.sum("pump") >= 3) * gm.exponential(mean=scale)

    return Turned(quantity, p * scale, p * 2 * scale**2)


def _barriers() -> Turned:
    """Three barriers fail together; the loss is a gamma variable."""
    shares, loss = (0.97, 0.98, 0.99), stats.gamma(2, scale=1e6)
    p = math.prod(1 - share for share in shares)

    def quantity() -> gm.Quantity:
        stand = [gm.bernoulli(share) for share in shares]
        fail = (1 - stand[0]) * (1 - stand[1]) * (1 - stand[2])
        wear = gm.uniform(0, 2)
        return fail * gm.gamma(shape=2, scale=1e6) + wear * wear

    square = p * (float(loss.moment(2)) + 2 * float(loss.mean()) * 4 / 3) + 16 / 5
    return Turned(quantity, p * float(loss.mean()) + 4 / 3, square)


def _stations() -> Turned:
    """All of six are above a level, with weather that they share."""
    level = 4.4
    p = integral(
        lambda w: float(stats.norm.pdf(w) * stats.norm.sf((level - w) / 0.8) ** 6), -8, 0, 4, 12
    )

    def quantity() -> gm.Quantity:
        own = gm.normal(mean=0, sd=0.8, dim={"station": range(6)})
        return (own + gm.normal(mean=0, sd=1) > level).prod("station") * 1e6

    return Turned(quantity, 1e6 * p, 1e12 * p)


def _defects() -> Turned:
    """A number of twenty, of a chance that is a beta variable."""
    chance = stats.beta(2, 1e6)
    first, second = float(chance.mean()), float(chance.moment(2))

    def quantity() -> gm.Quantity:
        return gm.binomial(20, gm.beta(alpha=2, beta=1e6)) * 1e6

    return Turned(quantity, 2e7 * first, 1e12 * (20 * 19 * second + 20 * first))


def _bids() -> Turned:
    """The largest of three, of which one is hardly ever above the first."""
    tail = stats.lognorm(0.9, scale=0.2)

    def quantity() -> gm.Quantity:
        low, high = 9.0, 10.0
        bids = {
            "a": gm.uniform(low, high),
            "b": gm.uniform(low - 2, low - 1),
            "c": gm.lognormal(mu=math.log(0.2), sigma=0.9),
        }
        return gm.stack(bids, "bidder").max("bidder")

    def moment(k: int) -> float:
        def beyond(x: float) -> float:  # P(largest > x) d(x^k)
            return k * x ** (k - 1) * (1 - min(max(x - 9, 0), 1) * float(tail.cdf(x)))

        return (
            9**k
            + integral(beyond, 9, 10)
            + integral(lambda x: k * x ** (k - 1) * float(tail.sf(x)), 10, 12, 20, 100, 1e4)
        )

    return Turned(quantity, moment(1), moment(2))


def _bad_years() -> Turned:
    """An excess in years that begin badly, with what is common to both halves."""
    limit, begin = 8.0, 1.5
    share = float(stats.norm.sf(begin))

    def quantities() -> dict[str, gm.Quantity]:
        first, second = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1.2)
        return {"first": first, "y": gm.maximum(first + second - limit, 0) * 1e6}

    def moment(k: int) -> float:
        def given(w: float) -> float:
            z = (w - limit) / 1.2
            density, above = float(stats.norm.pdf(z)), float(stats.norm.sf(-z))
            if k == 1:
                return 1.2 * (density + z * above)
            return 1.44 * ((1 + z * z) * above + z * density)

        return integral(lambda w: given(w) * float(stats.norm.pdf(w)), begin, 4, 7, 14) / share

    return Turned(quantities, 1e6 * moment(1), 1e12 * moment(2), f"first > {begin}")


def _two_of_three() -> Turned:
    """Of a draw of yes or no, a comparison and a count."""
    a, b, c = 0.002, 0.003, -math.expm1(-0.004)
    p = a * b + a * c + b * c - 2 * a * b * c

    def quantity() -> gm.Quantity:
        parts = gm.bernoulli(a), gm.exponential(mean=1) > -math.log(b), gm.poisson(0.004) > 0
        return gm.where(parts[0] + parts[1] + parts[2] >= 2, 1e6, 0) * gm.uniform(0, 1)

    return Turned(quantity, p * 5e5, p * 1e12 / 3)


def _months() -> Turned:
    """Losses of twelve months that share a lognormal chance."""
    mu, sigma = math.log(1e-7), 1.0
    first, second = math.exp(mu + 0.5), math.exp(2 * mu + 2.0)

    def quantity() -> gm.Quantity:
        chance = gm.lognormal(mu=mu, sigma=sigma)
        return gm.bernoulli(chance, dim={"month": range(12)}).sum("month") * 1e7

    return Turned(quantity, 12e7 * first, 1e14 * (12 * first + 12 * 11 * second))


CONDITIONS: Final[dict[str, Callable[[], Turned]]] = {
    "three of five pumps, or a common cause": _pumps,
    "three barriers, and a gamma loss": _barriers,
    "all of six stations, with weather they share": _stations,
    "defects of a beta chance": _defects,
    "largest of three bids": _bids,
    "excess in years that begin badly": _bad_years,
    "two of a draw, a comparison and a count": _two_of_three,
    "losses of months that share a chance": _months,
}


def run(quick: bool) -> list[Section]:
    """One table: mean and deviation by numbers of draws."""
    return [measured("conditions that are hardly ever met together", CONDITIONS, quick)]
