"""The scenarios of a model side by side: the data of a document, and their section of a page."""

from __future__ import annotations

from collections.abc import Callable

from guessmodel.claims.report_format import (
    Document,
    EstimateData,
    OutputData,
    ScenarioData,
)
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.dims import titled
from guessmodel.model.model import Model
from guessmodel.model.scenario import BASE
from guessmodel.report.numbers import figure, figures
from guessmodel.report.page import Block, Cell, Paragraphs, Picture, Section, Table
from guessmodel.simulation import Simulation
from guessmodel.simulation.headline import headlines_of

__all__ = ["beside", "scenarios_data", "scenarios_section"]


def beside(model: Model, simulation: Simulation) -> Simulation | None:
    """A run of the model and its scenarios on the draws of another: of outputs, and what is asked
    for, as far as they differ. None where nothing does."""
    if not model.scenarios:
        return None
    together = model.side_by_side()
    asked = [model.name_of(each.quantity) for each in headlines_of(model).values()]
    names = [
        name
        for name in dict.fromkeys([*asked, *model.outputs])
        if together.quantities[name] is not model.quantities[name]
    ]
    run = simulation.run
    if not names:
        return None
    return together.sample(run.samples, seed=run.seed, method=run.method, quantities=names)


def scenarios_data(
    simulation: Simulation, told: Callable[[Estimate], EstimateData]
) -> list[ScenarioData]:
    """Scenarios as a document has them, the unchanged model first; `told` is how it has an
    estimate."""
    answer = simulation.scenarios()
    variants = dict(simulation.model.variants)
    found: list[ScenarioData] = []
    for name in answer.names:
        said = variants[name].scenarios.get(name)
        outputs: list[OutputData] = []
        for line in answer.lines:
            row = line.row
            if line.scenario != name or row.mean is None:
                continue
            mean = line.difference["mean"]
            outputs.append(
                {
                    "output": row.name,
                    "labels": row.labels,
                    "mean": told(row.mean),
                    "p5": None if row.p5 is None else told(row.p5),
                    "p50": None if row.p50 is None else told(row.p50),
                    "p95": None if row.p95 is None else told(row.p95),
                    "difference": None if mean is None or name == BASE else told(mean),
                    "significant": line.significant,
                }
            )
        found.append(
            {
                "name": name,
                "doc": None if said is None else said.doc,
                "source": None if said is None else said.source,
                "outputs": outputs,
            }
        )
    return found


def scenarios_section(document: Document) -> Section:
    """A table of the outputs in each scenario, and their pictures."""
    given = document.get("scenarios", [])
    by_output: dict[str, list[tuple[str, OutputData]]] = {}
    for scenario in given:
        for each in scenario["outputs"]:
            title = titled(each["output"], each["labels"].values())
            by_output.setdefault(title, []).append((scenario["name"], each))
    rows: list[tuple[Cell, ...]] = []
    for title, lines in by_output.items():
        unit = document["quantities"][lines[0][1]["output"]]["unit"]
        rows.append((Cell(f"{title} [{unit}]" if unit else title, name=True),))
        rows += [(Cell(name), *map(Cell, _texts(each, unit))) for name, each in lines]
    if not rows:
        return Section("scenarios", "Scenarios", ())
    head = ("Scenario", "Mean", "5%", "50%", "95%", "Difference of means")
    table = Table(
        "Outputs in each scenario",
        head,
        tuple(rows),
        numeric=frozenset(range(1, len(head))),
        across=2,
    )
    words = "\n\n".join(
        f"{each['name']}: {_sentence(each)}" for each in given if each["doc"] or each["source"]
    )
    blocks: list[Block] = [Paragraphs(words)] if words else []
    blocks += [
        Paragraphs("All are seen on the same random numbers; base is the unchanged model."),
        table,
    ]
    blocks += [
        Picture(picture["file"], f"{picture['quantity']}: scenarios", picture["alt"], wide=True)
        for picture in document["pictures"]
        if picture["kind"] == "scenarios"
    ]
    return Section("scenarios", "Scenarios", tuple(blocks))


def _sentence(given: ScenarioData) -> str:
    doc = " ".join((given["doc"] or "").split())
    source = "" if given["source"] is None else f"Source: {' '.join(given['source'].split())}"
    return " ".join(filter(None, (doc, source)))


def _texts(given: OutputData, unit: str) -> list[str]:
    quantiles = given["p5"], given["p50"], given["p95"]
    mean = figure(given["mean"], unit)
    return [mean, *figures(*quantiles, unit=unit), _difference(given, unit)]


def _difference(given: OutputData, unit: str) -> str:
    difference = given["difference"]
    if difference is None:
        return ""
    if difference["value"] is None:
        return "–"
    sign = "+" if difference["value"] > 0.0 else ""
    doubt = "" if given["significant"] else ", not significant"
    return f"{sign}{figure(difference, unit)}{doubt}"
