"""Which quantities go together: correlations of all inputs with all outputs, or of some quantities
with each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

import numpy as np

from guessmodel.analysis.statistic import uncertain_outputs
from guessmodel.errors import UsageError, needed
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.joint import Ranks, of_ranks, spearman
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import drawn_variate
from guessmodel.simulation import Result, Simulation
from guessmodel.simulation.joint import (
    Spread,
    Which,
    exact_zero,
    independent,
    pearson,
    the_result,
    variates,
)
from guessmodel.tables import Tabled

if TYPE_CHECKING:
    import pandas

__all__ = ["Correlations", "correlations"]

_MOST = 10_000  # pairs
_STATISTICS = ("rank", "pearson")


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Correlations(Tabled):
    """A matrix of correlations: a row for each of some quantities, a column for each of others."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    statistic: str
    """`rank` (Spearman's) or `pearson`."""
    values: Mapping[tuple[str, str], Estimate]
    drawn: str

    def __getitem__(self, pair: tuple[str, str]) -> Estimate:
        if pair not in self.values:
            raise UsageError(f"there is no correlation of {pair[0]!r} and {pair[1]!r}")
        return self.values[pair]

    def to_dict(self) -> dict[str, Any]:
        """`statistic`, and under `correlations` for each row and column the value and the ends of
        its error."""
        return {
            "statistic": self.statistic,
            "correlations": {
                row: {column: self.values[row, column].to_dict() for column in self.columns}
                for row in self.rows
            },
        }

    def to_pandas(self) -> pandas.DataFrame:
        """The values, without their errors: a row and a column for each quantity."""
        needed("pandas", "xarray")
        import pandas

        values = [[self.values[r, c].value for c in self.columns] for r in self.rows]
        return pandas.DataFrame(values, index=list(self.rows), columns=list(self.columns))

    @property
    def heading(self) -> str:
        """How the draws were made."""
        return self.drawn

    @property
    def title(self) -> str:
        """What the table is about, in a line."""
        ranks = self.statistic == "rank"
        return "rank correlations (Spearman)" if ranks else "Pearson's correlations"

    def cells(self) -> list[list[str]]:
        """Header and rows as text."""
        table = [["", *self.columns]]
        for row in self.rows:
            found = [self.values[row, column] for column in self.columns]
            texts = ["–" if each.value != each.value else each.text(3) for each in found]
            table.append([row, *texts])
        return table

    def notes(self) -> list[str]:
        """Why numbers are missing or may be wrong, once each."""
        noted = ((pair, each.note) for pair, each in self.values.items() if each.note)
        return [f"! {row}, {column}: {note}" for (row, column), note in noted]


def correlations(simulation: Simulation, names: Sequence[Which], statistic: str) -> Correlations:
    """See `Simulation.correlations`."""
    if statistic not in _STATISTICS:
        raise UsageError(f"statistic={statistic!r}: write 'rank' or 'pearson'")
    if names:
        rows = columns = _elements(_named(simulation, names))
        if len(rows) < 2:
            raise UsageError("a correlation takes two quantities or more; name another")
    else:
        model = simulation.model
        drawn = [n for n in simulation if drawn_variate(model.quantities[n]) is not None]
        asked = uncertain_outputs(model)
        outputs = [n for n in asked if n in simulation and n not in drawn]
        rows = _elements(simulation[name] for name in drawn)
        columns = _elements(simulation[name] for name in outputs)
        if not rows or not columns:
            raise UsageError(
                "the run has no inputs and outputs that vary; name the quantities to correlate"
            )
    if len(rows) * len(columns) > _MOST:
        raise UsageError(
            f"{len(rows)} x {len(columns)} correlations are more than {_MOST:,}; name the "
            "quantities to correlate, such as 'cost[2025]'"
        )
    values = _matrix(simulation, rows, columns, statistic)
    return Correlations(tuple(rows), tuple(columns), statistic, values, simulation.run.heading)


def _named(simulation: Simulation, names: Sequence[Which]) -> Iterator[Result]:
    for name in names:
        if isinstance(name, Result) and name.run is simulation.run:
            yield name
        elif isinstance(name, Quantity) or (isinstance(name, str) and name in simulation):
            yield simulation[name]
        else:
            yield the_result(simulation, name)


def _elements(results: Iterable[Result]) -> dict[str, Result]:
    """Results without labels, by name; categories have no order and are left out."""
    found: dict[str, Result] = {}
    for result in results:
        if result.quantity.categories:
            continue
        if not result.dims:
            found[result.name] = result
            continue
        pieces = {each.name: each for each in result.by_label.values() if each.applicable}
        found |= pieces
    return found


def _matrix(
    simulation: Simulation,
    rows: Mapping[str, Result],
    columns: Mapping[str, Result],
    statistic: str,
) -> dict[tuple[str, str], Estimate]:
    results = {**rows, **columns}
    draws = {name: each.by_replicate for name, each in results.items()}
    behind = dict(zip(results, variates(*results.values()), strict=True))
    ranks = {
        name: Ranks.of(values)
        for name, values in draws.items()
        if statistic == "rank" and np.isfinite(values).all()
    }
    spreads = {name: Spread(each) for name, each in results.items()}
    found: dict[tuple[str, str], Estimate] = {}
    for row in rows:
        for column in columns:
            if (column, row) in found:
                found[row, column] = found[column, row]
                continue
            known = (ranks[row], ranks[column]) if {row, column} <= ranks.keys() else None
            apart = independent(results[row], results[column], (behind[row], behind[column]))
            if statistic == "pearson":
                pairs = len(rows) * len(columns)
                each = pearson(simulation, spreads[row], spreads[column], pairs)
            elif known is None:
                each = spearman(draws[row], draws[column])
            elif apart and all(each.vary for each in known):  # no draw need be looked at
                each = Estimate.exact(0.0)
            else:
                each = of_ranks(*known)
            if apart:
                each = exact_zero(each)
            elif row == column and each.reliable:
                each = Estimate.exact(1.0)
            found[row, column] = each
    return found
