"""How two results of a run go together."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from guessmodel.errors import DimensionError, UsageError
from guessmodel.estimators import joint
from guessmodel.estimators.by_parts.draws import VariateSets
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.replicates import sd
from guessmodel.graph import dims as dimensions
from guessmodel.graph.coordinates import Element
from guessmodel.graph.number_in import number_node
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
]

Which = str | Quantity | Result
"""A result: by its name, also as `cost[twitter]`, the quantity, or itself, as `sel` gives it."""


def rank_correlation(simulation: Simulation, a: Which, b: Which) -> Estimate:
    """See `Simulation.rank_correlation`."""
    x, y = the_result(simulation, a), the_result(simulation, b)
    found = joint.spearman(x.by_replicate, y.by_replicate)
    return exact_zero(found) if independent(simulation, *variates(x, y)) else found


def correlation(simulation: Simulation, a: Which, b: Which) -> Estimate:
    """See `Simulation.correlation`."""
    x, y = the_result(simulation, a), the_result(simulation, b)
    found = joint.pearson(x.by_replicate, y.by_replicate)
    if independent(simulation, *variates(x, y)):
        found = exact_zero(found)
    elif _decided_by_rare(x, y):
        common, sds = _over_rare(simulation, x, y), (x.sd(), y.sd())
        scale = math.prod(sd.value for sd in sds)
        parts = (common.error, *(common.value * sd.relative_error for sd in sds))
        value, half = common.value / scale, math.hypot(*parts) / scale
        low, high = max(value - half, -1.0), min(value + half, 1.0)
        notes = (each.note for each in (common, *sds) if each.note is not None)
        found = replace(found, value=value, low=low, high=high, note=next(notes, None))
    return _with_moments(found, x, y)


def covariance(simulation: Simulation, a: Which, b: Which) -> Estimate:
    """See `Simulation.covariance`."""
    x, y = the_result(simulation, a), the_result(simulation, b)
    unit, factor = multiply(difference(x.quantity.unit), difference(y.quantity.unit))
    found = joint.covariance(x.by_replicate, y.by_replicate)
    if independent(simulation, *variates(x, y)):
        found = exact_zero(found)
    elif _decided_by_rare(x, y):
        found = _over_rare(simulation, x, y)
    return _with_moments(found.scaled(float(factor), str(unit)), x, y)


def _decided_by_rare(x: Result, y: Result) -> bool:
    """Whether rare events decide about a deviation, so that the draws do not tell it."""
    for each in (x, y):
        if each.knowledge.strata.concern(each.key):
            drawn = sd(each.by_replicate)
            if not drawn.low <= each.sd().value <= drawn.high:
                return True
    return False


def _over_rare(simulation: Simulation, x: Result, y: Result) -> Estimate:
    """A covariance behind which there are rare events: the mean of the product of the deviations
    from both means, as a quantity of its own, in the product of both units as they are."""
    deviations = []
    for each in (x, y):
        places = zip(each.quantity.dims, each.position, strict=True)
        one = each.quantity.isel(**{dim.name: at for dim, at in places})
        centre = number_node(each.mean().value, one.unit, one.location)
        deviation = one - centre
        deviations.append(deviation / number_node(1.0, deviation.unit, one.location))
    name, run = "covariance", simulation.run
    while name in simulation.model.quantities:
        name += "'"
    model = simulation.model.extended({name: deviations[0] * deviations[1]})
    again = model.sample(
        run.asked or run.samples, seed=run.seed, method=run.method, quantities=[name], keep=True
    )
    for node in () if simulation.condition is None else simulation.condition.nodes:
        again = again.given(node)
    return again[name].mean()


def independent(simulation: Simulation, x: int, y: int) -> bool:
    """Whether the graph tells that what depends on these is: they have none in common, and no
    condition links them."""
    return simulation.condition is None and not x & y


def variates(*results: Result) -> list[int]:
    """The random numbers that each of some results depends on, as bits."""
    draws = VariateSets()
    return [draws.behind(Element(each.quantity, each.position)) for each in results]


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


def _with_moments(found: Estimate, x: Result, y: Result) -> Estimate:
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
