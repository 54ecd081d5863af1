"""Posteriors as joint draws, and results as ArviZ sees them: both by xarray's DataTree.

Of PyMC, NumPyro, Stan and others ArviZ keeps draws as variables (chain, draw, *labels) of a group
called `posterior`, in memory or in a netCDF file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Unpack

import numpy as np

from guessmodel import units
from guessmodel.distributions.data_columns import MOST_NUMBERS, placed
from guessmodel.distributions.draws import draw_from
from guessmodel.distributions.empirical import Empirical
from guessmodel.distributions.options import TextOptions, constructor
from guessmodel.errors import (
    GuessmodelError,
    Location,
    ModelError,
    UsageError,
    WrongKind,
    caller,
    located,
    needed,
    reason,
    suggested,
)
from guessmodel.graph import dims as dimensions
from guessmodel.graph.along_dims import Lookup
from guessmodel.graph.dims import Along, Dim, Labels
from guessmodel.graph.functions import stack
from guessmodel.graph.quantity import Quantity, wire
from guessmodel.numerics.arrays import FloatArray
from guessmodel.options import refuse_unknown
from guessmodel.units import Unit

if TYPE_CHECKING:
    import xarray

    from guessmodel.simulation import Simulation

__all__ = ["from_arviz", "to_arviz"]

_SAMPLES: Final = (("chain", "draw"), ("replicate", "draw"), ("sample",))
_POSTERIOR: Final = "posterior"
_MOST_ELEMENTS: Final = 10_000
_MOST_LABELS: Final = 1_000_000


@constructor(TextOptions)
def from_arviz(
    data: Any,
    unit: str | Unit | Mapping[str, str | Unit] | None = None,
    *,
    variables: Sequence[str] | None = None,
    group: str | None = None,
    dim: Labels | None = None,
    **options: Unpack[TextOptions],
) -> dict[str, Quantity]:
    """A posterior as joint draws: each draw is one of those of the chains, and all variables come
    from the same one, so that what the posterior knows of their dependence is kept.

    Dimensions beside `chain` and `draw` are labels. What
    `sim.to_arviz()` gives, saved or not, is read too, with its replicates as chains.

    Parameters
    ----------
    data : path of a netCDF file, from the folder of the file that names it; or a DataTree, a
        Dataset or an InferenceData of ArviZ's
    unit : one unit, or one a variable; by default that of the attribute `units` where there is one
    variables : some of the variables, by default all
    dim : `{"month": range(1, 13)}` draws anew at each label
    group : the group that holds the draws, by default `posterior`; a Dataset has none

    Raises
    ------
    ModelError, UsageError
        For a file that cannot be read, variables that are not there or hold no finite numbers, and
        more than 20 million numbers, or 10,000 a draw.

    >>> import xarray
    >>> slope = xarray.DataArray([[1.0, 2.0], [3.0, 4.0]], dims=["chain", "draw"])
    >>> fit = from_arviz(xarray.Dataset({"slope": slope, "noise": 10 * slope}), {"slope": "kg"})
    >>> fit["slope"]
    <derived row of data, ... [kg]>
    >>> print((fit["noise"] / fit["slope"]).sample(64).mean())
    10 1/kg
    """
    where = caller()
    try:
        refuse_unknown("from_arviz", options)
        along = dimensions.along(dim)
        with _opened(data, group, where) as dataset:
            columns = {name: _column(dataset, name) for name in _chosen(dataset, variables)}
            stated = {name: dataset[name].attrs.get("units") for name in columns}
        return _drawn(columns, _units(unit, stated), along, where, options)
    except GuessmodelError as error:
        raise located(error, where) from None


def to_arviz(simulation: Simulation, group: str) -> xarray.DataTree:
    """See `Simulation.to_arviz`."""
    import xarray

    if not isinstance(group, str) or not group or "/" in group:
        raise UsageError(f"group={group!r} names no group; write 'posterior' or 'prior'")
    draws = simulation.to_xarray()
    found = draws.rename(replicate="chain").assign_coords(
        chain=range(simulation.run.replicates), draw=range(simulation.run.size)
    )
    found.attrs["inference_library"] = "guessmodel"
    return xarray.DataTree.from_dict({group: found})


# --- reading --------------------------------------------------------------------------------------


@contextmanager
def _opened(data: Any, group: str | None, where: Location) -> Iterator[Any]:
    """The Dataset that holds the draws; a file is closed at the end."""
    if not isinstance(data, str | PathLike):
        yield _group(data, group)
        return
    path = placed(Path(data), where, "from_arviz")
    try:
        with _file(path, group) as dataset:
            yield dataset
    except GuessmodelError:
        raise
    except Exception as error:  # of a library that reads whatever bytes it is given
        raise ModelError(f"from_arviz: cannot read {path}: {reason(error)}") from None


def _file(path: Path, group: str | None) -> xarray.Dataset:
    import xarray

    if path.is_dir():
        raise ModelError(
            f"from_arviz: {path} is a folder; of a Zarr store give xarray.open_datatree(…)"
        )
    with path.open("rb") as file:
        old = file.read(3) == b"CDF"  # netCDF 3, which has no groups
    if old:
        return _group(xarray.open_dataset(path, engine="scipy", decode_times=False), group)
    needed("h5netcdf", "interop")
    known = _groups(path)
    inner = group or (_POSTERIOR if known else None)
    if inner is not None and inner not in known:
        raise _no_group(inner, known)
    return xarray.open_dataset(path, group=inner, engine="h5netcdf", decode_times=False)


def _groups(path: Path) -> list[str]:
    """The groups of an HDF5 file. ModelError for one that refers to other files, and for labels
    that would fill the memory: they are read as soon as it is opened."""
    import h5py

    def problem(name: str, link: Any) -> str | None:
        elsewhere = f"'{name}' of {path} lies in another file"
        if isinstance(link, h5py.ExternalLink):
            return elsewhere
        if isinstance(link, h5py.HardLink) and isinstance(array := file[name], h5py.Dataset):
            if array.is_virtual or array.external:
                return elsewhere
            if len(array.shape or ()) == 1 and array.size > _MOST_LABELS:
                return (
                    f"'{name}' of {path} has {array.size:,} labels; up to {_MOST_LABELS:,} are read"
                )
        return None

    with h5py.File(path, "r") as file:
        found = file.visititems_links(problem)  # stops at the first; h5py loses errors raised here
        if found is not None:
            raise ModelError(f"from_arviz: {found}")
        return [name for name in file if isinstance(file[name], h5py.Group)]


def _group(data: Any, group: str | None) -> xarray.Dataset:
    import xarray

    if isinstance(data, xarray.Dataset):
        if group is not None:
            raise UsageError(f"from_arviz: a Dataset has no groups; leave out group={group!r}")
        return data
    if isinstance(data, xarray.DataTree) and group is None and not data.children:
        return data.to_dataset()
    group = group or _POSTERIOR
    if isinstance(data, xarray.DataTree):
        if group in data.children:
            return data[group].to_dataset()
        known = list(data.children)
    elif callable(getattr(data, "groups", None)):  # InferenceData
        if isinstance(found := getattr(data, group, None), xarray.Dataset):
            return found
        known = [str(name).strip("/") for name in data.groups()]
    else:
        raise WrongKind(
            "from_arviz takes a netCDF file, a DataTree, a Dataset or an InferenceData, "
            f"not a {type(data).__name__}"
        )
    raise _no_group(group, known)


def _no_group(group: str, known: Sequence[str]) -> ModelError:
    return ModelError(f"from_arviz: there is no group '{group}'{suggested(group, known)}")


def _sample_dims(dims: Any) -> tuple[str, ...] | None:
    return next((each for each in _SAMPLES if set(each) <= set(dims)), None)


def _chosen(dataset: xarray.Dataset, variables: Any) -> list[str]:
    known = [str(name) for name in dataset.data_vars]
    if variables is None:
        if not known:
            raise ModelError("from_arviz: there are no variables")
        chosen = known
    elif isinstance(variables, str) or not isinstance(variables, Sequence) or not variables:
        raise WrongKind(f"from_arviz: variables={variables!r}; write a list of names, ['slope']")
    else:
        chosen = list(variables)
        for name in chosen:
            if name not in known:
                raise ModelError(
                    f"from_arviz: there is no variable '{name}'{suggested(str(name), known)}"
                )
    count = sum(dataset[name].size for name in chosen)
    if count > MOST_NUMBERS:
        raise ModelError(
            f"from_arviz: there are {count:,} numbers; up to {MOST_NUMBERS:,} are read; choose "
            "some by variables=[…]"
        )
    return chosen


def _column(dataset: xarray.Dataset, name: str) -> tuple[tuple[Dim, ...], FloatArray]:
    """Labels of a variable, and its values (draws, *labels)."""
    variable = dataset[name]
    samples = _sample_dims(variable.dims)
    if samples is None:
        raise ModelError(
            f"from_arviz: '{name}' has no dimensions chain and draw; choose others by variables=[…]"
        )
    others = [dim for dim in variable.dims if dim not in samples]
    if variable.dtype.kind not in "fiub":
        raise ModelError(f"from_arviz: '{name}' holds no numbers; choose others by variables=[…]")
    dims = tuple(Dim(str(dim), tuple(variable[dim].values.tolist())) for dim in others)
    values = variable.transpose(*samples, *others).values.astype(np.float64)
    values = values.reshape(-1, *(len(dim) for dim in dims))
    if not values.size:
        raise ModelError(f"from_arviz: '{name}' has no draws")
    if not np.all(np.isfinite(values)):
        raise ModelError(f"from_arviz: '{name}' has draws that are not finite; leave it out")
    if values[0].size > _MOST_ELEMENTS:
        raise ModelError(
            f"from_arviz: '{name}' has {values[0].size:,} numbers a draw; up to {_MOST_ELEMENTS:,} "
            "are read"
        )
    return dims, values


def _units(given: Any, stated: Mapping[str, Any]) -> dict[str, Any]:
    """The unit of each variable; the file's own where it is one that we know."""
    if isinstance(given, Mapping):
        unknown = [key for key in given if key not in stated]
        if unknown:
            raise ModelError(
                f"from_arviz: a unit for '{unknown[0]}', which is none of {', '.join(stated)}"
            )
    elif given is not None:
        return dict.fromkeys(stated, given)
    found: dict[str, Any] = {}
    for name, text in stated.items():
        found[name] = None
        if isinstance(given, Mapping) and name in given:
            found[name] = given[name]
        elif isinstance(text, str):
            try:
                found[name] = units.parse(text)
            except GuessmodelError:
                raise ModelError(
                    f"from_arviz: '{name}' is in the unit {text!r}, which is unknown; "
                    f"write unit={{'{name}': …}}"
                ) from None
    return found


# --- wiring ---------------------------------------------------------------------------------------


def _drawn(
    columns: Mapping[str, tuple[tuple[Dim, ...], FloatArray]],
    targets: Mapping[str, Any],
    along: Along,
    where: Location,
    options: TextOptions,
) -> dict[str, Quantity]:
    counts = {name: len(values) for name, (_, values) in columns.items()}
    if len(set(counts.values())) > 1:
        shown = ", ".join(f"'{name}' {count}" for name, count in counts.items())
        raise ModelError(f"from_arviz: variables differ in their draws ({shown})")
    size = next(iter(counts.values()))
    family = Empirical.of(np.arange(size, dtype=np.float64), np.ones(size))
    title = options.get("name")
    titles = {"data": tuple(columns)}
    row = draw_from(family, (), None, where, given=titles, along=along, name=title)
    made = {}
    for name, (dims, values) in columns.items():
        own = TextOptions(**{**options, "name": None if title is None else f"{title}[{name}]"})
        looked_up = _looked_up(dims, values, row)
        made[name] = replace(looked_up, unit=units.parse(targets[name]), **own)
    return made


def _looked_up(dims: tuple[Dim, ...], values: FloatArray, row: Quantity) -> Quantity:
    if not dims:
        return wire(Lookup(tuple(values.tolist())), row)
    first, *rest = dims
    pieces = {
        label: _looked_up(tuple(rest), values[:, i], row) for i, label in enumerate(first.labels)
    }
    return stack(pieces, dim=first.name)
