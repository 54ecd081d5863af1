"""The moments of a result by parts, in the run that it is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guessmodel.graph.coordinates import Element
from guessmodel.graph.quantity import Quantity

if TYPE_CHECKING:
    from guessmodel.estimators.by_parts.composed import Composed
    from guessmodel.simulation.simulation import Simulation

__all__ = ["composed"]


def composed(
    simulation: Simulation,
    quantity: Quantity,
    position: tuple[int, ...],
    order: int,
    sampled: bool,
) -> Composed | None:
    """Moments of a quantity at a coordinate from those of its parts (see `by_parts`), which may be
    given draws where `sampled`; None where they are not known so."""
    run, condition, parts = simulation.run, simulation.condition, simulation.program.parts
    element, order = Element(quantity, position), 2 if order == 2 else 4
    if not sampled:
        return parts.of(element, order) if condition is None else None
    if simulation.tallies is not None or not simulation.integrates:
        return None
    from guessmodel.estimators.by_parts.composed import Sampling

    conditions = () if condition is None else condition.nodes
    names = len(simulation.names)
    made = Sampling(names, run.method, run.seed, run.samples, conditions)
    return parts.given_draws(element, order, made)
