"""How often the 90% intervals of sampling errors hold the true value, over runs with seeds of
their own. True values are closed forms or quadrature by SciPy."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import integrate, optimize, stats

import guessmodel as gm
from benchmarks.measure import Section, table
from guessmodel.estimators import replicates as estimators
from guessmodel.estimators.estimate import Estimate

_N = 1 << 12
_RUNS = 400
_METHODS = ("nets", "lhs", "random")
_TAILS = (0.01, 0.05, 0.5, 0.95, 0.99)
_MIDDLE = (0.05, 0.5, 0.95)

_normal = stats.norm.cdf


@dataclass(frozen=True)
class Output:
    """A quantity, and what is known of it by other means."""

    quantity: gm.Quantity
    mean: float
    sd: float
    cdf: Callable[[float], float]
    conditional: tuple[float, ...] = _MIDDLE  # where conditional quantiles are looked at
    whole: bool = False

    def quantile(self, p: float) -> float:
        if self.whole:
            return float(next(k for k in range(10_000) if self.cdf(k) >= p))
        return float(optimize.brentq(lambda t: self.cdf(t) - p, -1e3, 1e4, xtol=1e-12))


def product() -> Output:
    """Three lognormals and a uniform factor."""
    a, b, c = (gm.lognormal(mu=0, sigma=0.6) for _ in range(3))
    s = 0.6 * math.sqrt(3.0)

    def cdf(t: float) -> float:
        if t <= 0.0:
            return 0.0
        return float(integrate.quad(lambda u: _normal(math.log(t / u) / s), 1, 2)[0])

    square = math.exp(2 * s * s) * 7 / 3  # E[u²] = 7/3
    mean = 1.5 * math.exp(s * s / 2)
    return Output(a * b / c * gm.uniform(1, 2), mean, math.sqrt(square - mean**2), cdf)


def products() -> Output:
    """The sum of two products of two lognormals each."""
    a, b, c, d = (gm.lognormal(mu=0, sigma=0.5) for _ in range(4))
    s = math.sqrt(0.5)

    def cdf(t: float) -> float:
        if t <= 0.0:
            return 0.0
        edge = math.log(t) / s

        def share(z: float) -> float:
            return stats.norm.pdf(z) * _normal(math.log(max(t - math.exp(s * z), 1e-300)) / s)

        return float(integrate.quad(share, -9, min(edge, 9), limit=200)[0])

    one = stats.lognorm(s)
    return Output(a * b + c * d, 2 * one.mean(), math.sqrt(2) * one.std(), cdf)


def modes() -> Output:
    """A choice of two normals, and noise."""
    chosen = gm.where(gm.uniform(0, 1) < 0.5, gm.normal(mean=0, sd=1), gm.normal(mean=6, sd=1))
    s = math.sqrt(2)
    return Output(
        chosen + gm.normal(mean=0, sd=1),
        3.0,
        math.sqrt(11.0),
        lambda t: 0.5 * _normal(t / s) + 0.5 * _normal((t - 6) / s),
    )


def twenty() -> Output:
    """The sum of 20 exponentials."""
    total = gm.exponential(mean=1) + gm.exponential(mean=1)
    for _ in range(18):
        total = total + gm.exponential(mean=1)
    known = stats.gamma(20)
    return Output(total, 20.0, math.sqrt(20.0), known.cdf)


def ratio() -> Output:
    """A lognormal times a normal, over two lognormals."""
    a, b, c = (gm.lognormal(mu=0, sigma=0.5) for _ in range(3))
    s = 0.5 * math.sqrt(3.0)
    z, weight = np.polynomial.hermite_e.hermegauss(80)
    x, weight = 10.0 + 1.2 * z, weight / weight.sum()
    x, weight = x[x > 0], weight[x > 0]

    def cdf(t: float) -> float:
        return float(weight @ _normal(np.log(t / x) / s)) if t > 0.0 else 0.0

    mean = 10.0 * math.exp(s * s / 2)
    square = (100.0 + 1.44) * math.exp(2 * s * s)
    quantity = a * gm.normal(mean=10, sd=1.2) / (b * c)
    return Output(quantity, mean, math.sqrt(square - mean**2), cdf)


def hierarchy() -> Output:
    """A normal whose scale is lognormal."""
    z, weight = np.polynomial.hermite_e.hermegauss(80)
    scale, weight = np.exp(0.5 * z), weight / weight.sum()
    return Output(
        gm.normal(mean=0, sd=gm.lognormal(mu=0, sigma=0.5)) + 5,
        5.0,
        math.exp(0.25),  # E[scale²] = exp(2 · 0.25)
        lambda t: float(weight @ _normal((t - 5) / scale)),
    )


def larger() -> Output:
    """The larger of two normals."""
    return Output(
        gm.maximum(gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)),
        1 / math.sqrt(math.pi),
        math.sqrt(1 - 1 / math.pi),
        lambda t: float(_normal(t) ** 2),
    )


def regimes() -> Output:
    """Two normals far apart; the gap between them is at 0.4."""
    far = gm.where(gm.uniform(0, 1) < 0.4, gm.normal(mean=0, sd=1), gm.normal(mean=20, sd=1))
    return Output(
        far,
        12.0,
        math.sqrt(1 + 0.24 * 400),
        lambda t: float(0.4 * _normal(t) + 0.6 * _normal(t - 20)),
        (0.39, 0.4, 0.41),
    )


def unlucky() -> Output:
    """Two normals that nearly touch; of every 512 draws 64.1 are of the second."""
    q = 64.1 / 512
    near = gm.where(gm.uniform(0, 1) < q, gm.normal(mean=5, sd=1), gm.normal(mean=0, sd=1))
    return Output(
        near,
        5 * q,
        math.sqrt(1 + 25 * q * (1 - q)),
        lambda t: float((1 - q) * _normal(t) + q * _normal(t - 5)),
        (0.85, 0.875, 0.9),
    )


def atoms() -> Output:
    """A Poisson number and little noise; the gap above 1 is at 0.19915."""
    number = stats.poisson(3)
    k = np.arange(60)

    def cdf(t: float) -> float:
        return float(number.pmf(k) @ _normal((t - k) / 0.05))

    gap = float(number.cdf(1))
    return Output(
        gm.poisson(3) + gm.normal(mean=0, sd=0.05),
        3.0,
        math.sqrt(3.0 + 0.0025),
        cdf,
        (gap - 0.005, gap, gap + 0.005),
    )


def whole() -> Output:
    """Whole numbers: a product of lognormals, rounded up."""
    a, b = (gm.lognormal(mu=0, sigma=0.5) for _ in range(2))
    known = stats.lognorm(math.sqrt(0.5))
    beyond = known.sf(np.arange(4000))  # P(ceil > k)
    mean = float(beyond.sum())
    square = float(((2 * np.arange(4000) + 1) * beyond).sum())
    return Output(
        gm.ceil(a * b),
        mean,
        math.sqrt(square - mean**2),
        lambda t: float(known.cdf(math.floor(t))),
        (),
        whole=True,
    )


def one() -> Output:
    """A function of one input."""
    known = stats.halfnorm()
    return Output(gm.abs(gm.normal(mean=0, sd=1)), known.mean(), known.std(), known.cdf, ())


OUTPUTS = {
    "product of 4 inputs": product,
    "sum of two products": products,
    "two modes": modes,
    "sum of 20 exponentials": twenty,
    "ratio of 4 inputs": ratio,
    "normal of unknown scale": hierarchy,
    "the larger of two": larger,
    "regimes far apart": regimes,
    "regimes that touch": unlucky,
    "Poisson and noise": atoms,
    "whole numbers (`ceil`)": whole,
    "function of one input": one,
}


# --- what is not integrated out is skewed ---------------------------------------------------------

_SCORES = np.linspace(-9.0, 9.0, 4001)
_WEIGHTS = stats.norm.pdf(_SCORES) * (_SCORES[1] - _SCORES[0])
_Z = stats.norm.ppf(0.95)


def _scores(family: stats.rv_continuous) -> np.ndarray:
    """Quantiles at normal scores, by the survival function in the upper half."""
    low, high = np.minimum(_SCORES, 0.0), np.maximum(_SCORES, 0.0)
    below, above = family.ppf(stats.norm.cdf(low)), family.isf(stats.norm.sf(high))
    return np.where(_SCORES < 0.0, below, above)


def _sum_cdf(part: stats.rv_continuous, values: np.ndarray) -> Callable[[float], float]:
    """CDF of the sum of a part and another whose values at normal scores are given (trapezoidal
    rule)."""
    return lambda t: float(_WEIGHTS @ part.cdf(t - values))


def skewed() -> dict[str, tuple[gm.Quantity, float, Callable[[float], float]]]:
    """Quantities, the probability that is looked at, and the CDF."""
    exp, gamma = gm.exp(gm.normal(-1, 3)), gm.gamma(shape=0.3, scale=2)
    small, wide = gm.lognormal(mu=0, sigma=0.3), gm.lognormal(mu=0, sigma=1.5)
    thin, pareto = gm.lognormal(1, 5), gm.pareto(scale=1, shape=1.2)
    tail, a, b = gm.student_t(-1, 1, df=3), gm.lognormal(1, 5), gm.normal(-1, 3)
    thin_scipy = stats.lognorm(math.log(5) / 2 / _Z, scale=math.sqrt(5))
    some = _SCORES[::10]
    weights = _WEIGHTS[::10] * 10.0
    product = np.outer(5.0 ** (0.5 + 0.5 * some / _Z), 1.0 + 2.0 * some / _Z)
    t = stats.t(3, scale=1.0 / stats.t(3).ppf(0.95))
    return {
        "exp(normal) + gamma of shape 0.3": (
            exp + gamma,
            0.95,
            _sum_cdf(stats.lognorm(2 / _Z, scale=math.e), _scores(stats.gamma(0.3, scale=2))),
        ),
        "lognormals of σ = 0.3 (5 times as large) and 1.5": (
            5 * small + wide,
            0.95,
            _sum_cdf(stats.lognorm(1.5), 5 * np.exp(0.3 * _SCORES)),
        ),
        "lognormal + Pareto of shape 1.2": (
            thin + pareto,
            0.95,
            _sum_cdf(stats.pareto(1.2), _scores(thin_scipy)),
        ),
        "Student's t(3) + lognormal · normal": (
            tail + a * b,
            0.05,
            lambda y: float(weights @ t.cdf(y - product) @ weights),
        ),
    }


def _skewed(runs: int) -> Section:
    rows = []
    for name, (quantity, p, cdf) in skewed().items():
        truth = Output(quantity, math.nan, math.nan, cdf).quantile(p)
        model = gm.Model(y=quantity)
        percents = []
        for n in (1 << 12, 1 << 16):
            found = [model.sample(n, seed=seed)["y"].quantile(p) for seed in range(runs)]
            percents.append(f"{100 * np.mean(_held(found, [truth] * runs)):.0f}")
        rows.append([name, f"{p:g}", *percents])
    return Section(
        "Measured coverage: what is not integrated out is skewed",
        f"Percent of {runs} runs on nets.\n\n"
        + table(["output", "p", "4,096 draws", "65,536 draws"], rows),
    )


def run(quick: bool) -> list[Section]:
    """Three tables: from draws alone, quantiles as they are shown, and hard ones of these."""
    runs = 60 if quick else _RUNS
    pooled, smooth = [], []
    for name, build in OUTPUTS.items():
        output = build()
        for method in _METHODS:
            drawn, conditional = covered(output, method, runs)
            shown = [name, method]
            *shares, low, middle, high = (f"{100 * share:.0f}" for share in drawn)
            pooled.append([*shown, *shares, f"{low}, {middle}, {high}"])
            if conditional:
                at = ", ".join(f"{p:.3g}" for p in output.conditional)
                percents = ", ".join(f"{100 * share:.0f}" for share in conditional)
                smooth.append([*shown, at, percents])
            name = ""
    uncertain = 164.5 * math.sqrt(0.09 / runs)
    return [
        Section(
            "Measured coverage: statistics of draws",
            f"Percent of {runs} runs of {_N:,} draws whose 90% interval holds the true value; each "
            f"figure is itself uncertain by {uncertain:.1f} (90%). P: of being below the true 5%, "
            "50% and 95%.\n\n"
            + table(
                ["output", "method", "mean", "sd", "1%", "5%", "50%", "95%", "99%", "P"],
                pooled,
            ),
        ),
        Section(
            "Measured coverage: quantiles as they are shown",
            "The same for `result.quantile(p)`, which is conditional where that is better; three "
            "p for each output.\n\n" + table(["output", "method", "p", "percent"], smooth),
        ),
        _skewed(runs),
    ]


def covered(output: Output, method: str, runs: int) -> tuple[list[float], list[float]]:
    """Shares of runs whose interval holds the truth: by statistic of draws, by quantile shown."""
    model = gm.Model(y=output.quantity)
    truths = [output.mean, output.sd, *map(output.quantile, _TAILS)]
    limits = [output.quantile(p) for p in _MIDDLE]
    truths += [output.cdf(limit) for limit in limits]
    shown = [output.quantile(p) for p in output.conditional]
    hits: dict[str, list[list[bool]]] = defaultdict(list)
    for seed in range(runs):
        result = model.sample(_N, seed=seed, method=method)["y"]
        rows = result.values.reshape(result.run.replicates, result.run.size)
        hits["drawn"].append(_held(_drawn(rows, limits), truths))
        found = result.quantiles(*output.conditional) if shown else []
        hits["shown"].append(_held(found, shown))
    drawn, asked = (np.mean(hits[key], axis=0).tolist() for key in ("drawn", "shown"))
    return drawn, asked


def _drawn(rows: np.ndarray, limits: list[float]) -> Iterator[Estimate]:
    yield estimators.mean(rows)
    yield estimators.sd(rows)
    yield from estimators.quantiles(rows, _TAILS)
    for limit in limits:
        yield estimators.probability(rows <= limit)


def _held(found: Iterator[Estimate] | list[Estimate], truths: list[float]) -> list[bool]:
    return [
        bool(e.low - 1e-12 <= truth <= e.high + 1e-12)
        for e, truth in zip(found, truths, strict=True)
    ]
