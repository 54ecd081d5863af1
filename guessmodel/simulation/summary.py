"""The table of a simulation: one row a quantity, or a label of one."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, final

from guessmodel.estimators.estimate import Estimate, in_a_row
from guessmodel.graph.dims import Label, titled
from guessmodel.graph.quantity import Quantile, Quantity, Variate
from guessmodel.graph.traversal import ancestors
from guessmodel.tables import as_html, as_text

if TYPE_CHECKING:
    from guessmodel.model.model import Model
    from guessmodel.simulation import Result, Simulation

__all__ = ["ABSENT", "Row", "Summary", "filled", "marked", "summarise"]

ABSENT = "–"
_NOTHING = Estimate.refused("", "")


@final
@dataclass(frozen=True, slots=True)
class Row:
    """Statistics of one quantity at one coordinate; None where it is not applicable."""

    name: str
    labels: Mapping[str, Label]
    unit: str
    kind: str
    output: bool  # nothing in the model depends on it
    helper: bool  # of no interest by itself: `_name`, or named in passing and used by others
    doc: str | None
    source: str | None
    result: Result
    input: bool = True  # a constant, or a draw that rests on no other named draw
    fixed: bool = False  # no draw reaches it
    mean: Estimate | None = None
    p5: Estimate | None = None
    p50: Estimate | None = None
    p95: Estimate | None = None

    @property
    def sd(self) -> Estimate | None:
        """Standard deviation, worked out when it is asked for: no table shows it."""
        return None if self.mean is None or self.result.quantity.categories else self.result.sd()

    @property
    def title(self) -> str:
        """Name with labels, as `cost[twitter]`, in one line."""
        return " ".join(titled(self.name, self.labels.values()).splitlines())

    def numbers(self, digits: int = 6) -> list[tuple[Estimate | None, str]]:
        """Mean, 5%, 50% and 95%, each with its text: in digits that tell them apart, and with ±
        unless the error is below half the last of so many digits."""
        statistics = (self.mean, self.p5, self.p50, self.p95)
        mean, *quantiles = (_NOTHING if e is None else e for e in statistics)
        *parts, head = in_a_row(*quantiles, beside=(mean,), digits=digits)
        return list(zip(statistics, (head, *parts), strict=True))


@final
@dataclass(frozen=True, slots=True)
class Summary:
    """All rows, and how the draws were made."""

    title: str
    heading: str
    rows: tuple[Row, ...]

    def cells(self) -> list[list[str]]:
        """Header and rows as text."""
        table = [["", "unit", "mean", "5%", "50%", "95%"]]
        for row in self.rows:
            title = row.title + (" *" if row.output else "")
            table.append([title, row.unit, *(_cell(e, text) for e, text in row.numbers())])
        return table

    def __str__(self) -> str:
        return as_text(self.heading, self.cells(), names=2)

    def to_html(self) -> str:
        """The table as HTML, for notebooks."""
        return as_html(self.heading, self.cells())


def summarise(simulation: Simulation, fill: Callable[[Row], Row] | None = None) -> Summary:
    """Rows of all results of a simulation, in the order of the model; `fill` gives a row its
    statistics, by default all that it has room for."""
    fill = fill or filled
    model = simulation.model
    outputs = frozenset(model.outputs)
    uncertain, hierarchical = _reached(model)
    rows = []
    for result in simulation.results():
        pieces = result.by_label if result.dims else {(): result}
        quantity = result.quantity
        given = quantity.kind != "derived" and quantity not in hierarchical
        for labels, piece in pieces.items():
            listed = labels if isinstance(labels, tuple) else (labels,)
            names = {dim.name: label for dim, label in zip(result.dims, listed, strict=False)}
            row = Row(
                result.name,
                names,
                result.unit,
                quantity.kind,
                result.name in outputs,
                _is_helper(model, result.name, outputs),
                model.doc_of(result.name),
                quantity.source,
                piece,
                given,
                quantity not in uncertain,
            )
            rows.extend(_categories(row) if quantity.categories else [fill(row)])
    return Summary(model.title, simulation.run.heading, tuple(rows))


def _reached(model: Model) -> tuple[set[Quantity], set[Quantity]]:
    """What a draw reaches, the draw itself included; and what another, named draw reaches."""
    named = set(model.quantities.values())
    uncertain: set[Quantity] = set()
    behind_named: set[Quantity] = set()
    for node in ancestors(named):
        if isinstance(node.operation, Variate) or not uncertain.isdisjoint(node.operands):
            uncertain.add(node)
        for child in node.operands:
            drawn = child in named and isinstance(child.operation, Quantile)
            if drawn or child in behind_named:
                behind_named.add(node)
                break
    return uncertain, behind_named


def _is_helper(model: Model, name: str, outputs: Collection[str]) -> bool:
    passing = model.entries[name].helper and name not in outputs
    return passing or name.startswith("_")


def filled(row: Row) -> Row:
    """The row with its statistics."""
    result = row.result
    if not result.applicable:
        return row
    p5, p50, p95 = result.quantiles(0.05, 0.5, 0.95)
    return replace(row, mean=result.mean(), p5=p5, p50=p50, p95=p95)


def _categories(row: Row) -> list[Row]:
    """A category has no mean; what it has is a probability for each of its labels."""
    return [
        replace(
            row,
            labels={**row.labels, "category": label},
            unit="probability",
            mean=row.result.category_probability(label),
        )
        for label in row.result.quantity.categories
    ]


def _cell(estimate: Estimate | None, text: str) -> str:
    if estimate is None:
        return ""
    if math.isnan(estimate.value):
        return estimate.note or "unknown"
    return text if estimate.note is None else f"{text} ({estimate.note})"


def marked(estimate: Estimate, text: str) -> str:
    """A number of a table, with a mark where there is a reservation about it, which stands below
    the table; a dash where there is no number."""
    shown = ABSENT if math.isnan(estimate.value) else text
    return shown if estimate.reliable else f"{shown} !"
