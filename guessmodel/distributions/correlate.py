"""Correlated draws: a Gaussian copula on the random numbers of draws of any families."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, overload

import numpy as np

from guessmodel.distributions.margins import Margin, margin_of
from guessmodel.distributions.score_matrices import factored, score_at
from guessmodel.distributions.written_ranks import one_rank, ranks_of
from guessmodel.errors import (
    DimensionError,
    GuessmodelError,
    Location,
    ModelError,
    WrongKind,
    caller,
    calling_module,
    located,
    public,
)
from guessmodel.graph import dims as dimensions
from guessmodel.graph.correlations import REGISTRY, Correlation
from guessmodel.graph.dims import Dim, Dims
from guessmodel.graph.operation import LabelledAxes
from guessmodel.graph.quantity import Constant, Quantity, as_quantity, constant_node, wire
from guessmodel.graph.scores import ScoreCorrelation, ScoresAlong, WeightedScores
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.rank_correlation import CONTINUOUS, Steps
from guessmodel.units import DIMENSIONLESS

__all__ = ["correlate", "correlated_by_scores", "sum_of_scores"]


@overload
def correlate(
    draws: Sequence[Quantity],
    rank: Any = None,
    *,
    along: Any = None,
    ar1: Any = None,
) -> tuple[Quantity, ...]: ...


@overload
def correlate(
    draws: Mapping[str, Quantity],
    rank: Any = None,
    *,
    along: Any = None,
    ar1: Any = None,
) -> dict[str, Quantity]: ...


@overload
def correlate(
    draws: Quantity,
    rank: Any = None,
    *,
    along: Any = None,
    ar1: Any = None,
) -> Quantity: ...


@public
def correlate(draws: Any, rank: Any = None, *, along: Any = None, ar1: Any = None) -> Any:
    """The same draws, correlated with each other: each keeps its distribution exactly.

    The random numbers behind the draws, as standard normal ones z, are joined by a Gaussian copula:
    z' = L z, where L Lᵀ is their correlation matrix. For a Spearman correlation ρ of continuous
    draws it has 2 sin(πρ/6) (Kruskal 1958); where one is discrete it is solved for, so that
    Spearman's correlation by mid-ranks, as `scipy.stats.spearmanr` has it, is ρ. Of draws whose
    parameters are uncertain it is the correlation given the parameters.

    The draw with the fewest labels, of these the first, keeps its random numbers as they were; of
    all others the numbers are new; and nothing else in a model moves.

    Parameters
    ----------
    draws : two or more draws in a list, or by name in a mapping, or one draw with labels
    rank : Spearman's correlation, from -1 to 1: one for every pair, a matrix in the order of the
        draws (lists, an array, a DataFrame or DataArray) or by their names, or a mapping of pairs,
        `{("fuel", "wages"): 0.6}`, in which others are 0. 1 and -1 are exact. Of two continuous
        draws it may be a quantity: a draw, or a constant that a sweep changes. Of one draw with
        `along` it is the correlation of its labels.
    along : the dimension whose labels are correlated among themselves, with `rank` or `ar1`; or a
        mapping from dimensions to ranks
    ar1 : correlation of each label with the one before it, falling as an autoregressive process of
        order 1 does (that of scores k labels apart is φᵏ); or a mapping from dimensions

    Returns
    -------
    What takes the draws' place, with their names, descriptions and sources, as in
    `a, b = gm.correlate([a, b], rank=0.5)`.

    Raises ModelError for what is no draw, for correlations that no draws can have together, with
    the nearest that they can, and for one beyond what two distributions allow.

    >>> import guessmodel as gm
    >>> fuel, wages = gm.correlate([gm.lognormal(2, 5), gm.normal(30, 40)], rank=0.6)
    >>> print(round((fuel * wages).sample(4096).mean().value))
    117
    """
    where = caller()
    try:
        return _correlated(draws, rank, along, ar1, where)
    except GuessmodelError as error:
        raise located(error, where) from None


def _correlated(draws: Any, rank: Any, along: Any, ar1: Any, where: Location) -> Any:
    margins = _margins(draws)
    single = isinstance(draws, Quantity)
    between, within = _specified(rank, along, ar1, single=single)
    numbers = [margin.variate for margin in margins]
    for dim, (kind, value) in within.items():
        if not single and not all(margin.continuous for margin in margins):
            raise ModelError(
                "a rank correlation between draws and along a dimension at once is that of "
                "continuous draws; leave one of them out"
            )
        numbers = [
            _along(margin, number, dim, kind, value, where)
            for margin, number in zip(margins, numbers, strict=True)
        ]
    if not single:
        numbers = _between_draws(margins, numbers, between, where)
    results = _registered(margins, numbers, where)
    if single:
        return results[0]
    if isinstance(draws, Mapping):
        return dict(zip(draws, results, strict=True))
    return tuple(results)


def correlated_by_scores(
    draws: Mapping[str, Quantity], lower: FloatArray, where: Location
) -> dict[str, Quantity]:
    """The same draws, whose normal scores are L z: by a factor L of the correlations of scores and
    not by rank correlations, for copulas that others have stated."""
    margins = _margins(draws)
    numbers = []
    for i in range(len(margins)):
        terms = [i, *(j for j in range(i) if lower[i, j])]
        scores = [margins[j].variate for j in terms]
        numbers.append(sum_of_scores(scores, [float(lower[i, j]) for j in terms], where))
    return dict(zip(draws, _registered(margins, numbers, where), strict=True))


def _registered(
    margins: Sequence[Margin], numbers: Sequence[Quantity], where: Location
) -> list[Quantity]:
    results = [margin.on(number) for margin, number in zip(margins, numbers, strict=True)]
    arguments = {m.given: None for m in margins} | {m.draw: None for m in margins}
    made = Correlation(where, tuple(arguments), tuple(results))
    calling_module().setdefault(REGISTRY, []).append(made)
    return results


def _margins(draws: Any) -> list[Margin]:
    """The draws with their titles: how users call them, as far as that is known yet."""
    if isinstance(draws, Quantity):
        return [margin_of(draws, draws.label)]
    if isinstance(draws, Mapping):
        found = [margin_of(draw, str(name)) for name, draw in draws.items()]
    elif isinstance(draws, Sequence) and not isinstance(draws, str):
        names = {id(value): name for name, value in calling_module().items()}
        titles = [
            (each.name or names.get(id(each))) if isinstance(each, Quantity) else None
            for each in draws
        ]
        found = [
            margin_of(draw, title or f"draw {k}")
            for k, (draw, title) in enumerate(zip(draws, titles, strict=True), 1)
        ]
    else:
        raise WrongKind(
            "gm.correlate takes draws in a list, gm.correlate([a, b], rank=0.5), or one with labels"
            ", gm.correlate(a, along='month', ar1=0.8)"
        )
    if len(found) < 2:
        raise ModelError("gm.correlate takes two draws or more; for labels of one write along=…")
    variates = [margin.variate for margin in found]
    if len(set(variates)) < len(variates):
        twice = next(m.title for k, m in enumerate(found) if m.variate in variates[:k])
        raise ModelError(f"gm.correlate: {twice} is in the list twice")
    return found


def _specified(
    rank: Any, along: Any, ar1: Any, *, single: bool
) -> tuple[Any, dict[str, tuple[str, Any]]]:
    """The rank between draws, and by dimension the rank or coefficient along it."""
    within: dict[str, tuple[str, Any]] = {}
    between = rank
    if isinstance(along, str):
        if ar1 is not None and not isinstance(ar1, Mapping):
            within[along], ar1 = ("ar1", ar1), None
        elif single and rank is not None:
            within[along], between = ("rank", rank), None
        else:
            raise ModelError(
                f"gm.correlate: say how the labels along '{along}' go together, by ar1=0.8 or "
                f"along={{'{along}': 0.5}}"
            )
    elif isinstance(along, Mapping):
        within |= {str(dim): ("rank", value) for dim, value in along.items()}
    elif along is not None:
        raise WrongKind(f"along={along!r} names no dimension; write along='month'")
    if isinstance(ar1, Mapping):
        if twice := [dim for dim in ar1 if dim in within]:
            raise ModelError(f"gm.correlate: '{twice[0]}' has ranks and a coefficient; leave one")
        within |= {str(dim): ("ar1", value) for dim, value in ar1.items()}
    elif ar1 is not None:
        raise ModelError("gm.correlate: ar1 goes along a dimension; write along='month' too")
    if single and not within:
        raise ModelError(
            "gm.correlate: one draw alone is correlated along a dimension of its own; write "
            "along='month', with ar1=0.8 or rank=…, or give a list of draws"
        )
    if single and between is not None:
        raise ModelError("gm.correlate: rank goes with along='month', and two draws or more")
    if not single and between is None:
        raise ModelError("gm.correlate: say how the draws go together, e.g. rank=0.6")
    return between, within


# --- labels of one draw ---------------------------------------------------------------------------


def _along(
    margin: Margin, number: Quantity, name: str, kind: str, value: Any, where: Location
) -> Quantity:
    dim = number.dims[dimensions.find(number.dims, name)]
    titles = [f"{margin.title}[{label}]" for label in dim.labels]
    steps = _at_labels(margin, dim)
    if kind == "ar1":
        if len(set(steps)) > 1:
            raise ModelError(
                f"ar1 takes a discrete draw with the same parameters at all labels; {margin.title} "
                f"has others at each; write a matrix, along={{'{name}': …}}"
            )
        score = score_at(one_rank(value, "ar1"), steps[0], steps[0], titles[:2])
        operation = ScoresAlong(name, ar1=score)
    else:
        lower = factored(ranks_of(value, dim.labels), titles, steps)
        rows = (tuple(row[: i + 1].tolist()) for i, row in enumerate(lower))
        operation = ScoresAlong(name, tuple(rows))
    return Quantity(operation, (number,), DIMENSIONLESS, number.axes, where)


def _at_labels(margin: Margin, dim: Dim) -> list[Steps]:
    """The steps of a draw at each label of a dimension."""
    dims, steps = margin.steps()
    if len(set(steps)) == 1:
        return steps[:1] * len(dim)
    if dims != (dim,):
        raise ModelError(
            f"{margin.title} is discrete, and differs along other dimensions than '{dim.name}' too,"
            " so that no one correlation of its scores gives the rank correlation"
        )
    return steps


# --- several draws --------------------------------------------------------------------------------


def _between_draws(
    margins: Sequence[Margin], numbers: Sequence[Quantity], rank: Any, where: Location
) -> list[Quantity]:
    """The numbers that take the place of those of the draws."""
    # Labels cannot be added: those with the fewest come first.
    order = sorted(range(len(margins)), key=lambda k: len(numbers[k].dims))
    if not isinstance(rank, Quantity):
        titles, given = [m.title for m in margins], [m.given for m in margins]
        ranks = ranks_of(rank, titles, given)[np.ix_(order, order)]
    margins, ordered = [margins[k] for k in order], [numbers[k] for k in order]
    if isinstance(rank, Quantity):
        made = _uncertain(margins, ordered, rank, where)
    else:
        made = _weighted(margins, ordered, ranks, where)
    return [made[order.index(k)] for k in range(len(order))]


def _uncertain(
    margins: Sequence[Margin], numbers: Sequence[Quantity], rank: Quantity, where: Location
) -> list[Quantity]:
    """The scores of two draws, by a rank correlation that is a quantity."""
    if len(margins) > 2:
        raise ModelError(
            "a rank correlation that is a quantity is one of two draws; write numbers for more"
        )
    for margin in margins:
        if not margin.continuous:
            raise ModelError(
                f"{margin.title} is discrete, so that its rank correlation is solved for and must "
                "be a number"
            )
    rank = rank.to(DIMENSIONLESS)
    if isinstance(rank.operation, Constant):
        for value in rank.operation.value.ravel():
            one_rank(value.item())
    score = wire(ScoreCorrelation(), rank)
    first, second = numbers
    _check_labels(margins, first.dims, second.dims)
    _check_labels(margins, rank.dims, second.dims)
    rest = ((1.0 - score) * (1.0 + score)) ** 0.5
    return [
        sum_of_scores([first], [1.0], where),
        sum_of_scores([second, first], [rest, score], where),
    ]


def _weighted(
    margins: Sequence[Margin],
    numbers: Sequence[Quantity],
    ranks: FloatArray,
    where: Location,
) -> list[Quantity]:
    """By a matrix of rank correlations, at each label of the parameters of discrete draws."""
    size = len(margins)
    trivial = np.isin(ranks, (-1.0, 0.0, 1.0)).all()  # solved for without knowing the draws
    steps = [((), [CONTINUOUS]) if trivial else margin.steps() for margin in margins]
    dims = dimensions.union(own for own, _ in steps)
    places = list(np.ndindex(*dimensions.shape(dims)))
    titles = [margin.title for margin in margins]
    lower = np.empty((size, size, *dimensions.shape(dims)))
    known: dict[tuple[Steps, ...], FloatArray] = {}
    for place in places:
        at = tuple(_step(own, found, dims, place) for own, found in steps)
        if at not in known:
            known[at] = factored(ranks, titles, at)
        lower[(..., *place)] = known[at]
    made = []
    for i, number in enumerate(numbers):
        others = [j for j in range(i) if np.any(lower[i, j])]
        for j in others:
            _check_labels([margins[j], margins[i]], numbers[j].dims, number.dims)
        terms = [i, *others]
        weights = [_weight(lower[i, j], dims, number.dims, margins[i], where) for j in terms]
        made.append(sum_of_scores([numbers[j] for j in terms], weights, where))
    return made


def _step(own: Dims, steps: Sequence[Steps], dims: Dims, place: tuple[int, ...]) -> Steps:
    at = {dim.name: i for dim, i in zip(dims, place, strict=True)}
    index = tuple(at[dim.name] for dim in own)
    return steps[int(np.ravel_multi_index(index, dimensions.shape(own)))] if own else steps[0]


def _weight(
    values: FloatArray, dims: Dims, target: Dims, margin: Margin, where: Location
) -> Quantity:
    if np.all(values == values.flat[0]):
        return as_quantity(float(values.flat[0]), where=where)
    names = {dim.name for dim in target}
    beside = [dim.name for dim in dims if dim.name not in names]
    if beside:
        raise ModelError(
            f"{margin.title} has one random number for all labels of '{beside[0]}', and would need "
            "another correlation of scores at each; the draws are discrete"
        )
    return constant_node(values, dims, DIMENSIONLESS, where)


def _check_labels(margins: Sequence[Margin], fewer: Dims, more: Dims) -> None:
    dimensions.union([fewer, more])
    names = {dim.name for dim in more}
    for dim in fewer:
        if dim.name not in names:
            raise DimensionError(
                f"{margins[-1].title} has no labels along '{dim.name}', as what it is correlated "
                "with has; give both the same dimensions, or one of them none"
            )


def sum_of_scores(
    scores: Sequence[Quantity], weights: Sequence[Quantity | float], where: Location
) -> Quantity:
    """A weighted sum of normal scores, that of the draw's own variate first."""
    nodes = (*scores, *(as_quantity(weight, where=where) for weight in weights))
    operation = WeightedScores()
    axes = operation.axes([node.axes for node in nodes])
    return Quantity(operation, nodes, DIMENSIONLESS, LabelledAxes(axes.dims, None), where)
