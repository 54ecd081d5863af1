"""What a document has of each quantity: its statistics by label, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence, Set
from typing import Any, Final, cast

from guessmodel.analysis.answers import insert
from guessmodel.claims.claim import Statement
from guessmodel.claims.report_format import ClaimData, EstimateData, QuantityData
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.expression import expression
from guessmodel.graph.quantity import Quantile, Quantity
from guessmodel.graph.traversal import nearest
from guessmodel.model.model import Model
from guessmodel.simulation import Simulation
from guessmodel.simulation.summary import RECORDED, Row, filled, summarise

__all__ = [
    "add_finer",
    "add_guesstimate_intervals",
    "estimate_data",
    "quantities_data",
    "rounded",
    "rows_of",
]

_PERCENTILES: Final = {0.05: "p5", 0.5: "p50", 0.95: "p95"}
_DIGITS: Final = 10


def rows_of(
    simulation: Simulation,
    pause: Callable[[], None],
    names: Container[str] | None = None,
    percentiles: Sequence[float] | None = None,
) -> list[Row]:
    """The rows of a simulation, all or those of some names, with percentiles that are asked for;
    `pause` is called before each."""

    def fill(rows: Sequence[Row]) -> Sequence[Row]:
        wanted = [row for row in rows if names is None or row.name in names]
        return filled(wanted, percentiles, lambda row: pause())

    return list(summarise(simulation, fill, percentiles).rows)


def quantities_data(
    model: Model, rows: Iterable[Row], main: Set[str], statistics: Iterable[str] = RECORDED
) -> dict[str, QuantityData]:
    """What the document has of each named quantity, or some of the statistics alone; `main` are
    those it is about."""
    names = {quantity: name for name, quantity in model.quantities.items()}
    found: dict[str, Any] = {}
    for row in rows:
        if row.name not in found:
            found[row.name] = {**_entry(model, names, row), "main": row.name in main}
        entry, labels = found[row.name], [str(label) for label in row.labels.values()]
        all_told = {key: getattr(row, key) for key in statistics}
        if entry["indicator"]:
            all_told["probability"] = row.result.probability() if row.result.applicable else None
        asked = {f"p{p:g}": estimate for p, estimate in (row.asked or {}).items()}
        for at, told in (([], all_told), (["percentiles"], asked)):
            for key, estimate in told.items():
                data = None if estimate is None else estimate_data(estimate)
                insert(entry, [*at, key, *labels], data)
    return found


def _entry(model: Model, names: Mapping[Quantity, str], row: Row) -> dict[str, Any]:
    from guessmodel.plots.categories import shown_as_yes_or_no

    quantity, entry = model.quantities[row.name], model.entries[row.name]
    dims = {dim.name: list(dim.labels) for dim in quantity.dims}
    if quantity.categories:
        dims["category"] = list(quantity.categories)
    kind = quantity.kind
    formula = None
    if kind == "derived":
        others = {known: name for known, name in names.items() if known is not quantity}
        formula = expression(quantity, others) if quantity.name is None else None
    operation = quantity.operation
    family = operation.family if isinstance(operation, Quantile) else None
    return {
        "unit": row.unit,
        "kind": kind,
        "doc": row.doc,
        "source": row.source,
        "dims": dims,
        "output": row.output,
        "from": None if entry.own else entry.stem,
        "indicator": shown_as_yes_or_no(row.result),
        "distribution": None if family is None else family.name,
        "formula": formula,
        "depends_on": list(dict.fromkeys(names[each] for each in nearest(quantity, names))),
    }


def estimate_data(estimate: Estimate) -> EstimateData:
    """An estimate, rounded as in all documents."""
    data = {
        key: rounded(value) if isinstance(value, float) else value
        for key, value in estimate.to_dict().items()
    }
    return cast(EstimateData, data)


def rounded(value: float) -> float:
    """Ten digits: more than any error supports, and fewer than another CPU would change."""
    return float(f"{value:.{_DIGITS}g}")


def add_guesstimate_intervals(
    simulation: Simulation, quantities: Mapping[str, QuantityData], claims: Iterable[ClaimData]
) -> None:
    """Beside 5% and 95%, wherever a claim speaks of that interval."""
    for claim in claims:
        name = claim["name"]
        if (
            name is None
            or "scenario" in claim
            or not claim["statistic"].startswith("guesstimate interval")
        ):
            continue
        labels = claim["labels"]
        result = simulation[name]
        interval = result.sel(**labels).guesstimate_interval()
        path = [str(labels[dim.name]) for dim in result.dims]
        ends = {"low": estimate_data(interval.low), "high": estimate_data(interval.high)}
        insert(quantities[name], ["guesstimate_interval", *path], ends)


def add_finer(
    quantities: Mapping[str, QuantityData],
    statement: Statement,
    claim: ClaimData,
    samples: int,
) -> None:
    """A claim that needed more draws has a finer estimate, which its quantity takes over: a page
    shows one estimate of a statistic."""
    if claim["name"] is None or "scenario" in claim or claim["samples"] <= samples:
        return
    entry = quantities[claim["name"]]
    given = claim["computed"]
    scaled = {k: rounded(v / claim["scale"]) for k, v in given.items() if isinstance(v, float)}
    labels = [str(claim["labels"][dim]) for dim in entry["dims"]]
    for statistic, *end in _places(statement):
        leaf: Any = entry
        for key in (statistic, *labels, *end):
            leaf = leaf.get(key, {})
        if leaf:
            leaf.pop("note", None)
            leaf |= {**given, **scaled}


def _places(statement: Statement) -> list[tuple[str, ...]]:
    """Where a quantity has the statistic that a claim is about."""
    if statement.kind == "guesstimate_interval":
        return [("guesstimate_interval", statement.end)]
    if statement.kind in ("mean", "probability"):
        return [("mean",), ("probability",)]
    key = "sd" if statement.kind == "sd" else _PERCENTILES.get(statement.p or 0.0)
    return [] if key is None else [(key,)]
