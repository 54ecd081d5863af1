"""Scenarios side by side: a model's quantities in each, and how they differ from the base."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, final

from guessmodel.analysis.answers import insert, quantities
from guessmodel.analysis.change import Change
from guessmodel.analysis.differences import compared, differences_of_rare, no_difference, of_row
from guessmodel.errors import UsageError, needed
from guessmodel.estimators.estimate import Estimate, in_a_row
from guessmodel.model.scenario import BASE
from guessmodel.model.side_by_side import SCENARIO
from guessmodel.simulation import Run, Simulation
from guessmodel.simulation.summary import STATISTICS, Row, marked
from guessmodel.tables import Tabled

if TYPE_CHECKING:
    import pandas

__all__ = ["InScenario", "Scenarios", "scenarios"]

HEADER: Final = ("quantity", "scenario", "unit", "mean", "5%", "50%", "95%", "difference", "moved")
_NOTHING: Final = "–"
_ROUNDING: Final = 1e-12  # of a value


@final
@dataclass(frozen=True, slots=True, eq=False)
class InScenario:
    """A quantity, or one label of it, in a scenario.

    Attributes
    ----------
    scenario : its name, `base` for the unchanged model
    row : the statistics
    change : what differs from the base; None for the base, and where the scenario does nothing to
        the quantity
    """

    scenario: str
    row: Row
    change: Change | None = None

    @property
    def difference(self) -> Mapping[str, Estimate | None]:
        """For each statistic: that in the scenario less that in the base."""
        if self.change is not None:
            return self.change.difference
        return {key: no_difference(each) for key, each in of_row(self.row).items()}

    @property
    def significant(self) -> bool:
        """Whether some statistic differs by more than sampling explains."""
        return self.change is not None and bool(self.change.significant)


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Scenarios(Tabled):
    """What a run of scenarios side by side found. Made by `Simulation.scenarios`.

    Attributes
    ----------
    run : how the draws were made
    names : of the scenarios, the base first
    docs : their descriptions, of those that have one
    lines : each quantity and label in each scenario, in the order of the model
    """

    name_columns: ClassVar = 3

    run: Run
    names: tuple[str, ...]
    docs: Mapping[str, str]
    lines: tuple[InScenario, ...]

    def __getitem__(self, key: tuple[str, str]) -> InScenario:
        """A quantity, or one label of it, in a scenario: `answer["cost[twitter]", "cheap"]`."""
        for line in self.lines:
            if (line.row.title, line.scenario) == key:
                return line
        raise KeyError(key)

    @property
    def heading(self) -> str:
        """How the draws were made."""
        return self.run.heading

    @property
    def changed(self) -> tuple[str, ...]:
        """Names of the quantities that some scenario does something to."""
        return tuple(dict.fromkeys(line.row.name for line in self.lines if line.change is not None))

    def chosen(self, wanted: Sequence[Row]) -> Scenarios:
        """The same of some quantities and labels: those of rows of the base."""
        titles = {row.title for row in wanted}
        return replace(self, lines=tuple(e for e in self.lines if e.row.title in titles))

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it: each scenario has all quantities as `run` has them, and how they differ
        from the base."""
        found: dict[str, Any] = {}
        for name in self.names:
            own = [line for line in self.lines if line.scenario == name]
            shown = quantities(line.row for line in own)
            for line in own if name != BASE else ():
                entry, labels = shown[line.row.name], list(map(str, line.row.labels.values()))
                for key, estimate in line.difference.items():
                    insert(entry, ["difference", key, *labels], estimate and estimate.to_dict())
                insert(entry, ["significant", *labels], line.significant)
            found[name] = {"quantities": shown}
        return {"scenarios": found}

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each quantity or label in each scenario: the statistics, their differences
        from the base with the ends of their errors, and whether they are significant."""
        needed("pandas", "xarray")
        import pandas

        table = []
        for line in self.lines:
            row: dict[str, Any] = {"quantity": line.row.title, "scenario": line.scenario}
            for key in STATISTICS:
                row[key] = _value(getattr(line.row, key))
                d = line.difference[key]
                row[f"{key}_difference"] = _value(d)
                row[f"{key}_low"] = math.nan if d is None else d.low
                row[f"{key}_high"] = math.nan if d is None else d.high
            table.append({**row, "significant": line.significant})
        return pandas.DataFrame(table)

    def cells(self, *, whole: bool = False) -> list[list[str]]:
        """Header and rows as text, of what some scenario does something to: outputs in all
        scenarios, anything else where it differs. The `whole` table has everything."""
        shown = self.lines if whole else self._shown()
        table, last = [list(HEADER)], ""
        for line in shown:
            row = line.row
            title = f"{row.title} *" if row.output else row.title
            numbers = ["" if e is None else marked(e, text) for e, text in row.numbers()]
            moved = "" if line.scenario == BASE else _difference(line)
            means = "" if line.scenario == BASE else "yes" if line.significant else "no"
            table.append(
                ["" if title == last else title, line.scenario, row.unit, *numbers, moved, means]
            )
            last = title
        return table

    def _shown(self) -> list[InScenario]:
        changed = set(self.changed)
        lines = [line for line in self.lines if line.row.name in changed]
        lines = [line for line in lines if not line.row.helper] or lines
        return [e for e in lines if e.row.output or e.change is not None or e.scenario == BASE]

    def notes(self) -> list[str]:
        """What the scenarios are, how much is the same in all, and reservations, a line each."""
        lines = [f"{name}: {' '.join(doc.split())}" for name, doc in self.docs.items()]
        same = {line.row.name for line in self.lines} - set(self.changed)
        if same:
            kind = "quantity is" if len(same) == 1 else "quantities are"
            lines.append(f"{len(same)} {kind} the same in all scenarios")
        about: dict[str, list[str]] = {}
        for line in self._shown():
            for key in STATISTICS:
                for estimate in (getattr(line.row, key), line.difference[key]):
                    if estimate is not None and estimate.note is not None:
                        where = f"{line.row.title} ({line.scenario})"
                        about.setdefault(estimate.note, []).append(where)
        for note, places in about.items():
            lines.append(f"! {', '.join(dict.fromkeys(places))}: {note}")
        return lines


def scenarios(simulation: Simulation) -> Scenarios:
    """See `Simulation.scenarios`."""
    model = simulation.model
    variants = dict(model.variants)
    if not variants:
        raise UsageError("the run has no scenarios; model.sample(scenarios=True) has them")
    found: dict[tuple[str, tuple[Any, ...]], dict[str, Row]] = {}
    for row in simulation.summary().rows:
        labels = {name: label for name, label in row.labels.items() if name != SCENARIO}
        own = str(row.labels.get(SCENARIO, BASE)) if _differs(simulation, row.name) else ""
        for name in [own] if own else variants:
            kind = variants[name].quantities[row.name].kind
            one = replace(row, labels=labels if own else row.labels, kind=kind)
            found.setdefault((row.name, tuple(one.labels.values())), {})[name] = one
    changed = {
        (place, scenario): (rows[BASE], row)
        for place, rows in found.items()
        for scenario, row in rows.items()
        if variants[BASE].quantities[place[0]] is not variants[scenario].quantities[place[0]]
        and row is not rows[BASE]
    }
    changes = dict(zip(changed, _compared(simulation, list(changed.values())), strict=True))
    lines = [
        InScenario(scenario, row, changes.get((place, scenario)))
        for place, rows in found.items()
        for scenario, row in rows.items()
    ]
    docs = {
        name: doc
        for name, each in variants.items()
        if name in each.scenarios and (doc := each.scenarios[name].doc)
    }
    return Scenarios(simulation.run, tuple(variants), docs, tuple(lines))


def _differs(simulation: Simulation, name: str) -> bool:
    """Whether a quantity has a label for each scenario."""
    model = simulation.model
    return model.quantities[name] is not dict(model.variants)[BASE].quantities[name]


def _compared(simulation: Simulation, pairs: Sequence[tuple[Row, Row]]) -> list[Change]:
    """The changes from a row of the base to another: on common draws where these were kept; else
    errors add up at most."""
    kept = [(base, row) for base, row in pairs if row.result.tallies is None]
    rare = iter(differences_of_rare(kept, simulation.model.extended, simulation.run))
    replicates = simulation.run.replicates
    found = []
    for base, row in pairs:
        change = Change(row.name, row.labels, row.unit, row.output, row.helper, replicates)
        if row.result.tallies is None:
            found.append(compared(change, base, row, next(rare)))
        else:
            found.append(_without_draws(change, base, row))
    return found


def _without_draws(change: Change, base: Row, row: Row) -> Change:
    found = {}
    for key in STATISTICS:
        old, new = getattr(base, key), getattr(row, key)
        if old is None or new is None:
            continue
        value, half = new.value - old.value, new.error + old.error
        found[key] = Estimate(value, value - half, value + half, new.estimator, row.unit)
    nothing = dict.fromkeys(STATISTICS)
    return replace(change, old=of_row(base), new=of_row(row), difference={**nothing, **found})


def _value(estimate: Estimate | None) -> float:
    return math.nan if estimate is None else estimate.value


def _difference(line: InScenario) -> str:
    """The difference of the mean as text, with its sign."""
    d = line.difference["mean"]
    if d is None or math.isnan(d.value):
        return _NOTHING
    change = line.change
    if change is not None and abs(d.value) <= _ROUNDING * change.size("mean"):
        return "0"  # arithmetic in another order
    shown = in_a_row(d)[0]
    return marked(d, f"+{shown}" if d.value > 0.0 else shown)
