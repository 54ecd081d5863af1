"""Labelled numbers of pandas and xarray: labels from the index, units from the header `cost [USD]`
or the attribute `units`."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from guessmodel import units
from guessmodel.errors import DimensionError, GuessmodelError, Location
from guessmodel.graph.dims import Dim, Dims
from guessmodel.graph.values import numbers
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import Unit

if TYPE_CHECKING:
    import xarray

__all__ = ["from_labelled", "from_pandas", "named_unit", "with_index_named"]

_HEADER = re.compile(r"(.*?)\s*\[([^\[\]]*)\]\s*")


def from_labelled(value: Any, where: Location) -> tuple[FloatArray, Dims, Unit] | None:
    """Numbers, dimensions and unit of data with labels of either library; None for anything else.

    Raises DimensionError for a dimension without labels or without a name.
    """
    return _from_xarray(value, where) or from_pandas(value, where)


def from_pandas(value: Any, where: Location) -> tuple[FloatArray, Dims, Unit] | None:
    """Numbers, dimensions and unit of a Series or a DataFrame; None for anything else.

    A Series has one dimension, called like its index, and the unit in its name; a DataFrame two,
    called like its index and its columns. Raises DimensionError for an index without a name.
    """
    pandas = sys.modules.get("pandas")
    if pandas is None or not isinstance(value, pandas.Series | pandas.DataFrame):
        return None
    try:
        if isinstance(value, pandas.Series):
            dims: tuple[Dim, ...] = (_dim(value.index, "index", "Series"),)
            unit = named_unit(str(value.name))[1]
        else:
            axes = (value.index, "index"), (value.columns, "columns")
            dims = tuple(_dim(axis, kind, "DataFrame") for axis, kind in axes)
            unit = units.parse(None)
        return numbers(value.to_numpy(), where), dims, unit
    except GuessmodelError as error:
        raise type(error)(error.message, error.where or where) from None


def with_index_named(value: Any, name: str | None) -> Any:
    """A Series whose index has no name with this one, as `dim=` gives it; else the value itself."""
    pandas = sys.modules.get("pandas")
    if pandas is None or name is None or not isinstance(value, pandas.Series):
        return value
    unnamed = value.index.nlevels == 1 and value.index.name is None
    return value.rename_axis(name) if unnamed else value


def named_unit(header: str) -> tuple[str, Unit]:
    """Name and unit of a column: `cost [USD]` is `cost` in USD.

    >>> named_unit("cost [USD]")[0], str(named_unit("cost [USD]")[1]), str(named_unit("share")[1])
    ('cost', 'USD', '')
    """
    match = _HEADER.fullmatch(header)
    if match is None:
        return header.strip(), units.parse(None)
    return match[1], units.parse(match[2])


def _from_xarray(value: Any, where: Location) -> tuple[FloatArray, Dims, Unit] | None:
    xarray_module = sys.modules.get("xarray")
    if xarray_module is None or not isinstance(value, xarray_module.DataArray):
        return None
    array: xarray.DataArray = value
    dims = []
    for name in array.dims:
        if name not in array.coords:
            raise DimensionError(f"dimension '{name}' of the DataArray has no coordinates", where)
        dims.append(Dim(str(name), tuple(array.coords[name].values)))
    unit = units.parse(array.attrs.get("units"))
    return numbers(array.values, where), tuple(dims), unit


def _dim(axis: Any, kind: str, what: str) -> Dim:
    if axis.nlevels > 1:
        raise DimensionError(f"the {kind} of the {what} has several levels; write .unstack() first")
    if axis.name is None:
        axis_name = ".rename_axis('region')" if kind == "index" else ".rename_axis(columns='year')"
        raise DimensionError(
            f"the {kind} of the {what} has no name, which would be that of the dimension; write "
            f"data{axis_name}"
        )
    return Dim(str(axis.name), tuple(axis))
