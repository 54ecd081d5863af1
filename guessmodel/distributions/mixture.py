"""Mixtures: each draw takes the value of one component, chosen with the probability of its weight.

The same object is the same draw everywhere, so a component which is a quantity contributes the
draws that it has elsewhere, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Unpack, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel import units
from guessmodel.distributions.checks import refuse_repeated
from guessmodel.distributions.draws import constant_value, draw_from, scalar_value
from guessmodel.distributions.known_mixture import KnownMixture, MixtureComponent
from guessmodel.distributions.options import TextOptions, constructor
from guessmodel.distributions.parametrisation import read
from guessmodel.distributions.proportions import refuse_part_of_one
from guessmodel.distributions.written import is_written_inside
from guessmodel.errors import (
    DimensionError,
    GuessmodelError,
    Location,
    ModelError,
    WrongKind,
    caller,
    located,
)
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import NOWHERE, Along, Labels
from guessmodel.graph.domains import NOT_NEGATIVE, REAL
from guessmodel.graph.elementwise import Convert, Where
from guessmodel.graph.family import Family
from guessmodel.graph.quantity import Constant, Quantile, Quantity, Value
from guessmodel.graph.traversal import ancestors
from guessmodel.graph.unit_rules import Term
from guessmodel.graph.variates import UNIFORM
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.options import refuse_unknown
from guessmodel.units import DIMENSIONLESS, Unit

__all__ = ["MIXTURE", "Mixture", "alone", "closed_mixture", "known_parts", "mixture"]

_DEEPEST = 8


@final
class Mixture(Family):
    """Choice among component values; parameters are all weights, then as many values.

    Given these, the distribution has an atom at each value, and that is what the formulas say.
    Weights need not sum to 1. `transform` is not increasing, for the values are in any order.
    """

    name = "mixture"
    parameters: ClassVar = {"weights": NOT_NEGATIVE, "values": REAL}
    discrete = True
    base = UNIFORM

    def valid(self, *parameters: Any) -> BoolArray:
        weights = [np.asarray(weight) for weight in parameters[: len(parameters) // 2]]
        total = sum(weights)
        valid = np.isfinite(total) & (np.asarray(total) > 0.0)
        for weight in weights:
            valid = valid & (weight >= 0.0)
        return np.asarray(valid)

    def support(self, *parameters: Any) -> tuple[FloatArray, FloatArray]:
        shares, values = _atoms(parameters)
        low = np.where(shares > 0.0, values, np.inf).min(axis=0)
        return low, np.where(shares > 0.0, values, -np.inf).max(axis=0)

    def mean(self, *parameters: Any) -> FloatArray:
        shares, values = _atoms(parameters)
        return np.asarray(np.where(shares > 0.0, shares * values, 0.0).sum(axis=0))

    def variance(self, *parameters: Any) -> FloatArray:
        shares, values = _atoms(parameters)
        deviation = values - self.mean(*parameters)
        return np.asarray(np.where(shares > 0.0, shares * deviation**2, 0.0).sum(axis=0))

    def pdf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        shares, values = _atoms(parameters, x)
        return _unless_nan(x, _weight_where(shares, np.equal(values, x)))

    def cdf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        shares, values = _atoms(parameters, x)
        return _unless_nan(x, _weight_where(shares, np.less_equal(values, x)))

    def sf(self, x: ArrayLike, *parameters: Any) -> FloatArray:
        shares, values = _atoms(parameters, x)
        return _unless_nan(x, _weight_where(shares, np.greater(values, x)))

    def ppf(self, p: ArrayLike, *parameters: Any) -> FloatArray:
        shares, values = _ascending(parameters, p)
        return _unless_nan(p, _pick(values, np.less(np.cumsum(shares, axis=0), p)))

    def isf(self, q: ArrayLike, *parameters: Any) -> FloatArray:
        shares, values = _ascending(parameters, q)
        beyond = np.cumsum(shares[::-1], axis=0)[::-1] - shares
        return _unless_nan(q, _pick(values, np.greater(beyond, q)))

    def transform(self, z: FloatArray, *parameters: Any, out: FloatArray | None = None) -> Any:
        count = len(parameters) // 2
        ends = np.cumsum(np.broadcast_arrays(*parameters[:count]), axis=0)
        level = z * ends[-1]  # a copy: `out` may be `z`
        chosen = (
            np.empty(np.broadcast_shapes(level.shape, *map(np.shape, parameters)))
            if out is None
            else out
        )
        np.copyto(chosen, parameters[-1])
        for end, value in zip(ends[-2::-1], parameters[-2 : count - 1 : -1], strict=True):
            np.copyto(chosen, value, where=level <= end)
        return chosen

    def jumps(self, *parameters: float) -> Sequence[float]:
        ends = np.cumsum(parameters[: len(parameters) // 2])
        shares = ends[:-1] / ends[-1]
        return tuple(shares[(shares > 0.0) & (shares < 1.0)].tolist())


MIXTURE = Mixture()


@constructor(TextOptions)
def mixture(
    components: Sequence[Value],
    weights: Sequence[Value] | None = None,
    unit: str | Unit | None = None,
    *,
    dim: str | Labels | None = None,
    shared: str | Sequence[str] = (),
    **options: Unpack[TextOptions],
) -> Quantity:
    """One of the components in each draw, with probabilities in proportion to the weights.

    Components and weights are numbers and quantities alike; without weights all are equally
    probable. Weights below 1 are probabilities, which sum to 1; whole numbers are proportions:
    [1, 3] are a quarter and three quarters. Components that are draws keep their own draws, so a
    mixture goes together with what else uses them; where all are written inside the call itself,
    from plain numbers, nothing else can use them, and one random number is drawn through the
    quantile function of the mixture. Plain numbers among components are counted in `unit`; 0 fits
    any. `dim={"month": labels}` chooses anew at each label, among components that are numbers or
    have the dimension.

    Raises ModelError for negative weights, another number of them than of components, and weights
    such as [0.7, 0.2], which miss 1 by more than 0.01; UnitError where the components' units do not
    fit.

    >>> from guessmodel.distributions.lognormal import lognormal
    >>> print(mixture([0, 1, lognormal(mean=2, sd=1)], [0.6, 0.2, 0.2]).sample(8).mean())
    0.6
    """
    where = caller()
    try:
        refuse_unknown("mixture", options)
        along = dimensions.along(dim)
        nodes = _operands(components, along, where, "components")
        target, values = _aligned(nodes, None if unit is None else units.parse(unit))
        shares = _weights(weights, len(nodes), along, where)
        _refuse_part_of_one(weights, shares, where)
        given_weights = () if weights is None else tuple(weights)
        written = zip((*components, *given_weights), (*nodes, *shares), strict=False)
        refuse_repeated("mixture", along, written)
        _check_independence(values, along)
        given = {"components": tuple(components)}
        if weights is not None:
            given["weights"] = given_weights
        family, operands = _family(shares, values, along, where)
        return draw_from(
            family,
            operands,
            target,
            where,
            given=given,
            along=along,
            shared=shared,
            **options,
        )
    except GuessmodelError as error:
        raise located(error, where) from None


def closed_mixture(node: Quantity, depth: int = _DEEPEST) -> KnownMixture | None:
    """The distribution of a mixture whose weights are constants and whose components are constants,
    draws at constant parameters or such mixtures, eight deep at most; None for all else, and for
    labelled ones."""
    if not isinstance(node.operation, Quantile) or node.dims or not depth:
        return None
    if isinstance(node.operation.family, KnownMixture):
        return node.operation.family
    if not isinstance(node.operation.family, Mixture):
        return None
    count = len(node.parameters) // 2
    return _closed(node.parameters[:count], node.parameters[count:], depth)


def alone(node: Quantity) -> Quantity:
    """A mixture that nothing else shares components with: drawn through its quantile function by
    one random number, where that is known."""
    known, operation = closed_mixture(node), node.operation
    if known is None or not isinstance(operation, Quantile) or operation.family is known:
        return node
    return draw_from(known, (), node.unit, node.location, given=operation.given)


def known_parts(shares: Sequence[float], values: Sequence[Quantity]) -> KnownMixture | None:
    """The mixture of the distributions of draws, whatever else uses them; None where one is not
    known."""
    parts = [_component_of(value, 1.0, _DEEPEST) for value in values]
    if not all(parts):
        return None
    total = sum(shares)
    pairs = [(w, part) for w, part in zip(shares, parts, strict=True) if part is not None]
    return KnownMixture(tuple(part.weighing(w / total) for w, part in pairs if w > 0.0))


def _family(
    shares: Sequence[Quantity], values: Sequence[Quantity], along: Along, where: Location
) -> tuple[Family, tuple[Quantity, ...]]:
    """The family of a mixture, and the parameters that are left: none where the components, which
    nobody else can name, are drawn through the quantile function of the mixture."""
    nodes = (*shares, *values)
    if along == NOWHERE and is_written_inside(nodes, where):
        known = _closed(shares, values, _DEEPEST)
        if known is not None:
            return known, ()
    return MIXTURE, nodes


def _closed(
    shares: Sequence[Quantity], values: Sequence[Quantity], depth: int
) -> KnownMixture | None:
    count = len(values)
    weights = [scalar_value(operand) for operand in shares]
    parts = [_component_of(operand, 1.0, depth - 1) for operand in values]
    pairs = [(w, part) for w, part in zip(weights, parts, strict=True) if w is not None and part]
    total = sum(w for w, _ in pairs)
    if len(pairs) < count or not total > 0.0 or any(w < 0.0 for w, _ in pairs):
        return None
    return KnownMixture(tuple(part.weighing(w / total) for w, part in pairs if w > 0.0))


def _component_of(node: Quantity, scale: float, depth: int) -> MixtureComponent | None:
    operation = node.operation
    if isinstance(operation, Convert) and operation.conversion.offset == 0.0:
        return _component_of(node.operands[0], scale * operation.conversion.factor, depth)
    if isinstance(operation, Constant) and not node.dims:
        return MixtureComponent(1.0, None, (), scale * float(operation.value))
    if not isinstance(operation, Quantile) or node.dims:
        return None
    inner = closed_mixture(node, depth)
    if inner is not None:
        return MixtureComponent(1.0, inner, (), scale)
    parameters = tuple(x for operand in node.parameters if (x := scalar_value(operand)) is not None)
    if isinstance(operation.family, Mixture) or len(parameters) < len(node.parameters):
        return None
    if not operation.family.valid(*parameters):
        return None
    return MixtureComponent(1.0, operation.family, parameters, scale)


def _operands(values: Any, along: Along, where: Location, what: str) -> list[Quantity]:
    bare = isinstance(values, np.ndarray) and values.ndim == 0
    if isinstance(values, Quantity | str) or not hasattr(values, "__len__") or bare:
        raise WrongKind(f"mixture takes a list of {what}, e.g. gm.mixture([0, a], [0.3, 0.7])")
    if isinstance(values, dict):
        raise WrongKind(f"mixture takes a list of {what}; labels would be lost")
    if len(values) == 0:
        raise ModelError(
            f"mixture: the list of {what} is empty; e.g. gm.mixture([0, a], [0.3, 0.7])"
        )
    return [read(value, along, where) for value in values]


def _aligned(nodes: list[Quantity], unit: Unit | None) -> tuple[Unit, list[Quantity]]:
    """The components in one unit; a component already in it stays the same object."""
    for node in nodes:
        value = constant_value(node)
        if value is not None and (
            np.isinf(value).any() or (np.isnan(value).any() and not node.dims)
        ):
            raise ModelError("mixture: a component is not finite; write a finite number")
    if unit is None:
        terms = [Term(node.unit, scalar_value(node)) for node in nodes]
        signature = Where().unit_signature([Term(DIMENSIONLESS, None), *terms])
        targets = signature.operands[1:]
        return signature.unit, [node.to(t) for node, t in zip(nodes, targets, strict=True)]
    written = [isinstance(n.operation, Constant) and n.unit == DIMENSIONLESS for n in nodes]
    return unit, [
        node if literal else node.to(unit) for node, literal in zip(nodes, written, strict=True)
    ]


def _check_independence(components: Sequence[Quantity], along: Along) -> None:
    """Raise DimensionError where new dimensions would give one component draw to all labels."""
    for node in components:
        for dim in along.dims:
            random = any(isinstance(each.operation, Quantile) for each in ancestors([node]))
            if random and all(dim.name != known.name for known in node.dims):
                raise DimensionError(
                    f"mixture: {node.label} is one draw for all labels of '{dim.name}'; make it "
                    f"with dim={{'{dim.name}': …}} instead, or choose by "
                    "gm.where(gm.bernoulli(…), …)"
                )


def _weights(weights: Any, count: int, along: Along, where: Location) -> list[Quantity]:
    if weights is None:
        weights = [1.0] * count
    nodes = [node.to(DIMENSIONLESS) for node in _operands(weights, along, where, "weights")]
    if len(nodes) != count:
        raise ModelError(f"mixture: {count} components take {count} weights, not {len(nodes)}")
    values = [value for value in map(constant_value, nodes) if value is not None]
    for value in values:
        if np.any(value < 0.0):
            raise ModelError(f"mixture: a weight is {np.min(value):g}; it must not be below 0")
        if not np.all(np.isfinite(value)):
            raise ModelError("mixture: a weight is not a finite number; write 0 for never")
    if len(values) == count and not any(np.any(value > 0.0) for value in values):
        raise ModelError("mixture: all weights are 0; at least one must be above")
    return nodes


def _refuse_part_of_one(weights: Any, nodes: Sequence[Quantity], where: Location) -> None:
    """Raise ModelError for weights, all written as numbers inside the call, that look like
    probabilities and do not sum to 1. Of a constant with a name another value may be asked."""
    values = [constant_value(node) for node in nodes]
    known = [value for value in values if value is not None]
    if weights is None or len(known) < len(values):
        return
    pairs = zip(weights, nodes, strict=True)
    if not is_written_inside([node for w, node in pairs if isinstance(w, Quantity)], where):
        return
    over = dimensions.union(node.dims for node in nodes)
    pairs_of = zip(known, nodes, strict=True)
    refuse_part_of_one(
        "mixture", [dimensions.broadcast(value, node.dims, over) for value, node in pairs_of]
    )


def _atoms(parameters: Sequence[Any], *others: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Shares that sum to 1 and values, each stacked along the first axis."""
    count = len(parameters) // 2
    arrays = np.broadcast_arrays(*parameters, *others)[: 2 * count]
    weights = np.array(arrays[:count], dtype=np.float64)
    return weights / weights.sum(axis=0), np.array(arrays[count:], dtype=np.float64)


def _ascending(parameters: Sequence[Any], level: ArrayLike) -> tuple[FloatArray, FloatArray]:
    shares, values = _atoms(parameters, level)
    order = np.argsort(values, axis=0)
    return np.take_along_axis(shares, order, axis=0), np.take_along_axis(values, order, axis=0)


def _weight_where(shares: FloatArray, counted: BoolArray) -> FloatArray:
    return np.asarray(np.where(counted, shares, 0.0).sum(axis=0))


def _pick(values: FloatArray, skipped: BoolArray) -> FloatArray:
    index = np.minimum(skipped.sum(axis=0), len(values) - 1)[np.newaxis]
    return np.asarray(np.take_along_axis(values, index, axis=0)[0])


def _unless_nan(x: ArrayLike, value: FloatArray) -> FloatArray:
    return np.where(np.isnan(np.asarray(x, dtype=np.float64)), np.nan, value)
