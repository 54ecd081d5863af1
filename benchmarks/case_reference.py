"""(a) The reference model: whole answers at 2^20 draws."""

from __future__ import annotations

from functools import partial

import guessmodel as gm
from benchmarks import peers, reference
from benchmarks.measure import (
    ABOUT_GAINS,
    GAINS,
    Section,
    gain_of_threads,
    in_full,
    interleaved,
    milliseconds,
    table,
)

_N = 1 << 20
_MONACO = 1 << 11


def run(quick: bool) -> list[Section]:
    """Whole answers, and threads."""
    return [_answers(quick), _threads(quick)]


def _answers(quick: bool) -> Section:
    n = _N
    model = reference.model()
    plain = reference.numpy_plain()
    cases = {
        "NumPy, by hand": partial(reference.percentiles, plain, n, 1),
        "NumPy, tuned (SFC64, blocks, partitions)": partial(
            reference.by_partitions, reference.numpy_tuned(), n, 1
        ),
        "**guessmodel, `random`**": partial(reference.asked, model, n, 1, "random", 1),
        "**guessmodel, `lhs`**": partial(reference.asked, model, n, 1, "lhs", 1),
        "**guessmodel, `nets`**": partial(reference.asked, model, n, 1, "nets", 1),
        "**guessmodel, `nets`**, all draws and their order statistics": partial(
            reference.drawn, model, n, 1, "nets", 1
        ),
        "**guessmodel, `random`**, all draws and their order statistics": partial(
            reference.drawn, model, n, 1, "random", 1
        ),
    }
    for name, draws in peers.draws(without=("monaco",)).items():
        cases[name] = partial(reference.percentiles, draws, n, 1)
    if peers.available("monaco"):
        cases["monaco"] = partial(reference.percentiles, reference.monaco(), _MONACO, 1)
    times = interleaved(cases, 3 if quick else 7)
    base = times["NumPy, by hand"].median
    rows = []
    for name, timing in times.items():
        scale, mark = (n / _MONACO, " †") if name == "monaco" else (1.0, "")
        median = timing.median * scale
        rows.append(
            [
                name + mark,
                milliseconds(median),
                f"{timing.spread:.0%}",
                in_full(base / median),
            ]
        )
    body = (
        f"Three percentiles of cost and of ratio, n = {n:,}, one thread, processor time.\n\n"
        + table(["", "ms", "spread", "NumPy by hand ÷ this"], rows)
    )
    if peers.available("monaco"):
        body += f"\n\n† measured at {_MONACO:,} draws and scaled."
    return Section("(a) The reference model: the whole answer", body)


def _threads(quick: bool) -> Section:
    n = _N
    model = reference.model()
    rows = []
    for method in ("nets", "random"):
        for what, ask in (("draws", _draws), ("draws, order statistics", reference.drawn)):
            gain = gain_of_threads(partial(ask, model, n, 1, method), 10 if quick else 60)
            rows.append([f"`{method}`, {what}", *gain.cells()])
    body = f"All draws of both outputs, n = {n:,}; wall time. {ABOUT_GAINS}\n\n" + table(
        ["", *GAINS], rows
    )
    return Section("(a) The reference model: threads", body)


def _draws(model: gm.Model, n: int, seed: int, method: str, threads: int) -> object:
    found = model.sample(n, seed=seed, method=method, threads=threads, quantities=["cost", "ratio"])
    return found.draws
