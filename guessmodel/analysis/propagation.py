"""How an output moves with each of its inputs, by the law of propagation of uncertainty (JCGM
100:2008, GUM, 5.1.2 and 5.2.2): their standard uncertainties, sensitivity coefficients, and
correlations.

Correlated inputs are moved one by one, too. Their normal scores are weighted sums of those of
random numbers (see graph/scores.py); the system of weights is solved for the random numbers at
which one input has moved and the others have not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, final

import numpy as np

from guessmodel.analysis.inputs import Input, Inputs
from guessmodel.distributions.normal import NORMAL_FAMILY
from guessmodel.engine.plan import Plan
from guessmodel.engine.recompute import drawn_at
from guessmodel.errors import UsageError
from guessmodel.estimators.closed_form import Closed
from guessmodel.estimators.program import program_of
from guessmodel.model.model import Model
from guessmodel.numerics import normal
from guessmodel.numerics.arrays import FloatArray

__all__ = ["Measured", "Propagated", "propagated"]

_HALVINGS: Final = 40
_NODES: Final = 32  # of a Gauss-Hermite rule, in each of two scores
_FARTHEST: Final = 8.0  # scores beyond have no probability that a number could tell from 1
_SINGULAR: Final = 1e-9  # determinant of weights: one input is a function of the others


@final
class Propagated(NamedTuple):
    """What the law of propagation needs of an output, in the order of its inputs."""

    estimate: float  # the output at the means of all inputs
    measured: list[Measured]
    slopes: FloatArray  # how far the output moves for each unit of an input
    correlations: FloatArray  # of each two inputs, Pearson's
    tied: list[tuple[int, ...]]  # which are correlated


def propagated(
    model: Model, inputs: Inputs, behind: Sequence[Input], position: tuple[int, ...]
) -> Propagated:
    """The output at a position, and how it moves with each of the inputs behind it.

    The values are nan or infinite where the output has none at the means of its inputs, or near.
    Raises UsageError for an input that has no standard deviation, and for correlated ones whose
    distribution is not known or not continuous, or that are functions of each other.
    """
    tied = _tied(behind)
    weights = [_weights(model, [behind[i] for i in group]) for group in tied]
    measured = [Measured.of(one, inputs) for one in behind]
    levels = np.array([[one.levels[0]] * (1 + 2 * len(behind)) for one in measured])
    for k, one in enumerate(measured):
        levels[k, 1 + 2 * k : 3 + 2 * k] = one.levels[1:]
    correlations = np.eye(len(behind))
    for group, mixed in zip(tied, weights, strict=True):
        rows = list(group)
        levels[rows] = _normal_cdf(np.asarray(np.linalg.solve(mixed, normal.ppf(levels[rows]))))
        correlations[np.ix_(rows, rows)] = _pearson(
            [behind[i].closed for i in group], mixed @ mixed.T
        )
    at = _evaluated(inputs, behind, levels, position)
    widths = np.array([one.ends[1] - one.ends[0] for one in measured])
    moved = at[2::2] - at[1::2]
    slopes = np.divide(moved, widths, out=np.zeros(len(behind)), where=widths > 0.0)
    estimate = float(at[0]) if np.isfinite(at).all() else math.nan
    return Propagated(estimate, measured, slopes, correlations, tied)


@final
@dataclass(frozen=True, slots=True)
class Measured:
    """An input's mean, standard uncertainty and degrees of freedom, and the probabilities and
    values at which the output is evaluated: the mean, one step below, one above. Of a draw whose
    parameters are uncertain it is about the random number that these are applied to."""

    unit: str
    mean: float
    uncertainty: float
    degrees: float
    levels: tuple[float, float, float]
    ends: tuple[float, float]

    @staticmethod
    def of(one: Input, inputs: Inputs) -> Measured:
        closed = one.closed
        if closed is None or closed.family is None:
            _, x = inputs.variate(one)
            ordered = np.sort(x, axis=None)
            return _stepped(
                one.unit if inputs.is_value(one) else "",
                float(ordered.mean()),
                float(ordered.std()),
                math.inf,
                lambda value: float(np.searchsorted(ordered, value, side="right")) / ordered.size,
                lambda p: float(np.quantile(ordered, p)),
            )
        mean, uncertainty, degrees = closed.mean(), closed.sd(), math.inf
        if closed.family.name == "student_t":
            # The scale is the standard deviation of a mean of readings; that so few of them tell
            # it is what the degrees of freedom are about (GUM G.3.2).
            degrees, centre, scale = closed.parameters
            mean = closed.shift + closed.scale * centre
            uncertainty = abs(closed.scale) * scale
        if not math.isfinite(mean) or not math.isfinite(uncertainty):
            raise UsageError(
                f"'{one.name}' has no standard deviation, so there is no standard uncertainty to "
                "write down"
            )
        return _stepped(one.unit, mean, uncertainty, degrees, closed.cdf, closed.quantile)


def _stepped(
    unit: str,
    mean: float,
    uncertainty: float,
    degrees: float,
    cdf: Callable[[float], float],
    quantile: Callable[[float], float],
) -> Measured:
    step = uncertainty
    for _ in range(_HALVINGS):
        low, high = cdf(mean - step), cdf(mean + step)
        if low > 0.0 and high < 1.0:
            break
        step /= 2.0
    levels = cdf(mean), low, high
    return Measured(unit, mean, uncertainty, degrees, levels, (quantile(low), quantile(high)))


def _evaluated(
    inputs: Inputs, behind: Sequence[Input], levels: FloatArray, position: tuple[int, ...]
) -> FloatArray:
    """The output where each input has the random number at a level, (inputs, n)."""
    rows = _halves(inputs.plan, levels.shape[1])
    for one, p in zip(behind, levels, strict=True):
        for (number, coordinate), source in zip(one.places, inputs.sources(one), strict=True):
            rows[number][coordinate] = np.where(p <= 0.5, source.ppf(p), source.isf(1.0 - p))
    return np.asarray(drawn_at(inputs.plan, rows)[position])


def _halves(plan: Plan, n: int) -> list[FloatArray]:
    """All random numbers of a plan at their medians, n times."""
    rows = [np.empty((len(stream.keys), n)) for stream in plan.streams]
    half = np.array([0.5])
    for stream, each in zip(plan.streams, rows, strict=True):
        for coordinate, row in enumerate(each):
            row[:] = stream.source(coordinate).ppf(half)
    return rows


# --- inputs that are correlated -------------------------------------------------------------------


def _tied(behind: Sequence[Input]) -> list[tuple[int, ...]]:
    """Inputs that are correlated with each other, by their places."""
    groups: dict[frozenset[str], list[int]] = {}
    for i, one in enumerate(behind):
        if len(one.tied) > 1:
            groups.setdefault(one.tied, []).append(i)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _weights(model: Model, group: list[Input]) -> FloatArray:
    """(inputs, inputs): the normal score of each input is the sum of those of all their random
    numbers, times these. They are seen where one random number is moved at a time."""
    found = np.zeros((len(group), len(group)))
    for row, one in zip(found, group, strict=True):
        closed = _continuous(model, one)
        if closed is None:
            others = ", ".join(f"'{other.name}'" for other in group if other is not one)
            raise UsageError(
                f"'{one.name}' is correlated with {others}, and is no named continuous draw at "
                "known parameters, so there is no budget; ask what they do together with "
                "sensitivity"
            )
        quantity = model.quantities[one.title]
        plan = program_of(model).plan((one.title,))
        rows = _halves(plan, len(group))
        for number, stream in enumerate(plan.streams):
            for j, other in enumerate(group):
                if other.key in stream.keys:
                    coordinate = stream.keys.index(other.key)
                    step = _normal_cdf(np.array([1.0]))
                    rows[number][coordinate, j] = stream.source(coordinate).ppf(step)[0]
        place = tuple(dim.index(one.labels[dim.name]) for dim in quantity.dims)
        values = drawn_at(plan, rows)[place]
        row[:] = normal.ppf([closed.cdf(float(value)) for value in values])
    if abs(np.linalg.det(found)) < _SINGULAR:
        names = " and ".join(f"'{one.name}'" for one in group)
        raise UsageError(
            f"{names} are functions of each other (their correlation is 1 or -1), so that none "
            "can be moved alone; write one by the other"
        )
    return found


def _continuous(model: Model, one: Input) -> Closed | None:
    """The distribution of an input of which the model has the values."""
    closed = one.closed
    if closed is None or closed.family is None or one.title not in model.quantities:
        return None
    return None if closed.family.discrete or closed.scale <= 0.0 else closed


def _pearson(closed: Iterable[Closed | None], scores: FloatArray) -> FloatArray:
    """Pearson's correlations of draws from those of their normal scores."""
    forms = [each for each in closed if each is not None]
    found = scores.copy()
    for i, one in enumerate(forms):
        for j, other in enumerate(forms[:i]):
            if not (one.family is NORMAL_FAMILY and other.family is NORMAL_FAMILY):
                found[i, j] = found[j, i] = _of_values(one, other, float(scores[i, j]))
        found[i, i] = 1.0
    return found


def _of_values(one: Closed, other: Closed, score: float) -> float:
    """E[(x − E x)(y − E y)] / (sd x · sd y), integrated over both normal scores."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    weights = weights / weights.sum()
    x = _standardised(one, np.asarray(nodes))
    beside = score * nodes[:, None] + math.sqrt(1.0 - score * score) * nodes
    y = _standardised(other, beside.ravel()).reshape(beside.shape)
    return float(weights @ (x * (y @ weights)))


def _standardised(closed: Closed, scores: FloatArray) -> FloatArray:
    within = np.clip(scores, -_FARTHEST, _FARTHEST)
    values = [closed.quantile(float(p)) for p in _normal_cdf(within)]
    return np.asarray((np.array(values) - closed.mean()) / closed.sd())


def _normal_cdf(scores: FloatArray) -> FloatArray:
    return np.array([0.5 * math.erfc(-z / math.sqrt(2.0)) for z in scores.ravel()]).reshape(
        scores.shape
    )
