"""(a) Time to a given error of the 5th and 95th percentile of the ratio, measured over seeds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from benchmarks import peers, reference
from benchmarks.measure import Section, in_full, interleaved, milliseconds, table

_TARGETS = (1e-3, 1e-4)
_SEEDS = 200
_PEER_N = 1 << 16
_PEER_SEEDS = 24

Answer = Callable[[int, int], Sequence[float]]


def rms(answer: Answer, n: int, seeds: int) -> float:
    """Root mean square of the relative errors of both percentiles over seeds."""
    truth = np.array([reference.true_quantile(p) for p in reference.TAILS])
    errors = np.array([answer(n, seed) for seed in range(seeds)]) / truth - 1.0
    return math.sqrt(float(np.mean(errors**2)))


def enough(answer: Answer, target: float, first: int, seeds: int) -> tuple[int, float]:
    """The first n of a doubling sequence whose measured error is below the target."""
    n = first
    while (error := rms(answer, n, seeds)) > target:
        n *= 2
    return n, error


def run(quick: bool) -> list[Section]:
    """Errors against n, and times to 0.1% and 0.01%."""
    seeds = 30 if quick else _SEEDS
    model = reference.model()
    best: Answer = partial(reference.tails, model)
    pooled: Answer = partial(reference.tails_pooled, model)
    plain = reference.numpy_plain()
    both = [reference.plain_error(p, 1) for p in reference.TAILS]
    unit = math.sqrt(float(np.mean(np.square(both))))  # error of one draw, as it were
    needed = {target: math.ceil((unit / target) ** 2) for target in _TARGETS}

    sizes: dict[tuple[str, float], tuple[int, float]] = {}
    cases: dict[str, Callable[[], object]] = {}
    for target in _TARGETS:
        n, error = enough(best, target, 1 << 10, seeds)
        sizes["conditional", target] = (n, error)
        cases[f"conditional {target}"] = partial(best, n, 1)
        cases[f"first {target}"] = partial(_first, n)
    n, error = enough(pooled, _TARGETS[0], 1 << 16, max(seeds // 4, 10))
    sizes["pooled", _TARGETS[0]] = (n, error)
    cases["pooled"] = partial(pooled, n, 1)
    others = {"NumPy, by hand": plain}
    for name, draws in peers.draws(without=("monaco", "squigglepy")).items():
        others[name] = draws
    if peers.available("squigglepy"):
        others["squigglepy"] = reference.squigglepy(both=False)
    checked = {}
    for name, draws in others.items():
        answer: Answer = partial(reference.ratio_tails, draws)
        checked[name] = rms(answer, _PEER_N, _PEER_SEEDS) / (unit / math.sqrt(_PEER_N))
        cases[name] = partial(answer, 1 << 20, 1)
    times = interleaved(cases, 3 if quick else 9)

    ours = {target: times[f"conditional {target}"].median for target in _TARGETS}
    rows = []
    for target in _TARGETS:
        n, error = sizes["conditional", target]
        rows.append(_row("**guessmodel**, conditional", target, n, error, ours[target], ours))
        again = times[f"first {target}"].median
        rows.append(_row("the same, a new model's first answer", target, n, error, again, ours))
        if ("pooled", target) in sizes:
            n, error = sizes["pooled", target]
            name = "**guessmodel**, pooled order statistics"
            rows.append(_row(name, target, n, error, times["pooled"].median, ours))
        for name in others:
            seconds = times[name].median / (1 << 20) * needed[target]
            rows.append(_row(f"{name} ‡", target, needed[target], target, seconds, ours))
    check = ", ".join(f"{name} {ratio:.2f}" for name, ratio in checked.items())
    body = (
        f"RMS over {seeds} seeds of the relative error of the 5th and 95th percentile of the "
        "ratio, against quadrature; one thread, processor time of the whole question.\n\n"
        + table(["", "error wanted", "n", "error", "ms", "this ÷ conditional"], rows)
        + "\n\n‡ independent draws: n from the error's law, sqrt(p(1 − p)/n)/(q·f(q)); time at "
        f"2^20 draws, scaled. Measured error at {_PEER_N:,} draws over {_PEER_SEEDS} seeds, as a "
        f"multiple of the law: {check}."
    )
    return [Section("(a) Time to an error", body), _errors(best, pooled, unit, quick, seeds)]


def _first(n: int) -> list[float]:
    return reference.tails(reference.model(), n, 1)


def _row(
    name: str, target: float, n: int, error: float, seconds: float, ours: dict[float, float]
) -> list[str]:
    return [
        name,
        f"{target:.2%}",
        f"{n:,}",
        f"{error:.3%}",
        milliseconds(seconds),
        in_full(seconds / ours[target]),
    ]


def _errors(best: Answer, pooled: Answer, unit: float, quick: bool, seeds: int) -> Section:
    sizes = [1 << k for k in range(10, 16 if quick else 18)]
    rows = [
        [
            f"{n:,}",
            f"{rms(best, n, seeds):.3%}",
            f"{rms(pooled, n, max(seeds // 4, 10)):.3%}",
            f"{unit / math.sqrt(n):.3%}",
        ]
        for n in sizes
    ]
    return Section(
        "(a) Error against n",
        "RMS relative error of the 5th and 95th percentile of the ratio.\n\n"
        + table(["n", "conditional", "pooled order statistics", "independent draws"], rows),
    )
