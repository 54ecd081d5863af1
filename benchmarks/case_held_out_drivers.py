"""How often intervals hold what is true of what drives an output: shares, total effects, swings and
rank correlations, on models on which no constant was chosen and which are in no test.

No independent parts tell any of these exactly. What is true comes from SciPy's families and Sobol'
points alone: pick-freeze and held inputs over 2^17 points in 8 scramblings, whose spread tells its
own error.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.stats import qmc

import guessmodel as gm
from benchmarks.covered import EXPLANATION, covered
from benchmarks.held_out_truth import Input
from benchmarks.measure import Section, table
from guessmodel.analysis.drivers import Driver
from guessmodel.estimators.estimate import Estimate

__all__ = ["MODELS", "Driven", "run"]

FloatArray = NDArray[np.float64]

_RUNS: Final = ((1 << 12, 80), (1 << 15, 30))  # draws, and runs
_LOG_POINTS: Final = 17
_SCRAMBLES: Final = 8
_SHARE: Final = 0.05  # of an input's values beyond those at which it is held
_PERCENTILE: Final = 0.9
_ROUNDING: Final = 1e-12  # of the largest: what does not move at all

_SAME: Final = ("maximum", "minimum", "where", "ceil", "sin", "exp")
_NUMPY: Final = SimpleNamespace(**{name: getattr(np, name) for name in _SAME})
_OURS: Final = SimpleNamespace(**{name: getattr(gm, name) for name in _SAME})


def _uniform(low: float, high: float) -> Input:
    return Input(partial(gm.uniform, low, high), stats.uniform(low, high - low))


def _normal(mean: float, sd: float) -> Input:
    return Input(partial(gm.normal, mean=mean, sd=sd), stats.norm(mean, sd))


def _lognormal(median: float, sigma: float) -> Input:
    draw = partial(gm.lognormal, mu=math.log(median), sigma=sigma)
    return Input(draw, stats.lognorm(sigma, scale=median))


def _gamma(shape: float, scale: float) -> Input:
    return Input(partial(gm.gamma, shape=shape, scale=scale), stats.gamma(shape, scale=scale))


def _weibull(shape: float, scale: float) -> Input:
    draw = partial(gm.weibull, shape=shape, scale=scale)
    return Input(draw, stats.weibull_min(shape, scale=scale))


def _event(p: float) -> Input:
    return Input(partial(gm.bernoulli, p), stats.bernoulli(p))


def _number(rate: float) -> Input:
    return Input(partial(gm.poisson, rate), stats.poisson(rate))


@final
@dataclass(frozen=True)
class Driven:
    """An output as a function of functions, gm's or NumPy's, and of its inputs in their order."""

    inputs: Mapping[str, Input]
    function: Callable[..., Any]

    def model(self) -> gm.Model:
        made = {name: each.quantity() for name, each in self.inputs.items()}
        return gm.Model(**made, out=self.function(_OURS, *made.values()))

    def at(self, values: list[FloatArray]) -> FloatArray:
        return np.asarray(self.function(_NUMPY, *values), dtype=np.float64)


MODELS: Final[dict[str, Driven]] = {
    "profit of a shared volume": Driven(
        {"v": _lognormal(100, 0.4), "p": _normal(12, 1), "c": _gamma(9, 0.8)},
        lambda m, v, p, c: v * p - v * c,
    ),
    "newsvendor": Driven(
        {"d": _lognormal(100, 0.5), "s": _uniform(60, 140), "p": _normal(10, 1)},
        lambda m, d, s, p: p * m.minimum(d, s) - 4 * s,
    ),
    "longer of two paths": Driven(
        {"a": _gamma(4, 2), "b": _weibull(2, 6), "c": _lognormal(7, 0.5), "d": _gamma(1, 4)},
        lambda m, a, b, c, d: m.maximum(a + b, c + d),
    ),
    "share of two, and noise": Driven(
        {"a": _gamma(2, 1), "b": _gamma(3, 1), "n": _normal(0, 0.1)},
        lambda m, a, b, n: a / (a + b) + n,
    ),
    "queue at a capped load": Driven(
        {"load": _uniform(2, 6), "u": _gamma(20, 0.4), "w": _lognormal(3, 0.5)},
        lambda m, load, u, w: w * m.minimum(load / u, 0.9) / (1 - m.minimum(load / u, 0.9)),
    ),
    "claims above a deductible": Driven(
        {"n": _number(2), "x": _lognormal(3, 0.8), "d": _uniform(2, 6), "r": _normal(10, 2)},
        lambda m, n, x, d, r: m.maximum(n * x - d, 0) + r,
    ),
    "an event of 4%": Driven(
        {"e": _event(0.04), "x": _lognormal(30, 0.7), "k": _gamma(3, 2), "y": _normal(5, 1)},
        lambda m, e, x, k, y: m.maximum(e * x, k) + y * k / 5,
    ),
    "waves": Driven(
        {"a": _uniform(0, 1), "b": _normal(1, 0.5), "c": _gamma(1, 1)},
        lambda m, a, b, c: m.sin(6 * a) * b + m.sin(b * c),
    ),
    "whole nodes": Driven(
        {"load": _lognormal(8, 0.6), "u": _uniform(0.5, 0.9), "p": _gamma(4, 5)},
        lambda m, load, u, p: m.ceil(load / u) * p + load,
    ),
    "a cheaper way, above a volume": Driven(
        {"a": _lognormal(10, 0.5), "b": _gamma(5, 2.2), "t": _uniform(0, 1), "n": _normal(20, 4)},
        lambda m, a, b, t, n: m.where(n * t > 8, m.minimum(a, b), a) * n,
    ),
    "skewed, with a long tail": Driven(
        {"a": _lognormal(1, 1.0), "b": _gamma(0.6, 2), "c": _lognormal(1, 0.8)},
        lambda m, a, b, c: m.maximum(a, b) * c + a,
    ),
    "growth and a cut": Driven(
        {
            "r": _normal(0.05, 0.04),
            "s": _normal(0.2, 0.1),
            "x": _lognormal(50, 0.2),
            "k": _event(0.3),
        },
        lambda m, r, s, x, k: x * m.exp(5 * r) * (1 - k * s) - x * m.exp(2 * r),
    ),
}

# What is asked, by a statistic that sensitivity is about, of a driver, and what is true of it.
_COLUMNS: Final = (
    "alone", "in all", "at 5%", "at 95%", "swing", "rank",
    "alone, p90", "in all, p90", "swing, p90", "swing, sd",
)  # fmt: skip


def _true(driven: Driven) -> dict[str, tuple[FloatArray, FloatArray]]:
    """By input, of each column what is true, and its standard error."""
    families = [each.known for each in driven.inputs.values()]
    count, both = len(families), []
    for scramble in range(_SCRAMBLES):
        net = qmc.Sobol(2 * count, scramble=True, rng=np.random.default_rng([7, scramble]))
        u = np.clip(net.random_base2(_LOG_POINTS), 1e-12, 1 - 1e-12)
        sides = [[f.ppf(u[:, k + side]) for k, f in enumerate(families)] for side in (0, count)]
        both.append((*sides, *map(driven.at, sides)))
    whole = np.concatenate([y for _, _, y, _ in both])
    centre, limit = float(whole.mean()), float(np.quantile(whole, _PERCENTILE))
    found = {}
    for k, name in enumerate(driven.inputs):
        rows = []
        for a, b, y, other in both:
            kept = driven.at([*b[:k], a[k], *b[k + 1 :]])
            anew = driven.at([*a[:k], b[k], *a[k + 1 :]])
            shares = []
            for seen in (lambda v: v - centre, lambda v: (v > limit) + _PERCENTILE - 1.0):
                one, two, same, moved = map(seen, (y, other, kept, anew))
                variance = float(np.mean(one * one))
                shares.append(float(np.mean(one * (same - two))) / variance)
                shares.append(0.5 * float(np.mean((one - moved) ** 2)) / variance)
            held = [
                driven.at([*a[:k], np.full_like(a[k], families[k].ppf(p)), *a[k + 1 :]])
                for p in (_SHARE, 1.0 - _SHARE)
            ]
            low, high = (float(each.mean()) for each in held)
            ends = [float(np.quantile(each, _PERCENTILE)) for each in held]
            rank = float(stats.spearmanr(a[k], y).statistic)
            sds = [float(each.std()) for each in held]
            rows.append(
                [
                    *(shares[0], shares[1], low, high, high - low, rank, shares[2], shares[3]),
                    *(ends[1] - ends[0], sds[1] - sds[0]),
                ]
            )
        array = np.array(rows)
        found[name] = array.mean(axis=0), array.std(axis=0, ddof=1) / math.sqrt(_SCRAMBLES)
    return found


def _found(driven: Driven, n: int, seed: int) -> dict[str, list[Estimate]]:
    """The same by sensitivity."""
    run = driven.model().sample(n, seed=seed)
    mean, p90, sd = (run.sensitivity("out", of=of) for of in ("mean", "p90", "sd"))
    found = {}
    for name in driven.inputs:
        one, far, spread = mean[name], p90[name], sd[name]
        held = _held(one)
        found[name] = [
            *(one.first, _known(one.total), held.at_p5, held.at_p95, held.swing, one.rank),
            *(far.first, _known(far.total), _held(far).swing, _held(spread).swing),
        ]
    return found


def _held(driver: Driver) -> Any:
    assert driver.tornado is not None
    return driver.tornado


def _known(total: Estimate | None) -> Estimate:
    assert total is not None
    return total


def run(quick: bool) -> list[Section]:
    """For each number of draws a table with a row for each input."""
    true = {name: _true(driven) for name, driven in MODELS.items()}
    sections = []
    for n, runs in _RUNS:
        runs = runs // 4 if quick else runs
        rows: list[list[Any]] = []
        for name, driven in MODELS.items():
            each = [_found(driven, n, seed) for seed in range(runs)]
            for key in driven.inputs:
                values, errors = true[name][key]
                errors = np.maximum(errors, _ROUNDING * np.abs(values).max())
                cells = [
                    covered([found[key][k] for found in each], float(values[k]), float(errors[k]))
                    for k in range(len(_COLUMNS))
                ]
                rows.append([name, key, *cells])
        body = (
            f"Percent of {runs} runs of {n:,} draws on nets whose interval holds what is true; "
            "p90, sd: of that statistic in place of the mean. "
            f"{EXPLANATION}\n\n{table(['output', 'input', *_COLUMNS], rows)}"
        )
        sections.append(Section(f"Measured coverage: what drives an output, {n:,} draws", body))
    return sections
