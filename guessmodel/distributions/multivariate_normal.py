"""Multivariate normal distribution: normal draws by their means and covariances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Unpack

import numpy as np

from guessmodel.distributions.correlate import sum_of_scores
from guessmodel.distributions.normal import normal
from guessmodel.distributions.options import TextOptions, constructor
from guessmodel.distributions.written_ranks import labelled_matrix
from guessmodel.errors import GuessmodelError, ModelError, WrongKind, caller, located
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.scores import ScoresAlong
from guessmodel.graph.values import number
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.correlation_matrix import factor, nearest_correlation
from guessmodel.options import refuse_unknown
from guessmodel.units import DIMENSIONLESS, Unit

__all__ = ["multivariate_normal"]

_ROUNDING = 1e-9  # of the standard deviations


@constructor(TextOptions)
def multivariate_normal(
    mean: Mapping[Any, float],
    unit: str | Unit | Mapping[str, str | Unit] | None = None,
    *,
    cov: Any = None,
    sd: Mapping[Any, float] | None = None,
    correlation: Any = None,
    dim: str | None = None,
    **options: Unpack[TextOptions],
) -> Any:
    """Normal draws that are correlated, by their means and the matrix of their covariances.

    With `dim` one quantity with a label for each mean; without, a dict of quantities, as of
    `gm.empirical`, each with a unit of its own if `unit` is a mapping. Normal scores z become
    mean + L z, where L Lᵀ is the covariance (Cholesky): sums and differences of them have closed
    forms, and the first keeps the bits that it had alone.

    Parameters
    ----------
    mean : number by label, or by name
    unit : of the means, in whose products covariances are
    cov : matrix in the order of the means, or a DataFrame or DataArray with their labels
    sd, correlation : in place of cov, the standard deviations and Pearson's correlations (also as
        a mapping of pairs, or one number for all)

    Raises ModelError for a matrix that is not symmetric, or that no variables have.

    >>> xy = multivariate_normal({"x": 1, "y": 2}, cov=[[4, 3], [3, 9]])
    >>> print((xy["x"] + xy["y"]).sample(64).sd())  # √(4 + 9 + 2·3)
    4.359
    """
    where = caller()
    try:
        refuse_unknown("multivariate_normal", options)
        if not isinstance(mean, Mapping) or not mean:
            raise WrongKind("multivariate_normal takes means by label or by name: {'x': 1, 'y': 2}")
        labels = list(mean)
        means = {label: float(number(value)) for label, value in mean.items()}
        spread, matrix = _covariance(labels, cov, sd, correlation)
        lower = factor(matrix)
        if lower is None:
            raise _impossible(labels, matrix)
        if dim is not None:
            if isinstance(unit, Mapping):
                raise WrongKind("multivariate_normal: labels along a dimension share one unit")
            spreads = dict(zip(labels, spread.tolist(), strict=True))
            draw = normal(mean=means, sd=spreads, unit=unit, dim=dim, **options)
            rows = tuple(tuple(row[: i + 1].tolist()) for i, row in enumerate(lower))
            axes = draw.operands[0].axes
            along = Quantity(ScoresAlong(dim, rows), draw.operands[:1], DIMENSIONLESS, axes, where)
            return replace(draw, operands=(along, *draw.parameters))
        title = options.get("name")
        draws = []
        for label, each in zip(labels, spread.tolist(), strict=True):
            options["name"] = None if title is None else f"{title}[{label}]"
            own = unit.get(label) if isinstance(unit, Mapping) else unit
            draws.append(normal(mean=means[label], sd=each, unit=own, **options))
        _check_units(unit, labels)
        numbers = [draw.operands[0] for draw in draws]
        made = {}
        for i, (label, draw) in enumerate(zip(labels, draws, strict=True)):
            terms = [i, *(j for j in range(i) if lower[i, j])]
            weights = [float(lower[i, j]) for j in terms]
            score = sum_of_scores([numbers[j] for j in terms], weights, where)
            made[str(label)] = replace(draw, operands=(score, *draw.parameters))
        return made
    except GuessmodelError as error:
        raise located(error, where) from None


def _covariance(
    labels: list[Any], cov: Any, sd: Mapping[Any, float] | None, correlation: Any
) -> tuple[FloatArray, FloatArray]:
    """Standard deviations and correlations."""
    if (cov is None) == (sd is None) or (sd is None) != (correlation is None):
        raise ModelError("multivariate_normal takes cov=, or sd= and correlation=")
    if sd is not None:
        if not isinstance(sd, Mapping) or set(sd) != set(labels):
            raise ModelError("multivariate_normal: write one sd for each mean: {'x': 1, 'y': 2}")
        spread = np.array([number(sd[label]) for label in labels], dtype=np.float64)
        _check_spread(labels, spread)
        return spread, labelled_matrix(correlation, labels, "correlation")
    matrix = labelled_matrix(cov, labels, "cov", bounded=False)
    with np.errstate(invalid="ignore"):
        spread = np.sqrt(np.diag(matrix))
    _check_spread(labels, spread)
    matrix = matrix / np.outer(spread, spread)
    for i, j in np.argwhere(~(np.abs(matrix) <= 1.0 + _ROUNDING)).tolist():
        raise ModelError(
            f"multivariate_normal: the covariance of {labels[i]} and {labels[j]} is more than the "
            "product of their standard deviations"
        )
    np.fill_diagonal(matrix, 1.0)
    return spread, np.clip(matrix, -1.0, 1.0)


def _check_spread(labels: list[Any], spread: FloatArray) -> None:
    for label, each in zip(labels, spread.tolist(), strict=True):
        if not 0.0 < each < np.inf:
            raise ModelError(
                f"multivariate_normal: the standard deviation of {label} is not above 0; write "
                "gm.constant for what is known"
            )


def _check_units(unit: Any, labels: list[Any]) -> None:
    unknown = [key for key in unit if key not in labels] if isinstance(unit, Mapping) else []
    if unknown:
        raise ModelError(
            f"multivariate_normal: a unit for '{unknown[0]}', which is none of {labels}"
        )


def _impossible(labels: list[Any], matrix: FloatArray) -> ModelError:
    nearest = nearest_correlation(matrix, 1e-4)
    i, j = divmod(int(np.argmax(np.abs(nearest - matrix))), len(matrix))
    first, second = labels[min(i, j)], labels[max(i, j)]
    return ModelError(
        "multivariate_normal: no variables have these covariances together; most off is the "
        f"correlation of {first} and {second}, {matrix[i, j]:.4g}, which can be {nearest[i, j]:.4g}"
    )
