"""The engine's arithmetic against the same steps written by hand over blocks in the cache."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import guessmodel as gm
from benchmarks.measure import Section, interleaved, milliseconds, table
from guessmodel.engine.run import run_plan
from guessmodel.sampling import design

_N = 1 << 20
_BLOCK = 1 << 15
_ROUNDS = 25


def _model() -> gm.Model:
    a, b, c, d = (gm.normal(1, 2) for _ in range(4))
    x = a
    for _ in range(_ROUNDS):
        x = (x + b) * c / d - a
    return gm.Model(a=a, b=b, c=c, d=d, x=x)


def run(quick: bool) -> list[Section]:
    """One hundred operations on four inputs."""
    plan = _model().plan(["x"])
    points = design("nets", _N, 1, plan.streams)

    def ours() -> object:
        return run_plan(plan, points, threads=1)

    def by_hand() -> object:
        out = np.empty(_N)
        a, b, c, d = (np.empty(_BLOCK) for _ in range(4))
        spare = None
        normal = [(1.5, 0.5 / 1.6448536269514722)] * 4
        for r in range(points.replicates):
            spare = made = points.replicate(r, spare)
            for start in range(0, points.size, _BLOCK):
                for number, (z, (mean, sd)) in enumerate(zip((a, b, c, d), normal, strict=True)):
                    made.fill(number, start, start + _BLOCK, z)
                    z *= sd
                    z += mean
                first = r * points.size + start
                x = out[first : first + _BLOCK]
                np.copyto(x, a)
                for _ in range(_ROUNDS):
                    x += b
                    x *= c
                    x /= d
                    x -= a
        return out

    cases: dict[str, Callable[[], object]] = {"engine": ours, "by hand": by_hand}
    times = interleaved(cases, 3 if quick else 9)
    engine, hand = times["engine"].median, times["by hand"].median
    body = (
        f"Four inputs and {4 * _ROUNDS} operations, n = {_N:,}, one thread, processor time: the "
        "same points and the same steps in place over blocks of 32,768 draws.\n\n"
        + table(
            ["", "ms", "÷ by hand"],
            [
                ["**engine**", milliseconds(engine), f"{engine / hand:.2f}"],
                ["by hand", milliseconds(hand), "1"],
            ],
        )
    )
    return [Section("Arithmetic", body)]
