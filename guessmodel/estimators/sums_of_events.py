"""Random sums whose distribution is known, and those whose mean and variance are.

A sum of k draws of some families is a draw of the same family. So a sum of N of them is a mixture
of these, with the probabilities of N as weights, of which those below 1e-17 are left out. Of all
others the mean is E[N] E[X] and the variance E[N] Var[X] + Var[N] E[X]² (Klugman, Panjer and
Willmot, "Loss Models", chapter 9).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from guessmodel.estimators.closed_form import Closed, Forms
from guessmodel.graph.coordinates import Element, operands_of
from guessmodel.graph.elementwise import Convert
from guessmodel.graph.family import Family
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.random_sum import RandomSum

__all__ = ["independent", "known_sum", "moments_of"]

_LEFT_OUT: Final = 1e-17
_MOST: Final = 2000  # numbers of events, beyond which the distribution is left to the draws


def known_sum(forms: Forms, element: Element) -> Closed | None:
    """The distribution of a sum of events at a coordinate; None where it is not known."""
    if not independent(forms, element):
        return None
    count, event = _of_operands(forms, element)
    return None if count is None or event is None else _mixed(count, event)


def independent(forms: Forms, element: Element) -> bool:
    """Whether the events of a sum at a coordinate are independent of each other and of their
    number: what they share is certain."""
    operation = element.node.operation
    assert isinstance(operation, RandomSum)
    operands = list(operands_of(element))
    shared = (forms.at(operands[k].node, operands[k].position) for k in operation.shared)
    return all(known is not None and known.family is None for known in shared)


def _of_operands(forms: Forms, element: Element) -> list[Closed | None]:
    """The distributions of the number of events and of the size of one."""
    operation = element.node.operation
    assert isinstance(operation, RandomSum)
    operands = list(operands_of(element))
    chosen = operands[0], operands[operation.example]
    return [forms.at(each.node, each.position) for each in chosen]


def _mixed(count: Closed, event: Closed) -> Closed | None:
    from guessmodel.distributions.known_mixture import KnownMixture, Part

    if event.shift != 0.0 or count.scale != 1.0 or not count.shift.is_integer():
        return None
    if count.family is None:
        return _of(int(count.shift), event) if count.shift >= 0.0 else None
    if not count.discrete or count.shift != 0.0:
        return None
    low = float(count.family.support(*count.parameters)[0])
    high = float(count.family.isf(_LEFT_OUT, *count.parameters))
    if not (low >= 0.0 and low.is_integer() and high - low <= _MOST):
        return None
    numbers = np.arange(low, high + 1.0)
    weights = count.family.pdf(numbers, *count.parameters)
    if abs(weights.sum() - 1.0) > 1e-12:  # other values than whole numbers
        return None
    parts = []
    for k, weight in zip(numbers.tolist(), weights.tolist(), strict=True):
        if weight > _LEFT_OUT:
            each = _of(int(k), event)
            if each is None:
                return None
            if each.family is None:
                parts.append(Part(weight, None, (), each.shift))
            else:
                parts.append(Part(weight, each.family, each.parameters, abs(each.scale)))
    return Closed(KnownMixture(tuple(parts)), scale=math.copysign(1.0, event.scale))


def _of(k: int, event: Closed) -> Closed | None:
    """The distribution of a sum of k events."""
    if k == 0:
        return Closed(None, shift=0.0)
    if event.family is None:
        return None
    if k == 1:
        return event
    family, parameters = event.family, event.parameters
    made: tuple[Family, tuple[float, ...]] | None = None
    if family.name == "normal":
        made = family, (k * parameters[0], math.sqrt(k) * parameters[1])
    elif family.name == "gamma":
        made = family, (k * parameters[0], parameters[1])
    elif family.name == "exponential":
        from guessmodel.distributions.gamma import GAMMA

        made = GAMMA, (float(k), parameters[0])
    elif family.name in ("chi2", "poisson"):
        made = family, (k * parameters[0],)
    elif family.name in ("binomial", "negative_binomial"):
        made = family, (k * parameters[0], parameters[1])
    return None if made is None else Closed(*made, event.scale)


def moments_of(
    forms: Forms, node: Quantity, position: tuple[int, ...]
) -> tuple[float, float] | None:
    """Mean and standard deviation of a sum of events; None of all else, and where they are not
    known, or the mean is not finite."""
    factor, shift = 1.0, 0.0
    while isinstance(node.operation, Convert):
        conversion = node.operation.conversion
        factor, shift = factor * conversion.factor, shift + factor * conversion.shift
        node = node.operands[0]
    element = Element(node, position)
    if not isinstance(node.operation, RandomSum) or not independent(forms, element):
        return None
    count, event = _of_operands(forms, element)
    if count is None or event is None:
        return None
    often, size = count.mean(), event.mean()
    variance = often * event.sd() ** 2 + count.sd() ** 2 * size**2
    mean, sd = factor * often * size + shift, abs(factor) * math.sqrt(variance)
    return (mean, sd) if math.isfinite(mean) and not math.isnan(sd) else None
