"""Labelled dimensions: named, never positional; coordinates agree or the conflict is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.errors import DimensionError, Location, WrongKind
from guessmodel.escaping import is_harmless

__all__ = [
    "NOWHERE",
    "Along",
    "Dim",
    "Dims",
    "Label",
    "Labels",
    "along",
    "broadcast",
    "describe",
    "find",
    "names",
    "position",
    "selection",
    "shape",
    "size",
    "titled",
    "union",
]

Label = str | int | float
Labels = Mapping[str, Iterable[Any]]  # labels by the name of their dimension


@final
@dataclass(frozen=True, slots=True)
class Dim:
    """A named dimension and the labels along it, in order."""

    name: str
    labels: tuple[Label, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise DimensionError(f"{self.name!r} names no dimension; write text such as 'year'")
        if not is_harmless(self.name):
            raise DimensionError(f"the dimension {self.name!r} has characters that cannot be shown")
        if not self.labels:
            raise DimensionError(f"dimension '{self.name}' has no labels")
        labels = tuple(_plain_label(label, self.name) for label in self.labels)
        object.__setattr__(self, "labels", labels)
        for known in (labels, tuple(map(str, labels))):  # 1 and 1.0, 1 and "1"
            if len(set(known)) < len(known):
                twice = next(x for x in known if known.count(x) > 1)
                raise DimensionError(f"dimension '{self.name}' has the label {twice!r} twice")

    def __hash__(self) -> int:
        return hash((self.name, len(self.labels)))  # and not of each label: there may be many

    def __len__(self) -> int:
        return len(self.labels)

    def index(self, label: Label) -> int:
        """Position of a label; DimensionError, naming the labels there are, where it is none."""
        if isinstance(label, np.datetime64) or hasattr(label, "strftime"):
            label = _plain_label(label, self.name)
        if not isinstance(label, np.void) and label in self.labels:  # which compares with nothing
            return self.labels.index(label)
        raise DimensionError(
            f"dimension '{self.name}' has no label {label!r}; it has {_some(self.labels)}"
        )


Dims = tuple[Dim, ...]


@final
class Along(NamedTuple):
    """What a constructor's `dim=` says: the name that labels written in parameters go by, or
    dimensions with all their labels."""

    name: str | None = None
    dims: Dims = ()

    def __str__(self) -> str:
        """The dimensions as the user writes them."""
        if self.name is not None:
            return f"dim={self.name!r}"
        return f"dim={{{', '.join(f'{dim.name!r}: {_some(dim.labels)}' for dim in self.dims)}}}"

    def of(self, labels: Sequence[Any]) -> Dim:
        """The dimension of labels that are written in a parameter; DimensionError for none."""
        if self.name is not None:
            return Dim(self.name, tuple(labels))
        if not self.dims:
            raise DimensionError('labels need the name of their dimension: dim="technique"')
        for dim in self.dims:
            if Dim(dim.name, tuple(labels)) == dim:
                return dim
        raise DimensionError(
            f"{self} has no dimension with the labels {_some(labels)}; write all labels of one, in "
            "its order"
        )

    def check(self, dims: Dims) -> None:
        """Raise DimensionError where a name was given, and nothing has labels along it."""
        if self.name is not None and all(dim.name != self.name for dim in dims):
            raise DimensionError(
                f"{self} comes without labels; write dim={{{self.name!r}: ['a', 'b']}} for the "
                "same at each label, or {'a': …, 'b': …} in place of a number"
            )


NOWHERE = Along()


def along(dim: str | Labels | None) -> Along:
    """What `dim=` says as the user wrote it; DimensionError or WrongKind for what names no
    dimension."""
    if dim is None:
        return NOWHERE
    if isinstance(dim, str):
        return Along(dim)
    if not isinstance(dim, Mapping) or not dim:
        raise WrongKind(
            f"dim={dim!r} names no dimension; write dim='month', or dim={{'month': range(1, 13)}}"
        )
    return Along(dims=tuple(Dim(name, _listed(name, labels)) for name, labels in dim.items()))


def _listed(name: str, labels: Any) -> tuple[Any, ...]:
    labels = labels if isinstance(labels, Mapping) else getattr(labels, "values", labels)
    if isinstance(labels, str | bytes | Mapping | Set) or not isinstance(labels, Iterable):
        raise WrongKind(
            f"dim: the labels of {name!r} are a list or a range, not {labels!r}; "
            f"write dim={{{name!r}: range(1, 13)}}"
        )
    return tuple(labels)


def shape(dims: Dims) -> tuple[int, ...]:
    """Sizes of the dimensions, in order."""
    return tuple(len(dim) for dim in dims)


def size(dims: Dims) -> int:
    """Number of coordinates: the product of the sizes."""
    total = 1
    for dim in dims:
        total *= len(dim)
    return total


def union(operands: Iterable[Dims]) -> Dims:
    """All dimensions of the operands in order of first appearance.

    Raises DimensionError where two operands give the same dimension other labels.
    """
    found: dict[str, Dim] = {}
    for dims in operands:
        for dim in dims:
            known = found.setdefault(dim.name, dim)
            if known is not dim and known != dim:
                alike = {*map(str, known.labels)} == {*map(str, dim.labels)}
                same = {*known.labels} == {*dim.labels}
                way = f"select the common ones with .sel({dim.name}=[...])"
                if alike:
                    way = "write them in one order" if same else "write numbers in both, or text"
                raise DimensionError(
                    f"dimension '{dim.name}' has labels {_some(known.labels)} in one operand and "
                    f"{_some(dim.labels)} in another; {way}"
                )
    return tuple(found.values())


def names(given: Any, where: Location | None = None) -> tuple[str, ...]:
    """The names of one dimension or several; WrongKind for anything else."""
    several = (given,) if isinstance(given, str) else given
    listed = isinstance(several, Iterable) and not isinstance(several, np.ndarray)
    if not listed or not all(isinstance(x, str) for x in several):
        raise WrongKind(f"dimensions are named, as 'year', and not {given!r}", where)
    return tuple(several)


def find(dims: Dims, name: str) -> int:
    """Position of the dimension of that name; DimensionError, naming those there are."""
    for position, dim in enumerate(dims):
        if isinstance(name, str) and dim.name == name:
            return position
    known = ", ".join(f"'{dim.name}'" for dim in dims) or "none"
    raise DimensionError(f"no dimension '{name}'; the quantity's dimensions: {known}")


def position(dims: Dims, labels: Mapping[str, Label], of: str) -> tuple[int, ...]:
    """Where one label of each dimension stands; DimensionError, naming whom it is `of`, where one
    is missing or is not there."""
    for name in labels:
        find(dims, name)
    if missing := [dim.name for dim in dims if dim.name not in labels]:
        raise DimensionError(f"'{of}': choose a label of {', '.join(missing)} too")
    return tuple(dim.index(labels[dim.name]) for dim in dims)


def broadcast(array: NDArray[Any], source: Dims, target: Dims) -> NDArray[Any]:
    """View an array over `source` (leading axes, further axes behind) so that it broadcasts
    against arrays over `target`, of which `source` is a subset in any order."""
    if not source:
        return array[(np.newaxis,) * len(target)]
    order, index = _alignment(tuple(dim.name for dim in source), tuple(dim.name for dim in target))
    if order is not None:
        array = array.transpose(*order, *range(len(source), array.ndim))
    return array[index]


@lru_cache(maxsize=256)
def _alignment(
    source: tuple[str, ...], target: tuple[str, ...]
) -> tuple[tuple[int, ...] | None, tuple[slice | None, ...]]:
    """The order in which the axes of an array come in another, None where it is their own, and
    where that one has axes more."""
    order = tuple(source.index(name) for name in target if name in source)
    index = tuple(slice(None) if name in source else np.newaxis for name in target)
    return None if order == tuple(range(len(source))) else order, index


def describe(dims: Dims) -> str:
    """`technique: 6, year: 50`, for tables and error messages."""
    return ", ".join(f"{dim.name}: {len(dim)}" for dim in dims)


def selection(dims: Dims) -> str:
    """How one label of each dimension is chosen, for error messages.

    >>> selection((Dim("year", (2025, 2026)), Dim("site", ("a",))))
    "sel(year=2025, site='a')"
    """
    return f"sel({', '.join(f'{dim.name}={dim.labels[0]!r}' for dim in dims)})"


def _plain_label(label: Any, dim: str) -> Label:
    """A label as Python's own kind. NumPy's numbers are written otherwise, and what is written of
    a label owns its draws; of dates there is only the text."""
    if isinstance(label, datetime) and label.tzinfo is None and label == label:
        label = np.datetime64(label)
    if isinstance(label, np.datetime64) and label == label:
        return str(np.datetime_as_string(label, unit="auto"))
    if hasattr(label, "strftime") and label == label:  # dates, and pandas' periods
        return str(label)
    if isinstance(label, np.generic):
        label = label.item()
    if isinstance(label, bool) or not isinstance(label, str | int | float) or label != label:
        raise DimensionError(f"dimension '{dim}' has the label {label!r}; write text or a number")
    return label


def titled(name: str, labels: Iterable[object]) -> str:
    """A quantity at some labels, as people read it and write it: `cost[twitter]`."""
    shown = ", ".join(map(str, labels))
    return f"{name}[{shown}]" if shown else name


def _some(labels: Sequence[Label], most: int = 6) -> str:
    shown = ", ".join(repr(label) for label in labels[:most])
    return f"[{shown}{', …' if len(labels) > most else ''}]"
