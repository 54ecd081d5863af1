"""Labelled dimensions: named, never positional; coordinates agree or the conflict is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.errors import DimensionError

__all__ = ["Dim", "Dims", "Label", "broadcast", "describe", "find", "shape", "size", "union"]

Label = str | int | float


@final
@dataclass(frozen=True, slots=True)
class Dim:
    """A named dimension and the labels along it, in order."""

    name: str
    labels: tuple[Label, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise DimensionError(f"{self.name!r} names no dimension; write text such as 'year'")
        if not self.labels:
            raise DimensionError(f"dimension '{self.name}' has no labels")
        labels = tuple(_plain(label, self.name) for label in self.labels)
        object.__setattr__(self, "labels", labels)
        for known in (labels, tuple(map(str, labels))):  # 1 and 1.0, 1 and "1"
            if len(set(known)) < len(known):
                twice = next(x for x in known if known.count(x) > 1)
                raise DimensionError(f"dimension '{self.name}' has the label {twice!r} twice")

    def __len__(self) -> int:
        return len(self.labels)

    def index(self, label: Label) -> int:
        """Position of a label; DimensionError, naming the labels there are, where it is none."""
        if label in self.labels:
            return self.labels.index(label)
        raise DimensionError(
            f"dimension '{self.name}' has no label {label!r}; it has {_some(self.labels)}"
        )


Dims = tuple[Dim, ...]


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
                raise DimensionError(
                    f"dimension '{dim.name}' has labels {_some(known.labels)} in one operand and "
                    f"{_some(dim.labels)} in another; select the common ones with "
                    f".sel({dim.name}=[...])"
                )
    return tuple(found.values())


def find(dims: Dims, name: str) -> int:
    """Position of the dimension of that name; DimensionError, naming those there are."""
    for position, dim in enumerate(dims):
        if dim.name == name:
            return position
    known = ", ".join(f"'{dim.name}'" for dim in dims) or "none"
    raise DimensionError(f"no dimension '{name}'; the quantity's dimensions: {known}")


def broadcast(array: NDArray[Any], source: Dims, target: Dims) -> NDArray[Any]:
    """View an array over `source` (leading axes, further axes behind) so that it broadcasts
    against arrays over `target`, of which `source` is a subset in any order."""
    names = [dim.name for dim in source]
    order = [names.index(dim.name) for dim in target if dim.name in names]
    rest = range(len(source), array.ndim)
    view = np.transpose(array, (*order, *rest))
    index = tuple(slice(None) if dim.name in names else np.newaxis for dim in target)
    return view[index]


def describe(dims: Dims) -> str:
    """`technique: 6, year: 50`, for tables and error messages."""
    return ", ".join(f"{dim.name}: {len(dim)}" for dim in dims)


def _plain(label: Any, dim: str) -> Label:
    """A label as Python's own kind. NumPy's numbers are written otherwise, and what is written of
    a label owns its draws; of dates there is only the text."""
    if isinstance(label, np.datetime64):
        return str(np.datetime_as_string(label, unit="auto"))
    if isinstance(label, np.generic):
        label = label.item()
    if isinstance(label, bool) or not isinstance(label, str | int | float) or label != label:
        raise DimensionError(f"dimension '{dim}' has the label {label!r}; write text or a number")
    return label


def _some(labels: Sequence[Label], most: int = 6) -> str:
    shown = ", ".join(repr(label) for label in labels[:most])
    return f"[{shown}{', …' if len(labels) > most else ''}]"
