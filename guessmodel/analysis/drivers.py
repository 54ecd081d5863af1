"""The answer to what drives an output: a table, for people, for JSON and for pandas."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

from guessmodel.analysis.answers import as_html, as_text, insert
from guessmodel.analysis.tornado import Swing
from guessmodel.errors import DimensionError, UsageError, did_you_mean, needed
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Dims, Label

if TYPE_CHECKING:
    import pandas

__all__ = ["Driver", "Drivers", "Sensitivity"]

_NOTHING = 5e-4  # a share that is nothing in the digits of the table
_HEADER = ("input", "alone", "in all", "rank", "at 5%", "at 95%", "swing")


@final
@dataclass(frozen=True, slots=True)
class Driver:
    """One input, and what it does to the output at one label."""

    key: str
    name: str
    unit: str
    ends: tuple[float, float] | None
    """Its values at the 5th and 95th percentile, where they do not depend on other inputs."""
    first: Estimate
    """Share of the output's variance that it makes alone (first-order index)."""
    rank: Estimate
    """Spearman's rank correlation with the output."""
    total: Estimate | None = None
    """Share that it makes alone or together with others (total effect); None: not computed."""
    tornado: Swing | None = None

    @property
    def size(self) -> float:
        """What it is sorted by: its larger share; where there is none, its rank correlation."""
        shares = [self.first.value, math.nan if self.total is None else self.total.value]
        known = [share for share in shares if math.isfinite(share)]
        return max(known) if known else abs(self.rank.value)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it; None for what was not computed."""
        return {
            "first": self.first.to_dict(),
            "total": None if self.total is None else self.total.to_dict(),
            "rank": self.rank.to_dict(),
            "tornado": None if self.tornado is None else self.tornado.to_dict(),
        }


@final
@dataclass(frozen=True, slots=True)
class Drivers:
    """The inputs of the output at one label, the strongest first."""

    drivers: tuple[Driver, ...]
    unreliable: str | None
    """Why indices may be wrong, or why there are none."""
    base: float = math.nan
    """The statistic of the output as it is."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class Sensitivity:
    """What drives an output; of a labelled one label by label.

    Attributes
    ----------
    output, unit : of the quantity
    statistic : what the tornado is about: "mean", "p95" …
    dims : of the output
    pieces : by position along the dims; () for an output without any
    heading : how the draws were made
    """

    output: str
    unit: str
    statistic: str
    dims: Dims
    pieces: Mapping[tuple[int, ...], Drivers]
    heading: str

    @property
    def inputs(self) -> dict[str, Driver]:
        """The inputs by name, the strongest first; DimensionError for a labelled output."""
        return {driver.name: driver for driver in self._only().drivers}

    @property
    def unreliable(self) -> str | None:
        """Why the indices may be wrong; None where there is no reason."""
        return self._only().unreliable

    @property
    def base(self) -> float:
        """The statistic of the output as it is, by the draws of the run."""
        return self._only().base

    def __getitem__(self, name: str) -> Driver:
        if name not in self.inputs:
            raise UsageError(
                f"'{self.output}' does not depend on an input '{name}'"
                f"{did_you_mean(name, list(self.inputs))}"
            )
        return self.inputs[name]

    def sum_of_first(self) -> float:
        """What all inputs make alone, as a share of the variance; the rest is interaction."""
        return sum(driver.first.value for driver in self._only().drivers)

    def sel(self, **labels: Label) -> Sensitivity:
        """The answer at one label of each dimension."""
        for name in labels:
            dimensions.find(self.dims, name)
        missing = [dim.name for dim in self.dims if dim.name not in labels]
        if missing:
            raise DimensionError(f"'{self.output}': choose a label of {', '.join(missing)} too")
        position = tuple(dim.index(labels[dim.name]) for dim in self.dims)
        if position not in self.pieces:
            raise DimensionError(f"'{self.output}' is not applicable there")
        title = self._title(position)
        piece = self.pieces[position]
        return Sensitivity(title, self.unit, self.statistic, (), {(): piece}, self.heading)

    def by_label(self) -> Iterator[tuple[tuple[Label, ...], Sensitivity]]:
        """Each label of the output, or tuple of labels, with its answer."""
        for position, piece in self.pieces.items():
            title = self._title(position)
            labels = self._labels(position)
            yield (
                labels,
                Sensitivity(title, self.unit, self.statistic, (), {(): piece}, self.heading),
            )

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it: numbers as value, low and high; below the labels of a labelled output."""
        inputs: dict[str, Any] = {}
        unreliable: Any = {} if self.dims else self.unreliable
        for position, piece in self.pieces.items():
            labels = [str(label) for label in self._labels(position)]
            if self.dims:
                insert(unreliable, labels, piece.unreliable)
            for driver in piece.drivers:
                entry = inputs.setdefault(driver.name, {})
                for key, value in driver.to_dict().items():
                    if key == "tornado" and value is not None and labels:
                        for end, estimate in value.items():
                            insert(entry, [key, end, *labels], estimate)
                    else:
                        insert(entry, [key, *labels], value)
        return {
            "output": self.output,
            "statistic": self.statistic,
            "inputs": inputs,
            "unreliable": unreliable,
        }

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each input (and label of the output): values and the ends of their errors."""
        needed("pandas", "xarray")
        import pandas

        rows = []
        for position, piece in self.pieces.items():
            labels = dict(zip((d.name for d in self.dims), self._labels(position), strict=True))
            for driver in piece.drivers:
                row: dict[str, Any] = {**labels, "input": driver.name}
                swing = driver.tornado
                for key, estimate in (
                    ("first", driver.first),
                    ("total", driver.total),
                    ("rank", driver.rank),
                    ("at_p5", swing and swing.at_p5),
                    ("at_p95", swing and swing.at_p95),
                    ("swing", swing and swing.swing),
                ):
                    ends = (math.nan,) * 3
                    if estimate is not None:
                        ends = (estimate.value, estimate.low, estimate.high)
                    row |= zip((key, f"{key}_low", f"{key}_high"), ends, strict=True)
                rows.append(row)
        return pandas.DataFrame(rows)

    @property
    def title(self) -> str:
        """What the table is about, in a line."""
        unit = f", in {self.unit}" if self.unit else ""
        return f"what drives {self.output}: shares of its variance, and its {self.statistic}{unit}"

    def cells(self) -> list[list[str]]:
        """Header and rows as text."""
        held = [f"{self.statistic} {_HEADER[4]}", f"{self.statistic} {_HEADER[5]}"]
        table = [[*_HEADER[:4], *held, _HEADER[6]]]
        for position, piece in self.pieces.items():
            if self.dims:
                table.append([f"{self._title(position)}:", *[""] * 6])
            table += [_cells(driver) for driver in piece.drivers]
        return table

    def notes(self) -> list[str]:
        """Sums, and why numbers may be wrong."""
        lines = []
        for position, piece in self.pieces.items():
            title = self._title(position)
            if piece.unreliable is not None:
                lines.append(f"! {title}: {piece.unreliable}")
            elif piece.drivers:
                total = sum(driver.first.value for driver in piece.drivers)
                lines.append(
                    f"{title}: inputs alone make {_percent(total)} of the variance, "
                    f"{_percent(1.0 - total)} is what they do together"
                )
        return lines

    def __str__(self) -> str:
        return as_text(f"{self.heading}\n{self.title}", self.cells(), self.notes())

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return as_html(f"{self.title}; {self.heading}", self.cells(), self.notes())

    def _only(self) -> Drivers:
        if self.dims:
            first = self.dims[0]
            raise DimensionError(
                f"'{self.output}' has dimensions ({dimensions.describe(self.dims)}); choose a "
                f"label, e.g. .sel({first.name}={first.labels[0]!r}), or loop over .by_label()"
            )
        return self.pieces[()]

    def _labels(self, position: tuple[int, ...]) -> tuple[Label, ...]:
        return tuple(dim.labels[i] for dim, i in zip(self.dims, position, strict=True))

    def _title(self, position: tuple[int, ...]) -> str:
        labels = ", ".join(map(str, self._labels(position)))
        return f"{self.output}[{labels}]" if labels else self.output


def _cells(driver: Driver) -> list[str]:
    swing = driver.tornado
    shares = [_text(driver.first, share=True), _text(driver.total, share=True)]
    held = [None, None, None] if swing is None else [swing.at_p5, swing.at_p95, swing.swing]
    return [driver.name, *shares, _text(driver.rank), *map(_text, held)]


def _text(estimate: Estimate | None, *, share: bool = False) -> str:
    """In few digits; shares in percent."""
    if estimate is None or math.isnan(estimate.value):
        return "–"
    if not share:
        return estimate.text(3)
    return "0.0%" if estimate.high < _NOTHING else f"{estimate.scaled(100.0).text(3)}%"


def _percent(share: float) -> str:
    return f"{100.0 * share + 0.0:.1f}%"
