"""Rank correlations as users write them: a number, a matrix by order or by labels, or pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from guessmodel.errors import ModelError, WrongKind, did_you_mean
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.values import is_number
from guessmodel.numerics.arrays import FloatArray

__all__ = ["labelled_matrix", "one_rank", "ranks_of"]

_SYMMETRIC = 1e-9


def one_rank(value: Any, what: str = "rank") -> float:
    """A rank correlation; WrongKind or ModelError for what is none."""
    if isinstance(value, bool | np.bool_) or not is_number(value):
        raise WrongKind(f"{what} is {value!r}; write a number from -1 to 1")
    if not -1.0 <= float(value) <= 1.0:
        raise ModelError(f"{what} is {float(value):g}; write a number from -1 to 1")
    return float(value)


def ranks_of(written: Any, labels: Sequence[Any], nodes: Sequence[Quantity] = ()) -> FloatArray:
    """The rank correlations (k, k) of what has these labels, and of draws also goes by itself.

    Raises WrongKind or ModelError for what is no matrix of correlations of so many.
    """
    return labelled_matrix(written, labels, "rank", nodes)


def labelled_matrix(
    written: Any,
    labels: Sequence[Any],
    what: str,
    nodes: Sequence[Quantity] = (),
    *,
    bounded: bool = True,
) -> FloatArray:
    """A symmetric matrix (k, k) in the order of labels; if it is `bounded`, of correlations, which
    may be one number for all pairs, or a mapping of pairs, too. Raises WrongKind or ModelError for
    what is none."""
    if isinstance(written, Mapping) and bounded:
        return _pairs(written, labels, nodes)
    size = len(labels)
    if bounded and (is_number(written) or isinstance(written, bool | str | Quantity)):
        return np.where(np.eye(size) > 0.0, 1.0, one_rank(written, what))
    try:
        matrix = np.array(getattr(written, "values", written), dtype=np.float64)
    except (TypeError, ValueError):
        pairs = f" or a mapping of pairs, such as {{({labels[0]!r}, {labels[-1]!r}): 0.6}}"
        raise WrongKind(f"{what} takes a matrix of numbers{pairs if bounded else ''}") from None
    if matrix.shape != (size, size):
        shape = " x ".join(map(str, matrix.shape))
        has = f"has {shape} numbers" if matrix.ndim else "is one number"
        raise ModelError(f"{what} {has}; write {size} x {size}, one for each pair")
    rows, columns = _axes(written)
    if rows is not None:
        matrix = matrix[[_place(label, rows, what) for label in labels]]
    if columns is not None:
        matrix = matrix[:, [_place(label, columns, what) for label in labels]]
    scale = np.abs(matrix).max(initial=0.0)
    for i, j in np.argwhere(~(np.abs(matrix - matrix.T) <= _SYMMETRIC * scale)).tolist():
        raise ModelError(
            f"{what} of {labels[i]} and {labels[j]} is {matrix[i, j]:g}, and of {labels[j]} and "
            f"{labels[i]} {matrix[j, i]:g}; such a matrix is symmetric"
        )
    matrix = (matrix + matrix.T) / 2.0
    if bounded:
        if not np.all(np.abs(np.diag(matrix) - 1.0) <= _SYMMETRIC):
            raise ModelError(f"{what} has numbers other than 1 on its diagonal; write 1 there")
        for i, j in combinations(range(size), 2):
            one_rank(matrix[i, j].item(), f"{what} of {labels[i]} and {labels[j]}")
        np.fill_diagonal(matrix, 1.0)
    return matrix


def _axes(written: Any) -> tuple[list[Any] | None, list[Any] | None]:
    """Labels of the rows and columns of a DataFrame or a DataArray; None where they are numbers in
    order, or there are none."""
    if hasattr(written, "columns"):
        rows, columns = list(written.index), list(written.columns)
    elif hasattr(written, "coords"):
        rows, columns = (
            list(written.coords[dim].values.tolist()) if dim in written.coords else []
            for dim in written.dims
        )
    else:
        return None, None
    counted = list(range(max(len(rows), len(columns))))
    known = [None if own in ([], counted) else own for own in (rows, columns)]
    return known[0], known[1]


def _pairs(
    written: Mapping[Any, Any], labels: Sequence[Any], nodes: Sequence[Quantity]
) -> FloatArray:
    matrix = np.eye(len(labels))
    seen: set[tuple[int, int]] = set()
    for pair, value in written.items():
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise WrongKind(
                f"rank takes pairs, such as {{({labels[0]!r}, {labels[-1]!r}): 0.6}}, not {pair!r}"
            )
        i, j = (
            next((k for k, node in enumerate(nodes) if node is each), None)
            if isinstance(each, Quantity)
            else _place(each, labels, "pair")
            for each in pair
        )
        if i is None or j is None:
            raise ModelError("rank has a pair with a draw that is not among those to correlate")
        if i == j:
            raise ModelError(f"rank has a pair of {labels[i]} with itself; leave it out")
        if (min(i, j), max(i, j)) in seen:
            raise ModelError(f"rank has the pair of {labels[i]} and {labels[j]} twice")
        seen.add((min(i, j), max(i, j)))
        matrix[i, j] = matrix[j, i] = one_rank(value, f"rank of {labels[i]} and {labels[j]}")
    return matrix


def _place(label: Any, known: Sequence[Any], what: str) -> int:
    """Where a label stands; text and numbers that are written alike are the same."""
    for place, each in enumerate(known):
        if each == label or str(each) == str(label):
            return place
    shown = ", ".join(repr(str(each)) for each in known[:6])
    hint = did_you_mean(str(label), [str(each) for each in known])
    text = f"rank has a pair with '{label}'" if what == "pair" else f"{what} has no '{label}'"
    raise ModelError(f"{text}{hint or f'; there are {shown}'}")
