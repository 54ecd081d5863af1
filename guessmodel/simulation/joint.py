"""How two results of a run go together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from guessmodel.errors import DimensionError, UsageError
from guessmodel.estimators import joint
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph import dims as dimensions
from guessmodel.graph.quantity import Quantity
from guessmodel.model.elements import pick
from guessmodel.simulation.result import Result
from guessmodel.units import difference, multiply

if TYPE_CHECKING:
    from guessmodel.simulation.simulation import Simulation

__all__ = ["Which", "correlation", "covariance", "rank_correlation", "the_result"]

Which = str | Quantity | Result
"""A result: by its name, also as `cost[twitter]`, the quantity, or itself, as `sel` gives it."""


def rank_correlation(simulation: Simulation, a: Which, b: Which) -> Estimate:
    """See `Simulation.rank_correlation`."""
    x, y = the_result(simulation, a), the_result(simulation, b)
    return joint.spearman(x.by_replicate, y.by_replicate)


def correlation(simulation: Simulation, a: Which, b: Which) -> Estimate:
    """See `Simulation.correlation`."""
    x, y = the_result(simulation, a), the_result(simulation, b)
    return _with_moments(joint.pearson(x.by_replicate, y.by_replicate), x, y)


def covariance(simulation: Simulation, a: Which, b: Which) -> Estimate:
    """See `Simulation.covariance`."""
    x, y = the_result(simulation, a), the_result(simulation, b)
    unit, factor = multiply(difference(x.quantity.unit), difference(y.quantity.unit))
    found = joint.covariance(x.by_replicate, y.by_replicate)
    return _with_moments(found.scaled(float(factor), str(unit)), x, y)


def the_result(simulation: Simulation, which: Which) -> Result:
    """A result without labels; raises DimensionError for one with, UsageError for none at all."""
    if isinstance(which, Result):
        found = which
        if found.run is not simulation.run:
            raise UsageError(f"'{found.name}' is of another run; take both from one simulation")
    elif isinstance(which, str) and which not in simulation:
        name, labels = pick(simulation.model, which)
        found = simulation[name].sel(**labels)
    else:
        found = simulation[which]
    if found.dims:
        first = found.dims[0]
        raise DimensionError(
            f"'{found.name}' has dimensions ({dimensions.describe(found.dims)}); write "
            f"'{found.name}[{first.labels[0]}]', or .sel({first.name}={first.labels[0]!r})"
        )
    if found.quantity.categories:
        raise UsageError(
            f"'{found.name}' is a category, whose labels have no order; ask of a comparison"
        )
    return found


def _with_moments(found: Estimate, x: Result, y: Result) -> Estimate:
    """Refused, or marked, where variances or fourth moments do not exist, as far as the graph
    tells."""
    for result in (x, y):
        index = result.tail_index(result.quantity, result.position)
        if index.most <= 2.0:
            return Estimate.refused(
                f"the variance of {result.name} is infinite", found.estimator, found.unit
            )
        if index.most <= 4.0:
            note = f"unreliable: the fourth moment of {result.name} is infinite"
            found = replace(found, note=note)
    return found
