"""From the bytes of Guesstimate's JSON to a model file, and the proof that both say the same."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, final

import numpy as np

from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.interop.guesstimate.dropping import drops_itself
from guessmodel.interop.guesstimate.equality import Equality, compared
from guessmodel.interop.guesstimate.functions import FUNCTIONS
from guessmodel.interop.guesstimate.reading import RawSheet, read_sheet
from guessmodel.interop.guesstimate.refusals import Refusal
from guessmodel.interop.guesstimate.sheet import Sheet, understood
from guessmodel.interop.guesstimate.writing import Remark, Written, written
from guessmodel.interop.refusals import refused
from guessmodel.model.model import Model
from guessmodel.units.formats import share_in_words

__all__ = ["Imported", "drafted", "import_sheet"]

_LARGE: Final = 20_000  # signs in formulas and data beyond which comparing is a matter of minutes
_TRIES: Final = 30
_SMALL: Final = 1_000  # cells of a sheet
_SOME: Final = 1 << 13  # draws that tell whether its cells are real numbers,
_FEW: Final = 1 << 9  # and those of a large one


@final
@dataclass(frozen=True, slots=True)
class Imported:
    """A sheet as a model file."""

    text: str
    """The file."""
    title: str
    cells: int
    remarks: tuple[Remark, ...]
    """What is not as one would expect, by cell."""
    skipped: tuple[str, ...]
    """What was left out, and why."""
    equality: Equality | None
    """The numbers of both; None for a large sheet."""
    model: Model = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "title": self.title,
            "cells": self.cells,
            "remarks": [{"cell": each.cell, "text": each.text} for each in self.remarks],
            "skipped": list(self.skipped),
            "equality": None if self.equality is None else self.equality.to_dict(),
        }


def import_sheet(
    data: bytes,
    *,
    name: str = "model",
    faithful: bool = False,
    facts: Mapping[str, str] | None = None,
    proof: bool = False,
) -> Imported:
    """The model file of a sheet of Guesstimate's, which was run and compared with the sheet.

    Parameters
    ----------
    data : the JSON of a space, or of its graph, as it was exported
    name : what the sheet is called where it says nothing itself
    faithful : keep the original's meaning where it surprises
    facts : text such as "2.7M" by the name of a fact of an organisation
    proof : put the table of both's numbers into the file's description

    Raises UsageError for what is no sheet or too large a one; ModelError, which lists all of them,
    where cells cannot be imported.
    """
    sheet, text, refusals = drafted(data, faithful=faithful, facts=facts)
    raw = sheet.raw
    title = raw.name or name
    model = _checked(sheet, text, refusals, title, faithful)
    equality = None
    if proof or raw.size <= _LARGE:
        equality = compared(sheet, text.quantities, model)
    return Imported(
        text.text(_about(raw, title), str(equality).splitlines() if proof and equality else ()),
        title,
        len(sheet.entries) - len(sheet.facts),
        text.remarks,
        raw.skipped,
        equality,
        model,
    )


def drafted(
    data: bytes, *, faithful: bool = False, facts: Mapping[str, str] | None = None
) -> tuple[Sheet, Written, list[Refusal]]:
    """The sheet, its model file, which has not been run, and the cells that cannot be imported.

    Raises UsageError as `import_sheet` does.
    """
    raw = read_sheet(data)
    sheet, refusals = understood(raw, facts or {}, FUNCTIONS.__contains__)
    if not (sheet.entries or refusals):
        raise UsageError("the sheet has no cell with a value")
    text = written(sheet, faithful=faithful)
    return sheet, text, [*refusals, *text.refusals]


def _about(raw: RawSheet, title: str) -> str:
    return f"{title}\n\n{raw.description}" if raw.description else title


def _checked(
    sheet: Sheet, text: Written, refusals: Sequence[Refusal], title: str, faithful: bool
) -> Model:
    """The model of the file, which was run; ModelError with all refusals where there is one.

    Loading stops at the first cell that does not work: it is left out, with all that use it, and
    the rest is loaded again.
    """
    found = list(refusals)
    model = None
    for _ in range(_TRIES):
        left = _without(sheet, {refusal.cell for refusal in found})
        if not left.entries:
            break
        rest = text if left is sheet else written(left, faithful=faithful)
        try:
            model = _loaded(rest.text(title))
        except GuessmodelError as error:
            found.append(_told(left, rest, error))
            continue
        found += _without_value(left, rest, model)
        break
    if found:
        order = {cell.label: place for place, cell in enumerate(sheet.raw.cells)}
        found.sort(key=lambda each: order.get(each.cell, -1))
        raise refused(title, found)
    assert model is not None
    return model


def _without(sheet: Sheet, labels: set[str]) -> Sheet:
    """The sheet without some cells, and without those that use them."""
    if not labels:
        return sheet
    gone: set[str] = set()
    there = {entry.cell.id for entry in sheet.entries}
    for entry in sheet.entries:
        lost = any(id in gone or id not in there for id in entry.inputs)
        if lost or entry.cell.label in labels:
            gone.add(entry.cell.id)
    return replace(sheet, entries=tuple(e for e in sheet.entries if e.cell.id not in gone))


def _loaded(text: str) -> Model:
    with tempfile.TemporaryDirectory(prefix="guessmodel-") as folder:
        file = Path(folder) / "imported_sheet.py"
        file.write_text(text, encoding="utf-8")
        return Model.from_file(file)


def _told(sheet: Sheet, text: Written, error: GuessmodelError) -> Refusal:
    """The cell at whose line the file fails."""
    head = len(text.text(sheet.raw.name or "x").splitlines()) - len(text.lines)
    line = error.where.line if error.where is not None else 0
    id = text.cells.get(line - 1 - head)
    cell = next((e.cell for e in sheet.entries if e.cell.id == id), sheet.entries[0].cell)
    return Refusal(cell.label, cell.text, 1, error.message.splitlines()[0])


def _without_value(sheet: Sheet, text: Written, model: Model) -> list[Refusal]:
    """Cells that are no real numbers in some draws, as Guesstimate refuses them, and cells all of
    whose draws are lost: a division by zero, a filter that lets nothing pass."""
    simulation = model.sample(_SOME if len(sheet.entries) <= _SMALL else _FEW)
    values = {e.cell.id: simulation[text.quantities[e.cell.id]].values for e in sheet.entries}
    finite = {id: np.isfinite(draws) for id, draws in values.items()}
    empty = {id for id, there in finite.items() if not there.any()}
    found = []
    for entry in sheet.entries:
        id = entry.cell.id
        if id in empty:
            why = "the cell has no value: the result is complex, infinite or filtered out"
            if empty.isdisjoint(entry.inputs):
                found.append(Refusal(entry.cell.label, entry.cell.text, 1, why))
            continue
        lost = np.isnan(values[id])
        for each in entry.inputs:
            lost &= finite[each]
        if lost.any() and not drops_itself(entry):
            why = (
                f"{share_in_words(float(lost.mean()))} draws are no real numbers, such as the root "
                "or the logarithm of a negative one"
            )
            found.append(Refusal(entry.cell.label, entry.cell.text, 1, why))
    return found
