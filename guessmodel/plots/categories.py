"""Quantities whose numbers stand for words: indicators (no, yes) and the labels of `idxmin`."""

from __future__ import annotations

from guessmodel.errors import UsageError
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.along_dims import Reduce, Shift, Stack, Take
from guessmodel.graph.kinds import is_yes_or_no
from guessmodel.graph.quantity import Quantity
from guessmodel.plots.labels import clean, figure_text
from guessmodel.simulation import Result

__all__ = [
    "chances",
    "complement",
    "most_likely",
    "percentage",
    "refuse_categories",
    "refuse_scale",
    "shown_as_yes_or_no",
    "whole_percent",
    "words_of",
]


def words_of(result: Result) -> tuple[str, ...]:
    """Words for the values 0, 1, … where they stand for something; else none."""
    if result.quantity.categories:
        return tuple(str(label) for label in result.quantity.categories)
    return ("no", "yes") if shown_as_yes_or_no(result) else ()


def shown_as_yes_or_no(result: Result) -> bool:
    """Whether a result is of a comparison, of several joined by & | ~, of a bernoulli draw, or of
    labels of one. What else can be nothing but 0 and 1, such as a product of events, is shown by
    its numbers."""
    return _compares(result.quantity)


def _compares(quantity: Quantity) -> bool:
    operation = quantity.operation
    if isinstance(operation, Take | Stack | Shift):
        return all(map(_compares, quantity.operands))
    if isinstance(operation, Reduce) and operation.kind in ("min", "max", "prod"):
        return _compares(quantity.operands[0])
    return is_yes_or_no(quantity)


def chances(result: Result) -> list[tuple[str, Estimate]]:
    """Each word of an unlabelled result with its probability; of an indicator, yes alone."""
    categories = result.quantity.categories
    if categories:
        return [(str(label), result.category_probability(label)) for label in categories]
    return [("yes", result.probability())]


def complement(chance: Estimate) -> Estimate:
    """The probability of the opposite."""
    value, low, high = 1.0 - chance.value, 1.0 - chance.high, 1.0 - chance.low
    return Estimate(value, low, high, chance.estimator, "", chance.note)


def most_likely(result: Result) -> str:
    """`yes 63%`; of categories the likeliest."""
    word, chance = max(chances(result), key=lambda pair: pair[1].value)
    return f"{clean(word, 24)} {percentage(chance)}"


def percentage(chance: Estimate) -> str:
    """A probability in the digits that its error supports."""
    return f"{figure_text(chance.scaled(100.0))}%"


def whole_percent(chance: Estimate) -> str:
    """A probability in little room: what happens but seldom is not 0%, nor what nearly always does
    100%; with ≈ where its error leaves the last digit open.

    >>> [whole_percent(Estimate.exact(p)) for p in (0.0, 0.003, 0.25, 0.997, 1.0)]
    ['0%', '<1%', '25%', '>99%', '100%']
    >>> whole_percent(Estimate(0.25, 0.22, 0.28, "replicates"))
    '≈25%'
    """
    low, share, high = 100.0 * chance.low, 100.0 * chance.value, 100.0 * chance.high
    if share > 0.0 and high < 1.0:
        return "<1%"
    if share < 100.0 and low > 99.0:
        return ">99%"
    whole = min(max(round(share), int(share > 0.0)), 100 - int(share < 100.0))
    certain = whole - 0.5 <= low and high <= whole + 0.5
    return f"{whole}%" if certain else f"≈{whole}%"


def refuse_scale(result: Result, scale: str) -> None:
    """Raise UsageError for the scale of an axis that shows words, or probabilities."""
    if scale != "auto" and words_of(result):
        raise UsageError(
            f"'{result.name}' is shown by probabilities; leave out the scale, {scale!r}"
        )


def refuse_categories(result: Result, kind: str) -> None:
    """Raise UsageError for labels, which have no order: only their probabilities mean anything."""
    if result.quantity.categories:
        raise UsageError(
            f"'{result.name}' is one of {len(result.quantity.categories)} labels, which have no "
            f"{kind}; show their probabilities with density"
        )
