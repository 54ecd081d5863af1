"""Columns of data: from a mapping, a DataFrame, a CSV or a Parquet file."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np

from guessmodel.errors import (
    GuessmodelError,
    Location,
    ModelError,
    WrongKind,
    needed,
    reason,
    suggested,
)
from guessmodel.graph.labelled_data import named_unit
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import Unit

__all__ = [
    "MOST_BYTES",
    "MOST_NUMBERS",
    "chosen_of",
    "columns_of",
    "csv_rows",
    "placed",
    "stated_units",
]

MOST_BYTES: Final = 500_000_000
"""Larger files of data are not read."""
MOST_NUMBERS: Final = 20_000_000
"""Nor are tables of more numbers, however small their compressed file is."""
_PARQUET = (".parquet", ".pq")


def columns_of(data: Any, chosen: Sequence[str] | None, where: Location) -> dict[str, Any] | None:
    """The columns by name, all or those chosen; None for what has none, such as a list.

    The path of a CSV or Parquet file is taken from the folder of the file that names it. Raises
    ModelError for a file that is not there, or has no numbers where they are wanted.
    """
    if isinstance(data, str | PathLike):
        return _read(Path(data), chosen, where)
    if isinstance(data, Mapping):
        columns = {str(key): column for key, column in data.items()}
    elif hasattr(data, "columns") and hasattr(data, "to_numpy"):
        columns = {str(key): data[key].to_numpy() for key in data.columns}
        if len(columns) < len(data.columns):
            raise ModelError("empirical: the DataFrame has two columns of one name; rename one")
    elif chosen is not None:
        raise ModelError("empirical: columns= chooses among those of a table; a list has none")
    else:
        return None
    if chosen is None:
        return columns
    what = "the data" if isinstance(data, Mapping) else "the DataFrame"
    return {name: columns[name] for name in chosen_of(chosen, list(columns), "empirical", what)}


def stated_units(headers: Sequence[str]) -> dict[str, tuple[str, Unit | None]]:
    """By header the name and the unit of a column: `cost [USD]` is `cost`, in USD. A header that
    ends in another word in brackets is a name as a whole, without a unit."""
    found = _parted(headers)
    names = [name for name, _ in found.values()]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ModelError(f"empirical: two columns are called '{twice}'; rename one")
    return found


def _parted(headers: Sequence[str]) -> dict[str, tuple[str, Unit | None]]:
    found: dict[str, tuple[str, Unit | None]] = {}
    for header in headers:
        try:
            name, unit = named_unit(header)
            found[header] = (name, unit) if name != header else (header, None)
        except GuessmodelError:
            found[header] = header, None
    return found


def chosen_of(chosen: Any, headers: Sequence[str], who: str, what: str) -> list[str]:
    """The headers of the columns that were chosen, by them or by the names in them; ModelError of
    `who` for one that `what` has not."""
    if isinstance(chosen, str) or not isinstance(chosen, Sequence) or not chosen:
        example = headers[0] if headers else "x"
        raise WrongKind(f"{who}: columns={chosen!r}; write a list of names, columns=['{example}']")
    known = {name: header for header, (name, _) in _parted(headers).items()}
    known |= {header: header for header in headers}
    for name in chosen:
        if name not in known:
            raise ModelError(f"{who}: {what} has no column '{name}'{suggested(name, headers)}")
    return [known[name] for name in chosen]


def _read(path: Path, chosen: Sequence[str] | None, where: Location) -> dict[str, Any]:
    if path.suffix.lower() in _PARQUET:
        return _parquet(path, chosen, where)
    header, rows = csv_rows(path, where, "empirical")
    found: dict[str, list[float]] = {}
    for name in header if chosen is None else chosen_of(chosen, header, "empirical", str(path)):
        place = header.index(name)
        found[name] = [_number(row, place, name, path, line) for line, row in rows]
    return found


def csv_rows(
    path: Path, where: Location, who: str
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header of a CSV file, and its rows with their lines; ModelError of `who` where there are
    none."""
    whole = placed(path, where, who)
    try:
        with whole.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            rows = [(reader.line_num, row) for row in reader if row]
    except UnicodeDecodeError:
        raise ModelError(f"{who}: {whole} is no text in UTF-8; save it as UTF-8") from None
    except (OSError, csv.Error) as error:
        raise ModelError(f"{who}: cannot read {whole}: {error}") from None
    if len(rows) < 2:
        raise ModelError(f"{who}: {path} has no rows below its header")
    header = [name.strip() for name in rows[0][1]]
    if len(header) == 1 and (mark := next((m for m in ";\t" if m in header[0]), "")):
        shown = {";": "semicolons", "\t": "tabs"}[mark]
        told = f"{path} has {shown} between its columns; save it with commas, and decimal points"
        raise ModelError(f"{who}: {told}")
    if all(map(_is_number, header)):
        told = f"{path} begins with {header[0]} in place of a header; name its columns there"
        raise ModelError(f"{who}: {told}")
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise ModelError(f"{who}: {path} has two columns '{twice}'; rename one")
    for line, row in rows[1:]:
        if any(text.strip() for text in row[len(header) :]):
            told = f"{path}:{line} has {len(row)} values, and the header {len(header)}; write 1234 "
            raise ModelError(f'{who}: {told}and 2.5 without commas, and texts with one as "a, b"')
    return header, rows[1:]


def placed(path: Path, where: Location, who: str, most: int = MOST_BYTES) -> Path:
    """The path of a file that a model file names: from its folder, or at a prompt, whose lines
    have none, from the current one. ModelError of `who` for a file that is not there or too large.
    """
    whole = path if path.is_absolute() else Path(where.file).parent / path
    try:
        if not whole.exists() and path.exists():
            whole = path
        size = whole.stat().st_size
    except FileNotFoundError:
        raise ModelError(f"{who}: there is no file {whole}") from None
    except (OSError, ValueError) as error:
        raise ModelError(f"{who}: cannot read {whole}: {error}") from None
    if size > most:
        raise ModelError(f"{who}: {whole} has {size:,} bytes; files of up to {most:,} are read")
    return whole


def _parquet(path: Path, chosen: Sequence[str] | None, where: Location) -> dict[str, FloatArray]:
    needed("pyarrow", "interop")
    whole = placed(path, where, "empirical")
    from pyarrow import types
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(whole) as file:
            header = list(file.schema_arrow.names)
            if len(set(header)) < len(header):
                twice = next(name for name in header if header.count(name) > 1)
                raise ModelError(f"empirical: {path} has two columns '{twice}'; rename one")
            names = header if chosen is None else chosen_of(chosen, header, "empirical", str(path))
            count = file.metadata.num_rows * len(names)
            if not 0 <= count <= MOST_NUMBERS:
                raise ModelError(
                    f"empirical: {path} has {count:,} numbers; up to {MOST_NUMBERS:,} are read; "
                    "choose some by columns=[…]"
                )
            for name in names:
                kind = file.schema_arrow.field(name).type
                if not (types.is_integer(kind) or types.is_floating(kind)):
                    raise ModelError(
                        f"empirical: the column '{name}' of {path} holds {kind}, no numbers; "
                        "choose others by columns=[…]"
                    )
            table = file.read(columns=names)
            found = {name: table.column(name).to_pylist() for name in names}
    except ModelError:
        raise
    except Exception as error:  # of a library that reads whatever bytes it is given
        raise ModelError(f"empirical: cannot read {whole}: {reason(error)}") from None
    return {
        name: np.array([math.nan if value is None else value for value in column], np.float64)
        for name, column in found.items()
    }


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _number(row: Sequence[str], place: int, name: str, path: Path, line: int) -> float:
    text = row[place].strip() if place < len(row) else ""
    try:
        return float(text)
    except ValueError:
        shown = repr(text) if text else "nothing"
        raise ModelError(
            f"empirical: {path}:{line} has {shown} in the column '{name}'; choose others by "
            "columns=[…], or leave the row out"
        ) from None
