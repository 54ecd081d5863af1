"""Data resampled: each draw is one of the values observed, or one row of paired columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Unpack, final, overload

import numpy as np
from numpy.typing import ArrayLike

from guessmodel import units
from guessmodel.distributions.data_columns import columns_of, stated_units
from guessmodel.distributions.draws import draw_from
from guessmodel.distributions.options import TextOptions, constructor
from guessmodel.errors import GuessmodelError, ModelError, WrongKind, caller, located
from guessmodel.graph import dims as dimensions
from guessmodel.graph.along_dims import Lookup
from guessmodel.graph.dims import Labels
from guessmodel.graph.ends import Ends
from guessmodel.graph.family import Family
from guessmodel.graph.quantity import Quantity, wire
from guessmodel.graph.values import numbers
from guessmodel.numerics.arrays import FloatArray, IndexArray
from guessmodel.options import refuse_unknown
from guessmodel.units import Unit

if TYPE_CHECKING:
    import pandas

__all__ = ["Empirical", "empirical"]


@final
@dataclass(frozen=True, eq=False, repr=False)
class Empirical(Family):
    """Isolated values with given probabilities; made by `of`.

    Parameters
    ----------
    values : ndarray
        Ascending, without duplicates.
    shares : ndarray
        Probability of each value.
    at_most, more : ndarray
        Probability of at most, and of more than, each value.
    """

    values: FloatArray
    shares: FloatArray
    at_most: FloatArray
    more: FloatArray

    name = "empirical"
    parameters: ClassVar = {}
    discrete = True

    def ends(self) -> Ends:
        return Ends()

    @staticmethod
    def of(data: FloatArray, weights: FloatArray) -> Empirical:
        """The distribution that gives each datum probability in proportion to its weight."""
        kept = weights > 0.0
        values, group = np.unique(data[kept], return_inverse=True)
        mass = np.bincount(group, weights=weights[kept])
        # Sums of counts are exact, so shares of equally probable data are correctly rounded.
        below = np.cumsum(mass)
        above = np.append(np.cumsum(mass[:0:-1])[::-1], 0.0)
        total = below[-1]
        return Empirical(values, mass / total, below / total, above / total)

    def support(self) -> tuple[FloatArray, FloatArray]:
        return np.asarray(self.values[0]), np.asarray(self.values[-1])

    def mean(self) -> FloatArray:
        return np.asarray(self.shares @ self.values)

    def variance(self) -> FloatArray:
        """The variance of the distribution itself: divided by the number of data, not by one
        less."""
        return np.asarray(self.shares @ np.square(self.values - self.mean()))

    def pdf(self, x: ArrayLike) -> FloatArray:
        x, position = self._position(x)
        return self._unless_nan(x, np.where(self.values[position] == x, self.shares[position], 0.0))

    def cdf(self, x: ArrayLike) -> FloatArray:
        x, position = self._position(x)
        return self._unless_nan(x, np.where(x < self.values[0], 0.0, self.at_most[position]))

    def sf(self, x: ArrayLike) -> FloatArray:
        x, position = self._position(x)
        return self._unless_nan(x, np.where(x < self.values[0], 1.0, self.more[position]))

    def ppf(self, p: ArrayLike) -> FloatArray:
        p = np.asarray(p, dtype=np.float64)
        position = np.minimum(np.searchsorted(self.at_most, p), self.values.size - 1)
        return np.where((p >= 0.0) & (p <= 1.0), self.values[position], np.nan)

    def isf(self, q: ArrayLike) -> FloatArray:
        q = np.asarray(q, dtype=np.float64)
        position = np.minimum(np.searchsorted(-self.more, -q), self.values.size - 1)
        return np.where((q >= 0.0) & (q <= 1.0), self.values[position], np.nan)

    def _position(self, x: ArrayLike) -> tuple[FloatArray, IndexArray]:
        """The place of the largest value that is not above x, or the first."""
        x = np.asarray(x, dtype=np.float64)
        return x, np.maximum(np.searchsorted(self.values, x, side="right") - 1, 0)

    def _unless_nan(self, x: FloatArray, value: FloatArray) -> FloatArray:
        return np.where(np.isnan(x), np.nan, value)


@overload
def empirical(  # type: ignore[overload-overlap]  # NumPy takes text for an array
    data: Mapping[str, ArrayLike] | str | PathLike[str] | pandas.DataFrame,
    unit: str | Unit | Mapping[str, str | Unit] | None = None,
    *,
    weights: ArrayLike | None = None,
    columns: Sequence[str] | None = None,
    dim: Labels | None = None,
    **options: Unpack[TextOptions],
) -> dict[str, Quantity]: ...


@overload
def empirical(
    data: ArrayLike,
    unit: str | Unit | None = None,
    *,
    weights: ArrayLike | None = None,
    dim: Labels | None = None,
    **options: Unpack[TextOptions],
) -> Quantity: ...


@constructor(TextOptions)
def empirical(
    data: Any,
    unit: Any = None,
    *,
    weights: ArrayLike | None = None,
    columns: Sequence[str] | None = None,
    dim: Labels | None = None,
    **options: Unpack[TextOptions],
) -> Quantity | dict[str, Quantity]:
    """Data as a distribution: each draw is one of the values, with probability 1/n or in
    proportion to its weight. Nothing between or beyond the data is ever drawn.

    Columns, `empirical({"x": […], "y": […]})`, give a dict of quantities that are drawn row by row:
    what was observed together stays together. `unit` is then one unit, or one a column. A DataFrame
    has columns too, and a CSV file with a header, `empirical("readings.csv", columns=["x", "y"])`,
    or a Parquet file, whose path starts from the folder of the model file; `columns` chooses some
    of them. Of these `cost [USD]` is the column `cost`, in USD where `unit` says nothing else.
    `dim={"month": range(1, 13)}` draws anew at each label.

    Raises ModelError for empty data, missing or infinite values, columns of different lengths,
    and weights that are negative or not one for each value.

    >>> print(empirical([3, 5, 5, 9], "day").sample(8).mean())
    5.5 day
    >>> pair = empirical({"size": [1, 2], "cost": [10, 30]}, {"cost": "USD"})
    >>> pair["cost"]
    <derived row of data, ... [USD]>
    """
    where = caller()
    try:
        refuse_unknown("empirical", options)
        along = dimensions.along(dim)
        table = columns_of(data, columns, where)
        if table is None:
            values = _numbers(data, "data")
            family = Empirical.of(values, _weights(weights, values.size))
            given = {"data": values}
            return draw_from(family, (), unit, where, given=given, along=along, **options)
        # Keys of a mapping were written here; headers of a table are read as those of gm.table.
        heads = {} if isinstance(data, Mapping) else stated_units(list(table))
        named = {heads[key][0] if heads else key: column for key, column in table.items()}
        arrays, stated = _columns(named), dict(heads.values())
        size = next(iter(arrays.values())).size
        family = Empirical.of(np.arange(size, dtype=np.float64), _weights(weights, size))
        titles = {"data": tuple(arrays)}
        name = options.get("name")
        row = draw_from(family, (), None, where, given=titles, along=along, name=name)
        made: dict[str, Quantity] = {}
        for (key, column), target in zip(
            arrays.items(), _units(unit, list(arrays), stated), strict=True
        ):
            options["name"] = None if name is None else f"{name}[{key}]"
            drawn = wire(Lookup(tuple(column.tolist())), row)
            made[key] = replace(drawn, unit=units.parse(target), **options)
        return made
    except GuessmodelError as error:
        raise located(error, where) from None


def _columns(data: Mapping[str, Any]) -> dict[str, FloatArray]:
    columns = {key: _numbers(column, f"column '{key}'") for key, column in data.items()}
    if not columns:
        raise ModelError('empirical: no columns; e.g. gm.empirical({"x": [1, 2], "y": [3, 5]})')
    sizes = {key: column.size for key, column in columns.items()}
    if len(set(sizes.values())) > 1:
        shown = ", ".join(f"'{key}' {size}" for key, size in sizes.items())
        raise ModelError(f"empirical: columns differ in length ({shown}); rows belong together")
    return columns


def _units(unit: Any, keys: Sequence[str], stated: Mapping[str, Unit | None]) -> list[Any]:
    if unit is None:
        return [stated.get(key) for key in keys]
    if not isinstance(unit, Mapping):
        return [unit] * len(keys)
    unknown = [key for key in unit if key not in keys]
    if unknown:
        raise ModelError(
            f"empirical: a unit for '{unknown[0]}', which is none of the columns {keys}"
        )
    return [unit.get(key, stated.get(key)) for key in keys]


def _numbers(data: Any, what: str) -> FloatArray:
    if isinstance(data, Quantity):
        raise WrongKind("empirical takes numbers that were observed; use the quantity itself")
    try:
        values = numbers(data)
    except (TypeError, ValueError):
        raise WrongKind(f"empirical: {what} must be a list of numbers, e.g. [3, 5, 5, 9]") from None
    if values.ndim != 1:
        raise ModelError(
            f"empirical: {what} has {values.ndim} dimensions instead of 1; for columns that belong "
            'together write gm.empirical({"x": […], "y": […]})'
        )
    if not values.size:
        raise ModelError(f"empirical: {what} is empty; give at least one number")
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise ModelError(
            f"empirical: {what} holds {values[bad[0]]:g} at position {bad[0]} (counted from 0); "
            "leave it out"
        )
    return values


def _weights(weights: Any, size: int) -> FloatArray:
    if weights is None:
        return np.ones(size)
    values = _numbers(weights, "weights")
    if values.size != size:
        raise ModelError(f"empirical: {size} values but {values.size} weights; write one for each")
    if np.any(values < 0.0):
        raise ModelError(f"empirical: a weight is {values.min():g}; it must not be below 0")
    if not np.any(values > 0.0):
        raise ModelError("empirical: all weights are 0; at least one must be above")
    return values
