"""What drives the outputs of a model: the data of a document, and their section of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from guessmodel.analysis.driver_texts import rows_of, share_text
from guessmodel.analysis.drivers import Driver, Group, Sensitivity
from guessmodel.analysis.sensitivity import sensitivity
from guessmodel.claims.report_format import Document, DriverData, DriversData
from guessmodel.errors import GuessmodelError
from guessmodel.graph.dims import Label
from guessmodel.model.model import Model
from guessmodel.report.numbers import AsData, estimate, figure, figures, in_percent, is_chance
from guessmodel.report.page import Block, Cell, Paragraphs, Picture, Section, Table
from guessmodel.simulation import Simulation

__all__ = ["Answers", "answers", "drivers_data", "drivers_section", "inlines"]

_LABELS = 4  # of an output at most: what has more is a curve, and no headline
_STRONGEST = 6  # inputs

Answers = Mapping[str, Sensitivity]


def answers(
    model: Model, simulation: Simulation, pause: Callable[[], None] = lambda: None
) -> Answers:
    """What drives each output that is a number, varies, has few labels and draws enough. `pause` is
    called now and then, and may raise."""
    found = {}
    for name in model.outputs:
        quantity = model.quantities[name]
        if name not in simulation or quantity.kind != "derived" or quantity.categories:
            continue
        if len(simulation[name].by_label if quantity.dims else ((),)) > _LABELS:
            continue
        try:
            found[name] = sensitivity(simulation, name, pause=pause)
        except GuessmodelError:  # it does not vary, say; the page tells nothing of it then
            continue
    return found


def inlines(answer: Sensitivity) -> Iterator[tuple[dict[str, Label], Sensitivity]]:
    """An answer at each label at which there is more than one input."""
    for labels, piece in answer.by_label() if answer.dims else [((), answer)]:
        if len(piece.inputs) > 1:
            names = (dim.name for dim in answer.dims)
            yield dict(zip(names, labels, strict=True)), piece


def drivers_data(answers: Answers, told: AsData) -> list[DriversData]:
    """Drivers as a document has them; `told` is how it has an estimate."""
    found: list[DriversData] = []
    for output, answer in answers.items():
        for labels, piece in inlines(answer):
            inputs = [row for row, _ in rows_of(piece.pieces[()])]
            found.append(
                {
                    "output": output,
                    "labels": labels,
                    "unreliable": piece.unreliable,
                    "inputs": [_driver(each, told) for each in inputs[:_STRONGEST]],
                    "weaker": max(len(inputs) - _STRONGEST, 0),
                }
            )
    return found


def _driver(driver: Driver | Group, told: AsData) -> DriverData:
    swing = None if isinstance(driver, Group) else driver.tornado
    return {
        "input": driver.name,
        "members": len(driver.members) if isinstance(driver, Group) else 1,
        "first": told(driver.first),
        "total": None if driver.total is None else told(driver.total),
        "at_p5": None if swing is None else told(swing.at_p5),
        "at_p95": None if swing is None else told(swing.at_p95),
    }


def drivers_section(document: Document) -> Section:
    """A table of the strongest inputs of each output, and their tornados."""
    rows: list[tuple[Cell, ...]] = []
    doubts = []
    for given in document.get("drivers", []):
        name, labels = given["output"], ", ".join(map(str, given["labels"].values()))
        same = document["quantities"][name].get("same_form_as")
        if same is not None and not same["inverse"]:
            continue  # a constant times another, and has its shares
        title = f"{name} {labels}".rstrip()
        entry = document["quantities"][name]
        unit, chance = entry["unit"], is_chance(entry)
        rows.append((Cell(f"{title} [{unit}]" if unit else title, name=True),))
        for each in given["inputs"]:
            rows.append((Cell(_named(each)), *map(Cell, _texts(each, unit, chance=chance))))
        if given["weaker"]:
            rows.append((Cell(f"{given['weaker']} weaker"), *[Cell("")] * 4))
        if given["unreliable"]:
            doubts.append(Paragraphs(f"Warning: {title}: {given['unreliable']}."))
    if not rows:
        return Section("drivers", "What drives the results", ())
    head = ("Input", "Alone", "In all", "Mean at its 5%", "Mean at its 95%")
    table = Table("Inputs by their share of the variance", head, tuple(rows), across=1)
    words = (
        "Alone: the share of the variance of the output that goes if the input becomes known. In "
        "all: what stays if all others become known. Then the output’s mean with the input held at "
        "its 5th, and at its 95th percentile."
    )
    blocks: list[Block] = [Paragraphs(words), *doubts, table]
    blocks += [
        Picture(picture["file"], f"{picture['quantity']}: tornado", picture["alt"], wide=True)
        for picture in document["pictures"]
        if picture["kind"] == "tornado"
    ]
    return Section("drivers", "What drives the results", tuple(blocks))


def _named(given: DriverData) -> str:
    many = given["members"]
    return f"{given['input']} ({many} inputs)" if many > 1 else given["input"]


def _texts(given: DriverData, unit: str, *, chance: bool) -> list[str]:
    shares = [
        share_text(None if each is None else estimate(each))
        for each in (given["first"], given["total"])
    ]
    ends = [given["at_p5"], given["at_p95"]]
    if chance:
        return [*shares, *("" if end is None else f"{figure(in_percent(end))}%" for end in ends)]
    if any(end is None or end["value"] is None for end in ends):
        return [*shares, *figures(*ends, unit=unit)]
    ascending = sorted(ends, key=lambda end: (end or {"value": 0.0})["value"] or 0.0)
    shown = figures(*ascending, unit=unit)
    return [*shares, *(shown if ascending[0] is ends[0] else shown[::-1])]
