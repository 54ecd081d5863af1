"""Draws as xarray sees them: dimensions, labels, units and provenance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from guessmodel.errors import DimensionError
from guessmodel.graph.dims import Dim

if TYPE_CHECKING:
    import xarray

    from guessmodel.model.model import Model
    from guessmodel.simulation import Run

__all__ = ["coordinates", "dataset", "run_attributes", "variable_attributes"]

DRAWS = ("replicate", "draw")


def dataset(model: Model, run: Run, arrays: Mapping[str, Any]) -> xarray.Dataset:
    """A Dataset from arrays (*labels, replicate, draw) by name, NumPy's or Dask's."""
    import xarray

    labels = coordinates(model, arrays)
    data: dict[str, Any] = {}
    for name, array in arrays.items():
        dims = [dim.name for dim in model.quantities[name].dims]
        order = (len(dims), len(dims) + 1, *range(len(dims)))
        attributes = variable_attributes(model, name)
        data[name] = ((*DRAWS, *dims), array.transpose(order), attributes)
    return xarray.Dataset(data, labels, run_attributes(model, run))


def coordinates(model: Model, names: Iterable[str]) -> dict[str, list[Any]]:
    """The labels of all dimensions of some quantities.

    Raises DimensionError where two quantities have other labels along one dimension, or one has a
    dimension called like those of the draws, or like a quantity: a Dataset cannot hold them side by
    side.
    """
    names = tuple(names)
    found: dict[str, tuple[str, Dim]] = {}
    for name in names:
        for dim in model.quantities[name].dims:
            if dim.name in DRAWS:
                raise DimensionError(f"'{name}' has a dimension '{dim.name}'; give it another name")
            if dim.name in names:
                whose = "" if dim.name == name else f" of '{name}'"
                raise DimensionError(
                    f"'{dim.name}' is a quantity and a dimension{whose}, and cannot be both in one "
                    "Dataset; rename one of them"
                )
            first, known = found.setdefault(dim.name, (name, dim))
            if known != dim:
                raise DimensionError(
                    f"'{first}' and '{name}' have other labels along '{dim.name}', and cannot be "
                    f"in one Dataset; sample them apart: sample(quantities=['{name}'])"
                )
    return {name: list(dim.labels) for name, (_, dim) in found.items()}


def variable_attributes(model: Model, name: str) -> dict[str, Any]:
    """Unit, kind, description and source of a quantity; of one whose values are categories what
    they mean, by the conventions of climate and forecast data (CF 1.11, section 3.5)."""
    quantity = model.quantities[name]
    attributes: dict[str, Any] = {"units": str(quantity.unit), "kind": quantity.kind}
    for key, text in (("description", model.doc_of(name)), ("source", quantity.source)):
        if text:
            attributes[key] = text
    if quantity.categories:
        words = (str(label).replace(" ", "_") for label in quantity.categories)
        attributes["flag_meanings"] = " ".join(words)
        attributes["flag_values"] = list(range(len(quantity.categories)))
    return attributes


def run_attributes(model: Model, run: Run) -> dict[str, str]:
    """Model, seed, method and versions: what the draws depend on."""
    from guessmodel.version import __version__

    return {
        "model": model.title,
        "seed": str(run.seed),
        "method": run.method,
        "guessmodel": __version__,
        "numpy": np.__version__,
    }
