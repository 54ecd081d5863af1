"""Statistics of random graphs beyond mean and percentiles, against plain NumPy: deviation, shape,
tails, mode, shortest interval, correlations, and what holds under a condition.

The graphs are those of `test_against_numpy.py`, of draws that are cut off among others. A statistic
may be off by four of its printed errors and eight standard errors of NumPy's, which are told by 40
batches (Student's t with 39 degrees of freedom exceeds 8 with probability 1e-9).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import final

import numpy as np
import pytest
from numpy.typing import NDArray
from numpy_graphs import DRAWS, Case, Graph, quantile_complaint, share_complaint, without_labels
from scipy import stats

import guessmodel as gm

GRAPHS = 60
BATCHES = 40
SLACK = 4.0  # printed errors
SCORE = 8.0
HEAVY = 0.005  # of the sum of a power in the largest draw, from which on batches tell no error

FloatArray = NDArray[np.float64]
Found = Iterator[tuple[str, str | None]]


@final
class _CutOff(Graph):
    """With draws that are truncated, at bounds that may be those of their own."""

    def cut(self) -> None:
        self.continuous()
        x = self.nodes[-1]
        low, high = (round(4 * float(np.quantile(x.draws, p))) / 4 for p in (0.2, 0.9))
        kept = x.draws[(x.draws >= low) & (x.draws <= high)]
        if kept.size < DRAWS / 4:
            return
        draws = self.rng.choice(kept, DRAWS)
        quantity = gm.truncated(gm.truncated(x.quantity, upper=high), lower=low)
        self.nodes[-1] = Case(quantity, draws, f"truncated({x.text}, {low}, {high})")


def random_graph(seed: int) -> list[Case]:
    """A node, another one, and a comparison."""
    graph = _CutOff(seed + 20_000)
    rng = graph.rng
    (graph.cut if rng.random() < 0.3 else graph.continuous)()
    (graph.continuous if rng.random() < 0.5 else graph.discrete)()
    if rng.random() < 0.3:
        graph.labelled()
    graph.take_steps({"unary": 0.3, "binary": 0.4, "where": 0.2, "reduced": 0.1}, 1, 4)
    return [without_labels(x) for x in (graph.nodes[-1], graph.pick(), graph.compared())]


def batches(f: Callable[..., float], *draws: FloatArray) -> float:
    """The standard error of a statistic."""
    parts = [f(*(x.reshape(BATCHES, -1)[k] for x in draws)) for k in range(BATCHES)]
    return float(np.std(parts, ddof=1)) / math.sqrt(BATCHES)


def heavy(draws: FloatArray, power: int) -> bool:
    powers = np.abs(draws - draws.mean()) ** power
    return not float(powers.max()) < HEAVY * float(powers.sum())


def near(estimate: gm.Estimate, f: Callable[..., float], *draws: FloatArray) -> str | None:
    """What an estimate disagrees with."""
    if not estimate.reliable:
        return None
    true, error = f(*draws), batches(f, *draws)
    if error == 0.0:
        return None  # what differs is so rare that NumPy's draws may have missed it
    low = estimate.value - SLACK * (estimate.value - estimate.low) - SCORE * error
    high = estimate.value + SLACK * (estimate.high - estimate.value) + SCORE * error
    noise = 1e-9 + 1e-8 * abs(true)
    return None if low - noise <= true <= high + noise else f"{estimate!r} but {true} ± {error:.2g}"


def largest(draws: FloatArray) -> float:
    return float(np.sort(draws)[-round(0.1 * draws.size) :].mean())


def of_one(case: Case, result: gm.Result) -> Found:
    draws = case.draws.astype(np.float64)
    threshold = round(4 * float(draws[7])) / 4
    below, above = result.cdf(threshold), result.exceedance(threshold)
    yield "cdf", share_complaint(below.value, below, draws <= threshold)
    yield "exceedance", share_complaint(above.value, above, draws > threshold)
    if not heavy(draws, 4):
        yield "sd", near(result.sd(), np.std, draws)
    if not heavy(draws, 2):
        yield "shortfall", near(result.shortfall(0.9), largest, draws)
        lower = result.shortfall(0.1, tail="lower")
        yield "lower shortfall", near(lower, lambda x: -largest(-x), draws)
    if not heavy(draws, 6):
        yield "skewness", near(result.skewness(), lambda x: float(stats.skew(x)), draws)
    yield "mode", mode(result.mode(), draws)
    yield "hdi", shortest(result.hdi(0.5), draws)


def mode(estimate: gm.Estimate, draws: FloatArray) -> str | None:
    """Of atoms: one within the interval is about as frequent as the most frequent one."""
    atoms, counts = np.unique(draws, return_counts=True)
    if counts.max() < DRAWS / 100 or math.isnan(estimate.value):
        return None
    inside = counts[(atoms >= estimate.low - 1e-9) & (atoms <= estimate.high + 1e-9)]
    fewest = counts.max() - SCORE * math.sqrt(2 * counts.max())
    return (
        None
        if inside.size and inside.max() >= fewest
        else f"{estimate!r}: {dict(zip(atoms, counts, strict=True))}"
    )


def shortest(found: gm.Interval, draws: FloatArray) -> str | None:
    """Some interval between the ends holds half of the draws, and none is much longer than it need
    be."""
    low, high = found
    noise = 1e-9 * (1.0 + abs(low.value) + abs(high.value))
    held = float(np.mean((draws >= low.low - noise) & (draws <= high.high + noise)))
    ordered, count = np.sort(draws), round(0.54 * draws.size)
    width = float((ordered[count:] - ordered[:-count]).min())
    if held < 0.47:
        return f"{found!r} holds {held:.0%}"
    return None if high.low - low.high <= 1.05 * width + noise else f"{found!r} but {width} do"


def of_two(cases: list[Case], simulation: gm.Simulation) -> Found:
    x, y = (case.draws.astype(np.float64) for case in cases[:2])
    if heavy(x, 4) or heavy(y, 4) or min(np.unique(x).size, np.unique(y).size) < 2:
        return
    with np.errstate(invalid="ignore"):
        if np.isfinite(batches(correlation, x, y)):
            yield "correlation", near(simulation.correlation("x", "y"), correlation, x, y)
    yield "covariance", near(simulation.covariance("x", "y"), lambda a, b: np.cov(a, b)[0, 1], x, y)


def correlation(x: FloatArray, y: FloatArray) -> float:
    return float(np.corrcoef(x, y)[0, 1])


def under_a_condition(cases: list[Case], simulation: gm.Simulation) -> Found:
    holds = cases[2].draws != 0
    if not 0.1 < holds.mean() < 0.9:
        return
    given, kept = simulation.given(cases[2].quantity), cases[0].draws[holds]
    for p in (0.05, 0.5, 0.95):
        yield f"{p:.0%} under a condition", quantile_complaint(given["x"].quantile(p), p, kept)


def complaints(seed: int, cases: list[Case]) -> list[str]:
    names = dict(zip("xyz", cases, strict=True))
    model = gm.Model(**{name: case.quantity for name, case in names.items()})
    simulation = model.sample(2**12, seed=seed)
    found = []
    for name, case in names.items():
        told = of_one(case, simulation[name])
        found += [f"graph {seed}: {what} of {case.text}: {why}" for what, why in told if why]
    texts = "; ".join(case.text for case in cases)
    for told in (of_two(cases, simulation), under_a_condition(cases, simulation)):
        found += [f"graph {seed}: {what} of {texts}: {why}" for what, why in told if why]
    return found


@pytest.mark.parametrize("first", range(0, GRAPHS, 20))
def test_random_graphs(first: int) -> None:
    for seed in range(first, first + 20):
        assert complaints(seed, random_graph(seed)) == []


def test_wrong_answers_are_noticed() -> None:
    """Draws that are 30% farther from their median, which themselves stay."""
    noticed: set[str] = set()
    for seed in range(15):
        cases = random_graph(seed)
        moved = [
            Case(x.quantity, np.median(x.draws) + 1.3 * (x.draws - np.median(x.draws)), x.text)
            for x in cases[:2]
        ]
        found = complaints(seed, [*moved, cases[2]])
        noticed |= {text.split(": ", 1)[1].split(" of ", 1)[0] for text in found}
    assert {"sd", "cdf", "shortfall", "covariance", "hdi"} <= noticed
