"""An output whose drivers are asked for: its draws, the statistic, the inputs behind, and how many
of these can be looked at by computing draws again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, final

from guessmodel.analysis.first_order import least_draws
from guessmodel.analysis.inputs import Inputs
from guessmodel.analysis.statistic_of_draws import StatisticOfDraws, statistic_of
from guessmodel.engine.recompute import Change, cost_of
from guessmodel.errors import UsageError
from guessmodel.graph.coordinates import Element
from guessmodel.numerics.arrays import FloatArray
from guessmodel.simulation import Result, Simulation

__all__ = ["Driven", "afforded"]

_REPLICATES: Final = 4  # at least
_AGAIN: Final = 1 << 13  # draws that are computed again for an input at least
_WORK: Final = 1 << 28  # numbers to compute again for all inputs: some half a second
_MOST: Final = 1 << 31  # beyond which the weakest inputs are left out


@final
@dataclass(frozen=True, slots=True, eq=False)
class Driven:
    """An output and its draws, a statistic of it, and the inputs behind.

    Attributes
    ----------
    rows : shape (*labels, replicates, size)
    n : draws of the run; of one that keeps none those of its preview
    """

    simulation: Simulation
    result: Result
    rows: FloatArray
    statistic: StatisticOfDraws
    inputs: Inputs
    n: int

    @staticmethod
    def of(simulation: Simulation, result: Result, of: str, pause: Callable[[], None]) -> Driven:
        """An output with its draws and inputs. UsageError for a category, and where there are too
        few draws."""
        output, run = result.name, simulation.run
        if result.quantity.categories:
            raise UsageError(
                f"'{output}' is a category and has no variance; ask of a comparison that has a "
                f"name: chosen = {output} == {result.quantity.categories[0]!r}"
            )
        statistic = statistic_of(of, result.quantity, output)
        rows = result.by_replicate
        replicates, size = rows.shape[-2:]
        least = least_draws(stratified=run.method != "random")
        if size < least or replicates < _REPLICATES:
            raise UsageError(
                f"indices of '{output}' need {8 * least:,} samples by {run.method} at least, not "
                f"{replicates * size:,}"
            )
        kept = simulation.tallies is None
        n = run.planned if kept else replicates * size
        inputs = Inputs.of(simulation.model, output, run.method, n, run.seed, replicates, pause)
        return Driven(simulation, result, rows, statistic, inputs, n)

    def piece(self, position: tuple[int, ...]) -> Result:
        """The output at a label."""
        return replace(self.result, dims=(), position=position)

    def place(self, position: tuple[int, ...]) -> Element:
        """The quantity at a label."""
        return Element(self.result.quantity, position)


def afforded(inputs: Inputs, each: Sequence[Sequence[Change]], n: int) -> tuple[int, Inputs]:
    """How many inputs can be looked at by computing draws again, and all inputs with as many draws
    as that allows."""
    count = len(each)
    while True:
        cost = cost_of(inputs.plan, [change for changes in each[:count] for change in changes])
        if cost * min(n, _AGAIN) <= _MOST or count <= 1:
            break
        count //= 2
    draws = n
    while draws > _AGAIN and cost * draws > _WORK:
        draws //= 2
    return count, inputs.again(draws, inputs.points.seed)
