"""Timing: cases take turns, so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

__all__ = ["Section", "Timing", "cpu", "interleaved", "milliseconds", "slope", "spin", "table"]

Clock = Callable[[], float]
cpu: Clock = time.process_time
"""Time of all threads of this process: what else the machine does is hardly in it."""

_BUDGET = 20.0  # seconds for one case in all its rounds


@dataclass(frozen=True)
class Timing:
    """Times of one case, in seconds."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def least(self) -> float:
        return min(self.seconds)

    @property
    def spread(self) -> float:
        """Half the distance of the quartiles, as a share of the median."""
        low, high = np.quantile(self.seconds, [0.25, 0.75])
        return float(high - low) / 2.0 / self.median


@dataclass(frozen=True)
class Section:
    """A part of the results: a title and Markdown below it."""

    title: str
    body: str

    def markdown(self) -> str:
        return f"### {self.title}\n\n{self.body}\n"


def interleaved(
    cases: Mapping[str, Callable[[], object]], rounds: int, clock: Clock = cpu
) -> dict[str, Timing]:
    """Time every case once in each round; a first round that is not counted warms up."""
    times: dict[str, list[float]] = {name: [] for name in cases}
    for turn in range(rounds + 1):
        for name, case in cases.items():
            if sum(times[name]) > _BUDGET:
                continue
            start = clock()
            case()
            if turn:
                times[name].append(clock() - start)
    return {name: Timing(tuple(seconds)) for name, seconds in times.items()}


def spin(threads: int) -> float:
    """How much more two threads do than one, where all they do is NumPy in their own cache."""
    array = np.full(1 << 15, 1.0)

    def work() -> None:
        out = np.empty_like(array)
        for _ in range(2000):
            np.multiply(array, 1.0000001, out=out)

    def together(count: int) -> float:
        workers = [threading.Thread(target=work) for _ in range(count)]
        start = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return time.perf_counter() - start

    ratios = [threads * together(1) / together(threads) for _ in range(5)]
    return statistics.median(ratios)


def slope(sizes: list[int], seconds: list[float]) -> float:
    """Of the straight line through the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def milliseconds(seconds: float) -> str:
    """Three digits.

    >>> milliseconds(0.01234), milliseconds(12.34)
    ('12.3', '12,340')
    """
    value = 1e3 * seconds
    digits = max(0, 2 - int(np.floor(np.log10(value)))) if value > 0 else 0
    return f"{value:,.{min(digits, 3)}f}"


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; the first column is aligned left, the others right."""
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join("| " + " | ".join(line) + " |" for line in [header, rule, *rows])
