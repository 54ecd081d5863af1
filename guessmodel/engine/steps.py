"""One step of a plan: an operation, a user's function or a draw, over some draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from guessmodel.engine.drawn import Carried, Variates
from guessmodel.engine.plan import Step, aligned
from guessmodel.errors import GuessmodelError, ModelError, origin, reason
from guessmodel.graph import dims as dimensions
from guessmodel.graph.elementwise import Apply, Filtered
from guessmodel.graph.family import Family
from guessmodel.graph.operation import Operation
from guessmodel.graph.scores import ScoreCorrelation
from guessmodel.graph.variates import NORMAL
from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling.design import Replicate
from guessmodel.sampling.interpolation import carry_over

__all__ = ["DROPPED", "Quantiles", "check_splits", "evaluate"]

DROPPED = "dropped"
"""What is recorded of draws that a filter drops: nothing went wrong, but they are to be counted."""

_OUTSIDE = ("parameters outside the family's range",)
_BEYOND = ("a rank correlation beyond 1 or -1",)
_OVERFLOW = ("overflow",)
_DROPPED = (DROPPED,)
_WATCHED = (Apply, Filtered, ScoreCorrelation)
_ONE_BY_ONE = "; np.vectorize(function) makes one of numbers into one of arrays"
# What the errors of functions say that do not take arrays, and what is written instead.
_INSTEAD = (
    ("truth value of an array", f"; write np.where(condition, a, b) for if{_ONE_BY_ONE}"),
    (
        "converted to Python scalars",
        f"; NumPy's functions take them, not those of math{_ONE_BY_ONE}",
    ),
    ("read-only", "; change a copy, a = a.copy()"),
)


@final
@dataclass(slots=True)
class Quantiles:
    """What a step that is drawn by a quantile function made of which numbers at first. Such a
    function may cost a microsecond a draw, so that draws of the same numbers are kept."""

    numbers: tuple[FloatArray, ...] = ()
    draws: FloatArray | None = None

    def drawn(self, family: Family, numbers: Sequence[FloatArray], out: FloatArray) -> None:
        """Write the draws of the family to `out`, which may hold the first of the numbers."""
        if self.draws is None:
            self.numbers = tuple(each.copy() for each in numbers)
            self.draws = family.draw(*numbers)
            out[...] = self.draws
            return
        others = np.zeros(out.shape, dtype=np.bool_)
        for now, before in zip(numbers, self.numbers, strict=True):
            others |= now != before
        anew = family.draw(*(each[others] for each in numbers))
        out[...] = self.draws
        out[others] = anew


def evaluate(
    step: Step,
    arrays: Sequence[FloatArray],
    points: Replicate,
    start: int,
    stop: int,
    out: FloatArray,
    quantiles: Quantiles | None = None,
) -> tuple[str, ...]:
    """Write draws `start` to `stop` of a step to `out`, from those of its operands.

    Returns what went wrong that raises no floating-point flag.
    """
    action = step.action
    if isinstance(action, Variates):
        faults = _draw(step, action, points, arrays, start, stop, out, quantiles)
        return faults + _OVERFLOW if action.watched and np.isinf(out).any() else faults
    if isinstance(action, Carried):
        faults = _carry(step, action, arrays, out)
        return faults + _OVERFLOW if action.watched and np.isinf(out).any() else faults
    arrays = aligned(action, arrays, step.axes, step.result)
    if isinstance(action, _WATCHED):
        return _watched(step, action, arrays, out)
    action.evaluate(arrays, step.axes, out)
    return ()


def _watched(
    step: Step, action: Operation, arrays: Sequence[FloatArray], out: FloatArray
) -> tuple[str, ...]:
    """What may go wrong in other ways than by a flag."""
    if isinstance(action, Apply):
        _apply(step, arrays, out)
        return ()
    action.evaluate(arrays, step.axes, out)
    if not np.isnan(out).any():
        return ()
    return _DROPPED if isinstance(action, Filtered) else _BEYOND


def _draw(
    step: Step,
    action: Variates,
    points: Replicate,
    arrays: Sequence[FloatArray],
    start: int,
    stop: int,
    out: FloatArray,
    quantiles: Quantiles | None,
) -> tuple[str, ...]:
    count = stop - start
    dims = step.result.dims
    rows = dimensions.size(action.dims)
    if action.applicable is not None:
        compact = np.empty((len(action.applicable), count))
        points.fill(action.stream, start, stop, compact)
        out[...] = np.nan
        spread = np.full((rows, count), np.nan)
        spread[list(action.applicable)] = compact
        np.copyto(out, spread.reshape(out.shape))
        return ()
    if action.dims == dims and out.flags.c_contiguous:
        variates = out
    else:
        variates = np.empty((*dimensions.shape(action.dims), count))
    points.fill(action.stream, start, stop, variates.reshape(rows, count) if dims else variates)
    if variates is not out:
        variates = dimensions.broadcast(variates, action.dims, dims)
    family = action.family
    if family is None:
        if variates is not out:
            np.copyto(out, variates)
        return ()
    parameters = [
        array if each.dims == dims else dimensions.broadcast(array, each.dims, dims)
        for array, each in zip(arrays, step.axes, strict=True)
    ]
    if family.base is not None:
        if variates is not out:
            np.copyto(out, variates)
        family.transform(out, *parameters, out=out)
    elif quantiles is None or all(each.size == 1 for each in parameters):
        np.copyto(out, family.draw(variates, *parameters))
    else:
        numbers = (variates, *(np.broadcast_to(each, out.shape) for each in parameters))
        quantiles.drawn(family, numbers, out)
    return _outside(family, parameters, out)


def _carry(
    step: Step, action: Carried, arrays: Sequence[FloatArray], out: FloatArray
) -> tuple[str, ...]:
    """Write the draws that belong to normal scores."""
    dims = step.result.dims
    score, *parameters = [
        array if each.dims == dims else dimensions.broadcast(array, each.dims, dims)
        for array, each in zip(arrays, step.axes, strict=True)
    ]
    family = action.family
    if action.sources:
        score = np.broadcast_to(score, out.shape)
        _by_quantile(action, score, out)
        if np.isnan(np.add.reduce(score, axis=None)):  # a table reads anything there
            np.copyto(out, np.nan, where=np.isnan(score))
        return ()
    base = family.base
    if base is NORMAL:
        np.copyto(out, score)
        family.transform(out, *parameters, out=out)
        return _outside(family, parameters, out)
    score = np.broadcast_to(score, out.shape)
    upper = score > 0.0
    for half, tail, quantile in (
        (~upper, NORMAL.cdf, family.ppf if base is None else base.ppf),
        (upper, NORMAL.sf, family.isf if base is None else base.isf),
    ):
        given = (
            [] if base is not None else [np.broadcast_to(x, out.shape)[half] for x in parameters]
        )
        out[half] = quantile(tail(score[half]), *given)
    if base is not None:
        family.transform(out, *parameters, out=out)
    return _outside(family, parameters, out)


def _by_quantile(action: Carried, score: FloatArray, out: FloatArray) -> None:
    if len(action.sources) == 1 and action.applicable is None:
        values = np.array(score)
        carry_over(values, NORMAL, action.sources[0])
        np.copyto(out, values)
        return
    places = list(np.ndindex(out.shape[:-1]))
    if action.applicable is not None:
        out[...] = np.nan
        places = [places[i] for i in action.applicable]
    for k, place in enumerate(places):
        values = np.array(score[place])
        carry_over(values, NORMAL, action.sources[k % len(action.sources)])
        out[place] = values


def _outside(family: Family, parameters: Sequence[FloatArray], out: FloatArray) -> tuple[str, ...]:
    """Write no draws where parameters that vary from draw to draw have no distribution."""
    if any(array.shape[-1] != 1 for array in parameters):
        valid = family.valid(*parameters)
        if not np.all(valid):
            np.copyto(out, np.nan, where=~np.broadcast_to(valid, out.shape))
            return _OUTSIDE
    return ()


def _apply(step: Step, arrays: Sequence[FloatArray], out: FloatArray) -> None:
    """Run the user's function; what goes wrong in it is said at the user's own line."""
    assert isinstance(step.action, Apply)
    try:
        step.action.evaluate(arrays, step.axes, out)
    except (GuessmodelError, KeyboardInterrupt):
        raise
    except BaseException as error:  # SystemExit too: it would end one thread, and say nothing
        told = f"{type(error).__name__}: {reason(error)}"
        hint = next((way for words, way in _INSTEAD if words in told), "")
        raise ModelError(
            f"gm.apply: {step.action.name} failed with {told}; it gets "
            f"arrays of draws, and must return an array of the same shape{hint}",
            origin(error) or step.location,
        ) from error


def check_splits(step: Step, arrays: Sequence[FloatArray], out: FloatArray) -> None:
    """A function that mixes draws gives other numbers when the block is cut elsewhere."""
    assert isinstance(step.action, Apply)
    arrays = aligned(step.action, arrays, step.axes, step.result)
    count = out.shape[-1]
    for cut in (count // 2, count // 3):
        if not 0 < cut < count:
            continue
        for part in (slice(None, cut), slice(cut, None)):
            pieces = [a[..., part] if a.shape[-1] == count else a for a in arrays]
            again = np.empty_like(out[..., part])
            _apply(step, pieces, again)
            if not np.array_equal(again, out[..., part], equal_nan=True):
                raise ModelError(
                    f"gm.apply: {step.action.name} mixes draws (cutting the draws elsewhere "
                    "changes its result); it must work draw by draw, like a NumPy ufunc",
                    step.location,
                )
