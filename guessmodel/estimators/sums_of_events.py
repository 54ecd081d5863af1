"""Random sums whose distribution is known, and those whose mean and variance are.

A sum of k draws of some families is a draw of the same family. So a sum of N of them is a mixture
of these, with the probabilities of N as weights, of which those below 1e-17 are left out. A sum of
isolated values has isolated values, whose probabilities are convolved. Of all others the mean is
E[N] E[X] and the variance E[N] Var[X] + Var[N] E[X]² (Klugman, Panjer and Willmot, "Loss Models",
chapter 9); a Poisson number at an uncertain rate L has the mean E[L] and the variance
E[L] + Var[L].
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from guessmodel.distributions.empirical import Empirical
from guessmodel.estimators.clipped import followed, moments_between
from guessmodel.estimators.closed import grid_of
from guessmodel.estimators.closed_form import Closed, ClosedForms
from guessmodel.estimators.lattices import Atoms, atoms_of, summed
from guessmodel.graph.coordinates import Element, operands_of
from guessmodel.graph.family import Family
from guessmodel.graph.quantity import Quantile, Quantity
from guessmodel.graph.random_sum import RandomSum
from guessmodel.numerics.squarable import power_of

__all__ = [
    "Size",
    "count_of",
    "independent",
    "known_sum",
    "moments_of",
    "numbers_of",
    "size_of",
    "sum_moments",
]

_LEFT_OUT: Final = 1e-17
_MOST: Final = 2000  # numbers of events, beyond which the distribution is left to the draws


class Size(NamedTuple):
    """The size of an event: a known variable that is kept between two bounds."""

    closed: Closed
    low: float
    high: float


def known_sum(forms: ClosedForms, element: Element) -> Closed | None:
    """The distribution of a sum of events at a coordinate; None where it is not known."""
    if not independent(forms, element):
        return None
    count, size = count_of(forms, element), size_of(forms, element)
    if count is None or size is None:
        return None
    mixed = _mixed(count, size.closed) if size.low == -math.inf and size.high == math.inf else None
    return mixed or _convolved(count, size)


def _convolved(count: Closed, size: Size) -> Closed | None:
    """The sum of isolated sizes."""
    numbers, sizes = numbers_of(count), atoms_of(size.closed)
    if numbers is None or sizes is None or size.closed.family is None:
        return None
    values = np.clip(sizes[0], size.low, size.high)
    made = summed(numbers, (values, sizes[1]))
    if made is None:
        return None
    return Closed(Empirical.of(*made), grid=min(size.closed.grid, *map(grid_of, values.tolist())))


def count_of(forms: ClosedForms, element: Element) -> Closed | None:
    """The distribution of the number of events."""
    count, *_ = operands_of(element)
    return forms.at(count.node, count.position)


def size_of(forms: ClosedForms, element: Element) -> Size | None:
    """The distribution of the size of one event."""
    operation = element.node.operation
    assert isinstance(operation, RandomSum)
    event, line = followed(forms, list(operands_of(element))[operation.example])
    closed = forms.at(event.node, event.position)
    return None if closed is None else Size(line.after(closed), line.low, line.high)


def independent(forms: ClosedForms, element: Element) -> bool:
    """Whether the events of a sum at a coordinate are independent of each other and of their
    number: what they share is certain, and what they are hashed from is not."""
    operation = element.node.operation
    assert isinstance(operation, RandomSum)
    operands = list(operands_of(element))
    seed, *shared = (
        forms.at(operands[k].node, operands[k].position) for k in (1, *operation.shared)
    )
    if seed is None or seed.family is None:
        return False
    return all(known is not None and known.family is None for known in shared)


def numbers_of(count: Closed) -> Atoms | None:
    """The numbers of events, if these are whole and not below 0, with their probabilities."""
    atoms = atoms_of(count)
    if atoms is None or atoms[0][0] < 0.0 or np.any(atoms[0] != np.rint(atoms[0])):
        return None
    return atoms


def _mixed(count: Closed, event: Closed) -> Closed | None:
    from guessmodel.distributions.known_mixture import KnownMixture, MixtureComponent

    numbers = numbers_of(count)
    if numbers is None or event.shift != 0.0:
        return None
    if numbers[0].size == 1:
        return _sum_of(int(numbers[0][0]), event)
    if numbers[0].size > _MOST:
        return None
    parts = []
    for k, weight in zip(*(each.tolist() for each in numbers), strict=True):
        if weight > _LEFT_OUT:
            each = _sum_of(int(k), event)
            if each is None:
                return None
            if each.family is None:
                parts.append(MixtureComponent(weight, None, (), each.shift))
            else:
                parts.append(
                    MixtureComponent(weight, each.family, each.parameters, abs(each.scale))
                )
    sign = math.copysign(1.0, event.scale)
    return Closed(KnownMixture(tuple(parts)), scale=sign, grid=event.grid)


def _sum_of(k: int, event: Closed) -> Closed | None:
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
    return None if made is None else Closed(*made, event.scale, grid=event.grid)


def moments_of(
    forms: ClosedForms, node: Quantity, position: tuple[int, ...]
) -> tuple[float, float] | None:
    """Mean and standard deviation of a sum of events, or a line of one; None of all else, and where
    they are not known, or the mean is not finite."""
    if not forms.sums:
        return None
    base, line = followed(forms, Element(node, position))
    if not isinstance(base.node.operation, RandomSum) or not independent(forms, base):
        return None
    if line.low > -math.inf or line.high < math.inf:
        return None
    found = sum_moments(forms, base)
    if found is None:
        return None
    mean, sd = line.factor * found[0] + line.shift, abs(line.factor) * found[1]
    return (mean, sd) if math.isfinite(mean) and not math.isnan(sd) else None


def sum_moments(forms: ClosedForms, element: Element) -> tuple[float, float] | None:
    """Mean and standard deviation of the sum itself, of independent events."""
    count, size = _count_moments(forms, element), size_of(forms, element)
    one = None if size is None else _size_moments(size)
    if count is None or one is None:
        return None
    (often, swing), (mean, sd) = count, one
    spread = swing * mean if swing else 0.0
    return often * mean, math.hypot(math.sqrt(often) * sd, spread)


def _size_moments(size: Size) -> tuple[float, float] | None:
    atoms = atoms_of(size.closed) if size.closed.discrete else None
    if atoms is None or (size.low == -math.inf and size.high == math.inf):
        return moments_between(*size)
    values, shares = np.clip(atoms[0], size.low, size.high), atoms[1]
    power = power_of(values)
    values = np.ldexp(values, -power)
    mean = float(values @ shares)
    sd = math.sqrt(float(np.square(values - mean) @ shares))
    return math.ldexp(mean, power), math.ldexp(sd, power)


def _count_moments(forms: ClosedForms, element: Element) -> tuple[float, float] | None:
    count, *_ = operands_of(element)
    known = forms.at(count.node, count.position)
    if known is not None:
        return known.mean(), known.sd()
    operation = count.node.operation
    if not isinstance(operation, Quantile) or operation.family.name != "poisson":
        return None
    _, rate = operands_of(count)
    known = forms.at(rate.node, rate.position)
    return (
        None if known is None else (known.mean(), math.hypot(math.sqrt(known.mean()), known.sd()))
    )
