"""The answer to what drives an output: a table, for people, for JSON and for pandas."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, final

from guessmodel.analysis.answers import insert
from guessmodel.analysis.tornado import Swing
from guessmodel.errors import DimensionError, UsageError, did_you_mean, needed
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Dims, Label, titled

if TYPE_CHECKING:
    import pandas

    from guessmodel.analysis.budget import Budget
    from guessmodel.simulation import Simulation

__all__ = ["Driver", "Drivers", "Group", "GroupKind", "Sensitivity"]


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
    labels: tuple[Label, ...] = ()
    """Of a category, whose values count them."""

    @property
    def size(self) -> float:
        """What it is sorted by: its larger share; where there is none, its rank correlation."""
        return _larger(self.first, self.total, abs(self.rank.value))

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it; None for what was not computed."""
        return {
            "first": self.first.to_dict(),
            "total": None if self.total is None else self.total.to_dict(),
            "rank": self.rank.to_dict(),
            "tornado": None if self.tornado is None else self.tornado.to_dict(),
        }


GroupKind = Literal["inputs", "labels", "correlated"]


@final
@dataclass(frozen=True, slots=True)
class Group:
    """Some inputs, and what they do to the output at one label together."""

    name: str
    members: tuple[str, ...]
    """Names of the inputs, the strongest first."""
    first: Estimate
    """Share that goes if all of them become known (closed index)."""
    total: Estimate
    """Share that stays if all others become known (total effect)."""
    kind: GroupKind = "inputs"
    """Why they are a group: asked for, labels of one quantity, or correlated with each other."""

    @property
    def size(self) -> float:
        """What it is sorted by: its larger share."""
        return _larger(self.first, self.total, 0.0)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it, but for the members."""
        return {"first": self.first.to_dict(), "total": self.total.to_dict()}


@final
@dataclass(frozen=True, slots=True)
class Drivers:
    """The inputs of the output at one label, the strongest first."""

    drivers: tuple[Driver, ...]
    unreliable: str | None
    """Why indices may be wrong, or why there are none."""
    base: float = math.nan
    """The statistic of the output as it is."""
    groups: tuple[Group, ...] = ()

    @property
    def alone(self) -> float:
        """What all inputs make alone, as a share of the variance; those that are correlated count
        as one."""
        tied = [group for group in self.groups if group.kind == "correlated"]
        inside = {name for group in tied for name in group.members}
        single = [driver for driver in self.drivers if driver.name not in inside]
        return sum(each.first.value for each in single) + sum(each.first.value for each in tied)


@final
@dataclass(frozen=True, slots=True, eq=False)
class Sensitivity:
    """What drives an output; of a labelled one label by label.

    Attributes
    ----------
    output, unit : of the quantity
    statistic : what the tornado is about: "mean", "p95" …
    shared : what the shares are shares of: "of its variance" …
    dims : of the output
    pieces : by position along the dims; () for an output without any
    heading : how the draws were made
    simulation : the run
    position : of the label of the quantity that this is about
    """

    output: str
    unit: str
    statistic: str
    shared: str
    dims: Dims
    pieces: Mapping[tuple[int, ...], Drivers]
    heading: str
    simulation: Simulation = field(repr=False)
    position: tuple[int, ...] = ()

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

    @property
    def groups(self) -> dict[str, Group]:
        """The groups by name, the strongest first: those asked for, and the labels of each draw
        that has several; DimensionError for a labelled output."""
        return {group.name: group for group in self._only().groups}

    def budget(
        self, *, degrees: Mapping[str, float] | None = None, coverage: float = 0.95
    ) -> Budget:
        """The uncertainty budget of the output, as metrologists write it (GUM: JCGM 100:2008).

        Parameters
        ----------
        degrees : of freedom of inputs by name, besides those of Student's t
        coverage : probability of the expanded uncertainty

        Raises UsageError for other inputs, degrees that are not above 0, a coverage that is not
        inside (0, 1), and where the output has no value at the means of the inputs;
        DimensionError for a labelled output.
        """
        from guessmodel.analysis.budget import budget

        self._only()
        name = self.output if not self.position else self.output.rpartition("[")[0]
        return budget(self.simulation, name, self.position, degrees or {}, coverage)

    def sum_of_first(self) -> float:
        """What all inputs make alone, as a share of the variance; the rest is interaction."""
        return self._only().alone

    def sel(self, **labels: Label) -> Sensitivity:
        """The answer at one label of each dimension; without any label itself."""
        if not labels:
            return self
        position = dimensions.position(self.dims, labels, self.output)
        if position not in self.pieces:
            raise DimensionError(f"'{self.output}' is not applicable there")
        return self._at(position)

    def by_label(self) -> Iterator[tuple[tuple[Label, ...], Sensitivity]]:
        """Each label of the output, or tuple of labels, with its answer."""
        for position in self.pieces:
            yield self._labels(position), self._at(position)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it: numbers as value, low and high; below the labels of a labelled output."""
        inputs: dict[str, Any] = {}
        groups: dict[str, Any] = {}
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
            for group in piece.groups:
                entry = groups.setdefault(group.name, {"members": []})
                entry["members"] = list(dict.fromkeys([*entry["members"], *group.members]))
                for key, value in group.to_dict().items():
                    insert(entry, [key, *labels], value)
        return {
            "output": self.output,
            "statistic": self.statistic,
            "inputs": inputs,
            "groups": groups,
            "unreliable": unreliable,
        }

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each input and group (and label of the output): of how many inputs it is,
        values and the ends of their errors."""
        needed("pandas", "xarray")
        import pandas

        rows = []
        for position, piece in self.pieces.items():
            labels = dict(zip((d.name for d in self.dims), self._labels(position), strict=True))
            rows_of: tuple[Driver | Group, ...] = (*piece.drivers, *piece.groups)
            for one in rows_of:
                row: dict[str, Any] = {**labels, "input": one.name}
                row["members"] = len(one.members) if isinstance(one, Group) else 1
                swing = None if isinstance(one, Group) else one.tornado
                for key, estimate in (
                    ("first", one.first),
                    ("total", one.total),
                    ("rank", None if isinstance(one, Group) else one.rank),
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
        from guessmodel.analysis.driver_texts import title

        return title(self)

    def cells(self) -> list[list[str]]:
        """Header and rows as text."""
        from guessmodel.analysis.driver_texts import cells

        return cells(self)

    def notes(self) -> list[str]:
        """Sums, and why numbers may be wrong."""
        from guessmodel.analysis.driver_texts import notes

        return notes(self)

    def __repr__(self) -> str:
        from guessmodel.analysis.driver_texts import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from guessmodel.analysis.driver_texts import as_html

        return as_html(self)

    def title_at(self, position: tuple[int, ...]) -> str:
        """The output at a position, as tables have it."""
        return titled(self.output, self._labels(position))

    def _at(self, position: tuple[int, ...]) -> Sensitivity:
        piece, title = self.pieces[position], self.title_at(position)
        return replace(self, output=title, dims=(), pieces={(): piece}, position=position)

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


def _larger(first: Estimate, total: Estimate | None, otherwise: float) -> float:
    shares = [first.value, math.nan if total is None else total.value]
    return max((share for share in shares if math.isfinite(share)), default=otherwise)
