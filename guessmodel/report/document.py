"""One model, one document: plain data, of which all else in a report is a rendering.

`claims/report_format.py` has its types, and `schema.json` beside this file describes it to other
programs; `tests/report/test_schema.py` compares both. "quantities" have the form of
`guessmodel run --json` with more about each, so that `guessmodel check` finds drift from it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Container, Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, cast

from guessmodel.analysis.answers import insert
from guessmodel.analysis.rank_correlation import dependence
from guessmodel.claims.checking import CheckedClaim, figures, sampled_and_checked
from guessmodel.claims.claim import Claim, Statement
from guessmodel.claims.published import Published
from guessmodel.claims.report_format import (
    FORMAT,
    VERSION,
    ClaimData,
    Document,
    EstimateData,
    QuantityData,
)
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.along_dims import Stack
from guessmodel.graph.dims import Label, size
from guessmodel.graph.elementwise import Convert
from guessmodel.graph.expression import expression
from guessmodel.graph.quantity import Quantile, Quantity
from guessmodel.graph.traversal import nearest
from guessmodel.model.model import Model
from guessmodel.report.drivers import Answers, answers, drivers_data
from guessmodel.report.forms import same_forms
from guessmodel.report.scenarios import beside, scenarios_data
from guessmodel.report.together import together, together_data
from guessmodel.report.what_if import NOTHING, WhatIf, seeks_data, sweeps_data, what_if
from guessmodel.simulation import Simulation
from guessmodel.simulation.headline import headlines, headlines_of
from guessmodel.simulation.summary import RECORDED, Row, filled, summarise

__all__ = [
    "Document",
    "claim_data",
    "described",
    "document",
    "estimate_data",
    "quantities_data",
    "rows_of",
]

_PERCENTILES = {0.05: "p5", 0.5: "p50", 0.95: "p95"}
_DIGITS = 10
_MANY = 24  # labels


def document(
    model: Model,
    *,
    samples: int | None = None,
    seed: int = 0,
    method: str = "nets",
    within: Sequence[str] = (),
    percentiles: Sequence[float] | None = None,
) -> Document:
    """The document of a model, or of what it is `within` some of its scenarios, without pictures:
    it is sampled once, and its claims are tested. `percentiles`, such as (10, 50, 90), are what
    its tables show in place of 5, 50 and 95.

    >>> import guessmodel as gm
    >>> made = document(gm.Model(cost=gm.lognormal(240, 720, "USD/day")))
    >>> made["quantities"]["cost"]["p95"]
    {'value': 720.0, 'low': 720.0, 'high': 720.0}
    """
    simulation, checked = sampled_and_checked(
        model, samples=samples, seed=seed, method=method, within=within
    )
    model = model.in_scenario(*within)
    drivers, asked = answers(model, simulation), what_if(model, simulation)
    return described(model, simulation, checked, drivers, within, asked, percentiles=percentiles)


def described(
    model: Model,
    simulation: Simulation,
    checked: Sequence[CheckedClaim],
    drivers: Answers,
    within: Sequence[str] = (),
    asked: WhatIf = NOTHING,
    *,
    at_once: bool = False,
    pause: Callable[[], None] = lambda: None,
    percentiles: Sequence[float] | None = None,
) -> Document:
    """The document of a run that has been made, of its claims that have been tested, of what drives
    its outputs and what is `asked`; the model has the changes of the scenarios that it is `within`.
    `at_once` without correlations and scenarios. `pause` is called between quantities, and may
    raise."""
    run = simulation.run
    title, description = _texts(model)
    rows = rows_of(simulation, pause, percentiles=percentiles)
    rows = [row for row in rows if row.name in model.quantities]
    claims = [
        claim_data(model, claim, statement.figure, row)
        for (claim, statement, _), row in zip(figures(model), checked, strict=True)
    ]
    main = [*model.outputs, *(claim["name"] for claim in claims if claim["name"] is not None)]
    main += _asked_for(model)
    quantities = quantities_data(model, rows, frozenset(main))
    _add_guesstimate_intervals(simulation, quantities, claims)
    for claim, given in zip(figures(model), claims, strict=True):
        _add_finer(quantities, claim[1], given, run.samples)
    told = headlines(simulation).answers
    named = [name for name in quantities if name in main]
    first = [each.name.partition("[")[0] for each in told]
    for name, same in same_forms(model, quantities, _in_order(quantities, first)).items():
        quantities[name]["same_form_as"] = same
    made: Document = {
        "format": FORMAT,
        "version": VERSION,
        "model": model.title,
        "title": title,
        "description": description,
        "file": _place(model.file) if model.file is not None else None,
        "samples": run.samples,
        "seed": run.seed,
        "method": run.method,
        "replicates": run.replicates,
        "remarks": [*simulation.problems(), *_unnamed(model), *asked.refused],
        "outputs": list(model.outputs),
        "quantities": quantities,
        "claims": claims,
        "dependence": [
            {
                "output": each.output,
                "labels": each.labels,
                "inputs": [{"input": i, "value": estimate_data(value)} for i, value in each.inputs],
            }
            for each in (() if at_once else dependence(model, simulation, named))
        ],
        "drivers": drivers_data(drivers, estimate_data),
        "pictures": [],
    }
    if within:
        made["within"] = list(within)
    if percentiles is not None:
        made["percentiles"] = list(percentiles)
    if not at_once:
        side = None if within else beside(model, simulation)
        if side is not None:
            made["scenarios"] = scenarios_data(side, estimate_data)
        if matrices := together(model, simulation):
            made["correlations"] = together_data(matrices, estimate_data)
    if asked.sweeps:
        made["sweeps"] = sweeps_data(asked, estimate_data)
    if asked.seeks:
        made["seeks"] = seeks_data(asked, estimate_data)
    if told:
        made["headlines"] = {
            answer.name: {
                name: {**estimate_data(each), "unit": each.unit}
                for name, each in answer.statistics.items()
            }
            for answer in told
        }
    if sentences := {each.name: each.sentence for each in told if each.sentence is not None}:
        made["sentences"] = sentences
    if priorities := {each.name: each.priority for each in told if each.priority is not None}:
        made["priorities"] = priorities
    return made


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


def _in_order(quantities: Mapping[str, QuantityData], first: Iterable[str]) -> list[str]:
    """The main quantities; those that are asked for first."""
    main = [name for name, entry in quantities.items() if entry["main"]]
    return [name for name in dict.fromkeys([*first, *main]) if name in main]


def _unnamed(model: Model) -> list[str]:
    count = len(model.unnamed)
    if not count:
        return []
    one = count == 1
    what = "a draw has no name" if one else f"{count} draws have no name"
    return [
        f"{what}, and may change with an edit; bind {'it to a name' if one else 'them to names'}"
    ]


def _texts(model: Model) -> tuple[str, str]:
    """First paragraph of the module's docstring, and the rest."""
    whole = inspect.cleandoc(model.doc or "")
    first, _, rest = whole.partition("\n\n")
    return " ".join(first.split()) or model.title, rest.strip("\n")


# --- quantities ---------------------------------------------------------------------------------


def _asked_for(model: Model) -> list[str]:
    """What headlines are about; of many labels the answers have those that are asked for."""
    names = (model.name_of(each.quantity) for each in headlines_of(model).values())
    return [name for name in names if size(model.quantities[name].dims) <= _MANY]


def quantities_data(model: Model, rows: Iterable[Row], main: Set[str]) -> dict[str, QuantityData]:
    """Of each named quantity what the document has of it; `main` are those it is about."""
    names = {quantity: name for name, quantity in model.quantities.items()}
    found: dict[str, Any] = {}
    for row in rows:
        if row.name not in found:
            found[row.name] = {**_entry(model, names, row), "main": row.name in main}
        entry, labels = found[row.name], [str(label) for label in row.labels.values()]
        statistics = {key: getattr(row, key) for key in RECORDED}
        if entry["indicator"]:
            statistics["probability"] = row.result.probability() if row.result.applicable else None
        asked = {f"p{p:g}": estimate for p, estimate in (row.asked or {}).items()}
        for at, told in (([], statistics), (["percentiles"], asked)):
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
        key: _rounded(value) if isinstance(value, float) else value
        for key, value in estimate.to_dict().items()
    }
    return cast(EstimateData, data)


def _rounded(value: float) -> float:
    """Ten digits: more than any error supports, and fewer than another CPU would change."""
    return float(f"{value:.{_DIGITS}g}")


def _add_guesstimate_intervals(
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


def _add_finer(
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
    scaled = {k: _rounded(v / claim["scale"]) for k, v in given.items() if isinstance(v, float)}
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


# --- claims -------------------------------------------------------------------------------------


def claim_data(model: Model, claim: Claim, figure: Published, row: CheckedClaim) -> ClaimData:
    """Of a figure of a claim, tested, what the document has of it."""
    subject = claim.subjects[0] if len(claim.subjects) == 1 else None
    name = next((n for n, q in model.quantities.items() if q is subject), None)
    labels: dict[str, Label] = {} if subject is None else claim.labels_of(subject)
    # check prints numbers as they are; here they have the digits of a report
    made: ClaimData = {
        "quantity": row.quantity,
        "statistic": row.statistic,
        "published": row.published,
        "computed": estimate_data(row.computed),
        "tolerance": None if row.tolerance is None else _rounded(row.tolerance),
        "verdict": row.verdict,
        "expected": row.expected,
        "source": row.source,
        "note": row.note,
        "name": name,
        "labels": labels,
        "unit": row.computed.unit,
        "scale": _rounded(figure.scale),
        "tolerance_text": row.tolerance_text,
        "as_expected": row.as_expected,
        "samples": row.samples,
        "reason": row.reason,
        "ratio": not claim.joint
        and (len(claim.subjects) > 1 or _is_quotient(claim.subjects[0], labels)),
        "kind": row.kind,
        "at_edge": row.at_edge,
    }
    if row.scenario is not None:
        made["scenario"] = row.scenario
        made["beside"] = {
            name: {"computed": estimate_data(each.computed), "verdict": each.verdict}
            for name, each in row.beside.items()
        }
    return made


def _is_quotient(quantity: Quantity, labels: Mapping[str, Label]) -> bool:
    """Whether a plain number is one quantity over another."""
    node = quantity
    while isinstance(node.operation, Convert):
        node = node.operands[0]
    if isinstance(node.operation, Stack) and node.operation.dim.name in labels:
        label = labels[node.operation.dim.name]
        return _is_quotient(node.operands[node.operation.dim.index(label)], labels)
    return quantity.unit.is_dimensionless and getattr(node.operation, "name", "") == "/"


# --- where it comes from ------------------------------------------------------------------------


def _place(path: Path) -> str:
    """A file as its importers see it, wherever the folder lies: `models/twitter.py`."""
    top = path.parent
    while (top / "__init__.py").exists() and top.parent != top:
        top = top.parent
    return path.relative_to(top).as_posix()
