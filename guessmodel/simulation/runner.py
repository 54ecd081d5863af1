"""One run of a model: points, memory, precision; the draws become a Simulation."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any, final

import numpy as np

from guessmodel.engine.plan import Plan
from guessmodel.engine.run import MemorySink, Record, Sink, run_plan, run_replicates
from guessmodel.errors import UsageError, WrongKind
from guessmodel.estimators.program import program_of
from guessmodel.graph import dims as dimensions
from guessmodel.graph.elementwise import Apply
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.values import is_number, is_whole
from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling import Design, design
from guessmodel.simulation.deferred import Deferred, NamedDraws
from guessmodel.simulation.estimated import Tallies
from guessmodel.simulation.given import TooFew
from guessmodel.simulation.precision import worst_of
from guessmodel.simulation.run import Run
from guessmodel.simulation.simulation import Interrupted, Simulation

if TYPE_CHECKING:
    from guessmodel.engine.streaming import Coordinate, CountingSink
    from guessmodel.model.model import Model

__all__ = ["ExecutionOptions", "Progress", "points_of", "run_of", "sample"]

Progress = Callable[[int, int], None]  # draws done, draws in all

_LARGEST = 1 << 40  # draws nobody waits for
_FARTHEST = 1 << 32  # draws that are expected to be too few to reach a precision
_HOPELESS = 1 << 24  # and draws by which there must be an error at all
_KEPT = 1 << 31  # bytes of draws that are kept without being asked to
_LITTLE = 1 << 28  # bytes that are there without looking, and filled in a moment
_PREVIEW = 1 << 17  # draws of a streamed run that are kept to look at
_PREVIEW_BYTES = 1 << 26
_LEAST_PREVIEW = 1 << 10


@final
@dataclass(frozen=True, slots=True, eq=False)
class ExecutionOptions:
    """How a run is carried out; none of it changes a draw. See `Model.sample`."""

    threads: int | None = None
    keep: bool | None = None
    store: str | PathLike[str] | None = None
    cluster: Any = None  # a distributed.Client, or the address of a scheduler
    progress: Progress | None = None

    def check(self) -> None:
        """Raise WrongKind for values that are none of these, UsageError for two that clash."""
        for key, value, fits, wanted in (
            ("keep", self.keep, isinstance(self.keep, bool), "True or False"),
            ("store", self.store, isinstance(self.store, str | PathLike), "a path"),
            ("progress", self.progress, callable(self.progress), "a function of (done, total)"),
        ):
            if value is not None and not fits:
                raise WrongKind(f"{key}= takes {wanted}, not {value!r}")
        if self.threads is not None and not (is_whole(self.threads) and self.threads > 0):
            raise UsageError(f"{self.threads!r} threads: write a whole number from 1 upwards")
        if self.cluster is not None and self.threads is not None:
            raise UsageError("a cluster has its own threads; leave out threads=")


def sample(
    model: Model,
    n: int,
    *,
    seed: int,
    method: str,
    names: Sequence[str] | None = None,
    precision: float | None = None,
    given: Quantity | str | None = None,
    options: ExecutionOptions | None = None,
) -> Simulation:
    """Run a model; see `Model.sample`."""
    options = options or ExecutionOptions()
    options.check()
    plan = program_of(model).plan(names)
    run = run_of(n, seed=seed, method=method)
    if given is not None and options.store is not None:
        raise UsageError("given= may make several runs, which cannot share one store")
    if precision is None:
        return _Stage(model, plan, run, options).met(given)
    if not is_number(precision):
        raise WrongKind(f"precision is a share such as 0.01, which is 1%, not {precision!r}")
    if not 0.0 < precision < 1.0:
        raise UsageError(f"precision {precision:g} is not a share between 0 and 1; 0.01 is 1%")
    if options.store is not None:
        raise UsageError("precision= makes several runs, which cannot share one store")
    errors: dict[tuple[str, str], float] = {}
    while True:
        simulation = _Stage(model, plan, run, options).met(given)
        run = replace(run, size=simulation.run.size)
        worst, name, now = worst_of(simulation, errors)
        if worst <= precision:
            return simulation
        # At best errors fall like 1/n; a share of a figure at 0, say, never falls.
        needed = run.samples * min(worst / precision, _FARTHEST / _HOPELESS)
        if math.isnan(worst) or needed > _FARTHEST or _bytes(plan, 2 * run.samples) > _memory():
            raise UsageError(
                f"precision {precision:g} is out of reach for {name} at {run.samples:,} samples; "
                "ask for less, or leave that quantity out"
            )
        errors, run = now, run_of(2 * run.samples, seed=seed, method=method)


def run_of(n: int, *, seed: int, method: str) -> Run:
    """The run that `n` samples take; UsageError for what is no number of them."""
    if not is_whole(n) or n < 1:
        raise UsageError(f"{n} samples: write a whole number from 1 upwards")
    if n > _LARGEST:
        raise UsageError(f"{n:,} samples would take years; {_LARGEST:,} are the most")
    if not is_whole(seed):
        raise UsageError(f"seed {seed!r} is not a whole number")
    points = design(method, int(n), int(seed), ())
    return Run(points.method, points.seed, points.replicates, points.size)


def points_of(plan: Plan, run: Run) -> Design:
    """The points of a run."""
    return plan.points(run.method, run.samples, run.seed)


@final
@dataclass(frozen=True, eq=False)
class _Stage:
    """One run: where its draws go, who computes them, and what becomes of them."""

    model: Model
    plan: Plan
    run: Run
    options: ExecutionOptions

    def met(self, given: Quantity | str | None) -> Simulation:
        """The run; under a condition one with enough draws that meet it."""
        if given is None:
            return self.simulation()
        try:
            return self.simulation().given(given)
        except TooFew as few:
            n = min(few.enough, 4 * self.run.samples)
            if n > _HOPELESS or _bytes(self.plan, n) > min(_KEPT, _memory()):
                raise
            more = run_of(n, seed=self.run.seed, method=self.run.method)
            return replace(self, run=more).met(given)

    @cached_property
    def points(self) -> Design:
        return points_of(self.plan, self.run)

    def simulation(self) -> Simulation:
        keep = self._keep()
        if keep and self._may_wait():
            return self._result(self.run, Deferred(self._kept))
        record = Record()
        sink: MemorySink | CountingSink = (
            MemorySink(self.plan, self.points) if keep else self._batch()
        )
        try:
            self._fill(sink, record)
        except KeyboardInterrupt:
            if len(record.done) < 2:  # replicates: of one alone no error can be told
                raise
            raise Interrupted(self._gathered(sink, record, partial=True)) from None
        return self._gathered(sink, record)

    def _may_wait(self) -> bool:
        """Whether nobody can tell that the draws are made when they are needed."""
        o = self.options
        watched = o.progress is not None or o.store is not None or o.cluster is not None
        short = _bytes(self.plan, self.run.samples) <= _LITTLE
        return short and not (
            watched or any(isinstance(step.action, Apply) for step in self.plan.steps)
        )

    def _kept(self) -> NamedDraws:
        record = Record()
        sink = MemorySink(self.plan, self.points)
        self._fill(sink, record)
        return NamedDraws(sink.draws, _located(self.plan, record))

    def _fill(self, sink: Sink, record: Record) -> None:
        replicates: Sequence[int] = range(self.points.replicates)
        size, total = self.points.size, self.points.n
        progress = self.options.progress

        def told() -> None:
            if progress is not None:
                progress(len(record.done) * size, total)

        if self.options.store is None:
            self._compute(replicates, sink, record, told)
            return
        from guessmodel.simulation.store import Store

        store_at = self.options.store
        with Store.open(store_at, self.model, self.plan, self.run, self._preview) as store:
            store.replay(sink, record)
            rest = sorted(set(replicates).difference(record.done))
            self._compute(rest, store.sink(sink, record), record, told)

    def _compute(
        self,
        replicates: Sequence[int],
        sink: Sink,
        record: Record,
        told: Callable[[], None],
    ) -> None:
        plan, points, options = self.plan, self.points, self.options
        if options.cluster is not None:
            from guessmodel.engine.cluster import run_on_cluster

            run_on_cluster(options.cluster, plan, points, replicates, sink, record, told)
        else:
            progress = None if options.progress is None else told
            threads = options.threads
            run_replicates(
                plan, points, replicates, sink, record, threads=threads, progress=progress
            )

    # --- what is kept ---------------------------------------------------------------------------

    def _keep(self) -> bool:
        n = self.run.samples
        needed = _bytes(self.plan, n)
        if needed <= min(_LITTLE, _KEPT):
            return self.options.keep is not False
        there = _memory()
        if self.options.keep is None:
            return needed <= min(_KEPT, there // 2)
        if self.options.keep and needed > there:
            fits = n
            while fits > 1 and needed * fits / n > there:
                fits //= 2
            raise UsageError(
                f"{n:,} samples of {len(self.plan.outputs)} quantities need "
                f"{needed / 1e9:,.1f} GB and {there / 1e9:,.1f} GB are free; ask for at most "
                f"{fits:,}, or leave keep=True out"
            )
        return self.options.keep

    @cached_property
    def _preview(self) -> dict[str, FloatArray]:
        """The draws of a run that is small enough to be kept."""
        most = _PREVIEW
        while most > _LEAST_PREVIEW and _bytes(self.plan, most) > _PREVIEW_BYTES:
            most //= 2
        n = min(self.run.samples, most)
        points = self.plan.points(self.run.method, n, self.run.seed)
        return run_plan(self.plan, points, threads=self.options.threads)[0]

    def _batch(self) -> CountingSink:
        from guessmodel.engine.streaming import CountingSink

        return CountingSink.grouped(self.plan, self.points.size, self._counted())

    def _counted(self) -> list[Coordinate]:
        """Coordinates whose statistics come from draws."""
        from guessmodel.engine.streaming import coordinates

        outputs = {name: self.model.quantities[name] for name in self.plan.outputs}
        wanted = {}
        for name, quantity in outputs.items():
            mask = quantity.axes.mask
            wanted[name] = [
                position
                for position in np.ndindex(*dimensions.shape(quantity.dims))
                if (mask is None or mask[position])
                and program_of(self.model).forms.at(quantity, position) is None
            ]
        categories = {name: len(q.categories) for name, q in outputs.items() if q.categories}
        return coordinates(self.plan, wanted, categories, self._preview)

    def _gathered(
        self, sink: MemorySink | CountingSink, record: Record, *, partial: bool = False
    ) -> Simulation:
        run = self.run
        faults = _located(self.plan, record)
        if isinstance(sink, MemorySink):
            arrays: Mapping[str, FloatArray] = sink.draws
            if partial:  # replicates are begun in order; what comes after a gap is left out
                whole = next(i for i, r in enumerate([*sorted(record.done), -1]) if i != r)
                run = replace(run, replicates=whole, asked=run.samples)
                arrays = {name: array[..., : run.samples] for name, array in arrays.items()}
            return self._result(run, Deferred(lambda: NamedDraws(arrays, faults)))
        if partial:
            run = replace(run, replicates=len(record.done), asked=run.samples)
        few = Deferred(lambda: NamedDraws(self._preview, faults))
        return self._result(run, few, self._tallies(sink, run))

    def _result(
        self, run: Run, deferred: Deferred, tallies: Mapping[str, Tallies] | None = None
    ) -> Simulation:
        names = tuple(self.plan.outputs)
        return Simulation(self.model, run, names, deferred, tallies)

    def _tallies(self, batch: CountingSink, run: Run) -> dict[str, Tallies]:
        """Sampled of every coordinate; of those in closed form some draws will do."""
        from guessmodel.estimators.sampled import FromCounts, FromDraws
        from guessmodel.estimators.sketch import Sketch

        found: dict[str, Tallies] = {}
        for name, draws in self._preview.items():
            found[name] = np.empty(draws.shape[:-1], dtype=np.object_)
            for position in np.ndindex(*draws.shape[:-1]):
                found[name][position] = FromDraws(draws[position].reshape(8, -1))
        for each, known in zip(batch.coordinates, batch.counted(run.size), strict=True):
            sketch = Sketch(known.sums)
            tally = FromCounts(known.moments, known.power, sketch, known.shares, known.samples)
            found[each.name][each.position] = tally
        return found


def _located(plan: Plan, record: Record) -> Mapping[str, tuple[str, ...]]:
    """For each output, the steps upstream where a floating-point error first arose."""
    kinds = record.faults.kinds
    if not kinds:
        return {}
    found = {}
    for name, slot in plan.outputs.items():
        lines = [
            f"{', '.join(sorted(kinds[i]))} in {plan.steps[i].label}, {plan.steps[i].location}"
            for i in plan.upstream(slot)
            if i in kinds
        ]
        if lines:
            found[name] = tuple(dict.fromkeys(lines))  # a line in a loop is many steps
    return found


def _bytes(plan: Plan, n: int) -> int:
    kept = sum(dimensions.size(axes.dims) for axes in plan.axes.values())
    return 8 * n * kept


def _memory() -> int:
    """Bytes that may be filled without driving the machine to swap."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:  # noqa: PTH123
            table = dict(line.split(":", 1) for line in lines)
        return int(int(table["MemAvailable"].split()[0]) * 1024 * 0.8)
    except (OSError, KeyError, ValueError):
        pages = os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 1 << 20
        return int(pages * 4096 * 0.5)
