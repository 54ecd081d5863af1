"""Claims on two quantities: the ratio of their means, and how they go together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from guessmodel import units
from guessmodel.claims.claim import JOINT, Claim, ClaimOptions, Statement, registered, with_options
from guessmodel.claims.claim_input import (
    check_applicable,
    check_kind,
    chosen_labels,
    known_names,
    read_for,
    title_of,
)
from guessmodel.claims.published import End, read
from guessmodel.errors import GuessmodelError, Location, UsageError, caller, located
from guessmodel.graph import dims as dimensions
from guessmodel.graph.quantity import Quantity
from guessmodel.options import refuse_unknown
from guessmodel.units import DIMENSIONLESS

__all__ = ["claim_joint", "claim_ratio_of_means"]


@with_options
def claim_ratio_of_means(
    numerator: Quantity,
    denominator: Quantity,
    figure: End,
    **options: Unpack[ClaimOptions],
) -> Claim:
    """State what a source publishes of mean(numerator) / mean(denominator).

    That is what one gets by dividing published means. The mean of the ratio, drawn by draw, is
    `claim(numerator / denominator, mean=…)`; the two differ wherever the denominator varies.
    Options and errors are those of `claim`; `at` may name dimensions of either quantity.

    >>> import guessmodel as gm
    >>> development, deployment = gm.lognormal(4, 36, "USD"), gm.lognormal(1, 6, "USD")
    >>> gm.claim_ratio_of_means(development, deployment, "5.2", source="13M over 2.5M").inferred
    False
    """
    where = caller()
    refuse_unknown("claim_ratio_of_means", options)
    subjects = (numerator, denominator)
    title = _title(subjects, "gm.claim_ratio_of_means", " / ", where)
    try:
        unit, _ = units.divide(numerator.unit, denominator.unit)
    except GuessmodelError as error:
        raise located(error, where) from None
    published = read_for(read, "the ratio", figure, unit, title, where)
    return _claim_on_two(subjects, [Statement("ratio_of_means", published)], options, title, where)


@with_options
def claim_joint(
    first: Quantity,
    second: Quantity,
    *,
    correlation: End | None = None,
    rank_correlation: End | None = None,
    covariance: End | None = None,
    **options: Unpack[ClaimOptions],
) -> Claim:
    """State what a source publishes of how two quantities go together.

    Parameters
    ----------
    correlation, rank_correlation : Pearson's and Spearman's, between -1 and 1
    covariance : in the unit of their product; of temperatures in degC in delta_degC

    Other options and errors are those of `claim`; `at` may name dimensions of either quantity.
    Between two inputs it is an echo, as the model correlates them by such a figure.

    >>> import guessmodel as gm
    >>> price = gm.lognormal(5, 10, "USD")
    >>> cost = price * gm.lognormal(30, 50)
    >>> made = gm.claim_joint(price, cost, rank_correlation="0.8", source="Table 3")
    >>> [statement.statistic for statement in made.statements]
    ['rank correlation']
    """
    where = caller()
    refuse_unknown("claim_joint", options)
    subjects = (first, second)
    title = _title(subjects, "gm.claim_joint", " and ", where)
    try:
        product, _ = units.multiply(*(units.difference(each.unit) for each in subjects))
    except GuessmodelError as error:
        raise located(error, where) from None
    statements = []
    for name, value in zip(JOINT, (correlation, rank_correlation, covariance), strict=True):
        if value is None:
            continue
        plain = name != "covariance"
        words = name.replace("_", " ")
        figure = read_for(read, words, value, DIMENSIONLESS if plain else product, title, where)
        if plain and not -1.0 <= figure.value <= 1.0:
            raise UsageError(f"{words} {figure.text} is not between -1 and 1", where)
        statements.append(Statement(name, figure))
    if not statements:
        some = ", ".join(f"{name}=" for name in JOINT)
        raise UsageError(f"the claim on {title} has no figure; give one of {some}", where)
    return _claim_on_two(subjects, statements, options, title, where)


def _title(subjects: Sequence[Quantity], function: str, between: str, where: Location) -> str:
    names = known_names()
    for subject in subjects:
        check_kind(subject, function, names, where)
    return between.join(title_of(subject, names) for subject in subjects)


def _claim_on_two(
    subjects: tuple[Quantity, Quantity],
    statements: Sequence[Statement],
    options: ClaimOptions,
    title: str,
    where: Location,
) -> Claim:
    try:
        dims = dimensions.union(subject.dims for subject in subjects)
    except GuessmodelError as error:
        raise located(error, where) from None
    labels = chosen_labels(dims, options.get("at") or {}, title, where)
    for subject in subjects:
        own = {dim.name: labels[dim.name] for dim in subject.dims}
        check_applicable(subject, own, title, where)
    return registered(subjects, labels, statements, options, where)
