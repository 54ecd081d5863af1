"""(f) Costly families: a million draws, against NumPy's own generators."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

import guessmodel as gm
from benchmarks.measure import Section, interleaved, table

_N = 1 << 20

FAMILIES: dict[str, tuple[Callable[[], gm.Quantity], Callable[[np.random.Generator], np.ndarray]]]
FAMILIES = {
    "beta(2, 5)": (lambda: gm.beta(alpha=2, beta=5), lambda rng: rng.beta(2, 5, _N)),
    "gamma(2.5)": (lambda: gm.gamma(shape=2.5, scale=1), lambda rng: rng.gamma(2.5, 1, _N)),
    "student t(5)": (
        lambda: gm.student_t(df=5),
        lambda rng: rng.standard_t(5, _N),
    ),
}


def _draws(model: gm.Model, method: str) -> np.ndarray:
    return model.sample(_N, seed=1, method=method, threads=1)["x"].values


def run(quick: bool) -> list[Section]:
    """One row a family and method."""
    cases: dict[str, Callable[[], object]] = {}
    for name, (create, generate) in FAMILIES.items():
        model = gm.Model(x=create())
        for method in ("nets", "random"):
            cases[f"{name}, `{method}`"] = partial(_draws, model, method)
        cases[name] = partial(_generated, generate)
    times = interleaved(cases, 3 if quick else 9)
    rows = []
    for name in FAMILIES:
        theirs = times[name].median
        for method in ("nets", "random"):
            ours = times[f"{name}, `{method}`"].median
            rows.append(
                [
                    f"{name}, `{method}`",
                    f"{ours / _N * 1e9:.1f}",
                    f"{theirs / _N * 1e9:.1f}",
                    f"{theirs / ours:.1f}",
                ]
            )
    body = (
        f"A whole run of {_N:,} draws that are kept; one thread, processor time, tables made "
        "before. NumPy: `default_rng`.\n\n"
        + table(["", "guessmodel, ns a draw", "NumPy, ns", "NumPy ÷ guessmodel"], rows)
    )
    return [Section("(f) Costly families", body)]


def _generated(generate: Callable[[np.random.Generator], np.ndarray]) -> np.ndarray:
    return generate(np.random.default_rng(1))
