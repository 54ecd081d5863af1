"""The functions of the Squiggle language that calculate, by name and kinds of arguments."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["load"]


def load() -> Mapping[str, float]:
    """Enter all functions into the registry, in the order of the language's own, of which the
    first that fits is called. Returns the constants."""
    from guessmodel.interop.squiggle.library import dates as dates
    from guessmodel.interop.squiggle.library import dicts as dicts
    from guessmodel.interop.squiggle.library import distributions as distributions
    from guessmodel.interop.squiggle.library import draws as draws
    from guessmodel.interop.squiggle.library import lists as lists
    from guessmodel.interop.squiggle.library import numbers, texts

    assert texts
    return numbers.CONSTANTS
