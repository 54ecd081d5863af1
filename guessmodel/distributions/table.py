"""Labelled constants from a table: a CSV file or a DataFrame, a column each."""

from __future__ import annotations

import math
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from guessmodel.distributions.data_columns import csv_rows
from guessmodel.errors import (
    GuessmodelError,
    Location,
    ModelError,
    WrongKind,
    caller,
    did_you_mean,
    located,
)
from guessmodel.graph.dims import Dim
from guessmodel.graph.pandas_data import from_pandas, named_unit
from guessmodel.graph.quantity import Quantity, constant_node

__all__ = ["table"]


def table(data: Any, index: str | None = None, *, source: str | None = None) -> dict[str, Quantity]:
    """The columns of a table as constants along one dimension, by name.

    Units are those of the headers: `cost [USD/day]` is the column `cost`. The labels stand in the
    column `index` of a CSV file (by default the first), and the dimension is called like it; of a
    DataFrame they are its index. An empty cell is not applicable.

    Parameters
    ----------
    data : path of a CSV file with a header, from the folder of the file that names it, or a
        DataFrame whose index has a name
    source : of all columns

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
        if isinstance(data, str | PathLike):
            return _from_file(Path(data), index, where, source)
        if not (hasattr(data, "columns") and hasattr(data, "index")):
            raise WrongKind(f"table takes the path of a CSV file or a DataFrame, not {data!r}")
        if index is not None:
            data = data.set_index(index)
        found: dict[str, Quantity] = {}
        for header in data.columns:
            column = from_pandas(data[header], where)
            if column is None:
                raise ModelError(f"table: the DataFrame has two columns '{header}'; rename one")
            _add(found, str(header), column[0], column[1][0], where, source)
        return found
    except GuessmodelError as error:
        raise located(error, where) from None


def _from_file(
    path: Path, index: str | None, where: Location, source: str | None
) -> dict[str, Quantity]:
    header, rows = csv_rows(path, where, "table")
    name = header[0] if index is None else index
    if name not in header:
        hint = did_you_mean(name, header) or f"; there are {', '.join(header)}"
        raise ModelError(f"table: {path} has no column '{name}'{hint}")
    place = header.index(name)
    labels = [_label(row[place].strip() if place < len(row) else "") for _, row in rows]
    dim = Dim(name, tuple(labels))
    found: dict[str, Quantity] = {}
    for k, column in enumerate(header):
        if k != place:
            values = [_number(row, k, column, path, line) for line, row in rows]
            _add(found, column, np.array(values), dim, where, source)
    return found


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


def _label(text: str) -> str | int | float:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _number(row: list[str], place: int, column: str, path: Path, line: int) -> float:
    text = row[place].strip() if place < len(row) else ""
    if not text:
        return math.nan
    try:
        return float(text)
    except ValueError:
        raise ModelError(
            f"table: {path}:{line} has {text!r} in the column '{column}', which is no number; "
            "units stand in the header, as in 'cost [USD]'"
        ) from None
