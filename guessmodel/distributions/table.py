"""Labelled constants from a table: a CSV file, an xlsx workbook or a DataFrame, a column each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np

from guessmodel.distributions.data_columns import chosen_of, csv_rows
from guessmodel.distributions.workbook import ENDINGS, opened, table_of
from guessmodel.errors import (
    GuessmodelError,
    Location,
    ModelError,
    WrongKind,
    caller,
    located,
    public,
    suggested,
)
from guessmodel.graph.dims import Dim
from guessmodel.graph.labelled_data import from_pandas, named_unit
from guessmodel.graph.quantity import Quantity, constant_node
from guessmodel.graph.values import is_number

__all__ = ["table"]

_SHOWN: Final = 40


@public
def table(
    data: Any,
    index: str | None = None,
    *,
    columns: Sequence[str] | None = None,
    table: str | None = None,
    source: str | None = None,
) -> dict[str, Quantity]:
    """The columns of a table as constants along one dimension, by name.

    Units are those of the headers: `cost [USD/day]` is the column `cost`. The labels stand in the
    column `index` of a file (by default the first), and the dimension is called like it; of a
    DataFrame they are its index. An empty cell is not applicable. Of a workbook a table is read
    (Insert → Table), with the values that were saved: formulas are not calculated.

    Parameters
    ----------
    data : path of a CSV file with a header or of an xlsx workbook, from the folder of the file that
        names it, or a DataFrame whose index has a name
    columns : some of the columns, by default all but the index
    table : of a workbook the name of the table, where there are several
    source : of all columns; by default those of a workbook have its name and the table's

    Raises
    ------
    ModelError, WrongKind, DimensionError, UnitError
        For a file that is not there, a cell that is no number, labels that are there twice.

    >>> import pandas as pd
    >>> regions = pd.Index(["north", "south"], name="region")
    >>> rates = table(pd.DataFrame({"cost [USD]": [3.0, 4.0], "share [%]": [20, 80]}, regions))
    >>> print((rates["cost"] * rates["share"]).sum("region").sample(8).mean())
    3.8 USD
    """
    where = caller()
    try:
        workbook = isinstance(data, str | PathLike) and Path(data).suffix.lower() in ENDINGS
        if table is not None and not workbook:
            raise ModelError("table: table= chooses among those of an xlsx workbook; leave it out")
        if workbook:
            path = Path(data)
            with opened(path, where, "table") as book:
                header, rows, places, title = table_of(book, table)
            told = f"{path.name}, {title}" if source is None else source
            at = [f"{path}, {place}" for place in places]
            return _from_rows(header, rows, at, index, columns, str(path), where, told)
        if isinstance(data, str | PathLike):
            path = Path(data)
            header, lines = csv_rows(path, where, "table")
            at = [f"{path}:{line}" for line, _ in lines]
            cells = [[cell.strip() for cell in row] for _, row in lines]
            return _from_rows(header, cells, at, index, columns, str(path), where, source)
        if not (hasattr(data, "columns") and hasattr(data, "index")):
            raise WrongKind(f"table takes the path of a file or a DataFrame, not {data!r}")
        if index is not None:
            data = data.set_index(index)
        found: dict[str, Quantity] = {}
        known = {str(header): header for header in data.columns}
        for name in _columns_named(list(known), columns, "the DataFrame"):
            column = from_pandas(data[known[name]], where)
            if column is None:
                raise ModelError(f"table: the DataFrame has two columns '{name}'; rename one")
            _add(found, name, column[0], column[1][0], where, source)
        return found
    except GuessmodelError as error:
        raise located(error, where) from None


def _from_rows(
    header: list[str],
    rows: Sequence[Sequence[Any]],
    places: Sequence[str],
    index: str | None,
    columns: Sequence[str] | None,
    what: str,
    where: Location,
    source: str | None,
) -> dict[str, Quantity]:
    """The columns of cells as they stand in a file; `places` says where each row stands."""
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise ModelError(f"table: {what} has two columns '{twice}'; rename one")
    name = header[0] if index is None else index
    if name not in header:
        raise ModelError(f"table: {what} has no column '{name}'{suggested(name, header)}")
    own = header.index(name)

    def column(k: int) -> list[tuple[Any, str]]:
        cells = [row[k] if k < len(row) else None for row in rows]
        return list(zip(cells, places, strict=True))

    dim = Dim(name, tuple(_label(cell, at) for cell, at in column(own)))
    found: dict[str, Quantity] = {}
    for each in _columns_named([other for other in header if other != name], columns, what):
        values = [_number(cell, each, at) for cell, at in column(header.index(each))]
        _add(found, each, np.array(values), dim, where, source)
    return found


def _columns_named(headers: list[str], columns: Sequence[str] | None, what: str) -> list[str]:
    return headers if columns is None else chosen_of(columns, headers, "table", what)


def _add(
    found: dict[str, Quantity],
    header: str,
    values: np.ndarray[Any, np.dtype[np.float64]],
    dim: Dim,
    where: Location,
    source: str | None,
) -> None:
    name, unit = named_unit(header)
    if name in found:
        raise ModelError(f"table: two columns are called '{name}'; rename one")
    found[name] = constant_node(values, (dim,), unit, where, source=source)


def _label(cell: Any, at: str) -> str | int | float:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise ModelError(f"table: {at} has {cell!r} for a label")
    if isinstance(cell, str):
        for kind in (int, float):
            try:
                return kind(cell)
            except ValueError:
                continue
    return cell


def _number(cell: Any, column: str, at: str) -> float:
    if cell is None or cell == "":
        return math.nan
    try:
        if not isinstance(cell, str) and not is_number(cell):  # yes or no, a date
            raise ValueError
        return float(cell)
    except ValueError:
        raise ModelError(
            f"table: {at} has {str(cell)[:_SHOWN]!r} in the column '{column}', which is no number; "
            "units stand in the header, as in 'cost [USD]', and columns=[…] chooses columns"
        ) from None
