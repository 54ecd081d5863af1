"""Outputs of which hardly any draw tells, and how often intervals of their mean and deviation hold
what is true."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, final

import numpy as np
from scipy import integrate

import guessmodel as gm
from benchmarks.covered import EXPLANATION, covered
from benchmarks.measure import Section, table

__all__ = ["Turned", "integral", "measured"]

_SIZES: Final = ((1 << 12, 100), (1 << 16, 40))  # draws, and runs
_SLACK: Final = 1e-6  # relative error that what is true has anyway


@final
@dataclass(frozen=True)
class Turned:
    """An output (the one called y of several), its mean and the mean of its square; perhaps under a
    condition."""

    quantity: Callable[[], gm.Quantity | dict[str, gm.Quantity]]
    mean: float
    square: float
    given: str = ""

    def result(self, n: int, seed: int) -> gm.Result:
        """That of a run."""
        made = self.quantity()
        run = gm.Model(made if isinstance(made, dict) else {"y": made}).sample(n, seed=seed)
        return (run.given(self.given) if self.given else run)["y"]

    @property
    def sd(self) -> float:
        return math.sqrt(self.square - self.mean**2)


def integral(f: Callable[[float], float], *edges: float) -> float:
    """From the first edge to the last, by parts."""
    return sum(
        float(integrate.quad(f, *ends, epsabs=0, epsrel=1e-9, limit=500)[0])
        for ends in pairwise(edges)
    )


def measured(what: str, models: dict[str, Callable[[], Turned]], quick: bool) -> Section:
    """Coverage of means and deviations by numbers of draws."""
    rows: list[list[Any]] = []
    for name, make in models.items():
        model = make()
        cells = []
        for n, runs in _SIZES:
            results = [model.result(n, seed) for seed in range(runs // 2 if quick else runs)]
            for true, found in (
                (model.mean, [each.mean() for each in results]),
                (model.sd, [each.sd() for each in results]),
            ):
                cells.append(covered(found, true, _SLACK * true))
        rows.append([name, f"{np.float64(model.mean):.2g}", *cells])
    text = ", ".join(f"{runs // 2 if quick else runs} of {n:,} draws" for n, runs in _SIZES)
    head = ["output", "mean", *(f"{what}, {n:,}" for n, _ in _SIZES for what in ("mean", "sd"))]
    body = f"Percent of runs ({text}) on nets whose interval holds what is true. {EXPLANATION}"
    return Section(f"Measured coverage: {what}", f"{body}\n\n{table(head, rows)}")
