"""The draws of a run in files that other tools read: netCDF, Zarr, CSV, Parquet, JSON, SIPmath."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from guessmodel.analysis.answers import insert
from guessmodel.errors import (
    GuessmodelError,
    ModelError,
    UsageError,
    WrongKind,
    needed,
    reason,
    suggested,
)
from guessmodel.files import replace_file, written_beside
from guessmodel.interop.exported import Exported
from guessmodel.simulation.datasets import run_attributes

if TYPE_CHECKING:
    import pandas
    import xarray

    from guessmodel.simulation import Result, Simulation

__all__ = ["ENDINGS", "FORMATS", "export"]

ENDINGS: Final[Mapping[str, str]] = {
    ".nc": "nc",
    ".zarr": "zarr",
    ".csv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".sipmath": "sip",
    ".json": "json",
}
"""Formats by the endings of files."""
FORMATS: Final[Mapping[str, str]] = {
    "nc": ".nc",
    "zarr": ".zarr",
    "csv": ".csv",
    "parquet": ".parquet",
    "sip": ".SIPmath",
    "json": ".json",
}
"""Endings of files by their format."""


def export(simulation: Simulation, path: str | PathLike[str], to: str | None = None) -> Exported:
    """See `Simulation.export`."""
    if not isinstance(path, str | PathLike):
        raise WrongKind(f"export takes the name of a file, such as 'draws.parquet', not {path!r}")
    target = Path(path)
    kind = _kind(target, to)
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent}")
    try:
        if kind == "sip":
            from guessmodel.interop.sipmath.writing import write_sipmath

            return write_sipmath(simulation, target)
        _WRITERS[kind](simulation, target)
    except (GuessmodelError, OSError):
        raise
    except Exception as error:  # of the library that writes
        raise ModelError(f"export: cannot write {target}: {reason(error)}") from None
    return Exported(str(target), kind, simulation.run.samples, tuple(simulation))


def _kind(path: Path, to: str | None) -> str:
    if to is not None:
        if to not in FORMATS:
            raise UsageError(f"there is no format {to!r}{suggested(to, FORMATS)}")
        return to
    if path.suffix.lower() not in ENDINGS:
        raise UsageError(f"the ending of {path} tells no format; say which of {', '.join(FORMATS)}")
    return ENDINGS[path.suffix.lower()]


# --- arrays with labels ---------------------------------------------------------------------------


def _netcdf(simulation: Simulation, path: Path) -> None:
    needed("h5netcdf", "interop")
    dataset = _dataset(simulation)
    with written_beside(path) as part:
        dataset.to_netcdf(part, engine="h5netcdf")


def _zarr(simulation: Simulation, path: Path) -> None:
    needed("zarr", "store")
    if path.exists():
        raise UsageError(f"{path} exists; delete it, or choose another name")
    dataset = _dataset(simulation)
    with written_beside(path) as part:
        dataset.to_zarr(part, zarr_format=2, consolidated=True)


def _dataset(simulation: Simulation) -> xarray.Dataset:
    """The draws as `to_xarray` has them, with names and labels that files can hold."""
    dataset = simulation.to_xarray()
    for name in dataset.data_vars:
        if "/" in str(name):
            raise ModelError(f"'{name}' cannot be the name of an array in a file; rename it")
    texts = {
        name: [str(label) for label in coordinate.values.tolist()]
        for name, coordinate in dataset.coords.items()
        if coordinate.dtype.kind in "Ob"  # files have numbers and texts
    }
    dataset.attrs["replicates"] = str(simulation.run.replicates)
    return dataset.assign_coords(texts)


# --- tables ---------------------------------------------------------------------------------------


def _columns(simulation: Simulation) -> pandas.DataFrame:
    """A column for each quantity and label with its unit, `cost[2025] [USD]`, a row for each draw.

    Where a name ends in a label, brackets follow even without a unit, as `gm.empirical` and
    `gm.table` take what stands in the last ones for a unit.
    """
    table = simulation.to_pandas()
    units = table.attrs["units"]
    headers = [
        f"{name} [{units[name]}]" if units[name] or name.endswith("]") else str(name)
        for name in table.columns
    ]
    return table.set_axis(headers, axis=1).reset_index(drop=True)


def _csv(simulation: Simulation, path: Path) -> None:
    table = _columns(simulation)
    with (
        written_beside(path) as part,
        part.open("w", encoding="utf-8", newline="") as file,
    ):
        table.to_csv(file, index=False, lineterminator="\n")


def _parquet(simulation: Simulation, path: Path) -> None:
    needed("pyarrow", "interop")
    import pyarrow
    from pyarrow import parquet

    table = pyarrow.Table.from_pandas(_columns(simulation), preserve_index=False)
    run = {**run_attributes(simulation.model, simulation.run)}
    run["replicates"] = str(simulation.run.replicates)
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), **run})
    with written_beside(path) as part:
        parquet.write_table(table, part)


# --- JSON -----------------------------------------------------------------------------------------


def _json(simulation: Simulation, path: Path) -> None:
    import json

    run, model = simulation.run, simulation.model
    quantities = {}
    for result in simulation.results():
        draws: dict[str, Any] = {}
        for labels, piece in _pieces(result):
            insert(draws, ["draws", *labels], _listed(piece))
        quantities[result.name] = {
            "unit": result.unit,
            "kind": result.quantity.kind,
            "doc": model.doc_of(result.name) or None,
            "source": result.quantity.source,
            "dims": {dim.name: list(dim.labels) for dim in result.dims},
            **draws,
        }
    whole = {
        **run_attributes(model, run),
        "seed": run.seed,
        "samples": run.samples,
        "replicates": run.replicates,
        "quantities": quantities,
    }
    replace_file(path, json.dumps(whole, allow_nan=False) + "\n")


def _pieces(result: Result) -> list[tuple[list[str], Result]]:
    if not result.dims:
        return [([], result)]
    found = []
    for labels, piece in result.by_label.items():
        at = labels if isinstance(labels, tuple) else (labels,)
        found.append(([str(label) for label in at], piece))
    return found


def _listed(piece: Result) -> list[Any]:
    """The draws of one replicate after the other; None where there is no number."""
    values, categories = piece.values, piece.quantity.categories
    if categories:
        return [categories[int(x)] if np.isfinite(x) else None for x in values]
    numbers: list[Any] = values.tolist()
    for i in np.flatnonzero(~np.isfinite(values)):
        numbers[i] = None
    return numbers


_WRITERS: Final[Mapping[str, Callable[[Simulation, Path], None]]] = {
    "nc": _netcdf,
    "zarr": _zarr,
    "csv": _csv,
    "parquet": _parquet,
    "json": _json,
}
