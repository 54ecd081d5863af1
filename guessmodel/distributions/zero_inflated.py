"""Zero with some probability, else a quantity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from guessmodel.distributions.checks import within
from guessmodel.distributions.draws import scalar_value
from guessmodel.distributions.mixture import mixture
from guessmodel.distributions.options import TextOptions, constructor
from guessmodel.errors import GuessmodelError, WrongKind, caller, located
from guessmodel.graph.categories import refuse_arithmetic
from guessmodel.graph.domains import PROBABILITY
from guessmodel.graph.number_in import Amount, amount
from guessmodel.graph.quantity import Quantity
from guessmodel.options import refuse_unknown
from guessmodel.units import DIMENSIONLESS

__all__ = ["zero_inflated"]


@constructor(TextOptions)
def zero_inflated(
    q: Quantity,
    p_zero: Amount,
    *,
    shared: str | Sequence[str] = (),
    **options: Unpack[TextOptions],
) -> Quantity:
    """0 with probability `p_zero`, else the quantity `q`, whose draws and unit it keeps.

    `p_zero` is a number, text such as `"40%"`, or a quantity. It is
    `mixture([0, q], [p_zero, 1 - p_zero])`; where q itself is 0 at times, so is this more often
    than `p_zero`.

    Raises ModelError for a probability outside [0, 1].

    >>> from guessmodel.distributions.lognormal import lognormal
    >>> print(zero_inflated(lognormal(mean=50, sd=9, unit="USD"), 0.9).sample(8).mean())
    5 USD
    """
    where = caller()
    try:
        refuse_unknown("zero_inflated", options)
        if not isinstance(q, Quantity):
            raise WrongKind("zero_inflated takes a quantity, e.g. gm.zero_inflated(loss, 0.9)")
        p = amount(p_zero, where).to(DIMENSIONLESS)
        refuse_arithmetic("zero_inflated", [q, p], where)
        known = scalar_value(p)
        if known is not None:
            within("zero_inflated", PROBABILITY, p_zero=known)
            return mixture(
                [0, q],
                [known, 1.0 - known],
                shared=shared,
                **options,
            )
        return mixture([0, q], [p, 1.0 - p], shared=shared, **options)
    except GuessmodelError as error:
        raise located(error, where) from None
