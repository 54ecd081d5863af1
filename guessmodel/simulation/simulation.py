"""The results of one run of a model, by name or by quantity.

Plain arrays inside; xarray only in `to_xarray`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

from guessmodel.conditional.integration import best_smooth
from guessmodel.conditional.smooth import Smooth
from guessmodel.errors import UsageError, did_you_mean
from guessmodel.operations import FloatArray
from guessmodel.quantity import Quantity
from guessmodel.simulation.result import Result, Run, Tallies, percent
from guessmodel.statistics.exact import Closed

if TYPE_CHECKING:
    import xarray

    from guessmodel.model import Model
    from guessmodel.simulation.summary import Summary

__all__ = ["Simulation"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """The results of one run of a model, by name or by quantity."""

    model: Model
    run: Run
    draws: Mapping[str, FloatArray]
    faults: Mapping[str, tuple[str, ...]]
    closed: Mapping[Quantity, Closed]
    tallies: Mapping[str, Tallies] | None = None  # of all draws; then `draws` are a small run's
    _smooth: dict[tuple[Quantity, tuple[int, ...]], Smooth | None] = field(default_factory=dict)

    def __getitem__(self, key: str | Quantity) -> Result:
        name = self.model.name_of(key) if isinstance(key, Quantity) else key
        if name not in self.draws:
            known = list(self.draws)
            raise UsageError(f"no result '{name}'{did_you_mean(name, known) or _list(known)}")
        quantity = self.model.quantities[name]
        return Result(
            name,
            quantity,
            self.run,
            self.draws[name],
            quantity.dims,
            self.closed.get(quantity),
            self.smooth,
            (),
            self.faults.get(name, ()),
            None if self.tallies is None else self.tallies[name],
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self.draws)

    def __len__(self) -> int:
        return len(self.draws)

    def __contains__(self, name: object) -> bool:
        return name in self.draws

    def smooth(self, quantity: Quantity, position: tuple[int, ...]) -> Smooth | None:
        """The smooth CDF of a quantity at a coordinate with one draw integrated out (see
        `conditional`); None where no draw qualifies."""
        key = (quantity, position)
        if key not in self._smooth:
            self._smooth[key] = best_smooth(self.model, self.run, quantity, position)
        return self._smooth[key]

    @property
    def seed(self) -> int:
        """Seed of the run."""
        return self.run.seed

    def results(self) -> list[Result]:
        """All results in the order of the model."""
        return [self[name] for name in self]

    def problems(self) -> list[str]:
        """A line for each quantity with non-finite draws: the share, and where they arose."""
        lines = []
        for result in self.results():
            if result.faults and (share := result.non_finite):
                causes = "; ".join(result.faults)
                lines.append(f"{result.name}: {percent(share)} draws are not finite ({causes})")
        return lines

    def summary(self) -> Summary:
        """Table of all results: mean, 5%, 50% and 95% with their errors."""
        from guessmodel.simulation.summary import summarise

        return summarise(self)

    def to_xarray(self) -> xarray.Dataset:
        """Draws as a Dataset with dimensions `replicate`, `draw` and the labels; units,
        descriptions, seed, method and versions as attributes."""
        from guessmodel.simulation.datasets import dataset

        run = self.run
        arrays = {
            result.name: result.values.reshape(*result.values.shape[:-1], run.replicates, run.size)
            for result in self.results()
        }
        return dataset(self.model, run, arrays)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary().to_html()


def _list(known: list[str]) -> str:
    return f"; there are {', '.join(known[:8])}{', …' if len(known) > 8 else ''}"
