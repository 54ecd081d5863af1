"""What if: an output at several values of one input, or of two, on common draws."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Final, final

import numpy as np

from guessmodel.analysis.answers import insert
from guessmodel.analysis.crossings import Crossing, Curve, crossings
from guessmodel.analysis.statistic import (
    HowDrawn,
    RunOptions,
    asked,
    drawn_how,
    input_of,
    output_of,
)
from guessmodel.analysis.swept_values import swept_values
from guessmodel.errors import GuessmodelError, UsageError, WrongKind, needed, public, relocated
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Dim, Label, titled
from guessmodel.graph.kinds import is_indicator, is_yes_or_no
from guessmodel.graph.number_in import Amount, number_in
from guessmodel.graph.quantity import Quantity, constant_node
from guessmodel.graph.traversal import ancestors
from guessmodel.model.model import Model
from guessmodel.model.overrides import Rule, refuse_between
from guessmodel.model.side_by_side import SCENARIO, base_of
from guessmodel.simulation import Result
from guessmodel.simulation.summary import ABSENT, STATISTICS, Row, marked
from guessmodel.tables import Tabled

if TYPE_CHECKING:
    import pandas

__all__ = ["Sweep", "SweepOptions", "SweepSetup", "sweep", "sweep_setup"]

_MOST: Final = 2  # inputs at once


class SweepOptions(RunOptions, total=False):
    """What `Model.sweep` takes by name."""

    crosses: Amount | None


@final
@dataclass(frozen=True, slots=True)
class StatisticCrossing:
    """Where a statistic of the output crosses a value."""

    statistic: str
    of: float
    labels: Mapping[str, Label]  # of the output
    at: Crossing


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sweep(Tabled):
    """An output at several values of one or two inputs.

    Attributes
    ----------
    output, unit : of the quantity
    over : the values of each input, in ascending order
    units : of these, by the name of the input
    rows : one for each value, or pair of values, and label of the output, with mean, 5%, 50%, 95%
    crosses : the value that was asked for; None: crossings of 0 are told where there are any
    crossings : where a statistic crosses it, for one input
    result : the draws, with a dimension for each input; `gm.plots.fan` draws them
    whole, labels : the quantity of which the output is a label (`cost`, `year: 2025`), where it is
        one; else the output, and none
    """

    name_columns: ClassVar = 0

    output: str
    unit: str
    over: Mapping[str, tuple[float, ...]]
    units: Mapping[str, str]
    rows: tuple[Row, ...]
    crosses: float | None
    crossings: tuple[StatisticCrossing, ...]
    result: Result
    whole: str
    labels: Mapping[str, Label]

    @property
    def heading(self) -> str:
        """What was swept, and how the draws were made."""
        return f"{self.output} over {' and '.join(self.over)}; {self.result.run.heading}"

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it; statistics of a labelled output are nested by label, as in `run`."""
        entries: dict[tuple[Label, ...], dict[str, Any]] = {}
        for row in self.rows:
            values = {name: row.labels[name] for name in self.over}
            entry = entries.setdefault(tuple(values.values()), dict(values))
            rest = [str(label) for name, label in row.labels.items() if name not in self.over]
            for key in STATISTICS:
                estimate: Estimate | None = getattr(row, key)
                insert(entry, [key, *rest], estimate and estimate.to_dict())
        return {
            "output": self.output,
            "over": {name: list(values) for name, values in self.over.items()},
            "values": list(entries.values()),
            "crossings": [self._crossing(each) for each in self.crossings],
        }

    def _crossing(self, each: StatisticCrossing) -> dict[str, Any]:
        (name,) = self.over
        labels = {"labels": dict(each.labels)} if each.labels else {}
        at = each.at.value.to_dict()
        return {"statistic": each.statistic, "crosses": each.of, **labels, name: at}

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each value and label: the statistics and the ends of their errors."""
        needed("pandas", "xarray")
        import pandas

        table = []
        for row in self.rows:
            line: dict[str, Any] = dict(row.labels)
            for key in STATISTICS:
                estimate: Estimate | None = getattr(row, key)
                e = Estimate.refused("", "") if estimate is None else estimate
                line |= {key: e.value, f"{key}_low": e.low, f"{key}_high": e.high}
            table.append(line)
        return pandas.DataFrame(table)

    def cells(self) -> list[list[str]]:
        """Header and rows as text: inputs, labels of the output, and statistics."""
        labels = list(self.rows[0].labels) if self.rows else []
        table = [[*map(self._titled, labels), "mean", "5%", "50%", "95%"]]
        for row in self._seen:
            names = [_label(label) for label in row.labels.values()]
            table.append([*names, *(_cell(e, text) for e, text in row.numbers())])
        return table

    @property
    def _seen(self) -> list[Row]:
        """The rows, of a category those of labels that some draw has."""
        if not self.result.quantity.categories:
            return list(self.rows)
        had = {self._rest(row) for row in self.rows if row.mean is None or row.mean.value}
        return [row for row in self.rows if self._rest(row) in had]

    def _rest(self, row: Row) -> tuple[Label, ...]:
        return tuple(label for name, label in row.labels.items() if name not in self.over)

    def notes(self) -> list[str]:
        """Crossings and reservations, a line each."""
        lines = []
        for each in self.crossings:
            value = Estimate.exact(each.of, self.unit)
            title = titled(self.whole, (*each.labels.values(), *self.labels.values()))
            (name,) = self.over
            lines.append(f"{each.statistic} of {title} crosses {value} at {name} = {each.at.value}")
        if self.crosses is not None and not self.crossings:
            value = Estimate.exact(self.crosses, self.unit)
            lines.append(f"no statistic of {self.output} crosses {value} between these values")
        left_out = {*map(self._rest, self.rows)} - {*map(self._rest, self._seen)}
        if left_out:
            several = "s" if len(left_out) > 1 else ""
            lines.append(
                f"{len(left_out)} label{several} that no draw has at any of these values "
                f"{'are' if several else 'is'} left out"
            )
        about: dict[str, list[str]] = {}
        for row in self.rows:
            for estimate in (row.mean, row.p5, row.p50, row.p95):
                if estimate is not None and estimate.note is not None:
                    where = ", ".join(f"{k} = {_label(v)}" for k, v in row.labels.items())
                    about.setdefault(estimate.note, []).append(where)
        for note, places in about.items():
            known = list(dict.fromkeys(places))
            more = ", …" if len(known) > 3 else ""
            lines.append(f"! {'; '.join(known[:3])}{more}: {note}")
        return lines

    def _titled(self, name: str) -> str:
        unit = self.units.get(name)
        return f"{name} [{unit}]" if unit else name


@public
def sweep(
    model: Model,
    over: Mapping[str | Quantity, Any],
    output: str | Quantity | None = None,
    *,
    crosses: Amount | None = None,
    n: int | None = None,
    seed: int | None = 0,
    method: str = "nets",
) -> Sweep:
    """See `Model.sweep`."""
    setup = sweep_setup(model, over, output, crosses)
    whole, labels = setup.output, setup.labels
    values, inputs, of = setup.values, setup.inputs, setup.of
    name = titled(whole, labels.values())
    how = drawn_how(model, n, seed, method)
    swept = model.with_({k: Rule(partial(_at_all, k, each)) for k, each in values.items()})
    if labels:
        swept = swept.extended({name: swept.quantities[whole].sel(**labels)})
    simulation = swept.sample(quantities=[name], **how)
    result = simulation[name]
    idle = [key for key in values if key not in {dim.name for dim in result.dims}]
    if idle:
        raise UsageError(f"'{name}' does not depend on '{idle[0]}'")
    rows = _sorted(simulation.summary().rows, values)
    quantity = model.quantities[whole]
    found: tuple[StatisticCrossing, ...] = ()
    if len(values) == 1 and of is not None:
        (key,) = values
        told = (whole, labels)
        found = tuple(_crossed(model, told, (key, inputs[key]), values[key], of, rows, how))
    units = {key: str(old.unit) for key, old in inputs.items()}
    wanted = None if crosses is None else of
    unit = str(quantity.unit)
    return Sweep(name, unit, values, units, rows, wanted, found, result, whole, labels)


@final
@dataclass(frozen=True, slots=True, eq=False)
class SweepSetup:
    """What a sweep asks of a model: the name of the output and the labels that were chosen of it,
    and by name the values of each input and what it is; the value that crossings are of, where
    there is one."""

    output: str
    labels: Mapping[str, Label]
    values: Mapping[str, tuple[float, ...]]
    inputs: Mapping[str, Quantity]
    of: float | None


def sweep_setup(
    model: Model,
    over: Mapping[str | Quantity, Any],
    output: str | Quantity | None,
    crosses: Amount | None = None,
) -> SweepSetup:
    """A sweep that fits a model; nothing is drawn. Raises UsageError, WrongKind or UnitError for
    one that does not."""
    if not isinstance(over, Mapping) or not over:
        raise WrongKind('a sweep is over values by name: {"price": [1, 2, 3]}')
    if len(over) > _MOST:
        raise UsageError(f"a sweep is over one input or two, not {len(over)}")
    name, labels = output_of(model, output)
    values: dict[str, tuple[float, ...]] = {}
    inputs: dict[str, Quantity] = {}
    for each, given in over.items():
        key, old, _ = input_of(model, each)
        if key in values:
            raise UsageError(f"'{key}' is swept twice")
        values[key] = _values_of(key, old, given)
        if any(dim.name == key for q in model.quantities.values() for dim in q.dims):
            raise UsageError(f"'{key}' is the name of a dimension too; give the input another")
        inputs[key] = old
    _check_dependence(model, name, inputs)
    if crosses is not None and len(values) > 1:
        raise UsageError("crossings are told of a sweep over one input; leave out crosses=")
    return SweepSetup(name, labels, values, inputs, _value_crossed(model.quantities[name], crosses))


def _values_of(name: str, old: Quantity, given: Any) -> tuple[float, ...]:
    try:
        values = swept_values(old.unit, given)
        if is_yes_or_no(old):
            refuse_between(values)
    except GuessmodelError as error:
        raise relocated(error, None, f"{name}: ") from None
    return values


def _check_dependence(model: Model, output: str, inputs: Mapping[str, Quantity]) -> None:
    base = base_of(model).quantities[output]
    behind = set(ancestors([base, model.quantities[output]]))
    for key, old in inputs.items():
        if old is base:
            raise UsageError(f"'{output}' is the output; sweep over an input of it")
        if old not in behind:
            raise UsageError(f"'{output}' does not depend on '{key}'")


def _at_all(dim: str, values: tuple[float, ...], old: Quantity) -> Quantity:
    """A constant that is each value at one label, the same at each label of the old quantity."""
    ones = np.ones(dimensions.shape(old.dims))
    if old.axes.mask is not None:
        ones[~old.axes.mask] = np.nan
    labels = tuple(int(v) if v.is_integer() and abs(v) < 1e15 else v for v in values)
    array = np.multiply.outer(np.array(values), ones)
    return constant_node(array, (Dim(dim, labels), *old.dims), old.unit, old.location)


def _sorted(rows: tuple[Row, ...], over: Iterable[str]) -> tuple[Row, ...]:
    """Rows label by label of the output, each with its inputs in front."""

    def rest(row: Row) -> tuple[Label, ...]:
        return tuple(label for name, label in row.labels.items() if name not in over)

    arranged = [
        replace(row, labels={**{name: row.labels[name] for name in over}, **row.labels})
        for row in rows
    ]
    place = {others: k for k, others in enumerate(dict.fromkeys(map(rest, arranged)))}
    return tuple(
        sorted(arranged, key=lambda row: (place[rest(row)], *(row.labels[name] for name in over)))
    )


def _value_crossed(quantity: Quantity, crosses: Amount | None) -> float | None:
    """The value that crossings are of: 0 by default, which is special for what has a zero."""
    if crosses is not None:
        if quantity.categories:
            raise UsageError("a category crosses no value; leave out crosses=")
        return number_in(quantity.unit, crosses)
    nothing = quantity.categories or is_indicator(quantity) or quantity.unit.is_absolute
    return None if nothing else 0.0


def _crossed(
    model: Model,
    told: tuple[str, Mapping[str, Label]],
    by: tuple[str, Quantity],
    values: tuple[float, ...],
    of: float,
    rows: tuple[Row, ...],
    how: HowDrawn,
) -> list[StatisticCrossing]:
    """Where statistics of an output cross a value: each that changes sides between two values of
    the input is looked at in between."""
    name, chosen = told
    by_labels: dict[tuple[tuple[str, Label], ...], list[Row]] = {}
    variants = dict(model.variants)
    for row in rows:
        rest = tuple((dim, label) for dim, label in row.labels.items() if dim != by[0])
        by_labels.setdefault(rest, []).append(row)
    found = []
    statistics = STATISTICS[:1] if is_indicator(model.quantities[name]) else STATISTICS
    for labels, line in by_labels.items():
        for statistic in statistics:
            known: list[Estimate | None] = [getattr(row, statistic) for row in line]
            heights = [math.nan if e is None else e.value - of for e in known]
            sides = [
                pair
                for pair, (a, b) in zip(pairwise(values), pairwise(heights), strict=True)
                if a * b <= 0.0
            ]
            if not sides:
                continue
            at = {**chosen, **dict(labels)}
            one = variants[str(at.pop(SCENARIO))] if variants and SCENARIO in at else model
            curve = Curve(asked(one, name, statistic), at, *by, of, how)
            places: dict[float, Crossing] = {}
            for low, high in sides:
                for each in crossings(curve, [low, high]):
                    places.setdefault(each.value.value, each)
            found += [
                StatisticCrossing(statistic, of, dict(labels), each) for each in places.values()
            ]
    return found


def _label(label: Label) -> str:
    return f"{label:.6g}" if isinstance(label, float) else str(label)


def _cell(estimate: Estimate | None, text: str) -> str:
    return ABSENT if estimate is None else marked(estimate, text)
