"""How often intervals hold the truth, on models on which no constant was chosen, and how wide they
are; and for events of several inputs that are rounded together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from scipy import stats

import guessmodel as gm
from benchmarks.covered import EXPLANATION, covered
from benchmarks.held_out import MODELS
from benchmarks.held_out_truth import LEVELS, HeldOut
from benchmarks.measure import Section, table
from guessmodel.estimators.estimate import Estimate

__all__ = ["STATISTICS", "run"]

STATISTICS: Final = (
    *("mean", "sd"),
    *(f"{p:.0%}" for p in LEVELS),
    *("P", "skewness", "shortfall"),
)
_SIZES: Final = ((1 << 12, 100), (1 << 16, 50))  # draws, and runs


def _estimates(model: gm.Model, n: int, seed: int) -> list[Estimate]:
    simulation = model.sample(n, seed=seed)
    y = simulation["y"]
    found = [y.mean(), y.sd(), *y.quantiles(*LEVELS), simulation["above"].probability()]
    return [*found, y.skewness(), y.shortfall(0.95)]


def _cells(held_out: HeldOut, n: int, runs: int) -> Iterator[str]:
    model, truth = held_out.model(), held_out.truth
    found = zip(*(_estimates(model, n, seed) for seed in range(runs)), strict=True)
    return map(covered, found, truth.values.tolist(), truth.errors.tolist())


def _events(sd: float, np_: float, size: int) -> tuple[gm.Model, tuple[float, ...]]:
    """Six events of N p draws each, with penalties of 1 to 6, and noise; what is true of the mean,
    the median and P(above 10)."""
    p = np_ / size
    limit = float(stats.weibull_min(1.5, scale=10).isf(p))
    y = gm.normal(mean=3, sd=sd)
    for k in range(6):
        y = y + (k + 1) * (gm.weibull(shape=1.5, scale=10) > limit)
    shares = np.ones(1)  # of the sums 0 to 21
    for k in range(6):
        wider = np.zeros(shares.size + k + 1)
        wider[: shares.size] += (1 - p) * shares
        wider[k + 1 :] += p * shares
        shares = wider
    known = stats.norm(3 + np.arange(shares.size), sd)
    grid = np.linspace(-60, 80, 40_001)
    cdf = np.array([float(shares @ known.cdf(t)) for t in grid])
    median = float(np.interp(0.5, cdf, grid))
    return gm.Model(y=y, above=y > 10.0), (3 + 21 * p, median, float(shares @ known.sf(10.0)))


def _together(runs: int) -> Section:
    rows = []
    for sd in (0.5, 20.0):
        for np_ in (51.03, 51.9, 163.8, 307.5):
            model, true = _events(sd, np_, 1024)
            held = []
            for seed in range(runs):
                simulation = model.sample(1 << 13, seed=seed)
                y = simulation["y"]
                found = (y.mean(), y.median(), simulation["above"].probability())
                pairs = zip(found, true, strict=True)
                held.append([e.low <= value <= e.high for e, value in pairs])
            percents = (f"{100 * share:.0f}" for share in np.mean(held, axis=0))
            rows.append([f"{sd:g}", f"{np_:g}", *percents])
    text = (
        "Six events of inputs alike, with penalties of 1 to 6, and noise of standard deviation sd. "
        f"Percent of {runs} runs of 8 × 1,024 draws, in each of which N p draws meet an event on "
        "average.\n\n"
    )
    return Section(
        "Measured coverage: events that are rounded together",
        text + table(["sd", "N p", "mean", "median", "P"], rows),
    )


def run(quick: bool) -> list[Section]:
    """A table for each number of draws, and one of events."""
    sections = []
    for n, runs in _SIZES:
        runs = runs // 2 if quick else runs
        rows = [[name, *_cells(held_out, n, runs)] for name, held_out in MODELS.items()]
        text = (
            f"Percent of {runs} runs of {n:,} draws on nets whose interval holds what is true. "
            "P: of more than about the 90th percentile; shortfall: beyond the 95th. "
            f"{EXPLANATION}\n\n"
        )
        title = f"Measured coverage: models on which nothing was chosen, {n:,} draws"
        sections.append(Section(title, text + table(["output", *STATISTICS], rows)))
    return [*sections, _together(50 if quick else 100)]
