"""Numbers as they are written, with their suffixes."""

from __future__ import annotations

from typing import Final

from guessmodel.interop.squiggle.algebra import number
from guessmodel.interop.squiggle.library.dates import UNITS
from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.syntax import Literal
from guessmodel.interop.squiggle.values import Duration, Num

__all__ = ["read_number"]

_SUFFIXES: Final = {"n": -9, "m": -3, "%": -2, "k": 3, "M": 6, "B": 9, "G": 9, "T": 12, "P": 15}


def read_number(literal_: Literal) -> Num | Duration:
    """A number with its suffix: `1.5M`, `10%`, or a stretch of time, `5years`."""
    if literal_.suffix in UNITS:
        return Duration(float(literal_.digits) * UNITS[literal_.suffix])
    # By shifting its point, and not by multiplying: 57% is 0.57 to the last digit.
    digits, _, exponent = literal_.digits.lower().partition("e")
    if len(exponent) > 6:
        raise Refused(f"the exponent {exponent[:20]}… is out of range")
    shift = int(exponent or 0) + _SUFFIXES.get(literal_.suffix, 0)
    return number(float(f"{digits}e{shift}"))
