"""Opinions of several experts as one: linear and logarithmic pools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, Unpack

from guessmodel.distributions.draws import draw_from
from guessmodel.distributions.known_mixture import KnownMixture
from guessmodel.distributions.log_pool import LogPool
from guessmodel.distributions.mixture import known_parts, mixture
from guessmodel.distributions.options import TextOptions, constructor
from guessmodel.distributions.proportions import as_proportions
from guessmodel.errors import (
    GuessmodelError,
    ModelError,
    UsageError,
    WrongKind,
    caller,
    did_you_mean,
    located,
)
from guessmodel.graph.categories import refuse_arithmetic
from guessmodel.graph.family import Family
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.values import is_number
from guessmodel.options import refuse_unknown

__all__ = ["pool"]

_METHODS: Final = ("linear", "log")


@constructor(TextOptions)
def pool(
    experts: Mapping[str, Quantity] | Sequence[Quantity],
    weights: Mapping[str, float] | Sequence[float] | None = None,
    *,
    method: Literal["linear", "log"] = "linear",
    **options: Unpack[TextOptions],
) -> Quantity:
    """A new draw from what several experts believe, by name or in a list.

    The linear pool is the mean of their densities, weighted: one of them is right, and nobody knows
    who; it holds what each of them holds possible. The logarithmic pool is the product of their
    densities, each to the power of its weight, normalised (C. Genest and J. V. Zidek 1986): all of
    them are right as far as they go; it is narrower, and holds only what all hold possible. Without
    weights all count alike; weights are relative.

    Experts are draws, such as `gm.lognormal(5, 10)` or `gm.elicit(…).quantity`. Their distributions
    are taken, not the draws themselves; only of those that are not known, as their parameters are
    quantities, the linear pool is `gm.mixture` of their own draws.

    Raises ModelError for weights below 0, and where the logarithmic pool is of counts or
    hurdles, of distributions that are not known, or holds nothing possible; UnitError where units
    differ.

    >>> from guessmodel.distributions.normal import normal
    >>> both = pool({"Ann": normal(mean=3, sd=1), "Bo": normal(mean=5, sd=1)}, method="log")
    >>> print(both.sample().mean(), both.sample().sd())
    4 1
    """
    where = caller()
    try:
        refuse_unknown("pool", options)
        names, quantities = _experts(experts)
        refuse_arithmetic("pool", quantities)
        shares = _weights(weights, names)
        if method not in _METHODS:
            hint = did_you_mean(method, list(_METHODS))
            raise UsageError(f"pool: method={method!r}: write 'linear' or 'log'{hint}")
        unit = quantities[0].unit
        known = known_parts(shares, [each.to(unit) for each in quantities])
        if known is None and method == "linear":
            return mixture(quantities, as_proportions(shares), **options)
        if known is None:
            raise ModelError(
                f"pool: the distribution of {_unknown(names, quantities)} is not known; experts "
                "are draws at known parameters (or pool linearly)"
            )
        family: Family = known if method == "linear" else _log_pool(known)
        given = {"experts": dict(zip(names, quantities, strict=True)), "weights": tuple(shares)}
        return draw_from(family, (), unit, where, given=given, **options)
    except GuessmodelError as error:
        raise located(error, where) from None


def _experts(experts: Any) -> tuple[list[str], list[Quantity]]:
    example = "pool takes experts by name: gm.pool({'Ann': gm.lognormal(5, 10), 'Bo': …})"
    if isinstance(experts, Mapping):
        names, found = [str(name) for name in experts], list(experts.values())
    elif isinstance(experts, list | tuple):
        names, found = [str(i + 1) for i in range(len(experts))], list(experts)
    else:
        raise WrongKind(example)
    if not found or not all(isinstance(each, Quantity) for each in found):
        raise WrongKind(example)
    return names, found


def _weights(weights: Any, names: Sequence[str]) -> list[float]:
    if weights is None:
        return [1.0] * len(names)
    if isinstance(weights, Mapping):
        for name in weights:
            if name not in names:
                raise UsageError(f"pool: no expert {name!r}{did_you_mean(name, list(names))}")
        if missing := [name for name in names if name not in weights]:
            raise UsageError(f"pool: {missing[0]} has no weight; write 0 for none")
        found = [weights[name] for name in names]
    elif isinstance(weights, list | tuple) and len(weights) == len(names):
        found = list(weights)
    else:
        raise UsageError(f"pool: {len(names)} experts take as many weights")
    for each in found:
        if not is_number(each) or not 0.0 <= each < float("inf"):
            raise ModelError(f"pool: a weight is {each!r}; write a number, 0 for none")
    if not any(found):
        raise ModelError("pool: all weights are 0")
    return [float(each) for each in found]


def _unknown(names: Sequence[str], quantities: Sequence[Quantity]) -> str:
    for name, each in zip(names, quantities, strict=True):
        if known_parts([1.0], [each]) is None:
            return f"'{name}'"
    return "one of them"


def _log_pool(known: KnownMixture) -> LogPool:
    if not known.has_density:
        raise ModelError(
            "pool: method='log' multiplies densities, which one of them has not, as it has values "
            "with a probability of their own; pool linearly"
        )
    family = LogPool(known.parts)
    if not family.possible:
        raise ModelError("pool: there is no value that all experts hold possible; pool linearly")
    return family
