"""Utility: what an amount is worth to somebody who does not like risk.

A utility is a function of what a decision pays; of options, the one with the largest expected
utility is the best. What an uncertain amount is worth is its certainty equivalent: the certain
amount of the same utility.

>>> import guessmodel as gm
>>> gm.utility.exponential(risk_tolerance="5M USD")
exponential(risk_tolerance='5M USD')
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from guessmodel.errors import UsageError, WrongKind, caller, public
from guessmodel.graph.number_in import number_in
from guessmodel.graph.values import is_number
from guessmodel.units import Unit

__all__ = ["Exponential", "exponential"]


@final
@dataclass(frozen=True, slots=True)
class Exponential:
    """u(x) = −exp(−x/ρ), of constant absolute risk aversion 1/ρ. Made by `exponential`."""

    risk_tolerance: float | str

    def tolerance_in(self, unit: Unit) -> float:
        """ρ in a unit; UnitError where it does not fit, UsageError where it is not above 0."""
        found = number_in(unit, self.risk_tolerance)
        if not found > 0.0:
            raise UsageError(f"a risk tolerance is above 0, not {self.risk_tolerance}")
        return found

    def __repr__(self) -> str:
        return f"exponential(risk_tolerance={self.risk_tolerance!r})"


@public
def exponential(risk_tolerance: float | str) -> Exponential:
    """Exponential utility −exp(−x/ρ) with the risk tolerance ρ: about the largest amount for which
    one would take an even bet to win it or lose half of it (R. Howard 1988, "Decision analysis:
    practice and promise", Management Science 34).

    The certainty equivalent is −ρ ln E[exp(−x/ρ)]; of a normal amount it is its mean less half its
    variance over ρ. What is paid for information moves it by just as much, so that the value
    of information is the difference of two certainty equivalents.

    Parameters
    ----------
    risk_tolerance : above 0, such as "5M USD", or a number in the unit of the options

    Raises WrongKind or UsageError for what is none.
    """
    where = caller()
    if not isinstance(risk_tolerance, str):
        if not is_number(risk_tolerance):
            told = f"a risk tolerance is a figure such as '5M USD', not {risk_tolerance!r}"
            raise WrongKind(told, where)
        if not risk_tolerance > 0:
            raise UsageError(f"a risk tolerance is above 0, not {risk_tolerance}", where)
    return Exponential(risk_tolerance)
