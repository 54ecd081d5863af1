"""Warnings of method: what a model may do, and most likely did not mean to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, final

from guessmodel.errors import Location

__all__ = ["REASONS", "MethodWarning"]

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unsourced-input": "has no source, so that nobody can check it; write source='…'",
        "plain-fit": "takes fitted parameters for known; the line that gm.fit writes carries their "
        "uncertainty",
        "expected-impact": "is a probability times an impact, an amount that never comes; for the "
        "event write gm.bernoulli(probability) * impact, for the mean call it expected",
        "count-times-draw": "is a number times one draw, as if all were the same; for independent "
        "ones write gm.compound or gm.sum_of, or call the draw an average",
        "unused-draw": "is drawn, and nothing uses it; use it, or leave it out",
        "certain-output": "is an output that no draw reaches, and rests on guesses; give them "
        "ranges",
        "negative-normal": "is negative in {share} of the draws; write gm.lognormal(low, high), "
        "or gm.truncated(…, lower=0)",
        "decisive-constant": "is a constant, and {output} moves more by a tenth of it than by any "
        "draw; write a range",
        "hidden-unit": "{does} a quantity in {unit} by {number}, which hides a unit; write "
        ".to('…'), or gm.constant({number}, '…')",
    }
)
"""Each kind of warning, and its reason: the rest of a sentence that a name begins."""


@final
@dataclass(frozen=True, slots=True)
class MethodWarning:
    """A line of a model that may not say what it was meant to.

    Attributes
    ----------
    model : the title of the model
    code : its kind, a key of `REASONS`, by which a comment on the line silences it
    quantity : the name of what it is about; of what is not named, of what it is part of
    reason : the rest of the sentence that the name begins
    location : file and line
    """

    model: str
    code: str
    quantity: str
    reason: str
    location: Location

    def __str__(self) -> str:
        return f"{self.location}: {self.quantity} {self.reason} [{self.code}]"

    def to_dict(self) -> dict[str, Any]:
        """What `guessmodel check --json` has under `warnings`."""
        return {
            "model": self.model,
            "code": self.code,
            "quantity": self.quantity,
            "reason": self.reason,
            "file": self.location.file,
            "line": self.location.line,
        }
