"""Whether a model gives the numbers of the sheet that it was written from, cell by cell.

The sheet is evaluated by the original's rules, in batches of about as many draws as it displays;
what it displays of a batch is a mean and an interval, and batches tell the error of both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.errors import needed
from guessmodel.interop.guesstimate.evaluating import draws_of
from guessmodel.interop.guesstimate.sheet import Sheet
from guessmodel.model.model import Model
from guessmodel.numerics.normal import ppf
from guessmodel.simulation.result import Result
from guessmodel.tables import Tabled
from guessmodel.units.formats import format_number

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Comparison", "Equality", "compared", "displayed"]

_SHOWN: Final = 2_000  # draws of which Guesstimate tells the interval
_BATCHES: Final = 16
_LONGEST: Final = 20_000
_FALSE_ALARM: Final = 1e-3  # of a whole table
_MEMORY: Final = 20_000_000  # draws of all cells together
_FEWEST: Final = 1 << 10
_ROUNDING: Final = 1e-9  # of the larger number


@final
@dataclass(frozen=True, slots=True)
class Comparison:
    """One cell: mean and displayed interval of the sheet and of the model, each with the standard
    error of their difference; nan where there is none."""

    cell: str
    name: str
    sheet: tuple[float, float, float]
    model: tuple[float, float, float]
    errors: tuple[float, float, float]
    limit: float
    """How many standard errors a difference may be by chance."""
    batches: tuple[tuple[float, float], ...] = ()
    """Of a cell whose ends would differ: the ends in batches of the model that are as large as
    those of the sheet, and the standard errors. Where an end lies between two values, as it may
    with data, a batch has the one or the other, and their mean is neither: then batches tell."""

    @property
    def differs(self) -> bool:
        """Whether the mean differs beyond its error, or an end both from the model's and from
        that of its batches."""
        mean, *ends = map(self._far, self.sheet, self.model, self.errors)
        if self.batches:
            again = map(self._far, self.sheet[1:], *self.batches)
            ends = [first and second for first, second in zip(ends, again, strict=True)]
        return mean or any(ends)

    def _far(self, sheet: float, model: float, error: float) -> bool:
        if math.isnan(sheet) or math.isnan(model):
            return False
        slack = _ROUNDING * max(abs(sheet), abs(model))
        return abs(sheet - model) > self.limit * error + slack

    def to_dict(self) -> dict[str, Any]:
        """For JSON; None where there is no number."""
        found: dict[str, Any] = {"cell": self.cell, "name": self.name, "differs": self.differs}
        for side, numbers in (("sheet", self.sheet), ("model", self.model)):
            known = [x if math.isfinite(x) else None for x in numbers]
            found[side] = dict(zip(("mean", "low", "high"), known, strict=True))
        return found


@final
@dataclass(frozen=True, slots=True, repr=False)
class Equality(Tabled):
    """All cells of a sheet, and how they were compared."""

    rows: tuple[Comparison, ...]
    how: str
    """Of both sides, how many draws there are."""

    @property
    def heading(self) -> str:
        """How they were compared."""
        return self.how

    @property
    def holds(self) -> bool:
        """Whether no cell differs."""
        return not any(row.differs for row in self.rows)

    def cells(self) -> list[list[str]]:
        """Header and rows as text."""
        head = ["", "mean: sheet", "model", "interval: sheet", "model", ""]
        return [head, *map(_cells, self.rows)]

    def notes(self) -> list[str]:
        """None: the last column has them."""
        return []

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"holds": self.holds, "cells": [row.to_dict() for row in self.rows]}

    def to_pandas(self) -> pd.DataFrame:
        """One row a cell."""
        needed("pandas", "pandas")
        import pandas as pd

        return pd.json_normalize([row.to_dict() for row in self.rows])


def _cells(row: Comparison) -> list[str]:
    def interval(numbers: Sequence[float]) -> str:
        return "–" if math.isnan(numbers[1]) else " to ".join(map(_number, numbers[1:]))

    sheet, model = row.sheet, row.model
    flag = "differs" if row.differs else ""
    return [row.name, _number(sheet[0]), _number(model[0]), interval(sheet), interval(model), flag]


def _number(value: float) -> str:
    return format_number(value, 4) if math.isfinite(value) else "–"


def displayed(draws: NDArray[np.float64]) -> tuple[float, float, float]:
    """Mean and interval that Guesstimate displays of some draws: of those below the mean the 10th
    percentile, and of those above it the 90th; draws that a filter dropped do not count."""
    kept = np.sort(draws[np.isfinite(draws)])
    if not kept.size:
        return math.nan, math.nan, math.nan
    mean = float(kept.mean())
    split = int(np.searchsorted(kept, mean))
    below, above = kept[:split], kept[split:]
    if not below.size or not above.size:
        return mean, float(kept[0]), float(kept[-1])
    low = below[math.floor(0.1 * below.size)]
    return mean, float(low), float(above[math.floor(0.9 * above.size)])


def compared(sheet: Sheet, names: Mapping[str, str], model: Model, seed: int = 0) -> Equality:
    """The sheet and the model, in which the cells have these names."""
    found = _by_batches(sheet, seed)
    most = 1 << int(math.log2(max(_MEMORY // max(len(sheet.entries), 1), _FEWEST)))
    simulation = model.sample(min(most, model.default_samples), seed=seed)
    limit = _limit(3 * len(sheet.entries))
    rows = []
    for entry in sheet.entries:
        id = entry.cell.id
        ours, errors = _ours(simulation[names[id]])
        batches = found[id]
        theirs = np.array([_mean(column) for column in batches.T])
        spread = np.array([_error(column) for column in batches.T])
        both = np.hypot(spread, errors)
        rows.append(
            Comparison(
                entry.cell.label,
                names[id],
                (float(theirs[0]), float(theirs[1]), float(theirs[2])),
                (ours[0], ours[1], ours[2]),
                (float(both[0]), float(both[1]), float(both[2])),
                limit,
            )
        )
    rows = _again(rows, sheet, model, seed, found)
    heading = (
        f"Sheet by Guesstimate's rules ({_BATCHES} times {_batch(sheet):,} draws) and model "
        f"({simulation.run.samples:,} draws): mean and displayed interval"
    )
    return Equality(tuple(rows), heading)


def _again(
    rows: Sequence[Comparison],
    sheet: Sheet,
    model: Model,
    seed: int,
    found: Mapping[str, NDArray[np.float64]],
) -> list[Comparison]:
    """The rows that would differ, with batches of the model, whose draws are independent as those
    of the sheet are."""
    size = _batch(sheet)
    far = [row.name for row in rows if row.differs][: _MEMORY // (_BATCHES * size)]
    if not far:
        return list(rows)
    simulation = model.sample(_BATCHES * size, seed=seed, method="random", quantities=far)
    checked = []
    for row, entry in zip(rows, sheet.entries, strict=True):
        if row.name in far:
            draws = simulation[row.name].values[: _BATCHES * size]
            ours = np.array([displayed(batch) for batch in draws.reshape(_BATCHES, size)]).T
            theirs = found[entry.cell.id].T
            low, high = (math.hypot(_error(ours[k]), _error(theirs[k])) for k in (1, 2))
            row = replace(row, batches=((_mean(ours[1]), _mean(ours[2])), (low, high)))
        checked.append(row)
    return checked


def _batch(sheet: Sheet) -> int:
    """Draws of a batch: whole rounds through all data, where these are not too long."""
    from guessmodel.interop.guesstimate.cells import Data

    lengths = {len(e.value.values) for e in sheet.entries if isinstance(e.value, Data)}
    together = 1
    for length in lengths:
        if math.lcm(together, length) <= _LONGEST:
            together = math.lcm(together, length)
    return together * math.ceil(_SHOWN / together)


def _by_batches(sheet: Sheet, seed: int) -> dict[str, NDArray[np.float64]]:
    """By cell the displayed numbers of each batch, shape (batches, 3)."""
    generator = np.random.default_rng([seed, 20161])
    size = _batch(sheet)
    found: dict[str, list[tuple[float, float, float]]] = {e.cell.id: [] for e in sheet.entries}
    for _ in range(_BATCHES):
        for id, draws in draws_of(sheet, size, generator).items():
            found[id].append(displayed(draws))
    return {id: np.array(numbers) for id, numbers in found.items()}


def _ours(result: Result) -> tuple[list[float], NDArray[np.float64]]:
    """Mean and interval of the model, and their standard errors."""
    low, high = result.guesstimate_interval()
    estimates = [result.mean(), low, high]
    to_sd = float(ppf(0.95))
    errors = [max(e.value - e.low, e.high - e.value) / to_sd for e in estimates]
    return [e.value for e in estimates], np.nan_to_num(np.array(errors))


def _mean(batches: NDArray[np.float64]) -> float:
    known = batches[np.isfinite(batches)]
    return float(known.mean()) if known.size else math.nan


def _error(batches: NDArray[np.float64]) -> float:
    """Standard error of the mean of batches."""
    known = batches[np.isfinite(batches)]
    return float(known.std(ddof=1)) / math.sqrt(known.size) if known.size > 1 else 0.0


def _limit(comparisons: int) -> float:
    """Standard errors that the largest of so many differences exceeds once in a thousand tables:
    Student's t, for the errors are of few batches."""
    from scipy.special import stdtrit

    return float(-stdtrit(_BATCHES - 1, _FALSE_ALARM / (2 * max(comparisons, 1))))
