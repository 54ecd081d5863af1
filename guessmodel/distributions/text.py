"""A quantity from text: `5 to 8 USD/hour` is a draw, `160K USD` a constant."""

from __future__ import annotations

import numpy as np

from guessmodel.distributions.lognormal import lognormal
from guessmodel.distributions.normal import normal
from guessmodel.errors import caller
from guessmodel.graph.quantity import Quantity, constant_node
from guessmodel.units.figures import Range, parse_value

__all__ = ["quantity_from_text"]


def quantity_from_text(text: str) -> Quantity:
    """A range is a 90% interval: lognormal where its low end is above 0, else normal (also
    of temperatures in degC or degF, whose 0 is no end).

    Raises UsageError where the text is neither a number nor a range.

    >>> quantity_from_text("5 to 8 USD/hour").describe().split(",")[0]
    'lognormal'
    >>> quantity_from_text("-1 to 2").describe().split(",")[0]
    'normal'
    """
    value = parse_value(text)
    if isinstance(value, Range):
        above = value.low.value > 0 and not value.low.unit.is_absolute
        family = lognormal if above else normal
        return family(value.low.value, value.high.value, value.low.unit)
    return constant_node(np.asarray(value.value), (), value.unit, caller())
