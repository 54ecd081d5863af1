"""Named cells and tables of xlsx workbooks: their values as they were saved. Nothing is calculated,
and no macro and no link to elsewhere is followed."""

from __future__ import annotations

import math
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from guessmodel import units
from guessmodel.distributions.data_columns import placed
from guessmodel.errors import (
    GuessmodelError,
    Location,
    ModelError,
    WrongKind,
    caller,
    located,
    needed,
    public,
    reason,
    suggested,
)
from guessmodel.graph.quantity import Quantity, constant_node
from guessmodel.graph.values import is_number
from guessmodel.units import Unit

if TYPE_CHECKING:
    from openpyxl import Workbook

__all__ = ["ENDINGS", "from_xlsx", "opened", "table_of"]

ENDINGS: Final = (".xlsx", ".xlsm")
_MOST_BYTES: Final = 20_000_000
_MOST_UNPACKED: Final = 60_000_000
_MOST_CELLS: Final = 1_000_000  # of a table
_WHO: Final = "from_xlsx"
_CELL: Final = re.compile(r"[A-Za-z]{1,3}[1-9][0-9]{0,6}")


@public
def from_xlsx(
    path: str | PathLike[str],
    unit: str | Unit | Mapping[str, str | Unit] | None = None,
    *,
    names: Sequence[str] | None = None,
) -> dict[str, Quantity]:
    """The named cells of an xlsx workbook as constants, by name; the source of each is its cell.

    A formula has the value that was last saved; it is not calculated. `gm.table` reads tables.

    Parameters
    ----------
    path : of the workbook, from the folder of the file that names it
    unit : one unit, or one a name
    names : some of the names, or places such as "Sheet1!B2"; by default all names that are of one
        cell with a number, and the places that `unit` speaks of

    Raises
    ------
    ModelError, WrongKind, UsageError
        For a file that is no workbook or has more than 60 MB unpacked, and for names that are not
        there or have no number.
    """
    where = caller()
    try:
        if not isinstance(path, str | PathLike):
            raise WrongKind(f"{_WHO} takes the path of a workbook, not {path!r}")
        if unit is not None and not isinstance(unit, str | Unit | Mapping):
            told = "{'price': 'USD'}; names alone go by names=['price']"
            raise WrongKind(f"{_WHO}: the second argument is units by name, {told}")
        if names is not None and (
            isinstance(names, str) or not isinstance(names, Sequence) or not names
        ):
            raise WrongKind(f"{_WHO}: names={names!r}; write a list, names=['price']")
        file = Path(path)
        with opened(file, where, _WHO) as book:
            spoken = list(unit) if isinstance(unit, Mapping) else []
            found = _numbers(_named(book), names, spoken, book)
        targets = unit if isinstance(unit, Mapping) else dict.fromkeys(found, unit)
        unknown = [name for name in targets if name not in found]
        if unknown:
            raise ModelError(f"{_WHO}: a unit for '{unknown[0]}', which is not among names=")
        return {
            name: constant_node(
                np.array(value),
                (),
                units.parse(targets.get(name)),
                where,
                source=f"{file.name}, {cell}",
            )
            for name, (value, cell) in found.items()
        }
    except GuessmodelError as error:
        raise located(error, where) from None


@contextmanager
def opened(path: Path, where: Location, who: str) -> Iterator[Workbook]:
    """A workbook, from the folder of the file that names it."""
    needed("openpyxl", "interop")
    whole = placed(path, where, who, _MOST_BYTES)
    try:
        with zipfile.ZipFile(whole) as packed:
            _check(packed)
        from openpyxl import load_workbook

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it does not read, such as pictures
            book = load_workbook(whole, data_only=True, keep_links=False)
        yield book
    except GuessmodelError as error:
        raise type(error)(f"{who}: {path}: {error.message}", error.where) from None
    except zipfile.BadZipFile:
        why = "it is empty" if not whole.stat().st_size else "save it as .xlsx"
        raise ModelError(f"{who}: {whole} is no xlsx workbook: {why}") from None
    except Exception as error:  # of a library that reads whatever bytes it is given
        raise ModelError(f"{who}: cannot read {whole}: {reason(error)}") from None


def _check(packed: zipfile.ZipFile) -> None:
    size = sum(part.file_size for part in packed.infolist())
    if size > _MOST_UNPACKED:
        raise ModelError(f"it has {size:,} bytes unpacked; up to {_MOST_UNPACKED:,} are read")
    for part in packed.infolist():
        if part.filename.endswith((".xml", ".rels")):
            with packed.open(part) as file:
                if b"<!DOCTYPE" in file.read(4096):
                    raise ModelError(f"its part {part.filename} has a document type, as none has")


# --- names ----------------------------------------------------------------------------------------


def _named(book: Workbook) -> dict[str, str]:
    """What names of the workbook and of its sheets refer to."""
    found: dict[str, str] = {}
    for owner in (book, *book.worksheets):
        for name, defined in owner.defined_names.items():
            if not name.startswith("_xlnm") and not defined.hidden:
                found.setdefault(name, str(defined.attr_text or ""))
    return found


def _numbers(
    cells: Mapping[str, str], names: Sequence[str] | None, spoken: Sequence[str], book: Workbook
) -> dict[str, tuple[float, str]]:
    """Values by name, and the cells that they stand in; of all names that have a number, and of
    those that units are spoken of, which must have one."""
    if names is None:
        found = _numbers(cells, spoken, (), book)
        for name, target in cells.items():
            try:
                found[name] = _number(name, target, book)
            except ModelError:
                continue
        if not found:
            raise ModelError(
                "no cell with a number has a name; name one, in the field left of the formula, or "
                f"write where it stands: names=['{book.sheetnames[0]}!B2']"
            )
        return found
    for name in names:
        if name not in cells and "!" not in str(name):
            raise ModelError(f"there is no name '{name}'{suggested(name, cells)}")
    return {name: _number(name, cells.get(name, str(name)), book) for name in names}


def _number(name: str, target: str, book: Workbook) -> tuple[float, str]:
    sheet, bang, place = target.rpartition("!")
    sheet, place = sheet.strip("'").replace("''", "'"), place.replace("$", "")
    if bang and _CELL.fullmatch(place) and sheet not in book.sheetnames:
        raise ModelError(
            f"'{name}': there is no sheet '{sheet}'{suggested(sheet, book.sheetnames)}"
        )
    if not bang or not _CELL.fullmatch(place):
        told = "" if name == target else f"{target}, and "
        raise ModelError(f"'{name}' is {told}no single cell; gm.table reads tables")
    cell = f"{sheet}!{place}"
    return _value(book[sheet][place].value, f"'{name}' ({cell})"), cell


def _value(value: Any, what: str) -> float:
    if value is None:
        raise ModelError(
            f"{what} has no value; if it is a formula, open and save the workbook where it is "
            "calculated"
        )
    if isinstance(value, bool) or not is_number(value) or not math.isfinite(value):
        raise ModelError(f"{what} has {str(value)[:40]!r}, which is no number")
    return float(value)


# --- tables ---------------------------------------------------------------------------------------


def table_of(book: Workbook, name: str | None) -> tuple[list[str], list[list[Any]], list[str], str]:
    """A table: headers, rows without the header and totals, where each row stands, its name.

    Raises ModelError for one that is not there, and where there are several and none is named.
    """
    tables = {
        table.name: (sheet, table) for sheet in book.worksheets for table in sheet.tables.values()
    }
    if name is None and len(tables) == 1:
        name = next(iter(tables))
    if not tables:
        raise ModelError(
            "it has no table; select the cells with their headers and choose Insert → Table, or "
            "save the sheet as CSV"
        )
    if name is None or name not in tables:
        if name is None:
            raise ModelError(f"choose a table by table='…'; there are {', '.join(tables)}")
        raise ModelError(f"there is no table '{name}'{suggested(name, tables)}")
    sheet, table = tables[name]
    from openpyxl.utils.cell import range_boundaries

    left, top, right, bottom = range_boundaries(table.ref)
    bottom -= table.totalsRowCount or 0
    if (right - left + 1) * (bottom - top + 1) > _MOST_CELLS:
        raise ModelError(f"the table '{name}' has more than {_MOST_CELLS:,} cells")
    if table.headerRowCount == 0 or bottom <= top:
        raise ModelError(f"the table '{name}' has no rows below a header")
    rows = [list(row) for row in sheet.iter_rows(top, bottom, left, right, values_only=True)]
    places = [f"{sheet.title}!{top + k}" for k in range(1, len(rows))]
    return [str(cell).strip() for cell in rows[0]], rows[1:], places, name
