"""Timing: cases take turns, so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import multiprocessing
import statistics
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

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


def spin(size: int = 1 << 15, *, threads: bool = False) -> float:
    """How much more two processes (or threads) do than one, where all they do is multiply `size`
    numbers in their own caches.

    Two processes show what the machine has to give at this moment. Two threads take the
    interpreter's lock after every operation, so that the shorter it is, the less they gain.
    """
    kind: Any = threading.Thread if threads else multiprocessing.get_context("fork").Process

    def together(count: int) -> float:
        workers = [kind(target=_multiply, args=(size,)) for _ in range(count)]
        start = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return time.perf_counter() - start

    return statistics.median(2.0 * together(1) / together(2) for _ in range(5))


def _multiply(size: int) -> None:
    array, out = np.full(size, 1.0), np.empty(size)
    for _ in range((1 << 29) // size):
        np.multiply(array, 1.0000001, out=out)


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
