"""NumPy's functions that are not ufuncs, as functions on quantities: `np.where(q > 1, q, 0)`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from guessmodel.errors import WrongKind, caller
from guessmodel.graph.bounded import clip
from guessmodel.graph.functions import round, where
from guessmodel.graph.quantity import Quantity, as_quantity
from guessmodel.words import attribute_instead

__all__ = ["numpy_function"]


def _select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Quantity:
    result = as_quantity(default)
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        result = where(condition, choice, result)
    return result


def _clip(
    a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None
) -> Quantity:
    if (a_min is not None and min is not None) or (a_max is not None and max is not None):
        raise WrongKind("np.clip: a bound is given twice, by position and by name", caller())
    return clip(a, a_min if min is None else min, a_max if max is None else max)


def _round(a: Any, decimals: int = 0) -> Quantity:
    return round(a, decimals)


def _over_all(kind: str) -> Callable[..., Quantity]:
    def reduce(a: Quantity, axis: str | Sequence[str] | None = None) -> Quantity:
        if isinstance(axis, int):
            raise WrongKind(f'dimensions are named: write .{kind}("dim")', caller())
        if axis is None and kind != "mean" and a.dims:
            axis = [dim.name for dim in a.dims]
        result: Quantity = getattr(a, kind)(axis)
        return result

    return reduce


def _along(kind: str) -> Callable[..., Quantity]:
    def accumulate(a: Quantity, axis: str | None = None) -> Quantity:
        if not isinstance(axis, str):
            raise WrongKind(f'dimensions are named: write .{kind}("dim")', caller())
        result: Quantity = getattr(a, kind)(axis)
        return result

    return accumulate


_NUMPY: dict[Any, Callable[..., Quantity]] = {
    np.where: where,
    np.clip: _clip,
    np.select: _select,
    np.round: _round,
    np.sum: _over_all("sum"),
    np.mean: _over_all("mean"),
    np.prod: _over_all("prod"),
    np.min: _over_all("min"),
    np.max: _over_all("max"),
    np.cumsum: _along("cumsum"),
    np.cumprod: _along("cumprod"),
}


def numpy_function(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Quantity:
    """The quantity that a NumPy function of quantities stands for; WrongKind where it is none."""
    ours = _NUMPY.get(function)
    if ours is None:
        name = getattr(function, "__name__", "function")
        instead = attribute_instead("Quantity", name)
        way = "gm.apply(function, …) wraps any function that works draw by draw"
        told = way if instead is None else f"write {instead}"
        raise WrongKind(f"np.{name} does not work on quantities; {told}", caller())
    try:
        inspect.signature(ours).bind(*args, **kwargs)
    except TypeError as error:
        raise WrongKind(f"np.{function.__name__} of quantities: {error}", caller()) from None
    return ours(*args, **kwargs)
