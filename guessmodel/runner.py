"""One run of a model: points, memory, precision; the draws become a Simulation."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from guessmodel import dims as dimensions
from guessmodel.engine.plan import Plan
from guessmodel.engine.run import Faults, run_plan
from guessmodel.errors import UsageError
from guessmodel.estimate import Estimate
from guessmodel.exact import closed_forms
from guessmodel.sampling import Design, design
from guessmodel.simulation import Run, Simulation

if TYPE_CHECKING:
    from guessmodel.model import Model

__all__ = ["sample"]

_LARGEST = 1 << 40  # draws nobody waits for


def sample(
    model: Model,
    n: int,
    *,
    seed: int,
    method: str,
    names: Sequence[str] | None = None,
    precision: float | None = None,
    threads: int | None = None,
) -> Simulation:
    """Run a model and hold its draws; see `Model.sample`."""
    _check(n, seed, precision)
    plan = model.plan(names)
    points = design(method, n, seed, plan.streams)
    simulation = _run(model, plan, points, threads)
    if precision is None:
        return simulation
    errors: dict[tuple[str, str], float] = {}
    while True:
        worst, name, now = _worst(simulation, errors)
        if worst <= precision:
            return simulation
        wider = design(method, 2 * points.n, seed, plan.streams)
        if math.isnan(worst) or _bytes(plan, wider) > _memory():
            raise UsageError(
                f"precision {precision:g} is out of reach for {name} at {points.n:,} samples; "
                "ask for less, or leave that quantity out"
            )
        errors, points = now, wider
        simulation = _run(model, plan, points, threads)


def _check(n: int, seed: int, precision: float | None) -> None:
    if isinstance(n, bool) or int(n) != n or n < 1:
        raise UsageError(f"{n} samples: write a whole number from 1 upwards")
    if n > _LARGEST:
        raise UsageError(f"{n:,} samples would take years; {_LARGEST:,} are the most")
    if isinstance(seed, bool) or int(seed) != seed:
        raise UsageError(f"seed {seed!r} is not a whole number")
    if precision is not None and not 0.0 < precision < 1.0:
        raise UsageError(f"precision {precision:g} is not a share between 0 and 1; 0.01 is 1%")


def _run(model: Model, plan: Plan, points: Design, threads: int | None) -> Simulation:
    needed, there = _bytes(plan, points), _memory()
    if needed > there:
        fits = points.n
        while fits > 1 and needed * fits / points.n > there:
            fits //= 2
        raise UsageError(
            f"{points.n:,} samples of {len(plan.outputs)} quantities need {needed / 1e9:,.1f} GB "
            f"and {there / 1e9:,.1f} GB are free; ask for at most {fits:,}, or for fewer quantities"
        )
    draws, faults = run_plan(plan, points, threads=threads)
    run = Run(points.method, points.seed, points.replicates, points.size)
    quantities = [model.quantities[name] for name in plan.outputs]
    return Simulation(model, run, draws, _located(plan, faults), closed_forms(quantities))


def _located(plan: Plan, faults: Faults) -> Mapping[str, tuple[str, ...]]:
    """For each output, the steps upstream where a floating-point error first arose."""
    if not faults.kinds:
        return {}
    found = {}
    for name, slot in plan.outputs.items():
        lines = [
            f"{', '.join(sorted(faults.kinds[i]))} in {plan.steps[i].label}, "
            f"{plan.steps[i].location}"
            for i in plan.upstream(slot)
            if i in faults.kinds
        ]
        if lines:
            found[name] = tuple(lines)
    return found


def _bytes(plan: Plan, points: Design) -> int:
    kept = sum(dimensions.size(axes.dims) for axes in plan.axes.values())
    return 8 * points.n * kept


def _memory() -> int:
    """Bytes that may be filled without driving the machine to swap."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:  # noqa: PTH123
            table = dict(line.split(":", 1) for line in lines)
        return int(int(table["MemAvailable"].split()[0]) * 1024 * 0.8)
    except (OSError, KeyError, ValueError):
        pages = os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 1 << 20
        return int(pages * 4096 * 0.5)


def _worst(
    simulation: Simulation, before: Mapping[tuple[str, str], float]
) -> tuple[float, str, dict[tuple[str, str], float]]:
    """Largest relative error over the statistics shown, and all of them for the next round.

    The error of one round alone is itself uncertain, and stopping at the first small one would
    pick the lucky rounds; so each counts no less than 1/sqrt(2) of the round before.
    """
    errors: dict[tuple[str, str], float] = {}
    worst, where = 0.0, "nothing"
    for row in simulation.summary().rows:
        for kind, estimate in _shown(row.mean, row.p5, row.p50, row.p95):
            key = (row.title, kind)
            if math.isnan(estimate.value) and "needs n" not in (estimate.note or ""):
                return math.nan, f"{kind} of '{row.title}' ({estimate.note})", errors
            errors[key] = math.inf if math.isnan(estimate.value) else estimate.relative_error
            error = max(errors[key], before.get(key, math.inf) / math.sqrt(2.0))
            if error > worst and not estimate.is_exact:
                worst, where = error, f"{kind} of '{row.title}'"
    return worst, where, errors


def _shown(*estimates: Estimate | None) -> Iterable[tuple[str, Estimate]]:
    for kind, estimate in zip(("mean", "5%", "50%", "95%"), estimates, strict=True):
        if estimate is not None and (kind != "mean" or estimate.reliable):
            yield kind, estimate
