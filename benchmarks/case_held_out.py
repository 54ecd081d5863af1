"""How often intervals hold the truth, on models on which no constant was chosen, and how wide they
are; and for events of several inputs that are rounded together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
from scipy import stats

import guessmodel as gm
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
_Z: Final = 1.6448536269514722
_MARKED: Final = 0.5  # of the runs, from which on a cell says so
_UNTOLD: Final = 0.3  # of the errors that were made: what is true must be known better


def _estimates(model: gm.Model, n: int, seed: int) -> list[Estimate]:
    simulation = model.sample(n, seed=seed)
    y = simulation["y"]
    found = [y.mean(), y.sd(), *y.quantiles(*LEVELS), simulation["above"].probability()]
    return [*found, y.skewness(), y.shortfall(0.95)]


def _cells(held_out: HeldOut, n: int, runs: int) -> Iterator[str]:
    """Percent covered, and in brackets the median half-width as a multiple of that of the errors
    made."""
    model, truth = held_out.model(), held_out.truth
    found = zip(*(_estimates(model, n, seed) for seed in range(runs)), strict=True)
    for estimates, true, error in zip(found, truth.values, truth.errors, strict=True):
        kept = [e for e in estimates if e.reliable]
        if len(kept) < (1.0 - _MARKED) * runs:
            yield "marked"
            continue
        low, value, high = np.array([(e.low, e.value, e.high) for e in kept]).T
        made = math.sqrt(float(np.mean((value - true) ** 2)))
        told = float(np.median(np.maximum(value - low, high - value)))
        slack = error + 1e-9 * abs(true)
        if made <= slack:  # exact, or an atom that is always met
            yield "exact" if told <= slack else f"100 ({told:.1g} for 0)"
        elif error > _UNTOLD * made:
            yield "?"
        else:
            held = np.mean((low - slack <= true) & (true <= high + slack))
            yield f"{100 * held:.0f} ({told / _Z / made:.1f})"


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
            f"Percent of {runs} runs of {n:,} draws on nets whose interval holds the truth; in "
            "brackets how many times wider the typical interval is than the errors made (RMS) ask "
            "for. P: of more than about the 90th percentile; shortfall: beyond the 95th. "
            "?: what is true is not known well enough.\n\n"
        )
        title = f"Measured coverage: models on which nothing was chosen, {n:,} draws"
        sections.append(Section(title, text + table(["output", *STATISTICS], rows)))
    return [*sections, _together(50 if quick else 100)]
