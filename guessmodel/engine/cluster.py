"""The same replicates as tasks of a Dask cluster.

A replicate depends on nothing but the plan, the seed and its number, so that it does not matter
who computes it, nor how often: a task that was lost with its worker is simply run again.
"""

from __future__ import annotations

import pickle
import warnings
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from types import CodeType
from typing import Any, final

import numpy as np

from guessmodel.engine.plan import Plan
from guessmodel.engine.run import Record, Sink, Writer, chunk_size, run_replicates
from guessmodel.engine.streaming import Coordinate, CountingSink
from guessmodel.errors import ModelError, UsageError, needed
from guessmodel.graph import dims as dimensions
from guessmodel.graph.elementwise import Apply
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.counts import CountSums
from guessmodel.numerics.moments import Moments
from guessmodel.sampling import Design

__all__ = ["Job", "drawn", "packed", "run_on_cluster", "unpacked"]

_ATTEMPTS = 8  # of a batch whose workers died, each after the scheduler's own attempts
_TASKS = 16  # batches for each thread of the cluster, at least
_LARGEST = 32  # replicates in a batch
_BYTES = 1 << 26  # of draws that a batch sends
_PATIENCE = 10  # seconds to reach a scheduler
_AHEAD = 2  # batches for each thread that are handed out


@final
@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """What a worker has to know."""

    plan: Plan
    design: Design
    counted: tuple[Coordinate, ...] | None  # None: the draws themselves are wanted


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """What a task sends back."""

    replicates: tuple[int, ...]
    faults: Mapping[int, set[str]]
    draws: Mapping[int, Mapping[int, FloatArray]] = field(default_factory=dict)  # by slot
    sums: Sequence[CountSums] = ()
    moments: Mapping[int, list[Moments]] = field(default_factory=dict)


def run_on_cluster(
    cluster: Any,
    plan: Plan,
    points: Design,
    replicates: Sequence[int],
    sink: Sink,
    record: Record,
    told: Callable[[], None],
) -> None:
    """Run replicates on a cluster into a sink here; `cluster` is a Client or an address.

    Raises UsageError where the cluster cannot be reached or used, ModelError for a model that
    cannot be sent. Ctrl-C cancels the tasks; what has come back stays.
    """
    needed("distributed", "dask")
    with _client(cluster) as client, client.as_current():
        counts = isinstance(sink, CountingSink)
        coordinates = sink.coordinates if isinstance(sink, CountingSink) else None
        blob = packed(plan, points, coordinates)
        threads = max(sum(client.nthreads().values()), 1)
        size = _batch_size(plan, points, len(replicates), threads, counts=counts)
        batches = [tuple(replicates[i : i + size]) for i in range(0, len(replicates), size)]
        # As a task of its own the job is computed again where the workers that had it are gone.
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Sending large graph")  # once, and a few MB
            job = client.submit(_same, blob, pure=False)
        for answer in _answers(client, job, batches, _AHEAD * threads):
            for position, kinds in answer.faults.items():
                for kind in kinds:
                    record.faults.add(position, kind)
            if isinstance(sink, CountingSink):
                sink.absorb(answer.sums, answer.moments)
            else:
                _feed(sink.writer(), answer.draws, points.size, chunk_size(plan, points.size))
            record.done.extend(answer.replicates)
            told()


def packed(plan: Plan, points: Design, counted: tuple[Coordinate, ...] | None) -> bytes:
    """A job in bytes; ModelError, naming the function, where a model cannot be sent."""
    from guessmodel.version import __version__

    recipe = (plan, points.method, points.n, points.seed, counted)
    versions = {"guessmodel": __version__, "NumPy": np.__version__}
    try:
        blob: bytes = pickle.dumps((versions, _pickled(recipe)))
    except Exception as error:
        reason = str(error).split("\n")[0]
        for step in plan.steps:
            if isinstance(step.action, Apply) and not _can_be_sent(step.action):
                raise ModelError(
                    f"{step.label} cannot be sent to a cluster ({reason}); use a function "
                    "that refers to nothing but numbers, arrays and imported modules",
                    step.location,
                ) from error
        raise ModelError(f"this model cannot be sent to a cluster: {reason}") from error
    return blob


@lru_cache(maxsize=2)
def unpacked(blob: bytes) -> Job:
    """The job of some bytes, made once a process."""
    from guessmodel.version import __version__

    versions, rest = pickle.loads(blob)
    here = {"guessmodel": __version__, "NumPy": np.__version__}
    for package, version in versions.items():
        if version != here[package]:
            raise UsageError(
                f"a worker has {package} {here[package]}, not {version}; draws would differ"
            )
    plan, method, n, seed, counted = pickle.loads(rest)
    return Job(plan, plan.points(method, n, seed), counted)


def drawn(blob: bytes, replicate: int) -> Mapping[int, FloatArray]:
    """The draws of one replicate, by slot of the outputs, each of shape (*labels, size)."""
    job = unpacked(blob)
    sink = _SeparateSink(job.plan, job.design.size)
    run_replicates(job.plan, job.design, (replicate,), sink, Record(), threads=1)
    return sink.draws[replicate]


def _task(blob: bytes, replicates: tuple[int, ...]) -> _Answer:
    job, record = unpacked(blob), Record()
    size = job.design.size
    if job.counted is None:
        loose = _SeparateSink(job.plan, size)
        run_replicates(job.plan, job.design, replicates, loose, record, threads=1)
        return _Answer(replicates, record.faults.kinds, loose.draws)
    batch = CountingSink(job.plan, size, job.counted)
    run_replicates(job.plan, job.design, replicates, batch, record, threads=1)
    return _Answer(replicates, record.faults.kinds, {}, batch.sums, batch.moments)


def _same(blob: bytes) -> bytes:
    return blob


def _pickled(value: object) -> bytes:
    """A value, with the user's functions in it, in bytes.

    Code keeps the name of its file, which cloudpickle 3.1.3 and later leave out: errors on a
    worker are told at the user's own line.
    """
    import cloudpickle

    reduced = cloudpickle.Pickler.dispatch_table[CodeType]

    def with_file(code: CodeType) -> tuple[Callable[..., CodeType], tuple[object, ...]]:
        make, parts, *_ = reduced(code)
        return _code, (make, parts, code.co_filename)

    # The table is read when a pickler is made.
    table = ChainMap({CodeType: with_file}, cloudpickle.Pickler.dispatch_table)
    pickler = type("Pickler", (cloudpickle.Pickler,), {"dispatch_table": table})
    written = BytesIO()
    pickler(written).dump(value)
    return written.getvalue()


def _code(make: Callable[..., CodeType], parts: tuple[object, ...], file: str) -> CodeType:
    return make(*parts).replace(co_filename=file)


def _can_be_sent(action: Apply) -> bool:
    try:
        _pickled(action)
    except Exception:
        return False
    return True


# --- tasks ---------------------------------------------------------------------------------------


def _answers(
    client: Any, job: Any, batches: Sequence[tuple[int, ...]], ahead: int
) -> Iterator[_Answer]:
    """Answers as they come, a bounded number of tasks being under way."""
    from distributed import CancelledError, KilledWorker, as_completed

    waiting = list(reversed(batches))
    attempts: dict[tuple[int, ...], int] = {}
    running: dict[Any, tuple[int, ...]] = {}

    def start() -> Any:
        batch = waiting.pop()
        future = client.submit(_task, job, batch, pure=False)
        running[future] = batch
        return future

    queue = as_completed([start() for _ in range(min(ahead, len(waiting)))])
    try:
        for future in queue:
            batch = running.pop(future)
            try:
                answer = future.result()
            except (KilledWorker, CancelledError):
                attempts[batch] = attempts.get(batch, 0) + 1
                if attempts[batch] == _ATTEMPTS:
                    raise UsageError(
                        f"workers died {_ATTEMPTS} times on the same replicates; "
                        "do they have too little memory?"
                    ) from None
                waiting.append(batch)
            else:
                yield answer
            if waiting:
                queue.add(start())
    finally:
        client.cancel(list(running))


def _batch_size(plan: Plan, points: Design, number: int, threads: int, *, counts: bool) -> int:
    size = min(max(number // (_TASKS * threads), 1), _LARGEST)
    if counts:
        return size
    width = sum(dimensions.size(axes.dims) for axes in plan.axes.values())
    return min(size, max(_BYTES // (8 * width * points.size), 1))


@contextmanager
def _client(cluster: Any) -> Iterator[Any]:
    from distributed import Client
    from distributed.comm.addressing import get_address_host_port

    if not isinstance(cluster, str):
        if not isinstance(cluster, Client):
            kind = type(cluster).__name__
            raise UsageError(
                f"cluster= takes a distributed.Client or an address such as "
                f"'tcp://host:8786', not a {kind}"
            )
        yield cluster
        return
    try:
        # A client that is made with no address to go to is 20 seconds in closing, and complains.
        get_address_host_port(cluster, strict=True)
        client = Client(cluster, set_as_default=False, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        reason = str(error).split("\n")[0]
        raise UsageError(f"no Dask scheduler at {cluster}: {reason}") from error
    with client:
        yield client


# --- draws ---------------------------------------------------------------------------------------


@final
class _SeparateSink(Sink, Writer):
    """Holds the draws of some replicates apart."""

    def __init__(self, plan: Plan, size: int) -> None:
        self.size = size
        self.shapes = {
            slot: dimensions.shape(plan.axes[name].dims) for name, slot in plan.outputs.items()
        }
        self.draws: dict[int, dict[int, FloatArray]] = {}

    def writer(self) -> Writer:
        return self

    def arrays(self, replicate: int, start: int, stop: int) -> Mapping[int, FloatArray]:
        if start == 0:
            self.draws[replicate] = {
                slot: np.empty((*shape, self.size)) for slot, shape in self.shapes.items()
            }
        return {slot: array[..., start:stop] for slot, array in self.draws[replicate].items()}

    def filled(self, replicate: int, start: int, stop: int) -> None:
        pass

    def close(self, replicate: int) -> None:
        pass


def _feed(
    writer: Writer, draws: Mapping[int, Mapping[int, FloatArray]], size: int, chunk: int
) -> None:
    """Hand draws that were made elsewhere to a writer."""
    for replicate, arrays in draws.items():
        for start in range(0, size, chunk):
            stop = min(start + chunk, size)
            room = writer.arrays(replicate, start, stop)
            for slot, array in arrays.items():
                np.copyto(room[slot], array[..., start:stop])
            writer.filled(replicate, start, stop)
        writer.close(replicate)
