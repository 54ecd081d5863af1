"""Draws on disk: a Zarr store that xarray opens lazily, written replicate by replicate.

It is called PATH.part until it is complete. A flag for each replicate is set once its draws are
written, so that a run that was killed goes on after them. It has its name before its notes are
removed: one that was killed between these steps is known, and ends as any other.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import warnings
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, final

import numpy as np

from guessmodel.engine.plan import Plan
from guessmodel.engine.run import Record, Sink, Writer, chunk_size
from guessmodel.errors import ModelError, UsageError, needed
from guessmodel.files import named, replace_file
from guessmodel.graph import dims as dimensions
from guessmodel.numerics.arrays import FloatArray
from guessmodel.simulation.datasets import coordinates, run_attributes, variable_attributes

if TYPE_CHECKING:
    from guessmodel.model.model import Model
    from guessmodel.simulation import Run

__all__ = ["Store"]

_NOTES = "guessmodel"  # folder in the store while it is not complete
_MARK = "run.json"  # in it: what run it is


@final
class Store:
    """The draws of one run: arrays (replicate, draw, *labels), a chunk at most a replicate."""

    def __init__(self, path: Path, plan: Plan, run: Run) -> None:
        self.path = path
        self.part = path.with_name(f"{path.name}.part")
        self.plan = plan
        self.run = run
        self.chunk = chunk_size(plan, run.size)
        self.arrays: dict[int, list[Any]] = {}
        self._known: dict[int, set[str]] = {}

    @classmethod
    def open(
        cls,
        path: str | PathLike[str],
        model: Model,
        plan: Plan,
        run: Run,
        preview: Mapping[str, FloatArray],
    ) -> Store:
        """Begin a store, or go on with PATH.part.

        `preview` are some draws of the same model and seed, by which a change of either is seen.
        Raises UsageError where PATH exists, or PATH.part is of another run.
        """
        needed("zarr", "store")
        store = cls(Path(path), plan, run)
        unfinished = (store.path / _NOTES / _MARK).exists()
        if store.path.exists() and not unfinished:
            if (store.path / ".zmetadata").exists():
                _tidy(store.path / _NOTES)  # the run that completed it was killed meanwhile
            raise UsageError(f"{store.path} exists; delete it, or choose another store")
        if not store.path.parent.is_dir():
            raise UsageError(f"there is no folder {store.path.parent}")
        mark = _fingerprint(model, run, preview)
        with named(store.path):
            if unfinished:
                _compare(store.path, mark)
                store.path.rename(store.part)
            elif store.part.exists():
                _compare(store.part, mark)
            else:
                store._create(model, mark)
            store._attach()
        return store

    # --- draws ----------------------------------------------------------------------------------

    def sink(self, inner: Sink, record: Record) -> Sink:
        """Where draws go: to the store, and on to another sink."""
        return _StoreSink(self, inner, record)

    def replay(self, sink: Sink, record: Record) -> None:
        """Hand the replicates that are already stored to a sink, as if they were drawn now."""
        self._known = self._read_faults()
        for position, kinds in self._known.items():
            for kind in kinds:
                record.faults.add(position, kind)
        writer = sink.writer()
        for replicate in np.flatnonzero(self._flags()).tolist():
            for start in range(0, self.run.size, self.chunk):
                stop = min(start + self.chunk, self.run.size)
                for slot, array in writer.arrays(replicate, start, stop).items():
                    stored = self.arrays[slot][0][replicate, start:stop]
                    array[...] = np.moveaxis(stored, 0, -1)
                writer.filled(replicate, start, stop)
            writer.close(replicate)
            record.done.append(replicate)

    def write(self, replicate: int, start: int, stop: int, draws: Mapping[int, FloatArray]) -> None:
        """Write a chunk of a replicate."""
        with named(self.path):
            for slot, array in draws.items():
                for target in self.arrays[slot]:
                    target[replicate, start:stop] = np.moveaxis(array, -1, 0)

    def mark(self, replicate: int, record: Record) -> None:
        """Note that all draws of a replicate are written."""
        kinds = {position: set(found) for position, found in record.faults.kinds.copy().items()}
        if kinds != self._known:
            self._known = kinds
            listed = {str(position): sorted(found) for position, found in kinds.items()}
            with named(self.path):
                replace_file(self.part / _NOTES / "faults.json", json.dumps(listed))
        with named(self.path), (self.part / _NOTES / "done").open("r+b") as flags:
            flags.seek(replicate)
            flags.write(b"\1")

    # --- the folder -----------------------------------------------------------------------------

    def _create(self, model: Model, mark: Mapping[str, Any]) -> None:
        import xarray
        import zarr

        begun = self.path.with_name(f"{self.path.name}.begun")
        shutil.rmtree(begun, ignore_errors=True)
        labels = xarray.Dataset(
            coords=coordinates(model, self.plan.outputs), attrs=run_attributes(model, self.run)
        )
        labels.to_zarr(begun, zarr_format=2, consolidated=False)
        group = zarr.open_group(begun, mode="r+", zarr_format=2)
        for name in self.plan.outputs:
            if "/" in name or name in labels.coords or name == _NOTES:
                raise ModelError(f"'{name}' cannot be the name of an array in a store; rename it")
            dims = self.plan.axes[name].dims
            group.create_array(
                name,
                shape=(self.run.replicates, self.run.size, *dimensions.shape(dims)),
                chunks=(1, self.chunk, *dimensions.shape(dims)),
                dtype="float64",
                compressors=None,  # draws do not compress
                filters=None,
                fill_value=float("nan"),
                chunk_key_encoding={"name": "v2", "separator": "/"},
                attributes={
                    "_ARRAY_DIMENSIONS": ["replicate", "draw", *(dim.name for dim in dims)],
                    **variable_attributes(model, name),
                },
            )
        notes = begun / _NOTES
        notes.mkdir()
        (notes / "done").write_bytes(bytes(self.run.replicates))
        (notes / _MARK).write_text(json.dumps(mark))
        begun.rename(self.part)

    def _attach(self) -> None:
        import zarr

        group = zarr.open_group(self.part, mode="r+", zarr_format=2)
        for name, slot in self.plan.outputs.items():
            self.arrays.setdefault(slot, []).append(group[name])

    def _flags(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        return np.frombuffer((self.part / _NOTES / "done").read_bytes(), dtype=np.uint8)

    def _read_faults(self) -> dict[int, set[str]]:
        path = self.part / _NOTES / "faults.json"
        found = json.loads(path.read_text()) if path.exists() else {}
        return {int(position): set(kinds) for position, kinds in found.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        if kind is not None:
            return  # what is written stays, to go on with
        import zarr

        with named(self.path):
            for stray in self.part.rglob("*.partial"):  # zarr's, of a write that was killed
                stray.unlink()
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", f"Object at {_NOTES} is not recognized")
                zarr.consolidate_metadata(self.part, zarr_format=2)
            self.part.rename(self.path)
            (self.path / _NOTES / _MARK).unlink()  # from here on it is complete
            _tidy(self.path / _NOTES)


def _tidy(notes: Path) -> None:
    """Remove the notes of a store that is complete; what tells that they are ours goes last."""
    if (notes / "done").exists():
        for file in (*(f for f in notes.iterdir() if f.name != "done"), notes / "done"):
            file.unlink()
        notes.rmdir()


def _compare(folder: Path, mark: Mapping[str, Any]) -> None:
    """Raise UsageError where a folder is not of the run that a mark is of."""
    try:
        before = json.loads((folder / _NOTES / _MARK).read_text())
    except (OSError, ValueError):
        raise UsageError(f"{folder} is in the way and not an interrupted run; delete it") from None
    for key, value in mark.items():
        if before.get(key) != value:
            shown = f" ({before.get(key)}, not {value})" if key in _TOLD else ""
            raise UsageError(
                f"{folder} was begun with another {key}{shown}; delete it, or choose another store"
            )


_TOLD = ("number of samples", "seed", "method", "guessmodel version", "NumPy version")


def _fingerprint(model: Model, run: Run, preview: Mapping[str, FloatArray]) -> dict[str, Any]:
    attributes = run_attributes(model, run)
    draws = hashlib.sha256()
    for name, array in preview.items():
        draws.update(f"{name} {array.shape}".encode())
        draws.update(np.ascontiguousarray(array).tobytes())
    text = b"" if model.file is None else model.file.read_bytes()
    return {
        "number of samples": run.samples,
        "seed": attributes["seed"],
        "method": run.method,
        "guessmodel version": attributes["guessmodel"],
        "NumPy version": attributes["numpy"],
        "list of quantities": list(preview),
        "model file": hashlib.sha256(text).hexdigest(),
        "model": draws.hexdigest(),
    }


@final
class _StoreSink(Sink):
    def __init__(self, store: Store, inner: Sink, record: Record) -> None:
        self.store = store
        self.inner = inner
        self.record = record

    def writer(self) -> Writer:
        return _StoreWriter(self.store, self.inner.writer(), self.record)


@final
class _StoreWriter(Writer):
    def __init__(self, store: Store, inner: Writer, record: Record) -> None:
        self.store = store
        self.inner = inner
        self.record = record
        self.at: Mapping[int, FloatArray] = {}

    def arrays(self, replicate: int, start: int, stop: int) -> Mapping[int, FloatArray]:
        self.at = self.inner.arrays(replicate, start, stop)
        return self.at

    def filled(self, replicate: int, start: int, stop: int) -> None:
        self.store.write(replicate, start, stop, self.at)  # first: who counts may sort them
        self.inner.filled(replicate, start, stop)

    def close(self, replicate: int) -> None:
        self.store.mark(replicate, self.record)
        self.inner.close(replicate)
