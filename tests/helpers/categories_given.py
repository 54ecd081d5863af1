"""Categories that are put where numbers stand: see tests/properties/test_categories.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import guessmodel as gm
from guessmodel.errors import GuessmodelError

SHARES = {"a": 0.25, "b": 0.75}
CASE = {"case": ("a", "b")}
NUMBERS: Final[Mapping[str, gm.Quantity]] = {
    "alone": gm.uniform(0.3, 0.6),
    "event": gm.bernoulli(0.5),
    "labelled": gm.uniform(0.3, 0.6, dim=CASE),
}
CATEGORIES: Final[Mapping[str, gm.Quantity]] = {
    "alone": gm.categorical(SHARES),
    "event": gm.categorical({0: 0.25, 1: 0.75}),
    "labelled": gm.categorical(SHARES, dim=CASE),
}


def refused(make: Callable[[Any], Any], kind: str) -> bool:
    """Whether a category is refused as one, where a number may stand."""
    try:
        make(NUMBERS[kind])
    except Exception:  # no place for a quantity
        return True
    try:
        make(CATEGORIES[kind])
    except GuessmodelError as error:
        return "categor" in str(error)
    return False
