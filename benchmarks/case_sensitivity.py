"""(l) What drives an output: error and coverage of indices at equal evaluations, beside peers.

The functions are published. Their indices are closed forms or come from six scrambled Sobol' nets
of 2^19 points by another program, known to 5e-5 at least.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, final

import numpy as np

import guessmodel as gm
from benchmarks import peers
from benchmarks.measure import Section, table

_BASE: Final = 1 << 13  # points of peers, which evaluate (inputs + 2) times as many
_RUN: Final = 1 << 16  # draws of a run, from which first-order indices come without any other
_SEEDS: Final = 24
_ROUNDED: Final = 6e-5  # of what is known


@final
@dataclass(frozen=True)
class Case:
    """A function of independent inputs with known indices."""

    name: str
    source: str
    inputs: Mapping[str, tuple[Any, ...]]  # family of SciPy's, and its arguments
    function: Callable[..., Any]
    first: Sequence[float]
    total: Sequence[float]


def _ishigami(x: Any, y: Any, z: Any, m: Any) -> Any:
    return m.sin(x) + 7 * m.sin(y) ** 2 + 0.1 * z**4 * m.sin(x)


def _g(*x: Any, m: Any) -> Any:
    out = 1.0
    for value, a in zip(x, (0, 1, 4.5, 9, 99, 99, 99, 99), strict=True):
        out = out * (abs(4 * value - 2) + a) / (1 + a)
    return out


def _borehole(rw: Any, r: Any, tu: Any, hu: Any, tl: Any, hl: Any, le: Any, kw: Any, m: Any) -> Any:
    ratio = m.log(r / rw)
    return (
        2 * math.pi * tu * (hu - hl) / (ratio * (1 + 2 * le * tu / (ratio * rw**2 * kw) + tu / tl))
    )


def _friedman(a: Any, b: Any, c: Any, d: Any, e: Any, m: Any) -> Any:
    return 10 * m.sin(math.pi * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e


def _otl(rb1: Any, rb2: Any, rf: Any, rc1: Any, rc2: Any, beta: Any, m: Any) -> Any:
    vb1 = 12 * rb2 / (rb1 + rb2)
    d = beta * (rc2 + 9)
    return (vb1 + 0.74) * d / (d + rf) + 11.35 * rf / (d + rf) + 0.74 * rf * d / ((d + rf) * rc1)


def _piston(w: Any, s: Any, v0: Any, k: Any, p0: Any, ta: Any, t0: Any, m: Any) -> Any:
    a = p0 * s + 19.62 * w - k * v0 / s
    v = s / (2 * k) * (m.sqrt(a**2 + 4 * k * p0 * v0 / t0 * ta) - a)
    return 2 * math.pi * m.sqrt(w / (k + s**2 * p0 * v0 / t0 * ta / v**2))


def _wing(*x: Any, m: Any) -> Any:
    sw, wfw, a, sweep, q, taper, tc, nz, wdg, wp = x
    cos = m.cos(sweep * (math.pi / 180))
    return (
        0.036 * sw**0.758 * wfw**0.0035 * (a / cos**2) ** 0.6 * q**0.006 * taper**0.04
        * (100 * tc / cos) ** -0.3 * (nz * wdg) ** 0.49 + sw * wp
    )  # fmt: skip


def _uniform(**ends: tuple[float, float]) -> dict[str, tuple[Any, ...]]:
    return {name: ("uniform", *each) for name, each in ends.items()}


_PI = math.pi
CASES: Final = (
    Case(
        "Ishigami",
        "Ishigami and Homma 1990",
        _uniform(x=(-_PI, _PI), y=(-_PI, _PI), z=(-_PI, _PI)),
        _ishigami,
        (0.313905, 0.442411, 0.0),
        (0.557589, 0.442411, 0.243684),
    ),
    Case(
        "g of Sobol'",
        "closed form",
        _uniform(**{f"x{i}": (0.0, 1.0) for i in range(8)}),
        _g,
        (0.71619, 0.17905, 0.02368, 0.00716, *[0.00007] * 4),
        (0.78714, 0.24220, 0.03432, 0.01046, *[0.00010] * 4),
    ),
    Case(
        "borehole",
        "Harper and Gupta 1983",
        {
            "rw": ("normal", 0.1, 0.0161812),
            "r": ("lognormal", 7.71, 1.0056),
            **_uniform(
                tu=(63070, 115600),
                hu=(990, 1110),
                tl=(63.1, 116),
                hl=(700, 820),
                le=(1120, 1680),
                kw=(9855, 12045),
            ),
        },
        _borehole,
        (0.66372, 0, 0, 0.09490, 0, 0.09489, 0.09067, 0.02196),
        (0.69413, 0, 0, 0.10612, 0, 0.10612, 0.10279, 0.02513),
    ),
    Case(
        "Friedman",
        "Friedman 1991",
        _uniform(a=(0, 1), b=(0, 1), c=(0, 1), d=(0, 1), e=(0, 1)),
        _friedman,
        (0.19731, 0.19731, 0.09327, 0.34975, 0.08744),
        (0.27223, 0.27223, 0.09327, 0.34975, 0.08744),
    ),
    Case(
        "OTL circuit",
        "Ben-Ari and Steinberg 2007",
        _uniform(
            rb1=(50, 150),
            rb2=(25, 70),
            rf=(0.5, 3),
            rc1=(1.2, 2.5),
            rc2=(0.25, 1.2),
            beta=(50, 300),
        ),
        _otl,
        (0.49566, 0.40720, 0.07084, 0.01864, 0, 0.00001),
        (0.50015, 0.41168, 0.07401, 0.02180, 0, 0.00001),
    ),
    Case(
        "piston",
        "Ben-Ari and Steinberg 2007",
        _uniform(
            w=(30, 60),
            s=(0.005, 0.020),
            v0=(0.002, 0.010),
            k=(1000, 5000),
            p0=(90000, 110000),
            ta=(290, 296),
            t0=(340, 360),
        ),
        _piston,
        (0.03910, 0.55711, 0.32105, 0.02060, 0.00124, 0, 0.00002),
        (0.05088, 0.59934, 0.35278, 0.06694, 0.00135, 0.00001, 0.00007),
    ),
    Case(
        "wing weight",
        "Forrester and others 2008",
        _uniform(
            sw=(150, 200),
            wfw=(220, 300),
            a=(6, 10),
            sweep=(-10, 10),
            q=(16, 45),
            taper=(0.5, 1),
            tc=(0.08, 0.18),
            nz=(2.5, 6),
            wdg=(1700, 2500),
            wp=(0.025, 0.08),
        ),
        _wing,
        (0.12446, 0, 0.22022, 0.00048, 0.00008, 0.00179, 0.14097, 0.41161, 0.08496, 0.00333),
        (0.12790, 0, 0.22601, 0.00051, 0.00009, 0.00187, 0.14507, 0.41965, 0.08760, 0.00336),
    ),
)

# One answer: values, lower and upper ends of first-order indices, then of total effects.
Answer = Callable[[Case, int], tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]


def guessmodel(
    case: Case, seed: int, n: int = _BASE
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """(3, inputs) of both; input by input."""
    made = {
        name: gm.uniform(*rest)
        if family == "uniform"
        else gm.normal(mean=rest[0], sd=rest[1])
        if family == "normal"
        else gm.lognormal(mu=rest[0], sigma=rest[1])
        for name, (family, *rest) in case.inputs.items()
    }
    model = gm.Model(**made, out=case.function(*made.values(), m=gm))
    found = model.sample(n, seed=seed).sensitivity("out").inputs
    rows = []
    for key in ("first", "total"):
        each = [getattr(found[name], key) for name in case.inputs]
        rows.append(np.array([[e.value, e.low, e.high] for e in each]).T)
    return rows[0], rows[1]


def salib(case: Case, seed: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Saltelli's scheme on scrambled Sobol' points; intervals by the bootstrap."""
    from SALib.analyze import sobol
    from SALib.sample import sobol as points

    kinds = {"uniform": "unif", "normal": "norm", "lognormal": "lognorm"}
    problem = {
        "num_vars": len(case.inputs),
        "names": list(case.inputs),
        "bounds": [list(rest) for _, *rest in case.inputs.values()],
        "dists": [kinds[family] for family, *_ in case.inputs.values()],
    }
    x = points.sample(problem, _BASE, calc_second_order=False, scramble=True, seed=seed)
    y = case.function(*x.T, m=np)
    found = sobol.analyze(
        problem, y, calc_second_order=False, num_resamples=100, conf_level=0.9, seed=seed
    )
    return tuple(  # type: ignore[return-value]
        np.array([found[k], found[k] - found[f"{k}_conf"], found[k] + found[f"{k}_conf"]])
        for k in ("S1", "ST")
    )


def openturns(case: Case, seed: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Martinez' estimator on independent draws; its asymptotic intervals."""
    import openturns as ot

    kinds = {"uniform": ot.Uniform, "normal": ot.Normal, "lognormal": ot.LogNormal}
    margins = [kinds[family](*rest) for family, *rest in case.inputs.values()]
    ot.RandomGenerator.SetSeed(seed)
    x = ot.SobolIndicesExperiment(ot.JointDistribution(margins), _BASE, False).generate()
    y = ot.Sample(np.asarray(case.function(*np.asarray(x).T, m=np)).reshape(-1, 1))
    found = ot.MartinezSensitivityAlgorithm(x, y, _BASE)
    found.setUseAsymptoticDistribution(True)
    found.setConfidenceLevel(0.9)
    ends = (found.getFirstOrderIndicesInterval(), found.getTotalOrderIndicesInterval())
    values = (found.getFirstOrderIndices(), found.getTotalOrderIndices())
    return tuple(  # type: ignore[return-value]
        np.array([list(v), list(e.getLowerBound()), list(e.getUpperBound())])
        for v, e in zip(values, ends, strict=True)
    )


def run(quick: bool) -> list[Section]:
    """Errors, coverage and time of each, in turns."""
    answers: dict[str, Answer] = {
        f"guessmodel, {_RUN:,} draws": partial(guessmodel, n=_RUN),
        f"guessmodel, {_BASE:,} draws": guessmodel,
    }
    for name, answer in (("SALib", salib), ("openturns", openturns)):
        if peers.available(name):
            answers[name] = answer
    seeds = 6 if quick else _SEEDS
    rows = []
    for case in CASES:
        known = np.array(case.first), np.array(case.total)
        found: dict[str, list[Any]] = {name: [] for name in answers}
        spent = dict.fromkeys(answers, math.inf)
        for seed in range(1, seeds + 1):
            for name, answer in answers.items():
                begun = time.process_time()
                found[name].append(answer(case, seed))
                spent[name] = min(spent[name], time.process_time() - begun)
        inputs = len(case.inputs)
        counts = [(_RUN, _RUN * (inputs + 1)), (_BASE, _BASE * (inputs + 1))]
        counts += [(_BASE * (inputs + 2),) * 2] * 2
        for (name, each), count in zip(found.items(), counts, strict=False):
            row = [case.name, name]
            for k in (0, 1):
                row += [f"{count[k]:,}", *_errors(each, k, known[k])]
            rows.append([*row, f"{1e3 * spent[name]:.0f}"])
    head = ["function", "", "evaluations for S", "S rms", "S worst", "S held"]
    head += ["evaluations for S and T", "T rms", "T worst", "T held", "ms"]
    body = (
        f"Errors of first-order indices S and total effects T in thousandths, over {seeds} seeds: "
        "root mean square over all inputs, and of the worst input; how often the 90% interval "
        "holds the known value; processor time of the whole answer, the least of all seeds (with "
        "guessmodel that has the tornado and rank correlations too). SALib: Saltelli's scheme on "
        "scrambled Sobol' points; OpenTURNS: Martinez' estimator on independent draws.\n\n"
        + table(head, rows)
    )
    return [Section("(l) What drives an output", body)]


def _errors(each: Sequence[Any], k: int, known: Any) -> list[str]:
    values, low, high = (np.array([one[k][end] for one in each]) for end in (0, 1, 2))
    error = values - known
    held = (low - _ROUNDED <= known) & (known <= high + _ROUNDED)
    return [
        f"{1e3 * math.sqrt(float(np.mean(error**2))):.2g}",
        f"{1e3 * float(np.sqrt(np.mean(error**2, axis=0)).max()):.2g}",
        f"{float(held.mean()):.0%}",
    ]
