"""One model, one document: plain data, of which all else in a report is a rendering.

`claims/report_format.py` has its types, and `schema.json` beside this file describes it to other
programs; `tests/report/test_schema.py` compares both. "quantities" have the form of
`guessmodel run --json` with more about each, so that `guessmodel check` finds drift from it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from guessmodel.analysis.rank_correlation import dependence
from guessmodel.claims.checking import CheckedClaim, figures, sampled_and_checked
from guessmodel.claims.report_format import FORMAT, VERSION, ClaimData, Document, QuantityData
from guessmodel.graph.dims import size
from guessmodel.model.model import Model
from guessmodel.report.claim_data import claim_data
from guessmodel.report.drivers import Answers, answers, drivers_data
from guessmodel.report.forms import same_forms
from guessmodel.report.quantity_data import (
    add_finer,
    add_guesstimate_intervals,
    estimate_data,
    quantities_data,
    rows_of,
)
from guessmodel.report.scenarios import beside, scenarios_data
from guessmodel.report.together import together, together_data
from guessmodel.report.what_if import NOTHING, WhatIf, seeks_data, sweeps_data, what_if
from guessmodel.simulation import Simulation
from guessmodel.simulation.headline import HeadlineEstimates, headlines, headlines_of
from guessmodel.simulation.summary import RECORDED, STATISTICS, Row

__all__ = ["Document", "described", "document"]

_MANY: Final = 24  # labels


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
    `at_once` without correlations, scenarios and deviations. `pause` is called between quantities,
    and may raise."""
    run = simulation.run
    title, description = _texts(model)
    claims = [
        claim_data(model, claim, statement.figure, row)
        for (claim, statement, _), row in zip(figures(model), checked, strict=True)
    ]
    rows = rows_of(simulation, pause, percentiles=percentiles)
    told = headlines(simulation).answers
    statistics = STATISTICS if at_once else RECORDED
    quantities = _quantities(model, simulation, rows, claims, told, statistics)
    main = [name for name, entry in quantities.items() if entry["main"]]
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
            for each in (() if at_once else dependence(model, simulation, main))
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
    _add_asked(made, asked)
    _add_headlines(made, told)
    return made


def _quantities(
    model: Model,
    simulation: Simulation,
    rows: Iterable[Row],
    claims: Sequence[ClaimData],
    told: Sequence[HeadlineEstimates],
    statistics: Iterable[str],
) -> dict[str, QuantityData]:
    """All quantities; the document is about outputs and what claims and headlines are about."""
    claimed = [claim["name"] for claim in claims if claim["name"] is not None]
    main = frozenset([*model.outputs, *claimed, *_asked_for(model)])
    rows = [row for row in rows if row.name in model.quantities]
    quantities = quantities_data(model, rows, main, statistics)
    add_guesstimate_intervals(simulation, quantities, claims)
    for (_, statement, _), claim in zip(figures(model), claims, strict=True):
        add_finer(quantities, statement, claim, simulation.run.samples)
    first = [each.name.partition("[")[0] for each in told]
    in_order = [name for name in dict.fromkeys([*first, *quantities]) if name in quantities]
    shown = [name for name in in_order if quantities[name]["main"]]
    for name, same in same_forms(model, quantities, shown).items():
        quantities[name]["same_form_as"] = same
    return quantities


def _add_asked(made: Document, asked: WhatIf) -> None:
    """What the file's own sweeps and seeks find."""
    if asked.sweeps:
        made["sweeps"] = sweeps_data(asked, estimate_data)
    if asked.seeks:
        made["seeks"] = seeks_data(asked, estimate_data)


def _add_headlines(made: Document, told: Sequence[HeadlineEstimates]) -> None:
    """The answers, and how they are said."""
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


def _asked_for(model: Model) -> list[str]:
    """What headlines are about; of many labels the answers have those that are asked for."""
    names = (model.name_of(each.quantity) for each in headlines_of(model).values())
    return [name for name in names if size(model.quantities[name].dims) <= _MANY]


def _place(path: Path) -> str:
    """A file as its importers see it, wherever the folder lies: `models/twitter.py`."""
    top = path.parent
    while (top / "__init__.py").exists() and top.parent != top:
        top = top.parent
    return path.relative_to(top).as_posix()
