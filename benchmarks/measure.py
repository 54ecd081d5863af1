"""Timing: cases take turns, so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

__all__ = [
    "ABOUT_GAINS",
    "Section",
    "Timing",
    "cpu",
    "interleaved",
    "milliseconds",
    "slope",
    "spin",
    "spin_threads",
    "table",
]

Clock = Callable[[], float]
cpu: Clock = time.process_time
"""Time of all threads of this process: what else the machine does is hardly in it."""

_TURN = 0.02  # seconds of a turn at least
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
    """Time every case in each round; a first round that is not counted warms up.

    A turn lasts 20 ms at least: of short calls it is the mean of several, as the first one after
    another case's turn finds the caches full of the other's numbers.
    """
    times: dict[str, list[float]] = {name: [] for name in cases}
    calls = dict.fromkeys(cases, 1)
    for turn in range(rounds + 1):
        for name, case in cases.items():
            if sum(times[name]) * calls[name] > _BUDGET:
                continue
            start = clock()
            for _ in range(calls[name]):
                case()
            seconds = (clock() - start) / calls[name]
            if turn:
                times[name].append(seconds)
            else:
                case()  # the first call of all may have tables to make
                again = clock()
                case()
                calls[name] = max(1, round(_TURN / max(clock() - again, 1e-6)))
    return {name: Timing(tuple(seconds)) for name, seconds in times.items()}


_MULTIPLY = """
import numpy
array, out = numpy.full(1 << 15, 1.0), numpy.empty(1 << 15)
while rounds := int(input()):
    for _ in range(rounds):
        numpy.multiply(array, 1.0000001, out=out)
    print("done", flush=True)
"""
_ROUNDS = 2000
_ENOUGH = 1.7  # times the work of one process, by two: a moment at which there are two processors


class Spinner:
    """Two processes that multiply numbers in their own caches, to see what the machine has to
    give at a moment: virtual processors are not always there."""

    def __enter__(self) -> Spinner:
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-c", _MULTIPLY],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        self._together(2, 1)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.communicate("0\n")

    def gain(self, rounds: int = _ROUNDS) -> float:
        """How much more two processes do now than one."""
        return 2.0 * self._together(1, rounds) / self._together(2, rounds)

    def _together(self, count: int, rounds: int) -> float:
        start = time.perf_counter()
        for process in self.processes[:count]:
            print(rounds, file=process.stdin, flush=True)
        for process in self.processes[:count]:
            assert process.stdout is not None
            process.stdout.readline()
        return time.perf_counter() - start


@dataclass(frozen=True)
class Gain:
    """Of two threads over one, by the rounds before and after which two processes had two
    processors (`seen` of `rounds`); and by all rounds, with what two processes gained in them."""

    median: float
    seen: int
    rounds: int
    all_rounds: float
    processes: float
    one: float  # seconds, least
    two: float

    def cells(self) -> list[str]:
        """For the columns of `GAINS`."""
        shown = f"{self.median:.2f}" if self.seen >= 3 else "–"
        return [
            milliseconds(self.one),
            milliseconds(self.two),
            f"{shown} ({self.seen} of {self.rounds})",
            f"{self.all_rounds:.2f}",
            f"{self.processes:.2f}",
        ]


ABOUT_GAINS = (
    "Before and after each round two processes show whether there are two processors at that "
    f"moment: whether they do {_ENOUGH} times the work of one. The gain is the median of "
    "the rounds in which there were; then that of all rounds, and what two processes gained in "
    "them."
)
GAINS = ["one thread, ms", "two, ms", "gain with two processors", "all rounds", "two processes"]


def gain_of_threads(case: Callable[[int], object], rounds: int) -> Gain:
    """Wall times of `case(1)` and `case(2)` by turns, each round between looks at the machine."""
    gains, controls, times = [], [], []
    for count in (1, 2):
        case(count)
    with Spinner() as spinner:
        before = spinner.gain(_ROUNDS // 2)
        for _ in range(rounds):
            seconds = []
            for count in (1, 2):
                start = time.perf_counter()
                case(count)
                seconds.append(time.perf_counter() - start)
            after = spinner.gain(_ROUNDS // 2)
            gains.append(seconds[0] / seconds[1])
            controls.append((before, after))
            times.append(seconds)
            before = after
    there = [g for g, both in zip(gains, controls, strict=True) if min(both) >= _ENOUGH]
    return Gain(
        statistics.median(there) if there else float("nan"),
        len(there),
        rounds,
        statistics.median(gains),
        statistics.median(after for _, after in controls),
        min(one for one, _ in times),
        min(two for _, two in times),
    )


def spin() -> float:
    """How much more two processes do than one, as the median of five looks."""
    with Spinner() as spinner:
        return statistics.median(spinner.gain() for _ in range(5))


def spin_threads(size: int) -> float:
    """The same of two threads, which take the interpreter's lock after every operation: the
    shorter it is (`size` numbers), the less they gain."""

    def work() -> None:
        array, out = np.full(size, 1.0), np.empty(size)
        for _ in range((_ROUNDS << 15) // size):
            np.multiply(array, 1.0000001, out=out)

    def together(count: int) -> float:
        workers = [threading.Thread(target=work) for _ in range(count)]
        start = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return time.perf_counter() - start

    return statistics.median(2.0 * together(1) / together(2) for _ in range(5))


def slope(sizes: list[int], seconds: list[float]) -> float:
    """Of the straight line through the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def milliseconds(seconds: float) -> str:
    """Three digits.

    >>> milliseconds(0.01234), milliseconds(12.34)
    ('12.3', '12,340')
    """
    return in_full(1e3 * seconds)


def in_full(value: float) -> str:
    """Three digits, or more of a large number, but no power of ten.

    >>> in_full(4.503), in_full(4503.1)
    ('4.50', '4,503')
    """
    digits = max(0, 2 - int(np.floor(np.log10(value)))) if value > 0 else 0
    return f"{value:,.{min(digits, 3)}f}"


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; the first column is aligned left, the others right."""
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join("| " + " | ".join(line) + " |" for line in [header, rule, *rows])
