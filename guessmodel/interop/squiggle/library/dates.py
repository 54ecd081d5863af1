"""Dates and durations, which a script calculates with before they become numbers."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Final

from guessmodel.interop.squiggle.algebra import number
from guessmodel.interop.squiggle.library.registry import (
    DATE,
    DURATION,
    NUMBER,
    TEXT,
    Kind,
    Runner,
    define,
)
from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.values import Bool, Date, Domain, Duration, Num, Str, Value

__all__ = ["UNITS"]

UNITS: Final = {  # in milliseconds; a year has 365.25 days
    "minutes": 60e3,
    "hours": 3.6e6,
    "days": 86.4e6,
    "years": 365.25 * 86.4e6,
    "year": 365.25 * 86.4e6,
}


def _since_1970(moment: datetime) -> float:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp() * 1000


@define("Date Date.make", TEXT)
def _read(run: Runner, text: Str) -> Value:
    try:
        return Date(_since_1970(datetime.fromisoformat(text.value.strip())))
    except (ValueError, OverflowError):
        raise Refused(f"{text.value[:40]!r} is no date such as 2024-05-31") from None


@define("Date Date.make", NUMBER, NUMBER, NUMBER)
def _calendar(run: Runner, year: Num, month: Num, day: Num) -> Value:
    parts = [year.value, month.value, day.value]
    if not (1 <= parts[0] <= 9998 and 1 <= parts[1] <= 12 and 1 <= parts[2] <= 31):
        raise Refused("there is no such date")
    first = datetime(int(parts[0]), int(parts[1]), 1, tzinfo=UTC)
    return Date(_since_1970(first) + (int(parts[2]) - 1) * UNITS["days"])


@define("Date Date.make", NUMBER)
def _year(run: Runner, year: Num) -> Value:
    if not 100 <= year.value <= 9998:
        raise Refused(f"{year.value:g} is no year")
    begin = math.floor(year.value)
    first = _since_1970(datetime(begin, 1, 1, tzinfo=UTC))
    return Date(first + (year.value - begin) * UNITS["years"])


@define("Date.fromUnixTime", NUMBER)
def _from_seconds(run: Runner, seconds: Num) -> Value:
    return Date(seconds.value * 1000)


@define("Date.toUnixTime", DATE)
def _to_seconds(run: Runner, date: Date) -> Value:
    return number(date.ms / 1000)


@define("Date.rangeDomain", DATE, DATE)
def _domain(run: Runner, low: Date, high: Date) -> Value:
    return Domain(low.ms, high.ms, dates=True)


def _enter_conversions() -> None:
    for name in ("Minutes", "Hours", "Days", "Years"):

        @define(f"from{name} Duration.from{name}", NUMBER)
        def made(run: Runner, amount: Num, name: str = name) -> Value:
            return Duration(amount.value * UNITS[name.lower()])

        @define(f"to{name} Duration.to{name}", DURATION)
        def told(run: Runner, duration: Duration, name: str = name) -> Value:
            return number(duration.ms / UNITS[name.lower()])


def _enter_comparisons(one: Kind) -> None:
    @define("smaller", one, one)
    def smaller(run: Runner, a: Date, b: Date) -> Value:
        return Bool(a.ms < b.ms)

    @define("smallerEq", one, one)
    def smaller_or_equal(run: Runner, a: Date, b: Date) -> Value:
        return Bool(a.ms <= b.ms)

    @define("larger", one, one)
    def larger(run: Runner, a: Date, b: Date) -> Value:
        return Bool(a.ms > b.ms)

    @define("largerEq", one, one)
    def larger_or_equal(run: Runner, a: Date, b: Date) -> Value:
        return Bool(a.ms >= b.ms)


_enter_conversions()
_enter_comparisons(DATE)
_enter_comparisons(DURATION)


@define("subtract", DATE, DATE)
def _between(run: Runner, a: Date, b: Date) -> Value:
    return Duration(a.ms - b.ms)


@define("subtract", DATE, DURATION)
def _before(run: Runner, date: Date, by: Duration) -> Value:
    return Date(date.ms - by.ms)


@define("add", DATE, DURATION)
def _after(run: Runner, date: Date, by: Duration) -> Value:
    return Date(date.ms + by.ms)


@define("add", DURATION, DATE)
def _after_by(run: Runner, by: Duration, date: Date) -> Value:
    return Date(date.ms + by.ms)


@define("add", DURATION, DURATION)
def _sum(run: Runner, a: Duration, b: Duration) -> Value:
    return Duration(a.ms + b.ms)


@define("subtract", DURATION, DURATION)
def _difference(run: Runner, a: Duration, b: Duration) -> Value:
    return Duration(a.ms - b.ms)


@define("multiply", DURATION, NUMBER)
def _times(run: Runner, duration: Duration, by: Num) -> Value:
    return Duration(duration.ms * by.value)


@define("multiply", NUMBER, DURATION)
def _times_by(run: Runner, by: Num, duration: Duration) -> Value:
    return Duration(duration.ms * by.value)


@define("divide", DURATION, DURATION)
def _ratio(run: Runner, a: Duration, b: Duration) -> Value:
    if b.ms == 0:
        raise Refused("a duration cannot be divided by none")
    return number(a.ms / b.ms)


@define("divide", DURATION, NUMBER)
def _part(run: Runner, duration: Duration, by: Num) -> Value:
    if by.value == 0:
        raise Refused("a duration cannot be divided by 0")
    return Duration(duration.ms / by.value)


@define("unaryMinus", DURATION)
def _back(run: Runner, duration: Duration) -> Value:
    return Duration(-duration.ms)
