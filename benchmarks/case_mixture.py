"""(b) The mixture of time-to-botec: the mean of a million draws, against C."""

from __future__ import annotations

import ctypes
import math
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

import guessmodel as gm
from benchmarks import peers
from benchmarks.measure import Section, interleaved, milliseconds, table
from benchmarks.reference import lognormal
from guessmodel.estimators import replicates as estimators

_N = 1_000_000
_P = 0.8 * 0.5
_WEIGHTS = [1.0 - _P, _P / 2.0, _P / 4.0, _P / 4.0]
_FIRST, _SECOND = lognormal(1, 3), lognormal(2, 10)


def true_mean() -> float:
    """Σ weight · exp(mu + sigma²/2)."""
    means = [0.0, 1.0, *(math.exp(mu + sigma**2 / 2.0) for mu, sigma in (_FIRST, _SECOND))]
    return math.fsum(w * mean for w, mean in zip(_WEIGHTS, means, strict=True))


def compiled(folder: Path) -> dict[str, Callable[[int], float]]:
    """The C programs; none where there is no compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return {}
    library = folder / "mixture.so"
    source = Path(__file__).with_name("mixture.c")
    flags = ["-O3", "-march=native", "-shared", "-fPIC"]
    subprocess.run([compiler, *flags, str(source), "-o", str(library), "-lm"], check=True)
    loaded = ctypes.CDLL(str(library))
    found = {}
    for name in ("box_muller", "ziggurat"):
        function = getattr(loaded, f"mean_{name}")
        function.argtypes, function.restype = (ctypes.c_uint64, ctypes.c_long), ctypes.c_double
        found[name] = partial(_call, function)
    return found


def _call(function: Callable[[int, int], float], seed: int) -> float:
    return function(seed, _N)


def numpy_plain(seed: int) -> float:
    """All components drawn, one chosen."""
    rng = np.random.default_rng(seed)
    parts = [
        np.zeros(_N),
        np.ones(_N),
        rng.lognormal(*_FIRST, _N),
        rng.lognormal(*_SECOND, _N),
    ]
    return float(np.choose(rng.choice(4, _N, p=_WEIGHTS), parts).mean())


def numpy_tuned(seed: int) -> float:
    """Counts of the components are multinomial; only as many are drawn as are needed."""
    rng = np.random.Generator(np.random.SFC64(seed))
    counts = rng.multinomial(_N, _WEIGHTS)
    total = float(counts[1])
    block = np.empty(1 << 14)
    for count, (mu, sigma) in zip(counts[2:], (_FIRST, _SECOND), strict=True):
        for start in range(0, int(count), block.size):
            part = block[: min(block.size, int(count) - start)]
            rng.standard_normal(out=part)
            part *= sigma
            part += mu
            total += float(np.exp(part, out=part).sum())
    return total / _N


def squigglepy(seed: int) -> float:
    """Its own mixture."""
    import squigglepy as sq

    sq.set_seed(seed)
    parts = [0, 1, sq.lognorm(1, 3), sq.lognorm(2, 10)]
    return float(np.mean(sq.sample(sq.mixture(parts, _WEIGHTS), n=_N)))


def model() -> gm.Model:
    """guessmodel's own mixture; components written in the call share one random number."""
    return gm.Model(x=gm.mixture([0, 1, gm.lognormal(1, 3), gm.lognormal(2, 10)], _WEIGHTS))


def sampled(model: gm.Model, method: str, seed: int) -> float:
    """The mean of the draws (`.mean()` would give the closed form), with its error."""
    found = model.sample(_N, seed=seed, method=method, threads=1)
    rows = found["x"].values.reshape(found.run.replicates, found.run.size)
    return estimators.mean(rows).value


def run(quick: bool) -> list[Section]:
    """Times and errors."""
    with tempfile.TemporaryDirectory() as folder:
        return [_section(quick, compiled(Path(folder)))]


def _section(quick: bool, programs: dict[str, Callable[[int], float]]) -> Section:
    ours = model()
    answers: dict[str, Callable[[int], float]] = {
        "**guessmodel, `nets`**, mean of draws": partial(sampled, ours, "nets"),
        "**guessmodel, `random`**, mean of draws": partial(sampled, ours, "random"),
        "NumPy, by hand": numpy_plain,
        "NumPy, tuned (multinomial counts, SFC64, blocks)": numpy_tuned,
    }
    names = {"box_muller": "C -O3, Box–Muller", "ziggurat": "C -O3, ziggurat"}
    answers |= {names[name]: program for name, program in programs.items()}
    if peers.available("squigglepy"):
        answers["squigglepy"] = squigglepy
    times = interleaved(
        {name: partial(answer, 1) for name, answer in answers.items()}, 3 if quick else 15
    )
    truth, base = true_mean(), times["**guessmodel, `nets`**, mean of draws"].median
    rows = []
    for name, answer in answers.items():
        errors = [answer(seed) / truth - 1.0 for seed in range(4 if quick else 12)]
        error = math.sqrt(float(np.mean(np.square(errors))))
        median = times[name].median
        spread = f"{times[name].spread:.0%}"
        rows.append([name, milliseconds(median), spread, f"{error:.4%}", f"{median / base:.2f}"])
    body = (
        "Mean of 1,000,000 draws of 0, 1, `1 to 3` and `2 to 10` with the weights 0.6, 0.2, 0.1 "
        "and 0.1; one thread, processor time. guessmodel's own `.mean()` of such a mixture is a "
        "closed form; here it averages draws.\n\n"
        + table(["", "ms", "spread", "RMS error", "this ÷ guessmodel `nets`"], rows)
    )
    if not programs:
        body += "\n\nNo C compiler here, so no C."
    return Section("(b) The mixture of time-to-botec", body)
