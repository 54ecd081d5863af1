"""How often intervals hold the truth of modes, shortest intervals, moments of skewed quantities and
statistics under a condition, on models on which no constant was chosen. What is true are closed
forms of densities and CDFs, and integrals."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, final

import numpy as np
from scipy import optimize, stats

import guessmodel as gm
from benchmarks.covered import EXPLANATION, covered
from benchmarks.held_out_spread import SPREADS, Spread
from benchmarks.measure import Section, table
from guessmodel.estimators.estimate import Estimate

__all__ = ["CONDITIONS", "SHAPES", "run"]

_METHODS: Final = ("nets", "random")
_SHAPES: Final = ("mode", "50% low", "50% high", "90% low", "90% high")
_MOMENTS: Final = ("sd", "skewness", "kurtosis")
_CONDITIONS: Final = ("mean", "sd", "5%", "median", "95%", "P")


@final
@dataclass(frozen=True)
class Shape:
    """A quantity whose distribution is known, and its density's peak where that is a kink."""

    quantity: Callable[[], gm.Quantity]
    known: Any
    peak: float | None = None

    @cached_property
    def truth(self) -> list[float]:
        known = self.known
        peak = self.peak
        if peak is None:
            ends = known.ppf(0.001), known.ppf(0.999)
            grid = np.linspace(*ends, 20_001)
            near = grid[np.argmax(known.pdf(grid))]
            width = grid[1] - grid[0]
            peak = optimize.minimize_scalar(
                lambda x: -float(known.pdf(x)),
                bounds=(near - width, near + width),
                method="bounded",
                options={"xatol": 1e-10},
            ).x
        return [float(peak), *self._shortest(0.5), *self._shortest(0.9)]

    def _shortest(self, mass: float) -> tuple[float, float]:
        known = self.known
        starts = np.linspace(1e-6, 1.0 - mass - 1e-6, 2001)
        widths = known.ppf(starts + mass) - known.ppf(starts)
        k = int(np.argmin(widths))
        found = optimize.minimize_scalar(
            lambda u: float(known.ppf(u + mass) - known.ppf(u)),
            bounds=(starts[max(k - 1, 0)], starts[min(k + 1, 2000)]),
            method="bounded",
            options={"xatol": 1e-9},
        )
        return float(known.ppf(found.x)), float(known.ppf(found.x + mass))


@final
class _Known:
    """A distribution by its density and its CDF."""

    def __init__(
        self, pdf: Callable[[Any], Any], cdf: Callable[[Any], Any], low: float, high: float
    ):
        self.pdf, self.cdf = pdf, cdf
        self._grid = np.linspace(low, high, 400_001)
        self._shares = cdf(self._grid)

    def ppf(self, p: Any) -> Any:
        return np.interp(p, self._shares, self._grid)

    def mean(self) -> float:
        return float(np.trapezoid(self._grid * self.pdf(self._grid), self._grid))

    def std(self) -> float:
        squares = (self._grid - self.mean()) ** 2 * self.pdf(self._grid)
        return math.sqrt(float(np.trapezoid(squares, self._grid)))


def _extreme(known: Any, power: int, low: float, high: float) -> _Known:
    """The largest of several."""
    return _Known(
        lambda x: power * known.pdf(x) * known.cdf(x) ** (power - 1),
        lambda x: known.cdf(x) ** power,
        low,
        high,
    )


def _partial(x: Any) -> Any:
    """The integral of the lognormal's CDF up to x."""
    x = np.maximum(x, 1e-300)
    below = stats.norm.cdf((np.log(x) - 1.0) / 0.5 - 0.5) * math.exp(1.0 + 0.125)
    return x * _WIDE.cdf(x) - below


def _largest() -> gm.Quantity:
    parts = [gm.weibull(shape=2, scale=3) for _ in range(3)]
    return gm.maximum(gm.maximum(parts[0], parts[1]), parts[2])


def _regimes(x: Any, f: Callable[[Any], Any]) -> Any:
    return 0.65 * f(x) + 0.35 * f(x - 4.0)


_WIDE = stats.lognorm(0.5, scale=math.e)
SHAPES: Final[dict[str, Shape]] = {
    "normal + exponential": Shape(
        lambda: gm.normal(mean=0, sd=1) + gm.exponential(mean=1.5), stats.exponnorm(1.5)
    ),
    "largest of three Weibulls": Shape(_largest, _extreme(stats.weibull_min(2, scale=3), 3, 0, 20)),
    "ratio of gammas": Shape(
        lambda: gm.gamma(shape=4, scale=1) / gm.gamma(shape=6, scale=1), stats.betaprime(4, 6)
    ),
    "difference of exponentials": Shape(
        lambda: gm.exponential(mean=2) - gm.exponential(mean=2), stats.laplace(0, 2), peak=0.0
    ),
    "sum of two uniforms": Shape(
        lambda: gm.uniform(0, 1) + gm.uniform(0, 1), stats.triang(0.5, 0, 2), peak=1.0
    ),
    "normal over the root of a chi2": Shape(
        lambda: gm.normal(mean=0, sd=1) / gm.sqrt(gm.chi2(df=5) / 5), stats.t(5)
    ),
    "lognormal + uniform": Shape(
        lambda: gm.lognormal(mu=1, sigma=0.5) + gm.uniform(0, 2),
        _Known(
            lambda x: (_WIDE.cdf(x) - _WIDE.cdf(x - 2.0)) / 2.0,
            lambda x: (_partial(x) - _partial(x - 2.0)) / 2.0,
            0.0,
            60.0,
        ),
    ),
    "two regimes and noise": Shape(
        lambda: gm.where(gm.bernoulli(0.35), 4, 0) + gm.normal(mean=0, sd=1),
        _Known(
            lambda x: _regimes(x, stats.norm.pdf), lambda x: _regimes(x, stats.norm.cdf), -8, 12
        ),
    ),
    "share of a gamma in two": Shape(lambda: _share_of(3.0, 2.0), stats.beta(3, 2)),
    "product of three lognormals": Shape(
        lambda: gm.lognormal(mu=0, sigma=0.3) * _shifted() * gm.lognormal(mu=0, sigma=0.2),
        stats.lognorm(math.sqrt(0.09 + 0.16 + 0.04)),
    ),
}


def _share_of(a: float, b: float) -> gm.Quantity:
    part = gm.gamma(shape=a, scale=1)
    return part / (part + gm.gamma(shape=b, scale=1))


def _shifted() -> gm.Quantity:
    """A lognormal that no closed form sees, as it is shifted there and back."""
    return gm.lognormal(mu=0, sigma=0.4) + 1.0 - gm.uniform(1.0 - 1e-9, 1.0 + 1e-9)


@final
@dataclass(frozen=True)
class Condition:
    """Two quantities, a condition in text, and the first one's distribution given it."""

    parts: Callable[[], tuple[gm.Quantity, gm.Quantity]]
    text: str
    known: Any

    @cached_property
    def threshold(self) -> float:
        return float(self.known.ppf(0.8))

    def model(self) -> gm.Model:
        y, w = self.parts()
        return gm.Model(y=y, w=w, above=y > self.threshold)

    @cached_property
    def truth(self) -> list[float]:
        known = self.known
        return [
            float(known.mean()),
            float(known.std()),
            *(float(known.ppf(p)) for p in (0.05, 0.5, 0.95)),
            1.0 - float(known.cdf(self.threshold)),
        ]


def _beside(a: gm.Quantity, b: gm.Quantity) -> tuple[gm.Quantity, gm.Quantity]:
    return a, a + b


def _first_of_two() -> tuple[gm.Quantity, gm.Quantity]:
    return _beside(gm.exponential(mean=1), gm.exponential(mean=1))


def _share_and_sum() -> tuple[gm.Quantity, gm.Quantity]:
    a, b = gm.gamma(shape=3, scale=1), gm.gamma(shape=2, scale=1)
    return a / (a + b), a + b


def _number_and_price() -> tuple[gm.Quantity, gm.Quantity]:
    number = gm.poisson(2)
    return number * gm.lognormal(mu=0, sigma=0.5), number


def _loss_and_event() -> tuple[gm.Quantity, gm.Quantity]:
    event = gm.bernoulli(0.12)
    return gm.normal(mean=5, sd=1) + event * gm.exponential(mean=3), event


def _sum_and_part() -> tuple[gm.Quantity, gm.Quantity]:
    part = gm.uniform(0, 4)
    return part + gm.gamma(shape=2, scale=1), part


_COUNTS: Final = np.arange(3, 30)
_WEIGHTS: Final = stats.poisson(2).pmf(_COUNTS) / stats.poisson(2).sf(2)
_GAMMA: Final = stats.gamma(2)


def _gamma_sums(x: Any) -> Any:
    """The integral of the gamma's CDF up to x."""
    x = np.maximum(x, 0.0)
    return x * _GAMMA.cdf(x) - 2.0 * stats.gamma(3).cdf(x)


CONDITIONS: Final[dict[str, Condition]] = {
    "one exponential, of two with a sum above 3": Condition(
        _first_of_two,
        "w > 3",
        _Known(
            lambda x: np.where(x < 3, 0.25, np.exp(3 - x) / 4) * (x >= 0),
            lambda x: np.where(x < 3, np.maximum(x, 0) / 4, 1 - np.exp(3 - x) / 4),
            0.0,
            40.0,
        ),
    ),
    "a gamma's share in a sum above 7": Condition(_share_and_sum, "w > 7", stats.beta(3, 2)),
    "a number of at least 3, times a lognormal": Condition(
        _number_and_price,
        "w >= 3",
        _Known(
            lambda x: sum(
                w * stats.lognorm.pdf(x, 0.5, scale=k)
                for k, w in zip(_COUNTS, _WEIGHTS, strict=True)
            ),
            lambda x: sum(
                w * stats.lognorm.cdf(x, 0.5, scale=k)
                for k, w in zip(_COUNTS, _WEIGHTS, strict=True)
            ),
            0.0,
            200.0,
        ),
    ),
    "a loss where an event of 12% happens": Condition(
        _loss_and_event, "w == 1", stats.exponnorm(3.0, loc=5.0)
    ),
    "a sum where a part of it is below 1": Condition(
        _sum_and_part,
        "w < 1",
        _Known(
            lambda x: _GAMMA.cdf(x) - _GAMMA.cdf(x - 1.0),
            lambda x: _gamma_sums(x) - _gamma_sums(x - 1.0),
            0.0,
            40.0,
        ),
    ),
}


def _shapes(held_out: Shape, method: str, n: int, runs: int) -> Sequence[str]:
    model = gm.Model(y=held_out.quantity())

    def estimates(seed: int) -> list[Estimate]:
        y = model.sample(n, seed=seed, method=method)["y"]
        half, most = y.hdi(0.5), y.hdi(0.9)
        return [y.mode(), half.low, half.high, most.low, most.high]

    return _cells([estimates(seed) for seed in range(runs)], held_out.truth)


def _spreads(held_out: Spread, method: str, n: int, runs: int) -> Sequence[str]:
    model = gm.Model(**held_out.quantities())

    def estimates(seed: int) -> list[Estimate]:
        run = model.sample(n, seed=seed, method=method)
        y = (run.given(held_out.given) if held_out.given else run)["y"]
        return [y.sd(), y.skewness(), y.kurtosis()]

    return _cells([estimates(seed) for seed in range(runs)], held_out.truth)


def _given(held_out: Condition, method: str, n: int, runs: int) -> Sequence[str]:
    model = held_out.model()

    def estimates(seed: int) -> list[Estimate]:
        given = model.sample(n, seed=seed, method=method).given(held_out.text)
        y = given["y"]
        return [y.mean(), y.sd(), *y.quantiles(0.05, 0.5, 0.95), given["above"].probability()]

    return _cells([estimates(seed) for seed in range(runs)], held_out.truth)


def _cells(found: list[list[Estimate]], truth: list[float]) -> list[str]:
    return [covered(each, true) for each, true in zip(zip(*found, strict=True), truth, strict=True)]


def run(quick: bool) -> list[Section]:
    """Tables of shapes, of moments of skewed quantities, and of statistics under a condition."""
    n, runs = 1 << 12, 40 if quick else 200
    text = (
        f"Percent of {runs} runs of {n:,} draws whose interval holds what is true. "
        f"P: of a value above the 80th percentile. {EXPLANATION}\n\n"
    )

    def rows(cases: dict[str, Any], cells: Callable[..., Sequence[str]]) -> list[list[str]]:
        return [
            [name, method, *cells(case, method, n, runs)]
            for name, case in cases.items()
            for method in _METHODS
        ]

    return [
        Section(
            f"Measured coverage: {title}",
            text + table(["quantity", "method", *columns], rows(cases, cells)),
        )
        for title, columns, cases, cells in (
            ("modes and shortest intervals", _SHAPES, SHAPES, _shapes),
            ("spread and shape of skewed quantities", _MOMENTS, SPREADS, _spreads),
            ("under a condition", _CONDITIONS, CONDITIONS, _given),
        )
    ]
