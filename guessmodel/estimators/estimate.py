"""A statistic with the interval of its sampling error, and how it is shown."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeGuard, final

from guessmodel.errors import UsageError, caller, public
from guessmodel.graph.values import NoOperand
from guessmodel.units.figures import with_unit
from guessmodel.units.formats import format_brief, format_numbers, parse_format

__all__ = [
    "FEW_HOLD_MUCH",
    "NO_VARIANCE",
    "UNRELIABLE",
    "Estimate",
    "Interval",
    "digits_apart",
    "in_a_row",
    "refuses",
    "too_few",
    "wants_draws",
]

UNRELIABLE: Final = "unreliable"
"""Begins a note on a number that stands, and whose error may be larger than it says."""
NO_VARIANCE: Final = f"{UNRELIABLE}: infinite variance"
"""The note on a mean whose error no number of draws makes known."""
FEW_HOLD_MUCH: Final = f"{UNRELIABLE}: the largest draws hold"
"""Begins the note on a mean whose error more draws may make known."""
_TOO_FEW = re.compile(r"needs \S+ samples or more")
_COUNTED = 10_000_000  # more draws are told by a power of 2, as --samples takes it
_DIGITS = 6
_ROUNDING = 1e-12
_HAIR = 1e-9  # of an error, for which it is not rounded up
_BRIEF = 3
_APART = 4.0  # units of the last digit between the ends of an interval
_SPECIFICATION = re.compile(
    r"((?:.?[<>^])?)([-+ ]?)((?:[1-9][0-9]*)?)([,_]?(?:\.[0-9]+)?[eEfFgGn%]?)", re.DOTALL
)


def refuses(note: str | None) -> TypeGuard[str]:
    """Whether a note is why there is no number, and not only a doubt about one.

    >>> refuses("the mean does not exist"), refuses("unreliable: infinite variance"), refuses(None)
    (True, False, False)
    """
    return note is not None and not note.startswith(UNRELIABLE)


def too_few(enough: int) -> str:
    """The note on a number that so many draws would have.

    >>> too_few(4096), wants_draws(too_few(4096)), wants_draws("the mean does not exist")
    ('needs 4096 samples or more', True, False)
    >>> too_few(10**300)
    'needs 2**997 samples or more'
    """
    written = enough if enough < _COUNTED else f"2**{(enough - 1).bit_length()}"
    return f"needs {written} samples or more"


def wants_draws(note: str | None) -> bool:
    """Whether a note is that of `too_few`."""
    return note is not None and _TOO_FEW.match(note) is not None


@public
@final
@dataclass(frozen=True, slots=True)
class Estimate(NoOperand):
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
    format : how it is written where the quantity asks for it, such as "year" or "USD,0"

    >>> cost = Estimate(453.2, 451.1, 455.3, "replicates", "USD/day")
    >>> print(cost)
    453.2 ± 2.1 USD/day
    >>> round(cost.error, 1), cost.reliable
    (2.1, True)
    """

    value: float
    low: float
    high: float
    estimator: str
    unit: str = ""
    note: str | None = None
    format: str | None = None

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
        """`value`, `low` and `high` for JSON, with None for nan; `note` and `format` where there
        is one, the format "year" as `plain`."""
        numbers: dict[str, float | str | None] = {
            key: number if math.isfinite(number) else None
            for key, number in (("value", self.value), ("low", self.low), ("high", self.high))
        }
        if self.note is not None:
            numbers["note"] = self.note
        if self.format is not None:
            numbers |= {"plain": True} if self.plain else {"format": self.format}
        return numbers

    @property
    def plain(self) -> bool:
        """Whether it is written in full, as the year 2025 is."""
        return self.format == "year"

    def scaled(self, factor: float, unit: str = "") -> Estimate:
        """The same statistic in another unit; the factor is above 0. A format holds for its own
        unit alone."""
        return replace(
            self,
            format=self.format if factor == 1.0 else None,
            value=self.value * factor,
            low=self.low * factor,
            high=self.high * factor,
            unit=unit,
        )

    def text(self, digits: int = _DIGITS) -> str:
        """The number with its ±, without unit and note; without ± where so many digits suffice
        and the error is below half a unit of the last one. See `formats.format_numbers`.

        >>> cost = Estimate(453.2, 451.1, 455.3, "replicates", "USD/day")
        >>> cost.text(), cost.text(2)
        ('453.2 ± 2.1', '453.2 ± 2.1')
        >>> Estimate(453.2, 453.1, 453.3, "replicates").text(3)
        '453'
        """
        return in_a_row(self, digits=digits)[0]

    def brief(self, digits: int = _BRIEF) -> str:
        """The number as a sentence has it, without unit and note: the digits that its error leaves
        certain, down to two of them, rather than its ±.

        >>> Estimate(226580.0, 226340.0, 226820.0, "replicates").brief()
        '227K'
        >>> Estimate(15.6e3, 13.1e3, 18.2e3, "replicates").brief()
        '16K ± 3K'
        """
        for few in range(digits, 1, -1):
            text = in_a_row(self, digits=few)[0]
            if "±" not in text:
                return text
        alone = None
        if self.format is None:
            alone = format_brief(self.value, self.low, self.high, digits)
        return alone or text

    def __float__(self) -> float:
        return self.value

    def no_operand(self) -> str:
        """What arithmetic with it is answered: a number alone would lose its unit and error."""
        return (
            f"{self} is a statistic, and its error does not add up like that: work on the "
            "quantities, (revenue - cost).sample().mean(), or take float(estimate) for the value "
            "alone"
        )

    def _repr_html_(self) -> str:
        from html import escape

        return f"<code>{escape(str(self))}</code>"

    def __str__(self) -> str:
        return f"{self}"

    def __format__(self, spec: str) -> str:
        """The value, its error and its unit; digits hold for both, a width for the whole.

        >>> cost = Estimate(453.2, 451.1, 455.3, "replicates", "USD/day")
        >>> f"{cost:.2f}", f"{cost:>24}", f"{float(cost):.2f}"
        ('453.20 ± 2.10 USD/day', '     453.2 ± 2.1 USD/day', '453.20')
        """
        place, number, error = _asked(spec)
        if math.isnan(self.value):
            return format(self.note or "unknown", place)
        shown = _as_asked(self, number, error) if number else self.text()
        note = "" if self.note is None else f" ({self.note})"
        return format(with_unit(shown, self.unit) + note, place)


@final
@dataclass(frozen=True, slots=True)
class Interval(NoOperand):
    """The two ends of an interval of a quantity, each with its own error.

    >>> low = Estimate(241.3, 238.2, 244.1, "order statistics", "USD/day")
    >>> high = Estimate(722.1, 715.0, 729.0, "order statistics", "USD/day")
    >>> print(Interval(low, high))
    241.3 ± 3.1 to 722 ± 7 USD/day
    """

    low: Estimate
    high: Estimate

    def _repr_html_(self) -> str:
        from html import escape

        return f"<code>{escape(str(self))}</code>"

    def no_operand(self) -> str:
        """What arithmetic with it is answered."""
        return (
            f"{self} is an interval of a result: work on the quantities, "
            "(revenue - cost).sample().interval(), or take float(interval.low) for the value alone"
        )

    def __iter__(self) -> Iterator[Estimate]:
        return iter((self.low, self.high))

    def __str__(self) -> str:
        return f"{self}"

    def __format__(self, spec: str) -> str:
        """Both ends and their unit; digits hold for both, a width for the whole."""
        place, number, error = _asked(spec)
        for end in self:
            if math.isnan(end.value):
                return format(str(end), place)
        low, high = (_as_asked(end, number, error) for end in self) if number else in_a_row(*self)
        return format(with_unit(f"{low} to {high}", self.low.unit), place)


def in_a_row(
    *quantiles: Estimate,
    beside: Sequence[Estimate] = (),
    digits: int = _DIGITS,
    whole: bool = False,
) -> list[str]:
    """Numbers that are read together, each with its ± or without, as `Estimate.text` has them.

    Quantiles in ascending order have the digits that tell them apart; those beside them, such as
    the mean, have as many. What differs from 0 by rounding alone, beside numbers of both signs,
    is 0. Refused numbers are "nan". Numbers of what is `whole` have no decimals from 1 on.

    >>> in_a_row(*(Estimate.exact(x) for x in (15.99913, 15.9994, 15.99967)), digits=3)
    ['15.99913', '15.9994', '15.99967']
    """
    estimates = [*quantiles, *beside]
    values = [e.value for e in estimates if math.isfinite(e.value)] or [0.0]
    # Differences leave roundings beside numbers of both signs; what is positive throughout, such
    # as a draw over thirty orders of magnitude, has none.
    crosses = min(values) <= 0.0 <= max(values)
    rounding = _ROUNDING * max(map(abs, values)) if crosses else 0.0
    numbers = [
        (0.0, 0.0, 0.0) if e.low == e.high and abs(e.value) < rounding else (e.value, e.low, e.high)
        for e in estimates
    ]
    wanted = next((e.format for e in estimates if e.format is not None), None)
    form = None if wanted is None else parse_format(wanted)
    return format_numbers(numbers, digits, format=form, apart=len(quantiles), whole=whole)


def digits_apart(low: Estimate, high: Estimate) -> int:
    """The digits of brief numbers within an interval: three, or as many as tell its ends apart.

    >>> voltage = Estimate.exact(4.9925), Estimate.exact(5.0065)
    >>> [end.brief(digits_apart(*voltage)) for end in voltage]
    ['4.992', '5.006']
    """
    gap, size = high.value - low.value, max(abs(low.value), abs(high.value))
    if not (math.isfinite(size) and gap > _ROUNDING * size) or low.format or high.format:
        return _BRIEF
    finest = math.floor(math.log10(gap / _APART))
    return max(_BRIEF, math.floor(math.log10(size)) - finest + 1)


def _as_asked(estimate: Estimate, number: str, error: str) -> str:
    """A number and its error by a format specification; the error is rounded up."""
    shown = format(estimate.value, number)
    if not estimate.error > 0.0:
        return shown
    centre = _read(shown, estimate.value)
    wanted = max(estimate.high - centre, centre - estimate.low)
    beside = format(wanted, error)
    missing = wanted - _read(beside, wanted)
    while missing > _HAIR * wanted and _read(beside, wanted) < wanted * (1.0 - _HAIR):
        beside = format(wanted + missing, error)
        missing *= 2.0
    return f"{shown} ± {beside}"


def _read(shown: str, value: float) -> float:
    """A number as it was written; itself where the writing cannot be read."""
    digits = shown.translate({ord(each): None for each in ",_% "})
    try:
        return float(digits) / (100.0 if shown.endswith("%") else 1.0)
    except ValueError:
        return value


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
