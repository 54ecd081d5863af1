"""How often intervals of percentiles far out hold the truth, for sums, products and quotients of
heavy tails on which no constant was chosen. What is true is an integral over all inputs but one, by
the trapezoidal rule on normal scores; the last input is integrated by SciPy's CDF."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

import guessmodel as gm
from benchmarks.covered import EXPLANATION, covered
from benchmarks.held_out import gamma, lognormal, normal, pareto, student_t, uniform, weibull
from benchmarks.held_out_truth import Input
from benchmarks.measure import Section, table

__all__ = ["FAR", "FarOut", "run"]

FloatArray = NDArray[np.float64]

FAR: Final = (0.001, 0.002, 0.005, 0.01, 0.99, 0.995, 0.998, 0.999)
_SIZES: Final = ((1 << 12, 100), (1 << 14, 50))  # draws, and runs
_SCORES: Final = 8.3  # P(Z > 8.3) is 5e-17
_POINTS: Final = {1: 40_001, 2: 801}  # an input, where one or two are integrated over
_SLACK: Final = 1e-6  # relative error that what is true has anyway


@final
@dataclass(frozen=True)
class FarOut:
    """An output of some inputs. `last` tells for a value of the output, and for values of all
    inputs but the last, at which value of the last the output has it, and whether it rises."""

    inputs: tuple[Input, ...]
    f: Callable[..., Any]
    last: Callable[..., tuple[Any, Any]]

    def model(self) -> gm.Model:
        """The output `y`."""
        return gm.Model(y=self.f(gm, *(each.quantity() for each in self.inputs)))

    def truth(self, levels: Sequence[float]) -> list[tuple[float, float]]:
        """The quantiles, and their errors: how far off they are with half of the points."""
        points = _POINTS[len(self.inputs) - 1]
        fine, coarse = (self._quantiles(levels, number) for number in (points, points // 2 + 1))
        return [(x, abs(x - y) + _SLACK * abs(x)) for x, y in zip(fine, coarse, strict=True)]

    def _quantiles(self, levels: Sequence[float], points: int) -> list[float]:
        others = self.inputs[:-1]
        z = np.linspace(-_SCORES, _SCORES, points)
        density = stats.norm.pdf(z) * (z[1] - z[0])
        grids = np.meshgrid(*(_at_scores(each.known, z) for each in others), sparse=True)
        weights = density if len(others) == 1 else np.outer(density, density)
        known = self.inputs[-1].known

        def beyond(y: float, *, upper: bool) -> float:
            with np.errstate(all="ignore"):
                x, rises = self.last(y, *grids)
                if rises is True:
                    shares = known.sf(x) if upper else known.cdf(x)
                else:
                    shares = np.where(rises != upper, known.cdf(x), known.sf(x))
            return max(float(np.sum(weights * shares)), 1e-300)  # for a logarithm

        def quantile(p: float) -> float:
            upper = p > 0.5
            share = 1.0 - p if upper else p
            # Such tails reach far: on the scale of arcsinh they do not.
            found = optimize.brentq(
                lambda a: math.log(beyond(math.sinh(a), upper=upper) / share), -9.0, 9.0, xtol=1e-9
            )
            return math.sinh(found)

        return [quantile(p) for p in levels]


def _at_scores(known: Any, z: FloatArray) -> FloatArray:
    values: FloatArray = np.where(z < 0, known.ppf(stats.norm.cdf(z)), known.isf(stats.norm.sf(z)))
    return values


MODELS: Final[dict[str, FarOut]] = {
    "Student's t(4) - lognormal · normal": FarOut(
        (lognormal(0, 1), normal(0, 1), student_t(4, 0, 1)),
        lambda m, a, b, t: t - a * b,
        lambda y, a, b: (y + a * b, True),
    ),
    "two Paretos and a gamma": FarOut(
        (pareto(2.5, 2), gamma(2, 1), pareto(1.5, 1)),
        lambda m, a, b, c: a + b + c,
        lambda y, a, b: (y - a - b, True),
    ),
    "lognormal · gamma + Weibull": FarOut(
        (gamma(0.5, 1), weibull(0.6, 1), lognormal(0, 1.2)),
        lambda m, a, b, c: c * a + b,
        lambda y, a, b: ((y - b) / a, True),
    ),
    "sum over a gamma": FarOut(
        (lognormal(0, 1), gamma(2, 0.5), pareto(1.8, 1)),
        lambda m, a, b, c: (a + c) / (b + 1),
        lambda y, a, b: (y * (b + 1) - a, True),
    ),
    "two lognormals and a normal": FarOut(
        (lognormal(0, 1), lognormal(0.5, 0.8), normal(5, 2)),
        lambda m, a, b, c: a + b + c,
        lambda y, a, b: (y - a - b, True),
    ),
    "a t(3), or one far off, times a lognormal": FarOut(
        (uniform(0, 1), lognormal(0, 0.5), student_t(3, 0, 1)),
        lambda m, u, a, t: m.where(u < 0.5, t, t + 3) * a,
        lambda y, u, a: (np.where(u < 0.5, y / a, y / a - 3), True),
    ),
    "Weibull · normal": FarOut(
        (weibull(0.5, 1), normal(0.3, 1)),
        lambda m, a, b: a * b,
        lambda y, a: (y / a, True),
    ),
    "1 / gamma + lognormal": FarOut(
        (gamma(3, 1), lognormal(0, 1)),
        lambda m, a, b: 1 / a + b,
        lambda y, a: (y - 1 / a, True),
    ),
    "a power of a lognormal, and a gamma": FarOut(
        (lognormal(0, 0.7), gamma(0.4, 5)),
        lambda m, a, b: a**1.5 + b,
        lambda y, a: (y - a**1.5, True),
    ),
    "product of two t": FarOut(
        (student_t(5, 0.5, 1), student_t(3, 0, 1)),
        lambda m, a, b: a * b,
        lambda y, a: (y / a, a > 0),
    ),
    "normal over a normal": FarOut(
        (normal(3, 1), normal(1, 1)),
        lambda m, a, b: b / a,
        lambda y, a: (y * a, a > 0),
    ),
}


def run(quick: bool) -> list[Section]:
    """A table for each number of draws."""
    true = {name: model.truth(FAR) for name, model in MODELS.items()}
    sections = []
    for n, runs in _SIZES:
        runs = runs // 2 if quick else runs
        rows = []
        for name, held_out in MODELS.items():
            model = held_out.model()
            found = zip(
                *(model.sample(n, seed=seed)["y"].quantiles(*FAR) for seed in range(runs)),
                strict=True,
            )
            cells = (covered(e, *known) for e, known in zip(found, true[name], strict=True))
            rows.append([name, *cells])
        text = f"Percent of {runs} runs of {n:,} draws on nets whose interval holds the truth. "
        title = f"Measured coverage: percentiles far out, {n:,} draws"
        head = ["output", *(f"{100 * p:g}%" for p in FAR)]
        sections.append(Section(title, f"{text}{EXPLANATION}\n\n{table(head, rows)}"))
    return sections
