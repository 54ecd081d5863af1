"""Random graphs and plain NumPy's draws of them, and what disagrees beyond both errors.

Nothing but the numbers written is shared between the two: families are drawn by NumPy's generator
from textbook parameters, and operations are NumPy's on whole arrays. Where discrete values meet
thresholds all numbers are multiples of 1/4, so that equality means the same to both.

Of NumPy's 20,000 independent draws the number below a value is binomial, so that the probability of
what was counted is known exactly; a mean is compared by its standard error where no few draws
decide it. A quantile or probability may be off by four of its printed errors (Student's t with 7
degrees of freedom exceeds that with probability 1e-5), beyond which NumPy's counts must be of a
probability below 1e-9.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

import guessmodel as gm

DRAWS = 20_000
Z = 1.6448536269514722  # the normal distribution's quantile at 0.95
LABELS = ("a", "b", "c")
SLACK = 4.0  # printed errors
IMPROBABLE = 1e-9
SCORE = 6.1  # standard normal, exceeded to either side with probability 1e-9

FloatArray = NDArray[np.float64]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """An output of a graph: the quantity, NumPy's draws of it, and how it was written."""

    quantity: gm.Quantity
    draws: FloatArray
    text: str


class Graph:
    """Grows a graph from a seed. A labelled node's array has its labels on the first axis."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.nodes: list[Case] = []

    def quarter(self, low: float, high: float) -> float:
        return float(self.rng.integers(int(4 * low), int(4 * high) + 1)) / 4.0

    def add(self, quantity: gm.Quantity, draws: Any, text: str) -> None:
        """Keep a node, unless some of its draws are lost: what is left out depends on the draws."""
        array = np.asarray(draws, dtype=np.float64)
        if np.isfinite(array).all():
            self.nodes.append(Case(quantity, array, text))

    def pick(self) -> Case:
        return self.nodes[self.rng.integers(len(self.nodes))]

    def draw_inputs(self, fewest: int, most: int) -> None:
        """So many draws, three of five continuous."""
        for _ in range(self.rng.integers(fewest, most + 1)):
            (self.continuous if self.rng.random() < 0.6 else self.discrete)()

    def take_steps(self, shares: Mapping[str, float], fewest: int, most: int) -> None:
        """So many operations, by the names of their methods, each with its probability."""
        for _ in range(self.rng.integers(fewest, most + 1)):
            getattr(self, self.rng.choice(list(shares), p=list(shares.values())))()

    # --- inputs ---------------------------------------------------------------------------------

    def continuous(self) -> None:
        rng, n = self.rng, DRAWS
        a, width = self.quarter(-4, 6), self.quarter(0.5, 8)
        b = a + width
        low, high = abs(a) + 0.25, abs(a) + 0.25 + width
        kind = rng.integers(7)
        if kind == 0:
            mean, sd = (a + b) / 2, width / 2 / Z
            self.add(gm.normal(a, b), rng.normal(mean, sd, n), f"normal({a}, {b})")
        elif kind == 1:
            mu, sigma = np.log(low * high) / 2, np.log(high / low) / 2 / Z
            draws = rng.lognormal(mu, sigma, n)
            self.add(gm.lognormal(low, high), draws, f"lognormal({low}, {high})")
        elif kind == 2:
            draws = rng.uniform(a, b, n)
            self.add(gm.uniform(a, b), draws, f"uniform({a}, {b})")
        elif kind == 3:
            shape, rate = self.quarter(0.5, 6), self.quarter(0.25, 3)
            draws = rng.gamma(shape, 1 / rate, n)
            self.add(gm.gamma(shape=shape, rate=rate), draws, f"gamma(shape={shape}, rate={rate})")
        elif kind == 4:
            p, q = self.quarter(0.5, 5), self.quarter(0.5, 5)
            text = f"beta(alpha={p}, beta={q})"
            self.add(gm.beta(alpha=p, beta=q), rng.beta(p, q, n), text)
        elif kind == 5:
            mean = self.quarter(0.25, 5)
            draws = rng.exponential(mean, n)
            self.add(gm.exponential(mean=mean), draws, f"exponential(mean={mean})")
        else:
            middle = (a + b) / 2
            draws = rng.triangular(a, middle, b, n)
            self.add(gm.triangular(a, b), draws, f"triangular({a}, {b})")

    def discrete(self) -> None:
        rng, n = self.rng, DRAWS
        kind = rng.integers(5)
        p = self.quarter(0.25, 0.75)
        if kind == 0:
            self.add(gm.bernoulli(p), rng.random(n) < p, f"bernoulli({p})")
        elif kind == 1:
            mean = self.quarter(0.5, 6)
            self.add(gm.poisson(mean=mean), rng.poisson(mean, n), f"poisson({mean})")
        elif kind == 2:
            count = int(rng.integers(2, 9))
            self.add(
                gm.binomial(trials=count, p=p), rng.binomial(count, p, n), f"binomial({count}, {p})"
            )
        elif kind == 3:
            data = [self.quarter(-3, 5) for _ in range(5)]
            self.add(gm.empirical(data), rng.choice(data, n), f"empirical({data})")
        else:
            values = [self.quarter(-3, 5) for _ in range(3)]
            draws = rng.choice(values, n, p=(0.25, 0.25, 0.5))
            text = f"mixture({values}, [1, 1, 2])"
            self.add(gm.mixture(values, [1, 1, 2]), draws, text)

    def labelled(self) -> None:
        rng = self.rng
        kind = rng.integers(3)
        if kind == 0:
            pairs = {label: (self.quarter(-2, 1), self.quarter(1.25, 5)) for label in LABELS}
            draws = [rng.normal((a + b) / 2, (b - a) / 2 / Z, DRAWS) for a, b in pairs.values()]
            self.add(gm.normal(pairs, dim="case"), draws, f"normal({pairs})")
        elif kind == 1:
            chances = dict.fromkeys(LABELS, self.quarter(0.25, 0.75))
            draws = [rng.random(DRAWS) < p for p in chances.values()]
            self.add(gm.bernoulli(chances, dim="case"), draws, f"bernoulli({chances})")
        else:
            values = {label: self.quarter(-3, 3) for label in LABELS}
            array = np.broadcast_to(np.array(list(values.values()))[:, None], (3, DRAWS))
            self.add(gm.constant(values, dim="case"), array, f"constant({values})")

    # --- operations -----------------------------------------------------------------------------

    def unary(self) -> None:
        x = self.pick()
        name = self.rng.choice(list(_UNARY))
        ours, numpy = _UNARY[name]
        with np.errstate(all="ignore"):
            self.add(ours(x.quantity), numpy(x.draws), f"{name}({x.text})")

    def binary(self) -> None:
        x, y = self.pick(), self.pick()
        if self.rng.random() < 0.35:
            number = self.threshold(x)
            y = Case(gm.constant(number), np.full(DRAWS, number), f"{number}")
        if self.rng.random() < 0.3:
            x, y = y, x
        name = self.rng.choice(list(_BINARY))
        ours, numpy = _BINARY[name]
        with np.errstate(all="ignore"):
            draws = numpy(x.draws, y.draws)
        self.add(ours(x.quantity, y.quantity), draws, f"{name}({x.text}, {y.text})")

    def where(self) -> None:
        c, x, y = self.compared(), self.pick(), self.pick()
        draws = np.where(c.draws != 0, x.draws, y.draws)
        quantity = gm.where(c.quantity, x.quantity, y.quantity)
        self.add(quantity, draws, f"where({c.text}, {x.text}, {y.text})")

    def reduced(self) -> None:
        wide = [node for node in self.nodes if node.quantity.dims]
        if not wide:
            return
        x = wide[self.rng.integers(len(wide))]
        name = str(self.rng.choice(["sum", "mean", "min", "max"]))
        quantity = getattr(x.quantity, name)("case")
        self.add(quantity, getattr(x.draws, name)(axis=0), f"{x.text}.{name}()")

    def threshold(self, x: Case) -> float:
        """A number that the node can be equal to where it has atoms, else a quarter."""
        value = float(self.rng.choice(x.draws.ravel()))
        if value * 4 == round(value * 4) and abs(value) < 1e3:
            return value
        return self.quarter(-3, 5)

    def compared(self) -> Case:
        x = self.pick()
        name = self.rng.choice(list(_COMPARE))
        ours = _COMPARE[name]
        if self.rng.random() < 0.3:
            y = self.pick()
            return Case(
                ours(x.quantity, y.quantity),
                np.asarray(ours(x.draws, y.draws), dtype=np.float64),
                f"({x.text} {name} {y.text})",
            )
        number = self.threshold(x)
        if self.rng.random() < 0.5:
            draws = np.asarray(ours(x.draws, number), dtype=np.float64)
            return Case(ours(x.quantity, number), draws, f"({x.text} {name} {number})")
        draws = np.asarray(ours(number, x.draws), dtype=np.float64)
        return Case(ours(gm.constant(number), x.quantity), draws, f"({number} {name} {x.text})")


_UNARY: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "ceil": (gm.ceil, np.ceil),
    "floor": (gm.floor, np.floor),
    "round": (gm.round, np.rint),
    "trunc": (gm.trunc, np.trunc),
    "abs": (gm.abs, np.abs),
    "negative": (lambda x: -x, np.negative),
    "sign": (gm.sign, np.sign),
    "square": (lambda x: x**2, np.square),
    "cube": (lambda x: x**3, lambda x: x**3),
    "root": (lambda x: gm.sqrt(gm.abs(x)), lambda x: np.sqrt(np.abs(x))),
    "log": (lambda x: gm.log(gm.abs(x) + 1), lambda x: np.log(np.abs(x) + 1)),
    "exp": (lambda x: gm.exp(-gm.abs(x)), lambda x: np.exp(-np.abs(x))),
    "half": (lambda x: 0.5 * x, lambda x: 0.5 * x),
    "shifted": (lambda x: 1 - x, lambda x: 1 - x),
    "floored": (lambda x: gm.maximum(x, 0), lambda x: np.maximum(x, 0)),
    "clipped": (lambda x: gm.clip(x, -1, 2), lambda x: np.clip(x, -1, 2)),
    "reciprocal": (lambda x: 1 / (1 + gm.abs(x)), lambda x: 1 / (1 + np.abs(x))),
    "sine": (gm.sin, np.sin),
}
_BINARY: dict[str, tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]] = {
    "add": (lambda x, y: x + y, np.add),
    "subtract": (lambda x, y: x - y, np.subtract),
    "multiply": (lambda x, y: x * y, np.multiply),
    "divide": (lambda x, y: x / y, np.divide),
    "minimum": (gm.minimum, np.minimum),
    "maximum": (gm.maximum, np.maximum),
    "whole": (lambda x, y: x // (1 + gm.abs(y)), lambda x, y: x // (1 + np.abs(y))),
    "modulo": (lambda x, y: x % (1 + gm.abs(y)), lambda x, y: x % (1 + np.abs(y))),
}
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
    "==": lambda x, y: x == y,
    "!=": lambda x, y: x != y,
}


def without_labels(case: Case) -> Case:
    if not case.quantity.dims:
        return case
    return Case(case.quantity.sel(case="b"), case.draws[1], f"{case.text}[b]")


# --- comparing -----------------------------------------------------------------------------------


def complaint(case: Case, result: gm.Result) -> str | None:
    """What of a result disagrees with NumPy's draws; None if nothing does."""
    if case.text.startswith("("):
        return share_complaint(float(result.mean().value), result.mean(), case.draws != 0)
    for p in (0.05, 0.5, 0.95):
        estimate = result.quantile(p)
        found = quantile_complaint(estimate, p, case.draws)
        if found is not None:
            return f"{p:.0%}: {found}"
    return _mean(result.mean(), case.draws)


def share_complaint(value: float, estimate: gm.Estimate, hits: np.ndarray) -> str | None:
    count = int(hits.sum())
    low = max(value - SLACK * (value - estimate.low), 0.0)
    high = min(value + SLACK * (estimate.high - value), 1.0)
    if stats.binom.sf(count - 1, hits.size, high + 1e-12) < IMPROBABLE:
        return f"{estimate!r} but {count} of {hits.size}"
    if stats.binom.cdf(count, hits.size, max(low - 1e-12, 0.0)) < IMPROBABLE:
        return f"{estimate!r} but {count} of {hits.size}"
    return None


def quantile_complaint(estimate: gm.Estimate, p: float, draws: np.ndarray) -> str | None:
    if math.isnan(estimate.value):
        return None
    noise = 1e-9 * max(abs(estimate.value), 1e-3)
    low = estimate.value - SLACK * (estimate.value - estimate.low) - noise
    high = estimate.value + SLACK * (estimate.high - estimate.value) + noise
    below, up_to = int((draws < low).sum()), int((draws <= high).sum())
    # P(X < low) must not exceed p, and P(X <= high) must reach it.
    if stats.binom.sf(below - 1, draws.size, p) < IMPROBABLE:
        return f"{estimate!r} but {below} of {draws.size} lie below {low}"
    if stats.binom.cdf(up_to, draws.size, p) < IMPROBABLE:
        return f"{estimate!r} but only {up_to} of {draws.size} reach to {high}"
    return None


def _mean(estimate: gm.Estimate, draws: np.ndarray) -> str | None:
    if math.isnan(estimate.value) or not estimate.reliable:
        return None
    deviations = draws - draws.mean()
    squares = float(deviations @ deviations)
    if not float(np.abs(deviations).max()) ** 2 < 0.002 * squares:
        return None  # a few draws decide it, of which NumPy's may have met none
    error = SCORE * math.sqrt(squares) / draws.size + SLACK * estimate.error
    if abs(estimate.value - draws.mean()) > error + 1e-9 * (abs(estimate.value) + 1.0):
        return f"mean: {estimate!r} but {draws.mean()} ± {math.sqrt(squares) / draws.size:.2g}"
    return None


def check(random_graph: Callable[[int], list[Case]], seeds: Iterable[int]) -> None:
    """That nothing disagrees in the graphs of some seeds."""
    for seed in seeds:
        for case in random_graph(seed):
            result = gm.Model(y=case.quantity).sample(2**12, seed=seed)["y"]
            found = complaint(case, result)
            assert found is None, f"graph {seed}: {case.text}\n{found}"


def noticed(random_graph: Callable[[int], list[Case]], seeds: Iterable[int]) -> int:
    """In how many of these graphs it is noticed that NumPy's draws are a fifth of their
    interquartile range off."""
    count = 0
    for seed in seeds:
        case = random_graph(seed)[0]
        result = gm.Model(y=case.quantity).sample(2**12, seed=seed)["y"]
        width = float(np.quantile(case.draws, 0.75) - np.quantile(case.draws, 0.25))
        moved = Case(case.quantity, case.draws + 0.2 * width, case.text)
        count += width > 0 and complaint(moved, result) is not None
    return count
