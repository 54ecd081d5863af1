"""When arithmetic with a year gives a year again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["is_a_year"]


def is_a_year(ufunc: np.ufunc, operands: Sequence[Any]) -> bool:
    """Whether a sum or a difference is written as a year: three years after 2025 is 2028, a year
    less a year is no year.

    >>> import guessmodel as gm
    >>> begin = gm.constant(2025, format="year")
    >>> is_a_year(np.add, (3, begin)), is_a_year(np.subtract, (begin, begin))
    (True, False)
    """
    years = [getattr(each, "format", None) == "year" for each in operands]
    return (ufunc is np.add and sum(years) == 1) or (
        ufunc is np.subtract and years == [True, False]
    )
