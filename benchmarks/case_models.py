"""(c) to (e): a large model, a labelled one, uncertain parameters; against NumPy at equal n."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import xarray

import guessmodel as gm
from benchmarks.measure import (
    ABOUT_GAINS,
    GAINS,
    Section,
    gain_of_threads,
    interleaved,
    milliseconds,
    table,
)
from benchmarks.reference import PERCENTILES, lognormal
from guessmodel.estimators import replicates as estimators

_YEARS, _SCENARIOS = 50, 20


@dataclass(frozen=True)
class Rival:
    """A model, its outputs, and the same by hand in NumPy."""

    title: str
    model: gm.Model
    outputs: tuple[str, ...]
    by_hand: Callable[[int, int], dict[str, np.ndarray]]
    n: int

    def ours(self, n: int, method: str, threads: int) -> list[float]:
        """Three percentiles of every output (coordinate by coordinate)."""
        found = self.model.sample(
            n, seed=1, method=method, threads=threads, quantities=list(self.outputs)
        )
        results = [
            part
            for name in self.outputs
            for part in (found[name].by_label.values() if found[name].dims else [found[name]])
        ]
        return [e.value for result in results for e in result.quantiles(*PERCENTILES)]

    def drawn(self, n: int, threads: int = 1) -> object:
        """The draws alone, of all outputs."""
        found = self.model.sample(n, seed=1, threads=threads, quantities=list(self.outputs))
        return [found[name].values for name in self.outputs]

    def counted(self, n: int) -> list[float]:
        """Three percentiles of every output by order statistics of all draws, as NumPy has it."""
        found = self.model.sample(n, seed=1, threads=1, quantities=list(self.outputs))
        return [
            estimate.value
            for name in self.outputs
            for line in found[name].values.reshape(-1, found.run.samples)
            for estimate in estimators.quantiles(
                line.reshape(found.run.replicates, -1), PERCENTILES
            )
        ]

    def theirs(self, n: int) -> list[float]:
        """The same by hand."""
        arrays = self.by_hand(n, 1).values()
        return [
            float(x) for array in arrays for x in np.quantile(array, PERCENTILES, axis=-1).T.ravel()
        ]


# --- (c) 200 quantities, 40 inputs ----------------------------------------------------------------


def _recipe() -> list[tuple[str, int, int]]:
    """160 operations, drawn once: on the inputs first, then on earlier results and inputs."""
    rng = np.random.default_rng(7)
    steps = []
    for i in range(160):
        a = i if i < 40 else int(rng.integers(40, 40 + i))
        kind = ("+", "*", "/", "-", "max", "min")[int(rng.integers(6))]
        b = int(rng.integers(40)) if kind in "*/" else int(rng.integers(40 + i))
        steps.append((kind, a, b))
    return steps


def large() -> Rival:
    """40 lognormal and normal inputs, and 160 quantities of one operation each; ten outputs."""
    steps = _recipe()
    spans = [(1.0 + i / 40.0, 2.0 + i / 20.0) for i in range(40)]
    by_kind: dict[str, Callable[[Any, Any], Any]] = {
        "+": operator.add,
        "-": operator.sub,
        "*": operator.mul,
        "/": operator.truediv,
    }
    ours = by_kind | {"max": gm.maximum, "min": gm.minimum}
    theirs = by_kind | {"max": np.maximum, "min": np.minimum}
    nodes: list[gm.Quantity] = [
        gm.lognormal(*span) if i % 2 else gm.normal(*span) for i, span in enumerate(spans)
    ]
    for kind, a, b in steps:
        nodes.append(ours[kind](nodes[a], nodes[b]))
    outputs = [f"q{i}" for i in range(190, 200)]

    def by_hand(n: int, seed: int) -> dict[str, np.ndarray]:
        rng = np.random.default_rng(seed)
        found: list[np.ndarray] = []
        for i, (low, high) in enumerate(spans):
            mean, sd = (low + high) / 2.0, (high - low) / (2.0 * 1.6448536269514722)
            found.append(
                rng.lognormal(*lognormal(low, high), n) if i % 2 else rng.normal(mean, sd, n)
            )
        for kind, a, b in steps:
            found.append(theirs[kind](found[a], found[b]))
        return {name: found[int(name[1:])] for name in outputs}

    named = {f"q{i}": node for i, node in enumerate(nodes)}
    title = "(c) 200 quantities, 40 inputs, ten outputs"
    return Rival(title, gm.Model(**named), tuple(outputs), by_hand, 1 << 17)


# --- (d) 50 years x 20 scenarios ------------------------------------------------------------------


def labelled() -> Rival:
    """Revenue of 50 years in 20 scenarios, with growth by year, price by scenario, and noise in
    each of the 1000; asked for is the total of every scenario."""
    years = [str(2025 + i) for i in range(_YEARS)]
    scenarios = [f"s{i}" for i in range(_SCENARIOS)]
    prices = [(1.0 + i / 10.0, 2.0 + i / 5.0) for i in range(_SCENARIOS)]
    growth = gm.normal(dict.fromkeys(years, (-0.02, 0.06)), dim="year")
    demand = 100.0 * gm.exp(growth.cumsum("year"))
    price = gm.lognormal(dict(zip(scenarios, prices, strict=True)), dim="scenario")
    grid = {"year": years, "scenario": scenarios}
    low, high = (
        xarray.DataArray(np.full((_YEARS, _SCENARIOS), bound), grid, ["year", "scenario"])
        for bound in (0.9, 1.1)
    )
    noise = gm.lognormal(low, high)
    total = (demand * price * noise).sum("year")
    model = gm.Model(growth=growth, demand=demand, price=price, noise=noise, total=total)
    mean, sd = 0.02, 0.08 / (2.0 * 1.6448536269514722)
    spans = [lognormal(*span) for span in prices]

    def by_hand(n: int, seed: int) -> dict[str, np.ndarray]:
        rng = np.random.default_rng(seed)
        demand = 100.0 * np.exp(np.cumsum(rng.normal(mean, sd, (_YEARS, n)), axis=0))
        price = np.array([rng.lognormal(*span, n) for span in spans])
        noise = rng.lognormal(*lognormal(0.9, 1.1), (_YEARS, _SCENARIOS, n))
        return {"total": (demand[:, None, :] * price * noise).sum(axis=0)}

    title = "(d) 50 years × 20 scenarios, 1070 random coordinates, 20 outputs"
    return Rival(title, model, ("total",), by_hand, 1 << 13)


# --- (e) uncertain parameters ---------------------------------------------------------------------


def hierarchical() -> Rival:
    """Parameters that are quantities: a normal, a gamma and a beta of uncertain parameters."""
    mean, sd = gm.normal(8, 12), gm.lognormal(1, 3)
    shape = gm.lognormal(2, 5)
    demand = gm.normal(mean=mean, sd=sd)
    wait = gm.gamma(shape=shape, scale=2.0)
    share = gm.beta(alpha=shape, beta=3.0)
    total = demand * share + wait
    model = gm.Model(
        mean=mean, sd=sd, shape=shape, demand=demand, wait=wait, share=share, total=total
    )

    def by_hand(n: int, seed: int) -> dict[str, np.ndarray]:
        rng = np.random.default_rng(seed)
        mean = rng.normal(10.0, 2.0 / 1.6448536269514722, n)
        sd = rng.lognormal(*lognormal(1, 3), n)
        shape = rng.lognormal(*lognormal(2, 5), n)
        demand = rng.normal(mean, sd)
        return {"total": demand * rng.beta(shape, 3.0) + rng.gamma(shape, 2.0)}

    title = "(e) uncertain parameters of a normal, a gamma and a beta"
    return Rival(title, model, ("total",), by_hand, 1 << 15)


def run(quick: bool) -> list[Section]:
    """One table for all, and their threads."""
    rivals = [large(), labelled(), hierarchical()]
    rows, gains = [], []
    rounds = 5 if quick else 40
    for rival in rivals:
        n = rival.n
        cases: dict[str, Callable[[], object]] = {
            "nets": partial(rival.ours, n, "nets", 1),
            "random": partial(rival.ours, n, "random", 1),
            "counted": partial(rival.counted, n),
            "drawn": partial(rival.drawn, n),
            "numpy": partial(rival.theirs, n),
            "numpy drawn": partial(rival.by_hand, n, 1),
        }
        times = interleaved(cases, 3 if quick else 7)
        bases = {
            "nets": "numpy",
            "counted": "numpy",
            "drawn": "numpy drawn",
            "random": "numpy",
        }
        labels = {
            "counted": "`nets`, all draws and their order statistics",
            "drawn": "`nets`, draws alone",
        }
        for method, other in bases.items():
            median, base = times[method].median, times[other].median
            rows.append(
                [
                    f"{rival.title}, {labels.get(method, f'`{method}`')}",
                    f"{n:,}",
                    milliseconds(median),
                    milliseconds(base),
                    f"{base / median:.2f}",
                    f"{max(times[method].spread, times[other].spread):.0%}",
                ]
            )
        gains.append([rival.title, *gain_of_threads(partial(rival.drawn, n), rounds).cells()])
    body = (
        "Three percentiles of each output (or its draws alone); one thread, processor time; NumPy "
        "as one writes it by hand, with the same n.\n\n"
        + table(["", "n", "guessmodel, ms", "NumPy, ms", "NumPy ÷ guessmodel", "spread"], rows)
    )
    threads = f"The draws of the same models (`nets`); wall time. {ABOUT_GAINS}\n\n" + table(
        ["", *GAINS], gains
    )
    return [
        Section("(c), (d), (e) Larger models", body),
        Section("(c), (d), (e) Threads", threads),
    ]
