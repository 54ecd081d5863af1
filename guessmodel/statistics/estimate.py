"""A statistic with the interval of its sampling error, and how it is shown."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from guessmodel.errors import UsageError, caller
from guessmodel.text import format_number, format_with_error

__all__ = ["Estimate", "Interval"]

_SUFFIXES = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
_SPECIFICATION = re.compile(
    r"((?:.?[<>^])?)([-+ ]?)((?:[1-9][0-9]*)?)([,_]?(?:\.[0-9]+)?[eEfFgGn%]?)", re.DOTALL
)


@final
@dataclass(frozen=True, slots=True)
class Estimate:
    """A statistic of a quantity, with a 90% interval for its sampling error.

    The interval says how far the value may be from what infinitely many draws of the same model
    would give. It says nothing about whether the model is right. `float(estimate)` is the value
    alone, nan where it is refused.

    Attributes
    ----------
    value : the statistic, in `unit`; nan where it is refused, and `note` says why
    low, high : the 90% interval of the sampling error, by the measured coverage
    estimator : how it was had, such as "exact", "replicates", "order statistics"
    unit : for display
    note : a reservation, such as "the mean does not exist"; None where there is none
    plain : written without K, M, B and T, as labels are: the year 2025

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
    plain: bool = False

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
        """`value`, `low` and `high` for JSON, with None for nan; `note` where there is one, and
        `plain` where it is true."""
        numbers: dict[str, float | str | None] = {
            key: number if math.isfinite(number) else None
            for key, number in (("value", self.value), ("low", self.low), ("high", self.high))
        }
        if self.note is not None:
            numbers["note"] = self.note
        return numbers | {"plain": True} if self.plain else numbers

    @property
    def figure(self) -> str:
        """The value alone, in the digits that its error supports."""
        return format_with_error(self.value, self.error, plain=self.plain)

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        return f"{self}"

    def __format__(self, spec: str) -> str:
        """The value, its error and its unit; digits hold for both, a width for the whole.

        >>> cost = Estimate(453.2, 451.1, 455.3, "replicates", "USD/day")
        >>> f"{cost:.2f}", f"{cost:>20}", f"{float(cost):.2f}"
        ('453.20 ± 2.10 USD/day', '     453 ± 2 USD/day', '453.20')
        """
        place, number, error = _asked(spec)
        if math.isnan(self.value):
            return format(self.note or "unknown", place)
        if number:
            shown, beside = format(self.value, number), format(self.error, error)
        else:
            shown = self.figure
            beside = _error_beside(shown, self.error)
        if self.error > 0:
            shown = f"{shown} ± {beside}"
        note = "" if self.note is None else f" ({self.note})"
        return format(f"{shown} {self.unit}".rstrip() + note, place)


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
        return f"{self}"

    def __format__(self, spec: str) -> str:
        """Both ends and their unit; digits hold for both, a width for the whole."""
        place, number, _ = _asked(spec)
        for end in self:
            if math.isnan(end.value):
                return format(str(end), place)
        low, high = (format(end.value, number) if number else end.figure for end in self)
        return format(f"{low} to {high} {self.low.unit}".rstrip(), place)


def _error_beside(shown: str, error: float) -> str:
    """One digit of an error, with the suffix of the number it stands beside.

    >>> [_error_beside(shown, 0.7) for shown in ("453.2", "5.4176K", "5.4176M")]
    ['0.7', '0.0007K', '7e-7M']
    """
    suffix = shown[-1] if shown[-1] in _SUFFIXES else ""
    rounded = f"{error / _SUFFIXES.get(suffix, 1.0):.0e}"
    if not 0.0 < float(rounded) < 1e3:
        return format_number(error, 1)
    decimals = 0 if "e" in shown else len(shown.partition(".")[2]) - len(suffix)
    places = -int(rounded.partition("e")[2])
    if 0 < places <= decimals:
        return f"{float(rounded):.{places}f}{suffix}"
    return f"{format_number(float(rounded), 1)}{suffix}"


def _asked(spec: str) -> tuple[str, str, str]:
    """A format specification taken apart: place of the whole text, numbers, errors."""
    match = _SPECIFICATION.fullmatch(spec)
    if match is None:
        raise UsageError(
            f"an estimate cannot be written as {spec!r}; write for example '.2f' or '>24.2f', and "
            "float(estimate) for the value alone",
            caller(),
        )
    place, sign, width, digits = match.groups()
    # z: what rounds to 0 has no sign
    return place + width, f"{sign}z{digits}" if sign or digits else "", f"z{digits}"
