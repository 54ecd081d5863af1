"""How two results of a run go together."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from guessmodel.errors import DimensionError, UsageError
from guessmodel.estimators import joint
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph import dims as dimensions
from guessmodel.graph import traversal
from guessmodel.graph.quantity import Quantity
from guessmodel.simulation.result import Result
from guessmodel.units import difference, multiply

if TYPE_CHECKING:
    from guessmodel.simulation.simulation import Simulation

__all__ = [
    "Which",
    "correlation",
    "covariance",
    "exact_zero",
    "independent",
    "rank_correlation",
    "the_result",
    "variates",
    "with_moments",
]

Which = str | Quantity | Result
"""A result: by its name, also as `cost[twitter]`, the quantity, or itself, as `sel` gives it."""
Variates = frozenset[Quantity]


def rank_correlation(simulation: Simulation, a: Which, b: Which) -> Estimate:
    """See `Simulation.rank_correlation`."""
    x, y = the_result(simulation, a), the_result(simulation, b)
    found = joint.spearman(x.by_replicate, y.by_replicate)
    return exact_zero(found) if independent(simulation, variates(x), variates(y)) else found


def correlation(simulation: Simulation, a: Which, b: Which) -> Estimate:
    """See `Simulation.correlation`."""
    x, y = the_result(simulation, a), the_result(simulation, b)
    found = joint.pearson(x.by_replicate, y.by_replicate)
    found = exact_zero(found) if independent(simulation, variates(x), variates(y)) else found
    return with_moments(found, x, y)


def covariance(simulation: Simulation, a: Which, b: Which) -> Estimate:
    """See `Simulation.covariance`."""
    x, y = the_result(simulation, a), the_result(simulation, b)
    unit, factor = multiply(difference(x.quantity.unit), difference(y.quantity.unit))
    found = joint.covariance(x.by_replicate, y.by_replicate)
    found = exact_zero(found) if independent(simulation, variates(x), variates(y)) else found
    return with_moments(found.scaled(float(factor), str(unit)), x, y)


def independent(simulation: Simulation, x: Variates, y: Variates) -> bool:
    """Whether the graph tells that what depends on these is: they have none in common, and no
    condition links them."""
    return simulation.condition is None and x.isdisjoint(y)


def variates(result: Result) -> Variates:
    """The random numbers that a result depends on."""
    return frozenset(traversal.variates([result.quantity]))


def exact_zero(found: Estimate) -> Estimate:
    """What independence says of a correlation or covariance, if there is one."""
    return found if math.isnan(found.value) else Estimate.exact(0.0, found.unit)


def the_result(simulation: Simulation, which: Which) -> Result:
    """A result without labels; raises DimensionError for one with, UsageError for none at all."""
    if isinstance(which, Result):
        found = which
        if found.run is not simulation.run:
            raise UsageError(f"'{found.name}' is of another run; take both from one simulation")
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


def with_moments(found: Estimate, x: Result, y: Result) -> Estimate:
    """Refused, or marked, where variances or fourth moments do not exist, as far as the graph
    tells."""
    for result in (x, y):
        index = result.tail_index
        if index.most <= 2.0:
            return Estimate.refused(
                f"the variance of {result.name} is infinite", found.estimator, found.unit
            )
        if index.most <= 4.0 and not found.is_exact:
            note = f"unreliable: the fourth moment of {result.name} is infinite"
            found = replace(found, note=note)
    return found
