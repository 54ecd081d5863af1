"""What drives an output: for each input its share of the variance, alone and with all it interacts
with, its rank correlation, and what it does to a statistic while all else stays uncertain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from guessmodel.analysis.classes import FloatArray
from guessmodel.analysis.drivers import Driver, Drivers, Sensitivity
from guessmodel.analysis.first_order import first_order, least_draws
from guessmodel.analysis.inputs import Input, Inputs
from guessmodel.analysis.tornado import Swing, statistic_of, tornado
from guessmodel.analysis.total_effects import total_effects
from guessmodel.engine.recompute import Change, cost_of
from guessmodel.errors import UsageError
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.over_replicates import correlation
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics.rounding_noise import only_rounding
from guessmodel.simulation import Result, Simulation

__all__ = ["sensitivity"]

_REPLICATES: Final = 4  # at least
_AGAIN: Final = 1 << 13  # draws that are computed again for an input at least
_WORK: Final = 1 << 28  # numbers to compute again for all inputs: some half a second
_MOST: Final = 1 << 31  # beyond which the weakest inputs are left out


def sensitivity(simulation: Simulation, output: str | Quantity, of: str = "mean") -> Sensitivity:
    """See `Simulation.sensitivity`."""
    result = simulation[output]
    output = result.name
    _check(result, of)
    statistic = statistic_of(of, result.unit)
    rows = result.by_replicate
    replicates, size = rows.shape[-2:]
    run = simulation.run
    stratified = run.method != "random"
    least = least_draws(stratified=stratified)
    if size < least or replicates < _REPLICATES:
        raise UsageError(
            f"indices of '{output}' need {8 * least:,} samples by {run.method} at least, not "
            f"{replicates * size:,}"
        )
    kept = simulation.tallies is None
    n = (run.asked or run.samples) if kept else replicates * size
    inputs = Inputs.of(simulation.model, output, run.method, n, run.seed, replicates)
    found: dict[tuple[int, ...], Drivers] = {}
    for position, behind in inputs.behind.items():
        piece = replace(result, dims=(), position=position)
        found[position] = _indices(piece, rows[position], behind, inputs, stratified=stratified)
    if not result.dims and found[()].unreliable and not found[()].drivers:
        raise UsageError(f"'{output}' {found[()].unreliable}")
    strength = _strength(inputs, found)
    held, few = _afforded(inputs, strength, n, each=2)
    swings = tornado(few, held, statistic)
    base = {p: statistic.estimate(rows[p]).value for p in found if found[p].drivers}
    again, few = _afforded(inputs, strength, n, each=1)
    first = {p: {d.key: d.first for d in each.drivers} for p, each in found.items()}
    totals = total_effects(few, again, first)
    return Sensitivity(
        output,
        result.unit,
        of,
        result.dims,
        {
            p: _whole(each, base.get(p, math.nan), swings.get(p, {}), totals.get(p, {}))
            for p, each in found.items()
        },
        run.heading,
    )


def _check(result: Result, of: str) -> None:
    name = result.name
    if result.quantity.categories:
        raise UsageError(
            f"'{name}' is a category and has no variance; ask what drives a comparison with one"
        )
    if of == "probability" and not is_indicator(result.quantity):
        raise UsageError(f"'{name}' is no indicator; compare it first, e.g. (q > 5)")


# --- the draws of the run -------------------------------------------------------------------------


def _indices(
    piece: Result, y: FloatArray, behind: Sequence[Input], inputs: Inputs, *, stratified: bool
) -> Drivers:
    """First-order indices and rank correlations of an output at one label."""
    if not np.isfinite(y).all():
        share = 1.0 - float(np.isfinite(y).mean())
        return Drivers((), f"has draws that are not finite, {share:.2g} of all: no variance")
    if not behind or only_rounding(float(y.min()), float(y.max())):
        return Drivers((), "does not vary, so nothing drives it")
    found = first_order(
        y,
        [partial(inputs.classes, one) for one in behind],
        stratified=stratified,
    )
    doubt = _variance(piece) or found.unreliable
    ranks = _ranks(y)
    drivers = []
    for one, first in zip(behind, found.indices, strict=True):
        _, x = inputs.variate(one)
        rank = correlation(ranks, _ranks(x))
        drivers.append(
            Driver(one.key, one.name, one.unit, _ends(one), _doubted(first, doubt), rank)
        )
    return Drivers(tuple(drivers), doubt)


def _variance(piece: Result) -> str | None:
    """Why the output may have no variance, by its tails."""
    closed = piece.closed
    if closed is not None:
        return None if math.isfinite(closed.sd()) else "the variance is infinite"
    index = piece.tail_index(piece.quantity, piece.position)
    if index.most <= 2.0:
        return "the variance is infinite"
    return "unreliable: the variance may be infinite" if index.least <= 2.0 else None


def _doubted(estimate: Estimate, doubt: str | None) -> Estimate:
    if doubt is None or math.isnan(estimate.value):
        return estimate
    if doubt.startswith("unreliable"):
        return replace(estimate, note=doubt)
    return Estimate.refused(doubt, estimate.estimator)


def _ranks(draws: FloatArray) -> FloatArray:
    """Centred ranks among all draws; equal ones share the mean of theirs."""
    from scipy.stats import rankdata

    return np.asarray((rankdata(draws) - (draws.size + 1) / 2.0).reshape(draws.shape))


def _ends(one: Input) -> tuple[float, float] | None:
    """The values at which an input is held, where its distribution is known."""
    closed = one.closed
    return None if closed is None else (closed.quantile(0.05), closed.quantile(0.95))


# --- draws that are computed again ----------------------------------------------------------------


def _strength(inputs: Inputs, found: Mapping[tuple[int, ...], Drivers]) -> list[Input]:
    """All inputs, those with the largest index first."""
    largest = {one.key: 0.0 for one in inputs.all}
    for each in found.values():
        for driver in each.drivers:
            share = (
                driver.first.value if math.isfinite(driver.first.value) else driver.rank.value**2
            )
            largest[driver.key] = max(largest[driver.key], share)
    return sorted(inputs.all, key=lambda one: -largest[one.key])


def _afforded(
    inputs: Inputs, order: Sequence[Input], n: int, each: int
) -> tuple[list[Input], Inputs]:
    """The inputs that can be afforded, and them with as many draws as can be."""
    some = list(order)
    while True:
        changes = [Change(one.places) for one in some for _ in range(each)]
        cost = cost_of(inputs.plan, changes)
        if cost * min(n, _AGAIN) <= _MOST or len(some) == 1:
            break
        some = some[: len(some) // 2]
    draws = n
    while draws > _AGAIN and cost * draws > _WORK:
        draws //= 2
    return some, inputs.again(draws, inputs.points.seed)


def _whole(
    drivers: Drivers, base: float, swings: Mapping[str, Swing], totals: Mapping[str, Estimate]
) -> Drivers:
    """With what was computed again, the strongest first."""
    doubt = drivers.unreliable
    full = []
    for each in drivers.drivers:
        total = totals.get(each.key)
        total = None if total is None else _doubted(total, doubt)
        full.append(replace(each, total=total, tornado=swings.get(each.key)))
    full.sort(key=lambda each: -round(each.size, 6))
    return Drivers(tuple(full), doubt, base)
