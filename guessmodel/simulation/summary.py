"""The table of a simulation: one row a quantity, or a label of one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, final

from guessmodel.engine.steps import DROPPED
from guessmodel.errors import UsageError, WrongKind, needed
from guessmodel.estimators.estimate import Estimate, in_a_row
from guessmodel.estimators.sampled import FromDraws
from guessmodel.graph import dims as dimensions
from guessmodel.graph.categories import most_frequent
from guessmodel.graph.dims import Dims, Label, titled
from guessmodel.graph.elementwise import Filtered
from guessmodel.graph.quantity import Quantile, Quantity, Variate
from guessmodel.graph.traversal import ancestors
from guessmodel.graph.values import is_number
from guessmodel.tables import as_html, as_text
from guessmodel.units.formats import share_in_words

if TYPE_CHECKING:
    import pandas

    from guessmodel.model.model import Model
    from guessmodel.simulation import Result, Simulation

__all__ = [
    "ABSENT",
    "RECORDED",
    "STATISTICS",
    "Row",
    "Summary",
    "checked_percentiles",
    "filled",
    "marked",
    "summarise",
]

ABSENT = "–"
STATISTICS: Final = ("mean", "p5", "p50", "p95")
"""What tables show of a quantity, by the names of a row."""
RECORDED: Final = ("mean", "sd", "p5", "p50", "p95")
"""What JSON and reports have of it."""
_USUAL = (5.0, 50.0, 95.0)
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
    helper: bool  # `_name`, or named in passing and used by others; no draw behind what is shown
    doc: str | None
    source: str | None
    result: Result
    dims: Dims = ()  # of the quantity
    input: bool = True  # a constant, or a draw that rests on no other named draw
    fixed: bool = False  # no draw reaches it
    mean: Estimate | None = None
    p5: Estimate | None = None
    p50: Estimate | None = None
    p95: Estimate | None = None
    asked: Mapping[float, Estimate | None] | None = None  # percentiles that were asked for instead

    @property
    def shown(self) -> tuple[Estimate | None, ...]:
        """What tables show: the mean, and the percentiles asked for, or 5%, 50% and 95%."""
        usual = (self.p5, self.p50, self.p95)
        return (self.mean, *(usual if self.asked is None else self.asked.values()))

    @property
    def sd(self) -> Estimate | None:
        """Standard deviation, worked out when it is asked for: no table shows it."""
        return None if self.mean is None or self.result.quantity.categories else self.result.sd()

    @property
    def title(self) -> str:
        """Name with labels, as `cost[twitter]`, in one line."""
        return " ".join(titled(self.name, self.labels.values()).splitlines())

    def numbers(self, digits: int = 6) -> list[tuple[Estimate | None, str]]:
        """What is `shown`, each with its text: in digits that tell percentiles apart, and with ±
        unless the error is below half the last of so many digits."""
        statistics = self.shown
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
    percentiles: tuple[float, ...]
    notes: tuple[str, ...] = ()
    """Which share of the draws filters drop."""
    left_out: int = 0
    """Rows that are not shown."""

    def cells(self) -> list[list[str]]:
        """Header and rows as text."""
        table = [["", "unit", "mean", *(f"{p:g}%" for p in self.percentiles)]]
        for row in self.rows:
            title = row.title + (" *" if row.output else "")
            table.append([title, row.unit, *(_cell(e, text) for e, text in row.numbers())])
        return table

    def __str__(self) -> str:
        return as_text(self.heading, self.cells(), self.notes, names=2)

    def __repr__(self) -> str:
        return str(self)

    def to_html(self) -> str:
        """The table as HTML, for notebooks."""
        return as_html(self.heading, self.cells(), self.notes)

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """For JSON: `unit` and each statistic (`mean`, `p5` …) as `Estimate.to_dict` has it, by the
        name that the table shows; None where a label is not applicable.

        >>> import guessmodel as gm
        >>> gm.Model(fee=gm.constant(3, "USD")).sample().summary().to_dict()["fee"]["mean"]
        {'value': 3.0, 'low': 3.0, 'high': 3.0}
        """
        names = self._statistics
        return {
            row.title: {
                "unit": row.unit,
                **{
                    name: None if found is None else found.to_dict()
                    for name, found in zip(names, row.shown, strict=True)
                },
            }
            for row in self.rows
        }

    def to_pandas(self) -> pandas.DataFrame:
        """The unit and the values, without their errors: a row for each quantity and label, a
        column for each statistic."""
        needed("pandas", "xarray")
        import pandas

        rows = [
            [row.unit, *(math.nan if e is None else e.value for e in row.shown)]
            for row in self.rows
        ]
        columns = ["unit", *self._statistics]
        return pandas.DataFrame(rows, index=[row.title for row in self.rows], columns=columns)

    @property
    def _statistics(self) -> list[str]:
        return ["mean", *(f"p{p:g}" for p in self.percentiles)]


def _value(estimate: Estimate | None) -> float:
    return math.nan if estimate is None else estimate.value


def summarise(
    simulation: Simulation,
    fill: Callable[[Sequence[Row]], Sequence[Row]] | None = None,
    percentiles: Sequence[float] | None = None,
    shown: Callable[[Row], bool] = lambda row: True,
    before: Callable[[Row], None] = lambda row: None,
) -> Summary:
    """Rows of all results of a simulation, in the order of the model, or of those to be `shown`;
    `fill` gives rows their statistics, by default all that they have room for, see `filled`, which
    has `before` too. `percentiles`, such as (10, 50, 90), are shown instead of 5, 50 and 95;
    UsageError or WrongKind for what is none."""
    asked = None if percentiles is None else checked_percentiles(percentiles)
    fill = fill or partial(filled, percentiles=asked, before=before)
    every = list(_unfilled(simulation))
    rows = [row for row in every if shown(row)]
    left_out = len(every) - len(rows)
    several = FromDraws.together(simulation.run.samples)
    rows = [
        each
        for start in range(0, len(rows), several)
        for row in fill(rows[start : start + several])
        for each in (_categories(row, asked) if row.result.quantity.categories else (row,))
    ]
    model, heading = simulation.model, simulation.run.heading
    notes = simulation.problems() if _filters(model) else ()
    return Summary(model.title, heading, tuple(rows), asked or _USUAL, tuple(notes), left_out)


def _unfilled(simulation: Simulation) -> Iterator[Row]:
    """All rows, in the order of the model, without statistics."""
    model = simulation.model
    outputs = frozenset(model.outputs)
    uncertain, hierarchical, composed = _reached(model)
    passing = {entry.name for entry in model.entries.values() if entry.helper}
    aside = {name for name in model.quantities if name in passing or name.startswith("_")}
    aside -= {name for name in outputs if not name.startswith("_")}
    behind = frozenset(ancestors(q for name, q in model.quantities.items() if name not in aside))
    for result in simulation.results():
        pieces = result.by_label if result.dims else {(): result}
        quantity = model.quantities[result.name]  # a condition may make a number of it
        drawn = quantity.kind != "derived" or quantity in composed
        given = drawn and quantity not in hierarchical
        source = given and quantity in uncertain
        for labels, piece in pieces.items():
            listed = labels if isinstance(labels, tuple) else (labels,)
            names = {dim.name: label for dim, label in zip(result.dims, listed, strict=False)}
            yield Row(
                result.name,
                names,
                result.unit,
                quantity.kind,
                result.name in outputs,
                result.name in aside and not (source and quantity in behind),
                model.doc_of(result.name),
                quantity.source,
                piece,
                result.dims,
                given,
                quantity not in uncertain,
            )


def _filters(model: Model) -> bool:
    """Whether a filter may drop draws; without one no draw need be made to tell that none does."""
    nodes = ancestors(model.quantities.values())
    return any(isinstance(node.operation, Filtered) for node in nodes)


def checked_percentiles(percentiles: Sequence[float]) -> tuple[float, ...]:
    """Percentiles in ascending order; UsageError or WrongKind for what is none."""
    if isinstance(percentiles, str) or not isinstance(percentiles, Sequence) or not percentiles:
        raise WrongKind(f"percentiles are numbers such as (10, 50, 90), not {percentiles!r}")
    for p in percentiles:
        if not is_number(p):
            raise WrongKind(f"a percentile is a number such as 95, not {p!r}")
        if not 0.0 < p < 100.0:
            raise UsageError(f"percentile {p:g} is not between 0 and 100")
        if len(percentiles) > 1 and max(percentiles) < 1.0:
            raise UsageError(f"percentiles are counted from 0 to 100; write {100 * p:g} for {p:g}")
    return tuple(sorted({float(p) for p in percentiles}))


def _reached(model: Model) -> tuple[set[Quantity], set[Quantity], set[Quantity]]:
    """What a draw reaches, the draw itself included; what another, named draw reaches; and what a
    constructor has made of draws that nobody else can use, as shares that sum to 1."""
    named = set(model.quantities.values())
    uncertain: set[Quantity] = set()
    behind_named: set[Quantity] = set()
    composed: set[Quantity] = set()
    for node in ancestors(named):
        operation = node.operation
        if isinstance(operation, Variate) or not uncertain.isdisjoint(node.operands):
            uncertain.add(node)
            inner = isinstance(operation, Quantile) and operation.inner
            of_inner = [each in composed and each not in named for each in node.operands]
            if inner or (of_inner and all(of_inner)):
                composed.add(node)
        for child in node.operands:
            drawn = child in named and isinstance(child.operation, Quantile)
            if drawn or child in behind_named:
                behind_named.add(node)
                break
    return uncertain, behind_named, composed


def filled(
    rows: Sequence[Row],
    percentiles: Sequence[float] | None = None,
    before: Callable[[Row], None] = lambda row: None,
) -> list[Row]:
    """The rows with their statistics, and percentiles that are asked for beside the usual ones;
    `before` is called with each row before it has them, while its draws are sorted. (Rows of
    categories have other ones, see `_categories`.)"""
    none = None if percentiles is None else dict.fromkeys(percentiles)
    ps = [0.05, 0.5, 0.95, *(p / 100.0 for p in percentiles or ())]
    FromDraws.look_ahead([drawn for row in rows for drawn in row.result.counted], ps)
    found = []
    for row in rows:
        before(row)
        result = row.result
        if not result.applicable or result.quantity.categories:
            found.append(replace(row, asked=none))
            continue
        p5, p50, p95, *more = result.quantiles(*ps)
        asked = None if percentiles is None else dict(zip(percentiles, more, strict=True))
        found.append(replace(row, mean=result.mean(), p5=p5, p50=p50, p95=p95, asked=asked))
    return found


def _categories(row: Row, percentiles: Sequence[float] | None) -> list[Row]:
    """A category has no mean; what it has is a probability for each of its labels."""
    return [
        replace(
            row,
            labels={**row.labels, "category": label},
            unit="probability",
            mean=row.result.category_probability(label),
            asked=None if percentiles is None else dict.fromkeys(percentiles),
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


def lost(result: Result) -> str:
    """Which share of the draws is not finite, or dropped by a filter, and where they arose; ""
    where all are there."""
    if not (result.faults and (share := result.non_finite)):
        return ""
    how = "are dropped" if result.only_dropped else "are not finite"
    causes = "; ".join(fault.removeprefix(f"{DROPPED} in ") for fault in result.faults)
    return f"{share_in_words(share)} draws {how} ({causes})"


def lost_of(result: Result) -> list[str]:
    """The same as lines, of which there are none where all that is shown is known without draws."""
    pieces = result.by_label.values() if result.dims else [result]
    told = "" if all(piece.closed is not None for piece in pieces) else lost(result)
    return [told] if told else []


def result_text(result: Result) -> str:
    """One result in a line."""
    if result.dims:
        return f"<{result.name} ({dimensions.describe(result.dims)})>"
    labels = most_frequent(result.quantity, result.category_probability)
    told = labels or f"mean {result.mean()}, 90% interval {result.interval()}"
    return f"<{'; '.join([f'{result.name}: {told}', *lost_of(result)])}>"


def result_table(result: Result) -> str:
    """One result as HTML: mean, 5%, 50% and 95%, a row for each label; of a category the
    probabilities; and which share of the draws is lost."""
    rows = []
    pieces = result.by_label if result.dims else {(): result}
    for label, piece in pieces.items():
        names = {
            str(k): each for k, each in enumerate(label if isinstance(label, tuple) else [label])
        }
        row = Row(result.name, names, result.unit, "", False, False, None, None, piece)
        rows.extend(_categories(row, None) if result.quantity.categories else filled([row]))
    notes = tuple(lost_of(result))
    return Summary(result.name, result.run.heading, tuple(rows), _USUAL, notes).to_html()
