"""Draws as xarray sees them: dimensions, labels, units and provenance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import xarray

    from guessmodel.model import Model
    from guessmodel.simulation import Run

__all__ = ["coordinates", "dataset", "run_attributes", "variable_attributes"]


def dataset(model: Model, run: Run, arrays: Mapping[str, Any]) -> xarray.Dataset:
    """A Dataset from arrays (*labels, replicate, draw) by name, NumPy's or Dask's."""
    import xarray

    data: dict[str, Any] = {}
    for name, array in arrays.items():
        dims = [dim.name for dim in model.quantities[name].dims]
        order = (len(dims), len(dims) + 1, *range(len(dims)))
        attributes = variable_attributes(model, name)
        data[name] = (("replicate", "draw", *dims), array.transpose(order), attributes)
    return xarray.Dataset(data, coordinates(model, arrays), run_attributes(model, run))


def coordinates(model: Model, names: Iterable[str]) -> dict[str, list[Any]]:
    """The labels of all dimensions of some quantities."""
    return {dim.name: list(dim.labels) for name in names for dim in model.quantities[name].dims}


def variable_attributes(model: Model, name: str) -> dict[str, str]:
    """Unit, kind, description and source of a quantity."""
    quantity = model.quantities[name]
    attributes = {"units": str(quantity.unit), "kind": quantity.kind}
    for key, text in (("description", model.doc_of(name)), ("source", quantity.source)):
        if text:
            attributes[key] = text
    return attributes


def run_attributes(model: Model, run: Run) -> dict[str, str]:
    """Model, seed, method and versions: what the draws depend on."""
    from guessmodel import __version__

    return {
        "model": model.title,
        "seed": str(run.seed),
        "method": run.method,
        "guessmodel": __version__,
        "numpy": np.__version__,
    }
