"""How two results of a run go together: correlations and covariance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, final

import numpy as np

from guessmodel.errors import DimensionError, UsageError
from guessmodel.estimators import joint
from guessmodel.estimators.by_parts.draws import VariateSets
from guessmodel.estimators.by_parts.pair import Pair
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.replicates import sd
from guessmodel.graph import dims as dimensions
from guessmodel.graph.coordinates import Element
from guessmodel.graph.number_in import number_node
from guessmodel.graph.quantity import Quantity
from guessmodel.model.elements import extended_by
from guessmodel.simulation.result import Result
from guessmodel.units import difference, multiply

if TYPE_CHECKING:
    from guessmodel.simulation.simulation import Simulation

__all__ = [
    "Spread",
    "Which",
    "correlation",
    "covariance",
    "exact_zero",
    "independent",
    "pearson",
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
    return exact_zero(found) if independent(x, y, variates(x, y)) else found


def correlation(simulation: Simulation, a: Which, b: Which) -> Estimate:
    """See `Simulation.correlation`."""
    return pearson(simulation, Spread(the_result(simulation, a)), Spread(the_result(simulation, b)))


def pearson(simulation: Simulation, a: Spread, b: Spread, pairs: int = 1) -> Estimate:
    """Pearson's correlation of two results, one of so many pairs."""
    x, y = a.result, b.result
    found = joint.pearson(x.by_replicate, y.by_replicate)
    if independent(x, y, variates(x, y)):
        found = exact_zero(found)
    elif (parts := _by_parts(found, a, b, pairs)) is not None:
        found = parts.correlation()
    elif _decided_by_rare(x, y):
        common, sds = _over_rare(simulation, x, y), (x.sd(), y.sd())
        scale = math.prod(sd.value for sd in sds)
        errors = (common.error, *(common.value * sd.relative_error for sd in sds))
        value, half = common.value / scale, math.hypot(*errors) / scale
        low, value, high = (min(max(x, -1.0), 1.0) for x in (value - half, value, value + half))
        notes = (each.note for each in (common, *sds) if each.note is not None)
        found = replace(found, value=value, low=low, high=high, note=next(notes, None))
    else:
        found = _doubted(found, a, b)
    return _with_moments(found, x, y)


def covariance(simulation: Simulation, a: Which, b: Which) -> Estimate:
    """See `Simulation.covariance`."""
    one, other = (Spread(the_result(simulation, each)) for each in (a, b))
    x, y = one.result, other.result
    unit, factor = multiply(difference(x.quantity.unit), difference(y.quantity.unit))
    found = joint.covariance(x.by_replicate, y.by_replicate)
    if independent(x, y, variates(x, y)):
        found = exact_zero(found)
    elif (parts := _by_parts(found, one, other, 1)) is not None:
        found = parts.covariance()
    elif _decided_by_rare(x, y):
        found = _over_rare(simulation, x, y)
    else:
        found = _doubted(found, one, other)
    return _with_moments(found.scaled(float(factor), str(unit)), x, y)


@final
@dataclass(frozen=True, eq=False)
class Spread:
    """How far a result is from its mean."""

    result: Result

    @cached_property
    def sd(self) -> Estimate:
        """The standard deviation."""
        return self.result.sd()

    @cached_property
    def standard(self) -> Quantity:
        """The quantity less its mean, in standard deviations."""
        deviation = _deviation(self.result)
        return deviation / number_node(self.sd.value, deviation.unit, deviation.location)

    @cached_property
    def least(self) -> float:
        """The order below which its moments exist; 0 where draws are lost, as none is told then."""
        finite = np.isfinite(self.result.by_replicate).all()
        return self.result.tail_index.least if finite else 0.0


def _by_parts(found: Estimate, x: Spread, y: Spread, pairs: int) -> Pair | None:
    """How two results go together, one of so many pairs, where moments of parts tell: exactly; or,
    where the farthest draws decide, by draws that go farther out."""
    results = x.result, y.result
    known = [each.knowledge for each in results]
    knowledge = next((each for each in known if each.condition is not None), known[0])
    least = min(x.least, y.least)
    scale = x.sd.value * y.sd.value
    if math.isnan(found.value) or least <= 2.0 or not 0.0 < scale < math.inf:
        return None
    both = x.standard + y.standard, x.standard - y.standard
    plus, minus = (knowledge.composed(each, (), 2, sampled=False) for each in both)
    if (plus and minus) or (x.sd.is_exact and y.sd.is_exact and (plus or minus)):
        return Pair.exact(plus, minus, scale)
    rare = any(each.decided_by_rare for each in results)
    if least <= 4.0 or rare or not any(each.goes_farther for each in results):
        return None
    told = knowledge.composed_together(both, pairs)
    error = math.hypot(x.sd.relative_error, y.sd.relative_error)
    return None if told is None else Pair(*told, scale, error)


def _doubted(found: Estimate, x: Spread, y: Spread) -> Estimate:
    """An estimate with a mark, where draws alone tell it, of which the farthest decide."""
    if found.note is not None or not any(each.result.far_out for each in (x, y)):
        return found
    return replace(found, note="unreliable: few draws far out decide")


def _deviation(result: Result) -> Quantity:
    """The quantity of a result at its label, less its mean."""
    places = zip(result.quantity.dims, result.position, strict=True)
    one = result.quantity.isel(**{dim.name: at for dim, at in places})
    return one - number_node(result.mean().value, one.unit, one.location)


def _decided_by_rare(x: Result, y: Result) -> bool:
    """Whether rare events decide about a deviation, so that the draws do not tell it."""
    for each in (x, y):
        if each.decided_by_rare:
            drawn = sd(each.by_replicate)
            if not drawn.low <= each.sd().value <= drawn.high:
                return True
    return False


def _over_rare(simulation: Simulation, x: Result, y: Result) -> Estimate:
    """A covariance behind which there are rare events: the mean of the product of the deviations
    from both means, as a quantity of its own, in the product of both units as they are."""
    deviations = []
    for each in map(_deviation, (x, y)):
        deviations.append(each / number_node(1.0, each.unit, each.location))
    model, name = extended_by(simulation.model, "covariance", deviations[0] * deviations[1])
    again = simulation.run.again(model, name)
    for node in () if simulation.condition is None else simulation.condition.nodes:
        again = again.given(node)
    return again[name].mean()


def independent(x: Result, y: Result, behind: Sequence[int]) -> bool:
    """Whether two results, behind which there are these variates, are independent: they have none
    in common, and no condition links them."""
    linked = all(each.knowledge.condition is not None for each in (x, y))
    return not linked and not behind[0] & behind[1]


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
    """An estimate, refused or marked where variances or fourth moments do not exist, as far as the
    graph tells."""
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
