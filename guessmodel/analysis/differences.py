"""The difference of two rows of results: of each statistic, with the error that it has where both
were had from common draws.

What happens rarely the draws of a run may not have met. Where it is behind a mean, the difference
is taken as a quantity of its own, whose mean is told as that of any quantity.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

import numpy as np

from guessmodel import units
from guessmodel.analysis.change import Change
from guessmodel.analysis.common_draws import differences
from guessmodel.errors import UnitError
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.dims import Label
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.quantity import Quantity
from guessmodel.model.model import Model
from guessmodel.numerics.arrays import FloatArray
from guessmodel.simulation import Run
from guessmodel.simulation.summary import STATISTICS, Row
from guessmodel.units import DIMENSIONLESS, Conversion, Unit

__all__ = ["at_labels", "compared", "differences_of_rare", "means_of", "no_difference", "of_row"]

_FROM_DRAWS: Final = frozenset({"replicates", "order statistics", "binomial"})
_FAR: Final = (
    2.0  # times; of two estimated errors that are nearly the same the smaller is too small
)


def of_row(row: Row) -> dict[str, Estimate | None]:
    """The statistics of a row by name."""
    return {key: getattr(row, key) for key in STATISTICS}


def compared(change: Change, old: Row, new: Row, rare: Estimate | None) -> Change:
    """The change with the statistics of two rows on common draws, and their differences; that of
    the means is `rare`, where rare events are behind it."""
    category = "category" in new.labels
    if category:
        conversion = Conversion.by(1)
    else:
        was, now = old.result.quantity.unit, new.result.quantity.unit
        try:
            conversion = units.conversion(was, now)
        except UnitError:
            said = [str(unit) or "a plain number" for unit in (was, now)]
            note = f"the unit was {said[0]} and is {said[1]}"
            return replace(change, old=of_row(old), new=of_row(new), note=note)
    after = of_row(new)
    before = {key: e and _converted(e, conversion, new.unit) for key, e in of_row(old).items()}
    drawn: dict[str, Estimate] = {}
    if not all(e is None or e.is_exact for e in (*before.values(), *after.values())):
        drawn = differences(
            np.asarray(conversion.apply(_draws(old))),
            _draws(new),
            indicator=category or is_indicator(new.result.quantity),
        )
    unit = new.unit if category else str(units.difference(new.result.quantity.unit))
    found = {key: _difference(before[key], after[key], drawn.get(key), unit) for key in STATISTICS}
    if rare is not None:
        means = before["mean"], after["mean"]
        both = all(mean is not None and mean.reliable for mean in means)
        found["mean"] = rare if rare.reliable or not both else _in_quadrature(*means, unit)
    return replace(change, old=before, new=after, difference=found, rare=rare is not None)


def _converted(estimate: Estimate, conversion: Conversion, unit: str) -> Estimate:
    if estimate.unit == unit:
        return estimate
    low, value, high = (
        float(conversion.apply(np.float64(x)))
        for x in (estimate.low, estimate.value, estimate.high)
    )
    return replace(estimate, low=low, value=value, high=high, unit=unit, format=None)


def no_difference(estimate: Estimate | None) -> Estimate | None:
    """The difference of what is the same in both: 0, exactly, where there is a number."""
    if estimate is None or math.isnan(estimate.value):
        return estimate
    return Estimate.exact(0.0, estimate.unit)


def _difference(
    old: Estimate | None, new: Estimate | None, drawn: Estimate | None, unit: str
) -> Estimate | None:
    """Exact where both are; else on the common draws. Estimates that do not come from these, as
    conditional ones, have errors that add up in squares at most; their difference stands, unless
    that of common draws has an error far below."""
    if old is None or new is None:
        return None
    for each in (old, new):
        if math.isnan(each.value):
            return Estimate.refused(each.note or "unknown", each.estimator, unit)
    if old.is_exact and new.is_exact:
        return Estimate.exact(new.value - old.value, unit)
    assert drawn is not None
    apart = _in_quadrature(old, new, unit)
    if drawn.error >= apart.error / _FAR and not _FROM_DRAWS & {old.estimator, new.estimator}:
        drawn = apart
    notes = dict.fromkeys(e.note for e in (old, new, drawn) if e.note is not None)
    return replace(drawn, unit=unit, note="; ".join(notes) or None)


def _in_quadrature(old: Estimate | None, new: Estimate | None, unit: str) -> Estimate:
    """The difference of two estimates whose errors add up in squares."""
    assert old is not None and new is not None
    value, half = new.value - old.value, math.hypot(old.error, new.error)
    return Estimate(value, value - half, value + half, new.estimator, unit)


def differences_of_rare(
    pairs: Sequence[tuple[Row, Row]],
    together: Callable[[Mapping[str, Quantity]], Model],
    run: Run,
) -> list[Estimate | None]:
    """The differences of means behind which there are rare events, of pairs of an old and a new
    row; None for all others. The draws of a run may have met none of these events. Each difference
    is so taken as a quantity, which `together` adds to a model of both, and its mean is that of
    any quantity: with draws of its own for what happens in one row, or in both."""
    asked: dict[str, tuple[int, Quantity, Unit]] = {}
    for k, (old, new) in enumerate(pairs):
        means = [each.mean for each in (old, new)]
        drawn = not all(e is None or e.is_exact or math.isnan(e.value) for e in means)
        results = old.result, new.result
        if drawn and any(each.decided_by_rare for each in results):
            category = "category" in new.labels
            unit = DIMENSIONLESS if category else units.difference(new.result.quantity.unit)
            with suppress(UnitError):  # what has another unit has no difference
                asked[f"difference {k}"] = (k, _quantity_of(new) - _quantity_of(old), unit)
    found: list[Estimate | None] = [None] * len(pairs)
    if asked:
        model = together({name: quantity for name, (_, quantity, _) in asked.items()})
        known = means_of(model, {name: unit for name, (*_, unit) in asked.items()}, run)
        for name, (k, *_) in asked.items():
            found[k] = known[name]
    return found


def means_of(model: Model, asked: Mapping[str, Unit], run: Run) -> dict[str, Estimate]:
    """The means of some quantities of a model by name, each in a unit."""
    simulation = model.sample(
        run.samples, seed=run.seed, method=run.method, quantities=list(asked), keep=True
    )
    return {
        name: _converted(
            simulation[name].mean(),
            units.conversion(model.quantities[name].unit, unit),
            str(unit),
        )
        for name, unit in asked.items()
    }


def _quantity_of(row: Row) -> Quantity:
    """What a row is about."""
    places = zip(row.result.quantity.dims, row.result.position, strict=True)
    return at_labels(row.result.quantity.isel(**{dim.name: at for dim, at in places}), row.labels)


def at_labels(quantity: Quantity, labels: Mapping[str, Label]) -> Quantity:
    """A quantity at some labels, or whether it is a category."""
    own = {dim.name for dim in quantity.dims}
    one = quantity.sel(**{name: label for name, label in labels.items() if name in own})
    return (one == labels["category"]) * 1.0 if one.categories else one


def _draws(row: Row) -> FloatArray:
    rows = row.result.by_replicate
    if "category" in row.labels:
        code = row.result.quantity.categories.index(row.labels["category"])
        return np.asarray(rows == code, dtype=np.float64)
    return rows
