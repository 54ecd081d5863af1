"""Run a plan: replicates on threads, each in blocks that fit the cache.

Bits depend on the plan and the design alone, not on threads, blocks or their order.
"""

from __future__ import annotations

import copy
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np

from guessmodel.engine.plan import Plan
from guessmodel.engine.steps import check_splits, evaluate
from guessmodel.graph import dims as dimensions
from guessmodel.graph.elementwise import Apply
from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling.design import LARGEST, Design, Joined, Replicate

__all__ = [
    "Faults",
    "MemorySink",
    "Record",
    "Sink",
    "Writer",
    "block_size",
    "chunk_size",
    "run_plan",
    "run_replicates",
]

_CACHE = 1 << 20  # bytes of work buffers per thread: about one core's L2 cache
_LARGEST = 1 << 15
_SMALLEST = 1 << 8
_SHARED = 1 << 23  # the same per thread where there are several, about its share of the last cache
_CALL = 1 << 13  # numbers that are computed in the time that a step takes to begin
_MEMORY = 1 << 25  # bytes of work buffers per thread where steps are short
_CHUNK = 1 << 25  # bytes of results per thread before they are handed on
_SMALLEST_CHUNK = 1 << 10
_SHORT = 1 << 20  # draws up to which the caller's thread does the work, or its share of it
_PAUSE = 0.1  # seconds between looks at how far the threads are
_WORTHWHILE = 1 << 22  # numbers to compute below which starting a thread costs more than it saves


@final
@dataclass(frozen=True, slots=True)
class Faults:
    """Floating-point errors (kind) by the position of the step where they arose."""

    kinds: dict[int, set[str]] = field(default_factory=dict)

    def add(self, step: int, kind: str) -> None:
        self.kinds.setdefault(step, set()).add(kind)


@final
@dataclass(frozen=True, slots=True)
class Record:
    """What a run has done so far."""

    faults: Faults = field(default_factory=Faults)
    done: list[int] = field(default_factory=list)  # replicates


def _usable_threads() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def block_size(plan: Plan, size: int, workers: int = 1) -> int:
    """Draws per block: a power of two for which the work buffers fit the cache.

    Between operations threads wait for each other (the interpreter's lock), some 5 to 50 µs; so
    where there are several, blocks are as large as a cache that they share allows. Where steps are
    of few labels, as in a recurrence of hundreds, beginning them costs more than main memory does.
    """
    block, room = (_LARGEST, 2 * _CACHE) if workers == 1 else (LARGEST, _SHARED)
    least, width = _CALL * len(plan.steps) // max(plan.computed, 1), max(plan.width, 1)
    while block > _SMALLEST and block * 8 * width > (room if block > least else max(room, _MEMORY)):
        block //= 2
    return min(block, size)


def chunk_size(plan: Plan, size: int) -> int:
    """Draws that are handed on at once: a power of two for which they take little memory."""
    chunk = LARGEST
    while chunk > _SMALLEST_CHUNK and chunk * 8 * plan.kept > _CHUNK:
        chunk //= 2
    return min(chunk, size)


class Writer(ABC):
    """One worker's place to put draws; a replicate comes chunk after chunk."""

    @abstractmethod
    def arrays(self, replicate: int, start: int, stop: int) -> Mapping[int, FloatArray]:
        """For each slot of an output an array (*labels, stop - start) to write draws to."""

    @abstractmethod
    def filled(self, replicate: int, start: int, stop: int) -> None:
        """Go on with the draws: the arrays are filled."""

    @abstractmethod
    def close(self, replicate: int) -> None:
        """All chunks of a replicate are taken."""


class Sink(ABC):
    """Where the draws of finished replicates go."""

    @abstractmethod
    def writer(self) -> Writer:
        """A writer for one more worker."""


@final
class MemorySink(Sink, Writer):
    """Holds all draws, or those of the first few replicates: arrays of shape
    (*labels, replicates * size), replicate after replicate."""

    def __init__(self, plan: Plan, design: Design, replicates: int | None = None) -> None:
        self.size = design.size
        total = (design.replicates if replicates is None else replicates) * design.size
        # Several names of one quantity share a slot, and so its draws.
        self.slots = {
            slot: np.empty((*dimensions.shape(plan.axes[name].dims), total))
            for name, slot in plan.outputs.items()
        }
        self.draws = {name: self.slots[slot] for name, slot in plan.outputs.items()}

    def joined(self, together: int) -> MemorySink:
        """The same place, for a design of so many replicates as one."""
        other = copy.copy(self)
        other.size *= together
        return other

    def writer(self) -> Writer:
        return self

    def arrays(self, replicate: int, start: int, stop: int) -> Mapping[int, FloatArray]:
        part = slice(replicate * self.size + start, replicate * self.size + stop)
        return {slot: array[..., part] for slot, array in self.slots.items()}

    def filled(self, replicate: int, start: int, stop: int) -> None:
        pass

    def close(self, replicate: int) -> None:
        pass


def run_plan(
    plan: Plan,
    design: Design,
    *,
    threads: int | None = None,
    block: int | None = None,
) -> tuple[dict[str, FloatArray], Faults]:
    """All draws of the outputs, each of shape (*labels, replicates * size), and the faults."""
    kept = MemorySink(plan, design)
    record = Record()
    replicates = range(design.replicates)
    run_replicates(plan, design, replicates, kept, record, threads=threads, block=block)
    return kept.draws, record.faults


def run_replicates(
    plan: Plan,
    design: Design,
    replicates: Sequence[int],
    sink: Sink,
    record: Record,
    *,
    threads: int | None = None,
    block: int | None = None,
    progress: Callable[[], None] | None = None,
) -> None:
    """Run some replicates of a design into a sink; `progress` is called now and then.

    On Ctrl-C no further replicate is begun; KeyboardInterrupt is raised when those of other threads
    are done. The sink then has the whole replicates that the record lists.
    """
    total = len(replicates) * design.size
    workers = max(1, min(threads or _threads(plan, total), len(replicates)))
    together = 1
    if isinstance(sink, MemorySink) and block is None and len(replicates) == design.replicates:
        together = _together(design, workers)
        design, sink = Joined.of(design, together), sink.joined(together)
        replicates = range(design.replicates)
    step = min(block or block_size(plan, design.size, workers), chunk_size(plan, design.size))
    queue = iter(replicates)

    def work(*, alone: bool = False) -> None:
        worker = _Worker(plan, design, sink.writer(), record.faults, step)
        for replicate in queue:  # a sequence's iterator hands each replicate to one thread
            worker.run(replicate)
            record.done.extend(range(replicate * together, (replicate + 1) * together))
            if alone and progress is not None:
                progress()

    if workers == 1 and total <= _SHORT:
        work(alone=True)
        return
    _on_threads(work, workers, queue, total, progress)


def _on_threads(
    work: Callable[[], None],
    workers: int,
    queue: Iterator[int],
    total: int,
    progress: Callable[[], None] | None,
) -> None:
    """Work on threads until all is done; after an error or Ctrl-C nothing more of the queue is
    begun."""
    from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

    # In a short run this thread works too: it is there, and another thread that is started while
    # it waits begins on its processor, and may be moved to a free one too late.
    short = progress is None and total <= _SHORT
    with ThreadPoolExecutor(workers) as pool:
        tasks = [pool.submit(work) for _ in range(workers - short)]
        try:
            if short:
                work()
            pause = None if progress is None else _PAUSE
            running = True
            while running:
                finished, rest = wait(tasks, pause, FIRST_EXCEPTION)
                for task in finished:
                    task.result()
                running = bool(rest)
                if progress is not None:
                    progress()
        finally:
            for _ in queue:
                pass


def _together(design: Design, workers: int) -> int:
    """How many replicates to compute as one: fewer NumPy calls, where these are short."""
    most = (_LARGEST if workers == 1 else LARGEST) // design.size
    fits = [k for k in (1, 2, 4, 8) if k <= most and k * workers <= design.replicates]
    return fits[-1] if design.joins and fits else 1


def _threads(plan: Plan, total: int) -> int:
    """All, where there is enough to do in long operations: short ones queue for the lock."""
    long = block_size(plan, LARGEST, workers=2) >= _LARGEST
    return _usable_threads() if long and plan.computed * total >= _WORTHWHILE else 1


@final
class _Worker:
    """One thread's buffers and its place in the plan."""

    def __init__(
        self, plan: Plan, design: Design, writer: Writer, faults: Faults, block: int
    ) -> None:
        self.plan = plan
        self.design = design
        self.writer = writer
        self.faults = faults
        self.block = block
        self.chunk = chunk_size(plan, design.size)
        self.position = 0
        self.points: Replicate | None = None
        self.buffers = [np.empty((*shape, block)) for shape in plan.buffers]
        self.values: list[Any] = [None] * plan.slots
        for slot, constant in plan.constants.items():
            self.values[slot] = constant

    def run(self, replicate: int) -> None:
        self.points = points = self.design.replicate(replicate, self.points)
        size = self.design.size
        with np.errstate(
            divide="call", over="call", invalid="call", under="ignore", call=self._fault
        ):
            for begin in range(0, size, self.chunk):
                end = min(begin + self.chunk, size)
                outputs = self.writer.arrays(replicate, begin, end)
                for slot, array in outputs.items():
                    if slot in self.plan.constants:
                        np.copyto(array, self.plan.constants[slot])
                for start in range(begin, end, self.block):
                    stop = min(start + self.block, end)
                    self._block(points, outputs, begin, start, stop, first=replicate + start == 0)
                self.writer.filled(replicate, begin, end)
        self.writer.close(replicate)

    def _fault(self, kind: str, _: int) -> None:
        self.faults.add(self.position, kind)

    def _block(
        self,
        points: Replicate,
        outputs: Mapping[int, FloatArray],
        begin: int,
        start: int,
        stop: int,
        *,
        first: bool,
    ) -> None:
        values = self.values
        count = stop - start
        part = slice(start - begin, stop - begin)
        for position, step in enumerate(self.plan.steps):
            self.position = position
            if step.buffer < 0:
                out = outputs[step.output][..., part]
            else:
                out = self.buffers[step.buffer]
                if count != self.block:
                    out = out[..., :count]
            values[step.output] = out
            arrays = [values[i] for i in step.inputs]
            for fault in evaluate(step, arrays, points, start, stop, out):
                self.faults.add(position, fault)
            if first and isinstance(step.action, Apply):
                check_splits(step, arrays, out)
