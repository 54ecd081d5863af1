"""A statistic with the interval of its sampling error, and how it is shown."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from guessmodel.text import format_number, format_with_error

__all__ = ["Estimate", "Interval"]

_SUFFIXES = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


@final
@dataclass(frozen=True, slots=True)
class Estimate:
    """A statistic of a quantity, with a 90% interval for its sampling error.

    The interval says how far the value may be from what infinitely many draws of the same model
    would give. It says nothing about whether the model is right.

    Attributes
    ----------
    value : the statistic, in `unit`; nan where it is refused, and `note` says why
    low, high : the 90% interval of the sampling error, by the measured coverage
    estimator : how it was had, such as "exact", "replicates", "order statistics"
    unit : for display
    note : a reservation, such as "the mean does not exist"; None where there is none

    >>> cost = Estimate(453.2, 451.1, 455.3, "replicates", "USD/day")
    >>> print(cost)
    453 ± 2 USD/day
    >>> round(cost.error, 1), cost.reliable
    (2.1, True)
    """

    value: float
    low: float
    high: float
    estimator: str
    unit: str = ""
    note: str | None = None

    @classmethod
    def exact(cls, value: float, unit: str = "") -> Estimate:
        """A statistic known in closed form."""
        return cls(value, value, value, "exact", unit)

    @classmethod
    def refused(cls, note: str, estimator: str, unit: str = "") -> Estimate:
        """No number at all, and why."""
        return cls(math.nan, math.nan, math.nan, estimator, unit, note)

    @property
    def error(self) -> float:
        """Half-width of the interval; the larger of both sides."""
        return max(self.value - self.low, self.high - self.value)

    @property
    def relative_error(self) -> float:
        """`error` as a share of the value: inf about 0, but 0 for an exact 0."""
        error = self.error
        if error == 0:
            return 0.0
        return error / abs(self.value) if self.value else math.inf

    @property
    def is_exact(self) -> bool:
        """Whether the value comes from a closed form and has no sampling error."""
        return self.estimator == "exact"

    @property
    def reliable(self) -> bool:
        """Whether there is no reservation about the value or its interval."""
        return self.note is None

    def to_dict(self) -> dict[str, float | str | None]:
        """`value`, `low` and `high` for JSON, with None for nan, and `note` where there is one."""
        numbers: dict[str, float | str | None] = {
            key: number if math.isfinite(number) else None
            for key, number in (("value", self.value), ("low", self.low), ("high", self.high))
        }
        return numbers if self.note is None else numbers | {"note": self.note}

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        if math.isnan(self.value):
            return self.note or "unknown"
        shown = format_with_error(self.value, self.error)
        if self.error > 0:
            shown = f"{shown} ± {_error_beside(shown, self.error)}"
        note = "" if self.note is None else f" ({self.note})"
        return f"{shown} {self.unit}".rstrip() + note


@final
@dataclass(frozen=True, slots=True)
class Interval:
    """The two ends of an interval of a quantity, each with its own error.

    >>> low = Estimate(241.3, 238.2, 244.1, "order statistics", "USD/day")
    >>> high = Estimate(722.1, 715.0, 729.0, "order statistics", "USD/day")
    >>> print(Interval(low, high))
    241 to 722 USD/day
    """

    low: Estimate
    high: Estimate

    def __iter__(self) -> Iterator[Estimate]:
        return iter((self.low, self.high))

    def __str__(self) -> str:
        for end in self:
            if math.isnan(end.value):
                return str(end)
        low, high = (format_with_error(end.value, end.error) for end in self)
        return f"{low} to {high} {self.low.unit}".rstrip()


def _error_beside(shown: str, error: float) -> str:
    """One digit of an error, with the suffix of the number it stands beside."""
    suffix = shown[-1]
    scaled = error / _SUFFIXES.get(suffix, 1.0)
    if suffix not in _SUFFIXES or not 1e-3 <= scaled < 1e3:
        return format_number(error, 1)
    return format_number(scaled, 1) + suffix
